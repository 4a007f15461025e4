"""What quality control can be asked to do."""

from uuid import UUID

from apps.learning.api.dtos import Guidance
from apps.onboarding.api.dtos import Brief
from apps.production.api.dtos import Draft
from apps.qc import queries, services
from apps.qc.api.dtos import QcReport
from apps.shared.workflow import RunContext, step
from apps.strategy.api.dtos import Strategy


def withdraw_report(*, run: RunContext) -> None:
    """Remove what a run stored here, and nothing else; may be called twice."""
    services.withdraw_report(run=run)


@step(compensate=withdraw_report, queue="writing")
def evaluate_draft(
    *, draft: Draft, brief: Brief, strategy: Strategy, guidance: Guidance | None = None, run: RunContext
) -> QcReport:
    """Judge a draft by all rules and the lessons in force, and store the report.

    Raises StepRefused, with the whole report as its outcome and QcFailed as its event, when the verdict is FAIL, or
    WARN for a client with strict quality control.
    """
    verdict = services.evaluate(draft, brief, strategy, guidance)
    return queries.to_dto(services.pass_or_refuse(draft, verdict, run=run))


@step(compensate=withdraw_report, queue="writing")
def judge_draft(
    *, draft: Draft, brief: Brief, strategy: Strategy, guidance: Guidance | None = None, run: RunContext
) -> QcReport:
    """Judge a draft by all rules and the lessons in force, and store the report, whatever the verdict.

    Whether it `passed` says what follows.
    """
    verdict = services.evaluate(draft, brief, strategy, guidance)
    return queries.to_dto(services.store_verdict(draft, verdict, run=run))


def get_report(*, draft_id: UUID) -> QcReport:
    """Return the latest evaluation of a draft. Raises ObjectDoesNotExist when there is none."""
    return queries.get_report(draft_id)


def list_reports(*, draft_id: UUID) -> tuple[QcReport, ...]:
    """Return all evaluations of a draft, oldest first; empty for a draft without any."""
    return queries.list_reports(draft_id)
