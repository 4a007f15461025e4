"""A retainer …"""

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from apps.billing import rules
from apps.billing.models import Invoice, Retainer, RetainerPeriod, TaxRate
from apps.billing.rules import BillingRefused
from apps.billing.services import retainers
from apps.billing.tests.factories import AT, TaxRateFactory, a_retainer, terms
from apps.identity.models import Client
from apps.identity.tests.factories import MembershipFactory

DAYS = st.dates(date(2000, 1, 1), date(2099, 12, 31))


def on(*day: int, hour: int = 12) -> datetime:
    return datetime.combine(date(*day), time(hour), UTC)


def billed() -> list[tuple[str, str]]:
    periods = RetainerPeriod.objects.order_by("start_date")
    return [(f"{each.start_date}", f"{each.end_date}") for each in periods]


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(start=DAYS, every=st.sampled_from([1, 3, 12]), day=st.integers(1, 31))
def test_has_periods_without_gap_or_overlap(start: date, every: int, day: int) -> None:
    begins = [rules.first_period(start, day)]
    for _ in range(30):
        begins.append(rules.next_period(begins[-1], every, day))
    assert start <= begins[0] <= start + timedelta(days=62)
    for one, two in pairwise(begins):
        assert (two.year * 12 + two.month) - (one.year * 12 + one.month) == every
        assert two.day == day or (two.day < day and (two + timedelta(days=1)).day == 1)


def test_drafts_each_period_once_on_its_first_day(acme: Client, vat: TaxRate, told: list) -> None:
    a_retainer(acme, vat, start_date=date(2026, 4, 1))
    assert retainers.draft_due(at=on(2026, 3, 31)) == 0
    assert [retainers.draft_due(at=on(2026, 4, 1)) for _ in range(2)] == [1, 0]
    invoice = Invoice.objects.get()
    assert (invoice.state, invoice.subtotal, invoice.total, invoice.payment_days) == ("DRAFT", 500, 615, 14)
    assert invoice.lines.get().description == "Social media care, 1 Apr 2026 to 30 Apr 2026"
    assert [event.name for event, _ in told] == ["RetainerStarted", "InvoiceDrafted"]


def test_makes_up_for_what_an_outage_missed_period_by_period(acme: Client, vat: TaxRate) -> None:
    a_retainer(acme, vat, day=31, start_date=date(2026, 3, 31))
    assert retainers.draft_due(at=on(2026, 6, 30)) == 4
    assert billed() == [
        ("2026-03-31", "2026-04-29"),
        ("2026-04-30", "2026-05-30"),
        ("2026-05-31", "2026-06-29"),
        ("2026-06-30", "2026-07-30"),
    ]


def test_of_the_29th_of_february_comes_on_the_28th_in_other_years(acme: Client, vat: TaxRate) -> None:
    at = on(2027, 12, 1)
    retainers.start_retainer(acme, terms(vat, start_date=date(2028, 2, 29), day=29, every_months=12), by=None, at=at)
    retainers.draft_due(at=on(2032, 3, 1))
    starts = [start for start, _ in billed()]
    assert starts == ["2028-02-29", "2029-02-28", "2030-02-28", "2031-02-28", "2032-02-29"]


def test_in_arrears_is_billed_when_its_period_is_over(acme: Client, vat: TaxRate) -> None:
    a_retainer(acme, vat, start_date=date(2026, 4, 1), is_in_advance=False)
    assert retainers.draft_due(at=on(2026, 4, 30)) == 0
    assert retainers.draft_due(at=on(2026, 5, 1)) == 1
    assert billed() == [("2026-04-01", "2026-04-30")]


@pytest.mark.parametrize(
    ("zone", "moment"),
    [("Pacific/Kiritimati", on(2026, 3, 31, hour=10)), ("Pacific/Pago_Pago", on(2026, 4, 1, hour=11))],
)
def test_is_billed_on_the_clients_day(acme: Client, vat: TaxRate, zone: str, moment: datetime) -> None:
    acme.time_zone = zone
    acme.save()
    a_retainer(acme, vat, start_date=date(2026, 4, 1))
    assert retainers.draft_due(at=moment - timedelta(minutes=1)) == 0
    assert retainers.draft_due(at=moment) == 1


def test_begins_on_its_first_day_of_the_month_and_prorates_nothing(acme: Client, vat: TaxRate) -> None:
    a_retainer(acme, vat, start_date=date(2026, 3, 10), end_date=date(2026, 5, 20))
    assert retainers.draft_due(at=on(2026, 9, 1)) == 2
    assert billed() == [("2026-04-01", "2026-04-30"), ("2026-05-01", "2026-05-31")]
    assert {invoice.subtotal for invoice in Invoice.objects.all()} == {500}
    assert (Retainer.objects.get().state, Retainer.objects.get().reason) == ("ENDED", retainers.ALL_BILLED)


def test_issues_by_itself_where_a_person_said_so(acme: Client, vat: TaxRate) -> None:
    a_retainer(acme, vat, is_issued_by_itself=True, start_date=date(2026, 4, 1))
    retainers.draft_due(at=on(2026, 4, 1))
    assert (Invoice.objects.get().state, Invoice.objects.get().due_date) == ("ISSUED", date(2026, 4, 15))


def test_stays_a_draft_where_it_cannot_be_issued(acme: Client) -> None:
    rate = TaxRateFactory(valid_from=date(2027, 1, 1))
    a_retainer(acme, rate, is_issued_by_itself=True, start_date=date(2026, 4, 1))
    assert retainers.draft_due(at=on(2026, 4, 1)) == 1
    assert Invoice.objects.get().state == "DRAFT"


def test_is_billed_at_the_rate_of_the_day(acme: Client, vat: TaxRate) -> None:
    TaxRateFactory(name=vat.name, percent=25, valid_from=date(2026, 4, 1))
    a_retainer(acme, vat, start_date=date(2026, 4, 1))
    retainers.draft_due(at=on(2026, 4, 1))
    assert Invoice.objects.get().tax == 125


def test_names_its_period_in_the_clients_language(acme: Client, vat: TaxRate) -> None:
    MembershipFactory(client=acme, user__language="de")
    a_retainer(acme, vat, start_date=date(2026, 4, 1))
    retainers.draft_due(at=on(2026, 4, 1))
    assert Invoice.objects.get().lines.get().description == "Social media care, 1. April 2026 bis 30. April 2026"


def test_that_is_paused_bills_what_is_due_and_then_nothing_until_resumed(
    acme: Client, vat: TaxRate, told: list
) -> None:
    retainer = a_retainer(acme, vat, start_date=date(2026, 4, 1))
    retainers.pause_retainer(retainer.pk, reason="They ask.", by=None, at=on(2026, 4, 10))
    assert retainers.draft_due(at=on(2026, 6, 10)) == 0
    retainers.resume_retainer(retainer.pk, reason="On again.", by=None, at=on(2026, 6, 10))
    assert retainers.draft_due(at=on(2026, 7, 1)) == 1
    assert [start for start, _ in billed()] == ["2026-04-01", "2026-07-01"]
    retainers.end_retainer(retainer.pk, reason="Over.", by=None, at=on(2026, 7, 2))
    assert retainers.draft_due(at=on(2026, 12, 2)) == 0
    names = [event.name for event, _ in told if event.name.startswith("Retainer")]
    assert names == ["RetainerStarted", "RetainerPaused", "RetainerResumed", "RetainerEnded"]


def test_refuses_what_its_state_does_not_allow(acme: Client, vat: TaxRate) -> None:
    retainer = a_retainer(acme, vat)
    with pytest.raises(BillingRefused, match="only one that is paused"):
        retainers.resume_retainer(retainer.pk, reason="x", by=None, at=AT)
    retainers.end_retainer(retainer.pk, reason="x", by=None, at=AT)
    for refused in (retainers.end_retainer, retainers.pause_retainer):
        with pytest.raises(BillingRefused, match="ended already"):
            refused(retainer.pk, reason="x", by=None, at=AT)


@pytest.mark.parametrize(
    ("field", "changed"),
    [
        ("price", {"price": Decimal(0)}),
        ("description", {"description": " "}),
        ("every_months", {"every_months": 2}),
        ("day", {"day": 32}),
        ("start_date", {"start_date": date(2020, 1, 1)}),
        ("end_date", {"end_date": AT.date() - timedelta(days=1)}),
        ("end_date", {"end_date": AT.date() + timedelta(days=3)}),
        ("payment_days", {"payment_days": 400}),
        ("tax_rate", {"tax_rate_id": "00000000-0000-0000-0000-000000000000"}),
    ],
)
def test_refuses_terms_that_cannot_be_billed(acme: Client, vat: TaxRate, field: str, changed: dict[str, Any]) -> None:
    with pytest.raises(BillingRefused) as caught:
        a_retainer(acme, vat, **changed)
    assert caught.value.field == field


def test_says_which_periods_come(acme: Client, vat: TaxRate) -> None:
    retainer = a_retainer(acme, vat, start_date=date(2026, 4, 1), end_date=date(2026, 5, 1), is_in_advance=False)
    assert retainers.upcoming(retainer) == [
        (date(2026, 4, 1), date(2026, 4, 30), date(2026, 5, 1)),
        (date(2026, 5, 1), date(2026, 5, 31), date(2026, 6, 1)),
    ]
