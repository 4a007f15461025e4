import pytest
from django.core.exceptions import ObjectDoesNotExist

from apps.delivery.api import ports
from apps.delivery.gateways import files
from apps.delivery.models import Package
from apps.delivery.services.packages import ArtifactUnavailable
from apps.delivery.tests.factories import run_for, staged_package


@pytest.fixture
def package(job):
    """A package whose worker was killed between the commit and the promotion."""
    return ports.create_package(**job.inputs, prepared=staged_package(job.run), run=job.run)


def test_promotes_what_a_killed_worker_left(package):
    opened = ports.open_artifact(artifact_id=package.artifacts[1].id)
    assert (opened.name, opened.content_type, opened.content) == ("package.zip", "application/zip", b"PK small")
    assert Package.objects.get().promoted_at is not None
    assert list(files.list_files("tmp")) == []


def test_refuses_a_file_that_was_changed(package, media):
    ports.open_artifact(artifact_id=package.artifacts[0].id)
    (media / package.artifacts[0].path).write_bytes(b"%PDF-1.7 other")
    with pytest.raises(ArtifactUnavailable, match="was changed after delivery"):
        ports.open_artifact(artifact_id=package.artifacts[0].id)


def test_refuses_a_file_that_is_gone(package, media):
    ports.open_artifact(artifact_id=package.artifacts[0].id)
    (media / package.artifacts[0].path).unlink()
    with pytest.raises(ArtifactUnavailable, match="is missing"):
        ports.open_artifact(artifact_id=package.artifacts[0].id)


def test_knows_no_other_ids(db):
    with pytest.raises(ObjectDoesNotExist):
        ports.open_artifact(artifact_id=run_for(None).id)
