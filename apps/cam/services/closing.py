"""How a deal ends: what winning it, giving it up and losing its lead have in common."""

from datetime import datetime
from uuid import UUID

from django.db import OperationalError, transaction
from psycopg.errors import LockNotAvailable

from apps.cam.api import events
from apps.cam.models import Deal, Lead
from apps.shared.events import AuditNote, Event, publish

BY_DEAL = "deal"
"""What makes a lead move whose deal is won or lost."""


class DealBusy(Exception):
    """Somebody works on a deal in this moment."""


def close(deal: Deal, verb: str, event: Event, *, by: UUID | None, reason: str, at: datetime) -> Deal:
    """End a deal by one of its transitions, inside the caller's transaction, which holds its lock."""
    before = {"state": deal.state}
    getattr(deal, verb)()
    deal.reason, deal.closed_at, deal.closed_by_id = reason.strip(), at, by
    deal.save(update_fields=["state", "reason", "closed_at", "closed_by", "updated_at"])
    after = {"state": deal.state, "value": str(deal.worth)}
    publish(event, AuditNote(actor_id=by, reason=reason, before=before, after=after))
    return deal


def lose_open_deal(lead: Lead, *, by: UUID | None, reason: str, at: datetime) -> None:
    """Give the open deal of a lost lead up, if it has one, inside the caller's transaction. Raises DealBusy.

    Whoever closes a deal waits for its lead, so that whoever holds the lead must not wait for the deal.
    """
    try:
        with transaction.atomic():
            deal = Deal.objects.open().select_for_update(nowait=True).filter(lead=lead).first()
    except OperationalError as held:
        if not isinstance(held.__cause__, LockNotAvailable):
            raise
        raise DealBusy(f"Somebody works on the deal with {lead} in this moment; try again.") from held
    if deal is not None:
        close(deal, "lose", lost(deal, lead, at=at), by=by, reason=reason, at=at)


def lost(deal: Deal, lead: Lead, *, at: datetime) -> events.DealLost:
    """Make the event of a deal that came to nothing."""
    about = {"aggregate_id": deal.pk, "lead_id": lead.pk, "campaign_id": lead.campaign_id, "occurred_at": at}
    return events.DealLost(**about, value=deal.worth)
