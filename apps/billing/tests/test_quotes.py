"""A quote …"""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from pydantic import ValidationError

from apps.billing import queries
from apps.billing.api.dtos import Offer
from apps.billing.models import NumberSeries, Quote, TaxRate
from apps.billing.rules import BillingRefused
from apps.billing.services import answers, quotes
from apps.billing.tasks import expire_quotes
from apps.billing.tests.factories import AT, TaxRateFactory, a_draft_quote, a_quote, an_offer, line
from apps.identity.models import Client, User
from apps.identity.tests.factories import ClientFactory, MembershipFactory


def now(quote: Quote) -> Quote:
    return Quote.objects.get(pk=quote.pk)


def accept(quote: Quote, by: User, at: datetime = AT, **fields: Any) -> Quote:
    said = {"sha256": quote.sha256, "signed_name": "Anna Approver"} | fields
    return answers.accept_quote(quote.pk, by=by.pk, at=at, **said)


# --- as a draft ---


def test_is_a_draft_that_changes_as_a_whole_until_it_is_sent(acme: Client, vat: TaxRate, told: list) -> None:
    quote = a_draft_quote(acme, line(100, vat))
    changed = quotes.change_quote(quote.pk, an_offer(line(50, vat), line(7, vat), terms=" As agreed. "), by=None)
    assert (changed.total, changed.terms, changed.number, changed.lines.count()) == (
        Decimal("70.11"),
        "As agreed.",
        None,
        2,
    )
    assert [event.name for event, _ in told] == ["QuoteDrafted", "QuoteRevised"]
    assert told[1][1].before["total"] == "123.0000"
    assert queries.list_breaches() == []


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"lines": ()}, "lines"),
        ({"deposit_percent": Decimal(0)}, "deposit_percent"),
        ({"deposit_percent": Decimal(101)}, "deposit_percent"),
        ({"deposit_percent": Decimal(30), "deposit_amount": Decimal(5)}, "deposit_amount"),
        ({"deposit_amount": Decimal("0.001")}, "deposit_amount"),
        ({"terms": "x" * 20_001}, "terms"),
    ],
)
def test_refuses_an_offer_that_is_none_by_its_field(acme: Client, wrong: dict[str, Any], field: str) -> None:
    offer = Offer.model_validate(an_offer().model_dump() | wrong)
    with pytest.raises(BillingRefused) as refusal:
        quotes.draft_quote(acme, offer, by=None)
    assert refusal.value.field == field
    assert not Quote.objects.exists()


def test_refuses_a_field_it_does_not_know() -> None:
    with pytest.raises(ValidationError):
        Offer.model_validate({"lines": (), "valid_until_date": date(2026, 4, 1), "discount": 3})


# --- sent ---


def test_gets_the_next_number_of_its_own_series_and_a_hash_when_it_is_sent(acme: Client, told: list) -> None:
    first, second = (a_quote(acme) for _ in range(2))
    assert (first.number, second.number) == ("QUO-2026-0001", "QUO-2026-0002")
    assert NumberSeries.objects.get().kind == "QUOTE"
    assert len(first.sha256) == 64
    assert first.sha256 != second.sha256
    sent = [event for event, _ in told if event.name == "QuoteSent"]
    assert (sent[0].number, sent[0].sha256, sent[0].total.amount) == (first.number, first.sha256, first.total)
    assert queries.list_breaches() == []


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"price": None}, "lines"),
        ({"rate": None}, "lines"),
        ({"price": 0}, "total"),
        ({"days": -1}, "valid_until_date"),
        ({"deposit_amount": Decimal("1000.01")}, "deposit"),
        ({"price": "0.01", "deposit_percent": Decimal(1)}, "deposit"),
    ],
)
def test_is_not_sent_while_something_is_open(acme: Client, vat: TaxRate, fields: dict[str, Any], field: str) -> None:
    of_line = line(fields.pop("price", 1000), fields.pop("rate", vat))
    quote = a_draft_quote(acme, of_line, **fields)
    with pytest.raises(BillingRefused) as refusal:
        quotes.send_quote(quote.pk, by=None, at=AT)
    assert refusal.value.field == field
    assert (now(quote).state, NumberSeries.objects.count()) == ("DRAFT", 0)


def test_may_end_today_where_the_client_is_although_it_is_tomorrow_here(vat: TaxRate) -> None:
    client = ClientFactory(time_zone="Pacific/Honolulu")
    quote = a_draft_quote(client, line(10, vat), days=-1)
    assert quotes.send_quote(quote.pk, by=None, at=datetime(2026, 3, 2, 9, tzinfo=UTC)).state == "SENT"


SENT_NEVER_CHANGES = [
    "UPDATE billing_quote SET valid_until_date = '2030-01-01'",
    "UPDATE billing_quote SET terms = 'Otherwise.'",
    "UPDATE billing_quote SET deposit_percent = 50",
    "UPDATE billing_quote SET subtotal = 1, tax = 0, total = 1",
    "UPDATE billing_quote SET sha256 = 'other'",
    "UPDATE billing_quote SET number = NULL",
    "DELETE FROM billing_quote",
    "UPDATE billing_quoteline SET description = 'Less'",
    "UPDATE billing_quoteline SET net = 1",
    "DELETE FROM billing_quoteline",
    "INSERT INTO billing_quoteline (id, created_at, updated_at, position, description, quantity, net, tax,"
    " tax_category, quote_id) SELECT gen_random_uuid(), now(), now(), 9, 'More', 1, 0, 0, '', id FROM billing_quote",
]


@pytest.mark.parametrize("sql", SENT_NEVER_CHANGES)
def test_is_kept_by_the_database_as_it_was_sent(acme: Client, sql: str) -> None:
    a_quote(acme)
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)


def test_holds_its_sums_against_its_lines_at_commit(acme: Client) -> None:
    a_draft_quote(acme)
    wrong = "UPDATE billing_quote SET subtotal = 1, tax = 0, total = 1; SET CONSTRAINTS ALL IMMEDIATE"
    with pytest.raises(IntegrityError, match="its lines sum to"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(wrong)


# --- answered ---


def test_is_accepted_with_evidence_of_who_when_and_what(acme: Client, anna: User, told: list) -> None:
    quote = accept(a_quote(acme), anna, signed_name="  Anna \n Approver ")
    stored = now(quote)
    assert (stored.state, stored.decided_by, stored.decided_at) == ("ACCEPTED", anna, AT)
    assert stored.signed_name == "Anna Approver"
    event, note = told[-1]
    assert (event.name, event.sha256, event.signed_name) == ("QuoteAccepted", quote.sha256, "Anna Approver")
    assert note.actor_id == anna.pk


def test_keeps_the_evidence_for_ever(acme: Client, anna: User) -> None:
    accept(a_quote(acme), anna)
    for change in ("signed_name = 'Bob'", "decided_at = now()", "state = 'SENT'", "decided_by_id = NULL"):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"UPDATE billing_quote SET {change}")


def test_is_declined_with_a_reason(acme: Client, anna: User, told: list) -> None:
    quote = a_quote(acme)
    with pytest.raises(BillingRefused, match="say in a sentence why"):
        answers.decline_quote(quote.pk, sha256=quote.sha256, reason=" ", by=anna.pk, at=AT)
    answers.decline_quote(quote.pk, sha256=quote.sha256, reason="Too dear.", by=anna.pk, at=AT)
    assert (now(quote).state, now(quote).reason) == ("DECLINED", "Too dear.")
    assert told[-1][0].reason == "Too dear."


def test_is_answered_by_those_alone_who_decide_on_the_clients_money(acme: Client, globex: Client) -> None:
    quote = a_quote(acme)
    strangers = [MembershipFactory(client=acme, role="VIEWER").user, MembershipFactory(client=globex).user]
    for person in strangers:
        with pytest.raises(answers.NotAPayer):
            accept(quote, person)
    assert now(quote).state == "SENT"


def test_is_not_accepted_without_a_name_or_with_another_hash(acme: Client, anna: User) -> None:
    quote = a_quote(acme)
    with pytest.raises(BillingRefused, match="type your name"):
        accept(quote, anna, signed_name=" ")
    with pytest.raises(answers.QuoteStale):
        accept(quote, anna, sha256="0" * 64)
    with pytest.raises(answers.QuoteStale):
        accept(a_draft_quote(acme), anna, sha256="")
    assert now(quote).state == "SENT"


def test_is_not_accepted_where_what_is_stored_is_not_what_was_sent(acme: Client, anna: User) -> None:
    quote = a_quote(acme)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute("UPDATE billing_quoteline SET description = 'Less'")
        cursor.execute("SET LOCAL session_replication_role = DEFAULT")
    with pytest.raises(answers.QuoteClosed, match="is not what was sent"):
        accept(quote, anna)


# --- over ---


def test_expires_the_day_after_its_last_where_the_client_is(vat: TaxRate) -> None:
    quotes_of = {
        zone: a_quote(ClientFactory(time_zone=zone), line(10, vat), days=1)
        for zone in ("Pacific/Auckland", "Europe/Dublin", "Pacific/Honolulu")
    }
    for at, states in (
        (datetime(2026, 3, 3, 10, 59, tzinfo=UTC), ["SENT", "SENT", "SENT"]),
        (datetime(2026, 3, 3, 11, 1, tzinfo=UTC), ["EXPIRED", "SENT", "SENT"]),
        (datetime(2026, 3, 4, 0, 1, tzinfo=UTC), ["EXPIRED", "EXPIRED", "SENT"]),
        (datetime(2026, 3, 4, 10, 1, tzinfo=UTC), ["EXPIRED", "EXPIRED", "EXPIRED"]),
    ):
        answers.expire_quotes(at=at)
        assert [now(quote).state for quote in quotes_of.values()] == states, at
    assert answers.expire_quotes(at=at) == 0


def test_expires_although_another_one_breaks(vat: TaxRate) -> None:
    broken, well = (a_quote(ClientFactory(), line(10, vat), days=1) for _ in range(2))
    Client.objects.filter(pk=broken.client_id).update(time_zone="Nowhere/Near")
    for _ in range(2):
        with pytest.raises(ExceptionGroup, match=f"1 broke: {broken.pk}: ZoneInfoNotFoundError"):
            answers.expire_quotes(at=AT + timedelta(days=9))
    assert [now(quote).state for quote in (broken, well)] == ["SENT", "EXPIRED"]


def test_that_is_over_is_refused_whether_beat_has_closed_it_or_not(acme: Client, anna: User) -> None:
    quote = a_quote(acme, days=1)
    later = AT + timedelta(days=3)
    for close in (False, True):
        if close:
            assert answers.expire_quotes(at=later) == 1
        with pytest.raises(answers.QuoteClosed, match=r"valid until 3 Mar 2026. Ask your account manager"):
            accept(quote, anna, at=later)


def test_is_closed_by_beat(acme: Client, settings: Any) -> None:
    quote = a_quote(acme)
    assert expire_quotes.name in {entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values()}
    expire_quotes()
    assert now(quote).state == "EXPIRED"


def test_withdrawn_takes_no_answer(acme: Client, anna: User, told: list) -> None:
    quote = a_quote(acme)
    with pytest.raises(BillingRefused, match="say why"):
        quotes.withdraw_quote(quote.pk, reason="", by=None)
    quotes.withdraw_quote(quote.pk, reason="We cannot do it.", by=None)
    with pytest.raises(answers.QuoteClosed, match="it was withdrawn"):
        accept(quote, anna)
    assert told[-1][0].reason == "We cannot do it."


# --- its versions ---


def test_is_replaced_by_its_next_version_once_that_is_sent(acme: Client, anna: User) -> None:
    first = a_quote(acme)
    second = quotes.revise_quote(first.pk, by=None, at=AT)
    assert (second.version, second.replaces, second.total, second.state) == (2, first, first.total, "DRAFT")
    assert second.valid_until_date == first.valid_until_date
    assert now(first).state == "SENT"
    sent = quotes.send_quote(second.pk, by=None, at=AT)
    assert now(first).state == "WITHDRAWN"
    with pytest.raises(answers.QuoteClosed, match=f"replaced by {sent.number}"):
        accept(first, anna)
    with pytest.raises(answers.QuoteStale):
        accept(sent, anna, sha256=first.sha256)
    assert accept(sent, anna).state == "ACCEPTED"


def test_that_was_accepted_is_neither_revised_nor_replaced(acme: Client, anna: User) -> None:
    first = a_quote(acme)
    second = quotes.revise_quote(first.pk, by=None, at=AT)
    accept(first, anna)
    with pytest.raises(BillingRefused, match="was accepted meanwhile"):
        quotes.send_quote(second.pk, by=None, at=AT)
    for refuse in (
        lambda: quotes.revise_quote(first.pk, by=None, at=AT),
        lambda: quotes.withdraw_quote(first.pk, reason="So.", by=None),
        lambda: quotes.change_quote(first.pk, an_offer(), by=None),
        lambda: quotes.send_quote(first.pk, by=None, at=AT),
    ):
        with pytest.raises(BillingRefused):
            refuse()


def test_has_one_next_version_unless_that_was_put_aside(acme: Client) -> None:
    first = a_quote(acme)
    second = quotes.revise_quote(first.pk, by=None, at=AT)
    with pytest.raises(BillingRefused, match="version 2 of it is there already"):
        quotes.revise_quote(first.pk, by=None, at=AT)
    quotes.withdraw_quote(second.pk, reason="Wrong.", by=None)
    assert quotes.revise_quote(first.pk, by=None, at=AT).version == 2


def test_is_told_of_as_other_modules_see_it(acme: Client, vat: TaxRate) -> None:
    quote = a_quote(acme, line(100, vat), deposit_percent=Decimal("12.5"))
    shown = queries.get_quote(quote.pk)
    assert shown.deposit is not None
    assert (shown.deposit.amount, shown.total.amount, shown.lines[0].net.amount) == (Decimal("12.50"), 123, 100)
    assert queries.get_quote(a_quote(acme).pk).deposit is None


def test_rates_that_gave_way_are_not_offered(acme: Client) -> None:
    old = TaxRateFactory(name="VAT")
    TaxRateFactory(name="VAT", percent=25, valid_from=date(2026, 1, 1))
    with pytest.raises(BillingRefused, match="gave way"):
        a_quote(acme, line(100, old))
