"""Nouns of delivery."""

from typing import Literal
from uuid import UUID

from apps.shared.dtos import Dto

CONTRACT_VERSION = "1.0"

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


class Publication(Dto):
    """A package on its way to one destination."""

    id: UUID
    package_id: UUID
    destination: Literal["EMAIL", "WEBHOOK", "FOLDER", "S3"]
    state: Literal["QUEUED", "PUBLISHING", "PUBLISHED", "FAILED", "RETRACTED"]
    external_id: str = ""
