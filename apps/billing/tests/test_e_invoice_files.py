"""The PDF of what was issued with an e-invoice, and the XML by itself …"""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from io import BytesIO
from typing import Any

import pytest
from django.test import Client as Browser
from django.urls import reverse
from pypdf import PdfReader
from uuid_utils.compat import uuid7

from apps.billing.models import CreditNote, Invoice
from apps.billing.queries import e_invoice_of
from apps.billing.services import issuing
from apps.billing.services.documents import credit_note_pdf, invoice_pdf
from apps.billing.tests.factories import AT, TaxRateFactory, a_draft, address_of, an_invoice, line, pay
from apps.billing.tests.test_invoice_pdf import ON, read, words_of
from apps.identity.models import Client
from apps.identity.tests.factories import MembershipFactory, Portal

pytestmark = pytest.mark.usefixtures("e_invoices")


def a_credit_note(invoice: Invoice) -> CreditNote:
    return issuing.credit_invoice(invoice.pk, reason="Less was done.", by=None, at=AT)


def attached(content: bytes) -> str:
    (xml,) = PdfReader(BytesIO(content)).attachments["factur-x.xml"]
    return xml.decode()


def addresses(row: Invoice | CreditNote, kind: str) -> tuple[str, str]:
    if isinstance(row, Invoice):
        return f"/api/v1/invoices/{row.pk}/{kind}", reverse(f"portal-invoice-{kind}", args=[row.pk])
    return f"/api/v1/credit-notes/{row.pk}/{kind}", reverse(f"portal-credit-note-{kind}", args=[row.pk])


def logged_in(client: Client, role: str = "APPROVER", language: str = "") -> Browser:
    browser = Browser()
    browser.force_login(MembershipFactory(client=client, role=role, user__language=language).user)
    return browser


def test_has_it_attached_as_it_was_kept(acme: Client) -> None:
    invoice = an_invoice(acme)
    note = a_credit_note(invoice)
    assert attached(invoice_pdf(invoice, language="de", on=ON)) == e_invoice_of(invoice) != ""
    assert attached(credit_note_pdf(note, language="en")) == e_invoice_of(note) != ""


def test_is_a_pdf_for_archives_that_says_what_is_in_it(acme: Client) -> None:
    content = invoice_pdf(an_invoice(acme), language="en", on=ON)
    root = PdfReader(BytesIO(content)).trailer["/Root"]
    told = root["/Metadata"].get_object().get_data().decode()
    for part in (
        *("<pdfaid:part>3</pdfaid:part>", "<pdfaid:conformance>B</pdfaid:conformance>"),
        *("<fx:DocumentType>INVOICE</fx:DocumentType>", "<fx:DocumentFileName>factur-x.xml</fx:DocumentFileName>"),
        *("<fx:ConformanceLevel>EN 16931</fx:ConformanceLevel>", "<fx:Version>1.0</fx:Version>"),
        "<pdfaSchema:namespaceURI>urn:factur-x:pdfa:CrossIndustryDocument:invoice:1p0#</pdfaSchema:namespaceURI>",
    ):
        assert part in told, part
    (file,) = root["/AF"]
    assert file.get_object()["/AFRelationship"] == "/Alternative"
    assert file.get_object()["/EF"]["/F"].get_object()["/Subtype"] == "/text/xml"
    assert content.startswith(b"%PDF-1.7")


def test_is_the_same_bytes_for_the_same_state(acme: Client) -> None:
    invoice = an_invoice(acme)
    note = a_credit_note(an_invoice(acme))
    first = [invoice_pdf(invoice, language="en", on=ON), credit_note_pdf(note, language="de")]
    later = [invoice_pdf(invoice, language="en", on=ON + timedelta(days=9)), credit_note_pdf(note, language="de")]
    assert first == later


def test_says_what_it_said_whatever_changes_after(acme: Client, settings: Any) -> None:
    address = address_of(acme, vat_id="DE136695976", buyer_reference="PO 7")
    invoice = an_invoice(acme)
    content = invoice_pdf(invoice, language="en", on=ON)
    words = words_of(content)
    for part in ("Acme GmbH & Co. KG", "Hauptstraße 1", "50667 Köln", "Germany", "VAT ID DE136695976", "PO 7"):
        assert part in words, part
    settings.AGENCY_NAME, settings.AGENCY_IBAN, settings.AGENCY_COUNTRY = "Others", "", ""
    address.legal_name = "Acme AG"
    address.save()
    acme.name = "Acme AG"
    acme.save()
    assert invoice_pdf(Invoice.objects.get(pk=invoice.pk), language="en", on=ON) == content


def test_of_what_was_issued_before_any_was_kept_says_what_is_known_now(acme: Client, settings: Any) -> None:
    settings.AGENCY_COUNTRY = ""
    invoice = an_invoice(acme)
    older = Invoice(pk=uuid7(), client=acme, number="INV-2020-0001", currency="EUR", issue_date=ON, due_date=ON)
    assert "Harbour & Sons" in words_of(invoice_pdf(older, language="en", on=ON))
    assert PdfReader(BytesIO(invoice_pdf(invoice, language="en", on=ON))).attachments == {}


def test_with_a_letter_that_no_font_has_has_it_attached_all_the_same(acme: Client) -> None:
    invoice = an_invoice(acme, line(1, TaxRateFactory(), description="A campaign for \u0378 and 漢字"))
    content = invoice_pdf(invoice, language="en", on=ON)
    assert attached(content) == e_invoice_of(invoice)
    assert content == invoice_pdf(invoice, language="en", on=ON)


def test_of_a_credit_note_says_what_goes_back_of_which_invoice(acme: Client) -> None:
    invoice = an_invoice(acme, line("1200.5", TaxRateFactory(), description="Campaign"))
    note = a_credit_note(invoice)
    words = words_of(credit_note_pdf(note, language="en"))
    for part in (
        *(f"Credit note {note.number}", f"Of invoice {invoice.number}", "Invoiced on March 2, 2026"),
        *("Campaign 1 1,200.50 23 % 1,200.50 EUR", "Total credited 1,476.62 EUR", "Less was done."),
    ):
        assert part in words, part
    assert f"Rechnungskorrektur {note.number}" in words_of(credit_note_pdf(note, language="de"))


def test_tells_beside_it_what_was_paid_since(acme: Client) -> None:
    invoice = an_invoice(acme)
    before = e_invoice_of(invoice)
    pay(invoice, 23)
    assert "To be paid 100.00 EUR" in read(invoice)
    assert attached(invoice_pdf(Invoice.objects.get(), language="en", on=ON)) == before


def test_are_downloaded_in_portal_api_and_desk(acme: Client, finance: Browser) -> None:
    browser, portal, invoice = logged_in(acme), Portal(MembershipFactory(client=acme)), an_invoice(acme)
    for row, name in ((invoice, "invoice"), (a_credit_note(invoice), "creditnote")):
        for kind, media in (("xml", "application/xml"), ("pdf", "application/pdf")):
            api, page = addresses(row, kind)
            for answer in (
                portal.get(api, Accept=media),
                browser.get(page),
                finance.get(reverse(f"admin:billing_{name}_{kind}", args=[row.pk])),
            ):
                assert (answer.status_code, answer["Content-Type"]) == (200, media)
                assert f'filename="{row.number}.{kind}"' in answer["Content-Disposition"]
                assert (answer.content.decode() if kind == "xml" else attached(answer.content)) == e_invoice_of(row)
        page = finance.get(reverse(f"admin:billing_{name}_change", args=[row.pk])).content.decode()
        assert reverse(f"admin:billing_{name}_xml", args=[row.pk]) in page


def test_are_offered_on_the_page_of_the_invoice(acme: Client) -> None:
    invoice = an_invoice(acme)
    note = a_credit_note(invoice)
    page = logged_in(acme).get(reverse("portal-invoice", args=[invoice.pk])).content.decode()
    for address in (
        *(addresses(invoice, kind)[1] for kind in ("pdf", "xml")),
        *(addresses(note, kind)[1] for kind in ("pdf", "xml")),
    ):
        assert address in page
    assert "123.00" in page


def test_is_missing_where_none_was_made(acme: Client, settings: Any, finance: Browser) -> None:
    settings.AGENCY_COUNTRY = ""
    invoice = an_invoice(acme)
    note, browser = a_credit_note(invoice), logged_in(acme)
    for row in (invoice, note):
        api, page = addresses(row, "xml")
        assert [Portal(MembershipFactory(client=acme)).get(api).status_code, browser.get(page).status_code] == [
            404,
            404,
        ]
        assert browser.get(addresses(row, "pdf")[1]).status_code == 200
    assert (
        addresses(invoice, "xml")[1] not in browser.get(reverse("portal-invoice", args=[invoice.pk])).content.decode()
    )
    assert finance.get(reverse("admin:billing_invoice_xml", args=[invoice.pk])).status_code == 404
    page = finance.get(reverse("admin:billing_invoice_change", args=[invoice.pk])).content.decode()
    assert "AICMO_AGENCY_COUNTRY is not set" in page
    assert finance.get(reverse("admin:billing_invoice_xml", args=[a_draft(acme).pk])).status_code == 404


def test_are_for_those_alone_who_may_see_this_client_s_bills(acme: Client, globex: Client) -> None:
    invoice = an_invoice(acme)
    for row in (invoice, a_credit_note(invoice)):
        for api, page in (addresses(row, "xml"), addresses(row, "pdf")):
            viewer, stranger = logged_in(acme, "VIEWER"), logged_in(globex)
            assert [viewer.get(page).status_code, stranger.get(page).status_code] == [403, 404]
            assert Portal(MembershipFactory(client=globex)).get(api).status_code == 404
            assert Portal(MembershipFactory(client=acme, role="VIEWER")).get(api).status_code == 403


def test_of_credit_notes_come_with_their_lines(acme: Client) -> None:
    invoice = an_invoice(acme)
    note, portal = a_credit_note(invoice), Portal(MembershipFactory(client=acme))
    (listed,) = portal.get(f"/api/v1/credit-notes?invoice={invoice.pk}").json()["results"]
    shown = portal.get(f"/api/v1/credit-notes/{note.pk}").json()
    assert (listed["number"], listed["amount"]) == (note.number, {"amount": "123.00", "currency": "EUR"})
    assert shown["lines"][0] == {
        "position": 1,
        "description": "Campaign work",
        "net": {"amount": "100.00", "currency": "EUR"},
        "tax": {"amount": "23.00", "currency": "EUR"},
    }
    assert "reason" not in shown


def test_cost_few_queries(acme: Client, asks_at_most: Callable) -> None:
    invoice = an_invoice(acme, *(line(n, TaxRateFactory(percent=Decimal(23))) for n in range(1, 20)))
    note, browser, portal = a_credit_note(invoice), logged_in(acme), Portal(MembershipFactory(client=acme))
    portal.get("/api/v1/me")
    for row in (invoice, note):
        for kind in ("xml", "pdf"):
            for fetch, address in zip((portal.get, browser.get), addresses(row, kind), strict=True):
                with asks_at_most(11):
                    assert fetch(address).status_code == 200
    for address in ("/api/v1/credit-notes", f"/api/v1/credit-notes/{note.pk}"):
        with asks_at_most(10):
            assert portal.get(address).status_code == 200
