"""Who a person is, whatever the spelling: one definition, for suppressions, duplicates and merged leads alike.

Each trait of a person has one canonical text, and is kept as a keyed hash of it: whoever steals the table learns no
address by trying them out. Whoever compares people compares these hashes, and nobody makes up a second kind.
"""

import hashlib
import hmac
import re
import unicodedata
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from apps.cam.rules.addresses import address_key
from apps.cam.rules.dialling import CALLING
from apps.cam.rules.domains import is_freemail

_DOTLESS = frozenset({"gmail.com", "googlemail.com"})
"""Their local parts are the same with and without dots, and both names are one."""

_KEEPS_ITS_ZERO = frozenset({"IT"})
_EXTENSION = re.compile(r"\s*(?:x|ext\.?)\s*(\d{1,6})$", re.IGNORECASE)
_PROFILE = re.compile(r"/(in|pub|sales/lead|sales/people)/([^/,?#]+)", re.IGNORECASE)
_TITLES = frozenset("mr mrs ms miss dr prof herr frau mme mlle sr sra dipl ing mba phd".split())  # noqa: SIM905


@dataclass(frozen=True)
class Identity:
    """What a lead is told by, each a keyed hash, empty where nothing is known: the columns of the same names.

    `identity_key` is its address, `profile_key` its page at LinkedIn, `phone_key` its number, `colleague_key` its name
    in its company.
    """

    identity_key: str
    profile_key: str
    phone_key: str
    colleague_key: str


def identity_of(
    *, email: str, full_name: str = "", linkedin_url: str = "", phone: str = "", country: str = "", key: bytes
) -> Identity:
    """Return what a person is told by. `key` is the setting IDENTITY_KEY."""
    traits = {
        "": canonical_address(email),
        "profile:": canonical_profile(linkedin_url),
        "phone:": canonical_phone(phone, country),
        "colleague:": canonical_colleague(full_name, email),
    }
    return Identity(*(keyed_hash(kind + said, key) if said else "" for kind, said in traits.items()))


def keyed_hash(value: str, key: bytes) -> str:
    """Return HMAC-SHA256 of a value in hex."""
    return hmac.digest(key, value.encode(), hashlib.sha256).hex()


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


def canonical_phone(phone: str, country: str = "") -> str:
    """Return a number as E.164 has it, with its extension; nothing for a national number of an unknown country.

    Without a library: a number whose country's code is not listed here tells nobody apart, which loses a suspicion and
    makes up none.
    """
    extension = _EXTENSION.search(phone)
    number = phone[: extension.start()] if extension else phone
    digits = re.sub(r"\D", "", number.replace("(0)", ""))
    if number.strip().startswith("+"):
        whole = digits
    elif digits.startswith("00"):
        whole = digits[2:]
    elif country in CALLING:
        national = digits if country in _KEEPS_ITS_ZERO else digits.removeprefix("0")
        code = CALLING[country]
        is_whole = len(digits) > 10 and digits.startswith(code)  # behind a 0, the same digits are an area's
        whole = digits if is_whole else code + national
    else:
        return ""
    if not 8 <= len(whole) <= 15:
        return ""
    return f"+{whole}" + (f";ext={extension[1]}" if extension else "")


def canonical_colleague(full_name: str, address: str) -> str:
    """Return a name at a company's domain, its words in one order; nothing without a name or at a freemail domain."""
    domain = address_key(address).rpartition("@")[2]
    plain = unicodedata.normalize("NFKD", full_name.casefold())
    words = re.findall(r"[^\W\d_]+", "".join(each for each in plain if not unicodedata.combining(each)))
    names = sorted(word for word in words if word not in _TITLES)
    return f"{' '.join(names)}@{domain}" if len(names) > 1 and not is_freemail(domain) else ""
