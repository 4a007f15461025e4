"""What beat asks of onboarding."""

from celery import shared_task
from django.utils import timezone

from apps.onboarding import services


@shared_task(name="onboarding.sweep_attachments")
def sweep_attachments() -> None:
    """Remove files that a killed process wrote and no intake has."""
    services.sweep_attachments(at=timezone.now())
