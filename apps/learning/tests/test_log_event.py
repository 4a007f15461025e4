"""Logging an observation …"""

from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from django.db import IntegrityError, ProgrammingError, transaction
from django.db.models import QuerySet
from uuid_utils.compat import uuid7

from apps.identity.models import Client
from apps.learning.api import ports
from apps.learning.api.dtos import LearningEvent, Observation
from apps.learning.models import LearningEvent as Row
from apps.learning.tests.conftest import at_once
from apps.learning.tests.factories import LearningEventFactory
from apps.observability.api import ports as observability
from apps.shared.events import Event

AT = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
PASSED = Observation(kind="QcPassed", context={"score": 96, "pack": "quick"}, outcome="GOOD")


def log(client: Client | None, observation: Observation = PASSED, **changes: object) -> LearningEvent:
    wish = {"source_event_id": uuid7(), "observed_at": AT} | changes
    return ports.log_event(observation=observation, client_id=client and client.pk, **wish)  # type: ignore[arg-type]


def test_keeps_it_as_it_was_told(acme: Client) -> None:
    logged = log(acme)
    assert logged == LearningEvent(**dict(PASSED), id=logged.id, client_id=acme.pk, observed_at=AT)
    row = Row.objects.get()
    assert (row.pk, row.kind, row.context, row.outcome, row.client) == (
        logged.id,
        "QcPassed",
        {"score": 96, "pack": "quick"},
        "GOOD",
        acme,
    )


def test_tells_of_it_and_of_no_run(acme: Client, told: list[Event]) -> None:
    logged = log(acme)
    assert [(e.name, e.aggregate_id, e.client_id, e.run_id) for e in told] == [
        ("LearningEventLogged", logged.id, acme.pk, None)
    ]
    (entry,) = observability.list_entries(object_type="learning.learningevent", object_id=logged.id)
    assert entry.facts == {"kind": "QcPassed", "outcome": "GOOD"}


def test_stores_one_event_once_and_tells_of_it_once(acme: Client, told: list[Event]) -> None:
    source = uuid7()
    first = log(acme, source_event_id=source)
    again = log(acme, PASSED.model_copy(update={"outcome": "BAD"}), source_event_id=source)
    assert again == first
    assert (Row.objects.count(), len(told)) == (1, 1)


@pytest.mark.django_db(transaction=True)
def test_stores_it_once_when_eight_log_it_at_the_same_moment(told: list[Event]) -> None:
    source = uuid7()
    ids = at_once(8, lambda: log(None, source_event_id=source).id)
    assert ids == [Row.objects.get().pk] * 8
    assert len(told) == 1


@pytest.mark.django_db
def test_takes_what_belongs_to_no_client_and_values_that_json_has_no_word_for(told: list[Event]) -> None:
    logged = log(None, PASSED.model_copy(update={"context": {"price": Decimal("9.50"), "at": AT, "of": uuid7()}}))
    assert logged.client_id is None
    assert Row.objects.get().context["price"] == "9.50"


@pytest.mark.django_db(transaction=True)
def test_refuses_a_client_that_does_not_exist(told: list[Event]) -> None:
    with pytest.raises(IntegrityError, match="client_id"):
        ports.log_event(observation=PASSED, client_id=uuid7(), source_event_id=uuid7(), observed_at=AT)
    assert not Row.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize("change", [lambda rows: rows.update(outcome="BAD"), lambda rows: rows.get().delete()])
def test_can_never_be_changed_afterwards(change: Callable[[QuerySet], object]) -> None:
    LearningEventFactory()
    with pytest.raises(ProgrammingError, match="Cannot "), transaction.atomic():
        change(Row.objects.all())
    assert Row.objects.get().outcome == "GOOD"


@pytest.mark.parametrize(
    "change", [{"context": {}}, {"client": None}, {"client": None, "context": {}, "outcome": "BAD"}]
)
def test_never_changes_but_by_forgetting_whom_it_was_about(acme: Client, change: dict) -> None:
    LearningEventFactory(client=acme)
    with pytest.raises(ProgrammingError, match="Cannot update"), transaction.atomic():
        Row.objects.update(**change)
    Row.objects.update(client=None, context={})
