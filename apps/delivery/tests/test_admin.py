import pytest
from django.contrib.auth.models import Permission
from django.urls import reverse

from apps.delivery.api import ports
from apps.delivery.models import Publication
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
