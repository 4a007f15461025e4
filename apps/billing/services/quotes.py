"""What is offered to a client: written and changed as a draft, sent, taken back, and followed by a later version."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import transaction

from apps.billing import queries, rules
from apps.billing.api import events
from apps.billing.api.dtos import LineItem, MonthlyOffer, Offer
from apps.billing.models import NumberSeries, Quote, QuotedRetainer, QuoteLine
from apps.billing.rules import BillingRefused
from apps.billing.services.drafts import priced
from apps.billing.services.issuing import problems_of_rate
from apps.billing.services.records import day_of_books, lock_quote, money, next_number, require_reason, sum_up
from apps.identity.models import Client
from apps.shared.dtos import Money
from apps.shared.events import AuditNote, Event, publish
from apps.shared.models import snapshot

LATEST_START = timedelta(days=366)
SENT_COLUMNS = ("state", "number", "sequence", "issue_date", "sent_at", "sha256", "updated_at")


@transaction.atomic
def draft_quote(client: Client, offer: Offer, *, by: UUID | None) -> Quote:
    """Store a draft in the client's currency; no client sees it before it is sent.

    Raises BillingRefused for an offer that cannot be one, naming the field.
    """
    rules.require_currency(client.currency)
    quote = Quote(client=client, currency=client.currency)
    return _begin(quote, offer, by=by)


@transaction.atomic
def change_quote(quote_id: UUID, offer: Offer, *, by: UUID | None) -> Quote:
    """Let a draft say this instead. Raises BillingRefused once it is sent, and for an offer that cannot be one."""
    quote = _lock_draft(quote_id)
    before = with_lines(quote)
    quote.lines.all().delete()
    QuotedRetainer.objects.filter(quote=quote).delete()
    quote = lock_quote(quote_id)  # that knows nothing of what it said
    _fill(quote, offer)
    note = AuditNote(actor_id=by, before=before, after=with_lines(quote))
    tell(events.QuoteRevised, quote, note, total=money(quote, quote.total))
    return quote


@transaction.atomic
def send_quote(quote_id: UUID, *, by: UUID | None, at: datetime) -> Quote:
    """Put a draft in front of the client: it gets its number and its hash, and nothing of it changes after.

    The version that it replaces is offered no more. Raises BillingRefused when it is no draft, lacks a price or a rate,
    or asks for a deposit that nobody can pay, when its last day has passed, and when the one before was accepted.
    """
    quote = _lock_draft(quote_id)
    lines = list(quote.lines.select_related("tax_rate"))
    _require_sendable(quote, lines, at)
    if quote.replaces_id:
        _replace(quote.replaces_id, quote, by=by)
    before = standing(quote)
    quote.number, quote.sequence, quote.issue_date = next_number(NumberSeries.Kind.QUOTE, day_of_books(at))
    quote.sent_at = at
    quote.sha256 = rules.digest_of(content_of(quote, lines))
    quote.send()
    quote.save(update_fields=SENT_COLUMNS)
    told = {"number": quote.number, "version": quote.version, "sha256": quote.sha256}
    told |= {"total": money(quote, quote.total), "valid_until_date": quote.valid_until_date}
    tell(events.QuoteSent, quote, AuditNote(actor_id=by, before=before, after=standing(quote)), **told)
    return quote


@transaction.atomic
def withdraw_quote(quote_id: UUID, *, reason: str, by: UUID | None) -> Quote:
    """Offer a quote no more: put its draft aside, or take it back. Raises BillingRefused once it is answered."""
    reason, quote = require_reason(reason), lock_quote(quote_id)
    if quote.state not in (Quote.State.DRAFT, Quote.State.SENT):
        raise BillingRefused("quote", f"{quote} is {quote.state}: there is nothing to take back any more.")
    _withdraw(quote, reason, by=by)
    return quote


@transaction.atomic
def revise_quote(quote_id: UUID, *, by: UUID | None, at: datetime) -> Quote:
    """Begin the next version of a quote that was sent: a draft that says the same, and replaces it when it is sent.

    Raises BillingRefused for one that was never sent or is accepted, and where a later version is there already.
    """
    old = lock_quote(quote_id)
    if old.state not in Quote.REVISABLE or old.number is None:
        raise BillingRefused("quote", f"{old} is {old.state}; what was sent and not accepted can be revised.")
    later = queries.find_later(old)
    if later is not None:
        raise BillingRefused("quote", f"version {later.version} of it is there already, as {later.state}.")
    days = max(old.valid_until_date - old.issue_date, timedelta(days=1))
    offer = offer_of(old).model_copy(update={"valid_until_date": local_day(old.client, at) + days})
    return _begin(Quote(client=old.client, currency=old.currency, version=old.version + 1, replaces=old), offer, by=by)


def offer_of(quote: Quote) -> Offer:
    """Return what a quote says, as an offer."""
    lines = tuple(item_of(quote, line) for line in quote.lines.all())
    names = ("valid_until_date", "deposit_percent", "deposit_amount", "terms")
    monthly = queries.find_monthly(quote)
    offered = MonthlyOffer(**{name: getattr(monthly, name) for name in MonthlyOffer.model_fields}) if monthly else None
    return Offer(lines=lines, monthly=offered, **{name: getattr(quote, name) for name in names})


def item_of(quote: Quote, line: QuoteLine) -> LineItem:
    """Return what a line of a quote says, to be offered or billed as it is."""
    return LineItem(
        description=line.description,
        quantity=line.quantity,
        unit_price=None if line.unit_price is None else money(quote, line.unit_price),
        tax_rate_id=line.tax_rate_id,
    )


def content_of(quote: Quote, lines: list[QuoteLine]) -> dict[str, Any]:
    """Return all that a quote says to its client, as text that is the same however the database writes it."""
    names = ("client_id", "number", "version", "currency", "issue_date", "valid_until_date", "terms")
    amounts = ("deposit_percent", "deposit_amount", "subtotal", "tax", "total")
    of_line = ("position", "description", "quantity", "unit_price", "tax_percent", "tax_category", "net", "tax")
    said = {
        **{name: _plain(getattr(quote, name)) for name in names + amounts},
        "lines": [{name: _plain(getattr(line, name)) for name in of_line} for line in lines],
    }
    of_month = ("description", "price", "tax_percent", "tax_category", "tax", "start_date", "months")
    if monthly := queries.find_monthly(quote):  # a quote without says nothing of it, as before there were any
        said["monthly"] = {name: _plain(getattr(monthly, name)) for name in of_month}
    return said


def local_day(client: Client, at: datetime) -> date:
    """Return which day a moment is where the client is."""
    return at.astimezone(ZoneInfo(client.time_zone)).date()


def standing(quote: Quote) -> dict[str, str]:
    """Return where a quote stands, for the audit."""
    names = ("state", "number", "version", "total", "sha256", "valid_until_date")
    return {name: str(getattr(quote, name)) for name in names}


def with_lines(quote: Quote) -> dict[str, Any]:
    """Return a quote with its lines, for the audit."""
    monthly = queries.find_monthly(quote)
    lines = [snapshot(line) for line in quote.lines.all()]
    return {**snapshot(quote), "lines": lines, "monthly": snapshot(monthly) if monthly else None}


def tell(kind: type[Event], quote: Quote, note: AuditNote, **fields: Any) -> None:
    """Publish what happened to a quote."""
    publish(kind(client_id=quote.client_id, aggregate_id=quote.pk, **fields), note)


def _plain(value: Any) -> str:
    if value is None:
        return ""
    return f"{value.normalize():f}" if isinstance(value, Decimal) else str(value)


def _begin(quote: Quote, offer: Offer, *, by: UUID | None) -> Quote:
    _fill(quote, offer)
    note = AuditNote(actor_id=by, after=with_lines(quote))
    tell(events.QuoteDrafted, quote, note, version=quote.version, total=money(quote, quote.total))
    return quote


def _fill(quote: Quote, offer: Offer) -> None:
    """Store what a draft says; its lines were there no more."""
    rules.check_offer(offer, quote.currency)
    lines = [
        QuoteLine(quote=quote, position=position, **priced(line, quote.currency))
        for position, line in enumerate(offer.lines, 1)
    ]
    quote.valid_until_date, quote.terms = offer.valid_until_date, offer.terms
    quote.deposit_percent, quote.deposit_amount = offer.deposit_percent, offer.deposit_amount
    sum_up(quote, lines)
    quote.save()
    QuoteLine.objects.bulk_create(lines)
    if offer.monthly:
        _offer_monthly(quote, offer.monthly)


def _offer_monthly(quote: Quote, offer: MonthlyOffer) -> None:
    price = Money(amount=offer.price, currency=quote.currency)
    month = LineItem(description=offer.description, unit_price=price, tax_rate_id=offer.tax_rate_id)
    columns = priced(month, quote.currency)
    rated = {name: columns[name] for name in ("tax_rate", "tax_percent", "tax_category", "tax")}
    said = offer.model_dump(include={"description", "price", "start_date", "months"})
    QuotedRetainer.objects.create(quote=quote, **said, **rated)


def _lock_draft(quote_id: UUID) -> Quote:
    quote = lock_quote(quote_id)
    if not quote.is_draft:
        raise BillingRefused("quote", f"{quote} is {quote.state} and does not change; revise it.")
    return quote


def _require_sendable(quote: Quote, lines: list[QuoteLine], at: datetime) -> None:
    problems, monthly, today = rules.open_questions(lines), queries.find_monthly(quote), local_day(quote.client, at)
    priced_at = [*lines, monthly] if monthly else lines
    for rate in {line.tax_rate for line in priced_at if line.tax_rate}:
        problems += problems_of_rate(rate, day_of_books(at))
    if problems:
        raise BillingRefused("lines", f"{'; '.join(problems)}. Change the lines, then send it.")
    if monthly and not today <= monthly.start_date <= today + LATEST_START:
        raise BillingRefused("monthly_start_date", "is to be today or later, and at most a year from now.")
    if quote.subtotal == 0 and (lines or not monthly):
        raise BillingRefused("total", "is nought: there is nothing to offer. Set a price.")
    if quote.valid_until_date < today:
        raise BillingRefused("valid_until_date", "has passed where the client is; give a later day.")
    deposit = queries.deposit_of_quote(quote)
    if quote.has_deposit and not 0 < deposit <= quote.subtotal:
        least = rules.say(quote.subtotal, quote.currency)
        raise BillingRefused("deposit", f"is to be more than nought and at most {least}, before tax.")


def _replace(old_id: UUID, new: Quote, *, by: UUID | None) -> None:
    """Take back the version that a later one replaces, where it still waits for an answer."""
    old = lock_quote(old_id)
    if old.state == Quote.State.ACCEPTED:
        raise BillingRefused("quote", f"{old}, which this replaces, was accepted meanwhile: write a quote of its own.")
    if old.state == Quote.State.SENT:
        _withdraw(old, f"Version {new.version} replaces it.", by=by)


def _withdraw(quote: Quote, reason: str, *, by: UUID | None) -> None:
    before = standing(quote)
    quote.withdraw()
    quote.reason = reason
    quote.save(update_fields=["state", "reason", "updated_at"])
    note = AuditNote(actor_id=by, reason=reason, before=before, after=standing(quote))
    tell(events.QuoteWithdrawn, quote, note, number=quote.number, reason=reason)
