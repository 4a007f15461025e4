"""A quote of what is done month by month …"""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from io import BytesIO
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client as Browser
from django.urls import reverse
from django.utils import timezone
from pypdf import PdfReader

from apps.billing.api import ports
from apps.billing.models import Invoice, Quote, QuotedRetainer, Retainer, TaxRate
from apps.billing.rules import BillingRefused
from apps.billing.services import answers, quoted, quotes, retainers
from apps.billing.services.documents import quote_pdf
from apps.billing.tests.factories import AT, a_current_quote, a_draft_quote, a_quote, accepted, an_offer, line, monthly
from apps.billing.tests.test_at_once import at_once, client_of_ours  # noqa: F401
from apps.billing.tests.test_desk_of_quotes import deed, said
from apps.identity.models import Client, User
from apps.identity.tests.factories import MembershipFactory, Portal
from apps.shared.desk import list_of, page_of


def test_is_billed_from_its_first_month_once_it_is_accepted(acme: Client, anna: User, vat: TaxRate) -> None:
    quote = accepted(a_quote(acme, line(1000, vat), monthly=monthly(vat, months=3)), anna.pk)
    first = [quoted.bill_quote(quote.pk, by=None) for _ in range(2)]
    assert {invoice.subtotal for invoice in first} == {1000}
    retainer = Retainer.objects.get()
    assert (retainer.quote, retainer.state, retainer.price, retainer.currency) == (quote, "ACTIVE", 500, "EUR")
    assert retainers.draft_due(at=datetime(2026, 3, 31, 12, tzinfo=UTC)) == 0
    assert retainers.draft_due(at=datetime(2027, 1, 1, 12, tzinfo=UTC)) == 3
    begun = [f"{each.start_date}" for each in retainer.periods.order_by("start_date")]
    assert begun == ["2026-04-01", "2026-05-01", "2026-06-01"]
    assert Retainer.objects.get().state == "ENDED"


@pytest.mark.parametrize(
    ("start", "months", "last"),
    [
        (date(2026, 8, 31), 7, date(2027, 2, 28)),
        (date(2026, 4, 15), 1, date(2026, 4, 15)),
        (date(2026, 4, 30), None, None),
    ],
)
def test_ends_with_the_month_that_was_agreed(
    acme: Client, anna: User, vat: TaxRate, start: date, months: int | None, last: date | None
) -> None:
    quote = accepted(a_quote(acme, monthly=monthly(vat, start_date=start, months=months)), anna.pk)
    quoted.bill_quote(quote.pk, by=None)
    retainer = Retainer.objects.get()
    assert (retainer.next_date, retainer.end_date) == (start, last)
    if months:
        assert len(retainers.upcoming(retainer, most=99)) == months


def test_and_of_nothing_else_is_billed_by_its_retainer_alone(acme: Client, anna: User, vat: TaxRate) -> None:
    quote = a_quote(acme, monthly=monthly(vat))
    assert (quote.total, ports.get_quote(quote_id=quote.pk).monthly.amount) == (0, 500)
    accepted(quote, anna.pk)
    assert ports.bill_quote(quote_id=quote.pk) is None
    assert (Retainer.objects.count(), Invoice.objects.count()) == (1, 0)


@pytest.mark.django_db(transaction=True)
def test_begins_once_however_many_begin_it(client_of_ours: Client) -> None:  # noqa: F811
    anna, rate = (
        MembershipFactory(client=client_of_ours).user,
        TaxRate.objects.create(name="VAT", country="IE", category="STANDARD", percent=23, valid_from=date(2020, 1, 1)),
    )
    quote = accepted(a_quote(client_of_ours, monthly=monthly(rate)), anna.pk)
    at_once([lambda: quoted.bill_quote(quote.pk, by=None)] * 8)
    assert Retainer.objects.count() == 1


def test_is_bound_by_its_hash(acme: Client, anna: User, vat: TaxRate) -> None:
    plain, offered = a_quote(acme, line(1, vat)), a_quote(acme, line(1, vat), monthly=monthly(vat))
    assert "monthly" not in quotes.content_of(plain, list(plain.lines.all()))
    content = quotes.content_of(offered, list(offered.lines.all()))["monthly"]
    assert (content["price"], content["tax"], content["start_date"]) == ("500", "115", "2026-04-01")
    with pytest.raises(DatabaseError, match="is sent"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE billing_quotedretainer SET price = 400")
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute("UPDATE billing_quotedretainer SET price = 400")
        cursor.execute("SET LOCAL session_replication_role = DEFAULT")
    with pytest.raises(answers.QuoteClosed, match="not what was sent"):
        accepted(Quote.objects.get(pk=offered.pk), anna.pk)


def test_says_the_same_in_its_next_version_and_less_when_changed(acme: Client, vat: TaxRate) -> None:
    old = a_quote(acme, line(1, vat), monthly=monthly(vat, months=6))
    new = quotes.revise_quote(old.pk, by=None, at=AT)
    assert quotes.offer_of(new).monthly == quotes.offer_of(old).monthly == monthly(vat, months=6)
    quotes.change_quote(new.pk, an_offer(line(2, vat), monthly=monthly(vat, price=Decimal(300))), by=None)
    assert new.monthly.__class__.objects.get(quote=new).price == 300
    quotes.change_quote(new.pk, an_offer(line(2, vat)), by=None)
    assert not QuotedRetainer.objects.filter(quote=new).exists()


@pytest.mark.parametrize(
    ("field", "changed"),
    [
        ("monthly_price", {"price": Decimal(0)}),
        ("monthly_price", {"price": Decimal("1.001")}),
        ("monthly_description", {"description": " "}),
        ("monthly_months", {"months": 0}),
        ("monthly_months", {"months": 121}),
    ],
)
def test_refuses_what_cannot_be_billed(acme: Client, vat: TaxRate, field: str, changed: dict[str, Any]) -> None:
    with pytest.raises(BillingRefused) as refused:
        a_draft_quote(acme, monthly=monthly(vat, **changed))
    assert refused.value.field == field


@pytest.mark.parametrize("days", [-1, 367])
def test_is_not_sent_where_its_first_month_is_past_or_far_away(acme: Client, vat: TaxRate, days: int) -> None:
    draft = a_draft_quote(acme, monthly=monthly(vat, start_date=AT.date() + timedelta(days=days)))
    with pytest.raises(BillingRefused) as refused:
        quotes.send_quote(draft.pk, by=None, at=AT)
    assert refused.value.field == "monthly_start_date"


def test_is_read_and_accepted_in_the_portal(acme: Client, vat: TaxRate) -> None:
    start = timezone.localdate() + timedelta(days=3)
    quote = a_current_quote(acme, line(1000, vat), monthly=monthly(vat, start_date=start, months=6))
    membership = MembershipFactory(client=acme)
    shown = Portal(membership).get(f"/api/v1/quotes/{quote.pk}").json()["monthly"]
    assert (shown["price"], shown["months"], shown["start_date"]) == (
        {"amount": "500.00", "currency": "EUR"},
        6,
        f"{start}",
    )
    browser = Browser()
    browser.force_login(membership.user)
    page = browser.get(reverse("portal-quote", args=[quote.pk])).content.decode()
    assert "€615.00" in page
    assert "for 6 months. Each is billed when it begins." in page
    assert "Accept this quote of €1,230.00 and €615.00 a month" in page
    assert "€1,230.00 and €615.00 a month" in browser.get(reverse("portal-quotes")).content.decode()
    answer = {"sha256": quote.sha256, "signed_name": "Anna"}
    browser.post(reverse("portal-quote-accept", args=[quote.pk]), answer)
    assert Quote.objects.get(pk=quote.pk).state == "ACCEPTED"


@pytest.mark.parametrize("lines", [0, 1])
def test_stands_on_its_pdf(acme: Client, vat: TaxRate, lines: int) -> None:
    quote = a_quote(acme, *[line(1000, vat)] * lines, monthly=monthly(vat))
    text = "\n".join(page.extract_text() for page in PdfReader(BytesIO(quote_pdf(quote, language="en"))).pages)
    said = " ".join(text.split())
    assert "Month by month from April 1, 2026 until one of us gives notice: Social media care" in said
    assert "615.00 EUR" in said
    assert ("The whole is billed once you have accepted." in said) == bool(lines)
    assert ("Net 0.00 EUR" in said) is False


def test_is_written_at_the_desk(finance: Browser, acme: Client, anna: User, vat: TaxRate) -> None:
    start = timezone.localdate() + timedelta(days=3)
    month = {"monthly_description": "Care", "monthly_price": "500", "monthly_tax_rate": str(vat.pk)}
    new, whole = reverse("admin:billing_quote_new"), month | {"monthly_start_date": f"{start}"}
    half = finance.post(new, said(client=str(acme.pk), **month)).content.decode()
    assert "Say it, or leave all of what is monthly empty." in half
    finance.post(new, said(client=str(acme.pk), **whole))
    quote = Quote.objects.get()
    assert "Acme is offered 615.00 EUR a month, until" in finance.get(deed(quote, "send")).content.decode()
    assert 'value="Care"' in finance.get(deed(quote, "edit")).content.decode()
    assert "615.00 EUR a month" in finance.get(list_of(Quote)).content.decode()
    finance.post(deed(quote, "send"), {"_form_submitted": "1"})
    quote.refresh_from_db()
    quoted.bill_quote(accepted(quote, anna.pk, at=timezone.now()).pk, by=None)
    page = finance.get(page_of(quote)).content.decode()
    assert page_of(Retainer.objects.get()) in page
    assert "until notice" in page
