"""Intakes that a client still writes in the portal: saved as they go, and submitted once."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from apps.identity.models import Client
from apps.onboarding import models, queries, rules
from apps.onboarding.api import dtos
from apps.onboarding.api.events import IntakeDraftDiscarded, IntakeDraftOpened, IntakeDraftSaved
from apps.onboarding.services.attachments import keep_file, remove_attachment
from apps.onboarding.services.intakes import capture_intake, check_intake
from apps.shared.events import AuditNote, publish

FORM_VERSION = "portal-1"
MOST_DRAFTS = 20
MOST_ANSWER_BYTES = 100_000
"""Of all answers together; a long intake has 20 kB, and reading ten times that takes seconds."""


class DraftRefused(Exception):
    """A draft cannot be kept, or sent, this way; the message says what to change."""


class DraftChanged(Exception):
    """Somebody else has changed the draft since it was seen."""


class DraftGone(Exception):
    """A draft was submitted or discarded meanwhile."""


@transaction.atomic
def open_draft(*, client_id: UUID, answers: Mapping[str, Any], by: UUID | None) -> models.IntakeDraft:
    """Begin an intake with what is answered so far, by question. Raises DraftRefused for one draft too many."""
    if models.IntakeDraft.objects.filter(client_id=client_id).count() >= MOST_DRAFTS:
        raise DraftRefused(f"There are {MOST_DRAFTS} intakes under way already; submit or discard one first.")
    draft = models.IntakeDraft.objects.create(
        client_id=client_id, author_id=by, form_version=FORM_VERSION, answers=_merged({}, answers)
    )
    event = IntakeDraftOpened(aggregate_id=draft.pk, client_id=client_id)
    publish(event, AuditNote(actor_id=by, after={"questions": sorted(draft.answers)}))
    return draft


@transaction.atomic
def save_answers(
    draft: models.IntakeDraft, answers: Mapping[str, Any], *, seen: int, by: UUID | None
) -> models.IntakeDraft:
    """Put answers in a draft, by question; None takes one away, and what is not named stays.

    `seen` is the version that the person had before them. Raises DraftChanged when it is not the present one,
    DraftGone, and DraftRefused for more than a draft can hold.
    """
    row = _lock(draft)
    if row.version != seen:
        raise DraftChanged
    row.answers = _merged(row.answers, answers)
    _count_up(row)
    event = IntakeDraftSaved(aggregate_id=row.pk, client_id=row.client_id, questions=tuple(sorted(answers)))
    publish(event, AuditNote(actor_id=by, after={"version": row.version}))
    return row


@transaction.atomic
def discard_draft(draft: models.IntakeDraft, *, by: UUID | None) -> None:
    """Remove a draft with its files. Raises DraftGone."""
    row = _lock(draft)
    for attachment in row.attachments.all():
        remove_attachment(attachment, by=by, reason="The intake was discarded.")
    before = {"questions": sorted(row.answers), "version": row.version}
    event = IntakeDraftDiscarded(aggregate_id=row.pk, client_id=row.client_id)
    row.delete()
    publish(event, AuditNote(actor_id=by, before=before))


@transaction.atomic
def attach_to_draft(draft: models.IntakeDraft, *, name: str, content: bytes, by: UUID | None) -> models.DraftAttachment:
    """Keep a file with a draft. Raises AttachmentRefused, DraftGone, and OSError from the storage."""
    try:
        attached = keep_file(draft, name=name, content=content, by=by)
    except models.IntakeDraft.DoesNotExist as error:
        raise DraftGone from error
    _count_up(_lock(draft))
    return attached


@transaction.atomic
def remove_from_draft(attachment: models.DraftAttachment, *, by: UUID | None) -> None:
    """Remove a file from a draft. Raises DraftGone."""
    row = _lock(attachment.draft)
    remove_attachment(attachment, by=by)
    _count_up(row)


@transaction.atomic
def submit_draft(draft: models.IntakeDraft, *, at: datetime, by: UUID | None) -> models.Intake:
    """Make a draft the client's intake, under the same key and with its files; the second time gives the first's.

    Raises BriefImpossible, naming every question without which no brief can be made, DraftGone for a draft that was
    discarded, and DraftRefused where the client has ended: nothing would be begun with it.
    """
    try:
        row = _lock(draft)
    except DraftGone:
        known = models.Intake.objects.filter(pk=draft.pk).first()
        if known is None:
            raise
        return known
    if row.client.status == Client.Status.ENDED:
        raise DraftRefused("Your contract has ended, so that we begin no new work; write to your account manager.")
    check_intake(queries.intake_of(row, at=at))
    intake = capture_intake(
        client_id=row.client_id,
        form=dtos.IntakeForm(form_version=row.form_version, answers=row.answers),
        source=models.Intake.Source.PORTAL,
        at=at,
        key=f"portal:{row.pk}",
        by=by,
        intake_id=row.pk,
    )
    _hand_over(row, intake)
    row.delete()
    return intake


def _hand_over(draft: models.IntakeDraft, intake: models.Intake) -> None:
    """Give a draft's files to the intake; the files themselves stay where they are."""
    held = list(draft.attachments.all())
    columns = [field.attname for field in models.Attachment._meta.fields]
    models.IntakeAttachment.objects.bulk_create(
        models.IntakeAttachment(intake=intake, **{name: getattr(each, name) for name in columns}) for each in held
    )
    draft.attachments.all().delete()


def _lock(draft: models.IntakeDraft) -> models.IntakeDraft:
    row = models.IntakeDraft.objects.select_for_update().filter(pk=draft.pk).first()
    if row is None:
        raise DraftGone
    return row


def _count_up(row: models.IntakeDraft) -> None:
    row.version += 1
    row.save(update_fields=["answers", "version", "updated_at"])


def _merged(answers: Mapping[str, Any], changes: Mapping[str, Any]) -> dict[str, Any]:
    found = {name: value for name, value in {**answers, **rules.clean(dict(changes))}.items() if value is not None}
    if len(json.dumps(found, ensure_ascii=False).encode(errors="replace")) > MOST_ANSWER_BYTES:
        raise DraftRefused(f"The answers are longer than {MOST_ANSWER_BYTES // 1000} kB in all; attach a file instead.")
    return found
