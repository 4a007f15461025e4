"""Reads of onboarding."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from uuid_utils.compat import uuid7

from apps.onboarding import models, rules
from apps.onboarding.api import dtos
from apps.onboarding.gateways import files
from apps.onboarding.rules import BriefImpossible


def get_intake(intake_id: UUID) -> dtos.Intake:
    """Return an intake with its notes. Raises Intake.DoesNotExist."""
    return models.Intake.objects.whole().get(pk=intake_id).as_dto()


def find_intake(key: str) -> dtos.Intake | None:
    """Return the intake captured under a submission key, if there is one."""
    intake = models.Intake.objects.whole().filter(submission_key=key).first()
    return intake.as_dto() if intake else None


def find_intakes(keys: Sequence[str]) -> tuple[dtos.Intake | None, ...]:
    """Return for each submission key the intake captured under it, if there is one."""
    found = models.Intake.objects.whole().in_bulk(keys, field_name="submission_key")
    return tuple(found[key].as_dto() if key in found else None for key in keys)


def list_attachments(intake_id: UUID) -> tuple[dtos.IntakeAttachment, ...]:
    """Return the files of an intake with their texts, first attached first."""
    return tuple(found.as_dto() for found in models.IntakeAttachment.objects.filter(intake_id=intake_id))


def known_keys(keys: Sequence[str]) -> set[str]:
    """Return those of some keys under which an attachment's file lies."""
    kinds = (
        models.DraftAttachment,
        models.IntakeAttachment,
    )  # in this order: a submission moves rows from one to the other
    return {key for kind in kinds for key in kind.objects.filter(key__in=keys).values_list("key", flat=True)}


def intake_of(draft: models.IntakeDraft, *, at: datetime) -> dtos.Intake:
    """Return the intake that a draft would be, were it submitted now."""
    client = draft.client
    return dtos.Intake(
        id=draft.pk,
        client_id=client.pk,
        client_name=client.name,
        country=client.country,
        currency=client.currency,
        time_zone=client.time_zone,
        form_version=draft.form_version,
        source="PORTAL",
        submitted_at=at,
        answers=draft.answers,
    )


def list_unanswered(draft: models.IntakeDraft, *, at: datetime) -> tuple[str, ...]:
    """Return the questions that have to be answered before a draft can be submitted; reads no others."""
    intake = intake_of(draft, at=at)
    needed = {name: value for name, value in intake.answers.items() if name in rules.ESSENTIALS}
    try:
        rules.normalize(intake.model_copy(update={"answers": needed}))
    except BriefImpossible as impossible:
        return impossible.fields
    return ()


def read_attachment(attachment: models.Attachment) -> bytes:
    """Return an attached file as it is kept. Raises FileNotFoundError."""
    return files.read(attachment.key)


def preview_brief(submission: dtos.Submission, *, at: datetime) -> dtos.BriefContent:
    """Return the brief of an intake that is not captured yet. Raises BriefImpossible, naming every field."""
    client, form = submission.client, submission.form
    intake = dtos.Intake(
        id=uuid7(),
        client_id=uuid7(),
        client_name=client.name,
        country=client.country,
        currency=client.currency,
        time_zone=client.time_zone,
        form_version=form.form_version,
        source="STAFF",
        submitted_at=at,
        answers=form.answers,
        discovery_notes=form.discovery_notes,
    )
    return rules.normalize(intake)


def find_next_version(brief: models.Brief) -> models.Brief | None:
    """Return the brief that corrects this one, None while this one holds."""
    return brief.revisions.first()


def get_brief(brief_id: UUID) -> dtos.Brief:
    """Return a brief. Raises Brief.DoesNotExist."""
    return models.Brief.objects.get(pk=brief_id).as_dto()
