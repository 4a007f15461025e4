"""Noting what an event tells of a client …"""

import pytest
from django.db import DatabaseError
from uuid_utils.compat import uuid7

from apps.identity.models import Client
from apps.retention.api import ports
from apps.retention.api.dtos import Signal as Noted
from apps.retention.models import Lifecycle, Signal
from apps.retention.tests.conftest import named
from apps.retention.tests.factories import AT, noted


def test_happens_once_for_each_event(acme: Client, published: list) -> None:
    signal = Noted(kind="QC_FAILED", about_id=uuid7(), source_event_id=uuid7(), at=AT)
    for _ in range(2):
        ports.note_signal(client_id=acme.pk, signal=signal)
    assert Signal.objects.get().kind == "QC_FAILED"
    assert [event.kind for event in named(published, "SignalNoted")] == ["QC_FAILED"]


@pytest.mark.parametrize("kind", ["update", "delete"])
def test_is_never_changed_afterwards(acme: Client, kind: str) -> None:
    noted(acme, "QC_FAILED")
    with pytest.raises(DatabaseError, match="append_only"):
        Signal.objects.update(kind="QC_PASSED") if kind == "update" else Signal.objects.all().delete()


def test_ends_the_onboarding_with_the_first_delivery(acme: Client, published: list) -> None:
    assert ports.open_lifecycle(client_id=acme.pk).stage == "ONBOARDING"
    for _ in range(2):
        noted(acme, "DELIVERED")
    assert ports.get_lifecycle(client_id=acme.pk).stage == "ACTIVE"
    (moved,) = named(published, "LifecycleAdvanced")
    assert (moved.from_stage, moved.to_stage) == ("ONBOARDING", "ACTIVE")
    assert len(named(published, "LifecycleOpened")) == Lifecycle.objects.count() == 1


def test_tells_when_the_client_did_something_last(acme: Client) -> None:
    ports.open_lifecycle(client_id=acme.pk)
    assert ports.get_lifecycle(client_id=acme.pk).last_engagement_at is None
    noted(acme, "INVOICE_OVERDUE")
    engaged = noted(acme, "COMMENTED", days_ago=3)
    noted(acme, "REVIEW_DECIDED", days_ago=4)
    assert ports.get_lifecycle(client_id=acme.pk).last_engagement_at == engaged.at
