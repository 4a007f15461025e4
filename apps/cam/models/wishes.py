"""What people want of us: that we do not write to them, or that we may."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from apps.cam.models.leads import Lead
from apps.identity.models import User
from apps.shared.models import UuidModel


class Suppression(UuidModel):
    """An address, a domain or an identity that nobody may write to, in any campaign.

    It is known by a keyed hash (`rules.identity`), so that it outlives the erasure of the person: `shown` is emptied
    then, and the wish stays.
    """

    class Kind(models.TextChoices):
        ADDRESS = "ADDRESS"
        DOMAIN = "DOMAIN"
        IDENTITY = "IDENTITY"

    class Reason(models.TextChoices):
        UNSUBSCRIBED = "UNSUBSCRIBED"
        COMPLAINT = "COMPLAINT"
        BOUNCED = "BOUNCED"
        MANUAL = "MANUAL", "Said by one of us"
        ERASED = "ERASED"

    kind = models.CharField(max_length=8, choices=Kind)
    key_hash = models.CharField(max_length=64)
    shown = models.CharField(max_length=254, blank=True)
    reason = models.CharField(max_length=12, choices=Reason)
    note = models.TextField(blank=True)
    made_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    lifted_at = models.DateTimeField(null=True, blank=True)
    lifted_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    lift_note = models.TextField(blank=True)

    class Meta:
        ordering = ("-id",)
        permissions: ClassVar = [
            ("suppress", "Can say that an address or a domain must not be written to"),
            ("lift_suppression", "Can take back what one of us had suppressed"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["kind", "key_hash"], condition=Q(lifted_at=None), name="suppression_in_force_once"
            ),
            models.CheckConstraint(
                condition=Q(lifted_at=None) | Q(reason="MANUAL"), name="suppression_wishes_are_not_lifted"
            ),
            models.CheckConstraint(
                condition=Q(lifted_at=None, lifted_by=None) | Q(lifted_at__isnull=False, lifted_by__isnull=False),
                name="suppression_lift_names_who_and_when",
            ),
        ]

    def __str__(self) -> str:
        return self.shown or f"{self.kind.lower()} {self.key_hash[:12]}"


class Consent(UuidModel):
    """On what ground we may write to a lead, where we know that from, and since when."""

    class Basis(models.TextChoices):
        CONSENT = "CONSENT"
        SOFT_OPT_IN = "SOFT_OPT_IN"
        LEGITIMATE_INTEREST = "LEGITIMATE_INTEREST"

    lead = models.ForeignKey(Lead, on_delete=models.PROTECT, related_name="consents", db_index=False)
    basis = models.CharField(max_length=20, choices=Basis)
    source = models.CharField(max_length=200, help_text="Where it was given, or what the interest is")
    words = models.TextField(blank=True, help_text="What the person agreed to, as it stood there")
    given_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-id",)
        permissions: ClassVar = [("record_consent", "Can write down on what ground we may write to a lead")]
        indexes: ClassVar = [models.Index(fields=["lead", "-id"], name="consent_of_lead")]

    def __str__(self) -> str:
        return f"{self.basis} of {self.lead}"
