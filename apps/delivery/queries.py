"""Reads of delivery, of rows and of files."""

from contextlib import suppress
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction

from apps.delivery import models
from apps.delivery.api import dtos
from apps.delivery.gateways import files, folder
from apps.delivery.rules.exports import sha256_of
from apps.delivery.rules.preview import Preview, preview

MOST_BYTES_CHECKED = 30 * 1024 * 1024
"""The largest file that is read to show a page; a package of ours is a tenth of that."""


@dataclass(frozen=True)
class CheckedFile:
    """A file of a package as it is now: its bytes when they are the delivered ones, else the problem.

    `problem` is MISSING, CHANGED, UNREADABLE or TOO LARGE (not looked at); empty for a file that is as delivered.
    """

    artifact: models.Artifact
    content: bytes | None
    problem: str


def get_package(package_id: UUID) -> dtos.Package:
    """Return one package with its files. Raises models.Package.DoesNotExist."""
    return _package(models.Package.objects.prefetch_related("artifacts").get(pk=package_id))


def find_package_of_run(run_id: UUID) -> dtos.Package | None:
    """Return the package a run made, if it made one."""
    row = models.Package.objects.of_run(run_id).prefetch_related("artifacts").first()
    return _package(row) if row else None


def publication_of(row: models.Publication) -> dtos.Publication:
    """Return a publication as others see it."""
    return dtos.Publication(
        id=row.pk,
        package_id=row.package_id,
        destination=row.destination,
        state=row.state,
        external_id=row.external_id,
    )


def missing_files() -> list[dtos.FileProblem]:
    """List the artifacts whose file is absent, or is not the file that was delivered; reads every file once.

    A file that waits under its temporary key to be promoted is not missing, and what somebody brings or takes away at
    this moment is not judged.
    """
    problems = []
    rows = models.Artifact.objects.select_related("package").order_by("package_id", "position")
    for artifact in rows.iterator(chunk_size=500):
        problem = _problem(artifact, artifact.package) and _settled_problem(artifact)
        if problem:
            problems.append(dtos.FileProblem(package_id=artifact.package_id, key=artifact.key, problem=problem))
    return problems


def stray_files() -> list[dtos.StrayFile]:
    """List the files on disk that no package knows, and that are still there once the rows were read."""
    # Files first, rows second: a package committed in between is then known, and none is called stray by mistake.
    found = [*files.list_files(files.FINAL), *files.list_files(files.STAGED)]
    keys = set(models.Artifact.objects.values_list("key", flat=True))
    waiting = set(models.Package.objects.unpromoted().values_list("staged_prefix", flat=True))
    unknown = [key for key in found if key not in keys and key.rpartition("/")[0] not in waiting]
    return [
        dtos.StrayFile(key=key, is_temporary=key.startswith(f"{files.STAGED}/"), modified_at=modified_at)
        for key in unknown
        if (modified_at := files.modified_at(key)) is not None  # moved or taken away in between
    ]


def files_of_run(run_id: UUID) -> list[dtos.RunFile]:
    """List the files that `withdraw_package` would remove for a run, in the order in which it does."""
    packages = models.Package.objects.of_run(run_id).order_by("pk")
    copies = models.Publication.objects.filter(package__in=packages, destination="FOLDER").order_by("package", "pk")
    found = [dtos.RunFile(path=key, place="MEDIA") for key in files.list_files(f"{files.STAGED}/{run_id}")]
    for copy in copies:
        found += [
            dtos.RunFile(path=each.address, place="PROOF" if each.is_proof else "PUBLISHED")
            for each in folder.list_files(str(copy.pk))
        ]
    for package in packages:
        found += [dtos.RunFile(path=key, place="MEDIA") for key in files.list_files(f"{files.FINAL}/{package.pk}")]
    return found


def check_files(package: models.Package) -> list[CheckedFile]:
    """Read the files of a package and compare each with the SHA-256 it was delivered with; none is promoted by this."""
    return [_checked(artifact, package) for artifact in package.artifacts.all()]


def preview_file(checked: CheckedFile) -> Preview | None:
    """Return what a page shows of a file that is as delivered; None of another."""
    if checked.content is None:
        return None
    file_format = checked.artifact.format
    if file_format not in ("DOCX", "PPTX"):
        return preview(file_format, checked.content)
    # The libraries take half a second to import, and only this page and the workers need them.
    from apps.delivery.gateways.reading import read_deck, read_document

    return (read_document if file_format == "DOCX" else read_deck)(checked.content)


def _checked(artifact: models.Artifact, package: models.Package) -> CheckedFile:
    if artifact.bytes > MOST_BYTES_CHECKED:
        return CheckedFile(artifact, None, "TOO LARGE")
    try:
        content = _stored(artifact, package)
    except OSError:
        return CheckedFile(artifact, None, "UNREADABLE")
    problem = _difference(artifact, content)
    return CheckedFile(artifact, None if problem else content, problem)


def _problem(artifact: models.Artifact, package: models.Package) -> str | None:
    return _difference(artifact, _stored(artifact, package)) or None


def _difference(artifact: models.Artifact, content: bytes | None) -> str:
    if content is None:
        return "MISSING"
    return "" if sha256_of(content) == artifact.sha256 else "CHANGED"


def _stored(artifact: models.Artifact, package: models.Package) -> bytes | None:
    keys = [artifact.key]
    if package.promoted_at is None:
        keys.insert(0, f"{package.staged_prefix}/{artifact.name}")  # first: it may be moved while we look
    for key in keys:
        with suppress(FileNotFoundError):
            return files.read(key)
    return None


def _settled_problem(artifact: models.Artifact) -> str | None:
    """Look again while nobody can be bringing the package's files or taking them away: both hold its row's lock."""
    with transaction.atomic():
        package = models.Package.objects.select_for_update(skip_locked=True).filter(pk=artifact.package_id).first()
        return None if package is None else _problem(artifact, package)


def _package(row: models.Package) -> dtos.Package:
    return dtos.Package(
        id=row.pk,
        draft_id=row.draft_id,
        client_id=row.client_id,
        manifest_sha256=row.manifest_sha256,
        artifacts=tuple(_artifact(artifact) for artifact in row.artifacts.all()),
    )


def _artifact(row: models.Artifact) -> dtos.Artifact:
    return dtos.Artifact(
        id=row.pk,
        name=row.name,
        format=row.format,
        path=row.key,
        bytes=row.bytes,
        sha256=row.sha256,
        position=row.position,
    )
