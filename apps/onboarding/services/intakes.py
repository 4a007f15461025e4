"""Taking in what clients send."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from apps.identity.models import Client
from apps.onboarding import models, rules
from apps.onboarding.api import dtos
from apps.onboarding.api.events import IntakeCaptured
from apps.shared.events import AuditNote, publish


class SubmissionKeyTaken(Exception):
    """Another client's intake, or other answers, were captured under the same submission key."""


@transaction.atomic
def capture_intake(
    *,
    client_id: UUID,
    form: dtos.IntakeForm,
    source: str,
    at: datetime,
    key: str | None = None,
    by: UUID | None = None,
    intake_id: UUID | None = None,
) -> models.Intake:
    """Store a client's answers and discovery notes as they came, and tell of it.

    A second submission with the same key gives the first intake back and changes nothing. Characters that PostgreSQL
    cannot store are left out. `intake_id` is the key that the intake shall have, where that is known already. Raises
    Client.DoesNotExist, and SubmissionKeyTaken where the key stands for another client's intake or for other answers.
    """
    client = Client.objects.get(pk=client_id)
    columns = {
        "client": client,
        "form_version": form.form_version,
        "source": models.Intake.Source(source),
        "answers": rules.clean(form.answers),
        "submitted_at": at,
    } | ({"id": intake_id} if intake_id else {})
    if key is None:
        intake, is_new = models.Intake.objects.create(**columns), True
    else:
        intake, is_new = models.Intake.objects.get_or_create(submission_key=key, defaults=columns)
    if (intake.client_id, intake.answers) != (client.pk, columns["answers"]):
        raise SubmissionKeyTaken(f"The key {key!r} was used for another intake ({intake.pk}); use a new key.")
    if is_new:
        _store_notes(intake, form.discovery_notes)
        publish(
            IntakeCaptured(aggregate_id=intake.pk, client_id=client.pk, form_version=intake.form_version),
            AuditNote(actor_id=by, after={"source": intake.source, "questions_answered": len(intake.answers)}),
        )
    return intake


def _store_notes(intake: models.Intake, notes: tuple[dtos.DiscoveryNote, ...]) -> None:
    models.DiscoveryNote.objects.bulk_create(
        models.DiscoveryNote(
            intake=intake,
            call_date=rules.as_utc(note.call_date),
            notes=rules.clean(note.notes),
            clarifications=rules.clean(note.clarifications),
        )
        for note in notes
    )


def check_intake(intake: dtos.Intake) -> None:
    """Do nothing for an intake a brief can be made of; raise BriefImpossible, naming every field, for another."""
    rules.normalize(intake)
