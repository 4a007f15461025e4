"""The desk of quotes …"""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client as Browser
from django.urls import reverse
from django.utils import timezone

from apps.billing.models import Invoice, Quote, QuoteLetter, TaxRate
from apps.billing.services import answers, quote_letters, quoted, quotes
from apps.billing.tests.conftest import browser_of
from apps.billing.tests.factories import a_current_quote, a_draft_quote, a_quote, accepted, line
from apps.identity.models import Client, User
from apps.shared.desk import page_of

LIST = reverse("admin:billing_quote_changelist")
NEW = reverse("admin:billing_quote_new")
PRESSED = {"_form_submitted": "1"}


def deed(quote: Quote, name: str) -> str:
    return reverse(f"admin:billing_quote_{name}", args=[quote.pk])


def now(quote: Quote) -> Quote:
    return Quote.objects.get(pk=quote.pk)


def said(*lines: dict[str, Any], initial: int = 0, **fields: Any) -> dict[str, Any]:
    """Return what a browser sends of the form, with further lines that are left empty."""
    sent = {"lines-TOTAL_FORMS": len(lines) + 1, "lines-INITIAL_FORMS": initial, f"lines-{len(lines)}-quantity": "1"}
    for n, each in enumerate(lines):
        sent |= {f"lines-{n}-{name}": value for name, value in ({"quantity": "1"} | each).items()}
    return sent | {"valid_until_date": (timezone.localdate() + timedelta(days=30)).isoformat()} | fields


def test_takes_in_a_quote_changes_and_sends_it(finance: Browser, acme: Client, vat: TaxRate) -> None:
    campaign = {"description": "Campaign", "unit_price": "1000", "tax_rate": str(vat.pk)}
    finance.post(NEW, said(campaign, {"description": "Book"}, client=str(acme.pk), deposit_percent="30"))
    quote = Quote.objects.get()
    assert (quote.total, quote.deposit_percent, quote.lines.count()) == (1230, 30, 2)
    page = finance.get(page_of(quote)).content.decode()
    assert "It cannot be sent yet: line 2 has no price and no tax rate." in page
    assert deed(quote, "edit") in page

    form = finance.get(deed(quote, "edit")).content.decode()
    assert 'value="Campaign"' in form
    more = {"description": "Talks", "quantity": "2", "unit_price": "50", "tax_rate": str(vat.pk)}
    gone = {"description": "Book", "DELETE": "on"}
    finance.post(deed(quote, "edit"), said(campaign, gone, more, initial=2, deposit_amount="200", terms="As agreed."))
    assert [each.description for each in quote.lines.all()] == ["Campaign", "Talks"]
    assert (now(quote).subtotal, now(quote).deposit_percent, now(quote).deposit_amount) == (1100, None, 200)

    dialog = finance.get(deed(quote, "send")).content.decode()
    assert "Acme is offered 1,353.00 EUR, of it 200.00 EUR before tax as a deposit, until" in dialog
    finance.post(deed(quote, "send"), PRESSED)
    assert (now(quote).state, now(quote).number) == ("SENT", f"QUO-{timezone.localdate().year}-0001")
    assert finance.get(deed(quote, "edit")).status_code == 302
    assert finance.get(deed(quote, "pdf"))["Content-Type"] == "application/pdf"


@pytest.mark.parametrize(
    ("fields", "problem"),
    [
        ({"deposit_percent": "101"}, "more than 100"),
        ({"deposit_percent": "10", "deposit_amount": "10"}, "beside a share in percent"),
        ({"valid_until_date": ""}, "Say until when it is valid."),
        ({"client": ""}, "Choose who it is for."),
        ({"lines-0-quantity": "0"}, "Is nought"),
    ],
)
def test_says_beside_the_field_what_is_wrong(
    finance: Browser, acme: Client, fields: dict[str, Any], problem: str
) -> None:
    answer = finance.post(NEW, said({"description": "Campaign"}, client=str(acme.pk)) | fields)
    assert problem in answer.content.decode()
    assert not Quote.objects.exists()


def test_says_why_it_does_not_send(finance: Browser, acme: Client) -> None:
    quote = a_draft_quote(acme)
    refused = finance.post(deed(quote, "send"), PRESSED).content.decode()
    assert "has passed where the client is" in refused
    assert now(quote).state == "DRAFT"


def test_withdraws_with_a_reason_and_revises(finance: Browser, acme: Client) -> None:
    quote = a_current_quote(acme)
    finance.post(deed(quote, "revise"), PRESSED)
    later = Quote.objects.get(version=2)
    assert page_of(later) in finance.get(page_of(quote)).content.decode()
    assert "version 2 of it is there already" in finance.post(deed(quote, "revise"), PRESSED).content.decode()
    finance.post(deed(later, "withdraw"), PRESSED | {"reason": "Not wanted."})
    assert (now(later).state, now(later).reason) == ("WITHDRAWN", "Not wanted.")


def test_shows_the_answer_with_its_evidence_and_drafts_the_rest(finance: Browser, acme: Client, anna: User) -> None:
    quote = a_current_quote(acme, deposit_percent=Decimal(30))
    quote_letters.request_letters(quote.pk)
    QuoteLetter.objects.update(state="UNKNOWN")
    accepted(quote, anna.pk, at=timezone.now())
    quoted.bill_quote(quote.pk, by=None)
    finance.post(deed(quote, "draft_rest"), PRESSED)
    page = finance.get(page_of(quote)).content.decode()
    for part in ("Anna Approver", quote.sha256, str(anna), "may not have arrived", "369.00 EUR", "861.00 EUR"):
        assert part in page, part
    assert all(page_of(invoice) in page for invoice in Invoice.objects.all())
    assert "is on an invoice already" in finance.post(deed(quote, "draft_rest"), PRESSED).content.decode()


def test_tells_on_the_first_page_what_waits_ends_soon_or_came_to_nothing(
    finance: Browser, acme: Client, anna: User
) -> None:
    declined = a_current_quote(acme)
    answers.decline_quote(declined.pk, sha256=declined.sha256, reason="Too dear.", by=anna.pk, at=timezone.now())
    revised = a_quote(acme)
    answers.expire_quotes(at=timezone.now())
    quotes.revise_quote(revised.pk, by=None, at=timezone.now())
    waiting = a_current_quote(acme)
    taken = a_current_quote(acme, deposit_percent=Decimal(30))
    accepted(taken, anna.pk, at=timezone.now())
    quoted.bill_quote(taken.pk, by=None)
    lists = {each.title: each for each in finance.get(reverse("admin:index")).context["worklists"]}
    (entry,) = lists["Quotes waiting for an answer"].entries
    assert waiting.number in entry.what
    assert "9 days are left" in entry.why
    (lost,) = lists["Quotes declined or expired"].entries
    assert lost.why == "1,230.00 EUR, declined: Too dear."
    assert len(lists["Quotes to send"].entries) == 1
    (bill,) = lists["Invoices to issue"].entries
    assert (
        bill.why
        == f"369.00 EUR, the deposit of quote {taken.number}, which was accepted, to be looked over and issued."
    )


def test_lists_quotes_in_few_queries_and_on_the_clients_page(
    finance: Browser, acme: Client, globex: Client, django_assert_max_num_queries: Any
) -> None:
    rows = [a_quote(acme) for _ in range(5)]
    finance.get(LIST)
    with django_assert_max_num_queries(12):
        page = finance.get(LIST).content.decode()
    assert all(row.number in page for row in rows)
    tab = finance.get(reverse("admin:client_tab", args=[acme.pk, "quotes"])).content.decode()
    assert page_of(rows[0]) in tab
    assert page_of(rows[0]) not in finance.get(reverse("admin:client_tab", args=[globex.pk, "quotes"])).content.decode()


def test_is_found_by_its_number(finance: Browser, acme: Client) -> None:
    quote = a_quote(acme)
    found = finance.get(reverse("admin:search"), {"s": "quo-2026", "extended": "1"}).content.decode()
    assert page_of(quote) in found


@pytest.mark.parametrize(
    ("role", "may_see", "may_make"),
    [("Finance", True, True), ("Account manager", True, True), ("Owner", True, True), ("Producer", False, False)],
)
def test_lets_those_make_quotes_whose_work_it_is(acme: Client, role: str, may_see: bool, may_make: bool) -> None:
    browser, quote = browser_of(role), a_draft_quote(acme)
    assert (browser.get(page_of(quote)).status_code == 200) is may_see
    for address in (NEW, deed(quote, "edit"), deed(quote, "send"), deed(quote, "withdraw")):
        assert (browser.get(address).status_code == 200) is may_make, address


def test_escapes_what_was_typed(finance: Browser, acme: Client, vat: TaxRate) -> None:
    quote = a_draft_quote(acme, line(1, vat, description="<b>x</b>"), terms="<script>")
    page = finance.get(page_of(quote)).content.decode()
    assert "<b>x</b>" not in page
    assert "&lt;b&gt;x" in page
    assert "&lt;script&gt;" in page
