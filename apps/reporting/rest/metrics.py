"""The portal's API: what was measured for a client, and what its own systems measured themselves."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, ClassVar

from django.db.models import QuerySet
from django.utils import timezone
from django_filters.rest_framework import CharFilter
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.mixins import ListModelMixin
from rest_framework.request import Request
from rest_framework.response import Response

from apps.reporting.models import MetricPoint
from apps.reporting.queries import with_standing
from apps.reporting.rules import METRICS, TAKEN_BACK
from apps.reporting.rules.cells import (
    DIGITS,
    FIRST_YEAR,
    LONGEST_NAME,
    LONGEST_UNIT,
    PLACES,
    CellRefused,
    plain_text,
    read_name,
    read_unit,
)
from apps.reporting.rules.rows import Found
from apps.reporting.services.points import Outcome, push_points
from apps.shared.rest.fields import StrictSerializer, TextField
from apps.shared.rest.filters import CreatedFilter, MomentFilter
from apps.shared.rest.views import PortalViewSet

MOST_POINTS = 1_000
LONGEST_SOURCE = 150


class PointSerializer(serializers.ModelSerializer):
    """A measured value. `source` names the row behind it; `counts` is false where that was taken back."""

    counts = serializers.SerializerMethodField()

    class Meta:
        model = MetricPoint
        fields = ("id", "name", "value", "unit", "source", "at", "counts", "created_at")

    def get_counts(self, row: MetricPoint) -> bool:
        return not row.is_taken_back


class SentPointSerializer(StrictSerializer):
    """A value as a system sends it. `source` is the system's own name for the row behind it, such as `crm:deal-7`."""

    name = TextField(max_length=LONGEST_NAME)
    value = serializers.DecimalField(max_digits=DIGITS + PLACES, decimal_places=PLACES)
    unit = TextField(max_length=LONGEST_UNIT, allow_blank=True, required=False)
    source = TextField(max_length=LONGEST_SOURCE)
    at = serializers.DateTimeField(default_timezone=UTC)

    def validate_name(self, value: str) -> str:
        return _read(read_name, value)

    def validate_unit(self, value: str) -> str:
        return _read(read_unit, value)

    def validate_source(self, value: str) -> str:
        if source := plain_text(value):
            return source
        raise serializers.ValidationError("This has nothing that can be read; name the row behind the value.")

    def validate_at(self, value: datetime) -> datetime:
        if value > timezone.now():
            raise serializers.ValidationError("This is yet to come; send what was measured.")
        if value.year < FIRST_YEAR:
            raise serializers.ValidationError(f"Values are taken from {FIRST_YEAR} on.")
        return value.astimezone(UTC)


def _read(read: Any, value: str) -> str:
    try:
        return read(value)
    except CellRefused as refusal:
        raise serializers.ValidationError(f"This {refusal}.") from refusal


class SentPointsSerializer(StrictSerializer):
    """Values that belong together: all of them are taken, or none."""

    points = SentPointSerializer(many=True, allow_empty=False, max_length=MOST_POINTS)

    def validate_points(self, sent: list[dict[str, Any]]) -> list[Found]:
        """Refuse a value that stands twice, and return all as they are stored."""
        seen: dict[tuple[Any, ...], int] = {}
        errors: list[dict[str, Any]] = [{} for _ in sent]
        for place, each in enumerate(sent):
            first = seen.setdefault((each["name"], each["source"], each["at"]), place)
            if first != place:
                errors[place] = {"source": [f"points.{first} has this name, source and time, too; send one of them."]}
        if any(errors):
            raise serializers.ValidationError(errors)
        return [Found(**{"unit": "", **each}) for each in sent]


class DifferentSerializer(serializers.Serializer):
    """A value that is known otherwise and stays so. `pointer` says which of the request's (JSON Pointer)."""

    pointer = serializers.CharField()
    known = PointSerializer()


class TakenSerializer(serializers.Serializer):
    """What became of the values: how many were new, how many known as sent, and which are known otherwise."""

    new = serializers.IntegerField()
    known = serializers.IntegerField()
    different = DifferentSerializer(many=True)


class PointFilter(CreatedFilter):
    """Narrows measured values."""

    name = CharFilter("name", lookup_expr="iexact", label="Of this metric, in any letter case.")
    at_after = MomentFilter("at", lookup_expr="gte", label="Measured at this moment (RFC 3339) or later.")
    at_before = MomentFilter("at", lookup_expr="lt", label="Measured before this moment (RFC 3339).")


class Metrics(ListModelMixin, PortalViewSet):
    """What was measured for the client; its own systems add to it. Numbers of money are for those who see invoices."""

    queryset = MetricPoint.objects.all()
    serializer_class = PointSerializer
    filterset_class = PointFilter
    scopes: ClassVar = {"create": "metrics"}

    def visible(self, rows: QuerySet) -> QuerySet:
        hidden = [each.name for each in METRICS if each.scope not in self.access.scopes]
        return with_standing(rows.exclude(name__in=[TAKEN_BACK, *hidden]))

    @extend_schema(request=SentPointsSerializer, responses={201: TakenSerializer, 200: TakenSerializer})
    def create(self, request: Request) -> Response:
        """Add values, all or none; one is known by name, source and time, and never changes. 200 where none was new."""
        asked = SentPointsSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        points: Sequence[Found] = asked.validated_data["points"]
        outcome = push_points(self.access.client_id, points, by=self.access.user.pk)
        code = status.HTTP_201_CREATED if outcome.new else status.HTTP_200_OK
        return Response(TakenSerializer(_told(outcome)).data, status=code)


def _told(outcome: Outcome) -> dict[str, Any]:
    different = [{"pointer": f"/points/{place}", "known": known} for place, known in outcome.different]
    return {"new": outcome.new, "known": outcome.known, "different": different}
