"""The portal's API: what was written for a client, as far as it was shown it."""

from django.db.models import QuerySet
from django_filters.rest_framework import ChoiceFilter, UUIDFilter
from rest_framework import serializers

from apps.production import queries
from apps.production.models import CalendarItem, Draft, DraftSection
from apps.shared.rest.filters import CreatedFilter
from apps.shared.rest.views import ListAndDetail


class SectionSerializer(serializers.ModelSerializer):
    """One section, as Markdown."""

    class Meta:
        model = DraftSection
        fields = ("key", "position", "heading", "markdown")


class CalendarItemSerializer(serializers.ModelSerializer):
    """What is planned for one day."""

    class Meta:
        model = CalendarItem
        fields = ("date", "platform", "theme", "format", "hook", "caption", "call_to_action")


class DraftLineSerializer(serializers.ModelSerializer):
    """A draft in a list; SUPERSEDED once a later round took its place."""

    state = serializers.ChoiceField(choices=Draft.State.choices)

    class Meta:
        model = Draft
        fields = ("id", "brief_id", "strategy_id", "pack", "pack_title", "round", "state", "created_at", "shown_at")


class DraftSerializer(DraftLineSerializer):
    """One round of what was written, whole."""

    sections = SectionSerializer(many=True)
    calendar = CalendarItemSerializer(many=True)

    class Meta(DraftLineSerializer.Meta):
        fields = (*DraftLineSerializer.Meta.fields, "sections", "calendar")


class DraftFilter(CreatedFilter):
    """Narrows drafts."""

    state = ChoiceFilter(choices=Draft.State.choices)
    strategy_id = UUIDFilter("strategy_id")


class Drafts(ListAndDetail):
    """What was written, once it was sent for review or delivered: never what is still worked on."""

    queryset = Draft.objects.all()
    serializer_class = DraftSerializer
    filterset_class = DraftFilter

    def get_queryset(self) -> QuerySet[Draft]:
        rows = super().get_queryset()
        return rows if self.action == "list" else queries.with_parts(rows)

    def get_serializer_class(self) -> type[serializers.BaseSerializer]:
        return DraftLineSerializer if self.action == "list" else DraftSerializer

    def visible(self, rows: QuerySet[Draft]) -> QuerySet[Draft]:
        return rows.shown()
