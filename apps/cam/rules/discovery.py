"""What is looked for, where, and how what is found there becomes profiles: plain shapes, each judged where it is made.

A profile says what its source says. Nothing is guessed, an address least of all.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from math import isfinite
from typing import Annotated, Any, Literal
from urllib.parse import quote, urlsplit

from pydantic import Field, StringConstraints, ValidationError, field_validator, model_validator

from apps.shared.dtos import CountryCode, Dto

PROFILE_FIELDS = ("external_id", "full_name", "company", "title", "email", "phone", "linkedin_url", "country", "url")
MOST_CHARACTERS = {"external_id": 200, "email": 254, "phone": 40, "linkedin_url": 500, "country": 80, "url": 500}
MOST_OF_A_JOB = 2_000
DEEPEST, WIDEST, LONGEST = 6, 100, 4_000
"""Of what is kept of an item beside its fields: levels, entries of one, characters of a text."""

_MARK = re.compile(r"\{(\w*)\}")
_MARKS = frozenset({"query", "title", "country", "page", "cursor", "page_size"})
_FILE = re.compile(r"[\w-][\w.-]{0,80}\.(csv|json)")

ShortText = Annotated[str, StringConstraints(strip_whitespace=True, max_length=200)]
Path = Annotated[str, StringConstraints(pattern=r"^[\w-]+(\.[\w-]+)*$", max_length=200)]
"""The way to a value inside JSON: names, and places in lists, with dots between them."""


class Criteria(Dto):
    """Whom to look for: words that all have to be there, and at most so many people."""

    query: ShortText = ""
    title: ShortText = ""
    country: CountryCode | None = None
    most: int = Field(default=200, ge=1, le=MOST_OF_A_JOB)

    @model_validator(mode="after")
    def looks_for_something(self) -> "Criteria":
        """Refuse to look for everybody."""
        if not (self.query or self.title or self.country):
            raise ValueError("say whom to look for: words, a title or a country")
        return self


class OfflineConfig(Dto):
    """A file of companies or people in the discovery folder."""

    file: str

    @field_validator("file")
    @classmethod
    def is_a_name(cls, value: str) -> str:
        """Refuse ways out of the folder."""
        if not _FILE.fullmatch(value):
            raise ValueError("give the name of a .csv or .json file in the discovery folder, without a path")
        return value


class JsonConfig(Dto):
    """An HTTP address that answers in JSON.

    `url` has the marks {query}, {title}, {country}, {page}, {cursor} and {page_size}. A header's value may be {secret}:
    the one of this name in AICMO_DISCOVERY_SECRETS, which is sent to the host named there alone. `fields` maps fields
    of a profile to their way inside an item of the list at `list_path`.
    """

    url: Annotated[str, StringConstraints(max_length=1_500)]
    headers: dict[Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9-]{1,60}$")], str] = Field(default_factory=dict)
    secret: Annotated[str, StringConstraints(pattern=r"^[a-z0-9_-]{0,40}$")] = ""
    list_path: Path | Literal[""] = ""
    fields: dict[str, Path]
    paging: Literal["NONE", "PAGE", "CURSOR"] = "NONE"
    first_page: int = Field(default=1, ge=0, le=1)
    page_size: int = Field(default=50, ge=1, le=200)
    cursor_path: Path | Literal[""] = ""

    @field_validator("url")
    @classmethod
    def has_known_marks(cls, value: str) -> str:
        """Refuse marks that nothing fills in, and those that would choose another host."""
        if wrong := set(_MARK.findall(value)) - _MARKS:
            raise ValueError(f"{{{min(wrong)}}} is no mark; there are {', '.join(sorted(_MARKS))}")
        parts = urlsplit(value)
        if "{" in f"{parts.scheme}{parts.netloc}" or not parts.netloc:
            raise ValueError("begins with https:// and a host without marks")
        return value

    @field_validator("headers")
    @classmethod
    def has_one_line_each(cls, value: dict[str, str]) -> dict[str, str]:
        """Refuse what would end a header."""
        if any(not text.isascii() or not text.isprintable() or len(text) > 500 for text in value.values()):
            raise ValueError("a header's value is one line of printable ASCII")
        return value

    @model_validator(mode="after")
    def fits_together(self) -> "JsonConfig":
        """Refuse a mapping without a key, and paging that cannot turn a page."""
        if wrong := sorted(set(self.fields) - set(PROFILE_FIELDS)):
            raise ValueError(f"fields: {wrong[0]} is no field of a profile; there are {', '.join(PROFILE_FIELDS)}")
        if "external_id" not in self.fields:
            raise ValueError("fields: say where the external_id is; by it a profile is known")
        if self.paging == "PAGE" and "{page}" not in self.url:
            raise ValueError("url: put {page} where the number of the page goes")
        if self.paging == "CURSOR" and ("{cursor}" not in self.url or not self.cursor_path):
            raise ValueError("url, cursor_path: put {cursor} into the address, and say where the next one is")
        if any("{secret}" in value for value in self.headers.values()) != bool(self.secret):
            raise ValueError("secret: name one where a header has {secret}, and only there")
        return self


@dataclass(frozen=True)
class Found:
    """A person or a company as a source has it; what is not known is empty."""

    external_id: str
    full_name: str = ""
    company: str = ""
    title: str = ""
    email: str = ""
    phone: str = ""
    linkedin_url: str = ""
    country: str = ""
    url: str = ""
    raw: Mapping[str, Any] = field(default_factory=dict)
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True)
class Page:
    """Some of what a source has, and where it goes on; an empty `cursor` is the end."""

    profiles: tuple[Found, ...]
    cursor: str = ""


def problems_of(error: ValidationError) -> str:
    """Return what is wrong with a shape, in one line."""
    told = []
    for each in error.errors():
        name = ".".join(map(str, each["loc"]))
        told.append(f"{name}: {each['msg']}" if name else each["msg"])
    return "; ".join(told).replace("Value error, ", "")


def filled(url: str, marks: Mapping[str, str]) -> str:
    """Return an address with its marks filled in, each as one part of it."""
    return _MARK.sub(lambda mark: quote(marks.get(mark[1], ""), safe=""), url)


def dig(value: Any, path: str) -> Any:
    """Return what lies at a path inside JSON, None where nothing does."""
    for name in path.split(".") if path else ():
        if isinstance(value, dict):
            value = value.get(name)
        elif isinstance(value, list) and name.isdigit() and int(name) < len(value):
            value = value[int(name)]
        else:
            return None
    return value


def read_item(item: Any, fields: Mapping[str, str], criteria: Criteria) -> Found | None:
    """Return an item of a source's list as a profile, None where it has no key; only texts and numbers count."""
    said = {name: _text(dig(item, path))[: MOST_CHARACTERS.get(name, 200)] for name, path in fields.items()}
    if not said.get("external_id"):
        return None
    rest = item if isinstance(item, dict) else {"value": item}
    return Found(**said, raw=_storable(rest), reasons=why(said, rest, criteria))


def why(said: Mapping[str, str], rest: Mapping[str, Any], criteria: Criteria) -> tuple[str, ...]:
    """Return which of the words that were looked for stand where."""
    found = []
    places = {**{name: _text(value) for name, value in rest.items()}, **said}
    for word in criteria.query.split():
        found += [f"{name} has “{word}”" for name, text in places.items() if word.casefold() in text.casefold()][:2]
    if criteria.title and criteria.title.casefold() in said.get("title", "").casefold():
        found.append(f"title has “{criteria.title}”")
    if criteria.country and said.get("country", "").upper() == criteria.country:
        found.append(f"country is {criteria.country}")
    return tuple(dict.fromkeys(found))[:10]


def matches(said: Mapping[str, str], rest: Mapping[str, Any], criteria: Criteria) -> bool:
    """Tell whether all that is looked for is there."""
    text = " ".join([*said.values(), *map(_text, rest.values())]).casefold()
    return (
        all(word.casefold() in text for word in criteria.query.split())
        and criteria.title.casefold() in said.get("title", "").casefold()
        and criteria.country in (None, said.get("country", "").upper())
    )


def _storable(value: Any, depth: int = 0) -> Any:
    """Return JSON as PostgreSQL can keep it, without what nobody would read: the deep, the long and the endless."""
    match value:
        case dict() if depth < DEEPEST:
            return {_clean(str(name))[:100]: _storable(each, depth + 1) for name, each in list(value.items())[:WIDEST]}
        case list() if depth < DEEPEST:
            return [_storable(each, depth + 1) for each in value[:WIDEST]]
        case str():
            return _clean(value)[:LONGEST]
        case bool() | int() | None:
            return value
        case float() if isfinite(value):
            return value
    return None


def _clean(text: str) -> str:
    return text.replace("\0", "").encode("utf-8", "replace").decode()


def _text(value: Any) -> str:
    if isinstance(value, bool) or not isinstance(value, (str, int, float)):
        return ""
    return " ".join(_clean(str(value)).split())
