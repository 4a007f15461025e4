"""Where the work with each client happens, and the mail that asks a new one to begin."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django_fsm import FSMField, transition

from apps.identity.models import Client
from apps.onboarding.api import dtos
from apps.onboarding.models.intakes import Brief, Intake
from apps.shared.models import PostedModel, RunModel, StateModel


class Workspace(RunModel, StateModel):
    """Where the work with one client happens, and how far its onboarding is."""

    class State(models.TextChoices):
        INTAKE = "INTAKE", "Intake"
        DISCOVERY = "DISCOVERY", "Discovery"
        BRIEF_REVIEW = "BRIEF_REVIEW", "Brief review"
        WORKSPACE_SETUP = "WORKSPACE_SETUP", "Workspace set-up"
        COMPLETE = "COMPLETE", "Complete"

    client = models.OneToOneField(Client, on_delete=models.PROTECT, related_name="+")
    slug = models.SlugField(max_length=80, unique=True)
    url = models.URLField(max_length=500, help_text="The shared folder, board or channel the client is invited to")
    state = FSMField(choices=State.choices, default=State.INTAKE, protected=True)

    class Meta:
        ordering = ("-created_at",)
        permissions: ClassVar = [("advance_workspace", "Can lead a client's onboarding on")]

    def __str__(self) -> str:
        return self.slug

    def has_intake(self) -> bool:
        """Tell whether the client has sent its answers."""
        return Intake.objects.filter(client_id=self.client_id).exists()

    def has_brief(self) -> bool:
        """Tell whether the answers became a brief."""
        return Brief.objects.filter(client_id=self.client_id).exists()

    @transition(field=state, source=State.INTAKE, target=State.DISCOVERY, conditions=[has_intake])
    def start_discovery(self) -> None:
        """Begin to talk about the answers."""

    @transition(field=state, source=State.DISCOVERY, target=State.BRIEF_REVIEW, conditions=[has_brief])
    def review_brief(self) -> None:
        """Look over what was understood."""

    @transition(field=state, source=State.BRIEF_REVIEW, target=State.WORKSPACE_SETUP)
    def set_up(self) -> None:
        """Prepare the place of work."""

    @transition(field=state, source=State.WORKSPACE_SETUP, target=State.COMPLETE)
    def complete(self) -> None:
        """Invite the client."""

    def as_dto(self) -> dtos.Workspace:
        """Return the workspace."""
        return dtos.Workspace(id=self.pk, client_id=self.client_id, slug=self.slug, url=self.url, state=self.state)


class IntakeInvitation(PostedModel):
    """The mail that asks a new client to tell us about its business, once for the deal it was won by.

    One in doubt is sent again by a person alone.
    """

    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="+")
    deal_id = models.UUIDField(unique=True, editable=False)
    intake_id = models.UUIDField(help_text="Of the draft it leads to, and of the intake that becomes of it")
    email = models.EmailField()
    full_name = models.CharField(max_length=150, blank=True)
    language = models.CharField(max_length=8)

    class Meta:
        ordering = ("-id",)
        permissions: ClassVar = [("send_intakeinvitation", "Can send an intake invitation again")]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(state__in=["WAITING", "SENDING", "SENT", "PROOF", "UNKNOWN", "REFUSED", "DROPPED"]),
                name="invitation_state_is_known",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["id"], name="invitation_to_send", condition=Q(state__in=("WAITING", "SENDING"))),
            models.Index(fields=["id"], name="invitation_in_doubt", condition=Q(state__in=("UNKNOWN", "REFUSED"))),
        ]

    def __str__(self) -> str:
        return f"Intake invitation of {self.email}"

    @property
    def said(self) -> str:
        """How it stands, in words."""
        return {
            self.State.WAITING: "Waits to be sent",
            self.State.SENDING: "Being sent",
            self.State.SENT: "Sent",
            self.State.PROOF: "Written to a file: proof mode was on",
            self.State.UNKNOWN: "Unknown: the worker ended while sending it, so it may not have arrived",
            self.State.REFUSED: "Refused by the mail server: look at the address",
            self.State.DROPPED: "Not sent: the client was no longer asked",
        }[self.State(self.state)]
