"""E-mail addresses: one, whole, and told apart whatever their spelling."""

import re
import unicodedata

MOST_CHARACTERS = 254  # RFC 5321, 4.5.3.1.3: a path of 256 with its brackets
MOST_LOCAL_CHARACTERS = 64

_LOCAL = re.compile(r"[\w!#$%&'*+/=?^`{|}~-]+(\.[\w!#$%&'*+/=?^`{|}~-]+)*")
_LABEL = re.compile(r"[^\W_]([\w-]{0,61}[^\W_])?")
_SEPARATORS = re.compile(r"[,;\s]")


class AddressRefused(ValueError):
    """A text is not one e-mail address; the message says what to do."""


def normalise_address(text: str) -> str:
    """Return an address in Unicode's composed form, its domain case-folded. Raises AddressRefused.

    Line breaks and other controls are refused rather than dropped: somebody may have put a header behind them. The
    local part stays as written, because its letter case is the receiver's business.
    """
    address = unicodedata.normalize("NFC", text.strip(" \t\u00a0"))
    if not address:
        raise AddressRefused("is missing; write the address")
    if any(unicodedata.category(character)[0] == "C" or character in "\u2028\u2029" for character in address):
        raise AddressRefused("has a line break or an invisible character in it; write the address alone")
    if address.count("@") > 1:
        raise AddressRefused("holds more than one address; keep one")
    if "<" in address or _SEPARATORS.search(address):
        raise AddressRefused("holds more than an address; write it alone, such as mia@example.org")
    if len(address) > MOST_CHARACTERS:
        raise AddressRefused(f"has more than {MOST_CHARACTERS} characters; no address is that long")
    local, _, domain = address.partition("@")
    if not _is_local(local) or not _is_domain(domain):
        raise AddressRefused("is no e-mail address; write it like mia@example.org")
    return f"{local}@{domain.casefold()}"


def is_address(text: str) -> bool:
    """Tell whether a text is one e-mail address."""
    try:
        normalise_address(text)
    except AddressRefused:
        return False
    return True


def address_key(address: str) -> str:
    """Return what two spellings of one address share: leads are told apart by it within a campaign."""
    return unicodedata.normalize("NFC", address.lower())


def _is_local(local: str) -> bool:
    return len(local) <= MOST_LOCAL_CHARACTERS and _LOCAL.fullmatch(local) is not None


def _is_domain(domain: str) -> bool:
    labels = domain.split(".")
    return len(labels) > 1 and not labels[-1].isdigit() and all(map(_LABEL.fullmatch, labels))
