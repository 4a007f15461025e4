"""The verbs of quality control: the only place its rows change."""

from typing import Any
from uuid import UUID

from django.db import connection, transaction
from uuid_utils.compat import uuid7

from apps.learning.api.dtos import Guidance
from apps.onboarding.api.dtos import Brief
from apps.production.api.dtos import Draft
from apps.qc import queries, rules
from apps.qc.api import dtos, events
from apps.qc.models import QcFinding, QcReport
from apps.qc.rules.scoring import stops_work
from apps.shared.events import AuditNote, Event, publish
from apps.shared.models import snapshot
from apps.shared.workflow import RunContext, StepRefused
from apps.strategy.api.dtos import Strategy


def evaluate(draft: Draft, brief: Brief, strategy: Strategy, guidance: Guidance | None = None) -> dtos.QcVerdict:
    """Judge a draft by all rules and lessons; stores nothing, and gives the same verdict for the same texts."""
    return rules.judge(draft, brief, strategy, guidance)


@transaction.atomic
def pass_or_refuse(draft: Draft, verdict: dtos.QcVerdict, *, run: RunContext) -> QcReport:
    """Store the report of a draft that may go on; a draft that may not is refused.

    Raises StepRefused for FAIL, and for WARN when the client is strict. The refusal carries the whole report, because
    no row is left of it.
    """
    if stops_work(verdict.verdict, is_strict=queries.is_strict(draft.client_id)):
        raise _refusal(draft, verdict, run=run)
    return store_report(draft, verdict, run=run)


@transaction.atomic
def store_verdict(draft: Draft, verdict: dtos.QcVerdict, *, run: RunContext) -> QcReport:
    """Store the report of a draft, be it one that stops the work: then it tells of QcFailed."""
    stops = stops_work(verdict.verdict, is_strict=queries.is_strict(draft.client_id))
    return store_report(draft, verdict, run=run, passed=not stops)


@transaction.atomic
def store_report(draft: Draft, verdict: dtos.QcVerdict, *, run: RunContext, passed: bool = True) -> QcReport:
    """Store a verdict as the next evaluation of its draft. Of two at once, the second waits for the first."""
    _lock_draft(draft.id)
    report = QcReport.objects.create(
        run_id=run.id,
        client_id=draft.client_id,
        draft_id=draft.id,
        sequence=queries.next_sequence(draft.id),
        evaluated_at=run.at,
        passed=passed,
        **verdict.model_dump(exclude={"findings"}),
    )
    QcFinding.objects.bulk_create(
        QcFinding(report=report, position=position, **dict(finding))
        for position, finding in enumerate(verdict.findings, 1)
    )
    publish(_told(draft, verdict, report.pk, run=run, passed=passed), AuditNote(after=snapshot(report)))
    return report


@transaction.atomic
def withdraw_report(*, run: RunContext) -> None:
    """Remove the reports a run stored, with their findings, and nothing else; a second call finds nothing to do."""
    reports = QcReport.objects.of_run(run.id).select_for_update().order_by("pk").prefetch_related("findings")
    for report in reports:
        event = events.ReportWithdrawn(
            run_id=run.id, client_id=report.client_id, aggregate_id=report.pk, draft_id=report.draft_id
        )
        publish(event, AuditNote(reason="The run was taken back.", before=_with_findings(report)))
        report.delete()


def _lock_draft(draft_id: UUID) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"qc.draft:{draft_id}"])


def _refusal(draft: Draft, verdict: dtos.QcVerdict, *, run: RunContext) -> StepRefused:
    report = dtos.QcReport(
        id=uuid7(),
        draft_id=draft.id,
        client_id=draft.client_id,
        sequence=queries.next_sequence(draft.id),
        passed=False,
        **dict(verdict),
    )
    failed = _told(draft, verdict, report.id, run=run, passed=False)
    return StepRefused(_reason(verdict), outcome=report, events=(failed,))


def _told(draft: Draft, verdict: dtos.QcVerdict, report_id: UUID, *, run: RunContext, passed: bool) -> Event:
    about = {"run_id": run.id, "client_id": draft.client_id, "aggregate_id": report_id, "draft_id": draft.id}
    said = {"score": verdict.score, "verdict": verdict.verdict}
    if passed:
        return events.QcPassed(**about, **said)
    broken = tuple(dict.fromkeys(finding.rule_code for finding in verdict.findings))
    return events.QcFailed(**about, **said, failed_rules=broken)


def _reason(verdict: dtos.QcVerdict) -> str:
    """Say in one line what stopped the draft, the gravest first."""
    order = list(QcFinding.Severity.values)
    found = sorted(verdict.findings, key=lambda finding: (finding.status, order.index(finding.severity)))
    listed = "; ".join(f"{one.rule_code} ({one.severity}) in {one.section or 'the draft'}" for one in found)
    strict = " (a warning stops the work for this client)" if verdict.verdict == "WARN" else ""
    return f"Quality control: {verdict.verdict}{strict}, score {verdict.score} of 100. {listed}"


def _with_findings(report: QcReport) -> dict[str, Any]:
    return snapshot(report) | {"findings": [snapshot(finding) for finding in report.findings.all()]}
