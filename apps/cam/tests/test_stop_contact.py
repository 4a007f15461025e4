"""stop_contact …"""

from collections.abc import Callable

import pytest

from apps.cam.models import Lead
from apps.cam.services import leads
from apps.cam.services.leads import MoveRefused
from apps.identity.models import User
from apps.shared.events import AuditNote, Event


def test_says_so_whatever_the_state(
    lead_in: Callable[..., Lead], salesperson: User, published: list[tuple[Event, AuditNote]]
) -> None:
    lead = leads.stop_contact(lead_in("MEETING"), by=salesperson.pk, reason="They asked.")
    assert (lead.state, lead.contactability) == ("MEETING", "DO_NOT_CONTACT")
    [(event, note)] = published
    assert (event.name, event.to_contactability, note.reason) == (
        "ContactabilityChanged",
        "DO_NOT_CONTACT",
        "They asked.",
    )


def test_asks_why(lead: Lead, salesperson: User) -> None:
    with pytest.raises(ValueError, match="reason is empty"):
        leads.stop_contact(lead, by=salesperson.pk, reason=" ")


def test_can_be_taken_back_where_it_was_our_own_word(lead_in: Callable[..., Lead], salesperson: User) -> None:
    lead = lead_in("NEW", contactability="DO_NOT_CONTACT")
    assert leads.allow_contact(lead, by=salesperson.pk, reason="a mistake").is_contactable


@pytest.mark.parametrize("contactability", ["UNSUBSCRIBED", "SUPPRESSED", "BOUNCED", "OK"])
def test_cannot_be_taken_back_where_it_was_not(
    lead_in: Callable[..., Lead], salesperson: User, contactability: str
) -> None:
    with pytest.raises(MoveRefused, match="not ours to take back"):
        leads.allow_contact(lead_in("NEW", contactability=contactability), by=salesperson.pk, reason="a mistake")


def test_publishes_nothing_where_nothing_changes(
    lead_in: Callable[..., Lead], salesperson: User, published: list[tuple[Event, AuditNote]]
) -> None:
    leads.stop_contact(lead_in("NEW", contactability="DO_NOT_CONTACT"), by=salesperson.pk, reason="again")
    assert published == []
