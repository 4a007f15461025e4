"""Capturing an intake …"""

from datetime import UTC, datetime
from uuid import uuid4

import pytest
from django.core.exceptions import ObjectDoesNotExist
from django.dispatch import receiver

from apps.identity.models import Client, User
from apps.onboarding.api import ports
from apps.onboarding.api.dtos import DiscoveryNote, IntakeForm
from apps.onboarding.api.events import IntakeCaptured
from apps.onboarding.models import Intake
from apps.shared.events import event_published

AT = datetime(2026, 3, 5, 10, tzinfo=UTC)
FORM = IntakeForm(
    form_version="2026-02",
    answers={"objective": "40 bookings\x00", "goals\ud800": ["a", {"b": float("nan")}]},
    discovery_notes=(
        DiscoveryNote(
            call_date=datetime(2026, 3, 4, tzinfo=UTC), notes="Second\x00 call", clarifications={"tone": "dry"}
        ),
        DiscoveryNote(call_date=datetime(2026, 3, 3), notes="First call"),  # noqa: DTZ001
    ),
)


def test_keeps_the_answers_and_the_calls_in_their_order(acme: Client) -> None:
    captured = ports.capture_intake(client_id=acme.pk, form=FORM, source="IMPORT", at=AT)
    assert captured.answers == {"objective": "40 bookings", "goals": ["a", {"b": None}]}
    assert [note.notes for note in captured.discovery_notes] == ["First call", "Second call"]
    assert (captured.client_name, captured.currency, captured.submitted_at) == ("Acme", "EUR", AT)
    assert ports.get_intake(intake_id=captured.id) == captured


def test_twice_with_one_key_gives_the_first_intake(acme: Client) -> None:
    first = ports.capture_intake(client_id=acme.pk, form=FORM, source="PORTAL", at=AT, key="k1")
    assert ports.capture_intake(client_id=acme.pk, form=FORM, source="PORTAL", at=AT, key="k1") == first
    assert ports.find_intake(key="k1") == first
    assert Intake.objects.get().discovery_notes.count() == 2


def test_without_a_key_makes_a_new_intake_each_time(acme: Client) -> None:
    for _ in range(2):
        ports.capture_intake(client_id=acme.pk, form=FORM, source="STAFF", at=AT)
    assert Intake.objects.count() == 2
    assert ports.find_intake(key="k1") is None


def test_refuses_the_key_of_another_client(acme: Client, globex: Client) -> None:
    ports.capture_intake(client_id=acme.pk, form=FORM, source="PORTAL", at=AT, key="k1")
    with pytest.raises(ports.SubmissionKeyTaken, match="k1"):
        ports.capture_intake(client_id=globex.pk, form=FORM, source="PORTAL", at=AT, key="k1")


def test_refuses_a_key_that_stands_for_other_answers(acme: Client) -> None:
    ports.capture_intake(client_id=acme.pk, form=FORM, source="PORTAL", at=AT, key="k1")
    other = FORM.model_copy(update={"answers": {"objective": "something else"}})
    with pytest.raises(ports.SubmissionKeyTaken, match="k1"):
        ports.capture_intake(client_id=acme.pk, form=other, source="PORTAL", at=AT, key="k1")


def test_tells_of_it_once_and_of_who_did_it(acme: Client, strategist: User) -> None:
    told = []
    with_note = receiver(event_published, sender=IntakeCaptured)(lambda event, note, **_: told.append((event, note)))
    for _ in range(2):
        captured = ports.capture_intake(client_id=acme.pk, form=FORM, source="STAFF", at=AT, key="k", by=strategist.pk)
    event_published.disconnect(with_note, sender=IntakeCaptured)
    ((event, note),) = told
    assert (event.aggregate_id, event.client_id, event.form_version) == (captured.id, acme.pk, "2026-02")
    assert note.actor_id == strategist.pk


@pytest.mark.django_db
def test_fails_for_an_unknown_client_or_source() -> None:
    with pytest.raises(ObjectDoesNotExist):
        ports.capture_intake(client_id=uuid4(), form=FORM, source="STAFF", at=AT)


def test_fails_for_an_unknown_source(acme: Client) -> None:
    with pytest.raises(ValueError, match="FAX"):
        ports.capture_intake(client_id=acme.pk, form=FORM, source="FAX", at=AT)
