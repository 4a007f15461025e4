"""Keeping the files that clients send along."""

import hashlib
from contextlib import ExitStack
from datetime import datetime, timedelta
from functools import partial
from typing import Any
from uuid import UUID, uuid4

from django.db import transaction
from django.db.models import Count, Sum

from apps.onboarding import models, queries
from apps.onboarding.api.events import AttachmentAdded, AttachmentRemoved
from apps.onboarding.gateways import extraction, files, scanner
from apps.onboarding.rules.attachments import MOST_BYTES_IN_ALL, MOST_FILES, AttachmentRefused, recognise
from apps.onboarding.rules.file_names import clean_file_name
from apps.shared.events import AuditNote, publish
from apps.shared.models import snapshot
from apps.shared.text import gettext_noop

STRAY_AFTER = timedelta(hours=1)
"""When a file without a row is no upload under way any more."""


def attach_file(intake_id: UUID, *, name: str, content: bytes, by: UUID | None = None) -> models.IntakeAttachment:
    """Keep a file with an intake, with the text that could be read of it; the same file twice is one attachment.

    Raises Intake.DoesNotExist, AttachmentRefused, and OSError when the storage does not take the file.
    """
    return keep_file(models.Intake.objects.get(pk=intake_id), name=name, content=content, by=by)


def keep_file(
    holder: models.Intake | models.IntakeDraft, *, name: str, content: bytes, by: UUID | None
) -> models.Attachment:
    """Keep a file with an intake or with one that is still written.

    The file is read and written before its row, and removed again when the row does not come to be; when a transaction
    around all of this fails later, the sweep finds it. Raises ObjectDoesNotExist for a holder that is gone,
    AttachmentRefused, and OSError when the storage does not take the file.
    """
    shown = clean_file_name(name)
    media_type, digest = recognise(shown, content), hashlib.sha256(content).hexdigest()
    if known := _known_attachment(holder, digest, len(content)):
        return known
    scanner.scan(shown, content)
    reading = extraction.read_file(shown, media_type, content)
    attachment = holder.attachments.model(
        **{holder.attachments.field.name: holder},
        name=shown,
        media_type=media_type,
        bytes=len(reading.content),
        sha256=digest,
        key=f"{files.FOLDER}/{holder.pk}/{uuid4()}",
        extracted_text=reading.text,
        note=reading.note,
    )
    with ExitStack() as unless_stored:
        files.write(attachment.key, reading.content)
        unless_stored.callback(files.remove, attachment.key)
        stored = _store_attachment(holder, attachment, by=by)
        if stored is attachment:
            unless_stored.pop_all()
    return stored


def _known_attachment(
    holder: models.Intake | models.IntakeDraft, digest: str, new_bytes: int
) -> models.Attachment | None:
    known = holder.attachments.filter(sha256=digest).first()
    if known is None:
        has = holder.attachments.aggregate(files=Count("pk"), bytes=Sum("bytes", default=0))
        if has["files"] >= MOST_FILES:
            too_many = gettext_noop("The intake has %(most)s files already; remove one first.")
            raise AttachmentRefused(too_many, most=MOST_FILES)
        if has["bytes"] + new_bytes > MOST_BYTES_IN_ALL:
            too_large = gettext_noop("The intake's files would be larger than %(most)s MB in all; remove one first.")
            raise AttachmentRefused(too_large, most=MOST_BYTES_IN_ALL // 1024**2)
    return known


@transaction.atomic
def _store_attachment(
    holder: models.Intake | models.IntakeDraft, attachment: models.Attachment, *, by: UUID | None
) -> models.Attachment:
    # The lock makes two uploads at once wait for each other: neither the same file nor one too many gets in.
    locked = type(holder).objects.select_for_update().get(pk=holder.pk)
    if known := _known_attachment(locked, attachment.sha256, attachment.bytes):
        return known
    attachment.save(force_insert=True)
    event = AttachmentAdded(
        aggregate_id=attachment.pk,
        client_id=locked.client_id,
        intake_id=locked.pk,
        media_type=attachment.media_type,
    )
    publish(event, AuditNote(actor_id=by, after=_without_text(attachment)))
    return attachment


@transaction.atomic
def remove_attachment(attachment: models.Attachment, *, by: UUID | None, reason: str = "") -> None:
    """Remove a file from an intake; it is deleted when that is committed. Does nothing the second time."""
    kind = type(attachment)
    holder = "intake" if kind is models.IntakeAttachment else "draft"
    found = kind._default_manager.select_for_update(of=("self",)).select_related(holder)
    row = found.filter(pk=attachment.pk).first()
    if row is None:
        return
    held_by = getattr(row, holder)
    event = AttachmentRemoved(aggregate_id=row.pk, client_id=held_by.client_id, intake_id=held_by.pk)
    before = _without_text(row)
    row.delete()
    publish(event, AuditNote(actor_id=by, reason=reason, before=before))
    transaction.on_commit(partial(files.remove, row.key))


def sweep_attachments(*, at: datetime) -> None:
    """Remove files that no attachment has, once they are an hour old: what a killed process left behind."""
    # Files first, rows second: an attachment committed in between has its row by then.
    found = list(files.list_files(before=at - STRAY_AFTER))
    known = queries.known_keys(found)
    for stray in found:
        if stray not in known:
            files.remove(stray)


def _without_text(attachment: models.Attachment) -> dict[str, Any]:
    return {name: value for name, value in snapshot(attachment).items() if name != "extracted_text"}
