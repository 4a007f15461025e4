"""In the portal, a quote …"""

from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from io import BytesIO
from typing import Any

import pytest
from django.test import Client as Browser
from django.urls import reverse
from django.utils import timezone
from pypdf import PdfReader

from apps.billing.models import Invoice, Quote
from apps.billing.services import answers, quotes
from apps.billing.services.documents import quote_pdf
from apps.billing.tests.factories import AT, a_current_quote, a_draft_quote, a_quote, line
from apps.identity.models import Client, Membership, User
from apps.identity.tests.factories import MembershipFactory, Portal

NOW = {"sha256": "", "signed_name": "Anna Approver"}


@pytest.fixture
def anna(acme: Client) -> Membership:
    """Who decides on acme's money."""
    return MembershipFactory(client=acme, user__full_name="Anna Approver")


@pytest.fixture
def portal(anna: Membership) -> Portal:
    return Portal(anna)


@pytest.fixture
def browser(anna: Membership) -> Browser:
    return browser_of(anna.user)


def browser_of(user: User) -> Browser:
    browser = Browser()
    browser.force_login(user)
    return browser


def page(quote: Quote, name: str = "portal-quote") -> str:
    return reverse(name, args=[quote.pk])


def api(quote: Quote, deed: str = "") -> str:
    return f"/api/v1/quotes/{quote.pk}" + (f"/{deed}" if deed else "")


def now(quote: Quote) -> Quote:
    return Quote.objects.get(pk=quote.pk)


def words_of(answer: Any) -> str:
    return " ".join(answer.content.decode().split())


# --- by the API ---


def test_says_what_is_offered(acme: Client, vat: Any, portal: Portal) -> None:
    quote = a_current_quote(
        acme, line(1000, vat, description="Campaign"), deposit_percent=Decimal(30), terms="As agreed."
    )
    answer = portal.get(api(quote))
    told = answer.json()
    assert answer["ETag"] == f'"{quote.sha256}"'
    assert (told["number"], told["state"], told["terms"]) == (quote.number, "SENT", "As agreed.")
    assert told["deposit"] == {"amount": "300.00", "currency": "EUR"}
    assert told["lines"][0]["net"] == {"amount": "1000.00", "currency": "EUR"}
    assert portal.get(api(a_current_quote(acme))).json()["deposit"] is None
    assert [each["number"] for each in portal.get("/api/v1/quotes").json()["results"]] == [
        "QUO-2026-0002",
        quote.number,
    ]


def test_is_accepted_on_exactly_the_version_that_was_seen(acme: Client, anna: Membership, portal: Portal) -> None:
    quote = a_current_quote(acme)
    body = {"signed_name": "Anna Approver"}
    assert portal.post(api(quote, "accept"), body).status_code == 428
    stale = portal.post(api(quote, "accept"), body, If_Match='"other"')
    assert (stale.status_code, now(quote).state) == (412, "SENT")
    answer = portal.post(api(quote, "accept"), body, If_Match=f'"{quote.sha256}"')
    assert (answer.status_code, answer.json()["state"], answer.json()["signed_name"]) == (
        200,
        "ACCEPTED",
        "Anna Approver",
    )
    assert (now(quote).decided_by, now(quote).signed_name) == (anna.user, "Anna Approver")


def test_is_accepted_once_however_often_the_request_is_sent(acme: Client, portal: Portal) -> None:
    quote = a_current_quote(acme)
    sent = {"If_Match": f'"{quote.sha256}"', "Idempotency_Key": "one"}
    first, again = (portal.post(api(quote, "accept"), {"signed_name": "Anna"}, **sent) for _ in range(2))
    assert (first.status_code, again.status_code) == (200, 200)
    assert again["Idempotency-Replayed"] == "true"
    assert again.json() == first.json()
    other = portal.post(api(quote, "accept"), {"signed_name": "Anna"}, **sent | {"Idempotency_Key": "two"})
    assert other.status_code == 409
    assert "was accepted on" in other.json()["detail"]


@pytest.mark.parametrize(("scope", "codes"), [("billing", [200, 403, 403]), ("review", [403, 200, 409])])
def test_is_read_and_answered_by_tokens_of_different_scopes(
    acme: Client, anna: Membership, scope: str, codes: list[int]
) -> None:
    quote, token = a_current_quote(acme), Portal(anna, scope)
    match = {"If_Match": f'"{quote.sha256}"'}
    answers_ = (
        token.get(api(quote)),
        token.post(api(quote, "accept"), {"signed_name": "Anna"}, **match),
        token.post(api(quote, "decline"), {"reason": "No."}, **match),
    )
    assert [each.status_code for each in answers_] == codes


def test_is_declined_with_a_reason(acme: Client, portal: Portal) -> None:
    quote = a_current_quote(acme)
    match = {"If_Match": f'"{quote.sha256}"'}
    for body in ({}, {"reason": " "}, {"reason": "So.", "price": 3}):
        assert portal.post(api(quote, "decline"), body, **match).status_code == 400
    assert portal.post(api(quote, "decline"), {"reason": "Too dear."}, **match).json()["state"] == "DECLINED"
    assert now(quote).reason == "Too dear."


def test_over_or_replaced_says_why_it_takes_no_answer(acme: Client, portal: Portal) -> None:
    expired, replaced = a_quote(acme), a_current_quote(acme)
    later = quotes.send_quote(
        quotes.revise_quote(replaced.pk, by=None, at=timezone.now()).pk, by=None, at=timezone.now()
    )
    for quote, why in ((expired, "valid until 1 Apr 2026"), (replaced, f"replaced by {later.number}")):
        answer = portal.post(api(quote, "accept"), {"signed_name": "Anna"}, If_Match=f'"{quote.sha256}"')
        assert (answer.status_code, why in answer.json()["detail"]) == (409, True), answer.json()
    assert not Quote.objects.filter(state="ACCEPTED").exists()


def test_is_not_there_for_others_nor_as_a_draft(acme: Client, globex: Client, browser: Browser, portal: Portal) -> None:
    foreign, draft = a_current_quote(globex), a_draft_quote(acme)
    assert portal.get("/api/v1/quotes").json()["results"] == []
    for quote in (foreign, draft):
        match = {"If_Match": f'"{quote.sha256}"'}
        answers_ = [
            portal.get(api(quote)),
            portal.get(api(quote, "pdf")),
            portal.post(api(quote, "accept"), {"signed_name": "Anna"}, **match),
            portal.post(api(quote, "decline"), {"reason": "So."}, **match),
            browser.get(page(quote)),
            browser.get(page(quote, "portal-quote-pdf")),
            browser.post(page(quote, "portal-quote-accept"), NOW | {"sha256": quote.sha256}),
            browser.post(page(quote, "portal-quote-decline"), {"sha256": quote.sha256, "reason": "So."}),
        ]
        assert {each.status_code for each in answers_} == {404}
    assert {now(foreign).state, now(draft).state} == {"SENT", "DRAFT"}


def test_is_for_those_alone_who_may_see_money(acme: Client) -> None:
    quote, viewer = a_current_quote(acme), MembershipFactory(client=acme, role="VIEWER")
    browser = browser_of(viewer.user)
    assert [Portal(viewer).get(api(quote)).status_code, browser.get(page(quote)).status_code] == [403, 403]
    assert browser.post(page(quote, "portal-quote-accept"), NOW | {"sha256": quote.sha256}).status_code == 403
    assert page(quote) not in words_of(browser.get(reverse("portal-home")))


# --- on its pages ---


def test_waits_on_the_first_page_until_it_is_answered_or_over(acme: Client, browser: Browser) -> None:
    quote, over = a_current_quote(acme), a_quote(acme)
    home = words_of(browser.get(reverse("portal-home")))
    assert page(quote) in home
    assert page(over) not in home
    listed = words_of(browser.get(reverse("portal-quotes")))
    assert "Waits for your decision" in listed
    assert "Expired" in listed


def test_is_accepted_by_its_page(acme: Client, browser: Browser) -> None:
    quote = a_current_quote(acme, deposit_percent=Decimal(30))
    shown = words_of(browser.get(page(quote)))
    assert "Accept this quote of €1,230.00" in shown
    assert "A deposit of €300.00 before tax" in shown
    assert page(quote, "portal-quote-accept") in shown
    answer = browser.post(page(quote, "portal-quote-accept"), NOW | {"sha256": quote.sha256}, follow=True)
    assert "you have accepted this quote" in words_of(answer)
    assert "signed by Anna Approver." in words_of(answer)
    assert page(quote, "portal-quote-accept") not in words_of(answer)
    assert (now(quote).state, Invoice.objects.count()) == ("ACCEPTED", 0)  # the invoice is drafted by the event


def test_asks_again_where_the_name_or_the_reason_is_missing(acme: Client, browser: Browser) -> None:
    quote = a_current_quote(acme)
    for name, said, why in (
        ("accept", {"sha256": quote.sha256}, "Type your name to accept the quote."),
        ("decline", {"sha256": quote.sha256, "reason": " "}, "Say in a sentence why you decline it."),
    ):
        answer = browser.post(page(quote, f"portal-quote-{name}"), said)
        assert (answer.status_code, why in words_of(answer)) == (400, True)
    assert now(quote).state == "SENT"


def test_is_not_accepted_by_a_page_that_has_gone_stale(acme: Client, browser: Browser) -> None:
    quote, over = a_current_quote(acme), a_quote(acme)
    other = browser.post(page(quote, "portal-quote-accept"), NOW | {"sha256": "0" * 64})
    assert (other.status_code, "not the quote that you saw" in words_of(other)) == (409, True)
    late = browser.post(page(over, "portal-quote-accept"), NOW | {"sha256": over.sha256})
    assert (late.status_code, "This quote was valid until 1 Apr 2026." in words_of(late)) == (409, True)
    assert {now(quote).state, now(over).state} == {"SENT"}


def test_that_was_replaced_leads_to_the_later_version(acme: Client, browser: Browser) -> None:
    first = a_current_quote(acme)
    second = quotes.revise_quote(first.pk, by=None, at=timezone.now())
    assert "Accept this quote" in words_of(browser.get(page(first)))
    quotes.send_quote(second.pk, by=None, at=timezone.now())
    shown = words_of(browser.get(page(first)))
    assert f'href="{page(second)}"' in shown
    assert "Accept this quote" not in shown


def test_declined_shows_what_was_said(acme: Client, browser: Browser) -> None:
    quote = a_current_quote(acme)
    said = {"sha256": quote.sha256, "reason": "<b>Too dear.</b>"}
    shown = words_of(browser.post(page(quote, "portal-quote-decline"), said, follow=True))
    assert "&lt;b&gt;Too dear." in shown


def test_is_read_in_german(acme: Client, browser: Browser) -> None:
    shown = words_of(browser.get(page(a_current_quote(acme)), headers={"Accept-Language": "de"}))
    assert "Dieses Angebot über 1.230,00" in shown
    assert "Nach Ihrer Zusage wird alles berechnet." in shown


def test_costs_few_queries(acme: Client, browser: Browser, portal: Portal, asks_at_most: Callable) -> None:
    quote, *_ = (a_current_quote(acme) for _ in range(3))
    portal.get("/api/v1/me")
    for fetch, path in (
        (portal.get, "/api/v1/quotes"),
        (portal.get, api(quote)),
        (browser.get, page(quote)),
        (browser.get, reverse("portal-quotes")),
    ):
        with asks_at_most(10):
            assert fetch(path).status_code == 200


# --- as a PDF ---


def read(content: bytes) -> str:
    return " ".join(" ".join(each.extract_text() for each in PdfReader(BytesIO(content)).pages).split())


def test_as_a_pdf_says_all_that_is_offered(acme: Client, vat: Any, settings: Any) -> None:
    settings.AGENCY_NAME = "Harbour & Sons"
    terms = 'Work begins in May.\n#read("/etc/passwd")'
    quote = a_quote(acme, line(1000, vat, description="Campaign"), deposit_percent=Decimal(30), terms=terms)
    words = read(quote_pdf(quote, language="en"))
    for part in (
        *("Harbour & Sons", "Quote QUO-2026-0001", "QUOTE FOR", "Acme", "Valid until April 1, 2026"),
        *("Campaign 1 1,000.00 23 % 1,000.00 EUR", "Total 1,230.00 EUR", "A deposit of 300.00 EUR before tax"),
        *("Work begins in May.", '#read("/etc/passwd")'),
    ):
        assert part in words, part
    assert quote_pdf(quote, language="en") == quote_pdf(now(quote), language="en")


def test_as_a_pdf_speaks_german_and_says_how_it_stands(acme: Client, anna: Membership) -> None:
    quote = a_quote(acme)
    answers.accept_quote(quote.pk, sha256=quote.sha256, signed_name="Anna", by=anna.user_id, at=AT)
    words = read(quote_pdf(now(quote), language="de"))
    for part in ("Angebot QUO-2026-0001", "Gültig bis 1. April 2026", "1.230,00 EUR", "gezeichnet: Anna"):
        assert part in words, part
    other = a_quote(acme)
    quotes.withdraw_quote(other.pk, reason="Wrong.", by=None)
    assert "ZURÜCKGEZOGEN" in read(quote_pdf(now(other), language="de"))


def test_was_accepted_on_the_day_that_it_was_where_the_client_is(
    acme: Client, anna: Membership, browser: Browser, portal: Portal
) -> None:
    Client.objects.filter(pk=acme.pk).update(time_zone="America/Los_Angeles")
    quote = a_quote(acme)
    last_evening = datetime(2026, 4, 2, 3, tzinfo=UTC)
    answers.accept_quote(quote.pk, sha256=quote.sha256, signed_name="Anna", by=anna.user_id, at=last_evening)
    assert "Accepted on April 1, 2026" in read(quote_pdf(now(quote), language="en"))
    assert "Accepted on 1 Apr 2026" in words_of(browser.get(page(quote)))
    again = portal.post(api(quote, "accept"), {"signed_name": "Anna"}, If_Match=f'"{quote.sha256}"')
    assert "on 1 Apr 2026 already" in again.json()["detail"]


def test_as_a_pdf_is_downloaded_by_page_and_api(acme: Client, browser: Browser, portal: Portal) -> None:
    quote = a_current_quote(acme)
    for answer in (browser.get(page(quote, "portal-quote-pdf")), portal.get(api(quote, "pdf"))):
        assert (answer.status_code, answer["Content-Type"]) == (200, "application/pdf")
        assert f'filename="{quote.number}.pdf"' in answer["Content-Disposition"]
