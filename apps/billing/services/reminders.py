"""Reminding clients of what they owe: three times at most, by one mail to each who may see it. No fee is charged."""

from datetime import date, datetime, timedelta
from functools import partial
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction
from django.urls import reverse

from apps.billing import queries, rules
from apps.billing.api import events
from apps.billing.models import Invoice, Reminder, ReminderHold, ReminderLetter
from apps.billing.rules import BillingRefused
from apps.billing.services.answers import EASTMOST
from apps.billing.services.quotes import local_day
from apps.billing.services.records import lock_invoice, money, require_reason, tell
from apps.identity.models import Client
from apps.shared.events import AuditNote, publish
from apps.shared.gateways import email
from apps.shared.gateways.halt import why_halted
from apps.shared.gateways.proof import is_proof_mode
from apps.shared.models import snapshot
from apps.shared.post import Bell, Post, letter_of
from apps.shared.resilience import OneByOne
from apps.shared.workflow import TransientFailure

FROM_HOUR = 9
"""Where the client is: nobody is reminded in the night."""
LONGEST_HOLD = timedelta(days=366)


class Halted(TransientFailure):
    """Everything is stopped: the letter waits."""


def remind_clients(*, at: datetime) -> int:
    """Remind the clients of every invoice of which a reminder is due where they are, one by one; return how many.

    Nothing is asked for while everything is stopped, or in proof mode: no level is spent on a mail that nobody gets.
    """
    if why_halted() or is_proof_mode():
        return 0
    with OneByOne() as invoices:
        return sum(invoices.do(partial(_remind_if_due, at=at), queries.to_be_reminded((at + EASTMOST).date())))


@transaction.atomic
def remind_now(invoice_id: UUID, *, by: UUID | None, at: datetime) -> Reminder:
    """Send the next reminder of an overdue invoice before its day.

    Raises BillingRefused where none can go: not overdue, held back, all three or one today sent, nobody to be told.
    """
    invoice = _lock(invoice_id)
    day = local_day(invoice.client, at)
    if why := why_not_reminded(invoice, day):
        raise BillingRefused("invoice", why)
    reminder = _remind(invoice, day, by=by)
    if reminder is None:
        raise BillingRefused("client", f"nobody of {invoice.client} may see its invoices: invite somebody first.")
    return reminder


def why_not_reminded(invoice: Invoice, day: date) -> str:
    """Return why no reminder of an invoice can go on a day, empty where one can."""
    last = queries.last_reminder(invoice)
    if not invoice.is_unpaid or invoice.due_date >= day:
        return f"{invoice} is not overdue."
    if rules.next_reminder(invoice.due_date, last) is None:
        return "All three reminders went out: call, or agree on something."
    if last is not None and last[1] >= day:
        return "It was reminded of today already."
    if hold := queries.find_hold(invoice, day):
        return f"Its reminders are held back ({hold}): {hold.reason}"
    return ""


@transaction.atomic
def hold_reminders(
    client: Client, *, invoice_id: UUID | None, until_date: date | None, reason: str, by: UUID | None, at: datetime
) -> ReminderHold:
    """Keep the reminders of an invoice back up to a day; or all of a client's, without a day until they are released.

    Raises BillingRefused without a reason, and for a day that cannot be.
    """
    reason, today = require_reason(reason), local_day(client, at)
    if until_date is None and invoice_id is not None:
        raise BillingRefused("until_date", "is missing; only all of a client's reminders are held without an end.")
    if until_date is not None and not today <= until_date <= today + LONGEST_HOLD:
        raise BillingRefused("until_date", "is to be today or later, and at most a year from now.")
    if invoice_id is not None and lock_invoice(invoice_id).client_id != client.pk:
        raise BillingRefused("invoice", "is another client's.")
    hold = ReminderHold.objects.create(
        client=client, invoice_id=invoice_id, until_date=until_date, reason=reason, by_id=by
    )
    event = events.RemindersHeld(
        client_id=client.pk, aggregate_id=hold.pk, invoice_id=invoice_id, until_date=until_date, reason=reason
    )
    publish(event, AuditNote(actor_id=by, after=snapshot(hold)))
    return hold


@transaction.atomic
def release_reminders(hold_id: UUID, *, reason: str, by: UUID | None, at: datetime) -> ReminderHold:
    """Let reminders go out again that were held back. Raises BillingRefused without a reason, and the second time."""
    reason, hold = require_reason(reason), ReminderHold.objects.select_for_update().get(pk=hold_id)
    if hold.released_at is not None:
        raise BillingRefused("hold", "is released already.")
    before, hold.released_at = snapshot(hold), at
    hold.save()
    event = events.RemindersReleased(
        client_id=hold.client_id, aggregate_id=hold.pk, invoice_id=hold.invoice_id, reason=reason
    )
    publish(event, AuditNote(actor_id=by, before=before, after=snapshot(hold)))
    return hold


@transaction.atomic
def send_again(reminder_id: UUID, *, by: UUID | None, at: datetime) -> Reminder:
    """Have those mails of a reminder sent once more that may not have arrived.

    Raises BillingRefused where there is none, nothing is to be paid any more, or reminders are held back.
    """
    reminder, letters = _lock_in_doubt(reminder_id)
    invoice = _lock(reminder.invoice_id)
    if not invoice.is_unpaid:
        raise BillingRefused("invoice", f"{invoice} is {invoice.state}: nobody is reminded of it any more.")
    if hold := queries.find_hold(invoice, local_day(invoice.client, at)):
        raise BillingRefused("invoice", f"its reminders are held back ({hold}): {hold.reason}")
    for letter in letters:
        letter.state = ReminderLetter.State.WAITING
        letter.save(update_fields=["state", "updated_at"])
        note = AuditNote(actor_id=by, after={"letter": str(letter.pk), "user": str(letter.user_id)})
        tell(events.ReminderRetried, invoice, note, number=invoice.number, level=reminder.level)
        bell.ring_after_commit(letter.pk)
    return reminder


@transaction.atomic
def confirm_arrival(reminder_id: UUID, *, reason: str, by: UUID | None, at: datetime) -> Reminder:
    """Note of those mails of a reminder that were in doubt that the client has them.

    Raises BillingRefused without a reason, and where none is in doubt.
    """
    reason, (reminder, letters) = require_reason(reason), _lock_in_doubt(reminder_id)
    for letter in letters:
        letter.state, letter.ended_at = ReminderLetter.State.SENT, at
        letter.save(update_fields=["state", "ended_at", "updated_at"])
        _tell(letter, by=by, reason=reason)
    return reminder


def send_letter(letter_id: UUID, *, at: datetime) -> bool:
    """Mail a letter that waits; return whether it went out. Of what is paid, void or held back by now none is sent.

    Raises TransientFailure while everything is stopped or the mail server is ill; the letter then waits.
    """
    return post(at).send(letter_id, at=at)


def sweep_letters(*, at: datetime) -> int:
    """Call doubtful what a killed worker began, and mail what waits although its message got lost; return how many."""
    return post(at).sweep(at=at)


def preview_of(invoice: Invoice, day: date, language: str = "") -> email.Letter:
    """Return the letter that the next reminder of an invoice would be, to nobody yet."""
    level, _ = rules.next_reminder(invoice.due_date, queries.last_reminder(invoice)) or (len(rules.REMINDED_AFTER), day)
    return _letter(invoice, level, day, to="", key="", language=language)


def _lock(invoice_id: UUID) -> Invoice:
    return Invoice.objects.select_for_update(of=("self",)).select_related("client").get(pk=invoice_id)


def _lock_in_doubt(reminder_id: UUID) -> tuple[Reminder, list[ReminderLetter]]:
    """Return a reminder with its mails that may not have arrived, locked before their invoice as `_write` does."""
    reminder = Reminder.objects.get(pk=reminder_id)
    doubtful = reminder.letters.select_for_update().filter(state__in=ReminderLetter.IN_DOUBT).order_by("pk")
    if not (letters := list(doubtful)):
        raise BillingRefused("reminder", "none of its mails is in doubt any more.")
    return reminder, letters


@transaction.atomic
def _remind_if_due(invoice_id: UUID, *, at: datetime) -> bool:
    invoice = _lock(invoice_id)
    there = at.astimezone(ZoneInfo(invoice.client.time_zone))
    due = rules.next_reminder(invoice.due_date, queries.last_reminder(invoice))
    if due is None or there.date() < due[1] or there.hour < FROM_HOUR or why_not_reminded(invoice, there.date()):
        return False
    return _remind(invoice, there.date(), by=None) is not None


def _remind(invoice: Invoice, day: date, *, by: UUID | None) -> Reminder | None:
    """Store the next reminder and its letters; nothing where nobody could be told, so that no level is spent on it."""
    payers = queries.payers_of(invoice.client_id)
    level, _ = rules.next_reminder(invoice.due_date, queries.last_reminder(invoice)) or (0, day)
    if not payers or not level:
        return None
    reminder = Reminder.objects.create(
        client_id=invoice.client_id, invoice=invoice, level=level, day=day, open=invoice.still_open, by_id=by
    )
    for user_id in payers:
        letter = ReminderLetter.objects.create(reminder=reminder, user_id=user_id)
        bell.ring_after_commit(letter.pk)
    told = {"number": invoice.number, "level": level, "open": money(invoice, reminder.open)}
    note = AuditNote(actor_id=by, after={"level": str(level), "letters": str(len(payers))})
    tell(events.InvoiceReminded, invoice, note, days_overdue=(day - invoice.due_date).days, **told)
    return reminder


def _write(row: ReminderLetter, at: datetime) -> email.Letter | None:
    """Look again, with the invoice locked: a payment that came first is seen, one that comes now waits."""
    if why := why_halted():
        raise Halted(why)
    reminder = row.reminder
    invoice = _lock(reminder.invoice_id)
    day = local_day(invoice.client, at)
    if (
        not invoice.is_unpaid
        or queries.find_hold(invoice, day)
        or row.user_id not in queries.payers_of(invoice.client_id)
    ):
        return None
    key = f"reminder-letter/{row.pk}"
    return _letter(invoice, reminder.level, day, to=row.user.email, key=key, language=row.user.language)


def _letter(invoice: Invoice, level: int, day: date, *, to: str, key: str, language: str) -> email.Letter:
    facts = {
        "client": invoice.client,
        "invoice": invoice,
        "level": level,
        "open": rules.say(invoice.still_open, invoice.currency),
        "days": (day - invoice.due_date).days,
        "link": settings.BASE_URL + reverse("portal-invoice", args=[invoice.pk]),
        "pdf": settings.BASE_URL + reverse("portal-invoice-pdf", args=[invoice.pk]),
    }
    return letter_of("billing/mail/reminder", facts, to=to, key=key, language=language)


def _tell(row: ReminderLetter, *, by: UUID | None = None, reason: str = "") -> None:
    reminder = Reminder.objects.select_related("invoice").get(pk=row.reminder_id)
    after = {"letter": str(row.pk), "user": str(row.user_id), "outcome": row.state}
    note = AuditNote(actor_id=by, reason=reason, after=after)
    told = {"number": reminder.invoice.number, "level": reminder.level, "outcome": row.state}
    tell(events.ReminderMailed, reminder.invoice, note, **told)


def post(at: datetime) -> Post:
    """Return what sends the letters, as it stands at this moment."""
    return Post(rows=ReminderLetter, write=partial(_write, at=at), tell=_tell, bell=bell)


bell = Bell()
register_bell = bell.register
