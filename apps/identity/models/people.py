"""Who works here, whom we work for, and who sees to what."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from functools import cached_property
from typing import Any, ClassVar, Self
from uuid import UUID

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.utils.crypto import salted_hmac
from uuid_utils.compat import uuid7

from apps.identity.rules import ACCOUNT_MANAGER, zone_of
from apps.shared.models import UuidModel


class UserManager(BaseUserManager["User"]):
    """Makes users whose name is their e-mail address."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """Make a user; without a password the account cannot log in by one. Raises ValueError without an address."""
        if not email:
            raise ValueError("A user needs an e-mail address.")
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """Make a user who may do everything."""
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)


class User(AbstractBaseUser, PermissionsMixin):
    """One person who logs in: staff at the desk, or somebody of a client in the portal."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    email = models.EmailField(unique=True)
    full_name = models.CharField(max_length=150, blank=True)
    time_zone = models.CharField(max_length=64, default="UTC")
    language = models.CharField(max_length=8, blank=True, help_text="Of the portal; empty: as the browser asks.")
    second_factor_at = models.DateTimeField(null=True, blank=True, editable=False)
    is_staff = models.BooleanField(default=False, help_text="May use the desk.")
    is_active = models.BooleanField(default=True, help_text="Unset instead of deleting an account.")
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    objects = UserManager()

    class Meta:
        ordering = ("email",)
        permissions: ClassVar = [("reset_second_factor", "Can take a person's second factor away")]

    def __str__(self) -> str:
        return self.full_name or self.email

    def get_session_auth_hash(self) -> str:
        """Return what a session must know of the account: it ends when the password or the second factor changes."""
        known = super().get_session_auth_hash()
        if self.second_factor_at is None:
            return known
        return salted_hmac("identity.session", f"{known}{self.second_factor_at.isoformat()}").hexdigest()

    @property
    def zone(self) -> tzinfo:
        """The time zone in which the person reads times."""
        return zone_of(self.time_zone)

    @cached_property
    def sees_every_client(self) -> bool:
        """Whether the person is of the staff, and not limited to the clients whose account manager they are."""
        if not self.is_staff or self.is_superuser or not settings.OWN_CLIENTS_ONLY:
            return self.is_staff
        return set(self.groups.values_list("name", flat=True)) != {ACCOUNT_MANAGER}

    def visible_clients(self) -> "ClientQuerySet":
        """Return the clients that the person may see."""
        return Client.objects.visible_to(self)

    def attention(self, at: datetime) -> "Attended":
        """Return what the person has put off at this moment, and what is theirs."""
        return Attention.objects.of_person(self, at)

    def assignees(self, object_ids: Collection[UUID]) -> dict[UUID, "User"]:
        """Return whose some rows of the desk are; those that are nobody's are not there."""
        assigned = Attention.objects.filter(object_id__in=object_ids, is_assigned=True).select_related("person")
        return {each.object_id: each.person for each in assigned}


NAMED_BY = ("id", "full_name", "is_active")
"""What the portal may read of people, and of those alone who belong to its client or wrote to it."""


def all_but_names(path: str) -> list[str]:
    """Return what a query of the portal defers of the person it joins at a path: what the portal may not read."""
    return [f"{path}__{each.name}" for each in User._meta.concrete_fields if each.name not in NAMED_BY]


class ClientQuerySet(models.QuerySet["Client"]):
    """Clients, and who may see them."""

    def visible_to(self, user: User) -> Self:
        """Narrow to what a user may see: staff all, or those they manage; others the clients they are a member of."""
        if not user.is_active:
            return self.none()
        if user.sees_every_client:
            return self
        return self.filter(account_manager=user) if user.is_staff else self.filter(memberships__user=user)


class Client(UuidModel):
    """One company the agency works for."""

    class Status(models.TextChoices):
        PROSPECT = "PROSPECT"
        ACTIVE = "ACTIVE"
        ENDED = "ENDED"

    name = models.CharField(max_length=200)
    slug = models.SlugField(max_length=80, unique=True, allow_unicode=False)
    status = models.CharField(max_length=16, choices=Status, default=Status.ACTIVE)
    country = models.CharField(max_length=2, help_text="ISO 3166-1, two letters")
    currency = models.CharField(max_length=3, help_text="ISO 4217, three letters")
    time_zone = models.CharField(max_length=64)
    contact_email = models.EmailField(blank=True)
    contract_start_date = models.DateField(null=True, blank=True)
    contract_end_date = models.DateField(null=True, blank=True)
    contract_value = models.DecimalField(max_digits=14, decimal_places=2, null=True, blank=True)
    account_manager = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    strict_qc = models.BooleanField(default=False, help_text="A WARN verdict stops the work, as a FAIL does.")
    approves_strategies = models.BooleanField(
        default=False, db_default=False, help_text="By contract the client itself approves strategies, in the portal."
    )
    included_revision_rounds = models.PositiveSmallIntegerField(default=2)
    deal_id = models.UUIDField(
        null=True, blank=True, unique=True, editable=False, help_text="Of the deal it was won by: one deal, one client"
    )

    objects = ClientQuerySet.as_manager()

    class Meta:
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name


class Membership(UuidModel):
    """A user may act for a client in the portal."""

    class Role(models.TextChoices):
        APPROVER = "APPROVER"
        VIEWER = "VIEWER"

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="memberships")
    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=16, choices=Role)

    class Meta:
        permissions: ClassVar = [("invite_membership", "Can invite people to the portal")]
        constraints: ClassVar = [models.UniqueConstraint(fields=["user", "client"], name="membership_once")]

    def __str__(self) -> str:
        return f"{self.user} · {self.client} ({self.role.lower()})"


@dataclass
class Attended:
    """What a person has put off, and until when, and what is theirs: the ids of rows by their tables."""

    put_off: dict[str, dict[UUID, datetime]] = field(default_factory=dict)
    mine: dict[str, list[UUID]] = field(default_factory=dict)


class AttentionQuerySet(models.QuerySet["Attention"]):
    """Who sees to what."""

    MOST = 500
    """Nobody has more than that on their list, and a query names each of them."""

    def of_person(self, person: User, at: datetime) -> Attended:
        """Return what a person has put off, and what is theirs."""
        found = Attended()
        theirs = models.Q(is_assigned=True) | models.Q(snoozed_until__gt=at)
        for each in self.filter(theirs, person=person).order_by("-pk")[: self.MOST]:
            if each.snoozed_until is not None and each.snoozed_until > at:
                found.put_off.setdefault(each.table, {})[each.object_id] = each.snoozed_until
            if each.is_assigned:
                found.mine.setdefault(each.table, []).append(each.object_id)
        return found

    def over(self, at: datetime, forgotten_before: datetime) -> Self:
        """Narrow to rows that say nothing any more: put off until a moment that has passed, or assigned long ago."""
        is_past = models.Q(snoozed_until__isnull=True) | models.Q(snoozed_until__lte=at)
        return self.filter(is_past, models.Q(is_assigned=False) | models.Q(updated_at__lt=forgotten_before))


class Attention(UuidModel):
    """One person's attention on one row of the desk that needs somebody: it is theirs, or they want to see it later.

    The row belongs to another module, so that its table and id are all that is kept. When it needs nobody any more
    this row means nothing, and is removed in time.
    """

    person = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    client = models.ForeignKey(Client, null=True, on_delete=models.CASCADE, related_name="+")
    table = models.CharField(max_length=100, help_text="Of the row, such as strategy.strategy")
    object_id = models.UUIDField()
    is_assigned = models.BooleanField(default=False)
    snoozed_until = models.DateTimeField(null=True)

    objects = AttentionQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["object_id", "table", "person"], name="attention_once"),
            models.UniqueConstraint(
                fields=["object_id", "table"], name="attention_one_assignee", condition=models.Q(is_assigned=True)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person} on {self.table} {self.object_id}"
