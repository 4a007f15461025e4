"""Doors by which leads come in by themselves: web forms and keys of other systems, and what came in by them."""

import secrets
from typing import ClassVar

from django.db import models
from django.db.models import Q

from apps.cam.models.campaigns import Campaign
from apps.cam.models.leads import Lead
from apps.cam.models.wishes import Consent
from apps.identity.models import User
from apps.shared.models import UuidModel


def new_token() -> str:
    """Return what a form's address is known by: nobody finds one by trying."""
    return secrets.token_urlsafe(16)


class LeadForm(UuidModel):
    """A form that anybody may fill in to become a lead of a campaign. What it asks consent to never changes.

    Its token is no secret: it stands in the page's address.
    """

    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="forms")
    name = models.CharField(max_length=120, help_text="What visitors read above it")
    intro = models.TextField(blank=True)
    consent_words = models.TextField(blank=True, help_text="Beside the box; without words there is no box")
    thanks = models.TextField(blank=True)
    origins = models.JSONField(default=list, help_text="Sites that may show it, or post to it")
    token = models.CharField(max_length=43, unique=True, default=new_token, editable=False)
    closed_at = models.DateTimeField(null=True, blank=True)
    made_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ("-id",)
        verbose_name = "web form"
        permissions: ClassVar = [("open_form", "Can open and close web forms for leads")]

    def __str__(self) -> str:
        return self.name

    @property
    def is_open(self) -> bool:
        """Whether it takes leads in."""
        return self.closed_at is None and self.campaign.state != Campaign.State.COMPLETED


class LeadKey(UuidModel):
    """What another system sends leads of one campaign with. The secret itself is stored nowhere."""

    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="keys")
    name = models.CharField(max_length=120, help_text="Which system has it")
    digest = models.CharField(max_length=64, unique=True, editable=False)
    hint = models.CharField(max_length=20, editable=False, help_text="How the secret begins")
    last_used_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)
    made_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ("-id",)
        verbose_name = "key for leads"
        verbose_name_plural = "keys for leads"
        permissions: ClassVar = [("make_key", "Can make and revoke keys by which other systems send leads")]

    def __str__(self) -> str:
        return self.name


class LeadSubmission(UuidModel):
    """What came in of a lead by a form or a key, as it was sent; the same again is nothing new."""

    form = models.ForeignKey(LeadForm, null=True, blank=True, on_delete=models.PROTECT, related_name="submissions")
    key = models.ForeignKey(LeadKey, null=True, blank=True, on_delete=models.PROTECT, related_name="submissions")
    lead = models.ForeignKey(Lead, on_delete=models.PROTECT, related_name="submissions")
    is_new = models.BooleanField(help_text="Whether it made the lead")
    said = models.JSONField(help_text="What was sent of the person")
    message = models.TextField(blank=True)
    language = models.CharField(max_length=8, blank=True)
    consent = models.ForeignKey(Consent, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    sha256 = models.CharField(max_length=64, editable=False)

    class Meta:
        ordering = ("-id",)
        verbose_name = "submission"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["form", "sha256"], name="submission_by_form_once"),
            models.UniqueConstraint(fields=["key", "sha256"], name="submission_by_key_once"),
            models.CheckConstraint(
                condition=Q(form=None, key__isnull=False) | Q(form__isnull=False, key=None),
                name="submission_came_by_one_door",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.lead} by {self.form or self.key}"


class LeadAnswer(UuidModel):
    """What a key's request with an Idempotency-Key was answered: the same request again gets the same answer."""

    key = models.ForeignKey(LeadKey, on_delete=models.CASCADE, related_name="+")
    request_key = models.CharField(max_length=255)
    request_sha256 = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField()
    body = models.JSONField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["key", "request_key"], name="leadanswer_once")]
        indexes: ClassVar = [models.Index(fields=["created_at"], name="leadanswer_age")]

    def __str__(self) -> str:
        return self.request_key
