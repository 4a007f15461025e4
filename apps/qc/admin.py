"""The desk's pages of quality control."""

from datetime import datetime, timedelta
from itertools import groupby
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import admin
from django.db.models import Count, QuerySet
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.html import format_html

from apps.qc.api import dtos
from apps.qc.models import QcFinding, QcReport
from apps.qc.queries import count_by_score, find_report_before, to_dto
from apps.qc.rules import BY_CODE
from apps.qc.rules.progress import Progress, progress
from apps.qc.rules.quotes import left_out, pieces, split_quotes
from apps.shared.admin import (
    CLIENT_FILTER,
    DocumentAdmin,
    admin_link,
    badge,
    client_link,
    link_column,
    run_link,
    short_id,
    state_column,
    words,
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


WHOLE_DRAFT = "The draft as a whole"

draft_link = link_column("production.draft", "draft_id")


def _report_page(report: QcReport) -> dict[str, Any]:
    """Return what the page of a report shows: what it found, the gravest first, and how that differs from before."""
    content = to_dto(report)
    before = find_report_before(report)
    seen = progress(to_dto(before).findings, content.findings) if before else None
    quoted = [finding for finding in content.findings if finding.evidence]
    unquoted = sorted((finding for finding in content.findings if not finding.evidence), key=_section)
    return {
        "report": report,
        "verdict": badge(report.verdict),
        "finding_count": len(content.findings),
        "before": before,
        "before_link": admin_link("qc.qcreport", before.pk, str(before)) if before else "",
        "gained": report.score - before.score if before else 0,
        "progress": seen,
        "fixed": [_shown(finding, report, seen) for finding in seen.fixed] if seen else [],
        "groups": [
            (badge(severity), [_shown(finding, report, seen) for finding in quoted if finding.severity == severity])
            for severity in QcFinding.Severity.values
        ],
        "unquoted": [
            (words(section) if section else WHOLE_DRAFT, [_shown(finding, report, seen) for finding in findings])
            for section, findings in groupby(unquoted, key=_section)
        ],
    }


def _section(finding: dtos.QcFinding) -> str:
    return finding.section


def _shown(finding: dtos.QcFinding, report: QcReport, seen: Progress | None) -> dict[str, Any]:
    known = BY_CODE.get(finding.rule_code)
    quotes = split_quotes(finding.evidence)
    return {
        "rule": known.title if known else finding.rule_code,
        "finding": finding,
        "lesson": admin_link("learning.lesson", finding.lesson_id, "The lesson") if finding.lesson_id else "",
        "severity": badge(finding.severity),
        "status": badge(finding.status),
        "section": words(finding.section) if finding.section else WHOLE_DRAFT,
        "quotes": [pieces(quote) for quote in quotes],
        "left_out": left_out(finding.evidence),
        "progress": "" if seen is None else "new" if finding in seen.new else "still open",
        "draft_url": reverse("admin:production_draft_change", args=[report.draft_id]) + f"#section-{finding.section}",
        "section_url": _section_url(report.draft_id, finding.section, quotes),
    }


def _section_url(draft_id: UUID, section: str, quotes: tuple[str, ...]) -> str:
    """Return where production shows the section with the quotes marked, to whom may read drafts."""
    try:
        url = reverse("admin:production_draft_section", args=[draft_id, section])
    except NoReverseMatch:  # a finding about the draft as a whole
        return ""
    return f"{url}?{urlencode({'quote': quotes}, doseq=True)}"


@admin.register(QcReport)
class QcReportAdmin(DocumentAdmin):
    """Every evaluation of every draft."""

    empty_says = "A run has every draft checked, and each check is listed here."
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
    change_form_before_template = "admin/qc/report.html"
    fieldsets = (("Links", {"fields": (client_link, draft_link, run_link, "evaluated_at")}),)

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

    def page(self, request: HttpRequest, row: QcReport) -> dict[str, Any]:
        return _report_page(row)
