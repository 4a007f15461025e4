"""Deals: opened with a lead, agreed on, and won or lost together with it.

A won deal is a client's beginning: `ClientSigned` is published in the same transaction, and what follows in other
modules stands in orchestration's reactions.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, transaction

from apps.cam.api import events
from apps.cam.api.dtos import DealTerms
from apps.cam.models import Deal, Lead
from apps.cam.rules.addresses import normalise_address
from apps.cam.rules.deals import judge_terms, missing_facts
from apps.cam.rules.moves import MOVE_OF
from apps.cam.services.closing import BY_DEAL, close, lost
from apps.cam.services.leads import advance_lead
from apps.cam.services.outbound import cancel_queued
from apps.shared.events import AuditNote, publish
from apps.shared.models import snapshot

OPENED_IN = MOVE_OF["lose"].sources
"""The states of leads with whom something can be agreed on: who was written to, and is neither won nor lost."""


class DealRefused(ValueError):
    """A deal cannot be so. `problems` maps each field to what is wrong and how to mend it."""

    def __init__(self, problems: Mapping[str, str]) -> None:
        super().__init__("; ".join(f"{field} {problem}" for field, problem in problems.items()))
        self.problems = dict(problems)


@transaction.atomic
def open_deal(lead: Lead, terms: DealTerms, *, by: UUID | None, at: datetime) -> Deal:
    """Write down what is being agreed on with a lead. Raises DealRefused, naming every wrong field."""
    columns = _checked(terms)
    row = Lead.objects.select_for_update().get(pk=lead.pk)
    if row.state not in OPENED_IN:
        raise DealRefused({"lead": f"is {_said(row.state)}: a deal is opened with who was contacted"})
    try:
        with transaction.atomic():
            deal = Deal.objects.create(lead=row, **columns)
    except IntegrityError as taken:
        if "deal_open_once_per_lead" not in str(taken):
            raise
        raise DealRefused({"lead": "has an open deal already; change that one"}) from taken
    cancel_queued(row, because="A deal is being agreed on.", by=by, at=at)
    about = {"aggregate_id": deal.pk, "lead_id": row.pk, "campaign_id": row.campaign_id, "occurred_at": at}
    publish(events.DealOpened(**about, value=deal.worth), AuditNote(actor_id=by, after=snapshot(deal)))
    return deal


@transaction.atomic
def change_deal(deal: Deal, terms: DealTerms, *, by: UUID) -> Deal:
    """Change what is being agreed on; nothing is published when nothing changed.

    Raises DealRefused, naming every wrong field, and for a deal that is won or lost.
    """
    columns = _checked(terms)
    row = _lock_open(deal)
    before = snapshot(row)
    fields = tuple(name for name, value in columns.items() if getattr(row, name) != value)
    if fields:
        for name in fields:
            setattr(row, name, columns[name])
        row.save(update_fields=[*fields, "updated_at"])
        event = events.DealChanged(aggregate_id=row.pk, lead_id=row.lead_id, fields=fields, value=row.worth)
        publish(event, AuditNote(actor_id=by, before=before, after=snapshot(row)))
    return row


@transaction.atomic
def win_deal(deal: Deal, *, by: UUID | None, at: datetime, reason: str = "") -> Deal:
    """Win a deal and its lead: a client, its onboarding and its deposit's invoice follow from that.

    Raises DealRefused for a deal that is won or lost, where a fact is missing without which there is no client, and
    where the lead has no proposal yet.
    """
    row = _lock_open(deal)
    lead = Lead.objects.select_for_update().get(pk=row.lead_id)
    problems = missing_facts(row.terms)
    if lead.state not in MOVE_OF["win"].sources:
        problems["lead"] = f"is {_said(lead.state)}; lead it on to proposal first"
    if problems:
        raise DealRefused(problems)
    signed = events.ClientSigned(
        aggregate_id=row.pk,
        occurred_at=at,
        lead_id=lead.pk,
        company=row.company,
        contact_name=row.contact_name,
        contact_email=row.contact_email,
        country=row.country,
        time_zone=row.time_zone,
        value=row.worth,
        signed_at=at,
    )
    close(row, "win", signed, by=by, reason=reason, at=at)
    advance_lead(lead, "win", by=by, reason=reason, at=at, trigger=BY_DEAL)
    return row


@transaction.atomic
def lose_deal(deal: Deal, *, by: UUID | None, at: datetime, reason: str) -> Deal:
    """Give a deal and its lead up. Raises DealRefused without a reason, and for a deal that is won or lost."""
    if not reason.strip():
        raise DealRefused({"reason": "is empty; say why it came to nothing"})
    row = _lock_open(deal)
    lead = Lead.objects.select_for_update().get(pk=row.lead_id)
    if lead.state not in MOVE_OF["lose"].sources:  # it went elsewhere before deals and leads went together
        return close(row, "lose", lost(row, lead, at=at), by=by, reason=reason, at=at)
    advance_lead(lead, "lose", by=by, reason=reason, at=at, trigger=BY_DEAL)
    row.refresh_from_db()
    return row


def _lock_open(deal: Deal) -> Deal:
    row = Deal.objects.select_for_update().get(pk=deal.pk)
    if not row.is_open:
        raise DealRefused({"deal": f"is {_said(row.state)} already and does not change"})
    return row


def _checked(terms: DealTerms) -> dict[str, Any]:
    """Return what terms say, by column. Raises DealRefused."""
    problems = judge_terms(terms)
    if terms.language not in dict(settings.LANGUAGES):
        problems["language"] = f"must be one of {', '.join(dict(settings.LANGUAGES))}"
    if problems:
        raise DealRefused(problems)
    columns = Deal.columns_of(terms)
    columns |= {name: " ".join(columns[name].split()) for name in ("company", "contact_name")}
    return columns | {"contact_email": normalise_address(terms.contact_email) if terms.contact_email else ""}


def _said(state: str) -> str:
    return state.replace("_", " ").lower()
