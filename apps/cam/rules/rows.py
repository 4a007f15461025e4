"""A row of a table as a lead, or what is wrong with it."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import lru_cache

from babel import Locale

from apps.cam.rules.addresses import AddressRefused, address_key, normalise_address
from apps.cam.rules.columns import FIELDS
from apps.cam.rules.firmographics import read_firmographics

MOST_CHARACTERS = {"full_name": 200, "company": 200, "title": 200, "phone": 40, "linkedin_url": 500}
MOST_RAW_CHARACTERS = 4_000
"""Of one cell that no field has a place for."""

_PHONE = re.compile(r"\+?[\d\s()./-]{5,38}(\s*(x|ext\.?)\s*\d{1,6})?", re.IGNORECASE)
_COUNTRY_ALIASES = {"uk": "GB", "great britain": "GB", "england": "GB", "scotland": "GB", "usa": "US", "uae": "AE"}
_FEWEST_DIGITS = 5
_MOST_IN_PLACE = 100


@dataclass(frozen=True)
class LeadRow:
    """What a row says of a lead; `email_key` is what it is known by."""

    email: str
    email_key: str
    full_name: str = ""
    company: str = ""
    title: str = ""
    phone: str = ""
    linkedin_url: str = ""
    country: str = ""
    industry: str = ""
    employees: int | None = None
    employees_most: int | None = None
    revenue: Decimal | None = None
    revenue_currency: str = ""
    city: str = ""
    region: str = ""
    website: str = ""
    seniority: str = ""
    signals: list[str] = field(default_factory=list)
    raw: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Judged:
    """A row that is a lead, or the problems it has by field; `remarks` are on what of a lead was kept as it came."""

    lead: LeadRow | None
    problems: dict[str, str]
    remarks: dict[str, str] = field(default_factory=dict)


def judge_row(headings: Sequence[str], cells: Sequence[str], mapping: Mapping[str, int]) -> Judged:
    """Return the lead in a row, or what is wrong with each field and how to mend it. Never raises."""
    if len(cells) > len(headings):
        return Judged(
            None,
            {
                "row": f"has {len(cells)} cells, and the table {len(headings)} columns; put quotes around"
                " a cell with the separator in it"
            },
        )
    said = {name: cells[place] if place < len(cells) else "" for name, place in mapping.items()}
    taken = set(mapping.values())
    rest = {headings[place]: cell for place, cell in enumerate(cells) if cell.strip() and place not in taken}
    return judge_lead(said, rest, {name: headings[place] for name, place in mapping.items()})


def judge_lead(said: Mapping[str, str], rest: Mapping[str, str], headings: Mapping[str, str] | None = None) -> Judged:
    """Return the lead that these texts by field are, with all that no field has a place for.

    What is said of the company and is not plain refuses nobody: it is kept with the rest, under its column's name of
    `headings`, and remarked on.
    """
    problems: dict[str, str] = {}
    email = ""
    try:
        email = normalise_address(said.get("email", ""))
    except AddressRefused as refusal:
        problems["email"] = str(refusal)
    texts = {name: _clean(said.get(name, "")) for name in MOST_CHARACTERS}
    texts["full_name"] = texts["full_name"] or _clean(f"{said.get('first_name', '')} {said.get('last_name', '')}")
    problems |= {
        name: f"has more than {most} characters; shorten it"
        for name, most in MOST_CHARACTERS.items()
        if len(texts[name]) > most
    }
    problems |= _check_phone(texts["phone"]) | _check_link(texts["linkedin_url"])
    country = country_code(said.get("country", ""))
    if country is None:
        problems["country"] = "is no country; write two capital letters such as IE, or its English name"
    if any(len(text) > MOST_RAW_CHARACTERS for text in rest.values()):
        problems["row"] = f"has a cell of more than {MOST_RAW_CHARACTERS} characters; shorten it"
    if problems:
        return Judged(None, problems)
    raw = {_storable(name): _storable(text) for name, text in rest.items()}
    place, unplaced = _places(said, country or "")
    about = read_firmographics({name: _clean(text) for name, text in said.items()} | place, headings or {})
    remarks = about.remarks | unplaced
    raw |= {(headings or FIELDS)[name]: _clean(said[name])[:MOST_RAW_CHARACTERS] for name in remarks if said.get(name)}
    columns = {**texts, **about.columns, "country": country or place.get("country", ""), "raw": raw}
    return Judged(LeadRow(email=email, email_key=address_key(email), **columns), {}, remarks)


def _places(said: Mapping[str, str], country: str) -> tuple[dict[str, str], dict[str, str]]:
    """Return city, region and country of a `Dublin, County Dublin, Ireland`, as far as no column says them itself.

    One whose last part is no country, or not the one that is said, tells nothing for sure, and is remarked on.
    """
    location = _clean(said.get("location", ""))
    if not location:
        return {}, {}
    parts = [part.strip() for part in location.split(",")]
    code = country_code(parts[-1])
    if not code or len(parts) > 3 or (country and code != country) or max(map(len, parts)) > _MOST_IN_PLACE:
        return {}, {"location": "is no city, region and country; kept as it came"}
    names = dict(zip(("city", "region") if len(parts) == 3 else ("city",), parts[:-1], strict=False))
    found = {"country": code, **names}
    return {name: text for name, text in found.items() if not _clean(said.get(name, ""))}, {}


def country_code(text: str) -> str | None:
    """Return the ISO 3166 code of a country by code or English name, nothing for nothing, None where it is none."""
    name = _clean(text)
    if not name:
        return ""
    if name.upper() in _countries().values():
        return name.upper()
    return _COUNTRY_ALIASES.get(name.casefold()) or _countries().get(name.casefold())


@lru_cache(maxsize=1)
def _countries() -> dict[str, str]:
    territories = Locale("en").territories
    return {
        name.casefold(): code
        for code, name in territories.items()
        if re.fullmatch("[A-Z]{2}", code) and code not in ("EU", "UN", "EZ", "XA", "XB", "QO", "ZZ")
    }


def _check_phone(phone: str) -> dict[str, str]:
    is_number = not phone or (_PHONE.fullmatch(phone) and sum(map(str.isdigit, phone)) >= _FEWEST_DIGITS)
    return {} if is_number else {"phone": "is no telephone number; write it like +353 1 234 5678, or leave it out"}


def _check_link(url: str) -> dict[str, str]:
    """A link is drawn as one at the desk: what is no web address must not become one."""
    is_link = not url or re.fullmatch(r"(https?://)?([\w-]+\.)*linkedin\.com/\S*", url, re.IGNORECASE)
    return {} if is_link else {"linkedin_url": "is no address at linkedin.com; correct it, or leave it out"}


def _clean(text: str) -> str:
    return " ".join(unicodedata.normalize("NFC", _storable(text)).split())


def _storable(text: str) -> str:
    return text.replace("\0", "").encode("utf-8", "replace").decode()
