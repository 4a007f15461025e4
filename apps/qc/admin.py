"""The desk's pages of quality control."""

from datetime import datetime, timedelta
from typing import ClassVar

from django.contrib import admin
from django.db.models import Count, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.html import format_html

from apps.qc.models import QcFinding, QcReport
from apps.qc.queries import count_by_score
from apps.qc.rules import BY_CODE
from apps.shared.admin import (
    CLIENT_FILTER,
    ReadOnlyAdmin,
    ReadOnlyTabularInline,
    badge,
    client_link,
    link_column,
    run_link,
    short_id,
    state_column,
)
from apps.shared.desk import Bar, Chart, Need, Part, list_of, needs_filter

LATELY = timedelta(days=30)
BANDS = ((0, 50), (50, 60), (60, 70), (70, 80), (80, 90), (90, 101))
"""Scores from the first up to, but without, the second."""
COLOURS = {"PASS": "success", "WARN": "warning", "FAIL": "danger"}

UNRESOLVED = Need(
    key="look",
    title="Drafts that quality control holds up",
    permissions=("qc.change_qcreport", "production.change_draft"),
    narrow=lambda reports: reports.unresolved_since(timezone.now() - LATELY).select_related("client").order_by("pk"),
    name=lambda report: f"Report {short_id(report.pk)}",
    why=lambda report: format_html("{} {} of 100", badge(report.verdict), report.score),
    since=lambda report: report.evaluated_at,
)


def chart_of_scores(reports: QuerySet[QcReport], since: datetime) -> Chart | None:
    """Return how drafts scored since then; None where nothing was evaluated."""
    counts = count_by_score(reports, since)
    bars = [
        Bar(f"{least}–{below - 1}", [_part(counts, range(least, below), verdict, since) for verdict in COLOURS])
        for least, below in BANDS
    ]
    return Chart("Quality scores of the last 30 days", "Score", bars) if counts else None


def _part(counts: dict[tuple[int, str], int], scores: range, verdict: str, since: datetime) -> Part:
    band = {"score__gte": scores.start, "score__lt": scores.stop, "created_at__gte": since.isoformat()}
    url = list_of(QcReport, verdict__exact=verdict, **band)
    return Part(verdict.lower(), sum(counts.get((score, verdict), 0) for score in scores), COLOURS[verdict], url)


draft_link = link_column("production.draft", "draft_id")


class QcFindingInline(ReadOnlyTabularInline):
    """What the rules found, in their order."""

    model = QcFinding
    fields = (state_column("severity"), state_column("status"), "rule", "section", "message", "evidence", "fix")

    @admin.display(description="rule")
    def rule(self, finding: QcFinding) -> str:
        """The rule's title; its code alone once the rule is gone."""
        known = BY_CODE.get(finding.rule_code)
        return f"{known.title} ({finding.rule_code})" if known else finding.rule_code


@admin.register(QcReport)
class QcReportAdmin(ReadOnlyAdmin):
    """Every evaluation of every draft."""

    list_display = (
        "name",
        client_link,
        state_column("verdict"),
        "score",
        "finding_count",
        draft_link,
        run_link,
        "evaluated_at",
    )
    needs = (UNRESOLVED,)
    client_tab = "Quality"
    list_filter = (
        "verdict",
        needs_filter(needs),
        "evaluated_at",
        "findings__severity",
        "findings__rule_code",
        CLIENT_FILTER,
    )
    list_select_related = ("client",)
    search_fields = ("client__name",)
    id_fields = ("pk", "run_id", "draft_id", "client_id")
    date_hierarchy = "evaluated_at"
    inlines: ClassVar = [QcFindingInline]
    fields = (
        *(state_column("verdict"), "score", "rules_checked", client_link),
        *(draft_link, "sequence", run_link, "evaluated_at"),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[QcReport]:
        return super().get_queryset(request).annotate(finding_count=Count("findings", distinct=True))

    def desk_charts(self, request: HttpRequest) -> list[Chart]:
        """Return how drafts scored lately."""
        chart = chart_of_scores(super().get_queryset(request), timezone.now() - LATELY)
        return [chart] if chart else []

    @admin.display(description="report", ordering="id")
    def name(self, report: QcReport) -> str:
        return f"Report {short_id(report.pk)}"

    @admin.display(description="findings", ordering="finding_count")
    def finding_count(self, report: QcReport) -> int:
        return report.finding_count
