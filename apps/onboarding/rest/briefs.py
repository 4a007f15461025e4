"""Briefs in the portal's API: what was understood of an intake."""

from types import SimpleNamespace
from typing import Any

from rest_framework import serializers

from apps.onboarding.models import Brief
from apps.shared.rest.fields import MoneyField
from apps.shared.rest.filters import CreatedFilter
from apps.shared.rest.views import ListAndDetail


class OfferSerializer(serializers.Serializer):
    """Something the client sells, in the client's wording; without a price where none was named."""

    name = serializers.CharField()
    text = serializers.CharField()
    price = MoneyField(amount="price", allow_null=True)
    unit = serializers.CharField()
    is_price_from = serializers.BooleanField()


class ObjectiveSerializer(serializers.Serializer):
    """What the client wants to reach: its wording, and the numbers found in it."""

    text = serializers.CharField()
    metric = serializers.CharField()
    target = serializers.DecimalField(20, 2, allow_null=True, normalize_output=True)
    baseline = serializers.DecimalField(20, 2, allow_null=True, normalize_output=True)
    unit = serializers.CharField()
    deadline = serializers.CharField()


class AudienceSerializer(serializers.Serializer):
    """A group of people to reach."""

    name = serializers.CharField()
    text = serializers.CharField()


class BudgetSerializer(serializers.Serializer):
    """What may be spent; `amount_max` where the client gave a range."""

    amount = MoneyField(amount="amount")
    amount_max = MoneyField(amount="amount_max", allow_null=True)
    cadence = serializers.ChoiceField(choices=["MONTHLY", "TOTAL"])
    months = serializers.IntegerField(allow_null=True)
    includes_ads = serializers.BooleanField(allow_null=True)
    text = serializers.CharField()


class BriefWarningSerializer(serializers.Serializer):
    """Something missing or unclear, which nobody invented."""

    field = serializers.CharField()
    message = serializers.CharField()


class BriefLineSerializer(serializers.ModelSerializer):
    """A brief in a list."""

    class Meta:
        model = Brief
        fields = ("id", "intake_id", "version", "revises_id", "client_name", "industry", "start_date", "created_at")


def _texts() -> serializers.ListField:
    return serializers.ListField(child=serializers.CharField())


class BriefSerializer(BriefLineSerializer):
    """What was understood of an intake. What people of the agency noted on calls stays with them."""

    website = serializers.CharField(allow_null=True)
    offers = OfferSerializer(many=True)
    objectives = ObjectiveSerializer(many=True)
    audiences = AudienceSerializer(many=True)
    budget = BudgetSerializer(allow_null=True)
    warnings = BriefWarningSerializer(many=True)
    pain_points = _texts()
    desired_outcomes = _texts()
    objections = _texts()
    competitors = _texts()
    proof = _texts()
    selling_points = _texts()
    deliverables = _texts()
    exclusions = _texts()
    tone = _texts()
    languages = _texts()
    banned_words = _texts()
    forbidden_claims = _texts()
    disclaimers = _texts()
    compliance_requirements = _texts()
    channels_excluded = _texts()
    constraints = _texts()

    class Meta(BriefLineSerializer.Meta):
        fields = (
            *BriefLineSerializer.Meta.fields,
            *("website", "geography", "offers", "objectives", "audiences", "pain_points", "desired_outcomes"),
            *("objections", "competitors", "proof", "selling_points", "pricing", "success", "deliverables"),
            *("exclusions", "timeline_weeks_min", "timeline_weeks_max", "budget", "tone", "languages", "brand_kit"),
            *("banned_words", "forbidden_claims", "disclaimers", "compliance_requirements", "channels_excluded"),
            *("constraints", "warnings"),
        )

    def to_representation(self, instance: Brief) -> dict[str, Any]:
        dto = instance.as_dto()
        columns = {name: getattr(instance, name) for name in BriefLineSerializer.Meta.fields}
        nested = dict(dto.scope) | dict(dto.brand)
        return super().to_representation(SimpleNamespace(**dict(dto) | nested | columns))


class Briefs(ListAndDetail):
    """What the agency understood of the client's answers, version by version."""

    queryset = Brief.objects.all()
    serializer_class = BriefSerializer
    filterset_class = CreatedFilter

    def get_serializer_class(self) -> type[serializers.BaseSerializer]:
        return BriefLineSerializer if self.action == "list" else BriefSerializer
