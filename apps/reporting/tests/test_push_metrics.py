"""Pushing measured values …"""

import threading
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test import Client as Browser

from apps.identity.models import Client, Membership
from apps.identity.tests.factories import MembershipFactory
from apps.observability.api import ports as observability
from apps.reporting.api import ports
from apps.reporting.models import MetricPoint
from apps.reporting.rules.rows import Found
from apps.reporting.services.points import push_points, take_back_point
from apps.reporting.tests.factories import AT, an_import, csv_of, point

API = "/api/v1/metrics"


def sent(value: Any = "3", **fields: Any) -> dict[str, Any]:
    return {
        "name": "Enquiries",
        "unit": "enquiries",
        "source": "crm:1",
        "at": "2026-03-10T09:00:00Z",
        "value": value,
    } | fields


@pytest.fixture
def approver(acme: Client) -> Membership:
    return MembershipFactory(client=acme)


@pytest.fixture
def browser(approver: Membership) -> Browser:
    browser = Browser()
    browser.force_login(approver.user)
    return browser


def push(browser: Browser, *points: dict[str, Any], **headers: str) -> Any:
    return browser.post(API, {"points": list(points)}, content_type="application/json", headers=headers)


def test_adds_what_is_new_and_says_what_is_known_or_known_otherwise(acme: Client, browser: Browser) -> None:
    first = push(browser, sent(), sent("4.25", source="crm:2"))
    assert (first.status_code, first.json()) == (201, {"new": 2, "known": 0, "different": []})
    again = push(browser, sent(), sent(5, source="crm:2"), sent("6", source="crm:3"))
    told = again.json()
    assert (again.status_code, told["new"], told["known"]) == (201, 1, 1)
    (other,) = told["different"]
    assert (other["pointer"], other["known"]["value"], other["known"]["source"]) == (
        "/points/1",
        "4.2500",
        "push:crm:2",
    )
    last = push(browser, sent())
    assert (last.status_code, last.json()["known"]) == (200, 1)
    assert list(MetricPoint.objects.order_by("source").values_list("value", flat=True)) == [3, Decimal("4.25"), 6]


def test_measures_a_kpi_and_is_audited_with_who_sent_it(acme: Client, browser: Browser, approver: Membership) -> None:
    push(browser, sent())
    row = MetricPoint.objects.get()
    (entry,) = observability.list_entries(object_type="reporting.metricpoint", object_id=row.pk)
    assert (entry.action, entry.actor_id) == ("MetricsCollected", approver.user_id)


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"value": "NaN"}, "value"),
        ({"value": "Infinity"}, "value"),
        ({"value": True}, "value"),
        ({"value": None}, "value"),
        ({"value": "1.23456"}, "value"),
        ({"value": "12345678901234567"}, "value"),
        ({"name": ""}, "name"),
        ({"name": "\u200b"}, "name"),
        ({"name": "Packages Delivered"}, "name"),
        ({"name": "taken_back"}, "name"),
        ({"name": 7}, "name"),
        ({"unit": "x" * 121}, "unit"),
        ({"source": ""}, "source"),
        ({"source": "\u200b"}, "source"),
        ({"at": "2999-01-01T00:00:00Z"}, "at"),
        ({"at": "1999-01-01T00:00:00Z"}, "at"),
        ({"at": "yesterday"}, "at"),
        ({"scope": "billing"}, "scope"),
        ({"client": "acme"}, "client"),
    ],
)
def test_takes_all_or_nothing_and_names_each_field_that_is_wrong(browser: Browser, wrong: Any, field: str) -> None:
    answer = push(browser, sent(), sent(source="crm:2") | wrong)
    assert (answer.status_code, answer["Content-Type"]) == (400, "application/problem+json")
    assert [each["field"] for each in answer.json()["errors"]] == [f"points.1.{field}"]
    assert not MetricPoint.objects.exists()


def test_refuses_a_value_that_stands_twice_none_and_too_many(browser: Browser) -> None:
    (error,) = push(browser, sent(), sent("9")).json()["errors"]
    assert (error["field"], "points.0" in error["message"]) == ("points.1.source", True)
    assert push(browser).status_code == 400
    assert push(browser, *[sent(source=f"crm:{n}") for n in range(1_001)]).status_code == 400
    assert browser.post(API, {"points": [], "more": 1}, content_type="application/json").status_code == 400


def test_takes_what_is_below_nothing_and_a_time_without_a_zone_as_utc(browser: Browser) -> None:
    assert push(browser, sent("-3", at="2026-03-10T09:00:00")).status_code == 201
    row = MetricPoint.objects.get()
    assert (row.value, row.at.isoformat()) == (-3, "2026-03-10T09:00:00+00:00")


def test_is_for_the_client_of_who_sends(acme: Client, globex: Client, browser: Browser) -> None:
    stranger = Browser()
    stranger.force_login(MembershipFactory(client=globex).user)
    assert [push(who, sent()).json()["new"] for who in (browser, stranger)] == [1, 1]
    assert set(MetricPoint.objects.values_list("client", flat=True)) == {acme.pk, globex.pk}
    assert [len(who.get(API).json()["results"]) for who in (browser, stranger)] == [1, 1]


def test_cannot_pass_for_a_row_of_ours_or_of_a_file(
    acme: Client, browser: Browser, settings: Any, tmp_path: Any
) -> None:
    settings.MEDIA_ROOT = tmp_path
    ours = point("packages_delivered")
    ports.collect_metrics(client_id=acme.pk, points=(ours,))
    an_import(acme, csv_of(("Day", "Clicks"), ("2026-03-01", "3")))
    of_file = MetricPoint.objects.get(name="Clicks")
    answer = push(
        browser,
        sent("99", source=ours.source, at="2026-03-10T09:00:00Z"),
        sent("99", name="Clicks", unit="clicks", source=of_file.source, at="2026-03-01T00:00:00Z"),
    )
    assert answer.json()["new"] == 2
    assert set(MetricPoint.objects.filter(value=99).values_list("source", flat=True)) == {
        f"push:{ours.source}",
        f"push:{of_file.source}",
    }


def test_takes_effect_once_for_one_key(browser: Browser) -> None:
    key = {"Idempotency-Key": "month-end"}
    first, again = (push(browser, sent(), **key) for _ in range(2))
    assert (again.status_code, again.json(), again["Idempotency-Replayed"]) == (201, first.json(), "true")
    assert push(browser, sent("9"), **key).status_code == 422
    assert MetricPoint.objects.get().value == 3


def test_wants_the_scope_that_a_viewer_has_not(acme: Client) -> None:
    viewer = Browser()
    viewer.force_login(MembershipFactory(client=acme, role="VIEWER").user)
    assert push(viewer, sent()).status_code == 403
    assert viewer.get(API).status_code == 200


@pytest.mark.django_db(transaction=True)
def test_stores_each_value_once_when_eight_send_them_at_the_same_moment(acme: Client) -> None:
    user, barrier, told = MembershipFactory(client=acme).user, threading.Barrier(8), []
    points = [Found("Calls", Decimal(n), "calls", f"crm:{n}", AT) for n in range(200)]

    def race(turn: int) -> None:
        barrier.wait()
        mine = points[turn * 20 :] + points[: turn * 20]
        told.append(push_points(acme.pk, mine, by=user.pk))
        connection.close()

    threads = [threading.Thread(target=race, args=[turn]) for turn in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(told), sum(each.new for each in told)) == (8, 200)
    assert all(each.new + each.known == 200 and not each.different for each in told)
    assert MetricPoint.objects.count() == 200


# --- reading them back ------------------------------------------------------------------------------------------------


def test_lists_values_with_whether_they_count(acme: Client, globex: Client, browser: Browser, strategist: Any) -> None:
    push(browser, sent(), sent(source="crm:2", name="Visits", at="2026-04-01T00:00:00Z"))
    push_points(globex.pk, [Found("Enquiries", Decimal(9), "", "crm:9", AT)], by=strategist.pk)
    take_back_point(MetricPoint.objects.get(name="Visits"), by=strategist.pk, reason="Wrong.", at=AT)
    told = browser.get(API).json()["results"]
    assert [(each["name"], each["counts"]) for each in told] == [("Visits", False), ("Enquiries", True)]
    for narrowed in ({"name": "enquiries"}, {"at_before": "2026-04-01T00:00:00Z"}):
        assert [each["name"] for each in browser.get(API, narrowed).json()["results"]] == ["Enquiries"]
    assert [each["name"] for each in browser.get(API, {"at_after": "2026-04-01T00:00:00Z"}).json()["results"]] == [
        "Visits"
    ]
    assert browser.get(API, {"from": "2026"}).status_code == 400


def test_shows_numbers_of_money_to_those_who_may_see_invoices(acme: Client, browser: Browser) -> None:
    ports.collect_metrics(
        client_id=acme.pk, points=(point("invoices_paid", source="invoices:1"), point("reviews_sent"))
    )
    viewer = Browser()
    viewer.force_login(MembershipFactory(client=acme, role="VIEWER").user)
    names = [{each["name"] for each in who.get(API).json()["results"]} for who in (browser, viewer)]
    assert names == [{"invoices_paid", "reviews_sent"}, {"reviews_sent"}]


def test_costs_the_same_few_queries_for_any_number(
    acme: Client, browser: Browser, approver: Membership, asks_at_most: Callable
) -> None:
    with asks_at_most(20):
        assert push(browser, *[sent(source=f"crm:{n}") for n in range(100)]).status_code == 201
    with asks_at_most(12):
        assert len(browser.get(API, {"page_size": 100}).json()["results"]) == 100
