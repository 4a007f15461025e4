"""What a client is billed again and again, and which of its periods are billed."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django_fsm import FSMField, transition

from apps.billing.models.invoices import Invoice
from apps.billing.models.quotes import Quote
from apps.billing.models.rates import TaxRate
from apps.identity.models import Client, User
from apps.shared.models import StateModel, UuidModel


class Retainer(UuidModel, StateModel):
    """What a client pays for each period of one, three or twelve months.

    Periods begin on `day` of the month, or on its last day where it is shorter; the first is the first such day on or
    after `start_date`, and none begins after `end_date`. Each is billed whole: nothing is prorated. `next_date` is when
    the next one to be billed begins, None where there is none. `quote` is the accepted one that started it.
    """

    class State(models.TextChoices):
        ACTIVE = "ACTIVE"
        PAUSED = "PAUSED"
        ENDED = "ENDED"

    class Every(models.IntegerChoices):
        MONTH = 1, "month"
        QUARTER = 3, "three months"
        YEAR = 12, "year"

    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="+")
    quote = models.OneToOneField(
        Quote, on_delete=models.PROTECT, related_name="retainer", null=True, blank=True, editable=False
    )
    state = FSMField(choices=State.choices, default=State.ACTIVE, protected=True)
    description = models.TextField()
    price = models.DecimalField(max_digits=18, decimal_places=4, help_text="Of one period, before tax")
    currency = models.CharField(max_length=3)
    tax_rate = models.ForeignKey(TaxRate, on_delete=models.PROTECT, related_name="+")
    every_months = models.PositiveSmallIntegerField(choices=Every)
    day = models.PositiveSmallIntegerField(help_text="Of the month: 31 is its last day")
    start_date = models.DateField()
    end_date = models.DateField(null=True, blank=True)
    is_in_advance = models.BooleanField(default=True, help_text="Billed when a period begins, else when it is over")
    is_issued_by_itself = models.BooleanField(default=False, help_text="Else a person issues each draft")
    uses_credit = models.BooleanField(
        default=False, db_default=False, help_text="What the client has in credit is put to each invoice once issued"
    )
    payment_days = models.PositiveSmallIntegerField()
    next_date = models.DateField(null=True, blank=True)
    reason = models.TextField(blank=True, help_text="Why it is paused or has ended")
    started_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True, blank=True)

    class Meta:
        ordering = ("-id",)
        permissions: ClassVar = [
            ("start_retainer", "Can have a client billed regularly"),
            ("pause_retainer", "Can pause and resume a retainer"),
            ("end_retainer", "Can end a retainer"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(price__gt=0, every_months__in=(1, 3, 12), day__gte=1, day__lte=31)
                & (Q(end_date=None) | Q(end_date__gte=F("start_date"))),
                name="retainer_can_be_billed",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["next_date"], name="retainer_to_bill", condition=Q(state="ACTIVE")),
        ]

    def __str__(self) -> str:
        return self.description.splitlines()[0][:80]

    @transition(field=state, source=State.ACTIVE, target=State.PAUSED)
    def pause(self) -> None:
        """Let no further period be billed."""

    @transition(field=state, source=State.PAUSED, target=State.ACTIVE)
    def resume(self) -> None:
        """Let the periods that begin from now on be billed."""

    @transition(field=state, source=(State.ACTIVE, State.PAUSED), target=State.ENDED)
    def end(self) -> None:
        """Let no period be billed any more."""


class RetainerPeriod(UuidModel):
    """A period of a retainer, and the one invoice that bills it."""

    retainer = models.ForeignKey(Retainer, on_delete=models.PROTECT, related_name="periods")
    start_date = models.DateField()
    end_date = models.DateField(help_text="Its last day")
    invoice = models.OneToOneField(Invoice, on_delete=models.PROTECT, related_name="retainer_period")

    class Meta:
        ordering = ("-start_date",)
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["retainer", "start_date"], name="retainerperiod_billed_once"),
            models.CheckConstraint(condition=Q(end_date__gte=F("start_date")), name="retainerperiod_has_days"),
        ]

    def __str__(self) -> str:
        return f"{self.start_date:%-d %b %Y} to {self.end_date:%-d %b %Y}"
