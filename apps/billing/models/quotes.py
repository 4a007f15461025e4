"""Quotes: what a client is offered. The database itself keeps what was sent as it is, and the answer to it."""

from typing import ClassVar, Self

import pgtrigger
from django.db import models
from django.db.models import Deferrable, F, Q
from django_fsm import FSMField, transition

from apps.billing.models.lines import Amount, LineModel, sums_at_commit, touched
from apps.billing.models.rates import TaxRate
from apps.identity.models import Client, User
from apps.shared.models import PostedModel, StateModel, UuidModel

FROZEN = (
    *("client_id", "version", "replaces_id", "currency", "number", "sequence", "issue_date", "valid_until_date"),
    *("deposit_percent", "deposit_amount", "terms", "subtotal", "tax", "total", "sha256", "sent_at"),
)
DECIDED = ("state", "decided_at", "decided_by_id", "signed_name", "reason")
FOLLOWS = Q(state="DRAFT") | Q(number__isnull=False)
"""A later version that is being written or was sent. One that was put aside unsent follows nothing."""

_REFUSE_LINE_OF_SENT = """
    -- Locked, so that nobody sends it meanwhile.
    SELECT number INTO sent FROM billing_quote
    WHERE id = CASE WHEN TG_OP = 'DELETE' THEN OLD.quote_id ELSE NEW.quote_id END FOR SHARE;
    IF sent IS NULL AND TG_OP = 'UPDATE' THEN
        SELECT number INTO sent FROM billing_quote WHERE id = OLD.quote_id FOR SHARE;
    END IF;
    IF sent IS NOT NULL THEN
        RAISE EXCEPTION 'Quote % is sent: its lines do not change. Revise it.', sent
            USING ERRCODE = 'check_violation', CONSTRAINT = 'quoteline_of_sent_never_changes';
    END IF;
    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
    RETURN NEW;
"""
_SUMS_ADD_UP = """
    SELECT subtotal, tax INTO told FROM billing_quote WHERE id = of_quote;
    IF NOT FOUND THEN
        RETURN NULL;  -- a draft that goes takes its lines with it
    END IF;
    SELECT COALESCE(SUM(net), 0), COALESCE(SUM(tax), 0) INTO summed FROM billing_quoteline WHERE quote_id = of_quote;
    IF told IS DISTINCT FROM summed THEN
        RAISE EXCEPTION 'Quote % says % of subtotal and tax; its lines sum to %.', of_quote, told, summed
            USING ERRCODE = 'check_violation', CONSTRAINT = 'quote_sums_add_up';
    END IF;
    RETURN NULL;
"""


def _sums_add_up(operation: pgtrigger.Operation, column: str) -> pgtrigger.Trigger:
    return sums_at_commit("of_quote", _SUMS_ADD_UP, operation, column)


def _of_sent_never_changes() -> pgtrigger.Trigger:
    return pgtrigger.Trigger(
        name="of_sent_never_changes",
        level=pgtrigger.Row,
        when=pgtrigger.Before,
        operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
        func=_REFUSE_LINE_OF_SENT,
        declare=[("sent", "text")],
    )


class QuoteQuerySet(models.QuerySet):
    """Quotes, by what is to be done about them."""

    def sent(self) -> Self:
        """Narrow to quotes that went out: what their clients see."""
        return self.filter(number__isnull=False)

    def following(self) -> Self:
        """Narrow later versions to those that count: put aside unsent, one leaves room for another."""
        return self.filter(FOLLOWS)

    def waiting(self) -> Self:
        """Narrow to those that wait for their client's answer."""
        return self.filter(state=Quote.State.SENT)


class Quote(StateModel, UuidModel):
    """One version of an offer to a client; what was sent never changes, a later version is a further quote.

    `deposit_percent` or `deposit_amount` (before tax) is asked for before the work begins; neither, and the whole is
    billed once the client has accepted.
    """

    class State(models.TextChoices):
        DRAFT = "DRAFT"
        SENT = "SENT"
        ACCEPTED = "ACCEPTED"
        DECLINED = "DECLINED"
        EXPIRED = "EXPIRED"
        WITHDRAWN = "WITHDRAWN"

    REVISABLE = ("SENT", "DECLINED", "EXPIRED", "WITHDRAWN")

    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="+")
    version = models.PositiveSmallIntegerField(default=1)
    replaces = models.ForeignKey("self", on_delete=models.PROTECT, related_name="later", null=True, blank=True)
    currency = models.CharField(max_length=3, help_text="ISO 4217, three letters")
    state = FSMField(choices=State.choices, default=State.DRAFT, protected=True)
    number = models.CharField(max_length=32, null=True, blank=True, unique=True, help_text="Given when it is sent")
    sequence = models.PositiveIntegerField(null=True, blank=True)
    issue_date = models.DateField(null=True, blank=True)
    valid_until_date = models.DateField(help_text="The last day on which the client can accept it, where the client is")
    deposit_percent = models.DecimalField(max_digits=5, decimal_places=2, null=True, blank=True)
    deposit_amount = Amount(null=True, blank=True, default=None)
    terms = models.TextField(blank=True)
    subtotal = Amount()
    tax = Amount()
    total = Amount()
    sha256 = models.CharField(max_length=64, blank=True, help_text="Of all that it says, since it was sent")
    sent_at = models.DateTimeField(null=True, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    signed_name = models.CharField(max_length=200, blank=True, help_text="The name that was typed to accept it")
    reason = models.TextField(blank=True, help_text="Why it was declined or withdrawn")

    objects = QuoteQuerySet.as_manager()

    class Meta:
        ordering = ("-id",)
        permissions: ClassVar = [
            ("draft_quote", "Can draft quotes, change and revise them"),
            ("send_quote", "Can send a quote"),
            ("withdraw_quote", "Can withdraw a quote"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["replaces"], condition=FOLLOWS, name="quote_replaced_once"),
            models.CheckConstraint(condition=Q(total=F("subtotal") + F("tax")), name="quote_total_is_the_sum"),
            models.CheckConstraint(condition=Q(subtotal__gte=0, tax__gte=0), name="quote_never_below_nought"),
            models.CheckConstraint(
                condition=Q(version=1, replaces__isnull=True) | Q(version__gt=1, replaces__isnull=False),
                name="quote_later_version_replaces",
            ),
            models.CheckConstraint(
                condition=Q(deposit_percent__isnull=True, deposit_amount__isnull=True)
                | Q(deposit_percent__gt=0, deposit_percent__lte=100, deposit_amount__isnull=True)
                | Q(deposit_percent__isnull=True, deposit_amount__gt=0),
                name="quote_deposit_is_one_share",
            ),
            models.CheckConstraint(
                condition=Q(
                    state__in=("DRAFT", "WITHDRAWN"),
                    number__isnull=True,
                    sequence__isnull=True,
                    issue_date__isnull=True,
                    sent_at__isnull=True,
                    sha256="",
                )
                | Q(
                    ~Q(state="DRAFT"),
                    ~Q(sha256=""),
                    number__isnull=False,
                    sequence__isnull=False,
                    issue_date__isnull=False,
                    sent_at__isnull=False,
                ),
                name="quote_numbered_when_sent",
            ),
            models.CheckConstraint(
                condition=(Q(state="ACCEPTED", decided_at__isnull=False, decided_by__isnull=False) & ~Q(signed_name=""))
                | (
                    Q(state="DECLINED", decided_at__isnull=False, decided_by__isnull=False, signed_name="")
                    & ~Q(reason="")
                )
                | Q(
                    ~Q(state__in=("ACCEPTED", "DECLINED")),
                    decided_at__isnull=True,
                    decided_by__isnull=True,
                    signed_name="",
                ),
                name="quote_decision_is_evidence",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["valid_until_date"], name="quote_waiting", condition=Q(state="SENT")),
            models.Index(fields=["id"], name="quote_to_send", condition=Q(state="DRAFT")),
        ]
        triggers: ClassVar = [
            pgtrigger.Protect(
                name="sent_never_changes",
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition(f"OLD.number IS NOT NULL AND ({touched(FROZEN)})"),
            ),
            pgtrigger.Protect(
                name="decision_never_changes",
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition(f"OLD.decided_at IS NOT NULL AND ({touched(DECIDED)})"),
            ),
            pgtrigger.Protect(
                name="sent_is_never_deleted",
                operation=pgtrigger.Delete,
                condition=pgtrigger.Condition("OLD.number IS NOT NULL"),
            ),
            _sums_add_up(pgtrigger.Insert | pgtrigger.UpdateOf("subtotal", "tax"), "id"),
        ]

    def __str__(self) -> str:
        return self.number or "Draft quote"

    @property
    def is_draft(self) -> bool:
        """Whether it may still change."""
        return self.state == self.State.DRAFT

    @property
    def has_deposit(self) -> bool:
        """Whether a part of it is to be paid before the work begins."""
        return self.deposit_percent is not None or self.deposit_amount is not None

    @transition(field=state, source=State.DRAFT, target=State.SENT)
    def send(self) -> None:
        """Put it in front of the client; its number and hash are given in the same breath."""

    @transition(field=state, source=State.SENT, target=State.ACCEPTED)
    def accept(self) -> None:
        """The client takes it."""

    @transition(field=state, source=State.SENT, target=State.DECLINED)
    def decline(self) -> None:
        """The client does not want it."""

    @transition(field=state, source=State.SENT, target=State.EXPIRED)
    def expire(self) -> None:
        """The client did not answer in time."""

    @transition(field=state, source=(State.DRAFT, State.SENT), target=State.WITHDRAWN)
    def withdraw(self) -> None:
        """It is offered no more: put aside, taken back, or replaced by a later version."""


class QuoteLine(LineModel):
    """Something that a quote offers. Without a price or a rate it is open, and the quote cannot be sent."""

    quote = models.ForeignKey(Quote, on_delete=models.CASCADE, related_name="lines")

    class Meta(LineModel.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["quote", "position"], name="quoteline_position_once", deferrable=Deferrable.DEFERRED
            ),
            *LineModel.Meta.constraints,
        ]
        triggers: ClassVar = [
            _of_sent_never_changes(),
            _sums_add_up(pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete, "quote_id"),
        ]

    def __str__(self) -> str:
        return f"Line {self.position}"


class QuotedRetainer(UuidModel):
    """What a quote offers month by month beside its lines; once the quote is accepted, a retainer bills it.

    `price` and the `tax` on it are those of one month. Without `months` it is agreed until notice.
    """

    quote = models.OneToOneField(Quote, on_delete=models.CASCADE, related_name="monthly")
    description = models.TextField()
    price = Amount()
    tax_rate = models.ForeignKey(TaxRate, on_delete=models.PROTECT, related_name="+")
    tax_percent = models.DecimalField(max_digits=6, decimal_places=3)
    tax_category = models.CharField(max_length=16, choices=TaxRate.Category)
    tax = Amount()
    start_date = models.DateField(help_text="On which the first month begins")
    months = models.PositiveSmallIntegerField(null=True, blank=True, help_text="Empty: until notice")

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(price__gt=0, tax__gte=0) & (Q(months=None) | Q(months__gte=1)),
                name="quotedretainer_can_be_billed",
            ),
        ]
        triggers: ClassVar = [_of_sent_never_changes()]

    def __str__(self) -> str:
        return f"Monthly, {self.quote}"


class QuoteLetter(PostedModel):
    """A mail that tells one of a client's people of a quote, once."""

    quote = models.ForeignKey(Quote, on_delete=models.CASCADE, related_name="letters")
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ("id",)
        constraints: ClassVar = [models.UniqueConstraint(fields=["quote", "user"], name="quoteletter_once")]
        indexes: ClassVar = [
            models.Index(fields=["id"], name="quoteletter_to_send", condition=Q(state__in=("WAITING", "SENDING"))),
        ]

    def __str__(self) -> str:
        return f"{self.quote} to {self.user}"
