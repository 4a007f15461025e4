"""What is handed to clients: packages, their files, and where they were brought."""

from typing import ClassVar, Self

from django.db import models
from django.db.models import Q
from django_fsm import FSMField, transition

from apps.identity.models import Client
from apps.shared.models import OfRunQuerySet, RunModel, StateModel, UuidModel


class PackageQuerySet(OfRunQuerySet):
    """Packages, and which of them still have files under the temporary key."""

    def unpromoted(self) -> "PackageQuerySet":
        """Narrow to packages whose files have not all reached their final keys."""
        return self.filter(promoted_at__isnull=True)

    def promoted(self) -> "PackageQuerySet":
        """Narrow to packages whose files lie where they stay: what a client is shown."""
        return self.filter(promoted_at__isnull=False)


class Package(RunModel):
    """The files made from one draft for one client. It never changes; a new draft gets a new package."""

    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="+")
    draft_id = models.UUIDField(db_index=True)
    manifest = models.JSONField()
    manifest_sha256 = models.CharField(max_length=64)
    staged_prefix = models.CharField(max_length=120, help_text="Where its files were written before it was committed")
    promoted_at = models.DateTimeField(null=True, blank=True, help_text="When all files had reached their final keys")

    objects = PackageQuerySet.as_manager()

    class Meta:
        ordering = ("-created_at",)
        constraints: ClassVar = [models.UniqueConstraint(fields=["run_id"], name="package_once_per_run")]
        indexes: ClassVar = [
            models.Index(fields=["created_at"], condition=Q(promoted_at__isnull=True), name="package_unpromoted")
        ]

    def __str__(self) -> str:
        return f"Package for {self.client}"


class Artifact(UuidModel):
    """One file of a package. `key` is its final key in the media storage."""

    class Format(models.TextChoices):
        PDF = "PDF"
        DOCX = "DOCX"
        PPTX = "PPTX"
        ZIP = "ZIP"
        CSV = "CSV"
        JSON = "JSON"
        MD = "MD"

    package = models.ForeignKey(Package, on_delete=models.CASCADE, related_name="artifacts")
    position = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=80)
    format = models.CharField(max_length=4, choices=Format)
    key = models.CharField(max_length=200, unique=True)
    bytes = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64)

    class Meta:
        ordering = ("position",)
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["package", "position"], name="artifact_position_once"),
            models.UniqueConstraint(fields=["package", "name"], name="artifact_name_once"),
            models.CheckConstraint(condition=Q(bytes__gt=0), name="artifact_not_empty"),
        ]

    def __str__(self) -> str:
        return self.name


class PublicationQuerySet(models.QuerySet["Publication"]):
    """Publications, and which of them did not go out."""

    def not_out(self) -> Self:
        """Narrow to what waits for its first attempt, or whose last one failed."""
        return self.filter(state__in=(Publication.State.QUEUED, Publication.State.FAILED))


class Publication(StateModel, UuidModel):
    """A package brought, or to be brought, to one destination; `idempotency_key` names the wish and exists once."""

    class Destination(models.TextChoices):
        EMAIL = "EMAIL"
        WEBHOOK = "WEBHOOK"
        FOLDER = "FOLDER"
        S3 = "S3"

    class State(models.TextChoices):
        QUEUED = "QUEUED"
        PUBLISHING = "PUBLISHING"
        PUBLISHED = "PUBLISHED"
        PROOF = "PROOF"
        FAILED = "FAILED"
        RETRACTED = "RETRACTED"

    package = models.ForeignKey(Package, on_delete=models.CASCADE, related_name="publications")
    destination = models.CharField(max_length=8, choices=Destination)
    idempotency_key = models.CharField(max_length=255, unique=True)
    state = FSMField(choices=State.choices, default=State.QUEUED, protected=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    external_id = models.CharField(
        max_length=500, blank=True, help_text="Where it is at the destination; in state PROOF, where its proof is"
    )
    error = models.TextField(blank=True, help_text="Why the last attempt failed")

    objects = PublicationQuerySet.as_manager()

    class Meta:
        ordering = ("-created_at",)
        permissions: ClassVar = [("retract_publication", "Can take a published package back")]
        indexes: ClassVar = [
            models.Index(fields=["id"], name="publication_not_out", condition=Q(state__in=("QUEUED", "FAILED")))
        ]

    def __str__(self) -> str:
        return f"{self.destination.lower()}, {str(self.state).lower()}"

    @transition(field=state, source=[State.QUEUED, State.PUBLISHING, State.FAILED], target=State.PUBLISHING)
    def start(self) -> None:
        """Begin an attempt; also after a failure, and after an attempt that a killed process never ended."""
        self.attempts += 1
        self.error = ""

    @transition(field=state, source=[State.PUBLISHING, State.PROOF], target=State.PUBLISHED)
    def complete(self, external_id: str) -> None:
        """Note that it arrived, and where; from PROOF when proof mode was switched while two calls were under way."""
        self.external_id = external_id

    @transition(field=state, source=State.PUBLISHING, target=State.PROOF)
    def prove(self, external_id: str) -> None:
        """Note that proof mode kept it in the house, and where its files were written instead."""
        self.external_id = external_id

    @transition(field=state, source=State.PUBLISHING, target=State.FAILED)
    def fail(self, error: str) -> None:
        """Note that it did not arrive, and why."""
        self.error = error

    @transition(field=state, source=State.PUBLISHED, target=State.RETRACTED)
    def retract(self) -> None:
        """Take it back from the destination."""
