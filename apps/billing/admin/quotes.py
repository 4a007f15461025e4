"""Quotes at the desk: written, sent, taken back and revised, and read as what the client sees."""

from collections.abc import Iterator
from datetime import timedelta
from functools import partial
from typing import Any, ClassVar
from uuid import UUID

from django.contrib import admin
from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from unfold.contrib.filters.admin import RangeDateFilter

from apps.billing import rules
from apps.billing.admin.deeds_of_quotes import QuoteDeeds
from apps.billing.admin.desk import deed_of_audit, find_documents
from apps.billing.admin.invoices import said_rate, shown_line, shown_taxes
from apps.billing.models import Invoice, Quote, QuoteLetter, Retainer
from apps.billing.queries import deposit_of_quote, find_later, find_monthly
from apps.billing.rules import BillingRefused
from apps.billing.services import quoted, quotes
from apps.shared.admin import (
    CLIENT_FILTER,
    CREATED_FILTER,
    Button,
    DocumentAdmin,
    TransitionAdmin,
    admin_link,
    badge,
    client_link,
    short_id,
    state_column,
)
from apps.shared.desk import Need, needs_filter, page_link

REMEMBERED = timedelta(days=30)
"""How long a quote that came to nothing stays on the first page."""


def quote_name(quote: Quote) -> str:
    """Return a quote's number; a draft has none yet."""
    return quote.number or f"Draft {short_id(quote.pk)}"


def _said(quote: Quote, amount: Any) -> str:
    return rules.say(amount, quote.currency)


def _worth(quote: Quote) -> str:
    """Return what a quote comes to, and what each month does of what it offers month by month."""
    once, monthly = _said(quote, quote.total), find_monthly(quote)
    if monthly is None:
        return once
    each = f"{_said(quote, monthly.price + monthly.tax)} a month"
    return f"{once} and {each}" if quote.total else each


def _why_waiting(quote: Quote) -> str:
    days = (quote.valid_until_date - quotes.local_day(quote.client, timezone.now())).days
    left = "its last day has passed" if days < 0 else "today is its last day" if days == 0 else f"{days} days are left"
    return f"{_worth(quote)}, valid until {quote.valid_until_date:%-d %b %Y}: {left}."


def _why_lost(quote: Quote) -> str:
    if quote.state == Quote.State.DECLINED:
        return f"{_worth(quote)}, declined: {quote.reason[:200]}"
    return f"{_worth(quote)}, not answered by {quote.valid_until_date:%-d %b %Y}."


def _lost(rows: QuerySet[Quote]) -> QuerySet[Quote]:
    """Narrow to quotes that came to nothing of late, and that no later version follows."""
    later = Quote.objects.following().filter(replaces=OuterRef("pk"))
    of_late = rows.filter(state__in=(Quote.State.DECLINED, Quote.State.EXPIRED)).filter(
        updated_at__gte=timezone.now() - REMEMBERED
    )
    return of_late.filter(~Exists(later)).select_related("client", "monthly").order_by("pk")


WAITING = Need(
    key="waiting",
    title="Quotes waiting for an answer",
    permissions=("billing.send_quote",),
    narrow=lambda rows: rows.waiting().select_related("client", "monthly").order_by("valid_until_date", "pk"),
    name=quote_name,
    why=_why_waiting,
    since=lambda quote: quote.sent_at,
)
LOST = Need(
    key="lost",
    title="Quotes declined or expired",
    permissions=("billing.draft_quote",),
    narrow=_lost,
    name=quote_name,
    why=_why_lost,
    since=lambda quote: quote.decided_at or quote.updated_at,
)
TO_SEND = Need(
    key="send",
    title="Quotes to send",
    permissions=("billing.send_quote",),
    narrow=lambda rows: rows.filter(state=Quote.State.DRAFT).select_related("client", "monthly").order_by("pk"),
    name=quote_name,
    why=lambda quote: f"{_worth(quote)}, to be looked over and sent.",
)


def _send(quote: Quote, *, by: UUID, reason: str) -> Quote:
    return quotes.send_quote(quote.pk, by=by, at=timezone.now())


def _withdraw(quote: Quote, *, by: UUID, reason: str) -> Quote:
    return quotes.withdraw_quote(quote.pk, reason=reason, by=by)


def _revise(quote: Quote, *, by: UUID, reason: str) -> Quote:
    return quotes.revise_quote(quote.pk, by=by, at=timezone.now())


def _draft_rest(quote: Quote, *, by: UUID, reason: str) -> Invoice:
    return quoted.draft_rest(quote.pk, by=by)


def _may_be_revised(quote: Quote) -> bool:
    return quote.number is not None and quote.state in Quote.REVISABLE and find_later(quote) is None


def _what_sending_does(quote: Quote) -> str:
    if problems := rules.open_questions(quote.lines.all()):
        return f"Not yet: {'; '.join(problems)}."
    deposit = f", of it {_said(quote, deposit_of_quote(quote))} before tax as a deposit" if quote.has_deposit else ""
    replaced = f" It replaces {quote.replaces}." if quote.replaces_id else ""
    until = f"{quote.valid_until_date:%-d %b %Y}"
    return f"{quote.client} is offered {_worth(quote)}{deposit}, until {until}.{replaced}"


def _monthly(quote: Quote) -> dict[str, Any] | None:
    """Return what a quote offers month by month, as its page shows it."""
    monthly = find_monthly(quote)
    if monthly is None:
        return None
    retainer = Retainer.objects.filter(quote=quote).first()
    return {
        "row": monthly,
        "rate": said_rate(monthly.tax_category, monthly.tax_percent),
        "price": _said(quote, monthly.price),
        "tax": _said(quote, monthly.tax),
        "total": _said(quote, monthly.price + monthly.tax),
        "retainer": page_link(retainer, str(retainer)) if retainer else "",
    }


def _deposit(quote: Quote) -> str:
    if not quote.has_deposit:
        return "none: the whole is billed once it is accepted"
    share = "" if quote.deposit_percent is None else f" ({quote.deposit_percent.normalize():f} %)"
    return f"{_said(quote, deposit_of_quote(quote))} before tax{share}"


def _deeds(request: HttpRequest, quote: Quote) -> Iterator[tuple[str, str]]:
    """Give the pages for a quote as it is now, to who may, and the document."""
    if quote.is_draft and request.user.has_perm("billing.draft_quote"):
        yield "Change", reverse("admin:billing_quote_edit", args=[quote.pk])
    if quote.number:
        yield "Download as PDF", reverse("admin:billing_quote_pdf", args=[quote.pk])
    yield from deed_of_audit(request, quote)


@admin.register(Quote)
class QuoteAdmin(QuoteDeeds, DocumentAdmin, TransitionAdmin):
    empty_says = "A quote is what a client is offered; what it accepts is billed by itself."
    empty_leads_to = ("New quote", "admin:billing_quote_new", "billing.draft_quote")
    list_display = ("name", client_link, state_column(), "version", "total_said", "valid_until_date", "sent_at")
    needs = (WAITING, LOST, TO_SEND)
    client_tab = "Quotes"
    list_filter = ("state", needs_filter(needs), ("valid_until_date", RangeDateFilter), CLIENT_FILTER, CREATED_FILTER)
    list_select_related = ("client", "monthly")
    search_fields = ("number", "client__name")
    id_fields = ("pk", "client_id", "replaces_id")
    change_form_before_template = "admin/billing/quote.html"
    fieldsets = (("Links", {"fields": (client_link, "created_at", "updated_at")}),)
    buttons: ClassVar = (
        Button(
            name="send",
            label="Send",
            service=_send,
            permission="billing.send_quote",
            offered=lambda quote: quote.is_draft,
            explanation="It gets its number, and the client's people are mailed. After that nothing of it changes.",
            preview=_what_sending_does,
            explains=True,
            refusals=(BillingRefused,),
            outcome=lambda quote: f"it is {quote.number}.",
        ),
        Button(
            name="revise",
            label="Revise",
            service=_revise,
            permission="billing.draft_quote",
            offered=_may_be_revised,
            explanation="The next version begins as a draft that says the same. This one stands until that is sent.",
            explains=True,
            refusals=(BillingRefused,),
            outcome=lambda quote: format_html("{} is there to be changed and sent.", _version_link(quote)),
        ),
        Button(
            name="draft_rest",
            label="Draft the rest",
            service=_draft_rest,
            permission="billing.draft_invoice",
            offered=lambda quote: quote.state == Quote.State.ACCEPTED and quote.has_deposit,
            explanation="An invoice over what the client accepted, less the deposit as far as it stands.",
            explains=True,
            refusals=(BillingRefused,),
            outcome=lambda invoice: format_html("{} is drafted.", page_link(invoice, "The invoice")),
        ),
        Button(
            name="withdraw",
            label="Withdraw",
            service=_withdraw,
            permission="billing.withdraw_quote",
            offered=lambda quote: quote.state in (Quote.State.DRAFT, Quote.State.SENT),
            explanation="A draft is put aside. One that was sent cannot be accepted any more.",
            asks_reason=True,
            explains=True,
            refusals=(BillingRefused,),
        ),
    )

    @admin.display(description="quote", ordering="number")
    def name(self, quote: Quote) -> str:
        return quote_name(quote)

    @admin.display(description="total", ordering="total")
    def total_said(self, quote: Quote) -> str:
        return _worth(quote)

    def desk_find(self, request: HttpRequest, term: str) -> QuerySet[Quote]:
        return find_documents(self.get_queryset(request), term, request.user, prefix="QUO-")

    def page(self, request: HttpRequest, row: Quote) -> dict[str, Any]:
        """Show what the client sees, what it answered, and what was billed of it."""
        lines, said, later = list(row.lines.all()), partial(_said, row), find_later(row)
        letters = list(row.letters.select_related("user"))
        return {
            "quote": row,
            "name": quote_name(row),
            "state": badge(row.state),
            "open_questions": rules.open_questions(lines) if row.is_draft else [],
            "lines": [shown_line(line, row.currency) for line in lines],
            "taxes": shown_taxes(lines, row.currency),
            "sums": {name: said(getattr(row, name)) for name in ("subtotal", "tax", "total")},
            "deposit": _deposit(row),
            "monthly": _monthly(row),
            "decided_by": str(row.decided_by) if row.decided_by_id else "",
            "before": _version_link(row.replaces) if row.replaces_id else "",
            "later": _version_link(later) if later else "",
            "invoices": [
                (admin_link("billing.invoice", each.pk, str(each)), each, said(each.total), badge(each.state))
                for each in row.invoices.order_by("pk")
            ],
            "letters": letters,
            "in_doubt": [each for each in letters if each.state in QuoteLetter.IN_DOUBT],
            "deeds": list(_deeds(request, row)),
        }


def _version_link(quote: Quote) -> str:
    return admin_link("billing.quote", quote.pk, f"Version {quote.version}, {quote_name(quote)}")
