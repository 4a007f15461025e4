from concurrent.futures import ThreadPoolExecutor
from time import sleep

import pytest
from django.db import connection, transaction

from apps.delivery.api import ports
from apps.delivery.gateways import files, folder
from apps.delivery.models import Artifact, Package, Publication
from apps.delivery.services import packages
from apps.delivery.tests.factories import AT, Job, job_for, staged_package
from apps.shared.events import event_published


@pytest.fixture
def create(django_capture_on_commit_callbacks):
    def create_package(job: Job, *, promoted: bool = True):
        with django_capture_on_commit_callbacks(execute=promoted):
            return ports.create_package(**job.inputs, prepared=staged_package(job.run), run=job.run)

    return create_package


@pytest.mark.parametrize("promoted", [True, False])
def test_leaves_no_row_and_no_file(job, create, promoted):
    create(job, promoted=promoted)
    ports.withdraw_package(run=job.run)
    assert not Package.objects.exists()
    assert not Artifact.objects.exists()
    assert list(files.list_files("packages")) == list(files.list_files("tmp")) == []


def test_leaves_other_runs_alone(job, globex, create):
    other = job_for(globex.pk)
    create(job)
    kept = create(other)
    waiting = staged_package(job_for(globex.pk).run)
    ports.withdraw_package(run=job.run)
    assert ports.get_package(package_id=kept.id) == kept
    assert sorted(files.list_files("packages")) == sorted(artifact.path for artifact in kept.artifacts)
    assert len(list(files.list_files(waiting.staged_prefix))) == 2


def test_may_run_twice_and_tells_once(job, create):
    create(job)
    told = []

    def note(sender, event, note, **_):
        told.append((event.name, note))

    event_published.connect(note)
    try:
        ports.withdraw_package(run=job.run)
        ports.withdraw_package(run=job.run)
    finally:
        event_published.disconnect(note)
    ((name, audit),) = told
    assert name == "PackageWithdrawn"
    assert audit.before["draft_id"] == str(job.draft.id)
    assert len(audit.before["artifacts"]) == 2


def test_removes_what_earlier_tries_of_the_run_staged(job):
    staged_package(job.run)
    staged_package(job.run)
    ports.withdraw_package(run=job.run)
    assert list(files.list_files("tmp")) == []


def test_can_be_repeated_when_its_transaction_failed_after_the_files_were_gone(job, create):
    create(job)

    def die(sender, **_):
        raise RuntimeError("power cut")

    event_published.connect(die)
    try:
        with pytest.raises(RuntimeError, match="power cut"):
            ports.withdraw_package(run=job.run)
    finally:
        event_published.disconnect(die)
    assert list(files.list_files("packages")) == []
    assert Package.objects.exists()
    ports.withdraw_package(run=job.run)
    assert not Package.objects.exists()


def test_wins_against_a_promotion_that_comes_too_late(job, create):
    package = create(job, promoted=False)
    prefix = Package.objects.get().staged_prefix
    ports.withdraw_package(run=job.run)
    packages.promote_package(package.id, prefix, at=AT)
    assert list(files.list_files("packages")) == list(files.list_files("tmp")) == []


def test_takes_published_copies_away(job, create):
    package = create(job)
    ports.publish_package(package_id=package.id, destination="FOLDER", key="k")
    ports.withdraw_package(run=job.run)
    assert not Publication.objects.exists()
    assert list(folder.root().iterdir()) == []


@pytest.mark.django_db(transaction=True)
def test_makes_a_promotion_at_the_same_moment_wait_and_find_nothing(job, monkeypatch):
    with monkeypatch.context() as patch:
        patch.setattr(packages, "promote_package", lambda *_, **__: None)  # the worker dies after the commit
        package = ports.create_package(**job.inputs, prepared=staged_package(job.run), run=job.run)
    prefix = Package.objects.get().staged_prefix

    def promote() -> None:
        try:
            packages.promote_package(package.id, prefix, at=AT)
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            ports.withdraw_package(run=job.run)
            promotion = pool.submit(promote)
            sleep(0.3)
            assert not promotion.done()
        promotion.result(timeout=5)
    assert not Package.objects.exists()
    assert list(files.list_files("packages")) == list(files.list_files("tmp")) == []


@pytest.mark.parametrize("is_proof", [False, True])
def test_removes_exactly_the_files_that_were_listed_before(job, globex, create, monkeypatch, media, is_proof):
    monkeypatch.setattr("apps.shared.gateways.proof._ask", lambda: is_proof)
    for each in (job, job_for(globex.pk)):
        package = create(each)
        ports.publish_package(package_id=package.id, destination="FOLDER", key=str(package.id))
        staged_package(each.run)
    before = {path for path in media.parent.rglob("*") if path.is_file()}
    listed = ports.list_files_of_run(run_id=job.run.id)
    ports.withdraw_package(run=job.run)
    assert before - set(media.parent.rglob("*")) == {media / file.path for file in listed}
    assert {file.place for file in listed} == {"MEDIA", "PROOF" if is_proof else "PUBLISHED"}
    assert ports.list_files_of_run(run_id=job.run.id) == ()
