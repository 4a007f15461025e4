import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from apps.delivery.api import ports
from apps.delivery.gateways import files, folder
from apps.delivery.models import Package
from apps.delivery.services import packages
from apps.delivery.services.packages import sweep_files
from apps.delivery.tasks import sweep_files as task
from apps.delivery.tests.factories import job_for, run_for, staged_package


def grow_old(path: Path, hours: float = 2) -> None:
    then = (datetime.now(UTC) - timedelta(hours=hours)).timestamp()
    for inner in [path, *path.rglob("*")]:
        os.utime(inner, (then, then))


def test_promotes_what_a_killed_worker_left(job):
    package = ports.create_package(**job.inputs, prepared=staged_package(job.run), run=job.run)
    task()
    assert Package.objects.get().promoted_at is not None
    assert ports.list_missing_files() == ()
    assert len(list(files.list_files("packages"))) == len(package.artifacts)


@pytest.mark.parametrize("hours, left", [(0.9, 2), (1.1, 0)])
@pytest.mark.django_db
def test_removes_staged_files_older_than_an_hour(media, hours, left):
    staged_package(run_for(None))
    grow_old(media / "tmp", hours)
    sweep_files(at=datetime.now(UTC))
    assert len(list(files.list_files("tmp"))) == left


def test_keeps_old_staged_files_that_a_package_still_needs(job, media, monkeypatch):
    rendered = staged_package(job.run)
    ports.create_package(**job.inputs, prepared=rendered, run=job.run)
    grow_old(media / "tmp")
    # As if the package had been committed just after the sweep looked for packages to promote.
    monkeypatch.setattr(packages, "promote_package", lambda *_, **__: None)
    packages.sweep_files(at=datetime.now(UTC))
    assert len(list(files.list_files(rendered.staged_prefix))) == 2


@pytest.mark.parametrize("hours, left", [(0.5, 1), (2, 0)])
@pytest.mark.django_db
def test_removes_package_folders_without_a_row(media, hours, left):
    orphan = media / "packages" / str(run_for(None).id)
    orphan.mkdir(parents=True)
    (orphan / "draft.md").write_bytes(b"x")
    grow_old(media / "packages", hours)
    sweep_files(at=datetime.now(UTC))
    assert len(list(files.list_files("packages"))) == left


def test_leaves_delivered_packages_alone(acme, media, django_capture_on_commit_callbacks):
    job = job_for(acme.pk)
    with django_capture_on_commit_callbacks(execute=True):
        ports.create_package(**job.inputs, prepared=staged_package(job.run), run=job.run)
    grow_old(media)
    sweep_files(at=datetime.now(UTC))
    assert ports.list_missing_files() == ()


@pytest.mark.django_db
def test_removes_half_written_publications():
    aside = folder.root() / ".incoming-abc"
    aside.mkdir(parents=True)
    grow_old(aside)
    sweep_files(at=datetime.now(UTC))
    assert not aside.exists()
