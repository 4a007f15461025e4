"""The desk's pages of quality control."""

from typing import ClassVar

from django.contrib import admin
from django.db.models import Count, QuerySet
from django.http import HttpRequest
from unfold.decorators import display

from apps.qc.models import QcFinding, QcReport
from apps.qc.rules import BY_CODE
from apps.shared.admin import ReadOnlyAdmin, ReadOnlyTabularInline, admin_link

VERDICT_COLOURS = {"PASS": "success", "WARN": "warning", "FAIL": "danger"}
SEVERITY_COLOURS = {"BLOCKER": "danger", "MAJOR": "warning", "MINOR": "info"}


class QcFindingInline(ReadOnlyTabularInline):
    """What the rules found, in their order."""

    model = QcFinding
    fields = ("severity_badge", "status", "rule", "section", "message", "evidence", "fix")
    readonly_fields = fields
    show_change_link = False

    @display(description="severity", label=SEVERITY_COLOURS)
    def severity_badge(self, finding: QcFinding) -> str:
        return finding.severity

    @display(description="rule")
    def rule(self, finding: QcFinding) -> str:
        """The rule's title; its code alone once the rule is gone."""
        known = BY_CODE.get(finding.rule_code)
        return f"{known.title} ({finding.rule_code})" if known else finding.rule_code


@admin.register(QcReport)
class QcReportAdmin(ReadOnlyAdmin):
    """Every evaluation of every draft."""

    list_display = ("evaluated_at", "client", "verdict_badge", "score", "finding_count", "sequence", "draft")
    list_filter = ("verdict", "evaluated_at", "findings__severity", "findings__rule_code", "client")
    list_select_related = ("client",)
    search_fields = ("client__name", "draft_id")
    date_hierarchy = "evaluated_at"
    inlines: ClassVar = [QcFindingInline]
    fields = (
        ("verdict_badge", "score", "rules_checked"),
        ("client", "draft", "sequence"),
        ("evaluated_at", "run"),
    )
    readonly_fields = ("verdict_badge", "draft", "run")

    def get_queryset(self, request: HttpRequest) -> QuerySet[QcReport]:
        return super().get_queryset(request).annotate(finding_count=Count("findings", distinct=True))

    @display(description="verdict", ordering="verdict", label=VERDICT_COLOURS)
    def verdict_badge(self, report: QcReport) -> str:
        return report.verdict

    @display(description="findings", ordering="finding_count")
    def finding_count(self, report: QcReport) -> int:
        return report.finding_count

    @display(description="draft")
    def draft(self, report: QcReport) -> str:
        return admin_link("production.draft", report.draft_id)

    @display(description="run")
    def run(self, report: QcReport) -> str:
        return admin_link("orchestration.workflowrun", report.run_id)
