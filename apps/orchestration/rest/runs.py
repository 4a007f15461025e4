"""The portal's API: how a client's work stands, in plain words."""

from typing import Any

from django.db.models import QuerySet
from django_filters.rest_framework import ChoiceFilter
from rest_framework import serializers

from apps.orchestration.models import WorkflowRun
from apps.orchestration.queries.portal import STATES, in_client_state, progress_of
from apps.shared.rest.filters import CreatedFilter
from apps.shared.rest.views import ListAndDetail


class RunSerializer(serializers.Serializer):
    """A piece of work: what it is for, whether it waits for you, what happens at present, how many steps are done."""

    id = serializers.UUIDField()
    title = serializers.CharField()
    state = serializers.ChoiceField(choices=STATES)
    doing = serializers.CharField()
    steps_done = serializers.IntegerField()
    steps = serializers.IntegerField()
    percent = serializers.IntegerField()
    created_at = serializers.DateTimeField()
    finished_at = serializers.DateTimeField(allow_null=True)

    def to_representation(self, instance: WorkflowRun) -> dict[str, Any]:
        progress = progress_of(instance)
        told = {"id": instance.pk, "created_at": instance.created_at, "finished_at": instance.finished_at}
        return super().to_representation(told | vars(progress) | {"percent": progress.percent})


class RunFilter(CreatedFilter):
    """Narrows runs."""

    state = ChoiceFilter(choices=STATES, method="in_state")

    def in_state(self, rows: QuerySet[WorkflowRun], name: str, value: str) -> QuerySet[WorkflowRun]:
        """Narrow to a state of the client's words."""
        return in_client_state(rows, value)


class Runs(ListAndDetail):
    """The work that is done for the client, and how far it is."""

    queryset = WorkflowRun.objects.select_related("client").defer("inputs", "error")
    serializer_class = RunSerializer
    filterset_class = RunFilter
