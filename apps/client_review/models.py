"""What clients were asked about, what they said of it, and what they want changed."""

from datetime import datetime
from typing import ClassVar, Self

from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.db.models.fields.json import KT
from django_fsm import FSMField, transition

from apps.client_review.api import dtos
from apps.client_review.rules import EXPIRES_AFTER, REMIND_BEFORE
from apps.identity.models import Client, User
from apps.shared.models import OfRunQuerySet, PostedModel, RunModel, StateModel, UuidModel


class ReviewQuerySet(OfRunQuerySet):
    """Reviews, and which of them somebody has to act on."""

    def titled(self) -> Self:
        """Load only the title of what is shown, as `title`: all of it is a hundred times as long."""
        return self.defer("content").annotate(title=KT("content__title"))

    def to_chase(self, at: datetime) -> Self:
        """Narrow to open reviews whose day is near or has passed."""
        return self.filter(state=Review.State.SENT, due_at__lte=at + REMIND_BEFORE)

    def expired_by(self, at: datetime) -> Self:
        """Narrow to open reviews whose day has passed for longer than the grace."""
        return self.filter(state=Review.State.SENT, due_at__lte=at - EXPIRES_AFTER)

    def pressing(self, at: datetime) -> Self:
        """Narrow to those whose client should be reminded, or did not decide in time."""
        is_near = Q(state=Review.State.SENT, due_at__lte=at + REMIND_BEFORE)
        return self.filter(is_near | Q(state=Review.State.EXPIRED))

    def beyond_agreed(self) -> Self:
        """Narrow to those whose changes exceed the agreed rounds, and that nobody has allowed yet."""
        asked = self.filter(state=Review.State.CHANGES_REQUESTED, allowed_at=None)
        return asked.filter(round__gt=F("client__included_revision_rounds"), plan=None)

    def in_revision(self) -> Self:
        """Narrow to those whose changes are planned and not made yet: no later round is in front of the client."""
        work = {"strategy_id": OuterRef("strategy_id"), "pack": OuterRef("pack")}
        later = Review.objects.filter(**work, round__gt=OuterRef("round"))
        return self.filter(~Exists(later), state=Review.State.CHANGES_REQUESTED, plan__isnull=False)


class Review(RunModel, StateModel):
    """A version of a draft in front of the client: what is shown never changes, later edits are later rounds."""

    class State(models.TextChoices):
        SENT = "SENT"
        APPROVED = "APPROVED"
        CHANGES_REQUESTED = "CHANGES_REQUESTED"
        REJECTED = "REJECTED"
        EXPIRED = "EXPIRED"
        WITHDRAWN = "WITHDRAWN"

    class Reminder(models.TextChoices):
        BEFORE = "BEFORE"
        AFTER = "AFTER"

    class Channel(models.TextChoices):
        PORTAL = "PORTAL"
        PHONE = "PHONE"
        EMAIL = "EMAIL"
        MEETING = "MEETING"

    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="+")
    draft_id = models.UUIDField(db_index=True)
    strategy_id = models.UUIDField()
    pack = models.CharField(max_length=64)
    draft_round = models.PositiveSmallIntegerField(help_text="Of the draft, which counts quality control's rounds too")
    round = models.PositiveSmallIntegerField(help_text="1 for the first time the client sees this work")
    content = models.JSONField(help_text="What is shown: see the ShownDraft DTO")
    draft_sha256 = models.CharField(max_length=64, help_text="Of what is shown")
    state = FSMField(choices=State.choices, default=State.SENT, protected=True)
    sent_at = models.DateTimeField()
    due_at = models.DateTimeField()
    reminder = models.CharField(max_length=8, choices=Reminder, blank=True, help_text="Which is due and not given yet")
    asked_before_at = models.DateTimeField(null=True, blank=True)
    asked_after_at = models.DateTimeField(null=True, blank=True)
    reminded_at = models.DateTimeField(null=True, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    channel = models.CharField(max_length=8, choices=Channel, blank=True, help_text="How the decision reached us")
    told_by = models.CharField(max_length=200, blank=True, help_text="Who at the client told us, outside the portal")
    text = models.TextField(blank=True, help_text="What was said with the decision")
    allowed_at = models.DateTimeField(null=True, blank=True)
    allowed_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    allowed_because = models.TextField(blank=True, help_text="Why a round over the agreed number is made")

    objects = ReviewQuerySet.as_manager()

    class Meta:
        ordering = ("-id",)
        permissions: ClassVar = [
            ("record_decision", "Can record what a client decided outside the portal"),
            ("comment_on_review", "Can answer a client's comments"),
            ("remind_reviewer", "Can note that a client was reminded"),
            ("extend_review", "Can give a client longer to decide"),
            ("expire_review", "Can close a review that the client does not decide"),
            ("withdraw_review", "Can take a review back from the client"),
            ("allow_further_round", "Can allow a revision round over the agreed number"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["draft_id"], condition=Q(state="SENT"), name="review_one_open_per_draft"),
            models.UniqueConstraint(fields=["strategy_id", "pack", "round"], name="review_round_once"),
            models.CheckConstraint(condition=Q(round__gte=1), name="review_round_from_1"),
            models.CheckConstraint(
                condition=~Q(state__in=["APPROVED", "CHANGES_REQUESTED", "REJECTED"])
                | Q(decided_at__isnull=False, decided_by__isnull=False),
                name="review_decision_names_who_and_when",
            ),
            models.CheckConstraint(
                condition=Q(allowed_at__isnull=True) | (Q(allowed_by__isnull=False) & ~Q(allowed_because="")),
                name="review_further_round_says_why",
            ),
        ]
        indexes: ClassVar = [
            # The desk's first page and beat ask for the few that are open or unfinished, whatever was decided before.
            models.Index(fields=["due_at"], name="review_open", condition=Q(state="SENT")),
            models.Index(fields=["id"], name="review_expired", condition=Q(state="EXPIRED")),
            models.Index(fields=["id"], name="review_changes", condition=Q(state="CHANGES_REQUESTED")),
        ]

    def __str__(self) -> str:
        return f"Review round {self.round}"

    def is_asked(self, kind: str) -> bool:
        """Tell whether a notice of this kind still says something: the client is asked, and nobody answered it."""
        return self.state == self.State.SENT and kind in (Notice.Kind.NEW, self.reminder)

    @property
    def shown(self) -> dtos.ShownDraft:
        """What the client sees."""
        return dtos.ShownDraft.model_validate(self.content)

    @transition(field=state, source=State.SENT, target=State.APPROVED)
    def approve(self) -> None:
        """The client is content."""

    @transition(field=state, source=State.SENT, target=State.CHANGES_REQUESTED)
    def request_changes(self) -> None:
        """The client wants sections changed."""

    @transition(field=state, source=State.SENT, target=State.REJECTED)
    def reject(self) -> None:
        """The client does not want it."""

    @transition(field=state, source=State.SENT, target=State.EXPIRED)
    def expire(self) -> None:
        """The client did not decide in time."""

    @transition(field=state, source=(State.SENT, State.EXPIRED), target=State.SENT)
    def extend(self) -> None:
        """The client has longer."""

    @transition(field=state, source=(State.SENT, State.EXPIRED), target=State.WITHDRAWN)
    def withdraw(self) -> None:
        """The client is not asked any more."""


class Comment(UuidModel):
    """A remark on what is shown, by the client or by the staff in answer; both see it."""

    class Side(models.TextChoices):
        CLIENT = "CLIENT"
        STAFF = "STAFF"

    review = models.ForeignKey(Review, on_delete=models.CASCADE, related_name="comments")
    side = models.CharField(max_length=8, choices=Side)
    section = models.SlugField(max_length=64, blank=True, help_text="Empty: the whole draft")
    quote = models.TextField(blank=True, help_text="The words it is about")
    text = models.TextField()
    author = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ("id",)

    def __str__(self) -> str:
        return self.text[:60]


class RevisionRequest(UuidModel):
    """A change the client wants in one section."""

    class Priority(models.TextChoices):
        MUST = "MUST"
        SHOULD = "SHOULD"
        COULD = "COULD"

    review = models.ForeignKey(Review, on_delete=models.CASCADE, related_name="requests")
    position = models.PositiveSmallIntegerField()
    section = models.SlugField(max_length=64)
    change = models.TextField()
    priority = models.CharField(max_length=8, choices=Priority)

    class Meta:
        ordering = ("position",)
        constraints: ClassVar = [models.UniqueConstraint(fields=["review", "position"], name="request_position_once")]

    def __str__(self) -> str:
        return self.change[:60]


class RevisionPlan(RunModel):
    """The changes of one review, to be made: how long they take, and by how many rounds they exceed the agreement."""

    review = models.OneToOneField(Review, on_delete=models.CASCADE, related_name="plan")
    draft_id = models.UUIDField()
    estimated_hours = models.DecimalField(max_digits=6, decimal_places=2)
    beyond_included = models.PositiveSmallIntegerField()

    def __str__(self) -> str:
        return f"Revision after {self.review}"


class Notice(PostedModel):
    """A mail to one approver about one event of a review.

    A connection that breaks leads back to WAITING, although the server may have taken the letter just before: of all
    kinds the second copy, under the same Message-ID, does less harm than an approver who hears of nothing.
    """

    class Kind(models.TextChoices):
        NEW = "NEW", "New version"
        BEFORE = "BEFORE", "Reminder before the day"
        AFTER = "AFTER", "Reminder after the day"

    review = models.ForeignKey(Review, on_delete=models.CASCADE, related_name="notices")
    event_id = models.UUIDField()
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=8, choices=Kind)

    class Meta:
        ordering = ("id",)
        constraints: ClassVar = [models.UniqueConstraint(fields=["event_id", "user"], name="notice_once")]
        indexes: ClassVar = [
            models.Index(fields=["id"], name="notice_to_send", condition=Q(state__in=("WAITING", "SENDING"))),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} to {self.user}"

    @property
    def said(self) -> str:
        """How it stands, in words."""
        return {
            self.State.WAITING: "Waits to be sent",
            self.State.SENDING: "Being sent",
            self.State.SENT: "Sent",
            self.State.PROOF: "Written to a file: proof mode was on",
            self.State.UNKNOWN: "Unknown: the worker ended while sending it",
            self.State.REFUSED: "Refused by the mail server",
            self.State.DROPPED: "Not sent: it was no longer asked",
        }[self.State(self.state)]
