"""A client's credit at the desk …"""

from typing import Any

from django.test import Client as Browser
from django.urls import reverse

from apps.billing.models import Refund, TaxRate
from apps.billing.queries import credit_of_client, ledgers_of_client
from apps.billing.services import issuing, payments
from apps.billing.tests.conftest import browser_of
from apps.billing.tests.factories import AT, an_invoice, line, pay
from apps.identity.models import Client
from apps.shared.desk import page_of
from apps.shared.dtos import Money


def page_about(client: Client) -> str:
    return reverse("admin:billing_payment_credit", args=[client.pk])


def test_says_what_came_what_it_was_put_to_and_what_is_left(finance: Browser, acme: Client) -> None:
    first, later = an_invoice(acme), an_invoice(acme)
    pay(first, 200, "BANK-1")
    payments.use_credit(later.pk, by=None)
    page = finance.get(page_about(acme)).content.decode()
    for said in ("BANK-1", "200.00 EUR", "123.00 EUR put to", "77.00 EUR put to", first.number, later.number):
        assert said in page, said
    assert "<h2>0.00 EUR in credit</h2>" in page


def test_says_what_a_credit_note_set_free(finance: Browser, acme: Client) -> None:
    invoice = an_invoice(acme)
    pay(invoice, 123, "BANK-1")
    issuing.credit_invoice(invoice.pk, reason="Never done.", by=None, at=AT)
    page = finance.get(page_about(acme)).content.decode()
    assert "<h2>123.00 EUR in credit</h2>" in page
    assert "set free by" in page
    assert "CN-2026-0001" in page


def test_leaves_out_money_that_never_was_credit(finance: Browser, acme: Client, globex: Client) -> None:
    pay(an_invoice(acme), 123, "BANK-1")
    pay(an_invoice(globex), 200, "BANK-2")
    page = finance.get(page_about(acme)).content.decode()
    assert "has and had no credit" in page
    assert "BANK-" not in page


def test_keeps_each_currency_by_itself_and_agrees_with_the_balance(acme: Client, vat: TaxRate) -> None:
    pay(an_invoice(acme), 200)
    Client.objects.filter(pk=acme.pk).update(currency="USD")
    acme.refresh_from_db()
    pay(an_invoice(acme, line(100, vat, "USD")), 130)
    ledgers = ledgers_of_client(acme.pk)
    assert [each.left for each in ledgers] == list(credit_of_client(acme.pk))
    assert [each.left for each in ledgers] == [Money(amount=77, currency="EUR"), Money(amount=7, currency="USD")]
    assert all(sum(row.left for row in each.payments) == each.left.amount for each in ledgers)


def test_asks_as_little_for_many_payments_as_for_few(
    finance: Browser, acme: Client, django_assert_max_num_queries: Any
) -> None:
    for _ in range(12):
        pay(an_invoice(acme), 200)
        payments.use_credit(an_invoice(acme).pk, by=None)
    with django_assert_max_num_queries(12):
        finance.get(page_about(acme))


def test_is_reached_from_the_clients_invoices(finance: Browser, acme: Client) -> None:
    pay(an_invoice(acme), 200)
    for address in (reverse("admin:client_tab", args=[acme.pk, "invoices"]), page_of(an_invoice(acme))):
        assert f'href="{page_about(acme)}"' in finance.get(address).content.decode()


def test_is_nothing_to_who_may_see_no_payments(acme: Client) -> None:
    assert browser_of("Strategist").get(page_about(acme)).status_code == 403


def test_says_what_went_back(finance: Browser, acme: Client) -> None:
    payment = pay(an_invoice(acme), 200, "BANK-1")
    Refund.objects.create(payment=payment, amount=50, refunded_at=AT)
    page = finance.get(page_about(acme)).content.decode()
    assert "50.00 EUR went back on 2 Mar 2026" in page
    assert "<h2>27.00 EUR in credit</h2>" in page
