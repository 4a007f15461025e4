"""advance_lead …"""

from collections.abc import Callable

import pytest
from django.db import IntegrityError, connection
from django_fsm import ConcurrentTransition, TransitionNotAllowed
from uuid_utils.compat import uuid7

from apps.cam.api import ports
from apps.cam.models import Lead
from apps.cam.rules.moves import MOVES, STATES, moves_from
from apps.cam.services import leads
from apps.cam.services.leads import MoveRefused
from apps.cam.tests.conftest import AT
from apps.identity.models import User
from apps.shared.events import AuditNote, Event


@pytest.mark.parametrize("state", STATES)
def test_goes_where_the_machine_leads_and_nowhere_else(lead_in: Callable[..., Lead], state: str) -> None:
    for move in MOVES:
        lead = lead_in(state)
        if state in move.sources:
            trigger = "deal" if move.by_deal else "person"
            moved = leads.advance_lead(lead, move.verb, by=None, reason="so", at=AT, trigger=trigger)
            assert moved.state == move.target
        else:
            with pytest.raises(MoveRefused, match="cannot become"):
                leads.advance_lead(lead, move.verb, by=None, reason="so", at=AT)
            assert Lead.objects.get(pk=lead.pk).state == state


def test_reaches_every_state_but_the_first() -> None:
    assert {move.target for move in MOVES} == set(STATES) - {"NEW"}


def test_tells_who_moved_it_from_where_to_where(
    lead: Lead, salesperson: User, published: list[tuple[Event, AuditNote]]
) -> None:
    leads.advance_lead(lead, "enrich", by=salesperson.pk, reason="looked them up", at=AT)
    [(event, note)] = published
    assert (event.name, event.from_state, event.to_state, event.trigger) == (
        "LeadAdvanced",
        "NEW",
        "ENRICHED",
        "person",
    )
    assert (event.occurred_at, note.actor_id, note.reason) == (AT, salesperson.pk, "looked them up")
    assert (note.before, note.after) == ({"state": "NEW"}, {"state": "ENRICHED"})


def test_ends_what_the_lead_waited_for(lead_in: Callable[..., Lead]) -> None:
    lead = leads.advance_lead(lead_in("NEW", next_action_at=AT), "enrich", by=None, at=AT)
    assert Lead.objects.get(pk=lead.pk).next_action_at is None


@pytest.mark.parametrize("contactability", ["UNSUBSCRIBED", "SUPPRESSED", "BOUNCED", "DO_NOT_CONTACT"])
@pytest.mark.parametrize(("state", "verb"), [("QUALIFIED", "route"), ("ROUTED", "contact")])
def test_writes_to_nobody_who_must_not_be_contacted(
    lead_in: Callable[..., Lead], contactability: str, state: str, verb: str
) -> None:
    lead = lead_in(state, contactability=contactability)
    with pytest.raises(MoveRefused, match="must not be contacted"):
        leads.advance_lead(lead, verb, by=None, at=AT)
    with pytest.raises(TransitionNotAllowed):
        getattr(lead, verb)()
    assert Lead.objects.get(pk=lead.pk).contactability == contactability
    assert verb not in [move.verb for move in moves_from(state, is_contactable=False)]


@pytest.mark.parametrize(
    ("change", "constraint"),
    [
        ("state = 'WON'", "lead_moves_legally"),
        ("state = 'CONTACTED', contactability = 'BOUNCED'", "lead_move_leaves_contactability"),
        ("state = 'HAPPY'", "lead_moves_legally"),
    ],
)
def test_cannot_be_gone_round_in_the_database(lead_in: Callable[..., Lead], change: str, constraint: str) -> None:
    lead = lead_in("ROUTED")
    with connection.cursor() as cursor, pytest.raises(IntegrityError) as refusal:
        cursor.execute(f"UPDATE cam_lead SET {change} WHERE id = %s", [lead.pk])
    assert refusal.value.__cause__.diag.constraint_name == constraint


def test_contacts_nobody_by_the_database_alone(lead_in: Callable[..., Lead]) -> None:
    lead = lead_in("ROUTED", contactability="BOUNCED")
    with connection.cursor() as cursor, pytest.raises(IntegrityError, match="must not be contacted"):
        cursor.execute("UPDATE cam_lead SET state = 'CONTACTED' WHERE id = %s", [lead.pk])


@pytest.mark.parametrize(("state", "verb"), [("SCORED", "disqualify"), ("PROPOSAL", "lose")])
def test_asks_why_a_lead_comes_to_nothing(lead_in: Callable[..., Lead], state: str, verb: str) -> None:
    with pytest.raises(ValueError, match="reason is empty"):
        leads.advance_lead(lead_in(state), verb, by=None, reason=" ", at=AT)


def test_does_not_overrule_somebody_who_moved_it_in_between(lead: Lead) -> None:
    stale = Lead.objects.get(pk=lead.pk)
    leads.advance_lead(lead, "enrich", by=None, at=AT)
    with pytest.raises(ConcurrentTransition):
        leads.advance_lead(stale, "enrich", by=None, at=AT)


def test_is_not_disturbed_by_a_column_that_is_read_late(lead: Lead) -> None:
    late = Lead.objects.defer("raw").get(pk=lead.pk)
    late.enrich()
    assert (late.raw, late.state) == ({}, "ENRICHED")
    late.save(update_fields=["state"])
    stale = Lead.objects.defer("raw").get(pk=lead.pk)
    leads.advance_lead(late, "rate", by=None, at=AT)
    assert (stale.raw, stale.state) == ({}, "ENRICHED")
    with pytest.raises(ConcurrentTransition):
        leads.advance_lead(stale, "rate", by=None, at=AT)


def test_is_a_port_that_returns_the_lead(lead: Lead) -> None:
    assert ports.advance_lead(lead_id=lead.pk, verb="enrich", at=AT).state == "ENRICHED"
    with pytest.raises(Lead.DoesNotExist):
        ports.advance_lead(lead_id=uuid7(), verb="enrich", at=AT)
