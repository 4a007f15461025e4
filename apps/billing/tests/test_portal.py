"""In the portal, an invoice …"""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client as Browser
from django.urls import reverse

from apps.billing.models import Invoice, Refund
from apps.billing.tests.factories import AT, a_draft, an_invoice, an_overdue_invoice, line, pay
from apps.identity.models import Client
from apps.identity.tests.factories import MembershipFactory
from apps.shared.row_security import acting_for


def member(client: Client, role: str = "APPROVER") -> Browser:
    browser = Browser()
    browser.force_login(MembershipFactory(client=client, role=role).user)
    return browser


@pytest.fixture
def browser(acme: Client) -> Browser:
    return member(acme)


def page(invoice: Invoice) -> str:
    return reverse("portal-invoice", args=[invoice.pk])


def test_says_what_is_billed_and_what_is_still_to_be_paid(acme: Client, browser: Browser) -> None:
    invoice = an_invoice(acme)
    pay(invoice, 23)
    told = browser.get(f"/api/v1/invoices/{invoice.pk}").json()
    assert (told["number"], told["state"]) == (invoice.number, "PARTIALLY_PAID")
    assert told["total"] == {"amount": "123.00", "currency": "EUR"}
    assert told["open"] == {"amount": "100.00", "currency": "EUR"}
    assert told["lines"][0]["net"] == {"amount": "100.00", "currency": "EUR"}


@pytest.mark.parametrize(("currency", "shown"), [("JPY", "100"), ("EUR", "100.00"), ("KWD", "100.000")])
def test_writes_amounts_as_their_currency_does(
    acme: Client, vat: Any, browser: Browser, currency: str, shown: str
) -> None:
    acme.currency = currency
    acme.save()
    invoice = an_invoice(acme, line(rate=vat, currency=currency))
    assert browser.get(f"/api/v1/invoices/{invoice.pk}").json()["subtotal"]["amount"] == shown


def test_is_not_there_before_it_is_issued(acme: Client, browser: Browser) -> None:
    draft = a_draft(acme)
    assert browser.get("/api/v1/invoices").json()["results"] == []
    assert browser.get(f"/api/v1/invoices/{draft.pk}").status_code == 404
    assert browser.get(page(draft)).status_code == 404


def test_stands_on_the_first_page_until_it_is_paid(acme: Client, browser: Browser) -> None:
    invoice = an_overdue_invoice(acme)
    home = reverse("portal-home")
    assert "Overdue" in browser.get(home).content.decode()
    pay(invoice, invoice.total)
    assert page(invoice) not in browser.get(home).content.decode()
    assert "Paid" in browser.get(page(invoice)).content.decode()


def test_is_for_those_alone_who_may_see_bills(acme: Client, globex: Client) -> None:
    invoice = an_invoice(acme)
    viewer, stranger = member(acme, "VIEWER"), member(globex)
    assert [viewer.get(path).status_code for path in (page(invoice), f"/api/v1/invoices/{invoice.pk}")] == [403, 403]
    assert page(invoice) not in viewer.get(reverse("portal-home")).content.decode()
    assert [stranger.get(path).status_code for path in (page(invoice), f"/api/v1/invoices/{invoice.pk}")] == [404, 404]


def test_is_read_in_german(acme: Client, browser: Browser) -> None:
    shown = browser.get(page(an_invoice(acme)), headers={"Accept-Language": "de"}).content.decode()
    assert "123,00\xa0€" in shown
    assert "Noch zu zahlen" in shown


def test_leaves_what_went_back_out_of_the_clients_credit(acme: Client, globex: Client, browser: Browser) -> None:
    for client in (acme, globex):
        payment = pay(an_invoice(client), 200)
        Refund.objects.create(payment=payment, amount=50, refunded_at=AT)
    assert "€27.00 in credit" in browser.get(reverse("portal-invoices")).content.decode()
    with acting_for(acme.pk):
        assert [each.payment.client_id for each in Refund.objects.select_related("payment")] == [acme.pk]


def test_costs_few_queries(acme: Client, browser: Browser, asks_at_most: Callable) -> None:
    invoices = [an_invoice(acme) for _ in range(3)]
    for path in (
        "/api/v1/invoices",
        f"/api/v1/invoices/{invoices[0].pk}",
        page(invoices[0]),
        reverse("portal-invoices"),
    ):
        with asks_at_most(10):
            assert browser.get(path).status_code == 200
