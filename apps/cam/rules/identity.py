"""Who a person is, whatever the spelling: one definition, for suppressions, duplicates and merged leads alike."""

import re
from urllib.parse import unquote, urlsplit

from apps.cam.rules.addresses import address_key

_DOTLESS = frozenset({"gmail.com", "googlemail.com"})
"""Their local parts are the same with and without dots, and both names are one."""

_PROFILE = re.compile(r"/(in|pub|sales/lead|sales/people)/([^/,?#]+)", re.IGNORECASE)


def canonical_address(address: str) -> str:
    """Return what all spellings of one person's address share: small letters, without a plus tag, Gmail without dots.

    For comparing alone: mail goes to the address as it was given.
    """
    local, _, domain = address_key(address).rpartition("@")
    local = local.partition("+")[0] or local
    if domain in _DOTLESS:
        return f"{local.replace('.', '')}@gmail.com"
    return f"{local}@{domain}"


def canonical_profile(url: str) -> str:
    """Return which person's page at LinkedIn an address leads to, nothing for a company's page or none."""
    path = urlsplit(url if "//" in url else f"//{url}").path if url else ""
    found = _PROFILE.match(path)
    return f"{found[1].lower()}/{unquote(found[2]).casefold()}" if found else ""
