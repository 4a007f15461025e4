"""The verbs of strategy: the only place its rows change."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django_fsm import TransitionNotAllowed

from apps.onboarding.api.dtos import Brief
from apps.shared.events import AuditNote, Event, publish
from apps.shared.models import snapshot
from apps.shared.workflow import RunContext, StepRefused
from apps.strategy import queries
from apps.strategy.api import events
from apps.strategy.api.dtos import StrategyPlan
from apps.strategy.models import ChannelPlan, Kpi, Milestone, Strategy
from apps.strategy.rules import StrategyImpossible, compose_strategy


class DecisionRefused(TransitionNotAllowed):
    """A strategy cannot be decided on: it was decided already, or a newer version holds."""


def compose(*, brief: Brief, run: RunContext) -> StrategyPlan:
    """Work out the strategy for a brief; stores nothing. Raises StepRefused for a brief no strategy can be made of."""
    try:
        return compose_strategy(brief)
    except StrategyImpossible as impossible:
        raise StepRefused(str(impossible)) from impossible


@transaction.atomic
def store_strategy(brief: Brief, plan: StrategyPlan, *, run: RunContext) -> Strategy:
    """Store a plan as the next version for its brief, a draft. Of two at once, the second waits for the first."""
    _lock_brief(brief.id)
    strategy = Strategy.objects.create(
        run_id=run.id,
        client_id=brief.client_id,
        brief_id=brief.id,
        version=queries.next_version(brief.id),
        preset=plan.preset,
        executive_summary=plan.executive_summary,
        layers=plan.layers.model_dump(mode="json"),
        budget_amount=plan.budget.amount if plan.budget else None,
        budget_currency=plan.budget.currency if plan.budget else "",
        start_date=plan.start_date,
        end_date=plan.end_date,
    )
    _store_parts(strategy, plan)
    after = {"version": strategy.version, "preset": strategy.preset, **_decision(strategy)}
    _publish(events.StrategyGenerated, strategy, AuditNote(after=after))
    return strategy


@transaction.atomic
def approve_strategy(strategy: Strategy, *, by: UUID, reason: str = "", at: datetime) -> Strategy:
    """Accept a draft as the version to work by; the version approved before gives way.

    Raises DecisionRefused when it was decided already or a newer version is approved, and django_fsm's
    ConcurrentTransition when somebody else decided in this moment.
    """
    _require_draft(strategy, "approved")
    _lock_brief(strategy.brief_id)
    _supersede_approved(strategy, by=by)
    before = _decision(strategy)
    strategy.approve()
    strategy.approved_by_id = by
    _record_decision(strategy, reason=reason, at=at)
    note = AuditNote(actor_id=by, reason=reason, before=before, after=_decision(strategy))
    _publish(events.StrategyApproved, strategy, note)
    return strategy


@transaction.atomic
def reject_strategy(strategy: Strategy, *, by: UUID, reason: str, at: datetime) -> Strategy:
    """Turn a draft down.

    Raises ValueError without a reason, DecisionRefused when it was decided already, and django_fsm's
    ConcurrentTransition when somebody else decided in this moment.
    """
    if not reason.strip():
        raise ValueError(
            "reason is empty: say what is wrong with the strategy, so that the next version can do better."
        )
    _require_draft(strategy, "rejected")
    before = _decision(strategy)
    strategy.reject()
    _record_decision(strategy, reason=reason, at=at)
    note = AuditNote(actor_id=by, reason=reason, before=before, after=_decision(strategy))
    _publish(events.StrategyRejected, strategy, note, reason=reason)
    return strategy


@transaction.atomic
def withdraw_strategy(*, run: RunContext) -> None:
    """Remove the strategies a run stored, with their parts, and nothing else; a second call finds nothing to do."""
    strategies = queries.with_parts(Strategy.objects.of_run(run.id).select_for_update().order_by("pk"))
    for strategy in strategies:
        note = AuditNote(reason="The run was taken back.", before=_with_parts(strategy))
        _publish(events.StrategyWithdrawn, strategy, note)
        strategy.delete()


def _lock_brief(brief_id: UUID) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"strategy.brief:{brief_id}"])


def _store_parts(strategy: Strategy, plan: StrategyPlan) -> None:
    Kpi.objects.bulk_create(Kpi(strategy=strategy, position=n, **dict(kpi)) for n, kpi in enumerate(plan.kpis, 1))
    ChannelPlan.objects.bulk_create(
        ChannelPlan(
            strategy=strategy,
            position=n,
            budget_amount=channel.budget.amount if channel.budget else None,
            **channel.model_dump(exclude={"budget"}),
        )
        for n, channel in enumerate(plan.channels, 1)
    )
    Milestone.objects.bulk_create(
        Milestone(strategy=strategy, position=n, **dict(milestone)) for n, milestone in enumerate(plan.milestones, 1)
    )


def _require_draft(strategy: Strategy, verb: str) -> None:
    if strategy.state != Strategy.State.DRAFT:
        raise DecisionRefused(
            f"Strategy version {strategy.version} is {strategy.state} and cannot be {verb}: only a DRAFT can. "
            "Generate a new version to change the decision."
        )


def _supersede_approved(strategy: Strategy, *, by: UUID) -> None:
    approved = Strategy.objects.filter(brief_id=strategy.brief_id, state=Strategy.State.APPROVED)
    for other in approved.select_for_update():
        if other.version > strategy.version:
            raise DecisionRefused(
                f"Version {other.version} is approved already and newer than version {strategy.version}. "
                "Generate a new version instead of going back."
            )
        before = _decision(other)
        other.supersede()
        other.save(update_fields=["state", "updated_at"])
        why = f"Version {strategy.version} was approved in its place."
        note = AuditNote(actor_id=by, reason=why, before=before, after=_decision(other))
        _publish(events.StrategySuperseded, other, note)


def _record_decision(strategy: Strategy, *, reason: str, at: datetime) -> None:
    strategy.reason = reason
    strategy.decided_at = at
    strategy.save(update_fields=["state", "approved_by", "reason", "decided_at", "updated_at"])


def _publish(kind: type[Event], strategy: Strategy, note: AuditNote, **fields: Any) -> None:
    event = kind(
        run_id=strategy.run_id,
        client_id=strategy.client_id,
        aggregate_id=strategy.pk,
        brief_id=strategy.brief_id,
        version=strategy.version,
        **fields,
    )
    publish(event, note)


def _decision(strategy: Strategy) -> dict[str, Any]:
    return {
        "state": str(strategy.state),
        "approved_by_id": strategy.approved_by_id and str(strategy.approved_by_id),
        "decided_at": strategy.decided_at and strategy.decided_at.isoformat(),
        "reason": strategy.reason,
    }


def _with_parts(strategy: Strategy) -> dict[str, Any]:
    parts = ("kpis", "channels", "milestones")
    return snapshot(strategy) | {name: [snapshot(part) for part in getattr(strategy, name).all()] for name in parts}
