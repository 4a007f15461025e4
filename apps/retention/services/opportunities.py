"""What more clients could buy: looked for in what was seen of them, and decided on by a person."""

from datetime import datetime
from functools import partial
from uuid import UUID

from django.db import transaction

from apps.identity.models import Client
from apps.retention import queries, rules
from apps.retention.api import dtos, events
from apps.retention.models import Opportunity
from apps.retention.services.lifecycles import hold_lifecycle
from apps.retention.services.records import demand, tell
from apps.shared.dtos import Money
from apps.shared.models import snapshot
from apps.shared.resilience import OneByOne
from apps.shared.workflow import RunContext


def suggest_opportunities(*, run: RunContext) -> dtos.SuggestedOpportunities:
    """Look for opportunities with every client who is with us, one by one.

    One that breaks stops none of the others; an ExceptionGroup names it when they are done.
    """
    with OneByOne() as clients:
        found = clients.do(partial(detect_opportunities, at=run.at), queries.watched_clients())
    return dtos.SuggestedOpportunities(found=sum(map(len, found)))


@transaction.atomic
def detect_opportunities(client_id: UUID, *, at: datetime, by: UUID | None = None) -> list[Opportunity]:
    """Look for what more a client could buy; tell of what is new, and return it.

    What is open stays as it was found, unless nothing speaks for it any more: then it is dropped. What a person
    decided on is let be for half a year, and after that only new signals count. Raises Client.DoesNotExist.
    """
    hold_lifecycle(client_id)
    client = Client.objects.get(pk=client_id)
    found = {each.kind: each for each in queries.suggestions_for(client, at)}
    known = {each.kind: each for each in Opportunity.objects.filter(client=client).undecided()}
    for kind in known.keys() - found.keys():
        _drop(known[kind])
    return [_open(client, found[kind], at=at, by=by) for kind in found if kind not in known]


def _open(client: Client, suggestion: rules.Suggestion, *, at: datetime, by: UUID | None) -> Opportunity:
    currency = "" if suggestion.value is None else client.currency
    row = Opportunity.objects.create(
        client=client,
        kind=suggestion.kind,
        confidence=suggestion.confidence,
        value=suggestion.value,
        currency=currency,
        evidence=list(suggestion.evidence),
        why=suggestion.why,
        found_at=at,
    )
    value = Money(amount=suggestion.value, currency=currency) if suggestion.value is not None else None
    told = {"kind": row.kind, "value": value, "confidence": row.confidence}
    tell(events.UpsellSuggested, row, client_id=client.pk, by=by, **told)
    return row


def _drop(row: Opportunity) -> None:
    before = snapshot(row)
    row.drop()
    row.save()
    why = "What it was read from is over."
    tell(events.OpportunityDropped, row, client_id=row.client_id, reason=why, before=before, kind=row.kind)


def win_opportunity(row: Opportunity, *, by: UUID, reason: str, at: datetime) -> Opportunity:
    """Record that a client took an opportunity up. Raises ReasonMissing and TransitionNotAllowed."""
    return _decide(row, Opportunity.State.WON, by=by, reason=reason, at=at)


def decline_opportunity(row: Opportunity, *, by: UUID, reason: str, at: datetime) -> Opportunity:
    """Record that nothing becomes of an opportunity. Raises ReasonMissing and TransitionNotAllowed."""
    return _decide(row, Opportunity.State.DECLINED, by=by, reason=reason, at=at)


_MOVES = {Opportunity.State.WON: Opportunity.win, Opportunity.State.DECLINED: Opportunity.decline}


@transaction.atomic
def _decide(row: Opportunity, outcome: Opportunity.State, *, by: UUID, reason: str, at: datetime) -> Opportunity:
    why = demand(reason, "Say what became of it.")
    row = Opportunity.objects.select_for_update(of=("self",)).get(pk=row.pk)
    before = snapshot(row)
    _MOVES[outcome](row)
    row.reason, row.decided_at, row.decided_by_id = why, at, by
    row.save()
    told = {"kind": row.kind, "outcome": outcome.value}
    tell(events.OpportunityDecided, row, client_id=row.client_id, by=by, reason=why, before=before, **told)
    return row
