"""What people and companies may ask of us about their data: a copy of it, or that it goes."""

from datetime import datetime
from typing import ClassVar, Self
from uuid import UUID

from django.db import models
from django.db.models import F, Q

from apps.identity.models.people import Client, Membership, User
from apps.identity.rules import LANGUAGES, comparable_address
from apps.shared.models import UuidModel

UNDER_WAY = Q(state__in=("ASKED", "PREPARING", "CONFIRMED")) | Q(state="READY", kind="ERASURE")
"""Not answered yet. An export that can be downloaded is; another one may be asked for."""


class DataRequestQuerySet(models.QuerySet["DataRequest"]):
    """Requests, and what waits for whom."""

    def for_workers(self, at: datetime) -> Self:
        """Narrow to those that a worker has something to do for."""
        waits = Q(state__in=(DataRequest.State.PREPARING, DataRequest.State.CONFIRMED))
        return self.filter(waits, Q(next_at=None) | Q(next_at__lte=at)).order_by("pk")

    def erasing(self, client_id: UUID) -> Self:
        """Narrow to those by which a client is being erased, or was."""
        confirmed = (DataRequest.State.CONFIRMED, DataRequest.State.DONE)
        return self.filter(client_id=client_id, kind=DataRequest.Kind.ERASURE, state__in=confirmed)

    def under_way(self, *, kind: str, client: Client | None, address: str) -> Self:
        """Narrow to those of a kind about a client or a person that are not answered: of these there is one."""
        return self.filter(UNDER_WAY, kind=kind, client=client, address=address)

    def shown_to(self, user: User) -> Self:
        """Narrow to what a person asked for, and what was asked in the portal of a client they decide for."""
        approving = Membership.objects.filter(user=user, role=Membership.Role.APPROVER)
        own = Q(client=None, address=comparable_address(user.email), asked_by=user)
        return self.filter(own | Q(client_id=F("asked_in_id"), asked_in__in=approving.values("client_id")))

    def for_people(self) -> Self:
        """Narrow to those that somebody of the staff has to act on."""
        asked = Q(state=DataRequest.State.ASKED)
        return self.filter(asked | Q(state=DataRequest.State.READY, kind=DataRequest.Kind.ERASURE))


class DataRequest(UuidModel):
    """One wish of a client or a person: to get all that is kept of it (EXPORT), or that it is erased (ERASURE).

    A person is known by the e-mail address, which is emptied when the erasure is done. What was erased, what was kept
    and why stands in `certificate`, in numbers and names of columns, never in words of the erased.
    """

    class Kind(models.TextChoices):
        EXPORT = "EXPORT"
        ERASURE = "ERASURE"

    class State(models.TextChoices):
        ASKED = "ASKED", "Asked by the client"
        PREPARING = "PREPARING"
        READY = "READY"
        CONFIRMED = "CONFIRMED", "Confirmed, being erased"
        DONE = "DONE"
        REFUSED = "REFUSED"

    kind = models.CharField(max_length=8, choices=Kind)
    state = models.CharField(max_length=9, choices=State)
    client = models.ForeignKey(Client, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    address = models.EmailField(blank=True, help_text="Of the person; empty for a client, and after an erasure.")
    asked_in = models.ForeignKey(
        Client,
        null=True,
        editable=False,
        on_delete=models.PROTECT,
        related_name="+",
        help_text="The client in whose portal it was asked for; empty: at the desk, or by somebody of no client.",
    )
    asked_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    note = models.TextField(blank=True, help_text="How it was asked for, and how we know that it was them.")
    due_date = models.DateField(help_text="A month after it was asked for (Art. 12(3) GDPR).")
    decided_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True)
    reason = models.TextField(blank=True)

    preview = models.JSONField(default=dict, help_text="What would happen to how many rows, and what forbids it now.")
    scope = models.JSONField(default=dict, help_text="Whom it is about, in ids; emptied with the address.")
    progress = models.JSONField(default=dict, help_text="What is done: a worker that takes over goes on behind it.")
    certificate = models.JSONField(null=True)
    kept_until_date = models.DateField(null=True, help_text="When the last of what the law keeps may go, too.")
    executed_at = models.DateTimeField(null=True)
    attempts = models.PositiveIntegerField(default=0)
    next_at = models.DateTimeField(null=True)
    error = models.TextField(blank=True)

    file_key = models.CharField(max_length=200, blank=True)
    file_sha256 = models.CharField(max_length=64, blank=True)
    file_bytes = models.PositiveBigIntegerField(default=0)
    expires_at = models.DateTimeField(null=True, help_text="When the file is removed.")

    objects = DataRequestQuerySet.as_manager()

    class Meta:
        ordering = ("-id",)
        permissions: ClassVar = [
            ("open_datarequest", "Can ask for an export or an erasure, and take up what clients ask for"),
            ("confirm_erasure", "Can confirm that a client or a person is erased"),
            ("download_export", "Can download an export"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=(Q(client=None) ^ Q(address="")) | Q(client=None, state__in=("DONE", "REFUSED")),
                name="datarequest_is_about_one",
            ),
            models.UniqueConstraint(
                fields=["kind", "client", "address"],
                condition=UNDER_WAY,
                nulls_distinct=False,
                name="datarequest_once_at_a_time",
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["due_date"],
                name="datarequest_open",
                condition=Q(state__in=("ASKED", "PREPARING", "READY", "CONFIRMED")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} of {self.client or self.address or 'an erased person'}"

    @property
    def language(self) -> str:
        """In which language whoever asked reads documents."""
        return (self.asked_by.language if self.asked_by else "") or LANGUAGES[0]

    @property
    def has_file(self) -> bool:
        """Whether there is an export to download."""
        return self.kind == self.Kind.EXPORT and self.state == self.State.READY and bool(self.file_key)

    @property
    def subject(self) -> str:
        """What a person types who confirms an erasure."""
        return self.client.name if self.client else self.address
