"""Issuing an invoice …"""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.db import transaction

from apps.billing.api import ports
from apps.billing.models import Invoice, NumberSeries, TaxRate
from apps.billing.queries import list_breaches
from apps.billing.rules import BillingRefused
from apps.billing.services import issuing
from apps.billing.tests.factories import AT, TaxRateFactory, a_draft, an_invoice, line
from apps.identity.models import Client, User

pytestmark = pytest.mark.django_db


def test_gives_number_and_dates_and_tells(acme: Client, reviewer: User, told: list) -> None:
    draft = a_draft(acme, payment_days=30)
    told.clear()
    invoice = ports.issue_invoice(invoice_id=draft.pk, by=reviewer.pk, at=AT)
    assert (invoice.number, invoice.state) == ("INV-2026-0001", "ISSUED")
    assert (invoice.issue_date, invoice.due_date) == (date(2026, 3, 2), date(2026, 4, 1))
    ((event, note),) = told
    assert (event.name, event.number, event.total.amount) == ("InvoiceIssued", "INV-2026-0001", 123)
    assert (note.actor_id, note.before["state"], note.after["state"]) == (reviewer.pk, "DRAFT", "ISSUED")


def test_counts_on_within_a_year_and_anew_in_the_next(acme: Client) -> None:
    days = [AT, AT, datetime(2026, 12, 31, 23, 59, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC), AT]
    numbers = [an_invoice(acme, at=at).number for at in days]
    assert numbers == ["INV-2026-0001", "INV-2026-0002", "INV-2026-0003", "INV-2027-0001", "INV-2026-0004"]
    assert list_breaches() == []


def test_dates_no_number_before_the_one_before(acme: Client) -> None:
    an_invoice(acme, at=AT)
    late = an_invoice(acme, at=AT - timedelta(days=3))
    assert late.issue_date == AT.date()
    assert list_breaches() == []


def test_leaves_no_gap_when_its_transaction_fails(acme: Client) -> None:
    an_invoice(acme)
    draft = a_draft(acme)
    with transaction.atomic():
        assert issuing.issue_invoice(draft.pk, by=None, at=AT).number == "INV-2026-0002"
        transaction.set_rollback(True)
    assert NumberSeries.objects.get().last == 1
    assert issuing.issue_invoice(draft.pk, by=None, at=AT).number == "INV-2026-0002"


def test_refuses_what_is_no_draft(acme: Client) -> None:
    invoice = an_invoice(acme)
    with pytest.raises(BillingRefused, match="INV-2026-0001 is ISSUED; only a draft can be issued"):
        issuing.issue_invoice(invoice.pk, by=None, at=AT)
    assert NumberSeries.objects.get().last == 1


def test_names_every_line_that_is_open(acme: Client, vat: TaxRate) -> None:
    draft = a_draft(acme, line(10, vat), line(None, vat), line(5), line(None))
    with pytest.raises(BillingRefused) as refusal:
        issuing.issue_invoice(draft.pk, by=None, at=AT)
    assert refusal.value.problem == (
        "line 2 has no price; line 3 has no tax rate; line 4 has no price and no tax rate. "
        "Change the lines, then issue it."
    )


def test_refuses_to_ask_for_nothing(acme: Client, vat: TaxRate) -> None:
    with pytest.raises(BillingRefused, match="total: is nought"):
        issuing.issue_invoice(a_draft(acme, line(0, vat)).pk, by=None, at=AT)


def test_takes_free_lines_beside_paid_ones(acme: Client, vat: TaxRate) -> None:
    assert an_invoice(acme, line(0, vat), line(10, vat)).total == Decimal("12.3")


def test_refuses_a_rate_that_is_not_in_force(acme: Client, vat: TaxRate) -> None:
    later = TaxRateFactory(name="VAT 25 %", valid_from=date(2027, 1, 1))
    with pytest.raises(BillingRefused, match="the rate IE: VAT 25 % is in force from 2027-01-01 on"):
        issuing.issue_invoice(a_draft(acme, line(10, later)).pk, by=None, at=AT)
    draft = a_draft(acme, line(10, vat))
    TaxRateFactory(name="VAT 23 %", percent=Decimal("21.5"), valid_from=date(2026, 3, 1))
    with pytest.raises(BillingRefused, match=r"the rate IE: VAT 23 % gave way on 2026-03-01 to 21\.5 %"):
        issuing.issue_invoice(draft.pk, by=None, at=AT)


def test_keeps_rate_and_category_as_they_were(acme: Client, vat: TaxRate) -> None:
    invoice = an_invoice(acme, line(10, vat))
    TaxRateFactory(name="VAT 23 %", percent=Decimal(25), valid_from=date(2027, 1, 1))
    (only,) = ports.get_invoice(invoice_id=invoice.pk).lines
    assert (only.tax_rate_pct, only.tax_category, only.tax.amount) == (23, "STANDARD", Decimal("2.3"))


def test_knows_no_invoice_of_another_id(acme: Client) -> None:
    with pytest.raises(Invoice.DoesNotExist):
        ports.issue_invoice(invoice_id=acme.pk, at=AT)
