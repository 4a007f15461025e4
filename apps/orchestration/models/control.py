"""The switches over the whole engine."""

from typing import ClassVar

from django.db import models

from apps.shared.models import UuidModel


class ControlFlag(UuidModel):
    """A switch over the whole engine, and who put it where it stands, and why."""

    class Name(models.TextChoices):
        PAUSE = "PAUSE", "Pause: no run and no step begins; what runs finishes its step, taking back goes on"
        KILL = "KILL", "Kill: everything stops after the step it is in, taking back and reactions too"
        PROOF = "PROOF", "Proof mode: what would leave the house is written to files instead"

    name = models.CharField(max_length=10, choices=Name, unique=True)
    is_on = models.BooleanField(default=False)
    reason = models.TextField(blank=True)
    set_by = models.ForeignKey("identity.User", null=True, on_delete=models.PROTECT, related_name="+")
    set_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("name",)
        permissions: ClassVar = [("set_control_flag", "Can pause, kill and put into proof mode")]

    def __str__(self) -> str:
        return self.get_name_display().partition(":")[0]
