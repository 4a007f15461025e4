"""What is seen of clients, and the scores made of it: each frozen with all that it was made of."""

from datetime import datetime
from functools import partial
from uuid import UUID

from django.db import transaction

from apps.identity.models import Client
from apps.retention import queries, rules
from apps.retention.api import dtos, events
from apps.retention.models import HealthScore, Signal
from apps.retention.services.lifecycles import end_onboarding, follow_level, hold_lifecycle, open_lifecycle
from apps.retention.services.records import tell
from apps.shared.resilience import OneByOne
from apps.shared.workflow import RunContext


@transaction.atomic
def note_signal(client_id: UUID, signal: dtos.Signal) -> Signal:
    """Take down what an event tells of a client, once; the first delivery ends the client's onboarding."""
    facts = dict(signal)
    row, is_new = Signal.objects.get_or_create(
        source_event_id=facts.pop("source_event_id"), defaults={"client_id": client_id, **facts}
    )
    if is_new:
        tell(events.SignalNoted, row, client_id=client_id, kind=row.kind)
        if row.kind == Signal.Kind.DELIVERED:
            end_onboarding(client_id, at=row.at)
    return row


@transaction.atomic
def assess_renewal_risk(client_id: UUID, *, at: datetime, by: UUID | None = None) -> HealthScore:
    """Freeze how likely a client is to leave in this ISO week, or return what is frozen of it already.

    Tells once when the level rose over the one known before, and moves the client in or out of risk.
    Raises Client.DoesNotExist.
    """
    hold_lifecycle(client_id)
    client, week = Client.objects.get(pk=client_id), rules.week_of(at)
    frozen = HealthScore.objects.filter(client=client, week_start_date=week).first()
    if frozen is not None:
        return frozen
    row = _freeze(client, at)
    told = {"client_id": client_id, "by": by}
    tell(events.ClientAssessed, row, **told, week_start_date=week, score=row.score, level=row.level)
    if row.is_rise:
        worst = sorted(queries.recomputed(row).factors, key=lambda each: each.contribution, reverse=True)
        names = tuple(each.name for each in worst if each.contribution)
        tell(events.ChurnRiskDetected, row, **told, score=row.score, level=row.level, factors=names)
    follow_level(client_id, row.level, at=at)
    return row


def assess_clients(*, run: RunContext) -> dtos.AssessedClients:
    """Freeze this week's score of every client who is with us and has none yet, one by one.

    One that breaks stops none of the others; an ExceptionGroup names it when they are done.
    """
    with OneByOne() as clients:
        clients.do(open_lifecycle, queries.unwatched_clients())
        scores = clients.do(partial(assess_renewal_risk, at=run.at), queries.clients_without_score(run.at))
    return dtos.AssessedClients(assessed=len(scores), risen=sum(each.is_rise for each in scores))


def _freeze(client: Client, at: datetime) -> HealthScore:
    """Store the score of a client together with all that it is made of."""
    week, inputs, weights = rules.week_of(at), queries.inputs_of(client, at), rules.weights_of()
    found, before = rules.assess(inputs, weights), queries.find_level_before(client.pk, week)
    return HealthScore.objects.create(
        client=client,
        week_start_date=week,
        score=found.score,
        level=found.level,
        level_before=before,
        is_rise=rules.rises(found.level, before),
        measured_weight=found.measured_weight,
        formula_version=rules.NEWEST,
        inputs={name: None if value is None else str(value) for name, value in inputs.items()},
        weights={name: str(weight) for name, weight in weights.items()},
        assessed_at=at,
    )
