"""What beat asks of billing, and what wakes a mail that waits."""

from uuid import UUID

from celery import shared_task
from django.utils import timezone

from apps.billing.services import answers, issuing, proofs, quote_letters, reminders, retainers
from apps.shared.workflow import TransientFailure


@shared_task(name="billing.mark_overdue")
def mark_overdue() -> None:
    """Note which invoices were due before today and are not paid."""
    issuing.mark_overdue(at=timezone.now())


@shared_task(name="billing.prove_books")
def prove_books() -> None:
    """Check that all of the books add up."""
    proofs.prove_books(at=timezone.now())


@shared_task(name="billing.expire_quotes")
def expire_quotes() -> None:
    """Close the quotes whose last day has passed where their clients are."""
    answers.expire_quotes(at=timezone.now())


@shared_task(name="billing.send_quote_letter", autoretry_for=(TransientFailure,), retry_backoff=5, max_retries=3)
def send_quote_letter(letter_id: str | UUID) -> None:
    """Mail one of a client's people of a quote."""
    quote_letters.send_letter(UUID(str(letter_id)), at=timezone.now())


@shared_task(name="billing.sweep_quote_letters")
def sweep_quote_letters() -> None:
    """Mail letters whose message got lost on the way, and name those in doubt."""
    quote_letters.sweep_letters(at=timezone.now())


@shared_task(name="billing.remind_clients")
def remind_clients() -> None:
    """Remind clients of what has been overdue long enough."""
    reminders.remind_clients(at=timezone.now())


@shared_task(name="billing.send_reminder_letter", autoretry_for=(TransientFailure,), retry_backoff=5, max_retries=3)
def send_reminder_letter(letter_id: str | UUID) -> None:
    """Mail one of a client's people of an overdue invoice."""
    reminders.send_letter(UUID(str(letter_id)), at=timezone.now())


@shared_task(name="billing.sweep_reminder_letters")
def sweep_reminder_letters() -> None:
    """Mail reminders whose message got lost on the way, and name those in doubt."""
    reminders.sweep_letters(at=timezone.now())


@shared_task(name="billing.draft_retainers")
def draft_retainers() -> None:
    """Draft the invoices of the retainers' periods that are due."""
    retainers.draft_due(at=timezone.now())
