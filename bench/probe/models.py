"""A table for workflows that do nothing else but be run."""

from typing import ClassVar

from django.db import models

from apps.shared.models import RunModel


class ProbeRow(RunModel):
    """What one probe step wrote."""

    step = models.CharField(max_length=40)

    def __str__(self) -> str:
        return self.step


class CaseRow(RunModel):
    """What one step of a probe that works outside wrote: once, as the tables of real steps demand it too."""

    step = models.CharField(max_length=40)
    position = models.PositiveSmallIntegerField()
    round = models.PositiveSmallIntegerField()
    attempt = models.CharField(max_length=40, blank=True, help_text="Which attempt at the outside call it stems from.")

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["run_id", "position", "round"], name="case_row_once")]

    def __str__(self) -> str:
        return self.step
