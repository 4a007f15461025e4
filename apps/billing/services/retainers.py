"""Retainers: what is billed for each period again, once, however late beat comes and however many do it at once."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import partial
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from apps.billing import queries, rules
from apps.billing.api import events
from apps.billing.api.dtos import LineItem
from apps.billing.models import Invoice, Quote, Retainer, RetainerPeriod, TaxRate
from apps.billing.rules import BillingRefused
from apps.billing.services.answers import EASTMOST
from apps.billing.services.drafts import draft_invoice
from apps.billing.services.issuing import issue_invoice
from apps.billing.services.quotes import local_day
from apps.billing.services.records import require_reason
from apps.identity.models import Client, User
from apps.shared.dtos import Money
from apps.shared.events import AuditNote, publish
from apps.shared.models import snapshot
from apps.shared.resilience import OneByOne

LONGEST_AGO = timedelta(days=366)
ALL_BILLED = "Its last period is billed."


@dataclass(frozen=True)
class RetainerTerms:
    """What is agreed of a retainer."""

    description: str
    price: Decimal
    tax_rate_id: UUID
    every_months: int
    day: int
    start_date: date
    end_date: date | None
    is_in_advance: bool
    is_issued_by_itself: bool
    uses_credit: bool
    payment_days: int


@transaction.atomic
def start_retainer(client: Client, terms: RetainerTerms, *, by: UUID | None, at: datetime) -> Retainer:
    """Have a client billed for each period from now on; a start of late has what is due drafted when beat comes.

    Raises BillingRefused for terms that cannot be billed.
    """
    _require_billable(client, terms, local_day(client, at))
    retainer = Retainer(client=client, currency=client.currency, started_by_id=by, **vars(terms))
    retainer.next_date = _or_none(retainer, rules.first_period(terms.start_date, terms.day))
    if retainer.next_date is None:
        raise BillingRefused("end_date", "comes before the first period begins.")
    retainer.save()
    price = Money(amount=retainer.price, currency=retainer.currency)
    _tell(events.RetainerStarted, retainer, None, by=by, price=price, every_months=retainer.every_months)
    return retainer


@transaction.atomic
def start_quoted(quote: Quote) -> Retainer | None:
    """Bill what a locked, accepted quote offers month by month, from the day it says, once; None where it offers none.

    A start that has passed by now is made up for when beat comes.
    """
    offered = queries.find_monthly(quote)
    if offered is None:
        return None
    known = Retainer.objects.filter(quote=quote).first()
    if known is not None:
        return known
    retainer = Retainer.objects.create(
        client=quote.client,
        quote=quote,
        description=offered.description,
        price=offered.price,
        currency=quote.currency,
        tax_rate=offered.tax_rate,
        every_months=Retainer.Every.MONTH,
        day=offered.start_date.day,
        start_date=offered.start_date,
        end_date=rules.last_month(offered.start_date, offered.months),
        payment_days=settings.PAYMENT_DAYS,
        next_date=offered.start_date,
    )
    price = Money(amount=retainer.price, currency=retainer.currency)
    _tell(events.RetainerStarted, retainer, None, by=None, price=price, every_months=retainer.every_months)
    return retainer


@transaction.atomic
def pause_retainer(retainer_id: UUID, *, reason: str, by: UUID | None, at: datetime) -> Retainer:
    """Let no further period be billed; what is due until now is drafted first. Raises BillingRefused."""
    return _stop(retainer_id, "pause", events.RetainerPaused, reason=reason, by=by, at=at)


@transaction.atomic
def end_retainer(retainer_id: UUID, *, reason: str, by: UUID | None, at: datetime) -> Retainer:
    """Bill no period any more; what is due until now is drafted first. Raises BillingRefused."""
    return _stop(retainer_id, "end", events.RetainerEnded, reason=reason, by=by, at=at)


@transaction.atomic
def resume_retainer(retainer_id: UUID, *, reason: str, by: UUID | None, at: datetime) -> Retainer:
    """Bill the periods that begin from today on; those that began meanwhile are not.

    Raises BillingRefused where it is not paused, or none begins any more.
    """
    reason, retainer = require_reason(reason), _lock(retainer_id)
    if retainer.state != Retainer.State.PAUSED:
        raise BillingRefused("retainer", f"is {retainer.state.lower()}; only one that is paused can be resumed.")
    before, today, begins = snapshot(retainer), local_day(retainer.client, at), retainer.next_date
    while begins is not None and begins < today:
        begins = _or_none(retainer, rules.next_period(begins, retainer.every_months, retainer.day))
    if begins is None:
        raise BillingRefused("retainer", "none of its periods begins any more: end it.")
    retainer.next_date, retainer.reason = begins, ""
    retainer.resume()
    retainer.save()
    _tell(events.RetainerResumed, retainer, before, by=by, reason=reason)
    return retainer


@transaction.atomic
def choose_credit(retainer_id: UUID, *, uses_credit: bool, by: UUID | None) -> Retainer:
    """Have the client's credit put to the invoices that are issued from now on, or not. Raises BillingRefused.

    What is chosen already changes nothing.
    """
    retainer = _lock(retainer_id)
    if retainer.state == Retainer.State.ENDED:
        raise BillingRefused("retainer", "is ended: nothing is billed by it any more.")
    if retainer.uses_credit != uses_credit:
        before, retainer.uses_credit = snapshot(retainer), uses_credit
        retainer.save(update_fields=["uses_credit", "updated_at"])
        _tell(events.RetainerCreditChosen, retainer, before, by=by, uses_credit=uses_credit)
    return retainer


def draft_due(*, at: datetime) -> int:
    """Draft the invoice of every period that is due where its client is, one retainer after the other; return how many.

    One that breaks stops none of the others; an ExceptionGroup names it when they are done.
    """
    near = Retainer.objects.filter(state=Retainer.State.ACTIVE, next_date__lte=(at + EASTMOST).date()).order_by("pk")
    with OneByOne() as retainers:
        return sum(retainers.do(partial(_draft_due_of, at=at), near.values_list("pk", flat=True)))


def upcoming(retainer: Retainer, most: int = 6) -> list[tuple[date, date, date]]:
    """Return the next periods of a retainer: first day, last day, and the day on which each is billed."""
    found, begins = [], retainer.next_date
    while begins is not None and len(found) < most and retainer.state != Retainer.State.ENDED:
        following = rules.next_period(begins, retainer.every_months, retainer.day)
        found.append((begins, following - timedelta(days=1), begins if retainer.is_in_advance else following))
        begins = _or_none(retainer, following)
    return found


def unbilled_once_stopped(retainer: Retainer, *, at: datetime) -> tuple[date, date] | None:
    """Return the period that has begun and is not billed once a retainer is stopped now, None where there is none."""
    today = local_day(retainer.client, at)
    begun = ((begins, ends) for begins, ends, billed in upcoming(retainer, 24) if begins <= today < billed)
    return next(begun, None)


@transaction.atomic
def _draft_due_of(retainer_id: UUID, *, at: datetime) -> int:
    retainer = _lock(retainer_id)
    return _bill_due(retainer, at) if retainer.state == Retainer.State.ACTIVE else 0


def _bill_due(retainer: Retainer, at: datetime) -> int:
    """Draft what is due of a locked retainer, period by period, and say when the next begins."""
    today, before, count = local_day(retainer.client, at), snapshot(retainer), 0
    while (coming := upcoming(retainer, 1)) and coming[0][2] <= today:
        begins, ends, _billed = coming[0]
        _bill(retainer, begins, ends, at)
        retainer.next_date = _or_none(retainer, ends + timedelta(days=1))
        count += 1
    if not count:
        return 0
    if retainer.next_date is None:
        retainer.end()
        retainer.reason = ALL_BILLED
    retainer.save()
    if retainer.state == Retainer.State.ENDED:
        _tell(events.RetainerEnded, retainer, before, by=None, reason=ALL_BILLED)
    return count


def _bill(retainer: Retainer, begins: date, ends: date, at: datetime) -> Invoice:
    rate = queries.rate_in_force(retainer.tax_rate, local_day(retainer.client, at))
    line = LineItem(
        description=_words(retainer, begins, ends),
        unit_price=Money(amount=retainer.price, currency=retainer.currency),
        tax_rate_id=rate.pk,
    )
    invoice = draft_invoice(retainer.client, [line], currency=retainer.currency, payment_days=retainer.payment_days)
    RetainerPeriod.objects.create(retainer=retainer, start_date=begins, end_date=ends, invoice=invoice)
    if retainer.is_issued_by_itself:
        try:
            with transaction.atomic():
                issue_invoice(invoice.pk, by=None, at=at)
        except BillingRefused:  # it stays a draft, and finance is asked to issue it
            pass
    return invoice


def _words(retainer: Retainer, begins: date, ends: date) -> str:
    payers = User.objects.filter(pk__in=queries.payers_of(retainer.client_id)).exclude(language="").order_by("pk")
    first = payers.first()
    with translation.override(first.language if first else settings.LANGUAGE_CODE):
        told = {"what": retainer.description, "begins": date_format(begins), "ends": date_format(ends)}
        return _("%(what)s, %(begins)s to %(ends)s") % told


def _stop(retainer_id: UUID, verb: str, kind: Any, *, reason: str, by: UUID | None, at: datetime) -> Retainer:
    reason, retainer = require_reason(reason), _lock(retainer_id)
    if retainer.state == Retainer.State.ACTIVE:
        _bill_due(retainer, at)
    if retainer.state == Retainer.State.ENDED or (verb == "pause" and retainer.state == Retainer.State.PAUSED):
        raise BillingRefused("retainer", f"is {retainer.state.lower()} already.")
    before = snapshot(retainer)
    getattr(retainer, verb)()
    retainer.reason = reason
    retainer.save()
    _tell(kind, retainer, before, by=by, reason=reason)
    return retainer


def _lock(retainer_id: UUID) -> Retainer:
    rows = Retainer.objects.select_for_update(of=("self",)).select_related("client", "tax_rate")
    return rows.get(pk=retainer_id)


def _or_none(retainer: Retainer, begins: date) -> date | None:
    return begins if retainer.end_date is None or begins <= retainer.end_date else None


def _require_billable(client: Client, terms: RetainerTerms, today: date) -> None:
    rules.require_currency(client.currency)
    rules.require_amount("price", terms.price, client.currency)
    longest = rules.LONGEST_DESCRIPTION_OF_RETAINER
    if not 1 <= len(terms.description.strip()) <= longest:
        raise BillingRefused("description", f"is to have 1 to {longest} characters.")
    if terms.every_months not in Retainer.Every.values:
        raise BillingRefused("every_months", "is to be 1, 3 or 12.")
    if not 1 <= terms.day <= 31:
        raise BillingRefused("day", "is to be 1 to 31; 31 is a month's last day.")
    if not abs(terms.start_date - today) <= LONGEST_AGO:
        raise BillingRefused("start_date", "is to be within a year of today.")
    if terms.end_date is not None and terms.end_date < terms.start_date:
        raise BillingRefused("end_date", "comes before the start.")
    if not 0 <= terms.payment_days <= 365:
        raise BillingRefused("payment_days", "is to be 0 to 365.")
    if not TaxRate.objects.filter(pk=terms.tax_rate_id).exists():
        raise BillingRefused("tax_rate", "is none of ours; choose one.")


def _tell(kind: Any, retainer: Retainer, before: dict[str, Any] | None, *, by: UUID | None, **fields: Any) -> None:
    event = kind(client_id=retainer.client_id, aggregate_id=retainer.pk, **fields)
    publish(event, AuditNote(actor_id=by, before=before or {}, after=snapshot(retainer)))
