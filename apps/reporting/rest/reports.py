"""The portal's API: the reports that were published to the client, as they were then."""

from functools import partial
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import QuerySet
from django.http import HttpResponse
from django_filters.rest_framework import DateFilter
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request

from apps.reporting.models import Report
from apps.reporting.queries import shown_content
from apps.reporting.services.documents import report_pdf
from apps.shared.rest.access import access_of
from apps.shared.rest.filters import CreatedFilter
from apps.shared.rest.pdf import PDF, PdfRenderer, send_pdf
from apps.shared.rest.views import ListAndDetail


class SourceSerializer(serializers.Serializer):
    """A row that a number stands on: `kind` and `id` are those of this API, such as `packages`."""

    kind = serializers.CharField()
    id = serializers.CharField()
    value = serializers.CharField()
    at = serializers.DateTimeField()


class MetricSerializer(serializers.Serializer):
    """What was done in the period, counted; without a value nothing was recorded.

    `before` is what it came to in the time before, `change_pct` by how many percent it differs from that.
    """

    name = serializers.CharField()
    unit = serializers.CharField()
    value = serializers.CharField(allow_null=True)
    before = serializers.CharField(allow_null=True, default=None)
    change_pct = serializers.CharField(allow_null=True, default=None)
    sources = SourceSerializer(many=True)


class KpiResultSerializer(serializers.Serializer):
    """A number of the strategy in the period, against its target over `days`; without a value it was not measured.

    `due` is what the target comes to in the period, `attainment_pct` what was reached of that.
    """

    name = serializers.CharField()
    unit = serializers.CharField()
    days = serializers.IntegerField()
    value = serializers.CharField(allow_null=True)
    target = serializers.CharField(allow_null=True)
    due = serializers.CharField(allow_null=True)
    attainment_pct = serializers.CharField(allow_null=True)
    before = serializers.CharField(allow_null=True, default=None)
    change_pct = serializers.CharField(allow_null=True, default=None)
    sources = SourceSerializer(many=True)


class InsightSerializer(serializers.Serializer):
    """What the numbers show, and the rows that it rests on."""

    text = serializers.CharField()
    metrics = serializers.ListField(child=serializers.CharField())
    sources = SourceSerializer(many=True)


class RecommendationSerializer(serializers.Serializer):
    """What to do next, why, and what it should bring, with the numbers and rows that it rests on."""

    action = serializers.CharField()
    rationale = serializers.CharField()
    expected_effect = serializers.CharField()
    effort = serializers.ChoiceField(choices=("LOW", "MEDIUM", "HIGH"))
    metrics = serializers.ListField(child=serializers.CharField())
    sources = SourceSerializer(many=True)


class ReportSerializer(serializers.ModelSerializer):
    """A report in a list."""

    title = serializers.CharField(source="__str__")

    class Meta:
        model = Report
        fields = ("id", "title", "start_date", "end_date", "version", "published_at", "created_at")


class WholeReportSerializer(ReportSerializer):
    """A report with its numbers, which never change: what is known later stands in the next version."""

    metrics = serializers.SerializerMethodField()
    kpis = serializers.SerializerMethodField()
    insights = serializers.SerializerMethodField()
    recommendations = serializers.SerializerMethodField()

    class Meta(ReportSerializer.Meta):
        fields = (
            *ReportSerializer.Meta.fields,
            *("note", "strategy_id", "metrics", "kpis", "insights", "recommendations"),
        )

    @extend_schema_field(MetricSerializer(many=True))
    def get_metrics(self, row: Report) -> list[dict[str, Any]]:
        return MetricSerializer(self._content(row)["metrics"], many=True).data

    @extend_schema_field(KpiResultSerializer(many=True))
    def get_kpis(self, row: Report) -> list[dict[str, Any]]:
        return KpiResultSerializer(self._content(row)["kpis"], many=True).data

    @extend_schema_field(InsightSerializer(many=True))
    def get_insights(self, row: Report) -> list[dict[str, Any]]:
        return InsightSerializer(self._content(row)["insights"], many=True).data

    @extend_schema_field(RecommendationSerializer(many=True))
    def get_recommendations(self, row: Report) -> list[dict[str, Any]]:
        return RecommendationSerializer(self._content(row)["recommendations"], many=True).data

    def _content(self, row: Report) -> dict[str, Any]:
        return shown_content(row, access_of(self.context["request"]).scopes)


class ReportFilter(CreatedFilter):
    """Narrows reports."""

    start_after = DateFilter("start_date", lookup_expr="gte", label="Of a period that begins on this day or later.")
    end_before = DateFilter("end_date", lookup_expr="lte", label="Of a period that ends on this day or earlier.")


class Reports(ListAndDetail):
    """What was done and reached in a period. Numbers of invoices are for those who may see invoices."""

    queryset = Report.objects.all()
    serializer_class = ReportSerializer
    filterset_class = ReportFilter

    @PDF
    @action(detail=True, renderer_classes=[JSONRenderer, PdfRenderer])
    def pdf(self, request: Request, pk: UUID) -> HttpResponse:
        """Download the report as a document, in your language."""
        report, language = self.get_object(), self.access.user.language or settings.LANGUAGE_CODE
        write = partial(report_pdf, report, language=language, scopes=self.access.scopes)
        return send_pdf(report, f"{report.file_name}.pdf", write)

    def visible(self, rows: QuerySet) -> QuerySet:
        rows = rows.published()
        if self.action == "pdf":
            return rows.select_related("client")
        return rows.defer("content") if self.action == "list" else rows

    def get_serializer_class(self) -> type[serializers.BaseSerializer]:
        return ReportSerializer if self.action == "list" else WholeReportSerializer
