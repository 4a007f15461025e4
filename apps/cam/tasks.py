"""What beat asks of client acquisition."""

from celery import shared_task
from django.db import close_old_connections
from django.utils import timezone

from apps.cam.services import cycles, imports


@shared_task(name="cam.continue_imports", queue="outreach")
def continue_imports() -> None:
    """Read on files of leads: those just confirmed, and those whose reader was killed."""
    close_old_connections()
    imports.continue_imports(at=timezone.now())


@shared_task(name="cam.sweep_files", queue="outreach")
def sweep_files() -> None:
    """Remove files of leads that nobody confirmed."""
    imports.sweep_files(at=timezone.now())


@shared_task(name="cam.forget_cycles", queue="outreach")
def forget_cycles() -> None:
    """Forget how cycles of long ago went."""
    close_old_connections()
    cycles.forget_cycles(at=timezone.now())
