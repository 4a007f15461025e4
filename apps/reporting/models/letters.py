"""Mails that tell a client's people of reports."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from apps.identity.models import User
from apps.reporting.models.reports import Report
from apps.shared.models import PostedModel


class ReportLetter(PostedModel):
    """A mail that tells one of a client's people of a published report, once."""

    report = models.ForeignKey(Report, on_delete=models.PROTECT, related_name="letters")
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ("id",)
        constraints: ClassVar = [models.UniqueConstraint(fields=["report", "user"], name="reportletter_once")]
        indexes: ClassVar = [
            models.Index(fields=["id"], name="reportletter_to_send", condition=Q(state__in=("WAITING", "SENDING"))),
        ]

    def __str__(self) -> str:
        return f"{self.report} to {self.user}"
