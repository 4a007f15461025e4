"""The aging list …"""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.test import Client as Browser
from django.urls import reverse
from django.utils import timezone

from apps.billing.models import Invoice
from apps.billing.queries.aging import Owed, owed_by_age
from apps.billing.services import issuing, payments
from apps.billing.tests.conftest import browser_of
from apps.billing.tests.factories import AT, TaxRateFactory, a_draft, an_invoice, line, pay
from apps.identity.models import Client
from apps.identity.tests.factories import ClientFactory, UserFactory
from apps.shared.desk import list_of

pytestmark = pytest.mark.django_db

PAGE, CSV = reverse("admin:billing_invoice_aging"), reverse("admin:billing_invoice_aging_csv")
DUE = AT.date() + timedelta(days=14)


def owed(day: date, today: date | None = None) -> list[Owed]:
    return owed_by_age(Invoice.objects.all(), day, today=today or timezone.localdate())


def of(amount: int | str, client: Client, day: date = DUE) -> Invoice:
    """Store an invoice of an amount that is due on a day."""
    at = datetime.combine(day - timedelta(days=14), time(9), AT.tzinfo)
    return an_invoice(
        client, line(amount, TaxRateFactory(percent=0, category="ZERO"), client.currency), at=at, payment_days=14
    )


def links_of(page: Any) -> list[tuple[str, str]]:
    """Return each figure that leads somewhere, and where to."""
    tables = page.context["tables"]
    cells = [cells for table in tables for cells in (*(cells for _, cells in table["rows"]), table["sums"])]
    return [(amount, url) for row in cells for amount, url in row if url]


@pytest.mark.parametrize(
    ("days", "age"),
    [
        *((-10, "not_due"), (0, "not_due"), (1, "1_30"), (30, "1_30"), (31, "31_60"), (60, "31_60")),
        *((61, "61_90"), (90, "61_90"), (91, "over_90"), (900, "over_90")),
    ],
)
def test_counts_days_from_the_due_day_on(acme: Client, days: int, age: str) -> None:
    invoice = of(100, acme)
    (row,) = owed(invoice.due_date + timedelta(days=days), today=invoice.due_date)
    assert {name: amount for name, amount in row.ages.items() if amount} == {age: 100}
    assert row.total == 100


def test_sums_what_is_open_and_leaves_out_what_is_not_owed(acme: Client) -> None:
    pay(of(100, acme), 30)
    of(50, acme)
    pay(of(20, acme), 25)
    issuing.void_invoice(of(70, acme).pk, reason="Wrong.", by=None, at=AT)
    a_draft(acme)
    assert [row.total for row in owed(DUE)] == [120]


def test_never_adds_currencies_up(acme: Client, finance: Browser) -> None:
    of(100, acme)
    of("1200", ClientFactory(name="Yen & Co", currency="JPY"))
    page = finance.get(PAGE, {"day": DUE.isoformat()})
    sums = {table["currency"]: table["sums"][-1][0] for table in page.context["tables"]}
    assert sums == {"EUR": "100.00 EUR", "JPY": "1,200 JPY"}
    assert "Yen &amp; Co" in page.content.decode()


def test_tells_what_was_owed_on_a_day_gone_by(acme: Client) -> None:
    first, second = of(100, acme), of(40, acme)
    pay(first, 60, paid_at=AT + timedelta(days=5))
    issuing.credit_invoice(second.pk, reason="Not done.", by=None, at=AT + timedelta(days=8))
    issued = AT.date()
    days = {0: 140, 4: 140, 5: 80, 7: 80, 8: 40, 200: 40}
    assert {after: owed(issued + timedelta(days=after))[0].total for after in days} == days
    assert owed(issued - timedelta(days=1)) == []


def test_counts_what_a_credit_note_set_free_and_when_it_was_put_to_another(acme: Client) -> None:
    first = of(100, acme)
    pay(first, 100)
    issuing.credit_invoice(first.pk, reason="Not done.", by=None, at=AT + timedelta(days=3))
    other = of(30, acme)
    payments.use_credit(other.pk, by=None)
    assert [owed(AT.date() + timedelta(days=days))[0].total for days in (0, 3, 20)] == [30, 30, 30]
    assert owed(timezone.localdate()) == []


def test_is_today_what_the_books_say_now(acme: Client) -> None:
    pay(of(100, acme), 60)
    by_rows = owed(timezone.localdate() + timedelta(days=1), today=timezone.localdate() + timedelta(days=2))
    by_columns = owed(timezone.localdate() + timedelta(days=1))
    assert by_rows == by_columns != []


@pytest.mark.parametrize("back", [0, 40])
def test_puts_one_query(acme: Client, globex: Client, back: int, django_assert_num_queries: Callable) -> None:
    for client in (acme, globex, acme):
        of(100, client)
    with django_assert_num_queries(1):
        assert len(owed(timezone.localdate() - timedelta(days=back))) == 2


@pytest.mark.parametrize("days", [25, 400])
def test_leads_from_each_figure_to_its_invoices(acme: Client, globex: Client, finance: Browser, days: int) -> None:
    for client in (acme, globex):
        for due in (0, 20, 50, 80, 200):
            of(100 + due, client, DUE - timedelta(days=due))
    day = DUE + timedelta(days=days)
    pay(Invoice.objects.earliest("due_date"), 7)
    links = links_of(finance.get(PAGE, {"day": day.isoformat()}))
    assert len(links) > 5
    for figure, url in links:
        listed = list(finance.get(url).context["cl"].result_list)
        assert f"{sum(each.still_open for each in listed):,.2f} EUR" == figure, url


def test_filters_the_list_of_invoices_by_todays_ages(acme: Client, finance: Browser) -> None:
    old, new = of(10, acme), of(20, acme, timezone.localdate())
    for age, expected in (("over_90", [old]), ("not_due", [new]), ("all", [new, old]), ("x", [new, old])):
        assert list(finance.get(list_of(Invoice, age=age)).context["cl"].result_list) == expected


def test_is_downloaded_as_a_table_in_which_no_cell_acts(finance: Browser) -> None:
    client = ClientFactory(name="=cmd()|' /C calc'!A0")
    of("1200.5", client)
    answer = finance.get(CSV, {"day": DUE.isoformat()})
    head, row = answer.content.decode("utf-8-sig").splitlines()
    assert head == "Client,Currency,Not due,1–30 days,31–60 days,61–90 days,Over 90 days,All"
    assert row == "'=cmd()|' /C calc'!A0,EUR,1200.50,0.00,0.00,0.00,0.00,1200.50"
    assert answer["Content-Disposition"] == f'attachment; filename="aging-{DUE}.csv"'


def test_says_that_nobody_owes_anything(finance: Browser) -> None:
    page = finance.get(PAGE).content.decode()
    assert "Nobody owes anything" in page
    assert CSV not in page


@pytest.mark.parametrize("said", ["2026-02-30", "x", "<b>", "0001-01-01", "9999-12-31"])
def test_is_todays_where_the_day_is_none_and_says_so(acme: Client, finance: Browser, said: str) -> None:
    of(10, acme)
    answer = finance.get(PAGE, {"day": said})
    assert answer.context["day"] == timezone.localdate()
    assert "is no day" in answer.content.decode()
    assert "<b>”" not in answer.content.decode()
    assert finance.get(list_of(Invoice, age=f"all@{said}")).status_code == 200


@pytest.mark.parametrize("role", ["Strategist", "Producer", "Sales"])
def test_is_not_for_who_sees_no_invoices(role: str) -> None:
    browser = browser_of(role)
    assert [browser.get(address).status_code for address in (PAGE, CSV)] == [403, 403]
    assert PAGE not in browser.get(reverse("admin:search"), {"s": "aging"}).content.decode()


def test_has_an_account_managers_own_clients_alone(acme: Client, globex: Client, settings: Any) -> None:
    settings.OWN_CLIENTS_ONLY = True
    person = UserFactory()
    person.groups.add(Group.objects.get(name="Account manager"))
    Client.objects.filter(pk=acme.pk).update(account_manager=person)
    for client in (acme, globex):
        of(10, client)
    browser = Browser()
    browser.force_login(person)
    for address in (PAGE, CSV):
        said = browser.get(address).content.decode()
        assert ("Acme" in said, "Globex" in said) == (True, False)


def test_is_in_the_menu_and_the_palette(finance: Browser) -> None:
    assert PAGE in finance.get(reverse("admin:index")).content.decode()
    assert PAGE in finance.get(reverse("admin:search"), {"s": "aging", "extended": "1"}).content.decode()


def test_is_read_with_few_queries(acme: Client, globex: Client, finance: Browser, asks_at_most: Callable) -> None:
    for client in (acme, globex, acme):
        of(10, client)
    with asks_at_most(8):
        page = finance.get(PAGE)
    assert len(page.context["tables"][0]["rows"]) == 2
