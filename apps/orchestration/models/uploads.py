"""What people send in to look at before anything comes of it."""

from django.db import models

from apps.identity.models import User
from apps.shared.models import UuidModel


class Upload(UuidModel):
    """A submission or a table that somebody looks at, and then the import's result; nobody else sees it.

    It is no record, and goes after some days: what came of it, the audit tells.
    """

    class Purpose(models.TextChoices):
        START = "START"
        IMPORT = "IMPORT"

    sent_by = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    purpose = models.CharField(max_length=8, choices=Purpose)
    content = models.JSONField()
    outcome = models.JSONField(null=True, help_text="What became of each row; null before anything did")

    def __str__(self) -> str:
        return f"{self.purpose} {self.created_at:%Y-%m-%d}"
