"""Webhooks: where a client's own systems want to hear of events, and the log of what was sent.

Whatever lets out a client's news to another address is for an approver who is logged in: a token that leaked must not
be able to leave a listener behind. Every access that reads may read them.
"""

from typing import Any, ClassVar
from uuid import UUID

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django_fsm import TransitionNotAllowed
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.exceptions import ValidationError
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from apps.orchestration.models import WebhookDelivery, WebhookEndpoint
from apps.orchestration.services import webhooks
from apps.orchestration.workflows.public_events import TYPES
from apps.shared.gateways.http import LONGEST_URL
from apps.shared.rest.fields import StrictSerializer, TextField
from apps.shared.rest.problems import Conflict
from apps.shared.rest.views import ListAndDetail

WRITES = ("create", "partial_update", "destroy", "rotate", "test", "redeliver")


class WebhookSerializer(serializers.ModelSerializer):
    """A webhook, without its secret. `disabled_by` says why it is off: CLIENT, STAFF, FAILURES or GONE."""

    types = serializers.ListField(child=serializers.ChoiceField(choices=TYPES))

    class Meta:
        model = WebhookEndpoint
        fields = (
            "id",
            "url",
            "description",
            "types",
            "is_active",
            "disabled_by",
            "disabled_at",
            "failing_since",
            "failure_count",
            "previous_secret_until",
            "created_at",
        )


class WebhookWithSecretSerializer(WebhookSerializer):
    """A webhook that got a secret just now, which is shown this once."""

    secret = serializers.CharField()

    class Meta(WebhookSerializer.Meta):
        fields = (*WebhookSerializer.Meta.fields, "secret")


class NewWebhookSerializer(StrictSerializer):
    """A wish for a webhook."""

    url = TextField(max_length=LONGEST_URL, trim_whitespace=False)
    types = serializers.ListField(
        child=serializers.ChoiceField(choices=TYPES), allow_empty=False, max_length=len(TYPES)
    )
    description = TextField(max_length=200, allow_blank=True, required=False)


class ChangedWebhookSerializer(NewWebhookSerializer):
    """What is to be different about a webhook."""

    url = TextField(max_length=LONGEST_URL, trim_whitespace=False, required=False)
    types = serializers.ListField(
        child=serializers.ChoiceField(choices=TYPES), allow_empty=False, max_length=len(TYPES), required=False
    )
    is_active = serializers.BooleanField(required=False)


class WebhookDeliverySerializer(serializers.ModelSerializer):
    """A message to a webhook: what was sent, how often, and what the receiver answered last."""

    class Meta:
        model = WebhookDelivery
        fields = (
            "id",
            "event_id",
            "type",
            "body",
            "state",
            "attempts",
            "next_at",
            "attempted_at",
            "delivered_at",
            "status",
            "milliseconds",
            "error",
            "excerpt",
            "created_at",
        )


class Webhooks(ListAndDetail):
    """Addresses of the client's own that are told of events, by the scheme of Standard Webhooks."""

    queryset = WebhookEndpoint.objects.all()
    serializer_class = WebhookSerializer
    scopes: ClassVar[dict[str, str]] = dict.fromkeys(WRITES, "review")

    def check_permissions(self, request: Request) -> None:
        super().check_permissions(request)
        if self.action in WRITES and self.access.token_id is not None:
            self.permission_denied(request, "A token can read webhooks only; log in to the portal to change them.")

    @extend_schema(request=NewWebhookSerializer, responses={201: WebhookWithSecretSerializer})
    def create(self, request: Request) -> Response:
        """Add a webhook, as an approver who is logged in; the answer has its secret, which is shown this once."""
        wish = NewWebhookSerializer(data=request.data)
        wish.is_valid(raise_exception=True)
        try:
            added = webhooks.add_webhook(
                self.access.client_id, **wish.validated_data, at=timezone.now(), by=self.access.user.pk
            )
        except webhooks.WebhookRefused as refusal:
            raise ValidationError({refusal.field: str(refusal)}) from refusal
        return _with_secret(*added, status=status.HTTP_201_CREATED)

    @extend_schema(request=ChangedWebhookSerializer, responses=WebhookSerializer)
    def partial_update(self, request: Request, **_: Any) -> Response:
        """Change a webhook, or switch it off or on, as an approver who is logged in."""
        wish = ChangedWebhookSerializer(data=request.data)
        wish.is_valid(raise_exception=True)
        is_active = wish.validated_data.pop("is_active", None)
        by = self.access.user.pk
        try:
            endpoint = webhooks.change_webhook(self.get_object(), **wish.validated_data, by=by)
        except webhooks.WebhookRefused as refusal:
            raise ValidationError({refusal.field: str(refusal)}) from refusal
        if is_active is False:
            by_client = WebhookEndpoint.DisabledBy.CLIENT
            endpoint = webhooks.disable_webhook(endpoint, disabled_by=by_client, at=timezone.now(), by=by)
        if is_active is True:
            endpoint = webhooks.enable_webhook(endpoint, by=by)
        return Response(WebhookSerializer(endpoint).data)

    @extend_schema(responses={204: None})
    def destroy(self, request: Request, **_: Any) -> Response:
        """Remove a webhook and its log, as an approver who is logged in."""
        webhooks.remove_webhook(self.get_object(), by=self.access.user.pk)
        return Response(status=status.HTTP_204_NO_CONTENT)

    @extend_schema(request=None, responses=WebhookWithSecretSerializer)
    @action(detail=True, methods=["post"])
    def rotate(self, request: Request, **_: Any) -> Response:
        """Give a webhook a new secret, which is shown this once; messages carry both signatures for 24 hours."""
        try:
            rotated = webhooks.rotate_secret(self.get_object(), at=timezone.now(), by=self.access.user.pk)
        except webhooks.SecretsInUse as refusal:
            raise Conflict(str(refusal)) from refusal
        return _with_secret(*rotated, status=status.HTTP_200_OK)

    @extend_schema(request=None, responses={202: WebhookDeliverySerializer})
    @action(detail=True, methods=["post"])
    def test(self, request: Request, **_: Any) -> Response:
        """Have a message of the type `webhook.test` sent; its delivery in the log says what came of it."""
        try:
            delivery = webhooks.try_webhook(self.get_object(), at=timezone.now())
        except webhooks.WebhookOff as refusal:
            raise Conflict(str(refusal)) from refusal
        return Response(WebhookDeliverySerializer(delivery).data, status=status.HTTP_202_ACCEPTED)

    @extend_schema(responses=WebhookDeliverySerializer(many=True))
    @action(detail=True, serializer_class=WebhookDeliverySerializer)
    def deliveries(self, request: Request, **_: Any) -> Response:
        """List what was sent to a webhook within the last 30 days, and what waits to be sent."""
        endpoint = get_object_or_404(self.get_queryset(), pk=self.kwargs["pk"])
        page = self.paginate_queryset(self.filter_queryset(self._log_of(endpoint)))
        return self.get_paginated_response(WebhookDeliverySerializer(page, many=True).data)

    @extend_schema(
        request=None,
        responses={202: WebhookDeliverySerializer},
        parameters=[OpenApiParameter("delivery_id", UUID, OpenApiParameter.PATH)],
    )
    @action(detail=True, methods=["post"], url_path="deliveries/<uuid:delivery_id>/redeliver")
    def redeliver(self, request: Request, delivery_id: UUID, **_: Any) -> Response:
        """Have a message sent again, under the id it had, as an approver who is logged in."""
        delivery = get_object_or_404(self._log_of(self.get_object()), pk=delivery_id)
        try:
            again = webhooks.redeliver_webhook(delivery, at=timezone.now(), by=self.access.user.pk)
        except TransitionNotAllowed as refusal:
            raise Conflict("It is on its way already.") from refusal
        except webhooks.WebhookOff as refusal:
            raise Conflict(str(refusal)) from refusal
        return Response(WebhookDeliverySerializer(again).data, status=status.HTTP_202_ACCEPTED)

    def _log_of(self, endpoint: WebhookEndpoint) -> QuerySet[WebhookDelivery]:
        return WebhookDelivery.objects.filter(endpoint=endpoint)


def _with_secret(endpoint: WebhookEndpoint, secret: str, *, status: int) -> Response:
    """Answer with a secret, and say what the stored answer has instead."""
    shown = WebhookSerializer(endpoint).data
    response = Response({**shown, "secret": secret}, status=status)
    response.replayed_as = JSONRenderer().render(shown)
    return response
