"""The desk of reminders and retainers …"""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client as Browser
from django.urls import reverse
from django.utils import timezone

from apps.billing.models import Invoice, Reminder, ReminderHold, ReminderLetter, Retainer, TaxRate
from apps.billing.services import reminders, retainers
from apps.billing.tests.conftest import browser_of
from apps.billing.tests.factories import a_retainer, an_overdue_invoice, pay
from apps.identity.models import Client, User
from apps.identity.tests.factories import MembershipFactory
from apps.shared.desk import list_of, page_of

PRESSED = {"_form_submitted": "1"}


def deed(row: Any, name: str) -> str:
    return reverse(f"admin:billing_{row._meta.model_name}_{name}", args=[row.pk])


@pytest.fixture
def invoice(acme: Client, anna: User) -> Invoice:
    return an_overdue_invoice(acme)


def test_shows_the_letter_and_sends_it(finance: Browser, invoice: Invoice) -> None:
    dialog = finance.get(deed(invoice, "remind")).content.decode()
    assert f"Invoice {invoice.number}: is it on its way?" in dialog
    assert "123.00 EUR of it is open" in dialog
    finance.post(deed(invoice, "remind"), PRESSED)
    reminder = Reminder.objects.get()
    assert (reminder.level, str(reminder.by)) == (1, "The Finance")
    assert page_of(reminder) in finance.get(page_of(invoice)).content.decode()
    assert "123.00 EUR" in finance.get(list_of(Reminder)).content.decode()
    assert finance.get(page_of(reminder)).status_code == 200
    assert "It was reminded of today already." in finance.get(deed(invoice, "remind")).content.decode()


def test_holds_an_invoices_reminders_and_releases_them(finance: Browser, invoice: Invoice) -> None:
    refused = finance.post(deed(invoice, "hold"), {"reason": "They ask for time."}).content.decode()
    assert "Is missing; only all of a client" in refused
    until = (timezone.localdate() + timedelta(days=9)).isoformat()
    finance.post(deed(invoice, "hold"), {"reason": "They ask for time.", "until_date": until})
    hold = ReminderHold.objects.get()
    assert "They ask for time." in finance.get(page_of(invoice)).content.decode()
    assert "They ask for time." in finance.get(list_of(ReminderHold)).content.decode()
    finance.post(deed(hold, "release"), PRESSED | {"reason": "They pay now."})
    assert ReminderHold.objects.get().released_at is not None


def test_tells_finance_and_the_owner_of_what_was_reminded_of_in_vain(invoice: Invoice, finance: Browser) -> None:
    for days in (2, 1, 0):
        reminders.remind_now(invoice.pk, by=None, at=timezone.now() - timedelta(days=days))
    for browser in (finance, browser_of("Owner")):
        page = browser.get(reverse("admin:index")).content.decode()
        assert "Reminded three times and not paid" in page
    assert "Reminded three times" not in browser_of("Producer").get(reverse("admin:index")).content.decode()
    pay(invoice, 123)
    assert "Reminded three times" not in finance.get(reverse("admin:index")).content.decode()


@pytest.mark.parametrize("role", ["Account manager", "Producer"])
def test_lets_nobody_else_remind_hold_or_start(invoice: Invoice, role: str, acme: Client) -> None:
    browser = browser_of(role)
    retainer = a_retainer(acme, at=timezone.now(), start_date=timezone.localdate())
    for row, name in ((invoice, "remind"), (invoice, "hold"), (retainer, "pause"), (retainer, "end")):
        assert browser.post(deed(row, name), PRESSED | {"reason": "x"}).status_code in (302, 403)
    assert browser.get(reverse("admin:billing_retainer_new")).status_code == 403
    assert (Reminder.objects.count(), ReminderHold.objects.count()) == (0, 0)
    assert Retainer.objects.get().state == "ACTIVE"


def test_starts_a_retainer_shows_what_comes_pauses_resumes_and_ends_it(
    finance: Browser, acme: Client, vat: TaxRate
) -> None:
    said = {
        "client": str(acme.pk),
        "description": "Social media care",
        "price": "500",
        "tax_rate": str(vat.pk),
        "every_months": "1",
        "day": "31",
        "start_date": timezone.localdate().isoformat(),
        "is_in_advance": "yes",
        "payment_days": "14",
    }
    new = reverse("admin:billing_retainer_new")
    assert finance.get(new).status_code == 200
    assert "Is to be 1 to 31" in finance.post(new, said | {"day": "32"}).content.decode()
    finance.post(new, said)
    retainer = Retainer.objects.get()
    assert (retainer.price, retainer.is_in_advance, retainer.is_issued_by_itself) == (500, True, False)
    begins = retainers.upcoming(retainer)[0][0]
    page = finance.get(page_of(retainer)).content.decode()
    assert f"{begins.day} {begins:%b %Y}" in page
    retainers.draft_due(at=timezone.now() + timedelta(days=70))
    assert page_of(Invoice.objects.first()) in finance.get(page_of(retainer)).content.decode()
    for name, state in (("pause", "PAUSED"), ("resume", "ACTIVE"), ("end", "ENDED")):
        finance.post(deed(retainer, name), PRESSED | {"reason": "They ask."})
        assert Retainer.objects.get().state == state
    assert "Social media care" in finance.get(list_of(Retainer)).content.decode()


@pytest.mark.parametrize("model", [Reminder, ReminderHold, Retainer])
def test_lists_with_few_queries(
    finance: Browser, invoice: Invoice, acme: Client, model: Any, django_assert_max_num_queries: Any
) -> None:
    reminders.remind_now(invoice.pk, by=None, at=timezone.now())
    for _ in range(4):
        a_retainer(acme, at=timezone.now(), start_date=timezone.localdate())
        reminders.hold_reminders(
            acme, invoice_id=None, until_date=None, reason="They call.", by=None, at=timezone.now()
        )
    with django_assert_max_num_queries(12):
        assert finance.get(list_of(model)).status_code == 200


def test_shows_the_client_since_when_it_owes_and_what_it_has_in_credit(acme: Client, invoice: Invoice) -> None:
    browser = Browser()
    browser.force_login(MembershipFactory(client=acme).user)
    since = "Overdue since"
    assert since in browser.get(reverse("portal-invoices")).content.decode()
    assert "We charge no late fees." in browser.get(reverse("portal-invoice", args=[invoice.pk])).content.decode()
    pay(invoice, 150)
    page = browser.get(reverse("portal-invoices")).content.decode()
    assert since not in page
    assert "€27.00 in credit" in page


def test_tells_of_mails_that_may_not_have_arrived_with_what_to_do(invoice: Invoice, finance: Browser) -> None:
    reminder = reminders.remind_now(invoice.pk, by=None, at=timezone.now())
    ReminderLetter.objects.update(state="REFUSED")
    lists = {each.title: each for each in finance.get(reverse("admin:index")).context["worklists"]}
    (entry,) = lists["Reminders that may not have arrived"].entries
    assert "Ask by telephone, or send it again." in entry.why
    assert page_of(reminder) in entry.what
    assert list(finance.get(list_of(Reminder, needs="doubt")).context["cl"].result_list) == [reminder]
    finance.post(deed(reminder, "send_again"), PRESSED)
    assert ReminderLetter.objects.get().state == "WAITING"
    ReminderLetter.objects.update(state="UNKNOWN")
    finance.post(deed(reminder, "confirm"), PRESSED | {"reason": "They have it."})
    assert ReminderLetter.objects.get().state == "SENT"
    assert deed(reminder, "confirm") not in finance.get(page_of(reminder)).content.decode()


def test_says_which_period_stopping_a_retainer_leaves_unbilled(finance: Browser, acme: Client) -> None:
    today = timezone.localdate()
    late = a_retainer(acme, at=timezone.now(), start_date=today, day=today.day, is_in_advance=False)
    early = a_retainer(acme, at=timezone.now(), start_date=today, day=today.day)
    assert f"{today:%-d %b %Y} to " in finance.get(deed(late, "end")).content.decode()
    assert "by hand" not in finance.get(deed(early, "end")).content.decode()


def test_tells_of_retainers_that_go_on_although_the_clients_work_has_ended(finance: Browser, acme: Client) -> None:
    retainer = a_retainer(acme, at=timezone.now(), start_date=timezone.localdate())
    assert "whose work has ended" not in finance.get(reverse("admin:index")).content.decode()
    acme.status = Client.Status.ENDED
    acme.save()
    lists = {each.title: each for each in finance.get(reverse("admin:index")).context["worklists"]}
    (entry,) = lists["Retainers of clients whose work has ended"].entries
    assert page_of(retainer) in entry.what
    retainers.end_retainer(retainer.pk, reason="They left.", by=None, at=timezone.now())
    assert "whose work has ended" not in finance.get(reverse("admin:index")).content.decode()
