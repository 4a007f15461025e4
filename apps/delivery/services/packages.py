"""Storing packages, bringing their files to the final keys, and taking both back."""

import logging
from datetime import datetime, timedelta
from functools import partial
from typing import Any
from uuid import UUID

from django.db import transaction

from apps.delivery.api.dtos import ArtifactContent, RenderedPackage
from apps.delivery.api.events import Delivered, PackageWithdrawn, PublicationRetracted
from apps.delivery.gateways import files, folder
from apps.delivery.models import Artifact, Package, Publication
from apps.delivery.rules.exports import sha256_of
from apps.production.api.dtos import Draft
from apps.shared.events import AuditNote, publish
from apps.shared.models import snapshot
from apps.shared.workflow import RunContext

log = logging.getLogger(__name__)

STALE_AFTER = timedelta(hours=1)
"""How long an unfinished file may lie before it counts as left behind; a rendering takes seconds."""

CONTENT_TYPES = {
    "PDF": "application/pdf",
    "DOCX": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "PPTX": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "ZIP": "application/zip",
    "CSV": "text/csv; charset=utf-8",
    "JSON": "application/json",
    "MD": "text/markdown; charset=utf-8",
}


class ArtifactUnavailable(Exception):
    """A file is absent, or is not the one that was delivered: it is not handed out."""


@transaction.atomic
def create_package(*, draft: Draft, rendered: RenderedPackage, run: RunContext) -> Package:
    """Store a package of staged files; they move to their final keys once the transaction has committed."""
    package = Package.objects.create(
        run_id=run.id,
        client_id=draft.client_id,
        draft_id=draft.id,
        manifest=rendered.manifest,
        manifest_sha256=rendered.manifest_sha256,
        staged_prefix=rendered.staged_prefix,
    )
    Artifact.objects.bulk_create(
        Artifact(package=package, key=f"{_folder(package.pk)}/{file.name}", **dict(file)) for file in rendered.files
    )
    event = Delivered(
        run_id=run.id,
        client_id=package.client_id,
        aggregate_id=package.pk,
        draft_id=draft.id,
        artifact_count=len(rendered.files),
        manifest_sha256=rendered.manifest_sha256,
    )
    publish(event, AuditNote(after={"draft_id": str(draft.id), "files": [file.name for file in rendered.files]}))
    transaction.on_commit(partial(promote_package, package.pk, package.staged_prefix, at=run.at), robust=True)
    return package


@transaction.atomic
def promote_package(package_id: UUID, staged_prefix: str, *, at: datetime) -> None:
    """Move a package's staged files to their final keys; may be repeated at any point.

    When the package is gone, its staged files go too. The row's lock keeps a promotion and a withdrawal apart.
    """
    package = Package.objects.select_for_update().filter(pk=package_id).first()
    if package is None:
        files.remove_folder(staged_prefix)
        return
    if package.promoted_at is not None:
        return
    artifacts = list(package.artifacts.all())
    for artifact in artifacts:
        files.move(f"{staged_prefix}/{artifact.name}", artifact.key)
    lost = [artifact.key for artifact in artifacts if not files.exists(artifact.key)]
    if lost:
        log.error("package %s: files are lost: %s", package_id, ", ".join(lost))
        return
    files.remove_folder(staged_prefix.rpartition("/")[0])  # with what killed attempts of the same run staged
    package.promoted_at = at
    package.save(update_fields=["promoted_at", "updated_at"])


@transaction.atomic
def withdraw_package(*, run: RunContext) -> None:
    """Remove what a run delivered: its files first, then its rows; a second call finds nothing to do.

    Should the transaction fail after the files are gone, the rows are still there to be found and removed by the next.
    """
    packages = list(Package.objects.of_run(run.id).select_for_update().order_by("pk"))
    files.remove_folder(f"{files.STAGED}/{run.id}")
    for package in packages:
        publications = list(package.publications.all())
        _remove_copies(publications)
        files.remove_folder(_folder(package.pk))
        for publication in publications:
            _tell_retracted(package, publication)
        event = PackageWithdrawn(
            run_id=run.id, client_id=package.client_id, aggregate_id=package.pk, draft_id=package.draft_id
        )
        publish(event, AuditNote(reason="The run was taken back.", before=_with_parts(package, publications)))
        package.delete()


def open_artifact(artifact_id: UUID, *, at: datetime) -> ArtifactContent:
    """Return a file's bytes; a package whose promotion was cut short is promoted first.

    Raises Artifact.DoesNotExist, and ArtifactUnavailable when the file is absent or its SHA-256 is another.
    """
    artifact = Artifact.objects.select_related("package").get(pk=artifact_id)
    if artifact.package.promoted_at is None:
        promote_package(artifact.package_id, artifact.package.staged_prefix, at=at)
    return ArtifactContent(
        name=artifact.name, content_type=CONTENT_TYPES[artifact.format], content=read_checked(artifact)
    )


def read_checked(artifact: Artifact) -> bytes:
    """Return an artifact's bytes. Raises ArtifactUnavailable unless they are the delivered ones."""
    try:
        content = files.read(artifact.key)
    except FileNotFoundError as error:
        raise ArtifactUnavailable(f"{artifact.key} is missing; restore it from the backup.") from error
    if sha256_of(content) != artifact.sha256:
        raise ArtifactUnavailable(f"{artifact.key} was changed after delivery; restore it from the backup.")
    return content


def sweep_files(*, at: datetime) -> None:
    """Promote packages whose worker died after the commit, and remove files that no package will ever claim."""
    for package_id, prefix in Package.objects.unpromoted().values_list("pk", "staged_prefix"):
        promote_package(package_id, prefix, at=at)
    _remove_stale_staged(before=at - STALE_AFTER)
    _remove_orphaned(before=at - STALE_AFTER)
    folder.remove_abandoned(before=at - STALE_AFTER)


def _remove_stale_staged(*, before: datetime) -> None:
    candidates = [staged for run in files.list_folders(files.STAGED) for staged in files.list_folders(run)]
    waiting = set(Package.objects.unpromoted().values_list("staged_prefix", flat=True))
    for staged in candidates:
        if staged not in waiting and _is_older(staged, before):
            files.remove_folder(staged)
    for run in files.list_folders(files.STAGED):
        if _is_older(run, before):
            files.remove_empty(run)


def _remove_orphaned(*, before: datetime) -> None:
    # Folders first, rows second: a package committed in between has its row by then.
    found = files.list_folders(files.FINAL)
    known = {_folder(package_id) for package_id in Package.objects.values_list("pk", flat=True)}
    for orphan in found:
        if orphan not in known and _is_older(orphan, before):
            files.remove_folder(orphan)


def _is_older(key: str, before: datetime) -> bool:
    modified_at = files.modified_at(key)
    return modified_at is not None and modified_at < before


def _folder(package_id: UUID) -> str:
    return f"{files.FINAL}/{package_id}"


def _remove_copies(publications: list[Publication]) -> None:
    for publication in publications:
        if publication.destination == Publication.Destination.FOLDER:
            folder.remove(str(publication.pk))


def _tell_retracted(package: Package, publication: Publication) -> None:
    """Follow up what was told of a publication, unless a person's retraction did so already."""
    if publication.state != Publication.State.RETRACTED:
        event = PublicationRetracted(
            run_id=package.run_id,
            client_id=package.client_id,
            aggregate_id=publication.pk,
            package_id=package.pk,
            destination=publication.destination,
        )
        publish(event, AuditNote(reason="The run was taken back.", before=snapshot(publication)))


def _with_parts(package: Package, publications: list[Publication]) -> dict[str, Any]:
    return snapshot(package) | {
        "artifacts": [snapshot(artifact) for artifact in package.artifacts.all()],
        "publications": [snapshot(publication) for publication in publications],
    }
