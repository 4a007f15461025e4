"""What beat asks of reporting, and what wakes a mail that waits."""

from uuid import UUID

from celery import shared_task
from django.db import close_old_connections
from django.utils import timezone

from apps.reporting.services import imports, letters
from apps.shared.workflow import TransientFailure


@shared_task(name="reporting.continue_imports")
def continue_imports() -> None:
    """Read on files of measured values: those just confirmed, and those whose reader was killed."""
    close_old_connections()
    imports.continue_imports(at=timezone.now())


@shared_task(name="reporting.sweep_files")
def sweep_files() -> None:
    """Remove files of measured values that nobody confirmed."""
    imports.sweep_files(at=timezone.now())


@shared_task(name="reporting.send_letter", autoretry_for=(TransientFailure,), retry_backoff=5, max_retries=3)
def send_letter(letter_id: str | UUID) -> None:
    """Mail one of a client's people of a report."""
    letters.send_letter(UUID(str(letter_id)), at=timezone.now())


@shared_task(name="reporting.sweep_letters")
def sweep_letters() -> None:
    """Mail letters whose message got lost on the way, and name those in doubt."""
    letters.sweep_letters(at=timezone.now())
