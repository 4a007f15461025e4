"""Deals: what is being agreed on with a lead, until a client comes of it or nothing."""

from decimal import Decimal
from typing import ClassVar, Self

import pgtrigger
from django.db import models
from django.db.models import F, Q, QuerySet, Sum
from django_fsm import FSMField, transition

from apps.cam.api import dtos
from apps.cam.models.leads import Lead
from apps.cam.rules.deals import deposit_of
from apps.identity.models import User
from apps.shared.dtos import Money
from apps.shared.models import StateModel, UuidModel

_AGREED = (
    *("state", "value", "currency", "deposit_percent", "deposit_amount", "included_revision_rounds", "company"),
    *("contract_start_date", "contract_end_date", "contact_name", "contact_email", "country", "time_zone", "language"),
    *("reason", "closed_at", "closed_by_id"),
)
_IS_CHANGED = " OR ".join(f"OLD.{column} IS DISTINCT FROM NEW.{column}" for column in _AGREED)
_CLOSED_STAYS = """
    RAISE EXCEPTION 'Deal % is % and does not change.', OLD.id, OLD.state
        USING ERRCODE = 'check_violation', CONSTRAINT = 'deal_closed_stays_as_it_is';
"""


class DealQuerySet(QuerySet["Deal"]):
    """Deals, and what they come to."""

    def open(self) -> Self:
        """Narrow to deals that are neither won nor lost."""
        return self.filter(state=Deal.State.OPEN)

    def totals(self) -> list[dict[str, object]]:
        """Return for each currency what the deals come to: its sum, and that weighted by how likely each is."""
        weighted = Sum(F("value") * F("probability") / Decimal(100), filter=Q(probability__isnull=False))
        sums = self.order_by().values("currency").annotate(sum=Sum("value"), weighted=weighted)
        return list(sums.order_by("currency"))


class Deal(StateModel, UuidModel):
    """What is being agreed on with one lead, who has one open deal at a time; won or lost it stays as it was."""

    class State(models.TextChoices):
        OPEN = "OPEN"
        WON = "WON"
        LOST = "LOST"

    lead = models.ForeignKey(Lead, on_delete=models.PROTECT, related_name="deals")
    value = models.DecimalField(max_digits=14, decimal_places=2)
    currency = models.CharField(max_length=3, help_text="ISO 4217, three letters")
    probability = models.PositiveSmallIntegerField(null=True, blank=True, help_text="In percent")
    expected_close_date = models.DateField(null=True, blank=True)
    deposit_percent = models.DecimalField(
        max_digits=5, decimal_places=2, null=True, blank=True, help_text="Of the value, to be paid before work begins"
    )
    deposit_amount = models.DecimalField(
        max_digits=14, decimal_places=2, null=True, blank=True, help_text="To be paid before work begins"
    )
    included_revision_rounds = models.PositiveSmallIntegerField(default=2)
    contract_start_date = models.DateField(null=True, blank=True)
    contract_end_date = models.DateField(null=True, blank=True)
    company = models.CharField(max_length=200, blank=True)
    contact_name = models.CharField(max_length=150, blank=True)
    contact_email = models.CharField(max_length=254, blank=True)
    country = models.CharField(max_length=2, blank=True, help_text="ISO 3166, empty where it is unknown")
    time_zone = models.CharField(max_length=64, blank=True)
    language = models.CharField(max_length=8, default="en", help_text="In which we write to the contact")
    state = FSMField(choices=State.choices, default=State.OPEN, protected=True)
    reason = models.TextField(blank=True, help_text="Why it was lost, or what was said when it was won")
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    objects = DealQuerySet.as_manager()

    class Meta:
        ordering = ("-id",)
        permissions: ClassVar = [
            ("open_deal", "Can open a deal with a lead"),
            ("win_deal", "Can win a deal, which makes a client"),
            ("lose_deal", "Can give a deal up"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["lead"], name="deal_open_once_per_lead", condition=Q(state="OPEN")),
            models.CheckConstraint(condition=Q(state__in=["OPEN", "WON", "LOST"]), name="deal_state_is_known"),
            models.CheckConstraint(condition=Q(value__gt=0), name="deal_has_a_value"),
            models.CheckConstraint(condition=Q(currency__regex="^[A-Z]{3}$"), name="deal_currency_is_a_code"),
            models.CheckConstraint(
                condition=Q(probability__isnull=True) | Q(probability__lte=100), name="deal_probability_is_a_share"
            ),
            models.CheckConstraint(
                condition=Q(deposit_percent__isnull=True) | Q(deposit_percent__gte=0, deposit_percent__lte=100),
                name="deal_deposit_is_a_share",
            ),
            models.CheckConstraint(
                condition=Q(deposit_amount__isnull=True)
                | Q(deposit_percent__isnull=True, deposit_amount__gte=0, deposit_amount__lte=F("value")),
                name="deal_deposit_is_a_part",
            ),
            models.CheckConstraint(
                condition=Q(contract_start_date__isnull=True)
                | Q(contract_end_date__isnull=True)
                | Q(contract_end_date__gte=F("contract_start_date")),
                name="deal_contract_ends_after_it_starts",
            ),
            models.CheckConstraint(
                condition=Q(state="OPEN", closed_at__isnull=True, closed_by__isnull=True)
                | ~Q(state="OPEN") & Q(closed_at__isnull=False),
                name="deal_closed_says_when",
            ),
            models.CheckConstraint(condition=~Q(state="LOST") | ~Q(reason=""), name="deal_lost_says_why"),
            models.CheckConstraint(
                condition=~Q(state="WON") | ~Q(company="") & ~Q(contact_email="") & ~Q(country="") & ~Q(time_zone=""),
                name="deal_won_names_its_client",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["expected_close_date", "id"], name="deal_open", condition=Q(state="OPEN")),
        ]
        triggers: ClassVar = [
            pgtrigger.Trigger(
                name="closed_stays_as_it_is",
                level=pgtrigger.Row,
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition(f"OLD.state <> 'OPEN' AND ({_IS_CHANGED})"),
                func=_CLOSED_STAYS,
            )
        ]

    def __str__(self) -> str:
        return self.company or f"Deal {str(self.pk)[-6:]}"

    @property
    def is_open(self) -> bool:
        """Whether it is neither won nor lost."""
        return self.state == self.State.OPEN

    @property
    def said(self) -> str:
        """What it is worth, in words."""
        return str(self.worth)

    @property
    def worth(self) -> Money:
        """What it is worth."""
        return Money(amount=self.value, currency=self.currency)

    @property
    def terms(self) -> dtos.DealTerms:
        """What it says."""
        names = dtos.DealTerms.model_fields.keys() - {"value"}
        return dtos.DealTerms(value=self.worth, **{name: getattr(self, name) for name in names})

    @property
    def deposit(self) -> Money:
        """What the client pays before the work begins; nought for nothing."""
        return Money(amount=deposit_of(self.terms), currency=self.currency)

    @staticmethod
    def columns_of(terms: dtos.DealTerms) -> dict[str, object]:
        """Return what terms say, by column."""
        said = {name: getattr(terms, name) for name in dtos.DealTerms.model_fields if name != "value"}
        return {**said, "value": terms.value.amount, "currency": terms.value.currency}

    @transition(field=state, source=State.OPEN, target=State.WON)
    def win(self) -> None:
        """Become a client's contract."""

    @transition(field=state, source=State.OPEN, target=State.LOST)
    def lose(self) -> None:
        """Come to nothing."""

    def as_signed_client(self) -> dtos.SignedClient:
        """Return what a won deal makes of its lead."""
        said = dtos.SignedClient.model_fields.keys() & dtos.DealTerms.model_fields.keys() - {"value"}
        return dtos.SignedClient(
            deal_id=self.pk,
            lead_id=self.lead_id,
            value=self.worth,
            deposit=self.deposit if self.deposit.amount else None,
            signed_at=self.closed_at,
            signed_by=self.closed_by_id,
            **{name: getattr(self, name) for name in said},
        )
