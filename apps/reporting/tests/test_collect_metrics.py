"""Collecting metrics …"""

from collections.abc import Callable

import pytest
from django.db import IntegrityError, ProgrammingError, transaction
from django.db.models import QuerySet
from uuid_utils.compat import uuid7

from apps.identity.models import Client
from apps.observability.api import ports as observability
from apps.reporting.api import ports
from apps.reporting.models import MetricPoint
from apps.reporting.tests.factories import point


def test_keeps_each_value_as_it_was_measured(acme: Client) -> None:
    measured = (point("packages_delivered", day=3), point("days_to_delivery", "3.25", day=5, unit="days"))
    snapshot = ports.collect_metrics(client_id=acme.pk, points=measured)
    assert snapshot.points == measured
    assert (f"{snapshot.start_date}", f"{snapshot.end_date}") == ("2026-03-03", "2026-03-05")
    assert set(MetricPoint.objects.values_list("name", "value", "client")) == {
        ("packages_delivered", 1, acme.pk),
        ("days_to_delivery", measured[1].value, acme.pk),
    }


def test_stores_what_has_name_source_and_time_in_common_once(acme: Client, globex: Client) -> None:
    first = point("packages_delivered", source="packages:1")
    again = (first.model_copy(update={"value": 7}), point("packages_delivered", source="packages:2"))
    ports.collect_metrics(client_id=acme.pk, points=(first,))
    assert ports.collect_metrics(client_id=acme.pk, points=again).points == again[1:]
    assert ports.collect_metrics(client_id=acme.pk, points=again).points == ()
    assert ports.collect_metrics(client_id=globex.pk, points=(first,)).points == (first,)
    assert MetricPoint.objects.filter(client=acme).count() == 2
    assert MetricPoint.objects.get(client=acme, source="packages:1").value == 1


def test_tells_of_what_is_new_and_of_nothing_else(acme: Client) -> None:
    for _ in range(2):
        ports.collect_metrics(client_id=acme.pk, points=(point("packages_delivered", source="packages:1"),))
    stored = MetricPoint.objects.get()
    (entry,) = observability.list_entries(object_type="reporting.metricpoint", object_id=stored.pk)
    assert (entry.action, entry.facts["point_count"]) == ("MetricsCollected", 1)


@pytest.mark.django_db(transaction=True)
def test_refuses_a_client_that_does_not_exist() -> None:
    with pytest.raises(IntegrityError, match="client_id"):
        ports.collect_metrics(client_id=uuid7(), points=(point("packages_delivered"),))
    assert not MetricPoint.objects.exists()


@pytest.mark.parametrize("change", [lambda rows: rows.update(value=9), lambda rows: rows.get().delete()])
def test_leaves_values_that_never_change(acme: Client, change: Callable[[QuerySet], object]) -> None:
    ports.collect_metrics(client_id=acme.pk, points=(point("packages_delivered"),))
    with pytest.raises(ProgrammingError, match="Cannot update or delete"), transaction.atomic():
        change(MetricPoint.objects.all())
    assert MetricPoint.objects.get().value == 1
