"""Eight workers that do the nightly work at once …"""

from datetime import timedelta
from typing import Any

import pytest

from apps.billing.models import Invoice, Reminder, ReminderLetter, RetainerPeriod
from apps.billing.services import payments, reminders, retainers
from apps.billing.tests.factories import AT, a_retainer, an_invoice, pay
from apps.billing.tests.test_at_once import AT_ONCE, at_once, client_of_ours, kinds  # noqa: F401
from apps.identity.models import Client
from apps.identity.tests.factories import MembershipFactory
from apps.shared.gateways import proof
from apps.shared.tests.mailbox import Mailbox

pytestmark = pytest.mark.django_db(transaction=True)


def test_draft_one_invoice_for_each_period(client_of_ours: Client) -> None:  # noqa: F811
    for _ in range(3):
        a_retainer(client_of_ours, start_date=AT.date())
    at = AT + timedelta(days=100)
    assert sum(at_once([lambda: retainers.draft_due(at=at)] * AT_ONCE)) == 9
    assert (Invoice.objects.count(), RetainerPeriod.objects.count()) == (9, 9)


def test_ask_for_one_reminder_of_each_level_and_mail_it_once(
    client_of_ours: Client,  # noqa: F811
    mailbox: Mailbox,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(proof, "_ask", lambda: False)
    MembershipFactory(client=client_of_ours)
    invoice = an_invoice(client_of_ours)
    for days in (3, 10, 21, 22):
        at = AT + timedelta(days=invoice.payment_days + days, hours=4)
        at_once([lambda at=at: reminders.remind_clients(at=at)] * AT_ONCE)
        for letter in ReminderLetter.objects.all():
            at_once([lambda at=at, key=letter.pk: reminders.send_letter(key, at=at)] * AT_ONCE)
    assert list(Reminder.objects.order_by("level").values_list("level", flat=True)) == [1, 2, 3]
    assert len(mailbox.letters) == 3


def test_never_put_more_of_a_clients_credit_to_invoices_than_it_has(client_of_ours: Client) -> None:  # noqa: F811
    pay(an_invoice(client_of_ours), 223)  # of 123
    invoices = [an_invoice(client_of_ours) for _ in range(AT_ONCE)]
    results: list[Any] = at_once([lambda key=each.pk: payments.use_credit(key, by=None) for each in invoices])
    assert kinds(results) == {"Invoice": 1, "BillingRefused": AT_ONCE - 1}
    assert sum(each.paid for each in Invoice.objects.filter(pk__in=[each.pk for each in invoices])) == 100


def test_pay_from_a_clients_credit_once_where_a_retainer_and_a_person_use_it(client_of_ours: Client) -> None:  # noqa: F811
    pay(an_invoice(client_of_ours), 223)  # of 123
    for _ in range(3):
        a_retainer(client_of_ours, start_date=AT.date(), uses_credit=True, is_issued_by_itself=True)
    others = [an_invoice(client_of_ours) for _ in range(4)]
    use = [lambda key=each.pk: payments.use_credit(key, by=None) for each in others]
    bill = [lambda: retainers.draft_due(at=AT + timedelta(days=40))] * 4
    at_once([each for pair in zip(use, bill, strict=True) for each in pair])
    assert Invoice.objects.filter(retainer_period__isnull=False).count() == 3
    assert sum(each.paid for each in Invoice.objects.all()) == 223
