"""Ways into the portal beside the password, and the answers that are kept for requests sent again."""

from datetime import datetime
from typing import ClassVar, Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from apps.identity.models.people import Client, Membership, User
from apps.shared.models import UuidModel


class ApiTokenQuerySet(models.QuerySet["ApiToken"]):
    """Tokens, and which of them still open anything."""

    def valid(self, at: datetime) -> Self:
        """Narrow to tokens that are neither revoked nor expired."""
        return self.filter(revoked_at=None, expires_at__gt=at)


class ApiToken(UuidModel):
    """A key by which a client's own system acts as one membership; only its hash is stored."""

    class Scope(models.TextChoices):
        READ = "read", "Read"
        REVIEW = "review", "Decide and comment"
        INTAKE = "intake", "Send intakes"
        BILLING = "billing", "Invoices"
        METRICS = "metrics", "Send measured values"

    membership = models.ForeignKey(Membership, on_delete=models.CASCADE, related_name="tokens")
    name = models.CharField(max_length=80, help_text="What it is for.")
    digest = models.CharField(max_length=64, unique=True, editable=False)
    hint = models.CharField(max_length=16, editable=False, help_text="How the token begins.")
    scopes = ArrayField(models.CharField(max_length=8, choices=Scope))
    expires_at = models.DateTimeField()
    last_used_at = models.DateTimeField(null=True, blank=True, editable=False)
    revoked_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = ApiTokenQuerySet.as_manager()

    class Meta:
        ordering = ("-created_at",)
        permissions: ClassVar = [("revoke_apitoken", "Can revoke API tokens")]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(scopes__len__gt=0), name="apitoken_opens_something"),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.hint}…)"


class LoginLink(UuidModel):
    """One link to log in by, once and soon, which a person asked for or was invited by.

    Its secret is made when the mail is, and only the hash of it is stored; before that it has none.
    """

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="login_links")
    language = models.CharField(max_length=8, default="en", help_text="Of the mail.")
    is_invitation = models.BooleanField(default=False)
    digest = models.CharField(max_length=64, unique=True, null=True, editable=False)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["expires_at"], name="loginlink_end")]

    def __str__(self) -> str:
        return f"Link of {self.user}"


class StoredAnswer(UuidModel):
    """What the API answered to a request with an Idempotency-Key: the same request again gets the same answer."""

    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="+")
    membership = models.ForeignKey(Membership, on_delete=models.CASCADE, related_name="+")
    key = models.CharField(max_length=255)
    request_sha256 = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField()
    headers = models.JSONField(default=dict)
    body = models.BinaryField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["created_at"], name="storedanswer_age")]
        constraints: ClassVar = [models.UniqueConstraint(fields=["membership", "key"], name="storedanswer_once")]

    def __str__(self) -> str:
        return self.key
