"""A row of a table …"""

from datetime import UTC, datetime

import pytest

from apps.onboarding.api import ports
from apps.onboarding.api.ports import InvalidSubmission, WrongColumns
from apps.onboarding.tests.factories import LEAST_ANSWERS

AT = datetime(2026, 3, 5, 10, tzinfo=UTC)
NEEDED = {"name": "Acme", "country": "IE", "currency": "EUR", "time_zone": "Europe/Dublin", "form_version": "2026-02"}


def problems_of(row: dict[str, str]) -> dict[str, str]:
    with pytest.raises(InvalidSubmission) as invalid:
        ports.read_row(row=row)
    return invalid.value.problems


def wrong_columns(*headings: str) -> str:
    with pytest.raises(WrongColumns) as wrong:
        ports.check_columns(headings=headings)
    return str(wrong.value)


def test_is_a_submission_of_its_client() -> None:
    submission = ports.read_row(row=NEEDED | {"E-mail": "a@acme.test", "Goals": "40 bookings", "proof": ""})
    assert (submission.client.name, submission.client.contact_email) == ("Acme", "a@acme.test")
    assert submission.form.form_version == "2026-02"
    assert submission.form.answers == {"goals": "40 bookings"}


def test_becomes_the_brief_that_the_form_would() -> None:
    asked = {"Monthly budget": "EUR 5k", "Banned words": "cheap, best and free", "pain points": "slow\nunclear price"}
    submission = ports.read_row(row=NEEDED | LEAST_ANSWERS | asked)
    brief = ports.preview_brief(submission=submission, at=AT)
    assert brief.banned_words == ("cheap", "best", "free")
    assert brief.pain_points == ("slow", "unclear price")
    assert brief.budget
    assert brief.budget.cadence == "MONTHLY"


def test_tells_what_is_wrong_by_its_own_column_names() -> None:
    row = NEEDED | {"country": "Ireland", "name": "", "E-mail": "nobody", "goal": "x" * 70_000}
    problems = problems_of(row)
    assert set(problems) == {"country", "name", "E-mail", "goal"}
    assert "is no country" in problems["country"]
    assert problems["name"] == "is missing; add it"


def test_names_its_open_questions_by_its_own_column_names() -> None:
    ports.check_row(row=NEEDED | LEAST_ANSWERS, at=AT)
    with pytest.raises(InvalidSubmission) as invalid:
        ports.check_row(row=NEEDED | {"Goals": "tbd", "offer": "tea"}, at=AT)
    assert set(invalid.value.problems) == {"Goals", "target_audience"}


def test_loses_what_cannot_be_stored() -> None:
    submission = ports.read_row(row=NEEDED | {"name": "Ac\x00me", "goal": "40\x07"})
    assert (submission.client.name, submission.form.answers) == ("Acme", {"goal": "40"})


def test_does_not_name_an_address_too_long_for_its_client() -> None:
    assert problems_of(NEEDED | {"contact_email": "a" * 250 + "@acme.test"}) == {"contact_email": "is too long"}


def test_may_have_every_column_of_the_template() -> None:
    names = [column.name for column in ports.list_columns()]
    assert names[:6] == ["name", "country", "currency", "time_zone", "contact_email", "form_version"]
    ports.check_columns(headings=tuple(names))


def test_may_have_no_other_columns_and_each_once() -> None:
    said = wrong_columns(*NEEDED, "Shoe size", "goal", "objective")
    assert said == "These columns are not of the intake form: Shoe size. goal and objective ask the same. Keep one."
    assert wrong_columns("name", "Country", "currency") == "These columns are missing: time_zone, form_version."
