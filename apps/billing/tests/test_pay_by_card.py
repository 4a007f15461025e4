"""A client that pays by card …"""

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core import checks
from django.db import transaction
from django.test import Client as Browser
from django.urls import reverse
from django.utils import timezone
from uuid_utils.compat import uuid7

from apps.billing.models import Checkout, Invoice
from apps.billing.services import checkouts, payments
from apps.billing.tests import card_service
from apps.billing.tests.card_service import CardService
from apps.billing.tests.factories import TaxRateFactory, an_invoice, line, pay
from apps.identity.models import Client, User
from apps.identity.tests.factories import MembershipFactory
from apps.shared.gateways import cards, proof

pytestmark = pytest.mark.django_db


@pytest.fixture
def service(settings: Any) -> Iterator[CardService]:
    """A card service that is set up, and speaks Stripe's protocol."""
    with card_service.running() as running:
        settings.WEBHOOK_PRIVATE = True
        settings.STRIPE_KEY, settings.STRIPE_WEBHOOK_SECRETS = card_service.KEY, [card_service.SECRET]
        settings.STRIPE_URL = settings.STRIPE_PAGES = running.url
        yield running


@pytest.fixture
def browser(anna: User) -> Browser:
    browser = Browser()
    browser.force_login(anna)
    return browser


def begin(invoice: Invoice, by: User) -> Checkout:
    return checkouts.begin_checkout(invoice.pk, by=by.pk, at=timezone.now())


def test_is_led_to_a_page_for_what_is_open(acme: Client, browser: Browser, service: CardService) -> None:
    invoice = an_invoice(acme)
    pay(invoice, 23)
    told = browser.post(reverse("portal-invoice-pay", args=[invoice.pk]))
    led = browser.get(told["Location"])
    session = next(iter(service.sessions.values()))
    assert led["Location"] == session["url"]
    assert (session["amount_total"], session["currency"]) == (10000, "eur")
    checkout = Checkout.objects.get()
    assert session["metadata"] == {"invoice_id": str(invoice.pk), "checkout_id": str(checkout.pk)}
    assert session["success_url"].endswith(reverse("portal-checkout", args=[checkout.pk]))


def test_is_led_to_the_same_page_again(acme: Client, browser: Browser, service: CardService) -> None:
    invoice = an_invoice(acme)
    ways = [browser.post(reverse("portal-invoice-pay", args=[invoice.pk]))["Location"] for _ in range(2)]
    pages = {browser.get(way)["Location"] for way in ways}
    assert (len(set(ways)), len(pages), len(service.asked)) == (1, 1, 1)


def test_gets_one_page_though_the_answer_was_lost(acme: Client, anna: User, service: CardService) -> None:
    begun = begin(an_invoice(acme), anna)
    first = checkouts.open_checkout(begun.pk, at=timezone.now())
    Checkout.objects.update(url="", session_id="", expires_at=None)  # as if we had died before it was stored
    assert checkouts.open_checkout(begun.pk, at=timezone.now()) == first
    assert (len(service.sessions), len(service.asked)) == (1, 2)
    assert {headers["idempotency-key"] for _, headers in service.asked} == {f"checkout-{begun.pk}"}


def test_gets_a_new_page_once_the_old_one_has_expired(acme: Client, anna: User, service: CardService) -> None:
    invoice = an_invoice(acme)
    old = begin(invoice, anna)
    checkouts.open_checkout(old.pk, at=timezone.now())
    new = checkouts.begin_checkout(invoice.pk, by=anna.pk, at=timezone.now() + timedelta(days=2))
    old.refresh_from_db()
    assert (old.state, new.state, new.pk != old.pk) == ("EXPIRED", "OPEN", True)


def test_gets_a_page_for_another_amount_after_paying_a_part(acme: Client, anna: User, service: CardService) -> None:
    invoice = an_invoice(acme)
    old = begin(invoice, anna)
    pay(invoice, 23)
    with pytest.raises(checkouts.NothingToPay, match="has changed"):
        checkouts.open_checkout(old.pk, at=timezone.now())
    assert begin(invoice, anna).amount == 100
    assert service.asked == []


@pytest.mark.parametrize(
    ("currency", "price", "units"), [("JPY", 1000, 1000), ("KWD", "10.50", 10500), ("USD", 10, 1000)]
)
def test_pays_in_the_units_of_the_currency(
    acme: Client, anna: User, service: CardService, currency: str, price: Any, units: int
) -> None:
    acme.currency = currency
    acme.save()
    invoice = an_invoice(acme, line(price, TaxRateFactory(category="ZERO", percent=0), currency))
    checkouts.open_checkout(begin(invoice, anna).pk, at=timezone.now())
    session = next(iter(service.sessions.values()))
    assert (session["amount_total"], session["currency"]) == (units, currency.lower())
    assert cards.of_units(units, currency) == Decimal(price)


@pytest.mark.parametrize(
    ("units", "currency", "amount"),
    [(5, "JPY", "5"), (5, "EUR", "0.05"), (5000, "KWD", "5"), (500, "ISK", "5"), (500, "UGX", "5"), (500, "HUF", "5")],
)
def test_is_reckoned_with_by_the_service_s_own_table(units: int, currency: str, amount: str) -> None:
    assert cards.of_units(units, currency) == Decimal(amount)
    assert cards.in_units(Decimal(amount), currency) == units


def test_is_not_offered_to_where_the_service_cannot_take_the_last_coin() -> None:
    with pytest.raises(cards.CardsRefused, match="too many decimals"):
        cards.in_units(Decimal("1.001"), "KWD")


def test_is_told_when_no_page_can_be_made(acme: Client, browser: Browser, service: CardService) -> None:
    invoice = an_invoice(acme)
    service.breaks.append((402, {}))
    led = browser.get(browser.post(reverse("portal-invoice-pay", args=[invoice.pk]))["Location"])
    assert "Nothing was paid" in browser.get(led["Location"]).content.decode()
    assert Checkout.objects.get().state == "FAILED"


def test_begins_with_another_key_after_the_service_broke(acme: Client, anna: User, service: CardService) -> None:
    invoice = an_invoice(acme)
    service.breaks.append((500, {}))
    with pytest.raises(cards.CardsBroke):
        checkouts.open_checkout(begin(invoice, anna).pk, at=timezone.now())
    assert checkouts.open_checkout(begin(invoice, anna).pk, at=timezone.now()).startswith(service.url)
    assert len({headers["idempotency-key"] for _, headers in service.asked}) == 2


def test_keeps_its_key_while_the_service_is_busy(acme: Client, anna: User, service: CardService) -> None:
    begun = begin(an_invoice(acme), anna)
    service.breaks.append((429, {}))
    with pytest.raises(cards.VendorIll):
        checkouts.open_checkout(begun.pk, at=timezone.now())
    checkouts.open_checkout(begun.pk, at=timezone.now())
    assert len({headers["idempotency-key"] for _, headers in service.asked}) == 1


def test_is_led_to_no_other_site(acme: Client, anna: User, service: CardService, settings: Any) -> None:
    settings.STRIPE_PAGES = "https://checkout.stripe.com"
    with pytest.raises(cards.CardsRefused, match="AICMO_STRIPE_PAGES"):
        checkouts.open_checkout(begin(an_invoice(acme), anna).pk, at=timezone.now())


def test_is_followed_nowhere_by_our_key(acme: Client, anna: User, service: CardService) -> None:
    service.breaks.append((307, {"Location": f"{service.url}/v1/checkout/sessions"}))
    with pytest.raises(cards.VendorIll):
        checkouts.open_checkout(begin(an_invoice(acme), anna).pk, at=timezone.now())
    assert len(service.asked) == 1


def test_is_led_nowhere_in_proof_mode(
    acme: Client, anna: User, service: CardService, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(proof, "_ask", lambda: True)
    with pytest.raises(cards.CardsRefused, match="Proof mode"):
        checkouts.open_checkout(begin(an_invoice(acme), anna).pk, at=timezone.now())
    assert service.asked == []


def test_keeps_no_transaction_open_while_the_service_is_asked() -> None:
    with transaction.atomic(), pytest.raises(RuntimeError, match="inside a database transaction"):
        cards.open_page(cards.Order(uuid7(), uuid7(), "INV-1", Decimal(1), "EUR", "https://a.test/", "https://a.test/"))


def test_is_offered_nothing_where_the_package_is_missing(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def missing() -> list[checks.CheckMessage]:
        return [found for found in checks.run_checks() if found.id == "shared.E002"]

    assert missing() == []
    monkeypatch.setattr(cards, "find_spec", lambda name: None)
    assert "requirements-cards.txt" in missing()[0].hint
    settings.STRIPE_KEY = None
    assert missing() == []


def test_is_offered_nothing_without_settings(acme: Client, browser: Browser, settings: Any) -> None:
    settings.STRIPE_KEY = None
    invoice = an_invoice(acme)
    shown = browser.get(reverse("portal-invoice", args=[invoice.pk]))
    assert "by card" not in shown.content.decode()
    assert "127.0.0.1" not in shown["Content-Security-Policy"]
    assert browser.post(f"/api/v1/invoices/{invoice.pk}/checkout", content_type="application/json").status_code == 409
    assert Browser().post(reverse("hear-stripe")).status_code == 404


def test_reads_on_which_site_its_form_may_end(acme: Client, browser: Browser, service: CardService) -> None:
    shown = browser.get(reverse("portal-invoice", args=[an_invoice(acme).pk]))
    assert f"form-action 'self' {service.url};" in shown["Content-Security-Policy"]


def test_has_nothing_to_pay_of_a_paid_invoice(acme: Client, browser: Browser) -> None:
    invoice = an_invoice(acme)
    pay(invoice, invoice.total)
    assert "by card" not in browser.get(reverse("portal-invoice", args=[invoice.pk])).content.decode()
    assert browser.post(f"/api/v1/invoices/{invoice.pk}/checkout", content_type="application/json").status_code == 409


def test_begins_by_the_api_and_with_a_key_once(acme: Client, browser: Browser, service: CardService) -> None:
    invoice = an_invoice(acme)
    keyed = {"Idempotency-Key": "one"}
    told = [browser.post(f"/api/v1/invoices/{invoice.pk}/checkout", headers=keyed).json() for _ in range(2)]
    assert told[0] == told[1]
    assert (told[0]["state"], told[0]["amount"]) == ("OPEN", {"amount": "123.00", "currency": "EUR"})
    assert browser.get(told[0]["url"].split("8000", 1)[1])["Location"].startswith(f"{service.url}/c/pay/")
    assert browser.get(f"/api/v1/checkouts/{told[0]['id']}").json() == told[0]


def test_is_led_only_where_it_may_pay(acme: Client, globex: Client, anna: User, service: CardService) -> None:
    begun = begin(an_invoice(acme), anna)
    path = reverse("pay-checkout", args=[begun.pk])
    for member in (MembershipFactory(client=globex), MembershipFactory(client=acme, role="VIEWER")):
        stranger = Browser()
        stranger.force_login(member.user)
        assert stranger.get(path).status_code == 404
        assert stranger.get(path).content == stranger.get(reverse("pay-checkout", args=[uuid7()])).content
    assert "/account/log-in" in Browser().get(path)["Location"]
    assert service.asked == []


def test_is_told_the_truth_on_coming_back(acme: Client, anna: User, browser: Browser) -> None:
    begun = begin(an_invoice(acme), anna)
    page = reverse("portal-checkout", args=[begun.pk])
    waiting = browser.get(page).content.decode()
    assert "We wait for the confirmation" in waiting
    assert "hx-get" in waiting
    begun.pay()
    begun.save()
    done = browser.get(page, headers={"HX-Request": "true"}).content.decode()
    assert "has confirmed your payment" in done
    assert "hx-get" not in done
    german = browser.get(page, headers={"Accept-Language": "de"}).content.decode()
    assert "Ihre Zahlung bestätigt" in german


def test_spends_nothing_of_its_credit_by_that(acme: Client, anna: User) -> None:
    begin(an_invoice(acme), anna)
    assert Invoice.objects.get().state == "ISSUED"
    assert payments.Payment.objects.count() == 0
