"""What wakes onboarding: files that nobody has, and invitations that wait."""

from uuid import UUID

from celery import shared_task
from django.utils import timezone

from apps.onboarding import services
from apps.shared.workflow import TransientFailure


@shared_task(name="onboarding.sweep_attachments")
def sweep_attachments() -> None:
    """Remove files that a killed process wrote and no intake has."""
    services.sweep_attachments(at=timezone.now())


@shared_task(name="onboarding.send_invitation", autoretry_for=(TransientFailure,), retry_backoff=5, max_retries=3)
def send_invitation(invitation_id: str | UUID) -> None:
    """Mail a client that was won, and ask for its intake."""
    services.send_invitation(UUID(str(invitation_id)), at=timezone.now())


@shared_task(name="onboarding.sweep_invitations")
def sweep_invitations() -> None:
    """Mail invitations whose message got lost on the way, and name those in doubt."""
    services.sweep_invitations(at=timezone.now())
