"""What wakes the letters of surveys."""

from uuid import UUID

from celery import shared_task
from django.utils import timezone

from apps.retention import services
from apps.shared.workflow import TransientFailure


@shared_task(name="retention.mail_survey", autoretry_for=(TransientFailure,), retry_backoff=5, max_retries=3)
def mail_survey(survey_id: str | UUID) -> None:
    """Mail a survey to one person of a client's."""
    services.mail_survey(UUID(str(survey_id)), at=timezone.now())


@shared_task(name="retention.sweep_surveys")
def sweep_surveys() -> None:
    """Mail surveys whose message got lost on the way, and name those in doubt."""
    services.sweep_surveys(at=timezone.now())
