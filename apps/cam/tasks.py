"""What beat asks of client acquisition."""

from celery import shared_task
from django.db import close_old_connections
from django.utils import timezone

from apps.cam.services import cycles, discovery, doors, imports, merges, opinions, ratings


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


@shared_task(name="cam.qualify_leads", queue="outreach")
def qualify_leads() -> None:
    """Score the new leads of active campaigns, and of those that somebody waits for."""
    close_old_connections()
    ratings.qualify_due(at=timezone.now())


@shared_task(name="cam.find_duplicates", queue="outreach")
def find_duplicates() -> None:
    """Compare leads that came in with those that are there."""
    close_old_connections()
    merges.find_duplicates()


@shared_task(name="cam.forget_answers", queue="outreach")
def forget_answers() -> None:
    """Remove what systems that send leads were answered more than a day ago."""
    doors.forget_answers(at=timezone.now())


@shared_task(name="cam.continue_discovery", queue="outreach")
def continue_discovery() -> None:
    """Look for leads: jobs just started, and those whose process was killed or whose source was ill."""
    close_old_connections()
    discovery.continue_discovery(at=timezone.now())


@shared_task(name="cam.ask_opinions", queue="thinking")
def ask_opinions() -> None:
    """Ask a language model, where there is one, what replies mean that the rules would not judge."""
    close_old_connections()
    opinions.ask_due(at=timezone.now())
