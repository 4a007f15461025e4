"""What beat asks of the client's review."""

from celery import shared_task
from django.utils import timezone

from apps.client_review import services


@shared_task(name="client_review.chase_reviews")
def chase_reviews() -> None:
    """Ask for the reminders that are due, and close what nobody decided within the grace."""
    services.chase_reviews(at=timezone.now())
