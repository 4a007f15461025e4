"""The desk's pages of quality control."""

from typing import ClassVar

from django.contrib import admin
from django.db.models import Count, QuerySet
from django.http import HttpRequest

from apps.qc.models import QcFinding, QcReport
from apps.qc.rules import BY_CODE
from apps.shared.admin import (
    CLIENT_FILTER,
    ReadOnlyAdmin,
    ReadOnlyTabularInline,
    client_link,
    link_column,
    run_link,
    short_id,
    state_column,
)

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
    list_filter = ("verdict", "evaluated_at", "findings__severity", "findings__rule_code", CLIENT_FILTER)
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

    @admin.display(description="report", ordering="id")
    def name(self, report: QcReport) -> str:
        return f"Report {short_id(report.pk)}"

    @admin.display(description="findings", ordering="finding_count")
    def finding_count(self, report: QcReport) -> int:
        return report.finding_count
