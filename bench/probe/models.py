"""A table for workflows that do nothing else but be run."""

from django.db import models

from apps.shared.models import RunModel


class ProbeRow(RunModel):
    """What one probe step wrote."""

    step = models.CharField(max_length=40)

    def __str__(self) -> str:
        return self.step
