"""The portal's API: the strategies that a client may see, and its decision on them where the contract gives it one."""

from collections.abc import Callable
from typing import Any, Literal, get_args, get_origin
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils import timezone
from django_filters.rest_framework import ChoiceFilter, UUIDFilter
from django_fsm import ConcurrentTransition
from drf_spectacular.utils import extend_schema, extend_schema_field
from pydantic import BaseModel
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.exceptions import PermissionDenied
from rest_framework.request import Request
from rest_framework.response import Response

from apps.shared.rest.fields import MoneyField, StrictSerializer, TextField
from apps.shared.rest.filters import CreatedFilter
from apps.shared.rest.problems import Conflict
from apps.shared.rest.schema import IF_MATCH
from apps.shared.rest.views import ListAndDetail
from apps.strategy import queries, services
from apps.strategy.api import dtos
from apps.strategy.models import ChannelPlan, Kpi, Milestone, Strategy

LONGEST_REASON = 2000


def _serializer_of(kind: type[BaseModel]) -> type[serializers.Serializer]:
    """Make the serializer that shows a noun of ours: its texts, lists of texts, choices and nouns."""
    fields = {name: _field_of(field.annotation) for name, field in kind.model_fields.items()}
    return type(f"{kind.__name__}Serializer", (serializers.Serializer,), {"__doc__": kind.__doc__, **fields})


def _field_of(annotation: Any) -> serializers.Field:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return _serializer_of(annotation)()
    if get_origin(annotation) is tuple:
        return serializers.ListField(child=serializers.CharField())
    if get_origin(annotation) is Literal:
        return serializers.ChoiceField(choices=list(get_args(annotation)))
    return serializers.CharField()


LayersSerializer = _serializer_of(dtos.Layers)


class KpiSerializer(serializers.ModelSerializer):
    """A number to reach; without a target where the client gave none."""

    target = serializers.DecimalField(20, 2, allow_null=True, normalize_output=True)
    baseline = serializers.DecimalField(20, 2, allow_null=True, normalize_output=True)

    class Meta:
        model = Kpi
        fields = ("name", "stage", "target", "baseline", "unit", "days", "source")


class ChannelSerializer(serializers.ModelSerializer):
    """A channel, its share of the budget, its role and what is done there."""

    tactics = serializers.ListField(child=serializers.CharField())
    budget = MoneyField(amount="budget", allow_null=True)

    class Meta:
        model = ChannelPlan
        fields = ("channel", "budget_share_pct", "budget", "role", "tactics", "posts_per_week")


class MilestoneSerializer(serializers.ModelSerializer):
    """Something that must be true by the end of a week (1 = the first)."""

    class Meta:
        model = Milestone
        fields = ("week", "date", "name")


class StrategyLineSerializer(serializers.ModelSerializer):
    """A strategy in a list."""

    state = serializers.ChoiceField(choices=Strategy.State.choices)

    class Meta:
        model = Strategy
        fields = ("id", "brief_id", "version", "state", "start_date", "end_date", "created_at", "decided_at")


class StrategySerializer(StrategyLineSerializer):
    """One version of the strategy for a brief, whole."""

    layers = LayersSerializer()
    budget = MoneyField(amount="budget_amount", currency="budget_currency", allow_null=True)
    kpis = KpiSerializer(many=True)
    channels = serializers.SerializerMethodField()
    milestones = MilestoneSerializer(many=True)

    class Meta(StrategyLineSerializer.Meta):
        fields = (
            *StrategyLineSerializer.Meta.fields,
            *("executive_summary", "layers", "budget", "kpis", "channels", "milestones"),
        )

    @extend_schema_field(ChannelSerializer(many=True))
    def get_channels(self, row: Strategy) -> list[dict[str, Any]]:
        return ChannelSerializer(queries.channels_of(row), many=True).data


class ApprovalSerializer(StrictSerializer):
    """An approval; a word with it is welcome."""

    reason = TextField(max_length=LONGEST_REASON, required=False, allow_blank=True, default="")


class RejectionSerializer(StrictSerializer):
    """A rejection, and what is wrong, so that the next version can do better."""

    reason = TextField(max_length=LONGEST_REASON)


class StrategyFilter(CreatedFilter):
    """Narrows strategies."""

    state = ChoiceFilter(choices=Strategy.State.choices)
    brief_id = UUIDFilter("brief_id")


class Strategies(ListAndDetail):
    """What the work follows. Drafts are seen by clients whose contract lets them approve strategies."""

    queryset = Strategy.objects.select_related("client")
    serializer_class = StrategySerializer
    filterset_class = StrategyFilter
    scopes = dict.fromkeys(("approve", "reject"), "review")

    def get_queryset(self) -> QuerySet[Strategy]:
        rows = super().get_queryset()
        return rows if self.action == "list" else queries.with_parts(rows)

    def get_serializer_class(self) -> type[serializers.BaseSerializer]:
        return StrategyLineSerializer if self.action == "list" else StrategySerializer

    def visible(self, rows: QuerySet[Strategy]) -> QuerySet[Strategy]:
        return rows.filter(Q(state__in=("APPROVED", "SUPERSEDED")) | Q(client__approves_strategies=True))

    @extend_schema(request=ApprovalSerializer, responses=StrategySerializer, parameters=[IF_MATCH])
    @action(detail=True, methods=["post"])
    def approve(self, request: Request, pk: UUID) -> Response:
        """Approve the version that was seen: the work goes on by it."""
        return self._decide(ApprovalSerializer(data=request.data), services.approve_strategy)

    @extend_schema(request=RejectionSerializer, responses=StrategySerializer, parameters=[IF_MATCH])
    @action(detail=True, methods=["post"])
    def reject(self, request: Request, pk: UUID) -> Response:
        """Reject the version that was seen, and say why."""
        return self._decide(RejectionSerializer(data=request.data), services.reject_strategy)

    def _decide(self, wish: serializers.Serializer, decide: Callable[..., Strategy]) -> Response:
        strategy = self.get_object()
        if not strategy.client.approves_strategies:
            raise PermissionDenied("By your contract the agency approves strategies; write to your account manager.")
        wish.is_valid(raise_exception=True)
        self.require_match(strategy)
        try:
            decide(strategy, by=self.access.user.pk, at=timezone.now(), **wish.validated_data)
        except services.DecisionRefused as refusal:
            raise Conflict(str(refusal)) from refusal
        except ConcurrentTransition as late:
            raise Conflict("Somebody else has decided this moment; look at it again.") from late
        return self.answer_with(strategy)
