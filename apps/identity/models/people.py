"""Who works here and whom we work for."""

from datetime import tzinfo
from functools import cached_property
from typing import Any, ClassVar, Self

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
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
    is_staff = models.BooleanField(default=False, help_text="May use the desk.")
    is_active = models.BooleanField(default=True, help_text="Unset instead of deleting an account.")
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    objects = UserManager()

    class Meta:
        ordering = ("email",)

    def __str__(self) -> str:
        return self.full_name or self.email

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
        constraints: ClassVar = [models.UniqueConstraint(fields=["user", "client"], name="membership_once")]

    def __str__(self) -> str:
        return f"{self.user} · {self.client} ({self.role.lower()})"
