"""What keeps guessing from leading anywhere: a second factor, and how often a log-in was tried."""

from typing import ClassVar

from django.db import models

from apps.identity.models.people import User
from apps.shared.models import UuidModel


class SecondFactor(UuidModel):
    """The app on a person's phone that shows a code for each half minute (TOTP, RFC 6238).

    Its key is not stored: it is made of `salt` and the site's SECRET_KEY, so that the database alone is worth nothing.
    """

    user = models.OneToOneField(User, on_delete=models.CASCADE, related_name="second_factor")
    salt = models.CharField(max_length=64, editable=False)
    confirmed_at = models.DateTimeField(null=True, blank=True)
    last_step = models.BigIntegerField(default=-1, help_text="The half minute of the last code: each works once.")

    def __str__(self) -> str:
        return f"Second factor of {self.user}"


class RecoveryCode(UuidModel):
    """A code that stands in once for a phone that is lost; only its hash is stored."""

    factor = models.ForeignKey(SecondFactor, on_delete=models.CASCADE, related_name="recovery_codes")
    digest = models.CharField(max_length=64, editable=False)
    used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["factor", "digest"], name="recoverycode_once")]

    def __str__(self) -> str:
        return f"Recovery code of {self.factor.user}"


class LoginTries(UuidModel):
    """How often a log-in, or a link for one, was tried lately with one name from one address; success forgets it.

    The name is a keyed hash: people type the names of others, and passwords, into this field.
    """

    class Kind(models.TextChoices):
        LOGIN = "LOGIN"
        LINK = "LINK"

    kind = models.CharField(max_length=8, choices=Kind)
    name_hash = models.CharField(max_length=64)
    address = models.CharField(max_length=64, blank=True)
    count = models.PositiveIntegerField(default=0)
    last_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["kind", "name_hash", "address"], name="logintries_once"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["address", "last_at"], name="logintries_of_address"),
            models.Index(fields=["last_at"], name="logintries_age"),
        ]

    def __str__(self) -> str:
        return f"{self.count} from {self.address}"
