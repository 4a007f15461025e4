"""Every test gets folders of its own; rendering is done once where a test only reads the result."""

from pathlib import Path

import pytest

from apps.delivery.api.dtos import RenderedPackage
from apps.delivery.services.rendering import render_package
from apps.delivery.tests.factories import Job, job_for
from apps.identity.models import Client


@pytest.fixture(autouse=True)
def media(settings, tmp_path: Path) -> Path:
    """The media folder."""
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.PUBLISH_FOLDER = tmp_path / "published"
    settings.PROOF_FOLDER = tmp_path / "proofs"
    settings.STATIC_ROOT = tmp_path  # WhiteNoise warns of a missing one
    return tmp_path / "media"


@pytest.fixture
def job(acme: Client) -> Job:
    """Everything a package for acme is made from, and a run to make it in."""
    return job_for(acme.pk)


@pytest.fixture
def rendered(job: Job) -> RenderedPackage:
    """Real files of that job, staged."""
    return render_package(**job.inputs, run=job.run)
