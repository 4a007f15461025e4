"""What beat starts."""

from celery import shared_task
from django.utils import timezone

from apps.identity import services


@shared_task(name="identity.forget_attention")
def forget_attention() -> None:
    """Remove what says nothing any more of who sees to what."""
    services.forget_attention(at=timezone.now())
