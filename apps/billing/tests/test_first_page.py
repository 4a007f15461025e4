"""The desk's first page, and its palette, tell finance …"""

from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.test import Client as Browser
from django.urls import reverse
from django.utils import timezone

from apps.billing.admin.desk import charts_of_cash
from apps.billing.models import CreditNote, Payment
from apps.billing.services import issuing
from apps.billing.tests.conftest import browser_of
from apps.billing.tests.factories import AT, a_draft, an_invoice, line, pay
from apps.identity.models import Client
from apps.identity.tests.factories import ClientFactory
from apps.shared.desk import page_of


def home(browser: Browser) -> Any:
    return browser.get(reverse("admin:index"))


def test_shows_what_is_overdue_oldest_first_and_what_waits_to_be_issued(finance: Browser, acme: Client) -> None:
    late = an_invoice(acme, payment_days=20)
    early = an_invoice(acme, payment_days=10)
    pay(early, 23)
    issuing.mark_overdue(at=AT + timedelta(days=45))
    a_draft(acme, line(None))
    overdue, to_issue = home(finance).context["worklists"]
    assert early.number in overdue.entries[0].what
    assert late.number in overdue.entries[1].what
    assert overdue.entries[0].why == "100.00 EUR of 123.00 EUR was due on 12 Mar 2026."
    assert to_issue.entries[0].why == "No price is set yet."


def test_says_what_is_due_next_where_nothing_needs_anybody(finance: Browser, acme: Client) -> None:
    assert home(finance).context["next"] is None
    an_invoice(acme)
    _, first = (an_invoice(acme, at=timezone.now(), payment_days=days) for days in (9, 3))
    page = home(finance)
    assert page.context["next"].at.date() == first.due_date + timedelta(days=1)
    assert "123.00 EUR is to be paid." in page.content.decode()
    assert first.number in page.content.decode()


def test_draws_the_money_that_came_in_and_never_adds_currencies_up(finance: Browser, acme: Client) -> None:
    yen = ClientFactory(currency="JPY")
    for client, amount, days in ((acme, "100.50", 0), (acme, 20, 0), (acme, 30, 62), (yen, 12345, 0), (acme, 7, 800)):
        invoice = an_invoice(client)
        pay(invoice, amount, paid_at=timezone.now() - timedelta(days=days))
    euros, yens = home(finance).context["charts"]
    assert (euros.title, yens.title) == ("Cash in, EUR", "Cash in, JPY")
    assert [bar.total for bar in yens.bars][-1] == 12345
    assert [bar.total for bar in euros.bars if bar.total] == [30, Decimal("120.50")]
    assert (yens.bars[-1].told, yens.bars[-1].parts[0].told) == ("12.3k", "12,345 JPY")
    assert len(list(finance.get(euros.bars[-1].parts[0].url).context["cl"].result_list)) == 2
    page = home(finance).content.decode()
    assert "120.50 EUR" in page
    assert "12,345 JPY" in page


def test_draws_twelve_months_to_this_one(acme: Client) -> None:
    pay(an_invoice(acme), 5, paid_at=timezone.now())
    (chart,) = charts_of_cash(Payment.objects.all())
    assert len(chart.bars) == len({bar.label for bar in chart.bars}) == 12
    assert chart.bars[-1].label == f"{timezone.localdate():%b %y}"


def test_finds_invoices_and_credit_notes_by_their_number(finance: Browser, acme: Client) -> None:
    invoice = an_invoice(acme)
    issuing.void_invoice(invoice.pk, reason="Wrong.", by=None, at=AT)
    for term, row in (("inv-2026-00", invoice), ("cn-2026", CreditNote.objects.get()), (str(invoice.pk), invoice)):
        page = finance.get(reverse("admin:search"), {"s": term, "extended": "1"}).content.decode()
        assert page_of(row) in page
    assert (
        page_of(invoice) not in browser_of("Producer").get(reverse("admin:search"), {"s": "inv-2026"}).content.decode()
    )
