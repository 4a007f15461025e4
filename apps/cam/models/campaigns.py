"""Campaigns: whom we look for, and how fast we write to them."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q, Value
from django.db.models.functions import Lower
from django_fsm import FSMField, transition

from apps.cam.api import dtos
from apps.cam.models.mailboxes import Mailbox
from apps.shared.models import StateModel, UuidModel

MOST_A_DAY = 500


class Campaign(StateModel, UuidModel):
    """One effort to win clients of one kind. It belongs to no client: its leads are none yet."""

    class Mode(models.TextChoices):
        LIVE = "LIVE", "Live"
        PROOF = "PROOF", "Proof"

    class State(models.TextChoices):
        DRAFT = "DRAFT"
        ACTIVE = "ACTIVE"
        PAUSED = "PAUSED"
        COMPLETED = "COMPLETED"

    name = models.CharField(max_length=120)
    niche = models.TextField(help_text="Whom it looks for")
    goal = models.TextField(help_text="What it should lead to")
    mode = models.CharField(max_length=8, choices=Mode, default=Mode.PROOF)
    daily_cap = models.PositiveIntegerField(help_text="Messages a day at most")
    window_opens = models.TimeField(help_text="In the lead's time zone; the campaign's where that is unknown")
    window_closes = models.TimeField()
    time_zone = models.CharField(max_length=64)
    on_weekends = models.BooleanField(default=False, help_text="Whether it writes on Saturdays and Sundays, too")
    hourly_cap = models.PositiveIntegerField(default=MOST_A_DAY, help_text="Messages an hour at most")
    cool_down_hours = models.PositiveIntegerField(default=24, help_text="Between two messages to one lead at least")
    mailbox = models.ForeignKey(
        Mailbox, null=True, blank=True, on_delete=models.PROTECT, related_name="campaigns", help_text="Writes from it"
    )
    state = FSMField(choices=State.choices, default=State.DRAFT, protected=True)
    pause_reason = models.TextField(blank=True)
    profile = models.JSONField(
        default=dict, db_default=Value({}, models.JSONField()), help_text="Whom it looks for (rules.rulebooks.Profile)"
    )
    scoring_asked_at = models.DateTimeField(
        null=True, blank=True, help_text="Since when somebody waits for its new leads to be scored"
    )

    class Meta:
        ordering = ("-id",)
        permissions: ClassVar = [
            ("create_campaign", "Can create a campaign"),
            ("run_campaign", "Can activate, pause, resume and complete a campaign"),
            ("edit_profile", "Can say whom a campaign looks for"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(Lower("name"), name="campaign_name_once"),
            models.CheckConstraint(condition=Q(mode__in=["LIVE", "PROOF"]), name="campaign_mode_is_known"),
            models.CheckConstraint(
                condition=Q(state__in=["DRAFT", "ACTIVE", "PAUSED", "COMPLETED"]), name="campaign_state_is_known"
            ),
            models.CheckConstraint(
                condition=Q(daily_cap__gte=1, daily_cap__lte=MOST_A_DAY), name="campaign_cap_within_bounds"
            ),
            models.CheckConstraint(condition=Q(hourly_cap__gte=1), name="campaign_hourly_cap_lets_something_out"),
            models.CheckConstraint(
                condition=Q(window_closes__gt=F("window_opens")), name="campaign_window_closes_after_it_opens"
            ),
            models.CheckConstraint(
                condition=Q(state="PAUSED") & ~Q(pause_reason="") | ~Q(state="PAUSED") & Q(pause_reason=""),
                name="campaign_pause_has_a_reason",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @transition(field=state, source=State.DRAFT, target=State.ACTIVE)
    def activate(self) -> None:
        """Begin."""

    @transition(field=state, source=State.ACTIVE, target=State.PAUSED)
    def pause(self) -> None:
        """Stand still."""

    @transition(field=state, source=State.PAUSED, target=State.ACTIVE)
    def resume(self) -> None:
        """Go on."""

    @transition(field=state, source=(State.ACTIVE, State.PAUSED), target=State.COMPLETED)
    def complete(self) -> None:
        """End for good."""

    def as_dto(self) -> dtos.Campaign:
        """Return it as other modules see it."""
        return dtos.Campaign(**{name: getattr(self, name) for name in dtos.Campaign.model_fields})
