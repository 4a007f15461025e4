"""At the desk, what the card service told …"""

from datetime import timedelta

import pytest
from django.test import Client as Browser
from django.urls import reverse
from django.utils import timezone
from uuid_utils.compat import uuid7

from apps.billing.api.dtos import Deposit
from apps.billing.models import Handling, Payment, VendorEvent
from apps.billing.queries import measure_cards
from apps.billing.services import contracts, drafts, issuing, vendor_events
from apps.billing.tests.conftest import browser_of
from apps.billing.tests.factories import AT, TaxRateFactory, a_draft, an_invoice, card_payment, line, pay, vendor_event
from apps.identity.models import Client
from apps.identity.tests.factories import UserFactory
from apps.shared.desk import page_of
from apps.shared.dtos import Money

pytestmark = pytest.mark.django_db

LIST = reverse("admin:billing_vendorevent_changelist")


def press(browser: Browser, event: VendorEvent, name: str, answer: str) -> str:
    path = reverse(f"admin:billing_vendorevent_{name}", args=[event.pk])
    sent = browser.post(path, {"_form_submitted": "1", "reason": answer}, follow=True)
    return sent.content.decode()


def test_is_on_the_first_page_of_finance_as_long_as_it_needs_somebody(finance: Browser, acme: Client) -> None:
    card_payment(an_invoice(acme), amount=123)
    unmatched, refund = card_payment(None, amount=50), vendor_event(an_invoice(acme))
    (worklist,) = finance.get(reverse("admin:index")).context["worklists"]
    assert worklist.title == "Payments by card to look into"
    assert [page_of(unmatched) in worklist.entries[0].what, page_of(refund) in worklist.entries[1].what] == [True] * 2
    assert worklist.entries[0].why == "It names no invoice of ours that was issued."
    assert len(finance.get(worklist.url).context["cl"].result_list) == 2
    press(finance, unmatched, "close", "Given back at the service.")
    (worklist,) = finance.get(reverse("admin:index")).context["worklists"]
    assert [page_of(refund) in each.what for each in worklist.entries] == [True]


def test_is_measured_by_how_long_it_waits(acme: Client) -> None:
    def waited() -> list[float]:
        (metric,) = measure_cards(timezone.now() + timedelta(hours=1))
        return [sample.value for sample in metric.samples]

    card_payment(an_invoice(acme))
    assert waited() == []
    event = vendor_event(None, kind="DISPUTED")
    assert waited() == [pytest.approx(3600, abs=60)]
    vendor_events.close_event(event.pk, reason="Not ours.", by=UserFactory().pk, at=timezone.now())
    assert waited() == []


def test_is_put_to_the_invoice_whose_number_is_typed(finance: Browser, acme: Client) -> None:
    invoice, event = an_invoice(acme), card_payment(None, amount=123)
    assert "there is none called" in press(finance, event, "match", "INV-1999-0001")
    assert f"it is a payment of {invoice}" in press(finance, event, "match", str(invoice))
    assert (Payment.objects.get().invoice, Handling.objects.get().event) == (invoice, event)
    shown = finance.get(page_of(event)).content.decode()
    assert f"Put to {invoice} by hand." in shown
    assert page_of(Payment.objects.get()) in shown


def test_says_to_who_comes_late_that_it_was_dealt_with(finance: Browser, acme: Client) -> None:
    invoice, event = an_invoice(acme), card_payment(None, amount=123)
    press(finance, event, "match", str(invoice))
    assert "somebody has dealt with it already" in press(finance, event, "close", "Again.")
    assert Handling.objects.count() == 1


def test_is_read_and_never_written(finance: Browser, acme: Client) -> None:
    event = card_payment(an_invoice(acme), amount=123)
    assert finance.get(LIST).status_code == finance.get(page_of(event)).status_code == 200
    assert finance.get(reverse("admin:billing_vendorevent_add")).status_code == 403
    assert finance.post(page_of(event), {"told": "Nothing."}).status_code == 403
    assert finance.post(reverse("admin:billing_vendorevent_delete", args=[event.pk])).status_code == 403
    assert browser_of("Producer").get(LIST).status_code == 403


def test_says_on_the_client_s_page_whether_its_work_may_start(acme: Client) -> None:
    manager, page = browser_of("Account manager"), page_of(acme)
    assert "deposit" not in manager.get(page).content.decode().lower()
    agreed = Money(amount=100, currency="EUR")
    draft = contracts.draft_deposit(acme.pk, Deposit(deal_id=uuid7(), amount=agreed, of=agreed), by=None)
    told = manager.get(page).content.decode()
    assert "Waits for the deposit" in told
    assert "is drafted and not yet issued." in told
    item = line(100, TaxRateFactory())
    drafts.change_line(draft.pk, 1, item, reason="Taxed.", by=None)
    invoice = issuing.issue_invoice(draft.pk, by=None, at=AT)
    assert f"123.00 EUR of {invoice} is to be paid by 16 Mar 2026." in manager.get(page).content.decode()
    pay(invoice, 123)
    told = manager.get(page).content.decode()
    assert "Deposit paid: work may start" in told
    assert "Waits for the deposit" not in told
    a_draft(acme)
    assert "Deposit paid: work may start" in manager.get(page).content.decode()
