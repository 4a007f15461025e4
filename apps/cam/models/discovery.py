"""Looking for people who may become leads: where, for whom, and who was found."""

from datetime import datetime
from typing import ClassVar, Self

from django.db import models
from django.db.models import Q
from django_fsm import FSMField, transition

from apps.cam.models.campaigns import Campaign
from apps.cam.models.leads import Lead
from apps.identity.models import User
from apps.shared.models import StateModel, UuidModel


class DiscoverySource(UuidModel):
    """Somewhere to look: a file of ours, or somebody's directory. Its secret stands in the environment, never here."""

    class Kind(models.TextChoices):
        OFFLINE = "OFFLINE", "File in the discovery folder"
        JSON = "JSON", "Address that answers in JSON"

    name = models.CharField(max_length=120, unique=True)
    kind = models.CharField(max_length=8, choices=Kind)
    config = models.JSONField(help_text="As `rules.discovery` says of its kind")
    made_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ("-id",)
        permissions: ClassVar = [("make_source", "Can say where leads are looked for")]

    def __str__(self) -> str:
        return self.name


class DiscoveryJobQuerySet(models.QuerySet):
    """Jobs, and which of them nobody works on."""

    def left_since(self, at: datetime) -> Self:
        """Narrow to jobs that are to be done and that nobody has worked on since then, or ever."""
        waiting = Q(touched_at=None) | Q(touched_at__lt=at)
        return self.filter(waiting, state__in=[DiscoveryJob.State.PENDING, DiscoveryJob.State.RUNNING])


class DiscoveryJob(StateModel, UuidModel):
    """One look for people in a source, for a campaign. It goes on at `cursor`, which commits with what was found."""

    class State(models.TextChoices):
        PENDING = "PENDING"
        RUNNING = "RUNNING"
        DONE = "DONE"
        FAILED = "FAILED"

    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="discovery_jobs")
    source = models.ForeignKey(DiscoverySource, on_delete=models.PROTECT, related_name="jobs")
    criteria = models.JSONField()
    takes_all = models.BooleanField(default=False, help_text="Makes a lead of everybody found who has an address")
    state = FSMField(choices=State.choices, default=State.PENDING, protected=True)
    cursor = models.CharField(max_length=500, blank=True, editable=False)
    pages = models.PositiveIntegerField(default=0)
    found = models.PositiveIntegerField(default=0)
    new = models.PositiveIntegerField(default=0, help_text="Whom no job had found in this source before")
    ingested = models.PositiveIntegerField(default=0, help_text="Leads it made by itself")
    strikes = models.PositiveIntegerField(default=0, editable=False, help_text="Failures of the source in a row")
    error = models.TextField(blank=True)
    touched_at = models.DateTimeField(null=True, blank=True)
    started_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    finished_at = models.DateTimeField(null=True, blank=True)

    objects = DiscoveryJobQuerySet.as_manager()

    class Meta:
        ordering = ("-id",)
        permissions: ClassVar = [("start_discovery", "Can start looking for leads, and judge who was found")]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(state__in=["PENDING", "RUNNING", "DONE", "FAILED"]), name="discovery_state_is_known"
            ),
            models.CheckConstraint(condition=~Q(state="FAILED") | ~Q(error=""), name="discovery_failure_says_why"),
            models.CheckConstraint(condition=Q(new__lte=models.F("found")), name="discovery_finds_what_is_new"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["id"], name="discovery_unfinished", condition=Q(state__in=["PENDING", "RUNNING"])),
        ]

    def __str__(self) -> str:
        sought = [str(self.criteria[name]) for name in ("query", "title", "country") if self.criteria.get(name)]
        return ", ".join(sought) or f"Job of {self.created_at:%d %B %Y}"

    @transition(field=state, source=State.PENDING, target=State.RUNNING)
    def begin(self) -> None:
        """Be worked on."""

    @transition(field=state, source=State.RUNNING, target=State.DONE)
    def finish(self) -> None:
        """Have looked to the end."""

    @transition(field=state, source=(State.PENDING, State.RUNNING), target=State.FAILED)
    def fail(self) -> None:
        """Stop: the source does not answer as it was said to."""

    @transition(field=state, source=State.FAILED, target=State.RUNNING)
    def try_again(self) -> None:
        """Go on where it stopped."""


class DiscoveredProfile(StateModel, UuidModel):
    """Somebody whom a source has, as it has them; known there by `external_id`. One without an address is kept so."""

    class State(models.TextChoices):
        NEW = "NEW"
        ACCEPTED = "ACCEPTED"
        IGNORED = "IGNORED"

    source = models.ForeignKey(DiscoverySource, on_delete=models.PROTECT, related_name="profiles", db_index=False)
    job = models.ForeignKey(DiscoveryJob, on_delete=models.PROTECT, related_name="profiles")
    external_id = models.CharField(max_length=200)
    full_name = models.CharField(max_length=200, blank=True)
    company = models.CharField(max_length=200, blank=True)
    title = models.CharField(max_length=200, blank=True)
    email = models.CharField(max_length=254, blank=True)
    phone = models.CharField(max_length=40, blank=True)
    linkedin_url = models.CharField(max_length=500, blank=True)
    country = models.CharField(max_length=80, blank=True)
    url = models.CharField(max_length=500, blank=True)
    raw = models.JSONField(default=dict)
    reasons = models.JSONField(default=list, help_text="Why it was found")
    state = FSMField(choices=State.choices, default=State.NEW, protected=True)
    problem = models.TextField(blank=True, help_text="Why no lead can be made of it")
    lead = models.ForeignKey(Lead, null=True, blank=True, on_delete=models.PROTECT, related_name="profiles")
    decided_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ("-id",)
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["source", "external_id"], name="profile_once_per_source"),
            models.CheckConstraint(
                condition=Q(state="ACCEPTED", lead__isnull=False) | ~Q(state="ACCEPTED") & Q(lead=None),
                name="profile_accepted_is_a_lead",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["id"], name="profile_undecided", condition=Q(state="NEW"))]

    def __str__(self) -> str:
        return self.full_name or self.company or self.external_id

    @transition(field=state, source=State.NEW, target=State.ACCEPTED)
    def accept(self) -> None:
        """Become a lead."""

    @transition(field=state, source=State.NEW, target=State.IGNORED)
    def ignore(self) -> None:
        """Be left alone."""
