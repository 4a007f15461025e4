"""What beat starts."""

from celery import shared_task

from apps.observability import services


@shared_task(name="observability.seal_audit")
def seal_audit() -> None:
    """Seal whatever has no seal yet, in transactions of bounded size."""
    while services.seal_audit():
        pass
