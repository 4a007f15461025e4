"""The desk of finance …"""

import re
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client as Browser
from django.urls import reverse
from django.utils import timezone

from apps.billing.models import CreditNote, Invoice, Payment, TaxRate
from apps.billing.queries import list_breaches
from apps.billing.services import contracts, drafts, issuing
from apps.billing.tests.conftest import browser_of
from apps.billing.tests.factories import AT, TaxRateFactory, a_draft, an_invoice, an_overdue_invoice, line, pay
from apps.identity.models import Client, User
from apps.identity.tests.factories import ClientFactory
from apps.shared.desk import page_of
from apps.shared.events import AuditNote, Event

LIST = reverse("admin:billing_invoice_changelist")
NEW = reverse("admin:billing_invoice_new")
PRESSED = {"_form_submitted": "1"}
NO_LINES = {"lines-TOTAL_FORMS": "2", "lines-INITIAL_FORMS": "0", "lines-0-quantity": "1", "lines-1-quantity": "1"}


def deed(invoice: Invoice, name: str, *more: object) -> str:
    return reverse(f"admin:billing_invoice_{name}", args=[invoice.pk, *more])


def now(invoice: Invoice) -> Invoice:
    return Invoice.objects.get(pk=invoice.pk)


def errors(page: Any) -> dict[str, list[str]]:
    return page.context["form"].errors


# --- to read ---


def test_lists_invoices_with_their_money_in_few_queries(
    finance: Browser, acme: Client, vat: TaxRate, django_assert_max_num_queries: Any
) -> None:
    yen = ClientFactory(name="Yen", currency="JPY")
    for _ in range(8):
        pay(an_invoice(acme, line("1000.50", vat)), 100)
    an_invoice(yen, line(1200, vat, "JPY"))
    a_draft(acme, line(None))
    with django_assert_max_num_queries(12):
        page = finance.get(LIST).content.decode()
    for said in ("1,230.62 EUR", "1,130.62 EUR", "1,476 JPY", "INV-2026-0009", "0.00 EUR", "PARTIALLY PAID"):
        assert said in page


def test_narrows_the_list_to_states_clients_days_and_needs(finance: Browser, acme: Client, globex: Client) -> None:
    overdue, draft, other = an_overdue_invoice(acme), a_draft(acme), an_invoice(globex)

    def found(**narrowed: object) -> set[Invoice]:
        return set(finance.get(LIST, narrowed).context["cl"].result_list)

    assert found(state__exact="DRAFT") == found(needs="issue") == {draft}
    assert found(needs="overdue") == {overdue}
    assert found(client__id__exact=str(globex.pk)) == found(q="Globex") == {other}
    assert found(q=overdue.number) == {overdue}
    assert found(due_date_from="2026-03-16", due_date_to="2026-03-16") == {overdue, other}
    assert found(due_date_from="2026-03-17") == set()


def test_reads_as_a_document(finance: Browser, acme: Client, vat: TaxRate, django_assert_max_num_queries: Any) -> None:
    reduced = TaxRateFactory(name="VAT 9 %", percent=9, category="REDUCED")
    invoice = an_invoice(
        acme, line("0.0125", vat, quantity=Decimal(20000)), line(50, reduced, description="A printed book")
    )
    pay(invoice, 100, "BANK-77")
    issuing.credit_invoice(invoice.pk, reason="Never printed.", by=None, at=AT)
    with django_assert_max_num_queries(12):
        page = finance.get(page_of(invoice)).content.decode()
    for said in (
        *("A printed book", "20,000", "0.0125 EUR", "250.00 EUR", "57.50 EUR", "4.50 EUR", "362.00 EUR"),
        *("23 %", "9 %, reduced", "BANK-77", "CN-2026-0001", "Never printed.", "set free by CN-2026-0001"),
        *("INV-2026-0001", "2 Mar 2026", "16 Mar 2026", "-100.00 EUR"),
    ):
        assert said in page, said


def test_says_what_is_open_on_a_draft(finance: Browser, acme: Client) -> None:
    draft = drafts.draft_invoice(acme, [line(None, question=contracts.NO_CONTRACT_VALUE)])
    page = finance.get(page_of(draft)).content.decode()
    assert "It cannot be issued yet: line 1 has no price and no tax rate." in page
    assert "The client&#x27;s profile names no contract value" in page


def test_escapes_what_people_typed(finance: Browser, acme: Client, vat: TaxRate) -> None:
    script = "<script>alert(1)</script>"
    Client.objects.filter(pk=acme.pk).update(name=script)
    draft = a_draft(acme, line(10, vat, description=script))
    invoice = an_invoice(acme, line(10, vat, description=script))
    pay(invoice, 1, script)
    issuing.credit_invoice(invoice.pk, reason=script, by=None, at=AT)
    pages = [page_of(draft), page_of(invoice), page_of(Payment.objects.get()), page_of(CreditNote.objects.get()), LIST]
    pages += [deed(draft, "change_line", 1), deed(draft, "remove_line", 1), deed(draft, "issue")]
    for address in pages:
        assert script not in finance.get(address).content.decode(), address


def test_is_looked_at_but_not_touched_by_account_managers(acme: Client) -> None:
    browser, invoice, draft = browser_of("Account manager"), an_invoice(acme), a_draft(acme)
    page = browser.get(page_of(draft)).content.decode()
    assert "Campaign work" in page
    for name in ("issue", "void", "add_line", "record_payment", "credit"):
        assert deed(draft, name) not in page
        assert browser.post(deed(invoice, name), PRESSED).status_code == 403
    assert deed(draft, "change_line", 1) not in page
    for address in (NEW, deed(draft, "change_line", 1), deed(draft, "remove_line", 1)):
        assert browser.get(address).status_code == 403
    assert browser_of("Producer").get(page_of(invoice)).status_code == 403


# --- buttons ---


def test_issues_by_its_button_and_says_the_number(finance: Browser, acme: Client) -> None:
    draft = a_draft(acme)
    dialog = finance.get(deed(draft, "issue")).content.decode()
    assert "Acme is asked for 123.00 EUR, due in 14 days." in dialog
    assert now(draft).state == "DRAFT"
    finance.post(deed(draft, "issue"), PRESSED)
    assert (now(draft).state, now(draft).issue_date) == ("ISSUED", timezone.localdate())
    assert f"it is {now(draft).number}." in finance.get(page_of(draft)).content.decode()


def test_says_why_it_does_not_issue(finance: Browser, acme: Client) -> None:
    draft = a_draft(acme, line(None))
    assert "Not yet: line 1 has no price and no tax rate." in finance.get(deed(draft, "issue")).content.decode()
    refused = finance.post(deed(draft, "issue"), PRESSED).content.decode()
    assert "line 1 has no price and no tax rate. Change the lines" in refused
    assert now(draft).state == "DRAFT"


def test_issues_several_and_tells_of_each(finance: Browser, acme: Client) -> None:
    rows = [a_draft(acme), a_draft(acme, line(None)), a_draft(acme)]
    chosen = {"action": "issue_several", "_selected_action": [row.pk for row in rows], "press": "1"}
    page = finance.post(LIST, chosen, follow=True).content.decode()
    assert "Issue, 2 of 3:" in page
    assert "line 1 has no price" in page
    assert [now(row).state for row in rows] == ["ISSUED", "DRAFT", "ISSUED"]


def test_voids_with_a_reason_only(finance: Browser, acme: Client) -> None:
    invoice = an_invoice(acme)
    finance.post(deed(invoice, "void"), {**PRESSED, "reason": ""})
    assert now(invoice).state == "ISSUED"
    finance.post(deed(invoice, "void"), {**PRESSED, "reason": "Wrong client."})
    assert (now(invoice).state, CreditNote.objects.get().reason) == ("VOID", "Wrong client.")


def test_uses_credit(finance: Browser, acme: Client) -> None:
    pay(an_invoice(acme), 173)
    invoice = an_invoice(acme)
    assert "50.00 EUR" in finance.get(page_of(invoice)).content.decode()
    finance.post(deed(invoice, "use_credit"), PRESSED)
    assert now(invoice).paid == 50
    assert "the client has none in EUR" in finance.post(deed(invoice, "use_credit"), PRESSED).content.decode()


# --- forms ---


def payment(**fields: object) -> dict[str, object]:
    told = {"amount": "23", "paid_at": "2026-03-05", "method": "TRANSFER", "transaction_id": "BANK-1"}
    return told | fields


def test_records_a_payment_once(finance: Browser, acme: Client) -> None:
    invoice = an_invoice(acme)
    address = deed(invoice, "record_payment")
    assert 'value="123.00"' in finance.get(address).content.decode()
    for _ in range(2):
        assert finance.post(address, payment()).url == page_of(invoice)
    row = Payment.objects.get()
    assert (row.amount, row.provider, row.transaction_id) == (23, "DESK", "BANK-1")
    assert timezone.localdate(row.paid_at) == date(2026, 3, 5)


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"amount": "-1"}, "amount"),
        ({"amount": "0"}, "amount"),
        ({"amount": "1.005"}, "amount"),
        ({"amount": "NaN"}, "amount"),
        ({"amount": "1e999999"}, "amount"),
        ({"amount": "1e-999999"}, "amount"),
        ({"amount": ""}, "amount"),
        ({"transaction_id": " "}, "transaction_id"),
        ({"paid_at": "2099-01-01"}, "paid_at"),
        ({"paid_at": "1999-01-01"}, "paid_at"),
        ({"paid_at": "9999-12-31"}, "paid_at"),
        ({"paid_at": "0001-01-01"}, "paid_at"),
        ({"paid_at": "yesterday"}, "paid_at"),
        ({"method": "BARTER"}, "method"),
    ],
)
@pytest.mark.parametrize("zone", ["Pacific/Auckland", "America/Los_Angeles"])
def test_keeps_what_was_typed_and_names_the_field(
    finance: Browser, acme: Client, wrong: dict, field: str, zone: str
) -> None:
    User.objects.update(time_zone=zone)
    page = finance.post(deed(an_invoice(acme), "record_payment"), payment(**wrong))
    assert list(errors(page)) == [field]
    assert ("BANK-1" in page.content.decode()) is (field != "transaction_id")
    assert len(page.content) < 200_000
    assert not Payment.objects.exists()


def test_says_that_a_reference_is_taken(finance: Browser, acme: Client) -> None:
    pay(an_invoice(acme), 50, "BANK-1", provider="DESK")
    page = finance.post(deed(an_invoice(acme), "record_payment"), payment())
    assert errors(page)["amount"] == ["Transaction BANK-1 is recorded with 50.00 EUR; look which of both is right."]


def test_credits_parts_of_lines_or_all_that_is_left(finance: Browser, acme: Client, vat: TaxRate) -> None:
    invoice = an_invoice(acme, line(100, vat), line(50, vat))
    address = deed(invoice, "credit")
    assert "Of it 50.00 EUR is left" in finance.get(address).content.decode()
    for wrong in ({}, {"everything": "on", "line_1": "5"}):
        assert "everything" in errors(finance.post(address, {"reason": "So.", **wrong}))
    assert list(errors(finance.post(address, {"reason": "So.", "line_2": "50.01"}))) == ["line_2"]
    assert list(errors(finance.post(address, {"reason": "", "line_2": "5"}))) == ["reason"]
    finance.post(address, {"reason": "Half of it.", "line_2": "25"})
    assert now(invoice).credited == Decimal("30.75")
    finance.post(address, {"reason": "All of it.", "everything": "on"})
    assert now(invoice).state == "VOID"
    assert list_breaches() == []


def a_line(**fields: object) -> dict[str, object]:
    return {"description": "Ads", "quantity": "2", "unit_price": "10", "tax_rate": "", "reason": "Agreed."} | fields


def test_adds_changes_and_removes_lines_of_a_draft(finance: Browser, acme: Client, vat: TaxRate, told: list) -> None:
    draft = a_draft(acme, line(None))
    finance.post(deed(draft, "add_line"), a_line(tax_rate=vat.pk))
    finance.post(deed(draft, "change_line", 1), a_line(unit_price="5", tax_rate=vat.pk))
    assert now(draft).total == Decimal("36.9")
    finance.post(deed(draft, "remove_line", 1), {"reason": "Not done."})
    assert now(draft).total == Decimal("24.6")
    notes: list[tuple[Event, AuditNote]] = told[1:]
    assert [note.reason for _, note in notes] == ["Agreed.", "Agreed.", "Not done."]
    assert User.objects.get(pk=notes[0][1].actor_id).full_name == "The Finance"


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"unit_price": "-1"}, "unit_price"),
        ({"quantity": "0"}, "quantity"),
        ({"quantity": "1e999999"}, "quantity"),
        ({"unit_price": "1e-999999"}, "unit_price"),
        ({"quantity": "-2"}, "quantity"),
        ({"quantity": ""}, "quantity"),
        ({"description": ""}, "description"),
        ({"tax_rate": "7"}, "tax_rate"),
        ({"reason": " "}, "reason"),
    ],
)
def test_stores_no_line_that_cannot_be_billed(finance: Browser, acme: Client, wrong: dict, field: str) -> None:
    draft = a_draft(acme)
    page = finance.post(deed(draft, "add_line"), a_line(**wrong))
    assert list(errors(page)) == [field]
    assert draft.lines.count() == 1


def test_says_so_where_the_draft_was_issued_meanwhile(finance: Browser, acme: Client) -> None:
    invoice = an_invoice(acme)
    page = finance.post(deed(invoice, "change_line", 1), a_line())
    assert "is ISSUED and does not change; write a credit note" in page.content.decode()
    assert 'value="Ads"' in page.content.decode()


def test_offers_the_rates_in_force(finance: Browser, acme: Client) -> None:
    for percent, day in ((21, date(2020, 1, 1)), (23, date(2021, 1, 1)), (25, date(2999, 1, 1))):
        TaxRateFactory(name="VAT", percent=percent, valid_from=day)
    page = finance.get(deed(a_draft(acme), "add_line")).content.decode()
    assert re.findall(r"IE: VAT \((\d+) %\)", page) == ["23"]


def test_drafts_a_new_invoice_for_a_client(finance: Browser, acme: Client, vat: TaxRate) -> None:
    assert "Acme" in finance.get(NEW, {"client": acme.pk}).content.decode()
    sent = {**NO_LINES, "client": acme.pk, "payment_days": "30"}
    sent |= {"lines-0-description": "Ads", "lines-0-unit_price": "100", "lines-0-tax_rate": vat.pk}
    answer = finance.post(NEW, sent)
    invoice = Invoice.objects.get()
    assert answer.url == page_of(invoice)
    assert (invoice.client, invoice.total, invoice.payment_days, invoice.run_id) == (acme, 123, 30, None)


def test_refuses_a_new_invoice_with_all_that_is_wrong(finance: Browser, acme: Client) -> None:
    page = finance.post(NEW, {**NO_LINES, "payment_days": "400", "lines-1-quantity": "-1"})
    assert set(errors(page)) == {"client", "payment_days"}
    assert page.context["lines"].errors[1] == {"description": ["Say what is billed."]}
    sent = {**NO_LINES, "client": acme.pk, "payment_days": "14"}
    assert "lines: there are 0" in finance.post(NEW, sent).content.decode()
    page = finance.post(NEW, {**sent, "lines-0-description": "Ads", "lines-0-unit_price": "-1"})
    assert "unit_price" in page.context["lines"].errors[0]
    page = finance.post(NEW, {**sent, "lines-TOTAL_FORMS": str(10**9)})
    assert "at most 200 forms" in page.content.decode()
    assert not Invoice.objects.exists()


def test_adds_a_tax_rate_that_then_never_changes(finance: Browser, told: list) -> None:
    add = reverse("admin:billing_taxrate_add")
    sent = {"name": "VAT", "country": "ie", "category": "STANDARD", "percent": "23", "valid_from": "2026-01-01"}
    for wrong in ({"country": "EU"}, {"percent": "101"}, {"percent": "-1"}, {"category": "ZERO"}):
        assert finance.post(add, sent | wrong).status_code == 200
    assert finance.post(add, sent).status_code == 302
    rate = TaxRate.objects.get()
    assert (rate.country, rate.percent) == ("IE", 23)
    assert [event.name for event, _ in told] == ["TaxRateAdded"]
    assert finance.post(page_of(rate), sent | {"percent": "9"}).status_code == 403
    assert "This rate is there for this day already" in finance.post(add, sent).content.decode()
