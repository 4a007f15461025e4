"""Opportunities …"""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import transaction
from django_fsm import TransitionNotAllowed

from apps.identity.models import Client, User
from apps.retention import rules, services
from apps.retention.api import ports
from apps.retention.models import Lifecycle, Opportunity
from apps.retention.services import opportunities
from apps.retention.tests.conftest import begin, named
from apps.retention.tests.factories import AT, noted, run_at
from apps.shared.dtos import Money


def found(client: Client, *, days: int = 0) -> list[str]:
    """Look so many days after AT, and return the kinds of what is new."""
    return [each.kind for each in services.detect_opportunities(client.pk, at=AT + timedelta(days=days))]


def rounds(client: Client, count: int = 2, **about: Any) -> list[Any]:
    return [noted(client, "ROUND_PLANNED", value=1, **about).pk for _ in range(count)]


@pytest.mark.parametrize(
    ("kind", "signals"),
    [
        ("RETAINER", [("DELIVERED", None)] * 3),
        ("MORE_ROUNDS", [("ROUND_PLANNED", 1), ("ROUND_PLANNED", 2)]),
        ("MORE_SCOPE", [("REPORT_PUBLISHED", 100)] * 2),
        ("REFERRAL", [("SURVEY_ANSWERED", 9)]),
    ],
)
def test_are_found_when_as_much_was_seen_as_they_need(acme: Client, kind: str, signals: list) -> None:
    for signal, value in signals[:-1]:
        noted(acme, signal, value=value)
    assert found(acme) == []
    noted(acme, signals[-1][0], value=signals[-1][1])
    assert found(acme) == [kind]
    row = Opportunity.objects.get()
    assert (row.confidence, len(row.evidence), row.why) == (
        Decimal("0.5"),
        len(signals),
        rules.OPPORTUNITIES[kind].says.format(len(signals)),
    )


@pytest.mark.parametrize(
    ("signal", "value"),
    [
        ("ROUND_PLANNED", 0),
        ("REPORT_PUBLISHED", Decimal("99.99")),
        ("SURVEY_ANSWERED", 8),
        ("QC_PASSED", None),
    ],
)
def test_are_not_read_from_what_says_nothing_of_them(acme: Client, signal: str, value: Any) -> None:
    for _ in range(9):
        noted(acme, signal, value=value)
    assert found(acme) == []


def test_are_read_from_a_quarter(acme: Client) -> None:
    rounds(acme, 9, days_ago=90)
    assert found(acme) == []
    rounds(acme, 2, days_ago=89)
    assert found(acme) == ["MORE_ROUNDS"]
    assert len(Opportunity.objects.get().evidence) == 2


def test_are_surer_the_more_was_seen(acme: Client) -> None:
    rounds(acme, 6)
    found(acme)
    assert Opportunity.objects.get().confidence == Decimal("0.75")


def test_are_not_read_from_what_was_taken_back(acme: Client) -> None:
    signals = [noted(acme, "DELIVERED") for _ in range(3)]
    noted(acme, "TAKEN_BACK", about_id=signals[0].about_id)
    assert found(acme) == []


def test_offer_no_retainer_to_who_has_a_contract(acme: Client) -> None:
    Client.objects.filter(pk=acme.pk).update(contract_end_date=AT.date())
    for _ in range(3):
        noted(acme, "DELIVERED")
    assert found(acme) == []


def test_ask_nobody_for_praise_where_another_would_warn_of_us(acme: Client) -> None:
    noted(acme, "SURVEY_ANSWERED", value=10)
    noted(acme, "SURVEY_ANSWERED", value=6)
    assert found(acme) == []


@pytest.mark.parametrize(("values", "value"), [((100, "50.5"), "150.50"), ((100, None), None), ((), None)])
def test_are_worth_what_invoices_say_or_nothing_known(acme: Client, published: list, values: tuple, value: Any) -> None:
    for _ in range(3):
        noted(acme, "DELIVERED")
    for each in values:
        noted(acme, "INVOICE_ISSUED", value=each, currency=acme.currency)
    voided = noted(acme, "INVOICE_ISSUED", value=9999, currency="CHF")
    noted(acme, "TAKEN_BACK", about_id=voided.about_id)
    (opportunity,) = ports.detect_opportunities(client_id=acme.pk, at=AT)
    expected = value and Money(amount=Decimal(value), currency=acme.currency)
    assert opportunity.value == expected
    assert named(published, "UpsellSuggested")[0].value == expected


def test_are_worth_nothing_known_where_invoices_are_in_two_currencies(acme: Client) -> None:
    for currency in (acme.currency, "CHF"):
        noted(acme, "INVOICE_ISSUED", value=100, currency=currency)
    for _ in range(3):
        noted(acme, "DELIVERED")
    found(acme)
    assert Opportunity.objects.get().value is None


def test_stay_as_they_were_found_and_are_told_of_once(acme: Client, published: list) -> None:
    seen = rounds(acme)
    assert found(acme) == ["MORE_ROUNDS"]
    rounds(acme)
    assert found(acme) == []
    assert set(Opportunity.objects.get().evidence) == set(seen)
    assert [(event.kind, event.confidence) for event in named(published, "UpsellSuggested")] == [
        ("MORE_ROUNDS", Decimal("0.5"))
    ]


def test_are_dropped_when_nothing_speaks_for_them_any_more(acme: Client, published: list) -> None:
    rounds(acme)
    found(acme)
    assert found(acme, days=90) == []
    assert Opportunity.objects.get().state == "DROPPED"
    assert len(named(published, "OpportunityDropped")) == 1
    rounds(acme, days_ago=-90)
    assert found(acme, days=91) == ["MORE_ROUNDS"]


@pytest.mark.parametrize(
    ("service", "outcome"),
    [(services.win_opportunity, "WON"), (services.decline_opportunity, "DECLINED")],
)
def test_are_decided_by_a_person_who_says_why(
    acme: Client, strategist: User, published: list, service: Any, outcome: str
) -> None:
    rounds(acme)
    (row,) = services.detect_opportunities(acme.pk, at=AT)
    with pytest.raises(services.ReasonMissing):
        service(row, by=strategist.pk, reason=" ", at=AT)
    service(row, by=strategist.pk, reason="They bought five.", at=AT)
    row = Opportunity.objects.get()
    assert (row.state, row.reason, row.decided_by, row.decided_at) == (outcome, "They bought five.", strategist, AT)
    event, note = published[-1]
    assert (event.outcome, note.reason, note.before["state"]) == (outcome, "They bought five.", "OPEN")
    for again in (services.win_opportunity, services.decline_opportunity):
        with pytest.raises(TransitionNotAllowed):
            again(row, by=strategist.pk, reason="No.", at=AT)


def test_come_back_after_half_a_year_and_only_from_something_new(acme: Client, strategist: User) -> None:
    noted(acme, "REPORT_PUBLISHED", value=100)
    noted(acme, "REPORT_PUBLISHED", value=100)
    (row,) = services.detect_opportunities(acme.pk, at=AT)
    services.decline_opportunity(row, by=strategist.pk, reason="No money.", at=AT)
    assert found(acme, days=181) == []
    noted(acme, "REPORT_PUBLISHED", value=100, days_ago=-100)
    assert found(acme, days=179) == []
    assert found(acme, days=181) == ["MORE_SCOPE"]


def test_are_looked_for_with_every_client_although_one_breaks(
    acme: Client, globex: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    for client in (acme, globex):
        rounds(client)
    services.open_lifecycle(acme.pk)
    services.open_lifecycle(globex.pk)
    real = opportunities.tell
    monkeypatch.setattr(
        opportunities, "tell", lambda *row, **about: real(*row, **about) if about["client_id"] == globex.pk else 1 / 0
    )
    with pytest.raises(ExceptionGroup, match=f"{acme.pk}: ZeroDivisionError"):
        services.suggest_opportunities(run=run_at(AT))
    assert [each.client for each in Opportunity.objects.all()] == [globex]
    monkeypatch.undo()
    assert services.suggest_opportunities(run=run_at(AT)).found == 1


@pytest.mark.parametrize("gone", [{"client__status": "ENDED"}, {"stage": "CHURNED"}])
def test_are_not_looked_for_with_who_has_left(acme: Client, gone: dict[str, str]) -> None:
    rounds(acme)
    services.open_lifecycle(acme.pk)
    if "stage" in gone:
        Lifecycle.objects.update(**gone)
    else:
        Client.objects.update(status="ENDED")
    assert services.suggest_opportunities(run=run_at(AT)).found == 0


@pytest.mark.django_db(transaction=True)
def test_are_found_once_by_two_who_look_at_once(acme: Client) -> None:
    rounds(acme)
    with transaction.atomic():
        services.detect_opportunities(acme.pk, at=AT)
        other = begin(lambda: services.detect_opportunities(acme.pk, at=AT))
    other.join()
    assert Opportunity.objects.count() == 1
