"""What more clients could buy, read from what was seen of them."""

from typing import ClassVar, Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django_fsm import FSMField, transition

from apps.identity.models import Client, User
from apps.retention.rules import OPPORTUNITIES
from apps.shared.models import StateModel, UuidModel


class OpportunityQuerySet(models.QuerySet["Opportunity"]):
    """Opportunities, and who has to take them up."""

    def undecided(self) -> Self:
        """Narrow to those of which nobody has said yet what became of them."""
        return self.filter(state=Opportunity.State.OPEN)


class Opportunity(StateModel, UuidModel):
    """Something more that one client could buy. What it was read from stays with it, whatever is seen later."""

    class State(models.TextChoices):
        OPEN = "OPEN"
        WON = "WON"
        DECLINED = "DECLINED"
        DROPPED = "DROPPED"

    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="+", db_index=False)
    kind = models.CharField(max_length=20, choices=[(name, known.title) for name, known in OPPORTUNITIES.items()])
    state = FSMField(choices=State.choices, default=State.OPEN, protected=True)
    confidence = models.DecimalField(max_digits=4, decimal_places=3, help_text="0 to 1: how much was seen, of the need")
    value = models.DecimalField(
        max_digits=14, decimal_places=2, null=True, blank=True, help_text="A quarter's, from invoices; null: not known"
    )
    currency = models.CharField(max_length=3, blank=True)
    evidence = ArrayField(models.UUIDField(), help_text="The signals it was read from")
    why = models.TextField(help_text="What they say, in words")
    found_at = models.DateTimeField()
    reason = models.TextField(blank=True, help_text="What became of it")
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    objects = OpportunityQuerySet.as_manager()

    class Meta:
        ordering = ("-id",)
        verbose_name_plural = "opportunities"
        permissions: ClassVar = [
            ("detect_opportunities", "Can look for opportunities before their time"),
            ("win_opportunity", "Can record that a client took an opportunity up"),
            ("decline_opportunity", "Can record that nothing becomes of an opportunity"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["client", "kind"], name="opportunity_open_once", condition=Q(state="OPEN")),
            models.CheckConstraint(condition=Q(confidence__range=(0, 1)), name="opportunity_confidence_0_to_1"),
            models.CheckConstraint(condition=~Q(evidence=[]), name="opportunity_has_evidence"),
            models.CheckConstraint(
                condition=Q(value=None, currency="") | Q(value__isnull=False) & ~Q(currency=""),
                name="opportunity_value_has_currency",
            ),
            models.CheckConstraint(
                condition=Q(state__in=("OPEN", "DROPPED"), decided_at=None, decided_by=None)
                | Q(state__in=("WON", "DECLINED"), decided_at__isnull=False, decided_by__isnull=False) & ~Q(reason=""),
                name="opportunity_outcome_says_who_and_why",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["client", "kind"], name="opportunities_of_client"),
            models.Index(fields=["-confidence", "id"], name="opportunity_open", condition=Q(state="OPEN")),
        ]

    def __str__(self) -> str:
        return self.get_kind_display()

    @transition(field=state, source=State.OPEN, target=State.WON)
    def win(self) -> None:
        """The client took it up."""

    @transition(field=state, source=State.OPEN, target=State.DECLINED)
    def decline(self) -> None:
        """Nothing becomes of it."""

    @transition(field=state, source=State.OPEN, target=State.DROPPED)
    def drop(self) -> None:
        """What it was read from is not so any more."""
