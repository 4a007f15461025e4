"""The portal's pages of quotes: read exactly what is offered, and accept or decline it."""

from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.http import require_POST, require_safe

from apps.billing import queries
from apps.billing.forms import AcceptForm, DeclineForm
from apps.billing.models import Quote
from apps.billing.rules import BillingRefused
from apps.billing.services import answers
from apps.billing.services.documents import quote_pdf
from apps.billing.views.money import money
from apps.shared.portal import Card, page, send_pdf
from apps.shared.rest.views import of_client

ON_A_PAGE = 50
STATES = {
    "SENT": gettext_noop("Waits for your decision"),
    "ACCEPTED": gettext_noop("Accepted"),
    "DECLINED": gettext_noop("Declined"),
    "EXPIRED": gettext_noop("Expired"),
    "WITHDRAWN": gettext_noop("Withdrawn"),
}


def cards_to_decide(request: HttpRequest) -> list[Card]:
    """Return the quotes that wait for an answer, for the portal's first page."""
    if "billing" not in request.access.scopes:
        return []
    now = timezone.now()
    return [
        Card(
            section="decide",
            title=_("Quote %(number)s") % {"number": quote.number},
            text=f"{_worth(quote)} · {_valid_until(quote)}",
            url=_url(quote),
        )
        for quote in _of(request).waiting().order_by("valid_until_date", "pk")
        if answers.is_open(quote, now)
    ]


def _of(request: HttpRequest) -> QuerySet[Quote]:
    return of_client(Quote.objects.sent().select_related("client", "monthly"), request.access.client_id)


def _valid_until(quote: Quote) -> str:
    return _("Valid until %(day)s") % {"day": date_format(quote.valid_until_date, "DATE_FORMAT")}


@require_safe
@page("billing")
def quotes(request: HttpRequest) -> HttpResponse:
    """List the client's quotes, the newest first."""
    now = timezone.now()
    found = [{"row": each, "total": _worth(each), "state": _state(each, now)} for each in _of(request)[:ON_A_PAGE]]
    return render(request, "portal/quotes.html", {"quotes": found})


@require_safe
@page("billing")
def quote(request: HttpRequest, quote_id: UUID) -> HttpResponse:
    """Show one quote with its lines and terms, and what can be answered to it."""
    return _page(request, get_object_or_404(_of(request), pk=quote_id))


def _page(request: HttpRequest, found: Quote, *, refusal: str = "", status: int = 200) -> HttpResponse:
    now = timezone.now()
    is_open, later = answers.is_open(found, now), _later(found)
    context = {
        "quote": found,
        "lines": [
            {"row": line, "price": money(line.unit_price, found), "net": money(line.net, found)}
            for line in found.lines.all()
        ],
        "sums": {name: money(getattr(found, name), found) for name in ("subtotal", "tax", "total")},
        "monthly": _monthly(found),
        "worth": _worth(found),
        "state": _state(found, now),
        "payment": _payment(found) if found.subtotal else "",
        "may_answer": is_open,
        "closed": "" if is_open else _closed(found, later),
        "later": later,
        "refusal": refusal,
    }
    return render(request, "portal/quote.html", context, status=status)


def _worth(found: Quote) -> str:
    """Say what a quote comes to, and what each month does of what it offers month by month."""
    once, monthly = money(found.total, found), queries.find_monthly(found)
    if monthly is None:
        return once
    told = {"once": once, "month": money(monthly.price + monthly.tax, found)}
    return (_("%(once)s and %(month)s a month") if found.total else _("%(month)s a month")) % told


def _monthly(found: Quote) -> dict[str, Any] | None:
    monthly = queries.find_monthly(found)
    if monthly is None:
        return None
    amounts = {"price": monthly.price, "tax": monthly.tax, "total": monthly.price + monthly.tax}
    return {"row": monthly, **{name: money(amount, found) for name, amount in amounts.items()}}


def _state(found: Quote, now: datetime) -> str:
    shown = "EXPIRED" if found.state == Quote.State.SENT and answers.is_over(found, now) else found.state
    return _(STATES[shown])


def _payment(found: Quote) -> str:
    """Say what is to be paid when."""
    if not found.has_deposit:
        return _("The whole is billed once you have accepted.")
    deposit = money(queries.deposit_of_quote(found), found)
    return _("A deposit of %(deposit)s before tax is billed once you have accepted, the rest with the work.") % {
        "deposit": deposit
    }


def _later(found: Quote) -> Quote | None:
    """Return the version that replaced a quote; the client sees none that is still written."""
    later = queries.find_later(found)
    return later if later is not None and later.number else None


def _closed(found: Quote, later: Quote | None) -> str:
    """Say why a quote takes no answer any more."""
    told = {"day": date_format(found.valid_until_date, "DATE_FORMAT"), "name": found.signed_name}
    if found.decided_at:
        told["day"] = date_format(
            timezone.localtime(found.decided_at, ZoneInfo(found.client.time_zone)), "DATETIME_FORMAT"
        )
    match found.state:
        case "ACCEPTED":
            return _("Accepted on %(day)s, signed by %(name)s.") % told
        case "DECLINED":
            return _("Declined on %(day)s.") % told
        case "WITHDRAWN" if later:
            return _("A later version has replaced this quote. Please answer that one:")
        case "WITHDRAWN":
            return _("This quote was withdrawn. Please ask your contact for another one.")
    return _("This quote was valid until %(day)s. Please ask your contact for another one.") % told


@require_POST
@page("billing")
def accept(request: HttpRequest, quote_id: UUID) -> HttpResponse:
    """Accept what the page showed."""
    found = get_object_or_404(_of(request), pk=quote_id)
    form = AcceptForm(request.POST)
    if not form.is_valid():
        return _page(request, found, refusal=_("Type your name to accept the quote."), status=400)
    said = form.cleaned_data
    done = _("Thank you: you have accepted this quote. The invoice follows.")
    return _answered(request, found, lambda **by: answers.accept_quote(found.pk, **said, **by), done)


@require_POST
@page("billing")
def decline(request: HttpRequest, quote_id: UUID) -> HttpResponse:
    """Decline what the page showed."""
    found = get_object_or_404(_of(request), pk=quote_id)
    form = DeclineForm(request.POST)
    if not form.is_valid():
        return _page(request, found, refusal=_("Say in a sentence why you decline it."), status=400)
    said = form.cleaned_data
    done = _("You have declined this quote. We will be in touch.")
    return _answered(request, found, lambda **by: answers.decline_quote(found.pk, **said, **by), done)


def _answered(request: HttpRequest, found: Quote, answer: Callable[..., Quote], done: str) -> HttpResponse:
    try:
        answer(by=request.access.user.pk, at=timezone.now())
    except BillingRefused as refusal:
        again = _of(request).get(pk=found.pk)
        return _page(request, again, refusal=_refusal(again, refusal), status=409)
    messages.success(request, done)
    return HttpResponseRedirect(_url(found))


def _refusal(found: Quote, refusal: BillingRefused) -> str:
    if isinstance(refusal, answers.QuoteStale):
        return _("This is not the quote that you saw. Please read it, then decide.")
    if isinstance(refusal, answers.NotAPayer):
        return _("Only who decides for your company can answer a quote.")
    return _("This cannot be decided any more. Below is how it stands.")


def _url(found: Quote) -> str:
    return reverse("portal-quote", args=[found.pk])


@require_safe
@page("billing")
def download(request: HttpRequest, quote_id: UUID) -> HttpResponse:
    """Send a quote as a PDF, in the language of the page."""
    found = get_object_or_404(_of(request), pk=quote_id)
    return send_pdf(request, found, f"{found.number}.pdf", partial(quote_pdf, found))
