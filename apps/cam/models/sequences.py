"""Sequences: which messages a lead gets, and how long after one another."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Self

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Lower
from django_fsm import FSMField, transition

from apps.cam.models.campaigns import Campaign
from apps.cam.rules.names import first_name
from apps.cam.rules.sequences import variant_of
from apps.cam.rules.templates import fill
from apps.shared.models import StateModel, UuidModel

if TYPE_CHECKING:
    from apps.cam.models.leads import Lead


@dataclass(frozen=True)
class Words:
    """A message as one lead would get it."""

    variant: str
    subject: str
    text: str


class MessageTemplateQuerySet(models.QuerySet):
    """Templates, and their newest versions."""

    def newest(self) -> Self:
        """Narrow to the newest version of each."""
        later = MessageTemplate.objects.filter(name__iexact=OuterRef("name"), version__gt=OuterRef("version"))
        return self.filter(~Exists(later)).order_by("name")


class MessageTemplate(UuidModel):
    """The words of a message, with placeholders. An edit is a new version: what was sent keeps its own."""

    name = models.CharField(max_length=120)
    version = models.PositiveIntegerField(default=1)
    subject = models.CharField(max_length=200)
    text = models.TextField(help_text="With placeholders such as {{ first_name }}")

    objects = MessageTemplateQuerySet.as_manager()

    class Meta:
        ordering = ("name", "-version")
        permissions: ClassVar = [("write_template", "Can write message templates")]
        constraints: ClassVar = [
            models.UniqueConstraint(Lower("name"), "version", name="template_version_once"),
            models.CheckConstraint(condition=Q(version__gte=1), name="template_versions_count_from_one"),
        ]

    def __str__(self) -> str:
        return f"{self.name} v{self.version}"


class Sequence(StateModel, UuidModel):
    """One version of the messages of a campaign's route. Leads go through the version that they began with."""

    class State(models.TextChoices):
        DRAFT = "DRAFT"
        LIVE = "LIVE"
        RETIRED = "RETIRED"

    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="sequences", db_index=False)
    name = models.CharField(max_length=60, help_text="The route whose leads get it")
    version = models.PositiveIntegerField(default=1)
    state = FSMField(choices=State.choices, default=State.DRAFT, protected=True)

    class Meta:
        ordering = ("campaign", "name", "-version")
        permissions: ClassVar = [("write_sequence", "Can write sequences and put them to work")]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["campaign", "name", "version"], name="sequence_version_once"),
            models.UniqueConstraint(
                fields=["campaign", "name"], condition=Q(state="LIVE"), name="sequence_one_is_live"
            ),
            models.CheckConstraint(condition=Q(state__in=["DRAFT", "LIVE", "RETIRED"]), name="sequence_state_is_known"),
        ]

    def __str__(self) -> str:
        return f"{self.name} v{self.version}"

    @transition(field=state, source=State.DRAFT, target=State.LIVE)
    def go_live(self) -> None:
        """Be what new leads get."""

    @transition(field=state, source=(State.DRAFT, State.LIVE), target=State.RETIRED)
    def retire(self) -> None:
        """Take no new leads; who is in the middle of it goes through."""


class SequenceStep(UuidModel):
    """One message of a sequence, due `wait_days` after the one before; `subject_b` is tried against the template's."""

    sequence = models.ForeignKey(Sequence, on_delete=models.CASCADE, related_name="steps", db_index=False)
    position = models.PositiveIntegerField()
    wait_days = models.PositiveIntegerField(default=0)
    template = models.ForeignKey(MessageTemplate, on_delete=models.PROTECT, related_name="+")
    subject_b = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ("sequence", "position")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["sequence", "position"], name="sequence_step_once"),
            models.CheckConstraint(condition=Q(position__gte=1), name="sequence_steps_count_from_one"),
        ]

    def __str__(self) -> str:
        return f"{self.sequence}, step {self.position}"

    def words_for(self, lead: "Lead", sender_name: str) -> Words:
        """Return what the step says to a lead. Raises TemplateRefused where something of the lead is not known."""
        variant = variant_of(lead.pk, has_b=bool(self.subject_b))
        values = {
            "first_name": first_name(lead.full_name),
            "full_name": lead.full_name,
            "company": lead.company,
            "title": lead.title,
            "sender_name": sender_name,
        }
        subject = self.subject_b if variant == "B" else self.template.subject
        return Words(variant, fill(subject, values), fill(self.template.text, values))
