"""A client's credit …"""

from datetime import date, timedelta

import pytest
from django.test import Client as Browser
from django.urls import reverse

from apps.billing.models import Allocation, Invoice, TaxRate
from apps.billing.queries import credit_of_client, usable_credit
from apps.billing.rules import BillingRefused
from apps.billing.services import issuing, payments, retainers
from apps.billing.tests.factories import AT, a_draft, a_retainer, an_invoice, pay
from apps.identity.models import Client
from apps.shared.desk import page_of

PRESSED = {"_form_submitted": "1"}


def in_credit(client: Client, amount: int) -> None:
    """Let a client pay so much more than it was asked for."""
    pay(an_invoice(client), 123 + amount)


def test_is_put_to_each_invoice_of_a_retainer_as_far_as_it_goes(acme: Client, vat: TaxRate, told: list) -> None:
    in_credit(acme, 700)
    a_retainer(acme, vat, uses_credit=True, is_issued_by_itself=True, start_date=date(2026, 4, 1))
    assert retainers.draft_due(at=AT + timedelta(days=100)) == 3
    billed = Invoice.objects.filter(retainer_period__isnull=False).order_by("retainer_period__start_date")
    assert [(each.state, each.paid) for each in billed] == [("PAID", 615), ("PARTIALLY_PAID", 85), ("ISSUED", 0)]
    assert credit_of_client(acme.pk) == ()
    assert [event.name for event, _ in told].count("InvoicePaid") == 2, "the first invoice, and one period"


def test_is_put_to_a_retainers_draft_when_a_person_issues_it(acme: Client, vat: TaxRate) -> None:
    in_credit(acme, 50)
    a_retainer(acme, vat, uses_credit=True, start_date=date(2026, 4, 1))
    retainers.draft_due(at=AT + timedelta(days=40))
    draft = Invoice.objects.get(state="DRAFT")
    assert draft.paid == 0
    assert issuing.issue_invoice(draft.pk, by=None, at=AT + timedelta(days=41)).paid == 50


def test_stays_with_the_client_where_nobody_chose_to_use_it(acme: Client, vat: TaxRate) -> None:
    in_credit(acme, 50)
    a_retainer(acme, vat, is_issued_by_itself=True, start_date=date(2026, 4, 1))
    retainers.draft_due(at=AT + timedelta(days=40))
    assert not Allocation.objects.filter(invoice__retainer_period__isnull=False).exists()


def test_is_offered_for_what_it_can_pay_in_the_invoices_currency(acme: Client, vat: TaxRate) -> None:
    in_credit(acme, 500)
    invoice = an_invoice(acme)
    assert usable_credit(invoice) == 123
    payments.use_credit(invoice.pk, by=None)
    acme.currency = "CHF"
    acme.save()
    assert usable_credit(an_invoice(acme)) == 0


def test_stands_beside_an_invoice_when_it_is_issued_and_is_used_by_a_button(finance: Browser, acme: Client) -> None:
    in_credit(acme, 50)
    draft = a_draft(acme)
    issue = reverse("admin:billing_invoice_issue", args=[draft.pk])
    assert "50.00 EUR in credit for it" in finance.get(issue).content.decode()
    said = finance.post(issue, PRESSED, follow=True).content.decode()
    assert "50.00 EUR of it can be paid from the client&#x27;s credit" in said
    use = reverse("admin:billing_invoice_use_credit", args=[draft.pk])
    assert use in finance.get(page_of(draft)).content.decode()
    assert "50.00 EUR is put to it; 73.00 EUR is still open then." in finance.get(use).content.decode()
    finance.post(use, PRESSED)
    assert Invoice.objects.get(pk=draft.pk).paid == 50
    assert use not in finance.get(page_of(draft)).content.decode()


@pytest.mark.parametrize("by_itself", [True, False])
def test_of_another_currency_keeps_no_retainer_from_being_billed(acme: Client, vat: TaxRate, by_itself: bool) -> None:
    in_credit(acme, 50)
    retainer = a_retainer(acme, vat, uses_credit=True, is_issued_by_itself=by_itself, start_date=date(2026, 4, 1))
    acme.currency = "CHF"
    acme.save()
    retainers.end_retainer(retainer.pk, reason="They left.", by=None, at=AT + timedelta(days=40))
    assert Invoice.objects.get(retainer_period__isnull=False).currency == "EUR"


def test_is_chosen_for_a_running_retainer_and_left_again(
    finance: Browser, acme: Client, vat: TaxRate, told: list
) -> None:
    retainer = a_retainer(acme, vat)
    for name, chosen in (("use_credit", True), ("keep_credit", False)):
        address = reverse(f"admin:billing_retainer_{name}", args=[retainer.pk])
        assert address in finance.get(page_of(retainer)).content.decode()
        finance.post(address, PRESSED)
        retainer.refresh_from_db()
        assert retainer.uses_credit == chosen
    assert [event.uses_credit for event, _ in told if event.name == "RetainerCreditChosen"] == [True, False]
    retainers.end_retainer(retainer.pk, reason="They left.", by=None, at=AT)
    with pytest.raises(BillingRefused, match="ended"):
        retainers.choose_credit(retainer.pk, uses_credit=True, by=None)
