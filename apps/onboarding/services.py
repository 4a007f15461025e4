"""Verbs of onboarding."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from apps.identity.models import Client
from apps.onboarding import models, rules
from apps.onboarding.api import dtos
from apps.onboarding.api.events import BriefValidated, BriefWithdrawn, IntakeCaptured
from apps.shared.events import AuditNote, publish
from apps.shared.models import snapshot
from apps.shared.workflow import RunContext


class SubmissionKeyTaken(Exception):
    """Another client's intake was captured under the same submission key."""


@transaction.atomic
def capture_intake(
    *, client_id: UUID, form: dtos.IntakeForm, source: str, at: datetime, key: str | None = None, by: UUID | None = None
) -> models.Intake:
    """Store a client's answers and discovery notes as they came, and tell of it.

    A second submission with the same key gives the first intake back and changes nothing. Characters that PostgreSQL
    cannot store are left out. Raises Client.DoesNotExist, and SubmissionKeyTaken where the key is another client's.
    """
    client = Client.objects.get(pk=client_id)
    columns = {
        "client": client,
        "form_version": form.form_version,
        "source": models.Intake.Source(source),
        "answers": rules.clean(form.answers),
        "submitted_at": at,
    }
    if key is None:
        intake, is_new = models.Intake.objects.create(**columns), True
    else:
        intake, is_new = models.Intake.objects.get_or_create(submission_key=key, defaults=columns)
    if intake.client_id != client.pk:
        raise SubmissionKeyTaken(f"The submission key {key!r} was used by another client; send a key of your own.")
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
            call_date=note.call_date,
            notes=rules.clean(note.notes),
            clarifications=rules.clean(note.clarifications),
        )
        for note in notes
    )


def check_intake(intake: dtos.Intake) -> None:
    """Do nothing for an intake a brief can be made of; raise BriefImpossible, naming every field, for another."""
    rules.normalize(intake)


@transaction.atomic
def store_brief(intake: dtos.Intake, *, run: RunContext) -> models.Brief:
    """Store what the intake says as a brief of the run. Raises BriefImpossible, naming every field that is missing."""
    content = rules.normalize(intake)
    brief = models.Brief.objects.create(
        intake_id=intake.id, client_id=intake.client_id, run_id=run.id, **models.Brief.columns_of(content)
    )
    publish(
        BriefValidated(
            aggregate_id=brief.pk,
            client_id=intake.client_id,
            run_id=run.id,
            deliverables=content.scope.deliverables,
            warning_count=len(content.warnings),
        ),
        AuditNote(after={"intake_id": str(intake.id), "warnings": [w.field for w in content.warnings]}),
    )
    return brief


@transaction.atomic
def withdraw_brief(*, run: RunContext) -> None:
    """Remove the brief a run made; the intake stays. Does nothing the second time."""
    for brief in models.Brief.objects.of_run(run.id).select_for_update():
        before = snapshot(brief)
        event = BriefWithdrawn(aggregate_id=brief.pk, client_id=brief.client_id, run_id=run.id)
        brief.delete()
        publish(event, AuditNote(before=before, reason="The run took back what it had done."))
