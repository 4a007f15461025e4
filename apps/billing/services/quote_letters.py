"""Mails that tell a client's people of a quote: asked for by the event, sent by a worker, each once."""

from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.urls import reverse

from apps.billing import queries
from apps.billing.api.events import QuoteMailed
from apps.billing.models import Quote, QuoteLetter
from apps.billing.services.quotes import tell
from apps.shared.events import AuditNote
from apps.shared.gateways import email
from apps.shared.post import Post, letter_of


def request_letters(quote_id: UUID) -> int:
    """Have each of a client's people who may see its money mailed of a quote, once; return to how many that is new."""
    quote = Quote.objects.waiting().filter(pk=quote_id).first()
    if quote is None:
        return 0
    return post.write_down(queries.payers_of(quote.client_id), quote=quote)


def send_letter(letter_id: UUID, *, at: datetime) -> bool:
    """Mail a letter that waits; return whether it went out. Of a quote that takes no answer any more none is sent.

    Raises TransientFailure when the mail server is ill; the letter then waits for the next try.
    """
    return post.send(letter_id, at=at)


def sweep_letters(*, at: datetime) -> int:
    """Call doubtful what a killed worker began, and mail what waits although its message got lost; return how many."""
    return post.sweep(at=at)


def _write(row: QuoteLetter) -> email.Letter | None:
    quote = Quote.objects.select_related("client").get(pk=row.quote_id)
    if quote.state != Quote.State.SENT or not queries.may_accept(row.user_id, quote.client_id):
        return None
    return _letter(row, quote)


def _tell(row: QuoteLetter) -> None:
    quote = Quote.objects.get(pk=row.quote_id)
    after = {"letter": str(row.pk), "user": str(row.user_id), "outcome": row.state}
    tell(QuoteMailed, quote, AuditNote(after=after), number=quote.number, outcome=row.state)


def _letter(row: QuoteLetter, quote: Quote) -> email.Letter:
    facts = {
        "client": quote.client,
        "quote": quote,
        "link": settings.BASE_URL + reverse("portal-quote", args=[quote.pk]),
    }
    return letter_of(
        "billing/mail/quote", facts, to=row.user.email, key=f"quote-letter/{row.pk}", language=row.user.language
    )


post = Post(rows=QuoteLetter, write=_write, tell=_tell)
register_bell = post.bell.register
