"""Which invoices their clients are to be reminded of, and what keeps that back."""

from datetime import date
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet

from apps.billing import models, rules


def to_be_reminded(day: date) -> list[UUID]:
    """List the unpaid invoices of which, were it this day everywhere, a reminder could be due."""
    done = models.Reminder.objects.filter(invoice=OuterRef("pk"), level=len(rules.REMINDED_AFTER))
    unpaid = models.Invoice.objects.unpaid().filter(~Exists(done), due_date__lt=day)
    return list(unpaid.order_by("due_date", "pk").values_list("pk", flat=True))


def last_reminder(invoice: models.Invoice) -> tuple[int, date] | None:
    """Return the level and the day of an invoice's last reminder."""
    return invoice.reminders.order_by("-level").values_list("level", "day").first()


def find_hold(invoice: models.Invoice, day: date) -> models.ReminderHold | None:
    """Return what keeps an invoice's reminders back on a day."""
    return models.ReminderHold.objects.in_force(day).of(invoice).select_related("invoice").first()


def in_doubt(reminders: QuerySet[models.Reminder]) -> QuerySet[models.Reminder]:
    """Narrow to the last reminders of unpaid invoices of which a mail may not have arrived."""
    mails = models.ReminderLetter.objects.filter(reminder=OuterRef("pk"), state__in=models.ReminderLetter.IN_DOUBT)
    later = models.Reminder.objects.filter(invoice=OuterRef("invoice"), level__gt=OuterRef("level"))
    return reminders.filter(Exists(mails), ~Exists(later), invoice__state__in=models.Invoice.UNPAID)


def reminded_in_vain(invoices: QuerySet[models.Invoice]) -> QuerySet[models.Invoice]:
    """Narrow to unpaid invoices of which all reminders went out."""
    third = models.Reminder.objects.filter(invoice=OuterRef("pk"), level=len(rules.REMINDED_AFTER))
    return invoices.unpaid().filter(Exists(third))
