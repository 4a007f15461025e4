"""What wakes identity: links that wait for their mail, and what is too old to keep."""

from uuid import UUID

from celery import shared_task
from django.utils import timezone

from apps.identity import services
from apps.shared.workflow import TransientFailure


@shared_task(name="identity.send_login_link", autoretry_for=(TransientFailure,), retry_backoff=5, max_retries=3)
def send_login_link(link_id: str | UUID) -> None:
    """Mail a link; its secret is made here, so that it never stands in a message of the broker."""
    services.send_login_link(UUID(str(link_id)), at=timezone.now())


@shared_task(name="identity.send_waiting_links")
def send_waiting_links() -> None:
    """Mail links whose message got lost on the way."""
    services.send_waiting_links(at=timezone.now())


@shared_task(name="identity.forget_expired")
def forget_expired() -> None:
    """Remove answers, links, tries and sessions that are of no use any more."""
    services.forget_expired(at=timezone.now())


@shared_task(name="identity.forget_attention")
def forget_attention() -> None:
    """Remove what says nothing any more of who sees to what."""
    services.forget_attention(at=timezone.now())


@shared_task(name="identity.remove_exports")
def remove_exports() -> None:
    """Remove the files of exports that have been there long enough."""
    services.remove_exports(at=timezone.now())
