"""What billing can be asked to do."""

from datetime import date, datetime
from uuid import UUID

from apps.billing import models, queries
from apps.billing.api.dtos import BillingStatus, CreditNote, Deposit, Invoice, LineCredit, Payment, PaymentNotice, Quote
from apps.billing.services import contracts, documents, drafts, issuing, payments, quote_letters, quoted
from apps.delivery.api.dtos import Package
from apps.production.api.dtos import Draft
from apps.shared.dtos import Document
from apps.shared.workflow import Irreversible, RunContext, step


def withdraw_invoice(*, run: RunContext) -> tuple[Irreversible, ...]:
    """Remove the draft a run made, and nothing else; an issued one stays, and a person is told. May be called twice."""
    return drafts.withdraw_invoice(run=run)


@step(compensate=withdraw_invoice)
def draft_invoice(*, package: Package, draft: Draft, run: RunContext) -> Invoice:
    """Draft the invoice for a delivered package; finance issues it.

    It is what is left of a quote that the client accepted, else at the client's contract value. Where the value is
    unknown or billed already, the line has no price: the draft cannot be issued before one is set.
    """
    row = contracts.draft_for_package(package, draft, run=run)
    return queries.get_invoice(row.pk)


def draft_deposit(*, client_id: UUID, deposit: Deposit, by: UUID | None = None) -> Invoice:
    """Draft what a client agreed to pay before the work begins; the second time for a deal gives the first's draft.

    Raises ObjectDoesNotExist for an unknown client, and BillingRefused for an amount that cannot be billed.
    """
    return queries.get_invoice(contracts.draft_deposit(client_id, deposit, by=by).pk)


def bill_quote(*, quote_id: UUID, by: UUID | None = None) -> Invoice | None:
    """Draft the deposit that an accepted quote asks for, or all of it; the second time gives the first's draft.

    What it offers month by month is billed by a retainer from then on; None is returned where that is all. Raises
    ObjectDoesNotExist for an unknown id, and BillingRefused for a quote that was not accepted.
    """
    first = quoted.bill_quote(quote_id, by=by)
    return queries.get_invoice(first.pk) if first else None


def request_quote_letters(*, quote_id: UUID) -> None:
    """Have those of a client who may see its money mailed of a quote, each once however often this is called."""
    quote_letters.request_letters(quote_id)


def get_quote(*, quote_id: UUID) -> Quote:
    """Return a quote with its lines. Raises ObjectDoesNotExist for an unknown id."""
    return queries.get_quote(quote_id)


def issue_invoice(*, invoice_id: UUID, by: UUID | None = None, at: datetime) -> Invoice:
    """Give a draft its number and dates.

    Raises ObjectDoesNotExist for an unknown id, and BillingRefused when it is no draft or lacks a price or a tax rate.
    """
    issuing.issue_invoice(invoice_id, by=by, at=at)
    return queries.get_invoice(invoice_id)


def record_payment(*, invoice_id: UUID, notice: PaymentNotice, by: UUID | None = None, at: datetime) -> Payment:
    """Record money that came in for an invoice, once for its provider and transaction id.

    More than the invoice needs is the client's credit. Raises ObjectDoesNotExist for an unknown id, and BillingRefused
    for a transaction recorded with other facts, another currency, and an invoice that is a draft or void.
    """
    return queries.payment_of(payments.record_payment(invoice_id, notice, by=by, at=at))


def void_invoice(*, invoice_id: UUID, reason: str, by: UUID | None = None, at: datetime) -> Invoice:
    """Let an invoice count no more; an issued one is credited with all that is left of it.

    Raises ObjectDoesNotExist for an unknown id, and BillingRefused without a reason or for one that is void.
    """
    issuing.void_invoice(invoice_id, reason=reason, by=by, at=at)
    return queries.get_invoice(invoice_id)


def credit_invoice(
    *, invoice_id: UUID, lines: tuple[LineCredit, ...] = (), reason: str, by: UUID | None = None, at: datetime
) -> CreditNote:
    """Credit parts of an issued invoice's lines, or without any named all that is left.

    Raises ObjectDoesNotExist for an unknown id, and BillingRefused without a reason, for a draft, and for more of a
    line than is left of it.
    """
    return queries.credit_note_of(issuing.credit_invoice(invoice_id, lines, reason=reason, by=by, at=at))


def get_invoice(*, invoice_id: UUID) -> Invoice:
    """Return an invoice with its lines. Raises ObjectDoesNotExist for an unknown id."""
    return queries.get_invoice(invoice_id)


def get_billing_status(*, client_id: UUID) -> BillingStatus:
    """Return what a client owes and has in credit, one amount per currency."""
    return queries.get_billing_status(client_id)


# What was issued and sent, on paper. All raise ObjectDoesNotExist, and DocumentUnavailable where it cannot be set.


def draw_invoice(*, invoice_id: UUID, language: str, on: date) -> Document:
    """Return an issued invoice as a PDF, with its e-invoice in it, as it stands on a day."""
    row = models.Invoice.objects.select_related("client").get(pk=invoice_id, number__isnull=False)
    return Document(name=f"{row.number}.pdf", content=documents.invoice_pdf(row, language=language, on=on))


def draw_credit_note(*, credit_note_id: UUID, language: str) -> Document:
    """Return a credit note as a PDF, with its e-invoice in it."""
    row = models.CreditNote.objects.select_related("client", "invoice").get(pk=credit_note_id)
    return Document(name=f"{row.number}.pdf", content=documents.credit_note_pdf(row, language=language))


def draw_quote(*, quote_id: UUID, language: str) -> Document:
    """Return a quote that was sent as a PDF."""
    row = models.Quote.objects.sent().select_related("client").get(pk=quote_id)
    return Document(name=f"{row.number}.pdf", content=documents.quote_pdf(row, language=language))
