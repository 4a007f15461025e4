"""Drafting an invoice …"""

from decimal import Decimal
from typing import Any

import pytest
from uuid_utils.compat import uuid7

from apps.billing.api import ports
from apps.billing.api.dtos import Deposit, LineCredit, LineItem
from apps.billing.models import Invoice, TaxRate
from apps.billing.rules import MOST_LINES, BillingRefused
from apps.billing.services import contracts, drafts, issuing
from apps.billing.tests.factories import AT, a_draft, an_invoice, delivered, line, pay, run_context
from apps.identity.models import Client
from apps.identity.tests.factories import ClientFactory
from apps.shared.dtos import Money

pytestmark = pytest.mark.django_db


def drafted_by_run(client: Client):
    run = run_context(client.pk)
    return ports.draft_invoice(**delivered(client.pk), run=run), run


def test_bills_the_contract_for_what_was_delivered(acme: Client, told: list) -> None:
    Client.objects.filter(pk=acme.pk).update(contract_value=Decimal("12000.50"))
    invoice, run = drafted_by_run(acme)
    (only,) = invoice.lines
    assert only.description == "Quick social, basic: package of 2 files"
    assert only.unit_price == Money(amount=Decimal("12000.50"), currency="EUR")
    assert (invoice.state, invoice.number, invoice.total.amount) == ("DRAFT", None, Decimal("12000.50"))
    assert (only.tax_rate_pct, only.tax_category) == (None, None)
    ((event, note),) = told
    assert (event.name, event.run_id, event.client_id) == ("InvoiceDrafted", run.id, acme.pk)
    assert note.after["lines"][0]["net"] == "12000.5000"


def test_invents_no_price_where_no_contract_value_is_known(acme: Client) -> None:
    invoice, _ = drafted_by_run(acme)
    assert invoice.lines[0].unit_price is None
    assert invoice.total.amount == 0
    assert Invoice.objects.get().lines.get().question == contracts.NO_CONTRACT_VALUE
    with pytest.raises(BillingRefused, match=r"lines: line 1 has no price and no tax rate\. Change the lines"):
        issuing.issue_invoice(invoice.id, by=None, at=AT)


def test_bills_the_contract_once(acme: Client, globex: Client) -> None:
    Client.objects.update(contract_value=Decimal(500))
    first, _ = drafted_by_run(acme)
    second, _ = drafted_by_run(acme)
    assert (first.total.amount, second.total.amount) == (500, 0)
    assert Invoice.objects.get(pk=second.id).lines.get().question == contracts.BILLED_ALREADY
    assert drafted_by_run(globex)[0].total.amount == 500
    issuing.void_invoice(first.id, reason="Wrong month.", by=None, at=AT)
    assert drafted_by_run(acme)[0].total.amount == 500


def a_deposit(amount: str = "3600", **fields: Any) -> Deposit:
    money = {
        "amount": Money(amount=Decimal(amount), currency="EUR"),
        "of": Money(amount=Decimal(12000), currency="EUR"),
    }
    return Deposit.model_validate({"deal_id": uuid7(), "percent": Decimal("30.00"), **money, **fields})


def test_asks_for_a_deposit_once_and_for_the_rest_with_the_package(acme: Client) -> None:
    Client.objects.update(contract_value=Decimal(12000))
    deposit = a_deposit()
    first, again = (ports.draft_deposit(client_id=acme.pk, deposit=deposit) for _ in range(2))
    assert first == again
    assert (first.state, first.total.amount) == ("DRAFT", 3600)
    assert first.lines[0].description == "Deposit of 30 % on the agreed 12,000.00 EUR"
    rest, _ = drafted_by_run(acme)
    assert rest.total.amount == 8400
    assert rest.lines[0].description == "Quick social, basic: package of 2 files, less the deposit of 3,600.00 EUR"


def test_asks_for_all_where_the_deposit_is_void_or_credited(acme: Client, vat: TaxRate) -> None:
    Client.objects.update(contract_value=Decimal(12000))
    void, credited = (ports.draft_deposit(client_id=acme.pk, deposit=a_deposit("1000")) for _ in range(2))
    issuing.void_invoice(void.id, reason="Wrong.", by=None, at=AT)
    item = LineItem(description="Deposit", unit_price=void.total, tax_rate_id=vat.pk)
    drafts.change_line(credited.id, 1, item, reason="Taxed.", by=None)
    issuing.issue_invoice(credited.id, by=None, at=AT)
    parts = (LineCredit(position=1, net=Decimal(400)),)
    issuing.credit_invoice(credited.id, parts, reason="Less.", by=None, at=AT)
    assert drafted_by_run(acme)[0].total.amount == 11400


def test_leaves_the_price_open_where_the_deposit_was_all(acme: Client) -> None:
    Client.objects.update(contract_value=Decimal(3600))
    ports.draft_deposit(client_id=acme.pk, deposit=a_deposit())
    drafted_by_run(acme)
    assert Invoice.objects.get(deal_id=None).lines.get().question == contracts.PAID_AHEAD


def test_asks_for_no_deposit_in_another_currency(db: None) -> None:
    with pytest.raises(BillingRefused):
        ports.draft_deposit(client_id=ClientFactory(currency="JPY").pk, deposit=a_deposit())
    assert not Invoice.objects.exists()


def test_drafts_in_the_client_s_currency_and_rounds_to_its_coins(db: None) -> None:
    client = ClientFactory(currency="JPY", contract_value=Decimal("1000.50"))
    invoice, _ = drafted_by_run(client)
    assert invoice.total == Money(amount=Decimal(1000), currency="JPY")


def test_is_taken_back_without_a_trace_of_its_rows(acme: Client, told: list) -> None:
    kept = a_draft(acme)
    invoice, run = drafted_by_run(acme)
    other, _ = drafted_by_run(acme)
    told.clear()
    assert ports.withdraw_invoice(run=run) == ()
    assert set(Invoice.objects.values_list("pk", flat=True)) == {kept.pk, other.id}
    ((event, note),) = told
    assert (event.name, event.aggregate_id) == ("InvoiceWithdrawn", invoice.id)
    assert note.before["lines"][0]["position"] == "1"
    assert ports.withdraw_invoice(run=run) == ()
    assert len(told) == 1


def test_takes_back_a_draft_that_a_person_had_voided(acme: Client) -> None:
    invoice, run = drafted_by_run(acme)
    issuing.void_invoice(invoice.id, reason="Not ours.", by=None, at=AT)
    assert ports.withdraw_invoice(run=run) == ()
    assert not Invoice.objects.exists()


def test_leaves_what_is_issued_and_says_what_a_person_must_do(acme: Client, vat: TaxRate, told: list) -> None:
    invoice, run = drafted_by_run(acme)
    drafts.change_line(invoice.id, 1, line(100, vat), reason="Agreed.", by=None)
    issued = issuing.issue_invoice(invoice.id, by=None, at=AT)
    pay(issued, 23)
    (left,) = ports.withdraw_invoice(run=run)
    assert left.what == f"Invoice {issued.number} is issued and stands."
    assert "credit" in left.todo
    row = Invoice.objects.get()
    assert (row.state, row.run_id, row.paid) == ("PARTIALLY_PAID", None, 23)
    assert (told[-1][0].name, told[-1][0].run_id) == ("InvoiceRunWithdrawn", run.id)
    assert ports.withdraw_invoice(run=run) == ()


def test_rounds_line_by_line_half_to_even(acme: Client, vat: TaxRate) -> None:
    invoice = a_draft(acme, line("0.125", vat), line("0.135", vat), line("33.335", vat, quantity=Decimal(2)))
    assert [each.net for each in invoice.lines.all()] == [Decimal("0.12"), Decimal("0.14"), Decimal("66.67")]
    assert invoice.total == invoice.subtotal + invoice.tax == sum(each.net + each.tax for each in invoice.lines.all())


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"price": "-1"}, "unit_price"),
        ({"price": "1000000000.01"}, "unit_price"),
        ({"price": "0.0000001"}, "unit_price"),
        ({"price": 10**6, "quantity": Decimal(10**6)}, "unit_price"),
        ({"price": 1, "currency": "USD"}, "unit_price"),
        ({"quantity": Decimal(0)}, "quantity"),
        ({"quantity": Decimal(-1)}, "quantity"),
        ({"quantity": Decimal("1000001")}, "quantity"),
        ({"quantity": Decimal("0.00001")}, "quantity"),
        ({"description": "  "}, "description"),
        ({"description": "x" * 1001}, "description"),
        ({"tax_rate_id": uuid7()}, "tax_rate_id"),
    ],
)
def test_names_the_field_that_cannot_be_billed(acme: Client, wrong: dict, field: str) -> None:
    with pytest.raises(BillingRefused) as refusal:
        a_draft(acme, line(**wrong))
    assert refusal.value.field == field
    assert str(refusal.value).startswith(f"{field}: ")
    assert not Invoice.objects.exists()


@pytest.mark.parametrize("count", [0, MOST_LINES + 1])
def test_refuses_no_line_and_too_many(acme: Client, count: int) -> None:
    with pytest.raises(BillingRefused, match=f"lines: there are {count}"):
        drafts.draft_invoice(acme, [line()] * count)


@pytest.mark.parametrize("value", ["NaN", "Infinity", "ten"])
def test_takes_no_quantity_that_is_no_number(value: str) -> None:
    with pytest.raises(ValueError, match="quantity"):
        LineItem(description="Work", quantity=value)


def test_takes_no_field_it_does_not_know() -> None:
    with pytest.raises(ValueError, match="discount"):
        LineItem(description="Work", discount=120)


def test_refuses_a_currency_that_does_not_exist(db: None) -> None:
    with pytest.raises(BillingRefused, match="'XYZ' is no currency"):
        a_draft(ClientFactory(currency="XYZ"), line(currency="XYZ"))


# --- its lines change until it is issued ---


def test_takes_a_further_line_a_change_and_a_removal_each_with_its_reason(
    acme: Client, vat: TaxRate, told: list
) -> None:
    invoice = a_draft(acme, line(None), line(20, vat))
    drafts.add_line(invoice.pk, line(30, vat), reason="Forgotten.", by=None)
    drafts.change_line(invoice.pk, 1, line(10, vat), reason="Now agreed.", by=None)
    changed = drafts.remove_line(invoice.pk, 2, reason="Not done.", by=None)
    assert [(each.position, each.net) for each in changed.lines.all()] == [(1, 10), (2, 30)]
    assert (changed.subtotal, changed.tax, changed.total) == (40, Decimal("9.2"), Decimal("49.2"))
    assert [note.reason for _, note in told[1:]] == ["Forgotten.", "Now agreed.", "Not done."]
    assert [event.total.amount for event, _ in told[1:]] == [Decimal("61.5"), Decimal("73.8"), Decimal("49.2")]
    assert len(told[3][1].before["lines"]) == 3


def test_asks_for_a_reason_and_for_a_line_that_exists(acme: Client, vat: TaxRate) -> None:
    invoice = a_draft(acme)
    with pytest.raises(BillingRefused, match="reason: is empty"):
        drafts.add_line(invoice.pk, line(30, vat), reason=" ", by=None)
    with pytest.raises(BillingRefused, match="line: there is none at position 7"):
        drafts.change_line(invoice.pk, 7, line(30, vat), reason="So.", by=None)
    with pytest.raises(BillingRefused, match="lines: this is the only one"):
        drafts.remove_line(invoice.pk, 1, reason="So.", by=None)


def test_changes_no_line_of_what_is_issued(acme: Client, vat: TaxRate) -> None:
    invoice = an_invoice(acme)
    for change in (
        lambda: drafts.add_line(invoice.pk, line(30, vat), reason="So.", by=None),
        lambda: drafts.change_line(invoice.pk, 1, line(30, vat), reason="So.", by=None),
        lambda: drafts.remove_line(invoice.pk, 1, reason="So.", by=None),
    ):
        with pytest.raises(BillingRefused, match="is ISSUED and does not change; write a credit note"):
            change()
