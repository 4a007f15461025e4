"""Facts of delivery."""

from typing import ClassVar
from uuid import UUID

from apps.shared.events import Event


class Delivered(Event):
    """A package is complete and ready to hand over."""

    aggregate: ClassVar[str] = "delivery.package"
    draft_id: UUID
    artifact_count: int
    manifest_sha256: str


class PackageWithdrawn(Event):
    """A run took its package back, rows and files."""

    aggregate: ClassVar[str] = "delivery.package"
    draft_id: UUID


class PublishStarted(Event):
    """A package is being brought to a destination."""

    aggregate: ClassVar[str] = "delivery.publication"
    package_id: UUID
    destination: str


class PublishCompleted(Event):
    """A package arrived at a destination."""

    aggregate: ClassVar[str] = "delivery.publication"
    package_id: UUID
    destination: str
    external_id: str


class PublishProofWritten(Event):
    """Proof mode was on: a package's files were written to the folder of proofs instead of to a destination."""

    aggregate: ClassVar[str] = "delivery.publication"
    package_id: UUID
    destination: str
    external_id: str


class PublishFailed(Event):
    """A package did not arrive at a destination."""

    aggregate: ClassVar[str] = "delivery.publication"
    package_id: UUID
    destination: str
    error: str


class PublicationRetracted(Event):
    """A package was taken back from a destination."""

    aggregate: ClassVar[str] = "delivery.publication"
    package_id: UUID
    destination: str
