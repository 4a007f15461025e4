"""Looking for what is overdue …"""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.conf import settings

from apps.billing.models import Invoice
from apps.billing.services import issuing
from apps.billing.tasks import mark_overdue
from apps.billing.tests.factories import AT, a_draft, an_invoice, pay
from apps.identity.models import Client

pytestmark = pytest.mark.django_db


def on(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=UTC)


def test_marks_an_invoice_the_day_after_it_was_due_and_tells_once(acme: Client, told: list) -> None:
    invoice = an_invoice(acme)
    told.clear()
    assert issuing.mark_overdue(at=on(invoice.due_date) + timedelta(hours=23)) == 0
    assert issuing.mark_overdue(at=on(invoice.due_date) + timedelta(days=3)) == 1
    assert issuing.mark_overdue(at=on(invoice.due_date) + timedelta(days=4)) == 0
    ((event, note),) = told
    assert (event.name, event.number, event.days_overdue, event.reminder) == ("InvoiceOverdue", invoice.number, 3, 0)
    assert (note.before["state"], note.after["state"]) == ("ISSUED", "OVERDUE")


def test_marks_what_is_paid_in_part_and_nothing_else(acme: Client) -> None:
    partly, paid, void = (an_invoice(acme) for _ in range(3))
    pay(partly, 1)
    pay(paid, 123)
    issuing.void_invoice(void.pk, reason="Wrong.", by=None, at=AT)
    a_draft(acme)
    assert issuing.mark_overdue(at=AT + timedelta(days=60)) == 1
    assert Invoice.objects.get(state="OVERDUE") == partly


def test_comes_to_an_end_of_more_than_it_takes_at_once(acme: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(issuing, "MARKED_AT_ONCE", 2)
    for _ in range(5):
        an_invoice(acme)
    assert issuing.mark_overdue(at=AT + timedelta(days=60)) == 5


def test_is_asked_by_beat(acme: Client) -> None:
    an_invoice(acme)
    assert mark_overdue.name in {entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values()}
    mark_overdue()
    assert Invoice.objects.get().state == "OVERDUE"
