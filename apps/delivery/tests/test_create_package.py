import pytest
from django.db import IntegrityError, transaction

from apps.delivery.api import ports
from apps.delivery.gateways import files
from apps.delivery.models import Artifact, Package
from apps.delivery.services import packages
from apps.delivery.tests.factories import AT, Job, job_for, run_for, staged_package
from apps.shared.events import event_published


def create(job: Job, rendered=None):
    return ports.create_package(**job.inputs, prepared=rendered or staged_package(job.run), run=job.run)


@pytest.fixture
def published():
    seen = []

    def note(sender, event, **_):
        seen.append(event)

    event_published.connect(note)
    yield seen
    event_published.disconnect(note)


def test_stores_the_files_under_keys_of_the_package(job, rendered, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        package = create(job, rendered)
    assert [artifact.path for artifact in package.artifacts] == [
        f"packages/{package.id}/{file.name}" for file in rendered.files
    ]
    assert sorted(files.list_files("packages")) == sorted(artifact.path for artifact in package.artifacts)
    assert list(files.list_files("tmp")) == []
    assert files.list_folders("tmp") == []
    assert Package.objects.get().promoted_at == AT


def test_is_wired_as_a_step_with_its_undo():
    spec = ports.create_package.spec
    assert spec.compensate is ports.withdraw_package
    assert set(spec.needs) == {"brief", "strategy", "draft", "report"}
    assert spec.queue == "writing"


def test_publishes_delivered(job, published):
    package = create(job)
    (event,) = published
    assert (event.name, event.aggregate_id, event.run_id) == ("Delivered", package.id, job.run.id)
    assert (event.artifact_count, event.manifest_sha256) == (2, package.manifest_sha256)


def test_moves_no_file_before_the_commit(job):
    package = create(job)
    assert list(files.list_files("packages")) == []
    assert Package.objects.get(pk=package.id).promoted_at is None


def test_makes_one_package_per_run(job):
    create(job)
    with pytest.raises(IntegrityError, match="package_once_per_run"), transaction.atomic():
        create(job)


def test_keeps_two_packages_apart(job, globex, django_capture_on_commit_callbacks):
    other = job_for(globex.pk)
    with django_capture_on_commit_callbacks(execute=True):
        first, second = create(job), create(other)
    assert ports.find_package_of_run(run_id=other.run.id) == second
    assert ports.get_package(package_id=first.id) == first
    assert {artifact.path for artifact in first.artifacts}.isdisjoint(artifact.path for artifact in second.artifacts)


def test_finds_no_package_of_a_run_that_made_none(db):
    assert ports.find_package_of_run(run_id=run_for(None).id) is None


def test_may_promote_again_after_being_cut_short_anywhere(job):
    package = create(job)
    row = Package.objects.get()
    first = Artifact.objects.first()
    files.move(f"{row.staged_prefix}/{first.name}", first.key)  # as far as a killed worker came
    for _ in range(2):
        packages.promote_package(package.id, row.staged_prefix, at=AT)
    assert sorted(files.list_files("packages")) == sorted(artifact.path for artifact in package.artifacts)
    assert list(files.list_files("tmp")) == []


def test_replaces_a_half_copied_file_when_promoting(job, media):
    package = create(job)
    key = package.artifacts[0].path
    (media / key).parent.mkdir(parents=True)
    (media / key).write_bytes(b"half")
    packages.promote_package(package.id, Package.objects.get().staged_prefix, at=AT)
    assert ports.open_artifact(artifact_id=package.artifacts[0].id).content == b"%PDF-1.7 small"


def test_removes_the_staged_files_of_a_package_that_is_gone(job):
    rendered = staged_package(job.run)
    packages.promote_package(run_for(None).id, rendered.staged_prefix, at=AT)
    assert list(files.list_files("tmp")) == []


def test_stays_unpromoted_while_a_file_is_lost(job, caplog):
    package = create(job)
    row = Package.objects.get()
    files.remove_folder(row.staged_prefix)
    packages.promote_package(package.id, row.staged_prefix, at=AT)
    assert Package.objects.get().promoted_at is None
    assert "files are lost" in caplog.text
