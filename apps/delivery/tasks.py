"""What beat asks of delivery."""

from celery import shared_task
from django.utils import timezone

from apps.delivery.services import packages


@shared_task(name="delivery.sweep_files")
def sweep_files() -> None:
    """Finish promotions that a killed worker left open, and remove files nobody will claim."""
    packages.sweep_files(at=timezone.now())
