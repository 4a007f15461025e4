"""Taking a value back …"""

import threading
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection

from apps.identity.models import Client
from apps.observability.api import ports as observability
from apps.reporting.api import ports
from apps.reporting.models import MetricPoint
from apps.reporting.rules import TAKEN_BACK
from apps.reporting.services.points import TakeBackRefused, take_back_point
from apps.reporting.tests.factories import AT, an_import, csv_of, point

HEADERS, ROW = ("Day", "Clicks"), ("2026-03-01", "30")


@pytest.fixture(autouse=True)
def _files(settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = tmp_path


def test_is_said_once(acme: Client, strategist: Any) -> None:
    an_import(acme, csv_of(HEADERS, ROW))
    one = MetricPoint.objects.get(name="Clicks")
    take_back_point(one, by=strategist.pk, reason="Wrong account.", at=AT)
    with pytest.raises(TakeBackRefused, match="before"):
        take_back_point(one, by=strategist.pk, reason="Again.", at=AT)
    told = observability.list_entries(object_type="reporting.metricpoint", object_id=one.pk)
    assert [(each.action, each.reason) for each in told if each.reason] == [("MetricsTakenBack", "Wrong account.")]


def test_is_left_to_the_rows_behind_what_the_platform_counts(acme: Client, strategist: Any) -> None:
    ports.collect_metrics(client_id=acme.pk, points=(point("packages_delivered"),))
    with pytest.raises(TakeBackRefused, match="counts itself"):
        take_back_point(MetricPoint.objects.get(), by=strategist.pk, reason="No.", at=AT)


@pytest.mark.django_db(transaction=True)
def test_is_said_once_when_four_say_so_at_the_same_moment(acme: Client, strategist: Any) -> None:
    an_import(acme, csv_of(HEADERS, ROW))
    one, barrier, refused = MetricPoint.objects.get(name="Clicks"), threading.Barrier(4), []

    def race(turn: int) -> None:
        barrier.wait()
        try:
            take_back_point(one, by=strategist.pk, reason="Wrong.", at=AT + timedelta(seconds=turn))
        except TakeBackRefused as refusal:
            refused.append(refusal)
        connection.close()

    threads = [threading.Thread(target=race, args=[turn]) for turn in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (MetricPoint.objects.filter(name=TAKEN_BACK).count(), len(refused)) == (1, 3)
