"""That clients were reminded of what they owe, the letters that told them, and what keeps reminders back."""

from datetime import date
from typing import ClassVar, Self

import pgtrigger
from django.db import models
from django.db.models import F, Q

from apps.billing.models.invoices import Invoice
from apps.billing.models.lines import Amount
from apps.identity.models import Client, User
from apps.shared.models import PostedModel, UuidModel


class Reminder(UuidModel):
    """That a client was reminded of an unpaid invoice for the first, second or third time; it never changes.

    `day` is the day where the client is, and `open` what was to be paid then. Without `by`, the schedule did it.
    """

    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="+")
    invoice = models.ForeignKey(Invoice, on_delete=models.PROTECT, related_name="reminders")
    level = models.PositiveSmallIntegerField()
    day = models.DateField()
    open = Amount()
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True, blank=True)

    class Meta:
        ordering = ("-id",)
        permissions: ClassVar = [
            ("remind_client", "Can remind a client of an invoice"),
            ("hold_reminders", "Can keep reminders back, and let them go again"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["invoice", "level"], name="reminder_once_per_level"),
            models.UniqueConstraint(fields=["invoice", "day"], name="reminder_once_a_day"),
            models.CheckConstraint(condition=Q(level__gte=1, level__lte=3, open__gt=0), name="reminder_of_three"),
        ]
        triggers: ClassVar = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"Reminder {self.level} of {self.invoice}"


class ReminderLetter(PostedModel):
    """A mail that reminds one of a client's people, once."""

    reminder = models.ForeignKey(Reminder, on_delete=models.PROTECT, related_name="letters")
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ("id",)
        constraints: ClassVar = [models.UniqueConstraint(fields=["reminder", "user"], name="reminderletter_once")]
        indexes: ClassVar = [
            models.Index(fields=["id"], name="reminderletter_to_send", condition=Q(state__in=("WAITING", "SENDING"))),
        ]

    def __str__(self) -> str:
        return f"{self.reminder} to {self.user}"


class ReminderHoldQuerySet(models.QuerySet):
    """Holds, by whether they keep something back."""

    def in_force(self, day: date) -> Self:
        """Narrow to those that keep reminders back on a day."""
        return self.filter(released_at=None).filter(Q(until_date=None) | Q(until_date__gte=day))

    def of(self, invoice: Invoice) -> Self:
        """Narrow to those that keep back the reminders of an invoice: its own, and its client's."""
        return self.filter(client_id=invoice.client_id).filter(Q(invoice=invoice) | Q(invoice=None))


class ReminderHold(UuidModel):
    """Keeps an invoice's reminders back up to a day; without an invoice, all of the client's, for good if need be."""

    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="+")
    invoice = models.ForeignKey(Invoice, on_delete=models.PROTECT, related_name="holds", null=True, blank=True)
    until_date = models.DateField(null=True, blank=True, help_text="The last day, where the client is")
    reason = models.TextField()
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    released_at = models.DateTimeField(null=True, blank=True)

    objects = ReminderHoldQuerySet.as_manager()

    class Meta:
        ordering = ("-id",)
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~Q(reason="") & (Q(invoice=None) | Q(until_date__isnull=False)),
                name="reminderhold_of_an_invoice_ends",
            ),
        ]
        indexes: ClassVar = [
            models.Index(F("client"), name="reminderhold_in_force", condition=Q(released_at__isnull=True)),
        ]

    def __str__(self) -> str:
        until = f"until {self.until_date:%-d %b %Y}" if self.until_date else "until released"
        return f"{self.invoice or 'All invoices'} {until}"
