"""In a real browser, finance …"""

from collections.abc import Callable
from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from aicmo_site.tests.browsing import grave_violations
from apps.billing.models import Invoice
from apps.billing.tests.factories import TaxRateFactory
from apps.identity.tests.factories import ClientFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.timeout(300)
def test_drafts_issues_and_is_paid_for_an_invoice(page: Page, live_server: Any, log_in: Callable) -> None:
    log_in("Finance")
    ClientFactory(name="Kyoto Tea", currency="JPY")
    TaxRateFactory(name="VAT 10 %", country="JP", percent=10)
    page.goto(live_server.url + reverse("admin:billing_invoice_new"))
    assert grave_violations(page) == []
    page.locator(".select2-selection").first.click()
    page.keyboard.type("kyo")
    page.get_by_role("option", name="Kyoto Tea").click()
    page.fill("[name=lines-0-description]", "Thirty posts")
    page.fill("[name=lines-0-unit_price]", "1005")
    page.get_by_role("button", name="Store the draft").click()
    expect(page.get_by_text("It cannot be issued yet: line 1 has no tax rate.")).to_be_visible()

    page.get_by_role("link", name="Change line 1").click()
    assert grave_violations(page) == []
    page.get_by_label("Tax rate").select_option(label="JP: VAT 10 % (10 %)")
    page.get_by_label("Reason").fill("It is taxed there.")
    page.get_by_role("button", name="Change the line").click()
    page.get_by_text("Issue", exact=True).first.click()
    expect(page.get_by_text("Kyoto Tea is asked for 1,105 JPY, due in 14 days.")).to_be_visible()  # 100.5 to even
    page.locator("#modal-content").get_by_role("button", name="Issue").click()
    expect(page.get_by_text("Issue: it is INV-")).to_be_visible()

    assert grave_violations(page) == []
    page.get_by_role("link", name="Record a payment").click()
    page.get_by_label("Reference").fill("BANK-1")
    page.get_by_role("button", name="Record the payment").click()
    expect(page.get_by_text("PAID", exact=True)).to_be_visible()
    assert (Invoice.objects.get().state, Invoice.objects.get().paid) == ("PAID", 1105)
