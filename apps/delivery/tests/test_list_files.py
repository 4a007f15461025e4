"""The audit of files against rows."""

import pytest
from django.db import connection

from apps.delivery.api import ports
from apps.delivery.gateways import files
from apps.delivery.models import Package
from apps.delivery.services.packages import promote_package
from apps.delivery.tests.factories import AT, run_for, staged_package


@pytest.fixture
def package(job, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        return ports.create_package(**job.inputs, prepared=staged_package(job.run), run=job.run)


def test_finds_nothing_where_all_is_well(package):
    assert ports.list_missing_files() == ports.list_stray_files() == ()


def test_finds_a_file_that_is_gone_and_one_that_was_changed(package, media):
    first, second = package.artifacts
    (media / first.path).unlink()
    (media / second.path).write_bytes(b"PK other")
    found = {(problem.key, problem.problem) for problem in ports.list_missing_files()}
    assert found == {(first.path, "MISSING"), (second.path, "CHANGED")}


def test_does_not_miss_files_that_wait_for_their_promotion(job):
    ports.create_package(**job.inputs, prepared=staged_package(job.run), run=job.run)
    assert ports.list_missing_files() == ports.list_stray_files() == ()


def test_finds_files_without_a_row_and_tells_temporary_ones_apart(package, media):
    stray = media / "packages" / str(package.id) / "other.txt"
    stray.write_bytes(b"x")
    rendered = staged_package(run_for(None))
    found = {file.key: file.is_temporary for file in ports.list_stray_files()}
    assert found == {
        f"packages/{package.id}/other.txt": False,
        f"{rendered.staged_prefix}/package.zip": True,
        f"{rendered.staged_prefix}/strategy-report.pdf": True,
    }


def test_reads_rows_in_one_query_whatever_their_number(package, django_assert_num_queries):
    with django_assert_num_queries(1):
        ports.list_missing_files()


def _just_before(monkeypatch, name, act):
    """Let something happen right before the first call of a function of the storage."""
    original, pending = getattr(files, name), [act]

    def intruded(*arguments):
        if pending:
            pending.pop()()
        return original(*arguments)

    monkeypatch.setattr(files, name, intruded)


def _promote():
    package = Package.objects.get()
    promote_package(package.pk, package.staged_prefix, at=AT)


@pytest.mark.parametrize("meanwhile", ["promoted", "withdrawn"])
def test_misses_nothing_that_is_moved_or_taken_back_while_it_looks(job, monkeypatch, meanwhile):
    ports.create_package(**job.inputs, prepared=staged_package(job.run), run=job.run)
    acts = {"promoted": _promote, "withdrawn": lambda: ports.withdraw_package(run=job.run)}
    _just_before(monkeypatch, "read", acts[meanwhile])
    assert ports.list_missing_files() == ()


def test_calls_nothing_stray_that_is_moved_while_it_looks(job, monkeypatch):
    ports.create_package(**job.inputs, prepared=staged_package(job.run), run=job.run)
    listed = list(files.list_files(files.STAGED))
    monkeypatch.setattr(files, "list_files", lambda folder: listed if folder == files.STAGED else [])
    _promote()
    assert ports.list_stray_files() == ()


@pytest.mark.django_db(transaction=True)
def test_does_not_judge_what_somebody_is_at(job, media):
    package = ports.create_package(**job.inputs, prepared=staged_package(job.run), run=job.run)
    (media / package.artifacts[0].path).unlink()
    other = connection.copy()
    try:
        other.set_autocommit(False)
        other.cursor().execute("SELECT 1 FROM delivery_package FOR UPDATE")
        assert ports.list_missing_files() == ()
        other.rollback()
        assert [missing.problem for missing in ports.list_missing_files()] == ["MISSING"]
    finally:
        other.close()
