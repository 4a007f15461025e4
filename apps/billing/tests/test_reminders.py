"""A reminder of an overdue invoice …"""

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import IntegrityError, transaction

from apps.billing import queries, rules, tasks
from apps.billing.models import Invoice, Reminder, ReminderHold, ReminderLetter
from apps.billing.rules import BillingRefused
from apps.billing.services import issuing, reminders
from apps.billing.tests.factories import AT, an_invoice, pay
from apps.identity.models import Client, User
from apps.identity.tests.factories import MembershipFactory, UserFactory
from apps.shared.gateways import halt, proof
from apps.shared.tests.mailbox import Mailbox


@pytest.fixture(autouse=True)
def _for_real(monkeypatch: pytest.MonkeyPatch) -> None:
    """Take everybody out of proof mode: the mails below go to a mailbox of ours, or nowhere."""
    monkeypatch.setattr(proof, "_ask", lambda: False)


@pytest.fixture
def invoice(acme: Client, anna: User) -> Invoice:
    return an_invoice(acme)


def later(invoice: Invoice, days: int, hour: int = 12) -> datetime:
    """Return an hour where the client is, so many days after the invoice was due."""
    zone = ZoneInfo(invoice.client.time_zone)
    return datetime.combine(invoice.due_date + timedelta(days=days), time(hour), zone)


def levels(invoice: Invoice) -> list[tuple[int, int]]:
    """Return each reminder's level, and how many days after the due day it went."""
    return [(each.level, (each.day - invoice.due_date).days) for each in invoice.reminders.order_by("level")]


def send_all(at: datetime) -> None:
    for letter in ReminderLetter.objects.all():
        reminders.send_letter(letter.pk, at=at)


def test_goes_3_10_and_21_days_after_the_due_day_and_no_more(invoice: Invoice, told: list) -> None:
    for hours in range(0, 24 * 40, 5):
        reminders.remind_clients(at=later(invoice, 0, 0) + timedelta(hours=hours))
    assert levels(invoice) == [(1, 3), (2, 10), (3, 21)]
    said = [
        (event.level, event.days_overdue, event.open.amount) for event, _ in told if event.name == "InvoiceReminded"
    ]
    assert said == [(1, 3, 123), (2, 10, 123), (3, 21, 123)]


def test_catches_up_after_an_outage_in_order_and_leaves_the_time_between(invoice: Invoice) -> None:
    for days in range(12, 60):
        for hour in (10, 15):
            reminders.remind_clients(at=later(invoice, days, hour))
    assert levels(invoice) == [(1, 12), (2, 19), (3, 30)]


@pytest.mark.parametrize("zone", ["Pacific/Kiritimati", "Pacific/Pago_Pago", "America/New_York", "Europe/Dublin"])
def test_goes_on_the_clients_day_and_not_in_its_night(acme: Client, anna: User, zone: str) -> None:
    acme.time_zone = zone
    acme.save()
    invoice = an_invoice(acme)
    assert reminders.remind_clients(at=later(invoice, 2, 23)) == 0
    assert reminders.remind_clients(at=later(invoice, 3, 8)) == 0
    assert reminders.remind_clients(at=later(invoice, 3, 9)) == 1


@pytest.mark.parametrize("changes", [date(2026, 3, 29), date(2026, 10, 25)])
def test_counts_days_and_not_hours_over_a_change_of_the_clocks(acme: Client, anna: User, changes: date) -> None:
    issued = datetime.combine(changes - timedelta(days=2), time(12), UTC)
    invoice = an_invoice(acme, at=issued, payment_days=0)
    assert reminders.remind_clients(at=later(invoice, 2, 23)) == 0
    assert reminders.remind_clients(at=later(invoice, 3, 9)) == 1


def test_tells_the_open_amount_and_leads_to_the_invoice(
    invoice: Invoice, anna: User, mailbox: Mailbox, settings: Any
) -> None:
    settings.BASE_URL = "https://desk.agency.example"
    pay(invoice, 23)
    reminders.remind_clients(at=later(invoice, 3))
    send_all(later(invoice, 3))
    send_all(later(invoice, 3))
    (letter,) = mailbox.letters
    assert mailbox.recipients == [[anna.email]]
    assert letter["Subject"] == f"AICMO: Invoice {invoice.number}: is it on its way?"
    for kind in ("plain", "html"):
        body = " ".join(letter.get_body((kind,)).get_content().split())
        assert "100.00 EUR of it is open" in body
        assert f"https://desk.agency.example/portal/invoices/{invoice.pk}/pdf" in body


def test_is_worded_more_firmly_each_time_and_in_the_readers_language(acme: Client, mailbox: Mailbox) -> None:
    MembershipFactory(client=acme, user__language="de")
    invoice = an_invoice(acme)
    for days in (3, 10, 21):
        reminders.remind_clients(at=later(invoice, days))
        send_all(later(invoice, days))
    assert [letter["Subject"].strip() for letter in mailbox.letters] == [
        f"AICMO: Rechnung {invoice.number}: ist sie unterwegs?",
        f"AICMO: Zweite Erinnerung: Rechnung {invoice.number} ist überfällig",
        f"AICMO: Letzte Erinnerung: Rechnung {invoice.number}",
    ]
    last = " ".join(mailbox.letters[2].get_body(("plain",)).get_content().split())
    assert "seit 21 Tagen überfällig" in last
    assert "trotz zweier Erinnerungen" in last


def test_goes_to_who_may_see_the_money_of_this_client_alone(
    invoice: Invoice, acme: Client, globex: Client, anna: User
) -> None:
    MembershipFactory(client=acme, role="VIEWER")
    MembershipFactory(client=acme, user=UserFactory(is_staff=False, is_active=False))
    MembershipFactory(client=globex)
    reminders.remind_clients(at=later(invoice, 3))
    assert [letter.user for letter in ReminderLetter.objects.all()] == [anna]


def test_is_not_spent_where_nobody_could_be_told(acme: Client) -> None:
    invoice = an_invoice(acme)
    assert reminders.remind_clients(at=later(invoice, 3)) == 0
    with pytest.raises(BillingRefused, match="nobody of Acme may see its invoices"):
        reminders.remind_now(invoice.pk, by=None, at=later(invoice, 3))


def _pay(invoice: Invoice) -> None:
    pay(invoice, 123)


def _void(invoice: Invoice) -> None:
    issuing.void_invoice(invoice.pk, reason="Wrong.", by=None, at=AT)


def _credit(invoice: Invoice) -> None:
    issuing.credit_invoice(invoice.pk, (), reason="Not done.", by=None, at=AT)


def _hold(invoice: Invoice) -> None:
    until, at = invoice.due_date + timedelta(days=30), later(invoice, 1)
    reminders.hold_reminders(
        invoice.client, invoice_id=invoice.pk, until_date=until, reason="They ask.", by=None, at=at
    )


def _switch_off(invoice: Invoice) -> None:
    reminders.hold_reminders(
        invoice.client, invoice_id=None, until_date=None, reason="We call.", by=None, at=later(invoice, 1)
    )


STOPS = [_pay, _void, _credit, _hold, _switch_off]


@pytest.mark.parametrize("stop", STOPS)
def test_is_stopped(invoice: Invoice, stop: Callable[[Invoice], None]) -> None:
    stop(invoice)
    assert reminders.remind_clients(at=later(invoice, 5)) == 0
    with pytest.raises(BillingRefused):
        reminders.remind_now(invoice.pk, by=None, at=later(invoice, 5))
    assert not Reminder.objects.exists()


@pytest.mark.parametrize("stop", STOPS)
def test_is_stopped_when_its_mail_waits_already(
    invoice: Invoice, mailbox: Mailbox, stop: Callable[[Invoice], None]
) -> None:
    reminders.remind_clients(at=later(invoice, 3))
    stop(invoice)
    send_all(later(invoice, 3))
    assert (ReminderLetter.objects.get().state, mailbox.letters) == ("DROPPED", [])


def test_goes_on_after_the_last_day_of_a_hold_or_its_release(invoice: Invoice, told: list) -> None:
    _hold(invoice)
    assert reminders.remind_clients(at=later(invoice, 30)) == 0
    assert reminders.remind_clients(at=later(invoice, 31)) == 1
    _switch_off(invoice)
    assert reminders.remind_clients(at=later(invoice, 40)) == 0
    hold = ReminderHold.objects.get(invoice=None)
    reminders.release_reminders(hold.pk, reason="Settled.", by=None, at=later(invoice, 40))
    assert reminders.remind_clients(at=later(invoice, 40)) == 1
    with pytest.raises(BillingRefused, match="released already"):
        reminders.release_reminders(hold.pk, reason="Again.", by=None, at=later(invoice, 40))
    assert [event.name for event, _ in told if event.name.startswith("Reminders")] == [
        *("RemindersHeld", "RemindersHeld", "RemindersReleased")
    ]


@pytest.mark.parametrize(
    ("field", "changed"),
    [("until_date", {"until_date": None}), ("until_date", {"until_date": AT.date()}), ("reason", {"reason": " "})],
)
def test_is_not_held_back_without_a_reason_or_an_end(invoice: Invoice, field: str, changed: dict[str, Any]) -> None:
    said = {"invoice_id": invoice.pk, "until_date": invoice.due_date, "reason": "They ask.", "by": None}
    with pytest.raises(BillingRefused) as caught:
        reminders.hold_reminders(invoice.client, **said | changed, at=later(invoice, 1))
    assert caught.value.field == field


def test_waits_while_everything_is_stopped(invoice: Invoice, mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch) -> None:
    reminders.remind_clients(at=later(invoice, 3))
    with monkeypatch.context() as patched:
        patched.setattr(halt, "_ask", lambda: "Everything is stopped.")
        assert reminders.remind_clients(at=later(invoice, 10)) == 0
        with pytest.raises(reminders.Halted):
            send_all(later(invoice, 10))
    assert (ReminderLetter.objects.get().state, mailbox.letters) == ("WAITING", [])
    send_all(later(invoice, 10))
    assert len(mailbox.letters) == 1


def test_is_not_asked_for_by_beat_in_proof_mode(invoice: Invoice, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(proof, "_ask", lambda: True)
    assert reminders.remind_clients(at=later(invoice, 3)) == 0


def test_is_sent_now_by_a_person_once_a_day(invoice: Invoice, acme: Client) -> None:
    person = UserFactory()
    with pytest.raises(BillingRefused, match="is not overdue"):
        reminders.remind_now(invoice.pk, by=person.pk, at=later(invoice, 0))
    reminder = reminders.remind_now(invoice.pk, by=person.pk, at=later(invoice, 1))
    assert (reminder.level, reminder.by) == (1, person)
    with pytest.raises(BillingRefused, match="today already"):
        reminders.remind_now(invoice.pk, by=person.pk, at=later(invoice, 1))
    assert reminders.remind_clients(at=later(invoice, 3)) == 0
    for days in (2, 3):
        reminders.remind_now(invoice.pk, by=person.pk, at=later(invoice, days))
    with pytest.raises(BillingRefused, match="All three"):
        reminders.remind_now(invoice.pk, by=person.pk, at=later(invoice, 4))


def test_never_changes_and_never_goes_twice(invoice: Invoice) -> None:
    reminders.remind_clients(at=later(invoice, 3))
    reminder = Reminder.objects.get()
    with pytest.raises(IntegrityError), transaction.atomic():
        Reminder.objects.create(client=reminder.client, invoice=invoice, level=1, day=date(2027, 1, 1), open=1)
    with pytest.raises(Exception, match="Cannot update"), transaction.atomic():
        Reminder.objects.update(level=2)


def test_is_asked_for_by_beat(invoice: Invoice, settings: Any) -> None:
    asked = {entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values()}
    assert {tasks.remind_clients.name, tasks.sweep_reminder_letters.name, tasks.draft_retainers.name} <= asked


def test_knows_no_fourth() -> None:
    assert rules.next_reminder(date(2026, 1, 1), (3, date(2026, 2, 1))) is None


def in_doubt_of(invoice: Invoice, state: str) -> Reminder:
    """Remind a client, of whose mail nobody knows whether it arrived."""
    reminder = reminders.remind_now(invoice.pk, by=None, at=later(invoice, 5))
    ReminderLetter.objects.update(state=state)
    return reminder


@pytest.mark.parametrize("state", ReminderLetter.IN_DOUBT)
def test_that_may_not_have_arrived_is_sent_again_by_a_person(invoice: Invoice, mailbox: Mailbox, state: str) -> None:
    reminder = in_doubt_of(invoice, state)
    assert list(queries.in_doubt(Reminder.objects.all())) == [reminder]
    reminders.send_again(reminder.pk, by=None, at=later(invoice, 5))
    assert not queries.in_doubt(Reminder.objects.all())
    send_all(later(invoice, 5))
    assert len(mailbox.letters) == 1
    with pytest.raises(BillingRefused, match="in doubt"):
        reminders.send_again(reminder.pk, by=None, at=later(invoice, 5))


def test_that_may_not_have_arrived_is_noted_as_arrived_with_how_it_is_known(invoice: Invoice, told: list) -> None:
    reminder = in_doubt_of(invoice, "UNKNOWN")
    reminders.confirm_arrival(reminder.pk, reason="They called.", by=None, at=later(invoice, 6))
    assert not queries.in_doubt(Reminder.objects.all())
    event, note = told[-1]
    assert (event.name, event.outcome, note.reason) == ("ReminderMailed", "SENT", "They called.")


def test_is_not_sent_again_of_what_is_paid_or_held_back(invoice: Invoice) -> None:
    reminder = in_doubt_of(invoice, "REFUSED")
    hold = reminders.hold_reminders(
        invoice.client, invoice_id=None, until_date=None, reason="They call.", by=None, at=later(invoice, 5)
    )
    with pytest.raises(BillingRefused, match="held back"):
        reminders.send_again(reminder.pk, by=None, at=later(invoice, 5))
    reminders.release_reminders(hold.pk, reason="They called.", by=None, at=later(invoice, 5))
    pay(invoice, 123)
    assert not queries.in_doubt(Reminder.objects.all())
    with pytest.raises(BillingRefused, match="PAID"):
        reminders.send_again(reminder.pk, by=None, at=later(invoice, 5))


def test_that_may_not_have_arrived_matters_no_more_once_the_next_one_went_out(invoice: Invoice) -> None:
    in_doubt_of(invoice, "UNKNOWN")
    reminders.remind_now(invoice.pk, by=None, at=later(invoice, 6))
    assert not queries.in_doubt(Reminder.objects.all())
