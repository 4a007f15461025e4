"""Submissions from files and interfaces, checked as a whole before anything is stored; corrections of a brief."""

import math
import re
from collections.abc import Mapping
from dataclasses import asdict, fields
from datetime import datetime
from functools import lru_cache
from typing import Annotated, Any
from zoneinfo import ZoneInfo, available_timezones

from babel import Locale
from babel.numbers import list_currencies
from django import forms
from pydantic import AfterValidator, BeforeValidator, Field, StringConstraints, ValidationError, field_validator
from unfold.widgets import UnfoldAdminIntegerFieldWidget, UnfoldAdminTextareaWidget

from apps.identity.api.dtos import ClientDetails
from apps.onboarding import queries
from apps.onboarding.api.dtos import BriefContent, DiscoveryNote, IntakeForm, Submission
from apps.onboarding.rules import MOST_LEVELS, BriefImpossible
from apps.onboarding.rules.answers import ALIASES, question_of
from apps.onboarding.rules.columns import column_of, path_of, submission_of
from apps.onboarding.rules.revision import RevisionRefused, Wording, revise, wording_of
from apps.onboarding.rules.timeline import MOST_WEEKS
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


def parse_answers(answers: Mapping[str, Any]) -> dict[str, Any]:
    """Return answers by the question of the form that each belongs to; the other names of a question do as well.

    What no question asks is refused here, though a file may bring it: nobody looks over what comes by an interface, and
    an answer under a mistyped name would be lost unseen. Raises InvalidSubmission, naming every wrong answer.
    """
    found: dict[str, Any] = {}
    problems: dict[str, str] = {}
    for name, value in answers.items():
        question = question_of(name)
        if question is None:
            problems[name] = f"There is no such question. Ask: {', '.join(ALIASES)}."
        elif question in found:
            problems[name] = f"Another name of {question}, which is answered already; send one of them."
        else:
            found[question] = value
            if problem := _answer_problem(value):
                problems[name] = problem
    if problems:
        raise InvalidSubmission(problems)
    return found


def _answer_problem(value: Any) -> str:
    try:
        _check_levels(value, MOST_LEVELS)
    except ValueError as error:
        return f"It {error}."
    return ""


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


class LinesField(forms.CharField):
    """A list, one item a line; cleaned, a tuple of the lines that say something."""

    def __init__(self, **options: Any) -> None:
        widget = UnfoldAdminTextareaWidget(attrs={"rows": 5})
        super().__init__(required=False, max_length=20_000, widget=widget, **options)

    def clean(self, value: Any) -> tuple[str, ...]:
        """Return the lines without what surrounds them."""
        return tuple(line for each in super().clean(value).splitlines() if (line := each.strip()))

    def prepare_value(self, value: Any) -> str:
        """Return the text of the box: what was typed, or the items of a list."""
        return value if isinstance(value, str) else "\n".join(value or ())


def _weeks_field(label: str) -> forms.IntegerField:
    return forms.IntegerField(
        label=label,
        widget=UnfoldAdminIntegerFieldWidget(attrs={"min": 1, "max": MOST_WEEKS}),
        error_messages={"required": "A brief cannot be without it. Give a number of weeks."},
    )


class BriefForm(forms.Form):
    """Asks for what people correct in a brief, and why; the rules say what the words mean and what is wrong."""

    use_required_attribute = False  # what is missing is said beside the field, in our words

    objectives = LinesField(help_text="Needed. One a line, the main one first; with a number and a date if possible.")
    audiences = LinesField(help_text="Needed. One group a line, the primary one first.")
    deliverables = LinesField(help_text="One file format a line, such as PDF.")
    exclusions = LinesField(help_text="One a line: what is not part of the work.")
    timeline_weeks_min = _weeks_field("Weeks at least")
    timeline_weeks_max = _weeks_field("Weeks at most")
    budget = forms.CharField(
        required=False,
        max_length=2000,
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 2}),
        help_text="In words, such as “5,000 EUR a month, 12 months, ads included”. Empty: no budget is known.",
    )
    tone = LinesField(help_text="One trait a line.")
    banned_words = LinesField(help_text="One word or term a line.")
    forbidden_claims = LinesField(help_text="One claim a line.")
    disclaimers = LinesField(help_text="One sentence or paragraph a line, as it must be printed.")
    reason = forms.CharField(
        max_length=2000,
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 3}),
        help_text="Why the brief changes. The audit keeps it with your name.",
        error_messages={"required": "Say why the brief changes."},
    )

    def __init__(self, content: BriefContent, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, initial=asdict(wording_of(content)), **options)
        self.content = content

    def clean(self) -> dict[str, Any]:
        """Ask the rules as well, so that all that is wrong is said at once."""
        cleaned = super().clean()
        if all(field.name in cleaned for field in fields(Wording)):
            try:
                revise(self.content, self.wording)
            except RevisionRefused as refusal:
                self.refuse(refusal)
        return cleaned

    def refuse(self, refusal: RevisionRefused) -> None:
        """Say beside each field what is wrong with it."""
        for field, problem in refusal.problems.items():
            self.add_error(field or None, problem)

    @property
    def wording(self) -> Wording:
        """The brief as the person wants it, once each of its fields is valid."""
        return Wording(**{field.name: self.cleaned_data[field.name] for field in fields(Wording)})
