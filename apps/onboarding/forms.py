"""Submissions from files and interfaces, checked as a whole before anything is stored."""

import math
import re
from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from typing import Annotated, Any
from zoneinfo import ZoneInfo, available_timezones

from babel import Locale
from babel.numbers import list_currencies
from pydantic import AfterValidator, BeforeValidator, Field, StringConstraints, ValidationError, field_validator

from apps.identity.api.dtos import ClientDetails
from apps.onboarding import queries
from apps.onboarding.api.dtos import DiscoveryNote, IntakeForm, Submission
from apps.onboarding.rules import MOST_LEVELS, BriefImpossible
from apps.onboarding.rules.columns import column_of, path_of, submission_of
from apps.shared.dtos import Dto

MOST_ANSWERS = 200
MOST_NOTES = 50
MOST_TEXT_BYTES = 64 * 1024
_FIXES = {
    "missing": "is missing; add it",
    "extra_forbidden": "is not a field of the form; remove it",
    "string_type": "must be a text in quotes",
    "dict_type": "must be an object, in curly braces",
    "model_type": "must be an object, in curly braces",
    "model_attributes_type": "must be an object, in curly braces",
    "tuple_type": "must be a list, in square brackets",
    "string_too_short": "must not be empty",
    "string_too_long": "is too long",
    "datetime_from_date_parsing": "is no date and time; write it like 2026-03-04T16:30:00+00:00",
    "datetime_parsing": "is no date and time; write it like 2026-03-04T16:30:00+00:00",
}
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s.]+")


class InvalidSubmission(Exception):
    """A submission does not have the form's shape. `problems` maps the path of every wrong field to what is wrong."""

    def __init__(self, problems: dict[str, str]) -> None:
        lines = "; ".join(f"{path} {problem}" for path, problem in problems.items())
        super().__init__(f"The submission cannot be read: {lines}.")
        self.problems = problems


def parse_submission(data: object) -> tuple[ClientDetails, IntakeForm]:
    """Return the client and the intake form in a submission (`client`, `form_version`, `answers`, `discovery_notes`).

    A call's time without zone is read in the client's time zone. Raises InvalidSubmission, naming every wrong field.
    """
    try:
        submission = _Submission.model_validate(data)
    except ValidationError as error:
        raise InvalidSubmission(_problems(error)) from error
    client = ClientDetails.model_validate(submission.client.model_dump())
    zone = ZoneInfo(client.time_zone)
    notes = tuple(
        DiscoveryNote(call_date=_with_zone(note.call_date, zone), notes=note.notes, clarifications=note.clarifications)
        for note in submission.discovery_notes
    )
    return client, IntakeForm(form_version=submission.form_version, answers=submission.answers, discovery_notes=notes)


def parse_row(row: Mapping[str, str]) -> tuple[ClientDetails, IntakeForm]:
    """Return the client and the intake form in a table's row; the texts are by heading.

    Raises InvalidSubmission, naming every wrong cell by its heading, and every missing one by the name it should have.
    """
    try:
        return parse_submission(submission_of(row))
    except InvalidSubmission as invalid:
        headings = {".".join(path_of(heading)): heading for heading in row}
        problems = {headings.get(path, path): problem for path, problem in invalid.problems.items()}
        raise InvalidSubmission(problems) from invalid


def check_row(row: Mapping[str, str], *, at: datetime) -> None:
    """Raise InvalidSubmission for a row that no brief can be made of, naming every open question by its heading."""
    client, form = parse_row(row)
    try:
        queries.preview_brief(Submission(client=client, form=form), at=at)
    except BriefImpossible as impossible:
        headings = {column_of(heading): heading for heading in row}
        open_cells = (headings.get(question, question) for question in impossible.fields)
        problems = dict.fromkeys(open_cells, "is not answered; no brief can be made without it")
        raise InvalidSubmission(problems) from impossible


def _with_zone(moment: datetime, zone: ZoneInfo) -> datetime:
    return moment if moment.tzinfo else moment.replace(tzinfo=zone)


def _problems(error: ValidationError) -> dict[str, str]:
    problems: dict[str, str] = {}
    for detail in error.errors(include_url=False):
        path = ".".join(str(part) for part in detail["loc"] if part != "[key]") or "submission"
        said = detail["msg"].removeprefix("Value error, ")
        problems.setdefault(path[:120], _FIXES.get(detail["type"], said[:1].lower() + said[1:]))
    return problems


@lru_cache(maxsize=1)
def _countries() -> frozenset[str]:
    # CLDR also lists regions such as EU and codes for tests such as ZZ.
    others = {"EU", "EZ", "QO", "UN", "XA", "XB", "ZZ"}
    return frozenset(code for code in Locale("en").territories if len(code) == 2 and code not in others)


def _country(code: str) -> str:
    if code not in _countries():
        raise ValueError(f"{code[:20]!r} is no country; use two capital letters of ISO 3166-1, such as IE")
    return code


def _currency(code: str) -> str:
    if code not in list_currencies():
        raise ValueError(f"{code[:20]!r} is no currency; use three capital letters of ISO 4217, such as EUR")
    return code


@lru_cache(maxsize=1)
def _time_zones() -> frozenset[str]:
    return frozenset(available_timezones())  # which reads a folder of some hundred files each time


def _time_zone(name: str) -> str:
    if name not in _time_zones():
        raise ValueError(f"{name[:40]!r} is no time zone; use a name such as Europe/Dublin")
    return name


def _email(address: str) -> str:
    if address and not _EMAIL.fullmatch(address):
        raise ValueError(f"{address[:60]!r} is no e-mail address; write it like name@example.com")
    return address


def _storable(value: Any) -> Any:
    _check_levels(value, MOST_LEVELS)
    return value


def _check_levels(value: Any, levels: int) -> None:
    if isinstance(value, str) and len(value.encode(errors="replace")) > MOST_TEXT_BYTES:
        raise ValueError(f"is longer than {MOST_TEXT_BYTES // 1024} kB; shorten it, or send it as a file")
    if isinstance(value, float) and not math.isfinite(value):
        raise ValueError("is no number; give a finite one or a text")
    if isinstance(value, dict | list):
        if not levels:
            raise ValueError(f"is nested more than {MOST_LEVELS} deep; give a text or a list")
        for item in [*value.keys(), *value.values()] if isinstance(value, dict) else value:
            _check_levels(item, levels - 1)


def _written_date(value: Any) -> Any:
    if not isinstance(value, str | datetime):
        raise ValueError("must be a date and time in quotes, like 2026-03-04T16:30:00+00:00")
    return value


def _of_our_time(moment: datetime) -> datetime:
    if not 2000 <= moment.year < 2100:
        raise ValueError(f"is in the year {moment.year}; write it like 2026-03-04T16:30:00+00:00")
    return moment


_Text = Annotated[str, AfterValidator(_storable)]
_Answers = dict[Annotated[str, StringConstraints(max_length=200)], Annotated[Any, AfterValidator(_storable)]]


class _Client(Dto):
    name: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]
    country: Annotated[str, AfterValidator(_country)]
    currency: Annotated[str, AfterValidator(_currency)]
    time_zone: Annotated[str, AfterValidator(_time_zone)]
    contact_email: Annotated[str, StringConstraints(max_length=254), AfterValidator(_email)] = ""


class _Note(Dto):
    call_date: Annotated[datetime, BeforeValidator(_written_date), AfterValidator(_of_our_time)]
    notes: _Text = ""
    clarifications: _Answers = Field(default_factory=dict)


class _Submission(Dto):
    client: _Client
    form_version: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=32)]
    answers: _Answers
    discovery_notes: tuple[_Note, ...] = ()

    @field_validator("answers")
    @classmethod
    def _not_too_many(cls, answers: dict[str, Any]) -> dict[str, Any]:
        if len(answers) > MOST_ANSWERS:
            raise ValueError(f"has {len(answers)} fields; send at most {MOST_ANSWERS}")
        return answers

    @field_validator("discovery_notes")
    @classmethod
    def _not_too_many_notes(cls, notes: tuple[_Note, ...]) -> tuple[_Note, ...]:
        if len(notes) > MOST_NOTES:
            raise ValueError(f"has {len(notes)} calls; send at most {MOST_NOTES}")
        return notes
