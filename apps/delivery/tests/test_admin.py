import pytest
from django.contrib.auth.models import Permission
from django.urls import reverse

from apps.delivery import queries
from apps.delivery.api import ports
from apps.delivery.gateways import files
from apps.delivery.models import Artifact, Publication
from apps.delivery.rules.archive import pack
from apps.delivery.tests.factories import staged_package


@pytest.fixture
def package(job, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        return ports.create_package(**job.inputs, prepared=staged_package(job.run), run=job.run)


def allow(user, *codenames: str) -> None:
    user.user_permissions.set(Permission.objects.filter(content_type__app_label="delivery", codename__in=codenames))


def download_url(package) -> str:
    return reverse("admin:delivery_artifact_download", args=[package.artifacts[0].id])


def test_shows_a_package_with_its_files(package, admin_client):
    page = admin_client.get(reverse("admin:delivery_package_change", args=[package.id])).content.decode()
    assert download_url(package) in page
    assert package.artifacts[0].sha256 in page
    listed = admin_client.get(reverse("admin:delivery_package_changelist")).content.decode()
    assert "97 of 100" in listed


SCRIPT = "<script>alert(1)</script>"


def page_of(package, browser) -> str:
    return browser.get(reverse("admin:delivery_package_change", args=[package.id])).content.decode()


def make(job, capture, contents: dict[str, bytes]):
    with capture(execute=True):
        return ports.create_package(**job.inputs, prepared=staged_package(job.run, contents), run=job.run)


def test_shows_each_file_by_what_it_is(job, admin_client, django_capture_on_commit_callbacks):
    contents = {
        "calendar.csv": f"date,hook\r\n2026-03-09,{SCRIPT}\r\n".encode(),
        "draft.md": f"# Draft {SCRIPT}".encode(),
        "manifest.json": b'{"pack": "standard"}',
        "package.zip": pack({"report.pdf": b"%PDF", f"{SCRIPT}.md": b"x"}),
    }
    page = page_of(make(job, django_capture_on_commit_callbacks, contents), admin_client)
    assert "<td>2026-03-09</td><td>&lt;script&gt;" in page
    assert "# Draft &lt;script&gt;" in page
    assert "{&quot;pack&quot;: &quot;standard&quot;}" in page
    assert "<td>report.pdf</td><td>4</td>" in page
    assert page.count('<span class="desk-verified">verified</span>') == 4
    assert SCRIPT not in page


def test_embeds_a_pdf_from_the_file_view(package, admin_client):
    page = page_of(package, admin_client)
    assert f'<iframe src="{download_url(package)}?inline" title="strategy-report.pdf"' in page
    response = admin_client.get(download_url(package), {"inline": ""})
    assert response["Content-Disposition"] == 'inline; filename="strategy-report.pdf"'
    assert response["X-Frame-Options"] == "SAMEORIGIN"
    assert response["X-Content-Type-Options"] == "nosniff"


def test_lets_nothing_but_a_pdf_be_framed(package, admin_client):
    archive = reverse("admin:delivery_artifact_download", args=[package.artifacts[1].id])
    pages = reverse("admin:delivery_package_change", args=[package.id])
    for response in (
        admin_client.get(archive, {"inline": ""}),
        admin_client.get(download_url(package)),
        admin_client.get(pages),
    ):
        assert response["X-Frame-Options"] == "DENY"
    assert admin_client.get(archive, {"inline": ""})["Content-Disposition"].startswith("attachment")


def test_embeds_nothing_without_the_permission(package, client, strategist):
    allow(strategist, "view_package")
    client.force_login(strategist)
    page = page_of(package, client)
    assert "You have no right to see this package's files." in page
    assert download_url(package) not in page
    assert client.get(download_url(package), {"inline": ""}).status_code == 403


def test_says_of_a_missing_and_of_a_changed_file_that_it_is(package, admin_client, media):
    pdf, archive = (media / artifact.path for artifact in package.artifacts)
    pdf.unlink()
    page = page_of(package, admin_client)
    assert "<dt>Files verified</dt><dd>1 of 2</dd>" in page
    archive.write_bytes(b"tampered")
    page = page_of(package, admin_client)
    assert "The file is missing; restore it from the backup." in page
    assert "This is not the file that was delivered" in page
    assert "verified</span>" not in page
    assert "<iframe" not in page


def test_says_of_a_file_that_cannot_be_read_that_it_is_there(package, admin_client, monkeypatch):
    def refuse(key: str) -> bytes:
        raise PermissionError(key)

    monkeypatch.setattr(files, "read", refuse)
    assert "The file is there, but cannot be read." in page_of(package, admin_client)


def test_reads_no_file_that_is_too_large_for_a_page(package, admin_client):
    Artifact.objects.update(bytes=queries.MOST_BYTES_CHECKED + 1)
    page = page_of(package, admin_client)
    assert "Too large to check on a page." in page
    assert "verified</span>" not in page


def test_shows_files_that_still_wait_to_be_promoted(job, admin_client):
    package = ports.create_package(**job.inputs, prepared=staged_package(job.run), run=job.run)
    assert page_of(package, admin_client).count("verified</span>") == 2


def test_opens_in_few_queries(package, admin_client, django_assert_max_num_queries):
    with django_assert_max_num_queries(12):
        page_of(package, admin_client)


def test_sends_a_file_as_an_attachment(package, client, strategist):
    allow(strategist, "view_artifact")
    client.force_login(strategist)
    response = client.get(download_url(package))
    assert response.content == b"%PDF-1.7 small"
    assert response["Content-Disposition"] == 'attachment; filename="strategy-report.pdf"'
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Type"] == "application/pdf"


def test_sends_nothing_without_the_permission(package, client, strategist):
    client.force_login(strategist)
    assert client.get(download_url(package)).status_code == 403


def test_sends_nothing_to_people_outside_the_staff(package, client, strategist):
    strategist.is_staff = False
    strategist.save()
    client.force_login(strategist)
    assert client.get(download_url(package)).status_code == 302


def test_refuses_a_changed_file_and_says_so(package, admin_client, media):
    (media / package.artifacts[0].path).write_bytes(b"tampered")
    response = admin_client.get(download_url(package), follow=True)
    assert "was changed after delivery" in response.content.decode()


def test_retracts_a_publication_by_its_button(package, client, strategist):
    ports.publish_package(package_id=package.id, destination="FOLDER", key="k")
    publication = Publication.objects.get()
    allow(strategist, "view_publication", "retract_publication")
    client.force_login(strategist)
    url = reverse("admin:delivery_publication_retract", args=[publication.pk])
    client.post(url, {"_form_submitted": "1", "reason": "Wrong folder."})
    assert Publication.objects.get().state == "RETRACTED"
