"""A submission from a file …"""

from datetime import timedelta
from typing import Any

import pytest

from apps.onboarding.forms import MOST_ANSWERS, MOST_TEXT_BYTES, InvalidSubmission, parse_submission
from apps.onboarding.tests.factories import DENTAL_ANSWERS

CLIENT = {
    "name": "Bright Harbour Dental",
    "country": "IE",
    "currency": "EUR",
    "time_zone": "Europe/Dublin",
    "contact_email": "reception@brightharbour.test",
}
NOTE = {"call_date": "2026-03-04T16:30:00+00:00", "notes": "No TikTok.", "clarifications": {"budget": "€5k"}}


def _submission(**changes: Any) -> dict[str, Any]:
    return {"client": CLIENT, "form_version": "1", "answers": DENTAL_ANSWERS, "discovery_notes": [NOTE]} | changes


def _deep(levels: int) -> Any:
    return "bottom" if not levels else [_deep(levels - 1)]


def test_gives_the_client_and_the_form() -> None:
    client, form = parse_submission(_submission())
    assert client.model_dump() == CLIENT
    assert form.answers == DENTAL_ANSWERS
    assert form.discovery_notes[0].clarifications == {"budget": "€5k"}


def test_may_leave_out_calls_and_the_e_mail_address() -> None:
    bare = {name: value for name, value in CLIENT.items() if name != "contact_email"}
    client, form = parse_submission({"client": bare, "form_version": "1", "answers": {}})
    assert (client.contact_email, form.discovery_notes) == ("", ())


def test_has_calls_without_a_zone_in_the_clients() -> None:
    note = NOTE | {"call_date": "2026-07-04T16:30:00"}
    _, form = parse_submission(_submission(discovery_notes=[note]))
    assert form.discovery_notes[0].call_date.utcoffset() == timedelta(hours=1)


@pytest.mark.parametrize(
    ("changes", "path", "fix"),
    [
        ({"client": CLIENT | {"country": "Ireland"}}, "client.country", "ISO 3166"),
        ({"client": CLIENT | {"country": "ZZ"}}, "client.country", "ISO 3166"),
        ({"client": CLIENT | {"currency": "EURO"}}, "client.currency", "ISO 4217"),
        ({"client": CLIENT | {"time_zone": "Mars/Olympus"}}, "client.time_zone", "Europe/Dublin"),
        ({"client": CLIENT | {"time_zone": "../etc/passwd"}}, "client.time_zone", "Europe/Dublin"),
        ({"client": CLIENT | {"contact_email": "nobody"}}, "client.contact_email", "name@example.com"),
        ({"client": CLIENT | {"name": " "}}, "client.name", "must not be empty"),
        ({"client": CLIENT | {"vat": "1"}}, "client.vat", "remove it"),
        ({"client": "Bright"}, "client", "must be an object"),
        ({"surprise": 1}, "surprise", "remove it"),
        ({"form_version": 2}, "form_version", "must be a text"),
        ({"answers": ["x"]}, "answers", "must be an object"),
        ({"answers": {f"q{n}": "a" for n in range(MOST_ANSWERS + 1)}}, "answers", "at most 200"),
        ({"answers": {"tone": "x" * (MOST_TEXT_BYTES + 1)}}, "answers.tone", "64 kB"),
        ({"answers": {"tone": ["é" * (MOST_TEXT_BYTES // 2 + 1)]}}, "answers.tone", "64 kB"),
        ({"answers": {"tone": float("nan")}}, "answers.tone", "finite"),
        ({"answers": {"tone": _deep(12)}}, "answers.tone", "nested"),
        ({"discovery_notes": [NOTE, NOTE | {"call_date": "soon"}]}, "discovery_notes.1.call_date", "2026-03-04T"),
        ({"discovery_notes": [NOTE | {"call_date": 5}]}, "discovery_notes.0.call_date", "2026-03-04T"),
        (
            {"discovery_notes": [NOTE | {"call_date": "0001-01-01T00:00:00+14:00"}]},
            "discovery_notes.0.call_date",
            "year 1",
        ),
        ({"discovery_notes": [NOTE | {"notes": None}]}, "discovery_notes.0.notes", "must be a text"),
        ({"discovery_notes": [NOTE] * 51}, "discovery_notes", "at most 50"),
        ({"discovery_notes": {}}, "discovery_notes", "must be a list"),
    ],
)
def test_is_refused_with_the_path_of_the_field_and_the_fix(changes: dict[str, Any], path: str, fix: str) -> None:
    with pytest.raises(InvalidSubmission) as refusal:
        parse_submission(_submission(**changes))
    assert list(refusal.value.problems) == [path]
    assert fix in refusal.value.problems[path]
    assert path in str(refusal.value)


def test_is_refused_naming_every_wrong_field_at_once() -> None:
    with pytest.raises(InvalidSubmission) as refusal:
        parse_submission({"client": CLIENT | {"country": "X", "currency": "?"}, "answers": {"a": float("inf")}})
    assert set(refusal.value.problems) == {"client.country", "client.currency", "form_version", "answers.a"}


@pytest.mark.parametrize("data", [None, [], "text", 5])
def test_is_refused_when_it_is_no_object(data: Any) -> None:
    with pytest.raises(InvalidSubmission, match="must be an object"):
        parse_submission(data)
