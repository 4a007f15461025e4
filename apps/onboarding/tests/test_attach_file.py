"""Attaching a file …"""

from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256
from pathlib import Path
from uuid import uuid4

import pytest
from django.core.exceptions import ObjectDoesNotExist
from django.core.files.storage import FileSystemStorage
from django.db import connection
from django.dispatch import receiver
from pytest_django import DjangoAssertNumQueries

from apps.identity.models import User
from apps.onboarding import services
from apps.onboarding.api import ports
from apps.onboarding.api.events import AttachmentAdded
from apps.onboarding.models import Intake, IntakeAttachment
from apps.onboarding.tests import samples
from apps.onboarding.tests.factories import IntakeFactory
from apps.shared.events import event_published

pytestmark = pytest.mark.django_db
QUERIES = 11


@pytest.fixture
def intake() -> Intake:
    return IntakeFactory()


def attach(intake: Intake, content: bytes = b"Some words", name: str = "notes.txt") -> IntakeAttachment:
    return services.attach_file(intake.pk, name=name, content=content)


def files_in(media: Path) -> list[Path]:
    return [file for file in media.rglob("*") if file.is_file()]


def test_keeps_the_file_and_its_text(intake: Intake, media: Path) -> None:
    content = samples.pdf()
    attached = ports.attach_file(intake_id=intake.pk, name="Angebot für Sie.pdf", content=content)
    (kept,) = files_in(media)
    assert kept.read_bytes() == content
    assert (attached.name, attached.media_type, attached.bytes) == (
        "Angebot für Sie.pdf",
        "application/pdf",
        len(content),
    )
    assert (attached.sha256, attached.extracted_text) == (sha256(content).hexdigest(), samples.LATIN_TEXT)
    assert ports.list_attachments(intake_id=intake.pk) == (attached,)


@pytest.mark.parametrize("name", ["../../../etc/passwd", "/etc/passwd", "C:\\boot.ini\\x.txt", "ä" * 300, "\u202etxt"])
def test_never_uses_the_name_as_a_path(intake: Intake, media: Path, name: str) -> None:
    attached = attach(intake, name=name)
    (kept,) = files_in(media)
    assert kept.parent == media / "intakes" / str(intake.pk)
    assert str(kept.relative_to(media)) == attached.key
    assert attached.name not in kept.name
    assert len(attached.name) <= 150


def test_keeps_a_picture_written_anew_but_knows_the_one_sent(intake: Intake, media: Path) -> None:
    sent = samples.picture("PNG") + b"PK\x03\x04"
    attached = attach(intake, sent, "logo.png")
    (kept,) = files_in(media)
    assert kept.read_bytes() != sent
    assert attached.bytes == kept.stat().st_size
    assert attached.sha256 == sha256(sent).hexdigest()


def test_twice_gives_the_first_attachment(intake: Intake, media: Path) -> None:
    assert attach(intake, name="again.txt") == attach(intake, name="other name.txt")
    assert len(files_in(media)) == IntakeAttachment.objects.count() == 1
    attach(IntakeFactory())
    assert IntakeAttachment.objects.count() == 2


def test_keeps_an_unreadable_document_with_a_note(intake: Intake) -> None:
    attached = attach(intake, samples.encrypted_pdf("secret"), "offer.pdf")
    assert (attached.extracted_text, attached.note) == ("", "The file is encrypted; its text cannot be read.")


@pytest.mark.parametrize(
    ("name", "content"), [("offer.pdf", b"<html>"), ("logo.png", samples.flooding_png(8_000)), ("empty.txt", b"")]
)
def test_leaves_nothing_of_a_refused_file(intake: Intake, media: Path, name: str, content: bytes) -> None:
    with pytest.raises(ports.AttachmentRefused, match=name):
        attach(intake, content, name)
    assert (files_in(media), IntakeAttachment.objects.count()) == ([], 0)


def test_refuses_the_21st_file_but_not_one_it_has(intake: Intake, media: Path) -> None:
    first, *_ = [attach(intake, f"text {number}".encode()) for number in range(20)]
    with pytest.raises(ports.AttachmentRefused, match="has 20 files already; remove one first"):
        attach(intake, b"one more")
    assert attach(intake, b"text 0") == first
    assert len(files_in(media)) == 20


def test_leaves_no_file_when_it_dies_before_its_row(
    intake: Intake, media: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def crash(*_: object) -> None:
        assert len(files_in(media)) == 1
        raise KeyboardInterrupt

    monkeypatch.setattr(services.attachments, "publish", crash)
    with pytest.raises(KeyboardInterrupt):
        attach(intake)
    assert (files_in(media), IntakeAttachment.objects.count()) == ([], 0)


def test_leaves_neither_file_nor_row_when_the_disk_is_full(
    intake: Intake, media: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def write_half(storage: FileSystemStorage, name: str, content: object) -> None:
        Path(storage.path(name)).parent.mkdir(parents=True)
        Path(storage.path(name)).write_bytes(b"half")
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(FileSystemStorage, "_save", write_half)
    with pytest.raises(OSError, match="No space left"):
        attach(intake)
    assert (files_in(media), IntakeAttachment.objects.count()) == ([], 0)


@pytest.mark.django_db(transaction=True)
def test_at_the_same_moment_keeps_one_of_each_file_and_20_in_all(media: Path) -> None:
    intake = IntakeFactory()
    for number in range(18):
        attach(intake, f"text {number}".encode())

    def upload(number: int) -> bool:
        try:
            return attach(intake, f"new {number % 4}".encode()) is not None
        except ports.AttachmentRefused:
            return False
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as people:
        outcomes = list(people.map(upload, range(24)))
    assert 0 < sum(outcomes) < 24
    assert len(files_in(media)) == IntakeAttachment.objects.count() == 20


def test_tells_of_it_once_without_the_text(intake: Intake, strategist: User) -> None:
    told = []
    noted = receiver(event_published, sender=AttachmentAdded)(lambda event, note, **_: told.append((event, note)))
    for _ in range(2):
        attached = ports.attach_file(intake_id=intake.pk, name="a.txt", content=b"secret plan", by=strategist.pk)
    event_published.disconnect(noted, sender=AttachmentAdded)
    ((event, note),) = told
    assert (event.aggregate_id, event.client_id, event.intake_id) == (attached.id, intake.client_id, intake.pk)
    assert (note.actor_id, note.after["sha256"]) == (strategist.pk, attached.sha256)
    assert "secret plan" not in str(note)


def test_fails_for_an_unknown_intake(media: Path) -> None:
    with pytest.raises(ObjectDoesNotExist):
        ports.attach_file(intake_id=uuid4(), name="a.txt", content=b"words")
    assert files_in(media) == []


def test_takes_as_many_queries_for_the_20th_as_for_the_first(
    intake: Intake, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(3):
        with django_assert_num_queries(QUERIES):
            attach(intake, f"text {number}".encode())
    with django_assert_num_queries(1):
        assert len(ports.list_attachments(intake_id=intake.pk)) == 3
