"""What the card service tells …"""

import random
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.db import connection
from django.db.utils import ProgrammingError
from django.http import HttpResponse
from django.test import Client as Browser
from django.urls import reverse
from django.utils import timezone

from apps.billing.api.events import DepositPaid, PaymentFailed
from apps.billing.models import Allocation, Checkout, Handling, Invoice, Payment, Refund, VendorEvent
from apps.billing.queries import credit_of_client, list_breaches
from apps.billing.rules import BillingRefused
from apps.billing.services import checkouts, issuing, vendor_events
from apps.billing.services.payments import use_credit
from apps.billing.services.quoted import bill_quote
from apps.billing.tests.card_service import SECRET, event, paid_session, signature
from apps.billing.tests.factories import TaxRateFactory, a_current_quote, a_draft, accepted, an_invoice, line, pay
from apps.identity.models import Client, User
from apps.identity.tests.factories import ClientFactory, UserFactory

pytestmark = pytest.mark.django_db

AT = datetime(2026, 12, 1, 12, tzinfo=UTC)
COMPLETED = "checkout.session.completed"


@pytest.fixture(autouse=True)
def known_secret(settings: Any) -> None:
    settings.STRIPE_WEBHOOK_SECRETS = [SECRET]


def send(body: bytes, signed: str, *, at: datetime = AT) -> HttpResponse:
    """Deliver an event at a moment."""
    with time_machine.travel(at, tick=False):
        return Browser().post(
            reverse("hear-stripe"), body, content_type="application/json", headers={"Stripe-Signature": signed}
        )


def hear(kind: str, about: dict[str, Any], name: str = "", at: datetime = AT) -> VendorEvent:
    """Deliver an event that is signed, and return what is kept of it."""
    name = name or f"evt_{uuid4().hex}"
    body = event(kind, about, at=at, name=name)
    answer = send(body, signature(body, at=at), at=at)
    assert answer.status_code == 200, answer.content
    return VendorEvent.objects.get(event_id=name)


# --- its signature ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("seconds", [-300, -299, 0, 299, 300])
def test_counts_for_five_minutes(acme: Client, seconds: int) -> None:
    body = event(COMPLETED, paid_session(an_invoice(acme)), at=AT)
    assert send(body, signature(body, at=AT), at=AT + timedelta(seconds=seconds)).status_code == 200
    assert Payment.objects.count() == 1


@pytest.mark.parametrize("seconds", [-301, 301, 86_400])
def test_is_refused_before_and_after(acme: Client, seconds: int) -> None:
    body = event(COMPLETED, paid_session(an_invoice(acme)), at=AT)
    assert send(body, signature(body, at=AT), at=AT + timedelta(seconds=seconds)).status_code == 400
    assert (Payment.objects.count(), VendorEvent.objects.count()) == (0, 0)


def _signed_otherwise(body: bytes) -> dict[str, str]:
    good, bad = signature(body, at=AT), signature(body, at=AT, secret="whsec_of_somebody_else")
    stamp, v1 = good.split(",")[0], good.split(",")[1]
    return {
        "none": "",
        "of another secret": bad,
        "of another scheme": f"{stamp},v0={v1[3:]}",
        "without a time": v1,
        "of another time": f"t={int(AT.timestamp()) + 1},{v1}",
        "with two times": f"t={int(AT.timestamp()) - 9},{good}",
        "in capitals": f"{stamp},{v1.upper()}",
        "cut": good[:40],
        "no text": "t=1,v1=ä",
        "a flood": "v1=0," * 5000,
        "a time that is none": f"t=x,{v1}",
        "a time beyond counting": f"t={'9' * 5000},{v1}",
    }


@pytest.mark.parametrize("kind", _signed_otherwise(b""))
def test_is_refused_with_a_signature(acme: Client, kind: str) -> None:
    body = event(COMPLETED, paid_session(an_invoice(acme)), at=AT)
    assert send(body, _signed_otherwise(body)[kind]).status_code == 400
    assert VendorEvent.objects.count() == 0


def test_is_signed_byte_by_byte(acme: Client) -> None:
    body = event(COMPLETED, paid_session(an_invoice(acme)), at=AT)
    signed = signature(body, at=AT)
    for other in (body + b" ", body.replace(b"  ", b" ", 1), body[:-1], b"\xff" + body):
        assert send(other, signed).status_code == 400
    assert send(body, signed).status_code == 200


def test_may_be_signed_by_either_of_two_secrets(acme: Client, settings: Any) -> None:
    settings.STRIPE_WEBHOOK_SECRETS = ["whsec_of_tomorrow_onwards", SECRET]
    for secret in settings.STRIPE_WEBHOOK_SECRETS:
        body = event(COMPLETED, paid_session(an_invoice(acme)), at=AT)
        assert send(body, signature(body, at=AT, secret=secret)).status_code == 200
    assert Payment.objects.count() == 2


def test_is_refused_when_it_is_too_long() -> None:
    body = b" " * 262_145
    assert send(body, signature(body, at=AT)).status_code == 413


@pytest.mark.parametrize("body", [b"", b"{}", b"[]", b"null", b'{"id": 1}', b"[" * 100_000, b"\xc3("])
def test_is_refused_when_it_is_no_event(body: bytes) -> None:
    assert send(body, signature(body, at=AT)).status_code == 400


def test_comes_by_post_alone_and_without_a_cookie() -> None:
    strict = Browser(enforce_csrf_checks=True)
    assert strict.get(reverse("hear-stripe")).status_code == 405
    assert strict.post(reverse("hear-stripe"), b"x", content_type="application/json").status_code == 400


# --- what follows -----------------------------------------------------------------------------------------------------


def test_is_recorded_as_the_payment_of_its_invoice(acme: Client, anna: User) -> None:
    invoice = an_invoice(acme)
    checkout = checkouts.begin_checkout(invoice.pk, by=anna.pk, at=AT)
    about = paid_session(invoice, metadata={"checkout_id": str(checkout.pk), "invoice_id": str(invoice.pk)})
    heard = hear(COMPLETED, about)
    invoice.refresh_from_db()
    payment = Payment.objects.get()
    assert (invoice.state, heard.outcome, heard.payment) == ("PAID", "BOOKED", payment)
    assert (payment.provider, payment.transaction_id, payment.method) == ("STRIPE", about["payment_intent"], "CARD")
    assert (payment.amount, payment.paid_at, Checkout.objects.get().state) == (123, AT, "PAID")
    assert list_breaches() == []


@pytest.mark.parametrize(("currency", "units", "amount"), [("JPY", 123, 123), ("KWD", 123000, 123)])
def test_is_reckoned_in_the_units_of_its_currency(acme: Client, currency: str, units: int, amount: int) -> None:
    acme.currency = currency
    acme.save()
    hear(COMPLETED, paid_session(an_invoice(acme), amount_total=units))
    assert Payment.objects.get().amount == Decimal(amount)


def test_changes_nothing_when_it_comes_again(acme: Client) -> None:
    about = paid_session(an_invoice(acme))
    for _ in range(3):
        hear(COMPLETED, about, "evt_1")
    hear("checkout.session.async_payment_succeeded", about, "evt_2")
    assert (Payment.objects.count(), VendorEvent.objects.count()) == (1, 2)
    assert VendorEvent.objects.get(event_id="evt_2").told == "It was recorded before."


def test_may_come_in_another_order(acme: Client, anna: User) -> None:
    invoice = an_invoice(acme)
    checkout = checkouts.begin_checkout(invoice.pk, by=anna.pk, at=AT)
    about = paid_session(invoice, metadata={"checkout_id": str(checkout.pk)})
    hear("checkout.session.expired", about)
    hear("checkout.session.async_payment_failed", about)
    hear("checkout.session.async_payment_succeeded", about)
    assert hear(COMPLETED, about | {"payment_status": "unpaid"}).outcome == "NOTED"
    invoice.refresh_from_db()
    assert (invoice.state, Checkout.objects.get().state, Payment.objects.count()) == ("PAID", "PAID", 1)


def test_gives_credit_where_it_is_more_than_is_open(acme: Client) -> None:
    invoice = an_invoice(acme)
    about = paid_session(invoice)
    pay(invoice, 23)
    hear(COMPLETED, about)
    assert Allocation.objects.order_by("-id").first().amount == 100
    assert Payment.objects.get(provider="STRIPE").amount == 123
    assert list_breaches() == []


def test_is_kept_for_finance_where_no_invoice_takes_it(acme: Client) -> None:
    paid, void, draft, other = an_invoice(acme), an_invoice(acme), a_draft(acme), an_invoice(acme)
    pay(paid, 123)
    issuing.void_invoice(void.pk, reason="Wrong.", by=None, at=AT)
    abouts = [paid_session(each, amount_total=12300) for each in (paid, void, draft)]
    abouts += [
        paid_session(other, metadata={}),
        paid_session(other, currency="usd"),
        paid_session(other, metadata=None),
    ]
    abouts += [paid_session(other, metadata={"invoice_id": str(uuid4())}), paid_session(other, amount_total="much")]
    heard = [hear(COMPLETED, about) for about in abouts]
    assert {each.outcome for each in heard} == {"UNMATCHED"}
    assert [each.amount for each in heard] == [123] * 7 + [None]
    assert VendorEvent.objects.unhandled().count() == 8
    assert Payment.objects.filter(provider="STRIPE").count() == 0


def test_is_kept_and_left_alone_when_it_is_of_another_kind() -> None:
    assert hear("customer.created", {"id": "cus_1", "email": "mia@clinic.example"}).outcome == "NOTED"
    kept = VendorEvent.objects.values().get()
    assert "mia@clinic.example" not in repr(kept)


def test_says_that_a_payment_failed(acme: Client, told: list) -> None:
    invoice = an_invoice(acme)
    about = {"id": "pi_1", "amount": 12300, "currency": "eur", "metadata": {"invoice_id": str(invoice.pk)}}
    heard = hear("payment_intent.payment_failed", about | {"last_payment_error": {"code": "card_declined"}})
    failed = next(each for each, _ in told if isinstance(each, PaymentFailed))
    assert (failed.aggregate_id, failed.client_id, failed.reason) == (invoice.pk, acme.pk, "card declined")
    assert (heard.outcome, heard.invoice) == ("FAILED", invoice)


def test_asks_for_a_person_when_money_went_back(acme: Client) -> None:
    invoice = an_invoice(acme)
    about = paid_session(invoice)
    hear(COMPLETED, about)
    refund = {"id": "ch_1", "payment_intent": about["payment_intent"], "amount_refunded": 2300, "currency": "eur"}
    heard = hear("charge.refunded", refund)
    assert (heard.outcome, heard.invoice, heard.amount) == ("REFUNDED", invoice, 23)
    assert f"23.00 EUR of {invoice} went back" in heard.told
    assert list(VendorEvent.objects.unhandled()) == [heard]
    assert list_breaches() == []


def test_lets_work_start_once_the_deposit_is_paid(acme: Client, anna: User, told: list) -> None:
    now = timezone.now()
    quote = a_current_quote(acme, line(1000, TaxRateFactory()), deposit_percent=30)
    accepted(quote, anna.pk, at=now)
    deposit = issuing.issue_invoice(bill_quote(quote.pk, by=None).pk, by=None, at=now)
    hear(COMPLETED, paid_session(deposit, amount_total=10000), at=now.replace(microsecond=0))
    assert [each for each, _ in told if isinstance(each, DepositPaid)] == []
    hear(COMPLETED, paid_session(deposit, amount_total=26900), at=now.replace(microsecond=0))
    paid = next(each for each, _ in told if isinstance(each, DepositPaid))
    assert (paid.aggregate_id, paid.number) == (deposit.pk, deposit.number)


# --- what people do ---------------------------------------------------------------------------------------------------


def test_is_put_to_an_invoice_by_hand_once(acme: Client) -> None:
    heard, invoice, mia = hear(COMPLETED, paid_session(an_invoice(acme), metadata={})), an_invoice(acme), UserFactory()
    with pytest.raises(BillingRefused, match="none called"):
        vendor_events.match_event(heard.pk, "INV-1", by=mia.pk, at=AT)
    payment = vendor_events.match_event(heard.pk, f" {invoice.number.lower()}", by=mia.pk, at=AT)
    invoice.refresh_from_db()
    assert (invoice.state, payment.transaction_id) == ("PAID", heard.transaction_id)
    assert VendorEvent.objects.unhandled().count() == 0
    with pytest.raises(BillingRefused, match="already"):
        vendor_events.match_event(heard.pk, invoice.number, by=mia.pk, at=AT)
    assert (Payment.objects.count(), Handling.objects.get().payment) == (1, payment)


def test_is_booked_as_a_refund_of_what_a_credit_note_set_free(acme: Client) -> None:
    invoice, mia = an_invoice(acme), UserFactory()
    about = paid_session(invoice)
    hear(COMPLETED, about)
    refund = {"id": "ch_1", "payment_intent": about["payment_intent"], "currency": "eur"}
    first, second = (hear("charge.refunded", refund | {"amount_refunded": sum_}) for sum_ in (2300, 12300))
    with pytest.raises(BillingRefused, match=r"0\.00 EUR of the payment is free; write the credit note first"):
        vendor_events.book_refund(first.pk, by=mia.pk, at=AT)
    issuing.void_invoice(invoice.pk, reason="Not done.", by=None, at=AT)
    assert credit_of_client(acme.pk)[0].amount == 123
    assert vendor_events.book_refund(first.pk, by=mia.pk, at=AT).amount == 23
    assert vendor_events.book_refund(second.pk, by=mia.pk, at=AT).amount == 100
    assert credit_of_client(acme.pk) == ()
    assert VendorEvent.objects.unhandled().count() == 0
    with pytest.raises(BillingRefused, match="none in EUR"):
        use_credit(an_invoice(acme).pk, by=None)
    assert list_breaches() == []


def test_is_booked_once_though_an_earlier_sum_comes_later(acme: Client) -> None:
    invoice, mia = an_invoice(acme), UserFactory()
    about = paid_session(invoice, amount_total=20000)
    hear(COMPLETED, about)
    refund = {"id": "ch_1", "payment_intent": about["payment_intent"], "currency": "eur"}
    later, earlier = (hear("charge.refunded", refund | {"amount_refunded": sum_}) for sum_ in (7000, 3000))
    vendor_events.book_refund(later.pk, by=mia.pk, at=AT)
    with pytest.raises(BillingRefused, match="by a later event already"):
        vendor_events.book_refund(earlier.pk, by=mia.pk, at=AT)
    assert Refund.objects.get().amount == 70
    with pytest.raises(ProgrammingError, match="Cannot update or delete"):
        Refund.objects.update(amount=1)


def test_is_closed_by_hand_with_a_reason(acme: Client) -> None:
    heard, mia = hear(COMPLETED, paid_session(an_invoice(acme), metadata={})), UserFactory()
    with pytest.raises(BillingRefused, match="reason"):
        vendor_events.close_event(heard.pk, reason=" ", by=mia.pk, at=AT)
    vendor_events.close_event(heard.pk, reason="Given back at the service.", by=mia.pk, at=AT)
    assert VendorEvent.objects.unhandled().count() == 0


def test_needs_nobody_when_it_was_booked(acme: Client) -> None:
    heard = hear(COMPLETED, paid_session(an_invoice(acme)))
    with pytest.raises(BillingRefused, match="nobody needs"):
        vendor_events.close_event(heard.pk, reason="Why not.", by=UserFactory().pk, at=AT)


def test_never_changes(acme: Client) -> None:
    hear(COMPLETED, paid_session(an_invoice(acme)))
    with pytest.raises(ProgrammingError, match="Cannot update or delete"):
        VendorEvent.objects.update(outcome="NOTED")


# --- many of them -----------------------------------------------------------------------------------------------------


def test_has_one_effect_each_however_often_and_in_whatever_order_it_comes(acme: Client) -> None:
    """1,000 events of which each comes one to five times, shuffled; one in twenty has a signature that is wrong."""
    dice = random.Random(7)
    rate = TaxRateFactory()
    invoice = an_invoice(acme, line(10_000_000, rate))
    bodies = [
        event(COMPLETED, paid_session(invoice, amount_total=100 + n), at=AT, name=f"evt_{n}") for n in range(1000)
    ]
    wrong = set(dice.sample(range(1000), 50))
    deliveries = [n for n in range(1000) for _ in range(dice.randint(1, 5))]
    dice.shuffle(deliveries)
    answers: Counter[int] = Counter()
    url, browser = reverse("hear-stripe"), Browser()
    with time_machine.travel(AT, tick=False):
        for n in deliveries:
            body = bodies[n]
            signed = signature(body + b" " if n in wrong else body, at=AT)
            sent = browser.post(url, body, content_type="application/json", headers={"Stripe-Signature": signed})
            answers[sent.status_code] += 1
    assert answers == {200: sum(n not in wrong for n in deliveries), 400: sum(n in wrong for n in deliveries)}
    assert (Payment.objects.count(), VendorEvent.objects.filter(outcome="BOOKED").count()) == (950, 950)
    invoice.refresh_from_db()
    assert invoice.paid == sum(Decimal(100 + n) / 100 for n in range(1000) if n not in wrong)
    assert list_breaches() == []


@pytest.mark.django_db(transaction=True)
def test_has_one_effect_when_eight_tell_it_at_once(transactional_db: None) -> None:
    client = ClientFactory(name="Acme", slug="acme")

    def told(deed: Callable[[], HttpResponse]) -> int:
        try:
            return deed().status_code
        finally:
            connection.close()

    invoices = [an_invoice(client) for _ in range(5)]
    now = timezone.now().replace(microsecond=0)
    for invoice in invoices:
        body = event(COMPLETED, paid_session(invoice), at=now)
        signed = signature(body, at=now)

        def deliver(body: bytes = body, signed: str = signed) -> HttpResponse:
            return Browser().post(
                reverse("hear-stripe"), body, content_type="application/json", headers={"Stripe-Signature": signed}
            )

        with ThreadPoolExecutor(8) as pool:
            assert list(pool.map(told, [deliver] * 8)) == [200] * 8
    assert (Payment.objects.count(), VendorEvent.objects.count(), Allocation.objects.count()) == (5, 5, 5)
    assert set(Invoice.objects.values_list("state", flat=True)) == {"PAID"}
    assert list_breaches() == []
