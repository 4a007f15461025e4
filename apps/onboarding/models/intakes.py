"""Intakes as clients sent them with their files, the calls about them, and the briefs made of them."""

from datetime import datetime
from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone

from apps.identity.models import Client, User
from apps.onboarding.api import dtos
from apps.onboarding.rules import attachments
from apps.onboarding.rules.file_names import MOST_CHARACTERS
from apps.shared.dtos import Money
from apps.shared.models import OfRunQuerySet, RunModel, UuidModel, created_since


class IntakeQuerySet(OfRunQuerySet):
    """Intakes, with what belongs to them."""

    def without_brief_since(self, at: datetime) -> Self:
        """Narrow to intakes taken in since then that no brief stands on."""
        return self.filter(created_since(at), ~Exists(Brief.objects.filter(intake_id=OuterRef("pk"))))

    def whole(self) -> Self:
        """Load clients and discovery notes along, as `as_dto` needs them."""
        return self.select_related("client").prefetch_related("discovery_notes")


class Intake(RunModel):
    """One set of answers of a client, in the client's own words; it never changes."""

    class Source(models.TextChoices):
        PORTAL = "PORTAL", "Portal"
        STAFF = "STAFF", "Staff"
        IMPORT = "IMPORT", "Import"

    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="+")
    form_version = models.CharField(max_length=32)
    source = models.CharField(max_length=8, choices=Source)
    answers = models.JSONField()
    submitted_at = models.DateTimeField()
    submission_key = models.CharField(
        max_length=200,
        null=True,
        blank=True,
        unique=True,
        help_text="A submission sent twice with one key is one intake.",
    )

    objects = IntakeQuerySet.as_manager()

    class Meta:
        ordering = ("-submitted_at",)
        permissions: ClassVar = [("import_intakes", "Can import clients' intakes from a file")]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(source__in=["PORTAL", "STAFF", "IMPORT"]), name="intake_source_is_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.client} · {timezone.localdate(self.submitted_at)}"

    def as_dto(self) -> dtos.Intake:
        """Return the intake with its notes, oldest call first."""
        return dtos.Intake(
            id=self.pk,
            client_id=self.client_id,
            client_name=self.client.name,
            country=self.client.country,
            currency=self.client.currency,
            time_zone=self.client.time_zone,
            form_version=self.form_version,
            source=self.source,
            submitted_at=self.submitted_at,
            answers=self.answers,
            discovery_notes=tuple(note.as_dto() for note in self.discovery_notes.all()),
        )


class DiscoveryNote(UuidModel):
    """One call about an intake: what was said, and which answers it corrected."""

    intake = models.ForeignKey(Intake, on_delete=models.CASCADE, related_name="discovery_notes")
    call_date = models.DateTimeField()
    notes = models.TextField(blank=True)
    clarifications = models.JSONField(default=dict, blank=True)

    class Meta:
        ordering = ("call_date", "id")

    def __str__(self) -> str:
        return f"Call of {timezone.localdate(self.call_date)}"

    def as_dto(self) -> dtos.DiscoveryNote:
        """Return the note."""
        return dtos.DiscoveryNote(call_date=self.call_date, notes=self.notes, clarifications=self.clarifications)


class Attachment(UuidModel):
    """One file a client sent along, kept under a key of ours; a picture is kept written anew, without metadata."""

    class MediaType(models.TextChoices):
        PDF = attachments.PDF, attachments.LABELS[attachments.PDF]
        DOCX = attachments.DOCX, attachments.LABELS[attachments.DOCX]
        TEXT = attachments.TEXT, attachments.LABELS[attachments.TEXT]
        PNG = attachments.PNG, attachments.LABELS[attachments.PNG]
        JPEG = attachments.JPEG, attachments.LABELS[attachments.JPEG]
        WEBP = attachments.WEBP, attachments.LABELS[attachments.WEBP]

    name = models.CharField(max_length=MOST_CHARACTERS, help_text="As the client called it")
    media_type = models.CharField(max_length=100, choices=MediaType)
    bytes = models.PositiveIntegerField(help_text="Of the file as it is kept")
    sha256 = models.CharField(max_length=64, help_text="Of the file as it was sent")
    key = models.CharField(max_length=120, unique=True, editable=False)
    extracted_text = models.TextField(blank=True)
    note = models.TextField(blank=True, help_text="What to know about the text: only a part, encrypted, unreadable")

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.name


class IntakeAttachment(Attachment):
    """A file of an intake."""

    # A file without its row would be lost: an intake with files is removed only after them.
    intake = models.ForeignKey(Intake, on_delete=models.PROTECT, related_name="attachments")

    class Meta:
        ordering = ("created_at", "id")
        permissions: ClassVar = [
            ("attach_file", "Can attach files to intakes"),
            ("remove_attachment", "Can remove files from intakes"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["intake", "sha256"], name="attachment_once_per_intake"),
            models.CheckConstraint(condition=Q(bytes__gt=0), name="attachment_is_not_empty"),
        ]

    def as_dto(self) -> dtos.IntakeAttachment:
        """Return the attachment with its text."""
        return dtos.IntakeAttachment(
            id=self.pk,
            intake_id=self.intake_id,
            name=self.name,
            media_type=self.media_type,
            bytes=self.bytes,
            sha256=self.sha256,
            extracted_text=self.extracted_text,
            note=self.note,
            attached_at=self.created_at,
        )


class IntakeDraft(UuidModel):
    """An intake that a client still writes; once submitted, it is gone and the intake has its key.

    `version` counts what was changed, so that of two people who write at once neither overwrites the other unseen.
    """

    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="+")
    author = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    form_version = models.CharField(max_length=32)
    answers = models.JSONField(default=dict, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ("-created_at",)
        constraints: ClassVar = [models.CheckConstraint(condition=Q(version__gte=1), name="intakedraft_version_from_1")]

    def __str__(self) -> str:
        return f"Draft {str(self.pk)[-12:]}"


class DraftAttachment(Attachment):
    """A file of an intake that is still written; it becomes the intake's when that is submitted."""

    draft = models.ForeignKey(IntakeDraft, on_delete=models.PROTECT, related_name="attachments")

    class Meta:
        ordering = ("created_at", "id")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["draft", "sha256"], name="attachment_once_per_draft"),
            models.CheckConstraint(condition=Q(bytes__gt=0), name="draft_attachment_is_not_empty"),
        ]


class Brief(RunModel):
    """What we understood of an intake; each run that reads it makes its own, people correct it by a next version."""

    intake = models.ForeignKey(Intake, on_delete=models.PROTECT, related_name="briefs")
    version = models.PositiveSmallIntegerField(default=1)
    # A run takes back the brief it made and nothing else: what a person made of that stays.
    revises = models.ForeignKey("self", null=True, blank=True, on_delete=models.SET_NULL, related_name="revisions")
    author = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    reason = models.TextField(blank=True, help_text="Why somebody corrected the version before")
    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="+")
    client_name = models.TextField()
    country = models.CharField(max_length=2, help_text="ISO 3166-1, two letters")
    currency = models.CharField(max_length=3, help_text="ISO 4217, three letters")
    time_zone = models.CharField(max_length=64)
    website = models.TextField(null=True, blank=True)
    industry = models.TextField(blank=True)
    geography = models.TextField(blank=True)
    offers = models.JSONField()
    objectives = models.JSONField()
    audiences = models.JSONField()
    pain_points = models.JSONField(default=list, blank=True)
    desired_outcomes = models.JSONField(default=list, blank=True)
    objections = models.JSONField(default=list, blank=True)
    competitors = models.JSONField(default=list, blank=True)
    proof = models.JSONField(default=list, blank=True)
    selling_points = models.JSONField(default=list, blank=True)
    pricing = models.TextField(blank=True)
    success = models.TextField(blank=True)
    deliverables = models.JSONField(default=list, blank=True)
    exclusions = models.JSONField(default=list, blank=True)
    timeline_weeks_min = models.PositiveSmallIntegerField()
    timeline_weeks_max = models.PositiveSmallIntegerField()
    start_date = models.DateField()
    budget_amount = models.DecimalField(max_digits=16, decimal_places=2, null=True, blank=True)
    budget_amount_max = models.DecimalField(max_digits=16, decimal_places=2, null=True, blank=True)
    budget_currency = models.CharField(max_length=3, blank=True, help_text="ISO 4217, empty without a budget")
    budget_cadence = models.CharField(max_length=8, blank=True, help_text="MONTHLY or TOTAL, empty without a budget")
    budget_months = models.PositiveSmallIntegerField(null=True, blank=True)
    budget_paid_share_pct = models.DecimalField(max_digits=5, decimal_places=2, null=True, blank=True)
    budget_includes_ads = models.BooleanField(null=True, blank=True)
    budget_text = models.TextField(blank=True)
    tone = models.JSONField(default=list, blank=True)
    languages = models.JSONField(default=list, blank=True)
    extra_languages = models.JSONField(default=list, blank=True)
    brand_kit = models.TextField(blank=True)
    banned_words = models.JSONField(default=list, blank=True)
    forbidden_claims = models.JSONField(default=list, blank=True)
    disclaimers = models.JSONField(default=list, blank=True)
    compliance_requirements = models.JSONField(default=list, blank=True)
    channels_excluded = models.JSONField(default=list, blank=True)
    constraints = models.JSONField(default=list, blank=True)
    tracking_status = models.TextField(blank=True)
    facts = models.JSONField(default=list, blank=True)
    warnings = models.JSONField(default=list, blank=True)

    class Meta:
        ordering = ("-created_at",)
        permissions: ClassVar = [("revise_brief", "Can correct briefs")]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["revises", "version"], name="brief_has_one_next_version"),
            models.CheckConstraint(
                condition=Q(version=1, revises__isnull=True)
                | (Q(version__gt=1, run_id__isnull=True, author__isnull=False) & ~Q(reason="")),
                name="brief_correction_says_who_and_why",
            ),
            models.CheckConstraint(
                condition=Q(timeline_weeks_min__gte=1, timeline_weeks_max__gte=F("timeline_weeks_min")),
                name="brief_timeline_is_a_range",
            ),
            models.CheckConstraint(
                condition=Q(budget_amount__isnull=True, budget_currency="", budget_cadence="")
                | (Q(budget_amount__gt=0, budget_cadence__in=["MONTHLY", "TOTAL"]) & ~Q(budget_currency="")),
                name="brief_budget_is_whole_or_absent",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.client_name} · brief {str(self.pk)[-12:]}"

    @staticmethod
    def columns_of(content: dtos.BriefContent) -> dict[str, Any]:
        """Return a brief's content spread over the columns: what it nests is flattened, its lists become JSON."""
        columns = content.model_dump(mode="json", exclude={"intake_id", "client_id", "scope", "budget", "brand"})
        columns |= content.scope.model_dump(mode="json") | content.brand.model_dump(mode="json")
        columns |= _budget_columns(content.budget)
        return columns | {"start_date": content.start_date}

    def as_dto(self) -> dtos.Brief:
        """Return the brief."""
        plain = dtos.BriefContent.model_fields.keys() - {"scope", "budget", "brand"}
        return dtos.Brief.model_validate(
            {name: getattr(self, name) for name in plain}
            | {"id": self.pk, "budget": self._budget()}
            | {
                "scope": {name: getattr(self, name) for name in dtos.Scope.model_fields},
                "brand": {name: getattr(self, name) for name in dtos.BrandGuidelines.model_fields},
            }
        )

    def _budget(self) -> dtos.Budget | None:
        if self.budget_amount is None:
            return None
        highest = self.budget_amount_max
        return dtos.Budget(
            amount=Money(amount=self.budget_amount, currency=self.budget_currency),
            amount_max=None if highest is None else Money(amount=highest, currency=self.budget_currency),
            cadence=self.budget_cadence,
            months=self.budget_months,
            paid_share_pct=self.budget_paid_share_pct,
            includes_ads=self.budget_includes_ads,
            text=self.budget_text,
        )


def _budget_columns(budget: dtos.Budget | None) -> dict[str, Any]:
    if budget is None:
        return {}
    return {
        "budget_amount": budget.amount.amount,
        "budget_amount_max": budget.amount_max.amount if budget.amount_max else None,
        "budget_currency": budget.amount.currency,
        "budget_cadence": budget.cadence,
        "budget_months": budget.months,
        "budget_paid_share_pct": budget.paid_share_pct,
        "budget_includes_ads": budget.includes_ads,
        "budget_text": budget.text,
    }
