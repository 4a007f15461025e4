"""Many at once …"""

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection, transaction

from apps.billing.models import Allocation, CreditNote, Invoice, NumberSeries, Payment
from apps.billing.queries import list_breaches
from apps.billing.rules import BillingRefused
from apps.billing.services import contracts, drafts, issuing, payments
from apps.billing.tests.factories import AT, TaxRateFactory, a_draft, an_invoice, delivered, line, pay, run_context
from apps.identity.models import Client
from apps.identity.tests.factories import ClientFactory

pytestmark = pytest.mark.django_db(transaction=True)

AT_ONCE = 8


@pytest.fixture
def client_of_ours(transactional_db: None) -> Client:
    return ClientFactory(name="Acme", slug="acme")


def at_once(deeds: list[Callable[[], Any]]) -> list[Any]:
    """Do all in threads of their own connections; return what each gave, or what it was refused with."""

    def do(deed: Callable[[], Any]) -> Any:
        try:
            return deed()
        except (BillingRefused, ZeroDivisionError) as refusal:
            return refusal
        finally:
            connection.close()

    with ThreadPoolExecutor(AT_ONCE) as pool:
        return list(pool.map(do, deeds))


def kinds(results: list[Any]) -> Counter:
    return Counter(type(result).__name__ for result in results)


def issue(invoice: Invoice, *, fails: bool = False) -> Invoice:
    with transaction.atomic():
        issued = issuing.issue_invoice(invoice.pk, by=None, at=AT)
        if fails:
            raise ZeroDivisionError
        return issued


def test_get_the_numbers_from_1_to_200_each_once(client_of_ours: Client) -> None:
    rate = TaxRateFactory()
    invoices = [a_draft(client_of_ours, line(10, rate)) for _ in range(200)]
    issued = at_once([lambda each=each: issue(each) for each in invoices])
    assert sorted(invoice.sequence for invoice in issued) == list(range(1, 201))
    assert len({invoice.number for invoice in issued}) == 200
    assert list_breaches() == []


def test_leave_no_gap_where_every_third_one_fails(client_of_ours: Client) -> None:
    rate = TaxRateFactory()
    invoices = [a_draft(client_of_ours, line(10, rate)) for _ in range(60)]
    results = at_once([lambda n=n, each=each: issue(each, fails=n % 3 == 0) for n, each in enumerate(invoices)])
    assert kinds(results) == {"Invoice": 40, "ZeroDivisionError": 20}
    assert sorted(Invoice.objects.exclude(number=None).values_list("sequence", flat=True)) == list(range(1, 41))
    assert NumberSeries.objects.get().last == 40
    assert list_breaches() == []


def test_issue_one_invoice_once(client_of_ours: Client) -> None:
    for _ in range(10):
        draft = a_draft(client_of_ours)
        results = at_once([lambda draft=draft: issue(draft)] * AT_ONCE)
        assert kinds(results) == {"Invoice": 1, "BillingRefused": AT_ONCE - 1}
    assert list_breaches() == []


def test_record_one_payment_once(client_of_ours: Client) -> None:
    for n in range(10):
        invoice = an_invoice(client_of_ours)
        results = at_once([lambda invoice=invoice, n=n: pay(invoice, 50, f"T{n}")] * AT_ONCE)
        assert len({payment.pk for payment in results}) == 1
    assert (Payment.objects.count(), Allocation.objects.count()) == (10, 10)
    assert list_breaches() == []


def test_record_one_transaction_for_one_of_two_invoices(client_of_ours: Client) -> None:
    for n in range(10):
        invoices = [an_invoice(client_of_ours) for _ in range(2)]
        results = at_once([lambda each=each, n=n: pay(each, 50, f"T{n}") for each in invoices])
        assert kinds(results) == {"Payment": 1, "BillingRefused": 1}
    assert Payment.objects.count() == 10


def test_never_put_more_to_an_invoice_than_it_asks_for(client_of_ours: Client) -> None:
    invoice = an_invoice(client_of_ours)
    at_once([lambda: pay(invoice, 50)] * AT_ONCE)
    invoice.refresh_from_db()
    assert (invoice.state, invoice.paid, Payment.objects.count()) == ("PAID", 123, AT_ONCE)
    assert list_breaches() == []


def test_credit_an_invoice_once(client_of_ours: Client) -> None:
    invoice = an_invoice(client_of_ours)
    pay(invoice, 123)
    results = at_once([lambda: issuing.credit_invoice(invoice.pk, reason="Wrong.", by=None, at=AT)] * AT_ONCE)
    assert kinds(results) == {"CreditNote": 1, "BillingRefused": AT_ONCE - 1}
    assert CreditNote.objects.count() == 1
    assert list_breaches() == []


def test_spend_credit_once(client_of_ours: Client) -> None:
    pay(an_invoice(client_of_ours), 223)
    invoices = [an_invoice(client_of_ours) for _ in range(AT_ONCE)]
    at_once([lambda each=each: payments.use_credit(each.pk, by=None) for each in invoices])
    assert sum(Invoice.objects.filter(pk__in=[each.pk for each in invoices]).values_list("paid", flat=True)) == 100
    assert list_breaches() == []


def test_issue_an_invoice_with_the_lines_it_then_has(client_of_ours: Client) -> None:
    rate = TaxRateFactory()
    for _ in range(10):
        draft = a_draft(client_of_ours, line(10, rate))
        change = [lambda draft=draft: drafts.add_line(draft.pk, line(5, rate), reason="More.", by=None)] * 3
        at_once([*change, lambda draft=draft: issue(draft), *change])
    assert Invoice.objects.filter(state="ISSUED").count() == 10
    assert list_breaches() == []


def test_bill_a_contract_once(client_of_ours: Client) -> None:
    Client.objects.update(contract_value=500)

    def draft() -> Invoice:
        given = delivered(client_of_ours.pk)
        return contracts.draft_for_package(**given, run=run_context(client_of_ours.pk))

    assert sorted(invoice.total for invoice in at_once([draft] * AT_ONCE)) == [0] * (AT_ONCE - 1) + [500]
