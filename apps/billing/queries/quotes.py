"""Quotes, what of them is billed, and who may answer them."""

from decimal import Decimal
from uuid import UUID

from apps.billing import models, rules
from apps.billing.api import dtos
from apps.billing.queries.invoices import as_line, as_money, credited_of_lines
from apps.identity.models import Membership


def get_quote(quote_id: UUID) -> dtos.Quote:
    """Return a quote with its lines. Raises models.Quote.DoesNotExist."""
    row = models.Quote.objects.select_related("monthly").prefetch_related("lines").get(pk=quote_id)
    amounts = {name: as_money(getattr(row, name), row) for name in ("subtotal", "tax", "total")}
    names = ("id", "client_id", "version", "number", "state", "valid_until_date", "sha256")
    return dtos.Quote(
        lines=tuple(as_line(line, row) for line in row.lines.all()),
        deposit=as_money(deposit_of_quote(row), row) if row.has_deposit else None,
        monthly=as_money(monthly.price, row) if (monthly := find_monthly(row)) else None,
        **{name: getattr(row, name) for name in names},
        **amounts,
    )


def find_later(quote: models.Quote) -> models.Quote | None:
    """Return the version that replaces a quote, or is being written to; one that was put aside unsent is none."""
    return quote.later.following().order_by("-pk").first()


def find_monthly(quote: models.Quote) -> models.QuotedRetainer | None:
    """Return what a quote offers month by month, None where it offers nothing such."""
    return getattr(quote, "monthly", None)  # that there is none, Django says by an AttributeError of its own


def deposit_of_quote(quote: models.Quote) -> Decimal:
    """Return what a quote asks for before the work begins, before tax; nought where it asks for nothing."""
    return rules.deposit_of(quote.deposit_percent, quote.deposit_amount, quote.subtotal, quote.currency)


def quotes_with_rest(client_id: UUID) -> list[UUID]:
    """Return a client's accepted quotes that ask for a deposit and of which no rest is billed, the oldest first."""
    rests = models.Invoice.objects.filter(quote_part=models.Invoice.QuotePart.REST)
    rests = rests.exclude(state=models.Invoice.State.VOID).values("quote")
    accepted = models.Quote.objects.filter(client_id=client_id, state=models.Quote.State.ACCEPTED)
    asking = accepted.exclude(deposit_percent=None, deposit_amount=None).exclude(pk__in=rests)
    return list(asking.order_by("decided_at", "pk").values_list("pk", flat=True))


def has_accepted(client_id: UUID) -> bool:
    """Tell whether a client ever accepted a quote."""
    return models.Quote.objects.filter(client_id=client_id, state=models.Quote.State.ACCEPTED).exists()


def parts_billed(invoice: models.Invoice) -> list[rules.Part] | None:
    """Return what an invoice bills, less what of it was credited, by rate; None where some of it has no rate yet."""
    if invoice.state == models.Invoice.State.VOID:
        return []
    lines = list(invoice.lines.all())
    if rules.open_questions(lines):
        return None
    credited = credited_of_lines(invoice.pk)
    found = []
    for line in lines:
        net, tax = credited.get(line.pk, (Decimal(0), Decimal(0)))
        found.append(rules.Part(line.tax_rate_id, line.tax_percent, line.net - net, line.tax - tax))
    return found


def payers_of(client_id: UUID) -> list[UUID]:
    """List the people of a client who may see its money, and accept what costs some."""
    people = Membership.objects.filter(client_id=client_id, role=Membership.Role.APPROVER, user__is_active=True)
    return list(people.order_by("user_id").values_list("user_id", flat=True))


def may_accept(user_id: UUID, client_id: UUID) -> bool:
    """Tell whether a person may say yes or no to a quote for a client."""
    return user_id in payers_of(client_id)
