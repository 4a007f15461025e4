"""What beat asks of learning."""

from celery import shared_task
from django.utils import timezone

from apps.learning import services


@shared_task(name="learning.propose_lessons")
def propose_lessons() -> None:
    """Propose what clients' decisions suggest."""
    services.propose_all(at=timezone.now())
