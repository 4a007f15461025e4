"""Billing what a client accepted: the deposit, or the whole, once; and what is left when the work is done."""

from decimal import Decimal
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from apps.billing import queries, rules
from apps.billing.api.dtos import LineItem
from apps.billing.models import Invoice, Quote
from apps.billing.rules import BillingRefused, Part
from apps.billing.services.drafts import QuotedPart, draft_invoice
from apps.billing.services.quotes import item_of
from apps.billing.services.records import lock_quote, money
from apps.billing.services.retainers import start_quoted

OTHERWISE_BILLED = "Of the quote's deposit something was billed otherwise than quoted: finance sets what is left."
AHEAD_OF_DEAL = "The client was billed a deposit of its deal, too: finance sets what is left after both."

QuotePart = Invoice.QuotePart


@transaction.atomic
def bill_quote(quote_id: UUID, *, by: UUID | None) -> Invoice | None:
    """Draft the deposit of an accepted quote, or all of it where it asks for none; the second time gives the first's.

    What it offers month by month is billed from then on, and None returned where that is all. Raises
    Quote.DoesNotExist, and BillingRefused for one that was not accepted.
    """
    quote = lock_quote(quote_id)
    _require_accepted(quote)
    start_quoted(quote)
    return _first_bill(quote, by=by) if quote.lines.exists() else None


@transaction.atomic
def draft_rest(quote_id: UUID, *, by: UUID | None) -> Invoice:
    """Draft what is left of an accepted quote after its deposit, which is subtracted as far as it stands.

    Raises BillingRefused where nothing is left, or the rest is on an invoice already.
    """
    quote = lock_quote(quote_id)
    first = _first_bill(quote, by=by)
    if _has_rest_billed(quote):
        raise BillingRefused("quote", f"what is left of {quote} is on an invoice already; void that one first.")
    left = _left_of(quote, first)
    if left == []:
        raise BillingRefused("quote", f"nothing is left of {quote}: all of it is billed.")
    return _draft_rest(quote, first, left, by=by)


def draft_rest_for(client_id: UUID, *, run_id: UUID, package_id: UUID) -> Invoice | None:
    """Draft what is left of the first quote of a client that has a rest to bill; None where none has."""
    for quote_id in queries.quotes_with_rest(client_id):
        quote = lock_quote(quote_id)
        first = _first_bill(quote, by=None)
        left = _left_of(quote, first)
        if left != [] and not _has_rest_billed(quote):
            return _draft_rest(quote, first, left, run_id=run_id, package_id=package_id)
    return None


def _require_accepted(quote: Quote) -> None:
    if quote.state != Quote.State.ACCEPTED:
        raise BillingRefused("quote", f"{quote} is {quote.state}; what its client has accepted is billed.")


def _first_bill(quote: Quote, *, by: UUID | None) -> Invoice:
    _require_accepted(quote)
    known = quote.invoices.exclude(quote_part=QuotePart.REST).first()
    if known is not None:
        return known
    lines = list(quote.lines.all())
    if not quote.has_deposit:
        part = QuotedPart(quote, QuotePart.WHOLE, tuple(line.tax for line in lines))
        return draft_invoice(quote.client, [item_of(quote, line) for line in lines], part=part, by=by)
    deposit = queries.deposit_of_quote(quote)
    parts = rules.share_of(rules.parts_of(lines), deposit, quote.currency)
    return _draft_parts(quote, QuotePart.DEPOSIT, parts, _words_of_deposit(quote), by=by)


def _draft_rest(quote: Quote, first: Invoice, left: list[Part] | None, **origin: UUID | None) -> Invoice:
    words = _words_of_rest(quote, first)
    question = OTHERWISE_BILLED if left is None else _question_of_deal(quote)
    if question:
        open_line = LineItem(description=words, question=question)
        return draft_invoice(quote.client, [open_line], part=QuotedPart(quote, QuotePart.REST), **origin)
    return _draft_parts(quote, QuotePart.REST, left, words, **origin)


def _question_of_deal(quote: Quote) -> str:
    """A deal's deposit that no delivered work was billed against may be for the same work as the quote."""
    is_ahead = queries.deposit_billed(quote.client_id) > 0 and not queries.is_contract_billed(quote.client_id)
    return AHEAD_OF_DEAL if is_ahead else ""


def _has_rest_billed(quote: Quote) -> bool:
    return quote.invoices.filter(quote_part=QuotePart.REST).exclude(state=Invoice.State.VOID).exists()


def _left_of(quote: Quote, first: Invoice) -> list[Part] | None:
    """Return what is to be billed yet, by rate; None where what was billed is not of what was quoted."""
    if first.quote_part == QuotePart.WHOLE:
        return []
    billed = queries.parts_billed(first)
    return None if billed is None else rules.less(rules.parts_of(quote.lines.all()), billed)


def _draft_parts(
    quote: Quote, name: Invoice.QuotePart, parts: list[Part], words: str, **origin: UUID | None
) -> Invoice:
    lines = [
        LineItem(description=words, unit_price=money(quote, part.net), tax_rate_id=part.tax_rate_id) for part in parts
    ]
    quoted = QuotedPart(quote, name, tuple(part.tax for part in parts))
    return draft_invoice(quote.client, lines, part=quoted, **origin)


def _words_of_deposit(quote: Quote) -> str:
    told = {"number": quote.number, "whole": rules.say(quote.subtotal, quote.currency)}
    with translation.override(_language_of(quote)):
        if quote.deposit_percent is None:
            return _("Deposit on quote %(number)s of %(whole)s before tax") % told
        told["percent"] = f"{quote.deposit_percent.normalize():f}"
        return _("Deposit of %(percent)s %% on quote %(number)s of %(whole)s before tax") % told


def _words_of_rest(quote: Quote, first: Invoice) -> str:
    deposit = sum((part.net for part in queries.parts_billed(first) or ()), Decimal(0))
    told = {"number": quote.number, "deposit": rules.say(deposit, quote.currency)}
    with translation.override(_language_of(quote)):
        words = _("Quote %(number)s, less the deposit of %(deposit)s before tax") if deposit else _("Quote %(number)s")
    what = "\n".join(line.description for line in quote.lines.all())
    return f"{words % told}:\n{what}"[: rules.LONGEST_DESCRIPTION]


def _language_of(quote: Quote) -> str:
    return (quote.decided_by and quote.decided_by.language) or settings.LANGUAGE_CODE
