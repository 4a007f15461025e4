"""What delivery can be asked to do."""

from uuid import UUID

from django.utils import timezone

from apps.delivery import queries
from apps.delivery.api.dtos import (
    ArtifactContent,
    FileProblem,
    Package,
    Publication,
    RenderedPackage,
    RunFile,
    StrayFile,
)
from apps.delivery.services import packages, publications, rendering
from apps.onboarding.api.dtos import Brief
from apps.production.api.dtos import Draft
from apps.qc.api.dtos import QcReport
from apps.shared.workflow import RunContext, step
from apps.strategy.api.dtos import Strategy


def withdraw_package(*, run: RunContext) -> None:
    """Remove what a run delivered, files and rows, and nothing else; may be called twice."""
    packages.withdraw_package(run=run)


@step(prepare=rendering.render_package, compensate=withdraw_package, queue="writing")
def create_package(
    *,
    brief: Brief,
    strategy: Strategy,
    draft: Draft,
    report: QcReport,
    prepared: RenderedPackage,
    run: RunContext,
) -> Package:
    """Store the package of a draft that passed quality control and the output gate."""
    row = packages.create_package(draft=draft, rendered=prepared, run=run)
    return queries.get_package(row.pk)


def get_package(*, package_id: UUID) -> Package:
    """Return a package with its files. Raises ObjectDoesNotExist for an unknown id."""
    return queries.get_package(package_id)


def find_package_of_run(*, run_id: UUID) -> Package | None:
    """Return the package a run made, or None."""
    return queries.find_package_of_run(run_id)


def open_artifact(*, artifact_id: UUID) -> ArtifactContent:
    """Return a file's bytes, checked against its SHA-256.

    Raises ObjectDoesNotExist for an unknown id, and ArtifactUnavailable when the file is absent or was changed.
    """
    return packages.open_artifact(artifact_id, at=timezone.now())


def publish_package(*, package_id: UUID, destination: str, key: str, by: UUID | None = None) -> Publication:
    """Bring a package to a destination (FOLDER), exactly once for a key.

    The publication returned is PUBLISHED, or FAILED when it did not arrive: the same call then tries again. In proof
    mode it is PROOF, and stays so: once the mode is off, a new key publishes the package for real. Raises
    ObjectDoesNotExist for an unknown package, DestinationUnavailable for another destination, and KeyAlreadyUsed for a
    key that names another publication.
    """
    row = publications.publish_package(package_id, destination=destination, key=key, by=by, at=timezone.now())
    return queries.publication_of(row)


def remove_published(*, publication_id: UUID) -> None:
    """Take what was published away from its destination, for good: the client that it was for is erased."""
    publications.remove_published(publication_id)


def list_missing_files() -> tuple[FileProblem, ...]:
    """Return the files of packages that are absent or whose SHA-256 differs; reads every file once."""
    return tuple(queries.missing_files())


def list_stray_files() -> tuple[StrayFile, ...]:
    """Return the files on disk that belong to no package; a temporary one may be a rendering in progress."""
    return tuple(queries.stray_files())


def list_files_of_run(*, run_id: UUID) -> tuple[RunFile, ...]:
    """Return the files that withdrawing what a run delivered would remove, those it only staged included."""
    return tuple(queries.files_of_run(run_id))
