"""A client's page …"""

import re
from collections.abc import Callable
from decimal import Decimal
from itertools import pairwise

import pytest
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from uuid_utils.compat import uuid7

from aicmo_site.desk_menu import TABS
from aicmo_site.tests.conftest import desk_of
from aicmo_site.tests.factories import a_report, a_run, a_strategy
from apps.billing.models import BillingAddress, CreditNote, Invoice, Payment, Reminder, Retainer
from apps.delivery.models import Package
from apps.identity.models import Client, User
from apps.identity.tests.factories import MembershipFactory
from apps.observability.tests.factories import make_entry
from apps.onboarding.models import Brief, Intake
from apps.orchestration.models import WorkflowRun
from apps.production.models import Draft
from apps.qc.models import QcReport
from apps.shared.desk import ON_A_TAB, page_of
from apps.strategy.models import Strategy

MOST_QUERIES = 8


def tab(client: Client, slug: str) -> str:
    return reverse("admin:client_tab", args=[client.pk, slug])


@pytest.mark.parametrize(
    ("slug", "models"),
    [
        ("intakes-and-briefs", (Intake, Brief)),
        ("strategies", (Strategy,)),
        ("drafts", (Draft,)),
        ("quality", (QcReport,)),
        ("packages", (Package,)),
        ("invoices", (Invoice, Retainer, Payment, CreditNote, BillingAddress, Reminder)),
        ("runs", (WorkflowRun,)),
    ],
)
def test_has_a_tab_for_each_kind_of_its_work(
    desk: Browser, run: WorkflowRun, globex: Client, slug: str, models: tuple
) -> None:
    shown = desk.get(tab(run.client, slug))
    assert [len(table.rows) for table in shown.context["tables"]] == [1] * len(models)
    for model in models:
        row, name = model.objects.get(), f"{model._meta.app_label}_{model._meta.model_name}"
        every = f"{reverse(f'admin:{name}_changelist')}?client__id__exact={run.client_id}"
        assert f'href="{page_of(row)}"' in shown.content.decode()
        assert f'href="{every}"' in shown.content.decode()
    others = desk.get(tab(globex, slug))
    assert all(table.rows == [] for table in others.context["tables"])
    assert "for Globex yet." in others.content.decode()


def test_shows_its_people_and_its_audit(desk: Browser, acme: Client, globex: Client) -> None:
    member, entry = MembershipFactory(client=acme), make_entry(client_id=acme.pk)
    for slug, row in (("people", member), ("audit", entry)):
        assert page_of(row) in desk.get(tab(acme, slug)).content.decode()
        assert page_of(row) not in desk.get(tab(globex, slug)).content.decode()


def test_leads_from_every_tab_to_every_other_without_a_script(desk: Browser, acme: Client) -> None:
    profile = desk.get(page_of(acme))
    tabs = profile.context["client_tabs"]
    assert [each.title for each in tabs] == ["Profile", *TABS]
    for each in tabs:
        page = desk.get(each.url).content.decode()
        assert re.findall(r'<a href="([^"]+)" aria-current="page">', page) == [each.url]
        assert all(f'href="{other.url}"' in page for other in tabs)


def test_offers_only_the_tabs_of_what_a_person_may_see(acme: Client, member_of: Callable[[str], User]) -> None:
    finance = desk_of(member_of("Finance"))
    titles = {each.title for each in finance.get(page_of(acme)).context["client_tabs"]}
    assert "Strategies" in titles
    assert "Audit" not in titles
    assert finance.get(tab(acme, "audit")).status_code == 404


def test_is_nothing_to_who_may_see_no_clients(acme: Client, strategist: User, client: Browser) -> None:
    assert client.get(tab(acme, "runs")).status_code == 302
    assert desk_of(strategist).get(tab(acme, "runs")).status_code == 404


def test_knows_no_other_tabs_and_no_other_clients(desk: Browser, acme: Client) -> None:
    assert desk.get(tab(acme, "secrets")).status_code == 404
    assert desk.get(reverse("admin:client_tab", args=[uuid7(), "runs"])).status_code == 404


def test_shows_the_newest_first_and_no_more_than_a_screen(desk: Browser, acme: Client) -> None:
    runs = [a_run(acme, "COMPLETED") for _ in range(ON_A_TAB + 1)]
    (table,) = desk.get(tab(acme, "runs")).context["tables"]
    assert len(table.rows) == ON_A_TAB
    assert str(runs[-1].pk) in table.rows[0][0]
    assert "Client" not in table.headings


def test_prints_money_with_its_currency(desk: Browser, acme: Client) -> None:
    Client.objects.filter(pk=acme.pk).update(contract_value=Decimal("12000.5"))
    strategy = a_strategy(acme)
    Strategy.objects.filter(pk=strategy.pk).update(budget_amount=Decimal(60000), budget_currency="USD")
    page = desk.get(tab(acme, "strategies")).content.decode()
    assert "12,000.50 EUR" in page
    assert "60,000.00 USD" in page


def test_escapes_what_clients_are_called(desk: Browser, acme: Client) -> None:
    Client.objects.filter(pk=acme.pk).update(name="<b>Acme</b>")
    page = desk.get(tab(acme, "runs")).content.decode()
    assert "<b>Acme" not in page
    assert "&lt;b&gt;Acme" in page


def test_has_its_headings_in_order(desk: Browser, acme: Client) -> None:
    for address in (page_of(acme), tab(acme, "intakes-and-briefs")):
        page = desk.get(address).content.decode()
        levels = [int(level) for level in re.findall(r"<h(\d)", page[page.index('id="main"') :])]
        assert levels[0] == 1
        assert all(later - earlier <= 1 for earlier, later in pairwise(levels))


@pytest.mark.parametrize("slug", ["runs", "strategies", "quality", "people"])
def test_asks_no_more_for_twenty_rows_than_for_two(desk: Browser, acme: Client, slug: str) -> None:
    counts = []
    for more in (2, 18):
        for _ in range(more):
            a_run(acme, "COMPLETED")
            a_strategy(acme)
            a_report(acme)
            MembershipFactory(client=acme)
        with CaptureQueriesContext(connection) as queries:
            desk.get(tab(acme, slug))
        counts.append(len(queries))
    assert counts[0] == counts[1] <= MOST_QUERIES


def test_loads_nothing_of_the_tabs_that_are_not_open(desk: Browser, acme: Client) -> None:
    a_run(acme, "COMPLETED")
    for address in (page_of(acme), tab(acme, "people")):
        with CaptureQueriesContext(connection) as queries:
            assert desk.get(address).status_code == 200
        assert not any("orchestration_workflowrun" in query["sql"] for query in queries)
