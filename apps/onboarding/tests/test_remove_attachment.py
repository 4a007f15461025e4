"""Removing an attachment …"""

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.dispatch import receiver
from pytest_django import DjangoCaptureOnCommitCallbacks

from apps.identity.models import User
from apps.onboarding import services
from apps.onboarding.api.events import AttachmentRemoved
from apps.onboarding.models import IntakeAttachment
from apps.onboarding.tasks import sweep_attachments
from apps.onboarding.tests.factories import IntakeFactory
from apps.shared.events import event_published

pytestmark = pytest.mark.django_db


@pytest.fixture
def attached() -> IntakeAttachment:
    return services.attach_file(IntakeFactory().pk, name="notes.txt", content=b"secret plan")


def grow_old(file: Path, hours: float) -> None:
    then = (datetime.now(UTC) - timedelta(hours=hours)).timestamp()
    os.utime(file, (then, then))


def test_deletes_its_file_once_that_is_committed(
    attached: IntakeAttachment, media: Path, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        services.remove_attachment(attached, by=None)
        assert (media / attached.key).exists()
    assert not (media / attached.key).exists()
    assert not IntakeAttachment.objects.exists()


def test_tells_who_removed_what_and_why_and_only_once(attached: IntakeAttachment, strategist: User) -> None:
    told, row = [], IntakeAttachment.objects.get()
    noted = receiver(event_published, sender=AttachmentRemoved)(lambda event, note, **_: told.append((event, note)))
    for _ in range(2):
        services.remove_attachment(row, by=strategist.pk, reason="Sent by mistake")
    event_published.disconnect(noted, sender=AttachmentRemoved)
    ((event, note),) = told
    assert (event.aggregate_id, event.intake_id) == (attached.pk, attached.intake_id)
    assert (note.actor_id, note.reason, note.before["name"]) == (strategist.pk, "Sent by mistake", "notes.txt")
    assert "secret plan" not in str(note)


def test_makes_room_for_the_same_file_again(attached: IntakeAttachment) -> None:
    services.remove_attachment(attached, by=None)
    again = services.attach_file(attached.intake_id, name="notes.txt", content=b"secret plan")
    assert again.key != attached.key


@pytest.mark.parametrize(("hours", "stays"), [(0.9, True), (1.1, False)])
def test_is_finished_by_the_sweep_where_a_process_was_killed(
    attached: IntakeAttachment, media: Path, hours: float, stays: bool
) -> None:
    stray = media / "intakes" / str(attached.intake_id) / "stray"
    stray.write_bytes(b"left behind")
    for file in (stray, media / attached.key):
        grow_old(file, hours)
    sweep_attachments()
    assert stray.exists() is stays
    assert (media / attached.key).exists()


def test_has_nothing_to_sweep_where_nothing_was_attached(media: Path) -> None:
    sweep_attachments()
    assert not media.exists()
