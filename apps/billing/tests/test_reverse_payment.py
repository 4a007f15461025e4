"""A payment that is reversed …"""

from collections.abc import Callable
from datetime import timedelta
from threading import Barrier, Thread
from typing import Any

import pytest
from django.db import ProgrammingError, connection
from django.test import Client as Browser
from django.urls import reverse

from apps.billing.models import Allocation, BankLine, Invoice, Payment, Reversal
from apps.billing.queries import (
    credit_of_client,
    get_billing_status,
    list_breaches,
    payment_of,
)
from apps.billing.queries.aging import owed_on
from apps.billing.rules import BillingRefused
from apps.billing.services import bank, issuing, vendor_events
from apps.billing.services.payments import record_payment, use_credit
from apps.billing.services.reversals import reverse_payment, unmatch_line
from apps.billing.tests.conftest import browser_of
from apps.billing.tests.factories import (
    AT,
    a_bank_line,
    an_invoice,
    an_overdue_invoice,
    card_payment,
    notice,
    pay,
    vendor_event,
)
from apps.identity.models import Client, User
from apps.identity.tests.factories import ClientFactory, UserFactory
from apps.shared.desk import page_of

pytestmark = pytest.mark.django_db


def take_back(
    payment: Payment, kind: str = "RETURNED", reason: str = "The debit came back.", **fields: Any
) -> Reversal:
    by = fields.pop("by", None) or UserFactory().pk
    return reverse_payment(payment.pk, kind=kind, reason=reason, by=by, **{"at": AT, **fields})


def now(invoice: Invoice) -> Invoice:
    return Invoice.objects.get(pk=invoice.pk)


def test_is_asked_for_again_by_its_invoice(acme: Client, reviewer: User, told: list) -> None:
    invoice = an_invoice(acme)
    payment = pay(invoice, 123)
    told.clear()
    take_back(payment, by=reviewer.pk)
    assert (now(invoice).state, now(invoice).paid, now(invoice).still_open) == ("ISSUED", 0, 123)
    (gone, note), (reopened, _) = told
    assert (gone.name, gone.kind, gone.amount.amount, note.actor_id) == (
        "PaymentReversed",
        "RETURNED",
        123,
        reviewer.pk,
    )
    assert note.after["taken_from"] == {invoice.number: "123.00 EUR"}
    assert (reopened.name, reopened.open.amount) == ("InvoiceReopened", 123)
    assert list_breaches() == []


def test_leaves_what_others_paid_and_late_what_is_late(acme: Client) -> None:
    invoice = an_overdue_invoice(acme)
    part = pay(invoice, 23)
    take_back(part)
    assert (now(invoice).state, now(invoice).paid) == ("OVERDUE", 0)
    first, rest = pay(invoice, 23), pay(invoice, 100)
    take_back(rest)
    assert (now(invoice).state, now(invoice).paid) == ("PARTIALLY_PAID", 23)
    assert issuing.mark_overdue(at=AT + timedelta(days=60)) == 1
    assert (now(invoice).state, payment_of(first).credit.amount) == ("OVERDUE", 0)
    assert list_breaches() == []


def test_takes_its_credit_along_wherever_that_was_put(acme: Client) -> None:
    invoice, other = an_invoice(acme), an_invoice(acme)
    payment = pay(invoice, 200)
    use_credit(other.pk, by=None)
    assert now(other).paid == 77
    take_back(payment)
    assert [(now(each).state, now(each).paid) for each in (invoice, other)] == [("ISSUED", 0)] * 2
    assert credit_of_client(acme.pk) == ()
    assert get_billing_status(acme.pk).last_payment_at is None
    with pytest.raises(BillingRefused, match="none in EUR"):
        use_credit(other.pk, by=None)
    assert list_breaches() == []


def test_goes_with_what_a_credit_note_had_set_free(acme: Client) -> None:
    invoice = an_invoice(acme)
    payment = pay(invoice, 123)
    issuing.void_invoice(invoice.pk, reason="Not done.", by=None, at=AT)
    take_back(payment)
    assert (now(invoice).state, credit_of_client(acme.pk)) == ("VOID", ())
    assert list_breaches() == []


def test_is_reversed_once_and_with_a_reason(acme: Client) -> None:
    payment = pay(an_invoice(acme), 123)
    with pytest.raises(BillingRefused, match="say why"):
        take_back(payment, reason=" ")
    take_back(payment)
    with pytest.raises(BillingRefused, match="reversed already"):
        take_back(payment)
    assert Reversal.objects.count() == 1
    with pytest.raises(ProgrammingError, match="Cannot update or delete"):
        Reversal.objects.update(amount=1)


def test_is_recorded_rightly_after_a_mistake_and_never_after_it_went_back(acme: Client) -> None:
    invoice, other = an_invoice(acme), an_invoice(acme)
    wrong = record_payment(invoice.pk, notice(321, "T1"), by=None, at=AT)
    take_back(wrong, "MISTAKE", "A slip of the pen.")
    right = record_payment(other.pk, notice(123, "T1"), by=None, at=AT)
    assert (right.recording, now(other).state) == (2, "PAID")
    assert record_payment(other.pk, notice(123, "T1"), by=None, at=AT) == right
    take_back(right)
    assert record_payment(other.pk, notice(123, "T1"), by=None, at=AT) == right
    assert (now(other).state, Payment.objects.count()) == ("ISSUED", 2)
    assert list_breaches() == []


def test_counted_until_it_was_reversed(acme: Client) -> None:
    invoice = an_invoice(acme)
    take_back(pay(invoice, 123), at=AT + timedelta(days=9))
    days = [(AT + timedelta(days=n)).date() for n in (1, 8, 9)]
    today = (AT + timedelta(days=30)).date()
    owed = [[each.owed for each in owed_on(Invoice.objects.all(), day, today=today)] for day in days]
    assert owed == [[], [], [123]]


# --- the bank ---------------------------------------------------------------------------------------------------------


def test_opens_its_line_of_the_bank_which_is_booked_rightly_then(acme: Client, globex: Client) -> None:
    wrong, right, mia = an_invoice(acme), an_invoice(globex), UserFactory()
    line = a_bank_line(wrong)
    with pytest.raises(BillingRefused, match="take the match back"):
        take_back(line.matches.get().payment, "MISTAKE")
    unmatch_line(line.pk, reason="It is from Globex.", by=mia.pk, at=AT)
    assert (BankLine.objects.get().state, now(wrong).state) == ("UNMATCHED", "ISSUED")
    bank.match_line(line.pk, [(right.pk, line.amount)], by=mia.pk, at=AT)
    assert (BankLine.objects.get().state, now(right).state) == ("MATCHED", "PAID")
    unmatch_line(line.pk, reason="No, from Acme.", by=mia.pk, at=AT)
    assert (Payment.objects.count(), Reversal.objects.count()) == (2, 2)
    with pytest.raises(BillingRefused, match="is UNMATCHED"):
        unmatch_line(line.pk, reason="Again.", by=mia.pk, at=AT)
    assert list_breaches() == []


def test_leaves_its_line_booked_where_the_money_went_back(acme: Client) -> None:
    line = a_bank_line(an_invoice(acme))
    take_back(line.matches.get().payment)
    assert BankLine.objects.get().state == "MATCHED"
    with pytest.raises(BillingRefused, match="reversed already"):
        unmatch_line(line.pk, reason="Wrong.", by=UserFactory().pk, at=AT)
    assert list_breaches() == []


# --- the card service -------------------------------------------------------------------------------------------------


def test_is_told_of_by_a_dispute_and_comes_again_when_that_is_won(acme: Client) -> None:
    invoice, mia = an_invoice(acme), UserFactory()
    payment = card_payment(invoice).payment
    with pytest.raises(BillingRefused, match="the card service told of it"):
        take_back(payment, "MISTAKE")
    about = {"transaction_id": payment.transaction_id, "amount": payment.amount}
    partial = vendor_event(invoice, kind="DISPUTED", **about | {"amount": payment.amount - 1})
    with pytest.raises(BillingRefused, match="write a credit note for that part"):
        vendor_events.reverse_disputed(partial.pk, by=mia.pk, at=AT)
    disputed = vendor_event(invoice, kind="DISPUTED", **about)
    assert "taken back by the bank of who paid" in disputed.told
    vendor_events.reverse_disputed(disputed.pk, by=mia.pk, at=AT)
    assert now(invoice).paid == 0
    with pytest.raises(BillingRefused, match="dealt with it already"):
        vendor_events.reverse_disputed(disputed.pk, by=mia.pk, at=AT)
    won = vendor_event(invoice, kind="REINSTATED", transaction_id="du_1", amount=payment.amount)
    assert vendor_events.match_event(won.pk, invoice.number, by=mia.pk, at=AT) != payment
    assert now(invoice).paid == payment.amount
    assert list_breaches() == []


def test_cannot_be_one_that_went_back_whole(acme: Client) -> None:
    invoice, mia = an_invoice(acme), UserFactory()
    payment = card_payment(invoice, amount=invoice.total).payment
    issuing.void_invoice(invoice.pk, reason="Not done.", by=None, at=AT)
    refund = vendor_event(invoice, transaction_id=payment.transaction_id, amount=payment.amount)
    vendor_events.book_refund(refund.pk, by=mia.pk, at=AT)
    with pytest.raises(BillingRefused, match="went back whole already"):
        take_back(payment)


# --- at the desk ------------------------------------------------------------------------------------------------------


def test_says_at_the_desk_what_it_would_lead_to(finance: Browser, acme: Client) -> None:
    invoice = an_invoice(acme)
    payment = pay(invoice, 200)
    url = reverse("admin:billing_payment_reverse", args=[payment.pk])
    assert url in finance.get(page_of(payment)).content.decode()
    page = finance.get(url).content.decode()
    assert f"123.00 EUR by {invoice.number}" in page
    assert "77.00 EUR of the client&#x27;s credit goes with it" in page or "77.00 EUR of the client's credit" in page
    refused = finance.post(url, {"kind": "", "reason": ""}).content.decode()
    assert "Say which of both." in refused
    assert "Say why." in refused
    assert not Reversal.objects.exists()
    done = finance.post(url, {"kind": "RETURNED", "reason": "Bounced."}, follow=True).content.decode()
    assert "It counts no more" in done
    assert url not in done
    again = finance.post(url, {"kind": "RETURNED", "reason": "Bounced."}).content.decode()
    assert "reversed already" in again


@pytest.mark.parametrize("role", ["Account manager", "Producer"])
def test_is_reversed_by_finance_alone(role: str, acme: Client) -> None:
    payment = pay(an_invoice(acme), 123)
    url = reverse("admin:billing_payment_reverse", args=[payment.pk])
    assert browser_of(role).post(url, {"kind": "RETURNED", "reason": "x"}).status_code == 403
    assert not Reversal.objects.exists()


def test_is_taken_back_on_the_page_of_its_line(finance: Browser, acme: Client) -> None:
    line = a_bank_line(an_invoice(acme))
    assert "Take the match back" in finance.get(page_of(line)).content.decode()


# --- at once ----------------------------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_keeps_the_books_when_its_credit_is_put_elsewhere_at_the_same_moment() -> None:
    client, mia = ClientFactory(), UserFactory()
    first = an_invoice(client)
    others, payment = [an_invoice(client) for _ in range(3)], pay(first, 800)
    deeds = [lambda each=each: use_credit(each.pk, by=None) for each in others]
    deeds += [lambda: take_back(payment, by=mia.pk)] * 2
    start, refused = Barrier(len(deeds)), []

    def do(deed: Callable[[], Any]) -> None:
        start.wait()
        try:
            deed()
        except BillingRefused as refusal:
            refused.append(str(refusal))
        finally:
            connection.close()

    threads = [Thread(target=do, args=[deed]) for deed in deeds]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    if not Reversal.objects.exists():  # every try to reverse came while some of it was being put elsewhere
        take_back(payment, by=mia.pk)
    assert Reversal.objects.count() == 1
    assert sum(each.amount for each in Allocation.objects.all()) == 0
    assert {now(each).paid for each in (first, *others)} == {0}
    assert list_breaches() == []
