"""An invoice as a PDF …"""

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.test import Client as Browser
from django.urls import reverse
from pypdf import PdfReader
from uuid_utils.compat import uuid7

from apps.billing.models import Invoice, TaxRate
from apps.billing.services import issuing
from apps.billing.services.documents import invoice_pdf
from apps.billing.tests.factories import AT, TaxRateFactory, a_draft, address_of, an_invoice, line, pay
from apps.identity.models import Client
from apps.identity.tests.factories import MembershipFactory, Portal
from apps.shared.gateways import typst

ON = date(2026, 4, 1)
HOSTILE = '#read("/etc/passwd") $x^2$ = no heading @ref <label> // ]]}}'


def words_of(content: bytes) -> str:
    return " ".join(" ".join(page.extract_text() for page in PdfReader(BytesIO(content)).pages).split())


def bare(text: str) -> str:
    return "".join(text.replace("\u200b", "").split())


def read(invoice: Invoice, language: str = "en", on: date = ON) -> str:
    stored = Invoice.objects.select_related("client").get(pk=invoice.pk)
    return words_of(invoice_pdf(stored, language=language, on=on))


@pytest.fixture
def browser(acme: Client) -> Browser:
    browser = Browser()
    browser.force_login(MembershipFactory(client=acme, user__language="de").user)
    return browser


def addresses(invoice_id: Any) -> tuple[str, str]:
    return f"/api/v1/invoices/{invoice_id}/pdf", reverse("portal-invoice-pdf", args=[invoice_id])


def test_says_who_bills_whom_for_what_and_until_when(acme: Client, settings: Any, vat: TaxRate) -> None:
    settings.AGENCY_NAME = "Harbour & Sons"
    invoice = an_invoice(acme, line("1200.5", vat, description="Campaign", quantity=Decimal("2.5")), line(99, vat))
    words = read(invoice)
    for part in (
        *("Harbour & Sons", "Acme", "Ireland", f"Invoice {invoice.number}", "March 2, 2026", "March 16, 2026"),
        *("Campaign 2.5 1,200.50 23 % 3,001.25 EUR", "Campaign work 1 99.00 23 % 99.00 EUR"),
        *("Net 3,100.25 EUR", "Tax 713.06 EUR", "Total 3,813.31 EUR"),
    ):
        assert part in words, part
    assert "Paid up to" not in words


def test_says_of_the_agency_what_the_settings_give_and_nothing_else(acme: Client, settings: Any) -> None:
    invoice = an_invoice(acme)
    words = read(invoice)
    assert "IBAN" not in words
    assert "VAT ID" not in words
    settings.AGENCY_ADDRESS, settings.AGENCY_VAT_ID = "Quay 1; Dublin 2", "IE1234567T"
    settings.AGENCY_IBAN = "IE29 AIBK 9311 5212 3456 78"
    assert "IBAN" not in read(invoice), "an issued one keeps what it said"
    invoice = an_invoice(acme)
    words = read(invoice)
    assert "Quay 1 Dublin 2" in words
    assert "VAT ID IE1234567T" in words
    assert f"Please pay to IBAN IE29 AIBK 9311 5212 3456 78, naming {invoice.number}." in words


def test_sums_the_tax_by_rate_and_category_and_names_the_reverse_charge(acme: Client, vat: TaxRate) -> None:
    reduced = TaxRateFactory(category="REDUCED", percent=Decimal("13.5"))
    reverse_charge = TaxRateFactory(category="REVERSE_CHARGE", percent=Decimal(0))
    address_of(acme, vat_id="DE136695976")
    words = read(an_invoice(acme, line(100, vat), line(200, reduced), line(400, reverse_charge), line(50, vat)))
    assert "23 % · Standard rate 150.00 EUR 34.50 EUR" in words
    assert "13.5 % · Reduced rate 200.00 EUR 27.00 EUR" in words
    assert "0 % · Reverse charge 400.00 EUR 0.00 EUR" in words
    assert "the recipient of the services owes the tax" in words
    assert "owes the tax" not in read(an_invoice(acme))


def test_tells_what_was_paid_and_credited_up_to_the_day(acme: Client) -> None:
    invoice = an_invoice(acme)
    pay(invoice, 23)
    words = read(invoice)
    assert "Paid up to April 1, 2026 23.00 EUR To be paid 100.00 EUR" in words
    assert "Credited" not in words


def test_of_a_void_one_bears_the_mark(acme: Client) -> None:
    invoice = an_invoice(acme)
    assert "VOID" not in read(invoice)
    issuing.void_invoice(invoice.pk, reason="Twice.", by=None, at=AT)
    words = read(invoice)
    assert "VOID" in words
    assert "Credited up to April 1, 2026 123.00 EUR To be paid 0.00 EUR" in words
    assert "STORNIERT" in read(invoice, "de")


def test_speaks_german(acme: Client, vat: TaxRate) -> None:
    invoice = an_invoice(acme, line("1200.5", vat))
    words = read(invoice, "de")
    for part in (f"Rechnung {invoice.number}", "Irland", "2. März 2026", "1.200,50 EUR", "Gesamt 1.476,62 EUR"):
        assert part in words, part


@pytest.mark.parametrize(("currency", "total"), [("JPY", "1,230 JPY"), ("KWD", "1,230.000 KWD")])
def test_writes_amounts_as_their_currency_does(acme: Client, vat: TaxRate, currency: str, total: str) -> None:
    acme.currency = currency
    acme.save()
    assert f"Total {total}" in read(an_invoice(acme, line(1000, vat, currency)))


def test_prints_markup_as_the_text_it_is(acme: Client, vat: TaxRate) -> None:
    acme.name = HOSTILE
    acme.save()
    text = bare(read(an_invoice(acme, line(1, vat, description=f"{HOSTILE}\n\x07{HOSTILE}"))))
    assert text.count(bare(HOSTILE)) == 3
    assert "root:x:0" not in text


def test_carries_two_hundred_lines_over_its_pages_under_their_heads(acme: Client, vat: TaxRate) -> None:
    lines = [line(n, vat, description=f"Work number {n} of many") for n in range(1, 201)]
    content = invoice_pdf(an_invoice(acme, *lines), language="en", on=ON)
    pages = [" ".join(page.extract_text().split()) for page in PdfReader(BytesIO(content)).pages]
    words = " ".join(pages)
    holding = [page for page in pages if "of many" in page]
    assert len(holding) > 3
    assert all("Quantity" in page for page in holding)
    assert all(f"Work number {n} of many" in words for n in range(1, 201))
    assert f"{len(pages)} / {len(pages)}" in pages[-1]


def test_is_the_same_bytes_for_the_same_state(acme: Client) -> None:
    invoice = an_invoice(acme)
    assert invoice_pdf(invoice, language="en", on=ON) == invoice_pdf(invoice, language="en", on=ON + timedelta(days=9))
    told = PdfReader(BytesIO(invoice_pdf(invoice, language="en", on=ON))).metadata
    assert (told.title, told.creation_date.date()) == (f"Invoice {invoice.number}", invoice.issue_date)


def test_is_downloaded_in_the_persons_language(acme: Client, browser: Browser) -> None:
    invoice = an_invoice(acme)
    page, token = addresses(invoice.pk)[1], Portal(MembershipFactory(client=acme, user__language="de"))
    answers = [browser.get(page, headers={"Accept-Language": "de"}), token.get(addresses(invoice.pk)[0])]
    for answer in answers:
        assert (answer.status_code, answer["Content-Type"]) == (200, "application/pdf")
        assert f'filename="{invoice.number}.pdf"' in answer["Content-Disposition"]
        assert "Rechnung" in words_of(answer.content)
    assert page in browser.get(reverse("portal-invoice", args=[invoice.pk])).content.decode()


def test_can_be_asked_for_by_its_type_and_is_refused_as_all_is(acme: Client) -> None:
    portal, invoice = Portal(MembershipFactory(client=acme)), an_invoice(acme)
    assert portal.get(addresses(invoice.pk)[0], Accept="application/pdf").status_code == 200
    refused = portal.get(addresses(uuid7())[0], Accept="application/pdf")
    assert (refused.status_code, refused["Content-Type"]) == (404, "application/problem+json")
    assert portal.get(addresses(invoice.pk)[0] + "?page=1").status_code == 400


def test_is_missing_where_it_is_anothers_or_a_draft(acme: Client, globex: Client, browser: Browser) -> None:
    portal = Portal(MembershipFactory(client=acme))
    missing, *hidden = [addresses(pk) for pk in (uuid7(), an_invoice(globex).pk, a_draft(acme).pk)]
    expected = portal.get(missing[0])
    assert expected.status_code == 404
    for api, page in hidden:
        assert portal.get(api).content == expected.content
        assert browser.get(page).status_code == browser.get(missing[1]).status_code == 404


def test_is_for_those_alone_who_may_see_bills(acme: Client) -> None:
    invoice, viewer = an_invoice(acme), MembershipFactory(client=acme, role="VIEWER")
    browser = Browser()
    browser.force_login(viewer.user)
    api, page = addresses(invoice.pk)
    assert [Portal(viewer).get(api).status_code, browser.get(page).status_code] == [403, 403]


def test_is_downloaded_at_the_desk_in_english(acme: Client, finance: Browser) -> None:
    invoice, draft = an_invoice(acme), a_draft(acme)
    address = reverse("admin:billing_invoice_pdf", args=[invoice.pk])
    assert address in finance.get(reverse("admin:billing_invoice_change", args=[invoice.pk])).content.decode()
    assert f"Invoice {invoice.number}" in words_of(finance.get(address).content)
    assert finance.get(reverse("admin:billing_invoice_pdf", args=[draft.pk])).status_code == 404


def test_that_cannot_be_set_is_said_to_be_away(
    acme: Client, browser: Browser, finance: Browser, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    broken = tmp_path / "broken.py"
    broken.write_text('import sys\nsys.exit("a secret of ours")\n')
    monkeypatch.setattr(typst, "_PROCESS", broken)
    api, page = addresses(an_invoice(acme).pk)
    for answer in (Portal(MembershipFactory(client=acme)).get(api), browser.get(page)):
        assert answer.status_code == 503
        assert "secret" not in answer.content.decode()
    address = reverse("admin:billing_invoice_pdf", args=[Invoice.objects.get().pk])
    assert "cannot be made" in finance.get(address, follow=True).content.decode()


def test_costs_few_queries(acme: Client, browser: Browser, vat: TaxRate, asks_at_most: Callable) -> None:
    invoice = an_invoice(acme, *(line(n, vat) for n in range(1, 20)))
    portal = Portal(MembershipFactory(client=acme))
    portal.get("/api/v1/me")
    for fetch, address in zip((portal.get, browser.get), addresses(invoice.pk), strict=True):
        with asks_at_most(10):
            assert fetch(address).status_code == 200
