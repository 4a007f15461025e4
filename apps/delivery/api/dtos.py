"""Nouns of delivery."""

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from apps.shared.dtos import Dto

CONTRACT_VERSION = "1.2"

ArtifactFormat = Literal["PDF", "DOCX", "PPTX", "ZIP", "CSV", "JSON", "MD"]


class Artifact(Dto):
    """A file of a package. `path` is its key in the media storage."""

    id: UUID
    name: str
    format: ArtifactFormat
    path: str
    bytes: int
    sha256: str
    position: int


class Package(Dto):
    """The files handed to a client, and the SHA-256 of the manifest that lists theirs."""

    id: UUID
    draft_id: UUID
    client_id: UUID
    manifest_sha256: str
    artifacts: tuple[Artifact, ...]


class ArtifactContent(Dto):
    """A file's bytes, checked against its SHA-256."""

    name: str
    content_type: str
    content: bytes


class RenderedFile(Dto):
    """A file rendered and staged, not part of a package yet."""

    name: str
    format: ArtifactFormat
    bytes: int
    sha256: str
    position: int


class RenderedPackage(Dto):
    """Files that passed the output gate and wait under a temporary prefix of the media storage."""

    staged_prefix: str
    manifest: dict[str, Any]
    manifest_sha256: str
    files: tuple[RenderedFile, ...]


class FileProblem(Dto):
    """A file of a package that cannot be handed out."""

    package_id: UUID
    key: str
    problem: Literal["MISSING", "CHANGED"]


class StrayFile(Dto):
    """A file on disk that belongs to no package. A temporary one may be work in progress."""

    key: str
    is_temporary: bool
    modified_at: datetime | None


class RunFile(Dto):
    """A file that goes when what a run delivered is withdrawn: in the media storage, at a destination, or a proof."""

    path: str
    place: Literal["MEDIA", "PUBLISHED", "PROOF"]


class Publication(Dto):
    """A package on its way to one destination.

    PROOF is an end of its own: proof mode was on, and the files were written to the folder of proofs instead.
    """

    id: UUID
    package_id: UUID
    destination: Literal["EMAIL", "WEBHOOK", "FOLDER", "S3"]
    state: Literal["QUEUED", "PUBLISHING", "PUBLISHED", "PROOF", "FAILED", "RETRACTED"]
    external_id: str = ""
