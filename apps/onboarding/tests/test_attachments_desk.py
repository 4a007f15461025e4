"""Attachments at the desk …"""

from pathlib import Path

import pytest
from django.contrib.auth.models import Permission
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client as Browser
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries, DjangoCaptureOnCommitCallbacks

from apps.identity.models import User
from apps.onboarding import services
from apps.onboarding.models import Intake, IntakeAttachment
from apps.onboarding.rules.attachments import MOST_BYTES
from apps.onboarding.tests import samples
from apps.onboarding.tests.factories import IntakeFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def intake() -> Intake:
    return IntakeFactory()


def attach(intake: Intake, content: bytes = b"First line\nSecond", name: str = "notes.txt") -> IntakeAttachment:
    return services.attach_file(intake.pk, name=name, content=content)


def allow(user: User, *codenames: str) -> None:
    user.user_permissions.set(Permission.objects.filter(content_type__app_label="onboarding", codename__in=codenames))


def page_of(intake: Intake) -> str:
    return reverse("admin:onboarding_intake_change", args=[intake.pk])


def upload_url(intake: Intake) -> str:
    return reverse("admin:onboarding_intake_attach_file", args=[intake.pk])


def download_url(attached: IntakeAttachment) -> str:
    return reverse("admin:onboarding_intakeattachment_download", args=[attached.pk])


def upload(browser: Browser, intake: Intake, name: str, content: bytes) -> str:
    sent = {"file": SimpleUploadedFile(name, content)}
    return browser.post(upload_url(intake), sent, follow=True).content.decode()


def test_stand_on_their_intakes_page(admin_client: Browser, intake: Intake) -> None:
    attached = attach(intake, b"First line\nSecond <script>alert(1)</script>\nThird\nFourth")
    page = admin_client.get(page_of(intake)).content.decode()
    assert "notes.txt" in page
    assert "First line · Second &lt;script&gt;alert(1)&lt;/script&gt; · Third" in page
    assert "Fourth" not in page
    assert download_url(attached) in page
    assert upload_url(intake) in page


def test_are_shown_with_the_whole_text_and_found_by_it(admin_client: Browser, intake: Intake) -> None:
    attached = attach(intake, b"First\n" * 500 + b"the last word")
    page = reverse("admin:onboarding_intakeattachment_change", args=[attached.pk])
    assert "the last word" in admin_client.get(page).content.decode()
    found = admin_client.get(reverse("admin:onboarding_intakeattachment_changelist"), {"q": "last word"})
    assert page in found.content.decode()


def test_are_uploaded_on_a_page_of_their_own(admin_client: Browser, intake: Intake) -> None:
    assert 'enctype="multipart/form-data"' in admin_client.get(upload_url(intake)).content.decode()
    page = upload(admin_client, intake, "Größe.txt", samples.TEXT.encode())
    assert "Größe.txt is attached." in page
    assert samples.TEXT in page
    assert IntakeAttachment.objects.get().intake == intake


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("offer.pdf", b"<html></html>", "offer.pdf ends in .pdf, but its content is something else"),
        ("notes.txt", b"a" * (MOST_BYTES + 1), "notes.txt is larger than 10 MB; send a smaller file."),
        ("notes.txt", b"", "The submitted file is empty."),
        ("run.exe", b"MZ", "run.exe ends in .exe, which is not accepted"),
    ],
)
def test_say_beside_the_field_what_is_wrong(
    admin_client: Browser, intake: Intake, name: str, content: bytes, says: str
) -> None:
    assert says in upload(admin_client, intake, name, content)
    assert "This field is required." in admin_client.post(upload_url(intake), {"x": "1"}).content.decode()
    assert not IntakeAttachment.objects.exists()


def test_say_that_the_storage_failed(admin_client: Browser, intake: Intake, media: Path) -> None:
    media.write_bytes(b"a file where the folder should be")
    assert "The file storage did not take notes.txt" in upload(admin_client, intake, "notes.txt", b"words")


def test_are_uploaded_and_removed_only_by_those_who_may(client: Browser, strategist: User, intake: Intake) -> None:
    attached = attach(intake)
    remove = reverse("admin:onboarding_intakeattachment_remove_attachment", args=[attached.pk])
    client.force_login(strategist)
    allow(strategist, "view_intake", "view_intakeattachment")
    assert client.get(upload_url(intake)).status_code == 403
    assert client.post(upload_url(intake), {"file": SimpleUploadedFile("a.txt", b"a")}).status_code == 403
    assert client.post(remove, {"reason": "x"}).status_code == 403
    assert upload_url(intake) not in client.get(page_of(intake)).content.decode()
    assert IntakeAttachment.objects.count() == 1


def test_are_uploaded_only_to_an_intake_there_is(admin_client: Browser) -> None:
    for unknown in ("nonsense", "019a0000-0000-7000-8000-000000000000"):
        url = reverse("admin:onboarding_intake_attach_file", args=[unknown])
        assert admin_client.get(url).status_code == 404


def test_are_handed_out_as_files_that_a_browser_neither_shows_nor_guesses(
    client: Browser, strategist: User, intake: Intake
) -> None:
    attached = attach(intake, name='a"b für <x>')
    allow(strategist, "view_intakeattachment")
    client.force_login(strategist)
    response = client.get(download_url(attached))
    assert response.content == b"First line\nSecond"
    assert response["Content-Disposition"] == "attachment; filename*=utf-8''a%22b%20f%C3%BCr%20%3Cx%3E.txt"
    assert (response["Content-Type"], response["X-Content-Type-Options"]) == ("text/plain", "nosniff")
    assert response["Content-Security-Policy"] == "sandbox; default-src 'none'"


def test_are_handed_out_to_nobody_else(client: Browser, strategist: User, intake: Intake) -> None:
    url = download_url(attach(intake))
    assert client.get(url).status_code == 302
    client.force_login(strategist)
    assert client.get(url).status_code == 403
    allow(strategist, "view_intakeattachment")
    strategist.is_staff = False
    strategist.save()
    assert client.get(url).status_code == 302


def test_say_when_a_file_is_missing(admin_client: Browser, intake: Intake, media: Path) -> None:
    attached = attach(intake)
    (media / attached.key).unlink()
    page = admin_client.get(download_url(attached), follow=True).content.decode()
    assert "notes.txt is missing in the file storage; restore it from the backup." in page


def test_are_removed_by_a_button_that_asks_why(
    admin_client: Browser,
    intake: Intake,
    media: Path,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    attached = attach(intake)
    url = reverse("admin:onboarding_intakeattachment_remove_attachment", args=[attached.pk])
    admin_client.post(url, {"_form_submitted": "1"})
    assert IntakeAttachment.objects.exists()
    with django_capture_on_commit_callbacks(execute=True):
        response = admin_client.post(url, {"_form_submitted": "1", "reason": "Sent by mistake"})
    assert response["HX-Redirect"] == page_of(intake)
    assert not (media / attached.key).exists()
    assert admin_client.post(url, {"_form_submitted": "1", "reason": "again"}).status_code == 404


def test_are_listed_in_as_many_queries_for_20_as_for_one(
    admin_client: Browser, intake: Intake, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    pages = (page_of(intake), reverse("admin:onboarding_intakeattachment_changelist"))
    for number in range(20):
        attach(intake, f"text {number}".encode(), f"file {number}.txt")
    for page in pages:
        with django_assert_max_num_queries(15):
            assert "file 19.txt" in admin_client.get(page).content.decode()
