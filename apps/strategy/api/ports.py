"""What strategy can be asked to do."""

from datetime import datetime
from uuid import UUID

from apps.onboarding.api.dtos import Brief
from apps.shared.workflow import RunContext, step
from apps.strategy import models, queries, services
from apps.strategy.api.dtos import Strategy, StrategyPlan, StrategyVersion


def withdraw_strategy(*, run: RunContext) -> None:
    """Remove what a run stored here, and nothing else; may be called twice."""
    services.withdraw_strategy(run=run)


@step(prepare=services.compose, compensate=withdraw_strategy, queue="thinking")
def generate_strategy(*, brief: Brief, prepared: StrategyPlan, run: RunContext) -> Strategy:
    """Store the next version of the strategy for a brief, as a draft."""
    row = services.store_strategy(brief, prepared, run=run)
    return Strategy(
        id=row.pk,
        brief_id=row.brief_id,
        client_id=row.client_id,
        version=row.version,
        state=row.state,
        **dict(prepared),
    )


def approve_strategy(*, strategy_id: UUID, by: UUID, at: datetime, reason: str = "") -> Strategy:
    """Accept a draft as the version to work by.

    `by` is the user's id, `at` the aware time of the decision. Raises ObjectDoesNotExist for an unknown id and
    TransitionNotAllowed when the version was decided already or a newer one is approved.
    """
    services.approve_strategy(models.Strategy.objects.get(pk=strategy_id), by=by, reason=reason, at=at)
    return queries.get_strategy(strategy_id)


def reject_strategy(*, strategy_id: UUID, by: UUID, reason: str, at: datetime) -> Strategy:
    """Turn a draft down.

    Raises ObjectDoesNotExist for an unknown id, ValueError without a reason, and TransitionNotAllowed when the version
    was decided already.
    """
    services.reject_strategy(models.Strategy.objects.get(pk=strategy_id), by=by, reason=reason, at=at)
    return queries.get_strategy(strategy_id)


def get_strategy(*, strategy_id: UUID) -> Strategy:
    """Return a strategy with all its parts. Raises ObjectDoesNotExist for an unknown id."""
    return queries.get_strategy(strategy_id)


def find_approved_strategy(*, client_id: UUID, before: datetime) -> Strategy | None:
    """Return the strategy that a client's work followed at a moment: the one approved last before it, None without."""
    return queries.find_approved_strategy(client_id, before)


def list_versions(*, brief_id: UUID) -> tuple[StrategyVersion, ...]:
    """Return the versions made for a brief, oldest first; empty for a brief without any."""
    return queries.list_versions(brief_id)
