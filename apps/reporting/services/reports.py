"""Values collected from events, and the reports made of them."""

from collections.abc import Iterable
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import transaction

from apps.identity.models import Client
from apps.reporting import queries, rules
from apps.reporting.api import dtos, events
from apps.reporting.models import MetricPoint, Report
from apps.shared.events import AuditNote, Event, publish
from apps.shared.models import snapshot
from apps.shared.workflow import Irreversible, RunContext, StepRefused
from apps.strategy.api import ports as strategy


@transaction.atomic
def collect_metrics(client_id: UUID, points: Iterable[dtos.MetricPoint]) -> dtos.Snapshot:
    """Store values of a client, each once: one that is known by name, source and time stays as it is.

    Tells of those that were new, and returns them.
    """
    new = [row for row, is_new in (_store(client_id, point) for point in points) if is_new]
    days = sorted(row.at.astimezone(UTC).date() for row in new)
    first, last = (days[0], days[-1]) if days else (None, None)
    if new:
        event = events.MetricsCollected(
            client_id=client_id, aggregate_id=new[0].pk, point_count=len(new), start_date=first, end_date=last
        )
        publish(event)
    return dtos.Snapshot(client_id=client_id, start_date=first, end_date=last, points=tuple(map(queries.point_of, new)))


@transaction.atomic
def generate_report(
    client_id: UUID, start: date, end: date, *, at: datetime, by: UUID | None = None, run_id: UUID | None = None
) -> Report:
    """Make the draft of a client's report on a period, or return the report that says the same already.

    Numbers that came late make a draft anew; beside a published report, which stays, they make its next version.
    Raises rules.ReportRefused.
    """
    # Of two at once, the second waits here and finds what the first has made.
    client = Client.objects.select_for_update(no_key=True).get(pk=client_id)
    rules.check_period(start, end, today=at.astimezone(ZoneInfo(client.time_zone)).date())
    strategy_id, content = _content(client, start, end)
    sha256 = rules.digest_of(content, strategy_id)
    latest = queries.find_latest(client_id, start_date=start, end_date=end)
    if latest is not None and latest.sha256 == sha256:
        return latest
    before = None if latest is None else _facts(latest)
    if latest is None or latest.state == Report.State.PUBLISHED:
        version = 1 if latest is None else latest.version + 1
        report = Report(client=client, start_date=start, end_date=end, version=version, run_id=run_id)
    else:
        report = latest
    report.strategy_id, report.content, report.sha256, report.generated_at = strategy_id, content, sha256, at
    report.save()
    note = AuditNote(actor_id=by, before=before, after=_facts(report))
    _publish(events.ReportGenerated, report, note, strategy_id=strategy_id)
    return report


@transaction.atomic
def publish_report(report: Report, *, by: UUID, at: datetime, note: str = "") -> Report:
    """Let the client read a draft, with a person's note above its numbers; from here on it never changes.

    Raises django_fsm's TransitionNotAllowed when it is published already, and its ConcurrentTransition when somebody
    else publishes it in this moment.
    """
    before = _facts(report)
    report.publish()
    report.published_by_id, report.published_at, report.note = by, at, note.strip()
    report.save(update_fields=["state", "published_by", "published_at", "note", "updated_at"])
    _publish(events.ReportPublished, report, AuditNote(actor_id=by, before=before, after=_facts(report)))
    return report


def _store(client_id: UUID, point: dtos.MetricPoint) -> tuple[MetricPoint, bool]:
    measured = dict(point)
    known = {name: measured.pop(name) for name in ("name", "source", "at")}
    return MetricPoint.objects.get_or_create(client_id=client_id, **known, defaults=measured)


def _content(client: Client, start: date, end: date) -> tuple[UUID | None, dict[str, Any]]:
    """Return the strategy that held at the end of a period, and what the report on it says."""
    since, until = rules.moments_of(start, end, client.time_zone)
    plan = strategy.find_approved_strategy(client_id=client.pk, before=until)
    kpis = plan.kpis if plan else ()
    points = queries.points_between(client.pk, since, until, kpis=kpis)
    time_before = rules.moments_of(*rules.period_before(start, end), client.time_zone)
    before = queries.points_between(client.pk, *time_before, kpis=kpis)
    findings = rules.findings_of(points, kpis, days=(end - start).days + 1, before=before)
    return plan and plan.id, findings.model_dump(mode="json")


def _facts(report: Report) -> dict[str, Any]:
    at = report.published_at
    facts = {"version": report.version, "state": str(report.state), "sha256": report.sha256}
    return facts | {"published_at": at and at.isoformat()}


def _publish(kind: type[Event], report: Report, note: AuditNote, **fields: Any) -> None:
    event = kind(
        run_id=report.run_id,
        client_id=report.client_id,
        aggregate_id=report.pk,
        start_date=report.start_date,
        end_date=report.end_date,
        version=report.version,
        **fields,
    )
    publish(event, note)


@transaction.atomic
def make_report(period: dtos.ReportPeriod, *, run: RunContext) -> Report:
    """Make the draft of a period's report for a run. Raises StepRefused for a period of which there can be none."""
    days = (period.start_date, period.end_date)
    try:
        return generate_report(period.client_id, *days, at=run.at, run_id=run.id)
    except rules.ReportRefused as refusal:
        raise StepRefused(str(refusal)) from refusal


@transaction.atomic
def withdraw_report(*, run: RunContext) -> tuple[Irreversible, ...]:
    """Take back the draft that a run made; what is published stays, and is named."""
    kept = []
    for report in Report.objects.of_run(run.id).select_for_update():
        if report.state == Report.State.PUBLISHED:
            left = f"{report} is published: the client may have read it."
            kept.append(Irreversible(what=left, todo="Tell the client what is wrong with it, if anything is."))
            continue
        note = AuditNote(reason="The run was taken back.", before=snapshot(report))
        _publish(events.ReportDropped, report, note)
        report.delete()
    return tuple(kept)
