"""A deal …"""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from threading import Thread
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from apps.cam.api import ports
from apps.cam.api.dtos import DealTerms
from apps.cam.models import Deal, Lead
from apps.cam.services import deals, leads
from apps.cam.services.closing import close, lost
from apps.cam.services.deals import DealRefused
from apps.cam.services.leads import MoveRefused
from apps.cam.tests.conftest import AT
from apps.cam.tests.factories import DealFactory, LeadFactory
from apps.identity.models import User
from apps.shared.dtos import Money
from apps.shared.events import AuditNote, Event

pytestmark = pytest.mark.django_db
Published = list[tuple[Event, AuditNote]]


def terms(**changes: Any) -> DealTerms:
    """Return what could be agreed on."""
    said = {"value": Money(amount=Decimal(12000), currency="EUR"), "company": "Bright Smiles", "country": "IE"}
    said |= {"contact_email": "mia@clinic.example", "time_zone": "Europe/Dublin", "deposit_percent": Decimal(30)}
    return DealTerms.model_validate(said | changes)


def euros(amount: str) -> Money:
    return Money(amount=Decimal(amount), currency="EUR")


def test_is_opened_with_who_was_contacted_and_says_so(
    lead_in: Callable[..., Lead], salesperson: User, published: Published
) -> None:
    lead = lead_in("MEETING")
    deal = deals.open_deal(lead, terms(company=" Bright  Smiles "), by=salesperson.pk, at=AT)
    [(event, note)] = published
    assert (event.name, event.aggregate_id, event.lead_id, event.value) == ("DealOpened", deal.pk, lead.pk, deal.worth)
    assert (note.actor_id, note.after["value"]) == (salesperson.pk, "12000")
    assert (deal.company, deal.deposit, deal.state) == ("Bright Smiles", euros("3600"), "OPEN")


@pytest.mark.parametrize("state", ["NEW", "QUALIFIED", "ROUTED", "WON", "LOST", "DISQUALIFIED"])
def test_is_opened_with_nobody_else(lead_in: Callable[..., Lead], state: str) -> None:
    with pytest.raises(DealRefused, match="lead is"):
        deals.open_deal(lead_in(state), terms(), by=None, at=AT)
    assert not Deal.objects.exists()


def test_is_open_once_with_a_lead(lead_in: Callable[..., Lead]) -> None:
    lead = lead_in("PROPOSAL")
    deals.open_deal(lead, terms(), by=None, at=AT)
    with pytest.raises(DealRefused, match="lead has an open deal already"):
        deals.open_deal(lead, terms(), by=None, at=AT)
    assert Deal.objects.count() == 1


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"value": euros("-5")}, "value"),
        ({"value": euros("0")}, "value"),
        ({"value": euros("10.005")}, "value"),
        ({"value": euros("1e12")}, "value"),
        ({"value": Money(amount=Decimal("100.5"), currency="JPY")}, "value"),
        ({"value": Money(amount=Decimal(100), currency="XYZ")}, "currency"),
        ({"deposit_percent": Decimal("100.01")}, "deposit_percent"),
        ({"deposit_percent": Decimal(-1)}, "deposit_percent"),
        ({"deposit_percent": Decimal("33.333")}, "deposit_percent"),
        ({"deposit_amount": Decimal(100)}, "deposit_amount"),
        ({"deposit_percent": None, "deposit_amount": Decimal(12001)}, "deposit_amount"),
        ({"deposit_percent": None, "deposit_amount": Decimal("0.001")}, "deposit_amount"),
        ({"probability": 101}, "probability"),
        ({"included_revision_rounds": -1}, "included_revision_rounds"),
        ({"contract_start_date": date(2026, 5, 1), "contract_end_date": date(2026, 4, 30)}, "contract_end_date"),
        ({"company": "x" * 201}, "company"),
        ({"contact_email": "a@b.example\nBcc: c@d.example"}, "contact_email"),
        ({"country": "XX"}, "country"),
        ({"country": "Ireland"}, "country"),
        ({"time_zone": "Dublin"}, "time_zone"),
        ({"time_zone": "../etc/passwd"}, "time_zone"),
        ({"language": "tlh"}, "language"),
    ],
)
def test_is_refused_by_the_field_that_is_wrong(
    lead_in: Callable[..., Lead], changes: dict[str, Any], field: str
) -> None:
    with pytest.raises(DealRefused) as refused:
        deals.open_deal(lead_in("PROPOSAL"), terms(**changes), by=None, at=AT)
    assert list(refused.value.problems) == [field]
    assert not Deal.objects.exists()


@pytest.mark.parametrize(
    ("changes", "amount"),
    [
        ({"deposit_percent": None}, "0"),
        ({"deposit_percent": Decimal(100)}, "12000"),
        ({"deposit_percent": None, "deposit_amount": Decimal("99.95")}, "99.95"),
        ({"value": euros("0.05"), "deposit_percent": Decimal(50)}, "0.02"),
    ],
)
def test_has_the_deposit_that_was_agreed_on(changes: dict[str, Any], amount: str) -> None:
    assert Deal(**Deal.columns_of(terms(**changes))).deposit == euros(amount)


def test_of_a_currency_without_coins_has_a_deposit_without(lead_in: Callable[..., Lead]) -> None:
    yen = terms(value=Money(amount=Decimal(1005), currency="JPY"), deposit_percent=Decimal(50))
    assert deals.open_deal(lead_in("PROPOSAL"), yen, by=None, at=AT).deposit.amount == Decimal(502)


def test_is_changed_while_it_is_open(salesperson: User, published: Published) -> None:
    deal = DealFactory()
    deals.change_deal(deal, deal.terms, by=salesperson.pk)
    assert published == []
    deals.change_deal(deal, deal.terms.model_copy(update={"probability": 80}), by=salesperson.pk)
    [(event, note)] = published
    assert (event.name, event.fields, note.after["probability"]) == ("DealChanged", ("probability",), "80")


def test_is_won_with_its_lead_in_one_transaction(salesperson: User, published: Published) -> None:
    deal = DealFactory(lead__state="PROPOSAL")
    signed = ports.close_deal(deal_id=deal.pk, at=AT, by=salesperson.pk, reason="By telephone.")
    told = {event.name: event for event, _ in published}
    assert list(told) == ["ClientSigned", "LeadAdvanced"]
    assert (told["ClientSigned"].aggregate_id, told["ClientSigned"].signed_at) == (deal.pk, AT)
    assert told["LeadAdvanced"].trigger == "deal"
    deal.refresh_from_db()
    assert (deal.state, deal.closed_at, deal.closed_by, deal.reason) == ("WON", AT, salesperson, "By telephone.")
    assert deal.lead.state == "WON"
    assert (signed.deposit, signed.signed_by, signed.deal_id) == (euros("3600"), salesperson.pk, deal.pk)
    assert ports.get_signed_client(deal_id=deal.pk) == signed


@pytest.mark.parametrize("field", ["company", "contact_email", "country", "time_zone"])
def test_is_not_won_without_what_a_client_needs(field: str, published: Published) -> None:
    deal = DealFactory(**{field: ""})
    with pytest.raises(DealRefused) as refused:
        deals.win_deal(deal, by=None, at=AT)
    assert list(refused.value.problems) == [field]
    assert (Deal.objects.get().state, published) == ("OPEN", [])


def test_is_not_won_before_there_is_a_proposal() -> None:
    deal = DealFactory(lead__state="MEETING")
    with pytest.raises(DealRefused, match="lead is meeting; lead it on to proposal first"):
        deals.win_deal(deal, by=None, at=AT)


@pytest.mark.parametrize("verb", [deals.win_deal, deals.lose_deal])
def test_is_closed_once(verb: Callable, published: Published) -> None:
    deal = DealFactory()
    deals.win_deal(deal, by=None, at=AT)
    published.clear()
    with pytest.raises(DealRefused, match="deal is won already"):
        verb(deal, by=None, at=AT, reason="again")
    with pytest.raises(DealRefused, match="deal is won already"):
        deals.change_deal(deal, terms(), by=None)  # type: ignore[arg-type]
    assert published == []


def test_is_lost_with_its_lead(salesperson: User, published: Published) -> None:
    deal = DealFactory(lead__state="MEETING")
    lost_deal = deals.lose_deal(deal, by=salesperson.pk, at=AT, reason="Too dear.")
    assert [event.name for event, _ in published] == ["LeadAdvanced", "DealLost"]
    assert (lost_deal.state, lost_deal.reason, Lead.objects.get().state) == ("LOST", "Too dear.", "LOST")


def test_is_not_lost_without_a_reason() -> None:
    with pytest.raises(DealRefused, match="reason is empty"):
        deals.lose_deal(DealFactory(), by=None, at=AT, reason=" ")


def test_is_lost_when_its_lead_is(published: Published) -> None:
    deal = DealFactory()
    leads.advance_lead(deal.lead, "lose", by=None, reason="They closed.", at=AT)
    assert [event.name for event, _ in published] == ["LeadAdvanced", "DealLost"]
    deal.refresh_from_db()
    assert (deal.state, deal.reason) == ("LOST", "They closed.")


def test_alone_wins_a_lead(lead_in: Callable[..., Lead]) -> None:
    with pytest.raises(MoveRefused, match="is won by a deal"):
        ports.advance_lead(lead_id=lead_in("PROPOSAL").pk, verb="win", at=AT)
    assert Lead.objects.get().state == "PROPOSAL"


@pytest.mark.parametrize("column", ["value", "company", "reason", "state"])
def test_stays_as_it_was_once_it_is_closed(column: str) -> None:
    deals.win_deal(DealFactory(), by=None, at=AT)
    changed = {"value": 1, "company": "Other", "reason": "Other", "state": "OPEN"}[column]
    with pytest.raises(IntegrityError, match="is WON and does not change"), transaction.atomic():
        Deal.objects.update(**{column: changed})


@pytest.mark.parametrize(
    "columns",
    [
        {"value": -1},
        {"deposit_percent": 101},
        {"deposit_percent": None, "deposit_amount": 12001},
        {"probability": 101},
        {"state": "WON"},
        {"state": "LOST", "closed_at": AT},
        {"state": "WON", "closed_at": AT, "country": ""},
        {"currency": "€"},
    ],
)
def test_cannot_be_stored_wrong(columns: dict[str, Any]) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        DealFactory(**columns)


@pytest.mark.django_db(transaction=True)
def test_is_won_by_one_of_eight_who_press_at_once(published: Published) -> None:
    deal = DealFactory()
    said: list[str] = []

    def win() -> None:
        try:
            deals.win_deal(deal, by=None, at=AT)
            said.append("won")
        except DealRefused as refusal:
            said.append(str(refusal))
        finally:
            connection.close()

    threads = [Thread(target=win) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(said) == ["deal is won already and does not change"] * 7 + ["won"]
    assert [event.name for event, _ in published].count("ClientSigned") == 1


@pytest.mark.django_db(transaction=True)
def test_that_somebody_works_on_lets_its_lead_wait_and_nobody_stand(lead_in: Callable[..., Lead]) -> None:
    deal = DealFactory()
    said: list[str] = []

    def lose() -> None:
        try:
            leads.advance_lead(deal.lead, "lose", by=None, reason="no", at=AT)
        except MoveRefused as refusal:
            said.append(str(refusal))
        finally:
            connection.close()

    with transaction.atomic():
        held = Deal.objects.select_for_update().get()
        thread = Thread(target=lose)
        thread.start()
        thread.join()
        close(held, "lose", lost(held, deal.lead, at=AT), by=None, reason="Too dear.", at=AT)
    assert [word for word in said if "works on the deal" in word] == said != []
    assert LeadFactory._meta.model.objects.get(pk=deal.lead_id).state == "PROPOSAL"
