"""The client's answer to a quote: yes, no, or none in time. It binds exactly what was shown."""

import logging
from datetime import datetime, timedelta
from functools import partial
from uuid import UUID

from django.db import transaction

from apps.billing import queries, rules
from apps.billing.api import events
from apps.billing.models import Quote
from apps.billing.rules import BillingRefused
from apps.billing.services.quotes import content_of, local_day, standing, tell
from apps.billing.services.records import lock_quote, money
from apps.shared.events import AuditNote
from apps.shared.resilience import OneByOne

log = logging.getLogger(__name__)

DECIDED_COLUMNS = ("state", "decided_at", "decided_by", "signed_name", "reason", "updated_at")
EASTMOST = timedelta(hours=14)
"""No clock on Earth is further ahead."""


class NotAPayer(BillingRefused):
    """Who asks does not decide on the client's money."""


class QuoteStale(BillingRefused):
    """The answer is about another quote than the one that is in front of the client."""


class QuoteClosed(BillingRefused):
    """The quote takes no answer any more."""


@transaction.atomic
def accept_quote(quote_id: UUID, *, sha256: str, signed_name: str, by: UUID, at: datetime) -> Quote:
    """Store that a client takes exactly the quote with this hash; of two at once the first counts.

    Who, when and the name typed stay as evidence. What is billed of it follows by itself. Raises NotAPayer, QuoteStale,
    QuoteClosed with why, and BillingRefused without a name.
    """
    quote = _lock_open(quote_id, sha256, by=by, at=at)
    name = " ".join(signed_name.split())
    if not 1 <= len(name) <= rules.LONGEST_NAME:
        raise BillingRefused("signed_name", f"type your name, in at most {rules.LONGEST_NAME} characters.")
    before = standing(quote)
    quote.accept()
    quote.signed_name = name
    note = _decided(quote, before, by=by, at=at)
    told = {"number": quote.number, "version": quote.version, "sha256": quote.sha256, "signed_name": name}
    tell(events.QuoteAccepted, quote, note, total=money(quote, quote.total), **told)
    return quote


@transaction.atomic
def decline_quote(quote_id: UUID, *, sha256: str, reason: str, by: UUID, at: datetime) -> Quote:
    """Store that a client does not take exactly the quote with this hash, and why.

    Raises NotAPayer, QuoteStale, QuoteClosed with why, and BillingRefused without a reason.
    """
    quote = _lock_open(quote_id, sha256, by=by, at=at)
    if not reason.strip():
        raise BillingRefused("reason", "say in a sentence why you decline it.")
    before = standing(quote)
    quote.decline()
    quote.reason = reason.strip()
    note = _decided(quote, before, by=by, at=at)
    told = {"number": quote.number, "version": quote.version, "sha256": quote.sha256}
    tell(events.QuoteDeclined, quote, note, reason=quote.reason, **told)
    return quote


def expire_quotes(*, at: datetime) -> int:
    """Close every quote whose last day has passed where its client is, one by one; return how many.

    One that breaks stops none of the others; an ExceptionGroup names it when they are done.
    """
    near = Quote.objects.waiting().filter(valid_until_date__lt=(at + EASTMOST).date()).order_by("pk")
    with OneByOne() as quotes:
        expired = quotes.do(partial(_expire, at=at), near.values_list("pk", flat=True))
    return sum(expired)


def is_open(quote: Quote, at: datetime) -> bool:
    """Tell whether a quote waits for an answer that its client can still give."""
    return quote.state == Quote.State.SENT and not is_over(quote, at)


def is_over(quote: Quote, at: datetime) -> bool:
    """Tell whether a quote's last day has passed where its client is."""
    return local_day(quote.client, at) > quote.valid_until_date


@transaction.atomic
def _expire(quote_id: UUID, *, at: datetime) -> bool:
    quote = lock_quote(quote_id)
    if quote.state != Quote.State.SENT or not is_over(quote, at):
        return False
    before = standing(quote)
    quote.expire()
    quote.save(update_fields=["state", "updated_at"])
    tell(events.QuoteExpired, quote, AuditNote(before=before, after=standing(quote)), number=quote.number)
    return True


def _lock_open(quote_id: UUID, sha256: str, *, by: UUID, at: datetime) -> Quote:
    """Return a quote that this person may answer now, having seen what it says."""
    quote = lock_quote(quote_id)
    if not queries.may_accept(by, quote.client_id):
        raise NotAPayer("quote", f"only who decides for {quote.client} can answer it. Ask them to do it.")
    if quote.number is None or quote.sha256 != sha256:
        raise QuoteStale("quote", "this is about another version than the one before you. Read it again, then decide.")
    if not is_open(quote, at):
        raise QuoteClosed("quote", _why_closed(quote))
    if rules.digest_of(content_of(quote, list(quote.lines.all()))) != quote.sha256:
        log.error("What is stored of quote %s is not what was sent", quote.pk)
        raise QuoteClosed("quote", "what is stored is not what was sent. Please ask your account manager.")
    return quote


def _why_closed(quote: Quote) -> str:
    """Return why a quote takes no answer."""
    later = queries.find_later(quote)
    match quote.state:
        case Quote.State.ACCEPTED | Quote.State.DECLINED:
            return f"it was {quote.state.lower()} on {local_day(quote.client, quote.decided_at):%-d %b %Y} already."
        case Quote.State.WITHDRAWN if later is not None and later.number:
            return f"it was replaced by {later.number}: read that one, and answer it."
        case Quote.State.WITHDRAWN:
            return "it was withdrawn. Ask your account manager for another one."
    return f"it was valid until {quote.valid_until_date:%-d %b %Y}. Ask your account manager for another one."


def _decided(quote: Quote, before: dict[str, str], *, by: UUID, at: datetime) -> AuditNote:
    quote.decided_at, quote.decided_by_id = at, by
    quote.save(update_fields=DECIDED_COLUMNS)
    after = standing(quote) | {"signed_name": quote.signed_name}
    return AuditNote(actor_id=by, reason=quote.reason, before=before, after=after)
