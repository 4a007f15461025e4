"""Reports at the desk …"""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.test import Client as Browser
from django.urls import reverse
from django.utils import timezone

from apps.identity.models import Client, User
from apps.identity.tests.factories import UserFactory
from apps.reporting.models import MetricPoint, Report
from apps.reporting.tests.factories import a_published_report, a_report, point
from apps.shared.desk import list_of, page_of
from apps.shared.testing import send_dialog

NEW = reverse("admin:reporting_report_new")


def member_of(role: str) -> User:
    user = UserFactory()
    user.groups.add(Group.objects.get(name=role))
    return user


@pytest.fixture
def manager(db: None) -> User:
    return member_of("Account manager")


@pytest.fixture
def desk(manager: User) -> Browser:
    return desk_of(manager)


def desk_of(user: User) -> Browser:
    browser = Browser()
    browser.force_login(user)
    return browser


def publish(browser: Browser, report: Report) -> Any:
    return send_dialog(browser, reverse("admin:reporting_report_publish", args=[report.pk]))


def test_are_made_of_the_month_that_is_over_and_published(desk: Browser, manager: User, acme: Client) -> None:
    shown = desk.get(NEW, {"client": str(acme.pk)}).context["form"]
    end = timezone.localdate().replace(day=1) - timedelta(days=1)
    assert (shown["start_date"].initial, shown["end_date"].initial) == (end.replace(day=1), end)
    sent = {"client": acme.pk, "start_date": end.replace(day=1), "end_date": end}
    answer = desk.post(NEW, sent)
    report = Report.objects.get()
    assert (answer.status_code, answer["Location"]) == (302, page_of(report))
    assert publish(desk, report).status_code == 200
    assert Report.objects.get().published_by == manager


def test_show_each_number_with_the_rows_behind_it(desk: Browser, acme: Client) -> None:
    report = a_report(acme, row := point("packages_delivered"), point("visits", source="<b>:1"))
    page = desk.get(page_of(report)).content.decode()
    assert reverse("admin:delivery_package_change", args=[row.source.partition(":")[2]]) in page
    assert "nothing recorded" in page
    assert "no target" in page


@pytest.mark.parametrize(
    ("days", "said"),
    [
        ({"start_date": "2026-03-31", "end_date": "2026-03-01"}, "before the first day"),
        ({"start_date": "2126-03-01", "end_date": "2126-03-31"}, "days that are over"),
        ({"start_date": "", "end_date": "x"}, "required"),
    ],
)
def test_say_beside_the_field_why_none_is_made(desk: Browser, acme: Client, days: dict[str, str], said: str) -> None:
    answer = desk.post(NEW, {"client": acme.pk, **days})
    assert answer.status_code == 200
    assert said in answer.content.decode()
    assert not Report.objects.exists()


@pytest.mark.parametrize(("role", "may"), [("Account manager", True), ("Strategist", False), ("Finance", False)])
def test_are_made_and_published_by_account_managers(acme: Client, role: str, may: bool) -> None:
    browser, report = desk_of(member_of(role)), a_report(acme)
    assert browser.get(NEW).status_code == (200 if may else 403)
    publish(browser, report)
    assert (Report.objects.get().state == "PUBLISHED") is may


def test_are_of_own_clients_alone_where_somebody_has_own_clients(
    settings: Any, desk: Browser, manager: User, acme: Client, globex: Client
) -> None:
    settings.OWN_CLIENTS_ONLY = True
    Client.objects.filter(pk=acme.pk).update(account_manager=manager)
    mine, other = a_report(acme), a_report(globex)
    assert list(desk.get(list_of(Report)).context["cl"].result_list) == [mine]
    publish(desk, other)
    days = {"start_date": "2026-02-01", "end_date": "2026-02-28"}
    assert desk.post(NEW, {"client": globex.pk, **days}).status_code == 200
    assert set(Report.objects.values_list("client", "state")) == {(acme.pk, "DRAFT"), (globex.pk, "DRAFT")}


@pytest.mark.parametrize("model", [Report, MetricPoint])
def test_cost_the_same_few_queries_for_any_number(
    desk: Browser, acme: Client, asks_at_most: Callable, model: type
) -> None:
    for _ in range(9):
        a_published_report(acme)
        a_report(acme, point("packages_delivered"))
    with asks_at_most(12):
        assert desk.get(list_of(model)).status_code == 200
