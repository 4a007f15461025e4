"""What beat asks of billing."""

from celery import shared_task
from django.utils import timezone

from apps.billing.services import issuing, proofs


@shared_task(name="billing.mark_overdue")
def mark_overdue() -> None:
    """Note which invoices were due before today and are not paid."""
    issuing.mark_overdue(at=timezone.now())


@shared_task(name="billing.prove_books")
def prove_books() -> None:
    """Check that all of the books add up."""
    proofs.prove_books(at=timezone.now())
