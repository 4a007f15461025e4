"""Verbs of retention."""

from datetime import datetime
from uuid import UUID

from apps.retention import queries, services
from apps.retention.api.dtos import (
    AssessedClients,
    CheckedRenewals,
    HealthScore,
    Lifecycle,
    Opportunity,
    Signal,
    SuggestedOpportunities,
)
from apps.shared.workflow import RunContext, step


def open_lifecycle(*, client_id: UUID) -> Lifecycle:
    """Look after a client from now on; a second call changes nothing. Raises ObjectDoesNotExist for an unknown one."""
    services.open_lifecycle(client_id)
    return queries.get_lifecycle(client_id)


def get_lifecycle(*, client_id: UUID) -> Lifecycle:
    """Return where a client stands. Raises ObjectDoesNotExist for one that is not looked after."""
    return queries.get_lifecycle(client_id)


def note_signal(*, client_id: UUID, signal: Signal) -> None:
    """Take down what an event tells of a client, once for each event.

    Publishes SignalNoted. Never note that event itself, or each signal would be noted in turn, for ever.
    """
    services.note_signal(client_id, signal)


def assess_renewal_risk(*, client_id: UUID, at: datetime, by: UUID | None = None) -> HealthScore:
    """Freeze how likely a client is to leave in this ISO week, or return what is frozen of it already.

    Publishes ChurnRiskDetected when the level rose. Raises ObjectDoesNotExist for an unknown client.
    """
    return queries.score_of(services.assess_renewal_risk(client_id, at=at, by=by))


def detect_opportunities(*, client_id: UUID, at: datetime, by: UUID | None = None) -> tuple[Opportunity, ...]:
    """Look for what more a client could buy, and return what is new; what is known or was decided lately is not.

    Publishes UpsellSuggested for each. Raises ObjectDoesNotExist for an unknown client.
    """
    return tuple(map(queries.opportunity_of, services.detect_opportunities(client_id, at=at, by=by)))


# --- the three steps of the renewal check, each of which does its work client by client while it prepares ------------


@step(
    prepare=services.assess_clients,
    nothing_to_compensate="a frozen score stays what it was in its week",
    queue="system",
    limit_seconds=600,
)
def assess_clients(*, prepared: AssessedClients, run: RunContext) -> AssessedClients:
    """Freeze this week's score of every client who has none yet."""
    return prepared


@step(
    prepare=services.check_renewals,
    nothing_to_compensate="a contract that ends does so whoever is told",
    queue="system",
    limit_seconds=600,
)
def check_renewals(*, prepared: CheckedRenewals, run: RunContext) -> CheckedRenewals:
    """Tell of the contracts that end in 90, 60 and 30 days."""
    return prepared


@step(
    prepare=services.suggest_opportunities,
    nothing_to_compensate="an opportunity stands on what was seen, whoever looked",
    queue="system",
    limit_seconds=600,
)
def suggest_opportunities(*, prepared: SuggestedOpportunities, run: RunContext) -> SuggestedOpportunities:
    """Look for what more clients could buy."""
    return prepared
