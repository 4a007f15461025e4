"""What was kept of documents when they were issued."""

from apps.billing.models import CreditNote, Invoice, IssuedDocument


def document_of(row: Invoice | CreditNote) -> IssuedDocument | None:
    """Return what an invoice or a credit note said when it was issued; None for a draft, and for what is older."""
    name = "invoice" if isinstance(row, Invoice) else "credit_note"
    return IssuedDocument.objects.filter(**{name: row}).first()


def e_invoice_of(row: Invoice | CreditNote) -> str:
    """Return the e-invoice of an invoice or a credit note as XML; nothing where there is none."""
    found = document_of(row)
    return found.xml if found else ""
