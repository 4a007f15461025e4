"""Verbs of onboarding."""

import hashlib
from collections.abc import Callable
from contextlib import ExitStack
from datetime import datetime, timedelta
from functools import partial
from typing import Any
from uuid import UUID, uuid4

from django.db import transaction

from apps.identity.models import Client
from apps.onboarding import models, queries, rules
from apps.onboarding.api import dtos
from apps.onboarding.api.events import (
    AttachmentAdded,
    AttachmentRemoved,
    BriefRevised,
    BriefValidated,
    BriefWithdrawn,
    IntakeCaptured,
    OnboardingAdvanced,
    WorkspaceCreated,
    WorkspaceOpened,
)
from apps.onboarding.gateways import extraction, files
from apps.onboarding.rules.attachments import MOST_FILES, AttachmentRefused, recognise
from apps.onboarding.rules.file_names import clean_file_name
from apps.onboarding.rules.revision import RevisionRefused, Wording, revise, wording_of
from apps.shared.events import AuditNote, publish
from apps.shared.models import snapshot
from apps.shared.workflow import RunContext

STRAY_AFTER = timedelta(hours=1)
"""When a file without a row is no upload under way any more."""


class SubmissionKeyTaken(Exception):
    """Another client's intake, or other answers, were captured under the same submission key."""


class NotCorrected(ValueError):
    """A brief is not one that holds as a person corrected it; the message says what it is instead."""


@transaction.atomic
def capture_intake(
    *, client_id: UUID, form: dtos.IntakeForm, source: str, at: datetime, key: str | None = None, by: UUID | None = None
) -> models.Intake:
    """Store a client's answers and discovery notes as they came, and tell of it.

    A second submission with the same key gives the first intake back and changes nothing. Characters that PostgreSQL
    cannot store are left out. Raises Client.DoesNotExist, and SubmissionKeyTaken where the key stands for another
    client's intake or for other answers.
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


def attach_file(intake_id: UUID, *, name: str, content: bytes, by: UUID | None = None) -> models.IntakeAttachment:
    """Keep a file with an intake, with the text that could be read of it; the same file twice is one attachment.

    The file is read and written before its row, and removed again when the row does not come to be. Raises
    Intake.DoesNotExist, AttachmentRefused, and OSError when the storage does not take the file.
    """
    intake, shown = models.Intake.objects.get(pk=intake_id), clean_file_name(name)
    media_type, digest = recognise(shown, content), hashlib.sha256(content).hexdigest()
    if known := _known_attachment(intake, digest):
        return known
    reading = extraction.read_file(shown, media_type, content)
    attachment = models.IntakeAttachment(
        intake=intake,
        name=shown,
        media_type=media_type,
        bytes=len(reading.content),
        sha256=digest,
        key=f"{files.FOLDER}/{intake.pk}/{uuid4()}",
        extracted_text=reading.text,
        note=reading.note,
    )
    with ExitStack() as unless_stored:
        files.write(attachment.key, reading.content)
        unless_stored.callback(files.remove, attachment.key)
        stored = _store_attachment(attachment, by=by)
        if stored is attachment:
            unless_stored.pop_all()
    return stored


def _known_attachment(intake: models.Intake, digest: str) -> models.IntakeAttachment | None:
    known = intake.attachments.filter(sha256=digest).first()
    if known is None and intake.attachments.count() >= MOST_FILES:
        raise AttachmentRefused(f"The intake has {MOST_FILES} files already; remove one first.")
    return known


@transaction.atomic
def _store_attachment(attachment: models.IntakeAttachment, *, by: UUID | None) -> models.IntakeAttachment:
    # The lock makes two uploads at once wait for each other: neither the same file nor one too many gets in.
    intake = models.Intake.objects.select_for_update().get(pk=attachment.intake_id)
    if known := _known_attachment(intake, attachment.sha256):
        return known
    attachment.save(force_insert=True)
    publish(
        AttachmentAdded(
            aggregate_id=attachment.pk,
            client_id=intake.client_id,
            intake_id=intake.pk,
            media_type=attachment.media_type,
        ),
        AuditNote(actor_id=by, after=_without_text(attachment)),
    )
    return attachment


@transaction.atomic
def remove_attachment(attachment: models.IntakeAttachment, *, by: UUID | None, reason: str = "") -> None:
    """Remove a file from an intake; it is deleted when that is committed. Does nothing the second time."""
    found = models.IntakeAttachment.objects.select_for_update(of=("self",)).select_related("intake")
    row = found.filter(pk=attachment.pk).first()
    if row is None:
        return
    event = AttachmentRemoved(aggregate_id=row.pk, client_id=row.intake.client_id, intake_id=row.intake_id)
    before = _without_text(row)
    row.delete()
    publish(event, AuditNote(actor_id=by, reason=reason, before=before))
    transaction.on_commit(partial(files.remove, row.key))


def sweep_attachments(*, at: datetime) -> None:
    """Remove files that no attachment has, once they are an hour old: what a killed process left behind."""
    # Files first, rows second: an attachment committed in between has its row by then.
    found = list(files.list_files(before=at - STRAY_AFTER))
    known = set(models.IntakeAttachment.objects.filter(key__in=found).values_list("key", flat=True))
    for stray in found:
        if stray not in known:
            files.remove(stray)


def _without_text(attachment: models.IntakeAttachment) -> dict[str, Any]:
    return {name: value for name, value in snapshot(attachment).items() if name != "extracted_text"}


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
def revise_brief(brief: models.Brief, wanted: Wording, *, reason: str, by: UUID) -> models.Brief:
    """Store a brief's next version with what a person corrected; the version before stays byte by byte as it was.

    Of two at once, the second waits for the first and is refused. Raises RevisionRefused, naming every wrong field, for
    what the rules do not allow, for a correction of nothing or without a reason, and for a version that was replaced or
    withdrawn.
    """
    current = models.Brief.objects.select_for_update(of=("self",)).filter(pk=brief.pk).first()
    _require_revisable(current, reason)
    known = current.as_dto()
    revision = revise(known, wanted)
    revised = models.Brief.objects.create(
        intake_id=current.intake_id,
        client_id=current.client_id,
        version=current.version + 1,
        revises=current,
        author_id=by,
        reason=reason,
        **models.Brief.columns_of(revision.content),
    )
    event = BriefRevised(
        aggregate_id=revised.pk,
        client_id=revised.client_id,
        revises_id=current.pk,
        version=revised.version,
        changed=revision.changed,
    )
    before, after = (_only(wording_of(said), revision.changed) for said in (known, revision.content))
    publish(event, AuditNote(actor_id=by, reason=reason, before=before, after=after))
    return revised


def require_corrected(brief: models.Brief) -> None:
    """Do nothing for a brief that holds as a person corrected it; raise NotCorrected for another."""
    if (later := queries.find_next_version(brief)) is not None:
        raise NotCorrected(f"Version {later.version} has replaced version {brief.version}. Work from that instead.")
    if brief.author_id is None:
        raise NotCorrected("Nobody has corrected this brief: the run that made it works from it.")


def _require_revisable(brief: models.Brief | None, reason: str) -> None:
    if not reason.strip():
        raise RevisionRefused({"reason": "Say why the brief changes."})
    if brief is None:
        raise RevisionRefused({"": "The run that had made this brief was taken back, and the brief with it."})
    later = queries.find_next_version(brief)
    if later is not None:
        raise RevisionRefused({"": f"Version {later.version} has replaced this one. Correct that instead."})


def _only(wording: Wording, fields: tuple[str, ...]) -> dict[str, Any]:
    return {field: getattr(wording, field) for field in fields}


@transaction.atomic
def withdraw_brief(*, run: RunContext) -> None:
    """Remove the brief a run made; the intake and corrections by hand stay. Does nothing the second time."""
    for brief in models.Brief.objects.of_run(run.id).select_for_update():
        before = snapshot(brief)
        event = BriefWithdrawn(aggregate_id=brief.pk, client_id=brief.client_id, run_id=run.id)
        brief.delete()
        publish(event, AuditNote(before=before, reason="The run took back what it had done."))


@transaction.atomic
def open_workspace(*, client_id: UUID, url: str, by: UUID | None = None) -> models.Workspace:
    """Begin a client's onboarding; `url` is where the work will happen. The second call gives the first's workspace.

    Raises ValueError for a `url` that is no web address, and Client.DoesNotExist.
    """
    address = rules.read_website(url)
    if address is None:
        raise ValueError(f"url: {url[:80]!r} is no web address; give one such as https://drive.example.com/acme.")
    client = Client.objects.get(pk=client_id)
    workspace, is_new = models.Workspace.objects.get_or_create(
        client=client, defaults={"slug": client.slug, "url": address}
    )
    if is_new:
        publish(
            WorkspaceOpened(aggregate_id=workspace.pk, client_id=client.pk, slug=workspace.slug),
            AuditNote(actor_id=by, after={"state": workspace.state, "url": address}),
        )
    return workspace


def start_discovery(workspace: models.Workspace, *, by: UUID | None, reason: str = "") -> models.Workspace:
    """Lead an onboarding from INTAKE to DISCOVERY. Raises TransitionNotAllowed without an intake."""
    return _advance(workspace, workspace.start_discovery, by=by, reason=reason)


def review_brief(workspace: models.Workspace, *, by: UUID | None, reason: str = "") -> models.Workspace:
    """Lead an onboarding from DISCOVERY to BRIEF_REVIEW. Raises TransitionNotAllowed without a brief."""
    return _advance(workspace, workspace.review_brief, by=by, reason=reason)


def set_up(workspace: models.Workspace, *, by: UUID | None, reason: str = "") -> models.Workspace:
    """Lead an onboarding from BRIEF_REVIEW to WORKSPACE_SETUP. Raises TransitionNotAllowed from another state."""
    return _advance(workspace, workspace.set_up, by=by, reason=reason)


@transaction.atomic
def complete(workspace: models.Workspace, *, by: UUID | None, reason: str = "") -> models.Workspace:
    """Lead an onboarding from WORKSPACE_SETUP to COMPLETE: the workspace is ready, and the client may be invited."""
    _advance(workspace, workspace.complete, by=by, reason=reason)
    publish(
        WorkspaceCreated(aggregate_id=workspace.pk, client_id=workspace.client_id, url=workspace.url),
        AuditNote(actor_id=by, reason=reason, after={"url": workspace.url}),
    )
    return workspace


@transaction.atomic
def _advance(
    workspace: models.Workspace, transition: Callable[[], None], *, by: UUID | None, reason: str
) -> models.Workspace:
    before = {"state": workspace.state}
    transition()
    workspace.save()
    publish(
        OnboardingAdvanced(aggregate_id=workspace.pk, client_id=workspace.client_id, state=workspace.state),
        AuditNote(actor_id=by, reason=reason, before=before, after={"state": workspace.state}),
    )
    return workspace
