"""What wakes the client's review: its days, and mails that wait."""

from uuid import UUID

from celery import shared_task
from django.utils import timezone

from apps.client_review import services
from apps.shared.workflow import TransientFailure


@shared_task(name="client_review.chase_reviews")
def chase_reviews() -> None:
    """Ask for the reminders that are due, and close what nobody decided within the grace."""
    services.chase_reviews(at=timezone.now())


@shared_task(name="client_review.send_notice", autoretry_for=(TransientFailure,), retry_backoff=5, max_retries=3)
def send_notice(notice_id: str | UUID) -> None:
    """Mail one approver of a client about a review."""
    services.send_notice(UUID(str(notice_id)), at=timezone.now())


@shared_task(name="client_review.sweep_notices")
def sweep_notices() -> None:
    """Mail notices whose message got lost on the way, and name those in doubt."""
    services.sweep_notices(at=timezone.now())
