"""In a real browser, a quote …"""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from urllib.request import Request, urlopen

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect

from aicmo_site.tests.browsing import grave_violations
from aicmo_site.tests.test_client_story import log_in_as_client
from aicmo_site.tests.test_login_in_a_browser import is_wider_than_the_phone, phone  # noqa: F401
from apps.billing.models import Invoice, Quote
from apps.billing.tests import card_service
from apps.billing.tests.card_service import KEY, SECRET, signature
from apps.billing.tests.factories import TaxRateFactory, a_current_quote, line
from apps.identity.models import Client
from apps.identity.tests.factories import ClientFactory, MembershipFactory
from apps.orchestration.services import outbox
from apps.shared.desk import page_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def client_of_ours(transactional_db: None) -> Client:
    return ClientFactory(name="Bright Harbour Dental")


@pytest.mark.timeout(300)
def test_is_written_and_sent_at_the_desk(
    client_of_ours: Client, page: Page, live_server: Any, log_in: Callable
) -> None:
    log_in("Finance")
    TaxRateFactory(name="VAT 23 %")
    page.goto(f"{live_server.url}{reverse('admin:billing_quote_new')}?client={client_of_ours.pk}")
    assert grave_violations(page) == []
    page.get_by_label("Valid until").fill((timezone.localdate() + timedelta(days=20)).isoformat())
    page.get_by_label("Deposit in percent").fill("30")
    page.fill("[name=lines-0-description]", "Campaign")
    page.fill("[name=lines-0-unit_price]", "1000")
    page.locator("[name=lines-0-tax_rate]").select_option(label="IE: VAT 23 % (23 %)")
    page.get_by_role("button", name="Store the draft").click()
    expect(page.get_by_role("heading", name="What is offered")).to_be_visible()
    assert grave_violations(page) == []
    page.get_by_role("link", name="Change", exact=True).click()
    page.get_by_label("Terms").fill("Work begins in May.")
    assert grave_violations(page) == []
    page.get_by_role("button", name="Store the draft").click()
    page.get_by_text("Send", exact=True).first.click()
    expect(page.get_by_text("is offered 1,230.00 EUR, of it 300.00 EUR before tax as a deposit")).to_be_visible()
    page.locator("#modal-content").get_by_role("button", name="Send").click()
    expect(page.get_by_text("Send: it is QUO-")).to_be_visible()
    assert (Quote.objects.get().state, Quote.objects.get().terms) == ("SENT", "Work begins in May.")


@pytest.mark.timeout(300)
def test_is_accepted_on_a_phone_and_drafts_its_deposit(
    client_of_ours: Client,
    phone: Page,  # noqa: F811
    live_server: Any,
) -> None:
    of_line = line(1000, TaxRateFactory(), description="Campaign")
    quote = a_current_quote(client_of_ours, of_line, deposit_percent=30, terms="As agreed.")
    log_in_as_client(phone, live_server, MembershipFactory(client=client_of_ours).user)
    phone.get_by_role("link", name=f"Quote {quote.number}").click()
    assert grave_violations(phone) == []
    assert not is_wider_than_the_phone(phone)
    phone.get_by_label("Your name, as your signature").fill("Anna Approver")
    phone.get_by_role("button", name="Accept this quote of €1,230.00").click()
    expect(phone.get_by_text("you have accepted this quote")).to_be_visible()
    expect(phone.get_by_text("signed by Anna Approver")).to_be_visible()
    outbox.dispatch_events()
    assert (Invoice.objects.get().quote, Invoice.objects.get().total) == (quote, 369)
    assert grave_violations(phone) == []


def deliver(live_server: Any, body: bytes) -> int:
    """Post an event to us as the card service does."""
    headers = {"Content-Type": "application/json", "Stripe-Signature": signature(body, at=timezone.now())}
    request = Request(live_server.url + reverse("hear-stripe"), data=body, headers=headers)
    with urlopen(request) as answer:
        return answer.status


@pytest.mark.timeout(300)
def test_becomes_a_deposit_that_is_paid_by_card_and_lets_work_start(
    client_of_ours: Client,
    phone: Page,  # noqa: F811
    page: Page,
    live_server: Any,
    log_in: Callable,
    settings: Any,
) -> None:
    settings.BASE_URL, settings.WEBHOOK_PRIVATE = live_server.url, True
    settings.STRIPE_KEY, settings.STRIPE_WEBHOOK_SECRETS = KEY, [SECRET]
    quote = a_current_quote(client_of_ours, line(1000, TaxRateFactory(), description="Campaign"), deposit_percent=30)
    with card_service.running() as service:
        settings.STRIPE_URL = settings.STRIPE_PAGES = service.url
        log_in_as_client(phone, live_server, MembershipFactory(client=client_of_ours).user)
        phone.goto(live_server.url + reverse("portal-quote", args=[quote.pk]))
        phone.get_by_label("Your name, as your signature").fill("Anna Approver")
        phone.get_by_role("button", name="Accept this quote").click()
        expect(phone.get_by_text("you have accepted this quote")).to_be_visible()
        outbox.dispatch_events()
        invoice = Invoice.objects.get()

        log_in("Finance")
        page.goto(live_server.url + page_of(client_of_ours))
        expect(page.get_by_text("Waits for the deposit")).to_be_visible()
        assert grave_violations(page) == []
        page.goto(live_server.url + page_of(invoice))
        page.get_by_text("Issue", exact=True).first.click()
        page.locator("#modal-content").get_by_role("button", name="Issue").click()
        expect(page.get_by_text("Issue: it is INV-")).to_be_visible()

        phone.goto(live_server.url + reverse("portal-invoice", args=[invoice.pk]))
        assert grave_violations(phone) == []
        assert not is_wider_than_the_phone(phone)
        phone.get_by_role("button", name="Pay €369.00 by card").click()
        phone.get_by_role("button", name="Pay now").click()
        expect(phone.get_by_text("We wait for the confirmation of the card service.")).to_be_visible()
        assert grave_violations(phone) == []
        invoice.refresh_from_db()
        assert invoice.state == "ISSUED", "who came back has not paid yet"
        (session,) = service.sessions.values()
        told = card_service.event("checkout.session.completed", session, at=timezone.now())
        assert [deliver(live_server, told) for _ in range(2)] == [200, 200]
        expect(phone.get_by_text("The card service has confirmed your payment.")).to_be_visible()

        page.goto(live_server.url + page_of(client_of_ours))
        expect(page.get_by_text("Deposit paid: work may start")).to_be_visible()
        page.goto(live_server.url + reverse("admin:billing_vendorevent_changelist"))
        expect(page.get_by_text("BOOKED", exact=True)).to_be_visible()
        assert grave_violations(page) == []
