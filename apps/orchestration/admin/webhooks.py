"""Clients' webhooks at the desk: where they lead, what was sent, and the few buttons that help."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.contrib import admin
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django_fsm import TransitionNotAllowed
from unfold.enums import ActionVariant

from apps.orchestration.models import WebhookDelivery, WebhookEndpoint
from apps.orchestration.services import webhooks
from apps.orchestration.workflows.public_events import TEST, TYPES
from apps.shared.admin import (
    CLIENT_FILTER,
    NOTHING,
    Button,
    TransitionAdmin,
    admin_link,
    badge,
    bullets,
    client_link,
    declared_filter,
    list_link,
    state_column,
)
from apps.shared.desk import Need, list_of, needs_filter

WEEK = timedelta(days=7)
LONGEST_SHOWN = 40


def shortened(url: str) -> str:
    """Return an address as a list has room for it."""
    return url if len(url) <= LONGEST_SHOWN else f"{url[: LONGEST_SHOWN - 1]}…"


def _disable(endpoint: WebhookEndpoint, *, by: UUID, reason: str) -> WebhookEndpoint:
    staff = WebhookEndpoint.DisabledBy.STAFF
    return webhooks.disable_webhook(endpoint, disabled_by=staff, at=timezone.now(), by=by, reason=reason)


def _redeliver(delivery: WebhookDelivery, *, by: UUID, reason: str) -> WebhookDelivery:
    return webhooks.redeliver_webhook(delivery, at=timezone.now(), by=by, reason=reason)


def _given_up(endpoints: QuerySet[WebhookEndpoint]) -> QuerySet[WebhookEndpoint]:
    failed = endpoints.filter(disabled_by=WebhookEndpoint.DisabledBy.FAILURES, disabled_at__gte=timezone.now() - WEEK)
    return failed.select_related("client").order_by("pk")


GIVEN_UP = Need(
    key="given_up",
    title="Webhooks switched off because nothing arrived",
    permissions=("orchestration.enable_webhook",),
    narrow=_given_up,
    why=lambda endpoint: "Tell the client; switch it on again when its system answers.",
    since=lambda endpoint: endpoint.disabled_at or endpoint.updated_at,
)


@admin.register(WebhookEndpoint)
class WebhookEndpointAdmin(TransitionAdmin):
    client_tab = "Webhooks"
    needs = (GIVEN_UP,)
    list_display = ("address", client_link, "stands", "failure_count", "failing_since", "created_at")
    list_filter = ("is_active", "disabled_by", needs_filter(needs), CLIENT_FILTER)
    list_select_related = ("client",)
    search_fields = ("url", "description", "client__name")
    id_fields = ("pk", "client_id")
    fieldsets = (
        (None, {"fields": (client_link, "url", "description", "hears_of", "stands", "log")}),
        ("How it fares", {"fields": ("failure_count", "failing_since", "rests_until", "disabled_at")}),
        ("Times", {"fields": ("created_at", "previous_secret_until")}),
    )
    buttons = (
        Button(
            name="disable_webhook",
            label="Switch off",
            service=_disable,
            permission="orchestration.disable_webhook",
            offered=lambda endpoint: endpoint.is_active,
            in_bulk=True,
            explanation="It hears of nothing any more, and what waits for it is given up. The client sees that it was "
            "switched off at the desk, not why.",
            asks_reason=True,
            variant=ActionVariant.DANGER,
        ),
        Button(
            name="enable_webhook",
            label="Switch on",
            service=webhooks.enable_webhook,
            permission="orchestration.enable_webhook",
            offered=lambda endpoint: not endpoint.is_active,
            explanation="It hears of what happens from now on. What was given up can be sent again in the list of its "
            "deliveries.",
            asks_reason=True,
            is_optional=True,
            variant=ActionVariant.PRIMARY,
        ),
    )

    @admin.display(description="address", ordering="url")
    def address(self, endpoint: WebhookEndpoint) -> str:
        return shortened(endpoint.url)

    @admin.display(description="on or off")
    def stands(self, endpoint: WebhookEndpoint) -> SafeString:
        why = endpoint.get_disabled_by_display()
        label = badge("ACTIVE" if endpoint.is_active else "OFF")
        return format_html("{} {}", label, why) if why else label

    @admin.display(description="hears of")
    def hears_of(self, endpoint: WebhookEndpoint) -> SafeString | str:
        return bullets(endpoint.types)

    @admin.display(description="log")
    def log(self, endpoint: WebhookEndpoint) -> SafeString:
        return list_link(list_of(WebhookDelivery, q=endpoint.pk), "Its deliveries")


@admin.register(WebhookDelivery)
class WebhookDeliveryAdmin(TransitionAdmin):
    list_display = ("type", "of_client", "to", state_column(), "status", "attempts", "error", "created_at")
    list_filter = ("state", declared_filter("type", lambda: [*TYPES, TEST], "type"))
    list_select_related = ("endpoint__client",)
    search_fields = ("endpoint__url", "endpoint__client__name")
    search_help_text = "The id of a delivery, a webhook, an event or a client, or words: the address, the client"
    id_fields = ("pk", "endpoint_id", "event_id", "endpoint__client_id")
    fieldsets = (
        (None, {"fields": ("type", "of_client", "to", state_column(), "of_event", "as_sent")}),
        ("The last try", {"fields": ("attempted_at", "status", "milliseconds", "error", "as_answered")}),
        ("Tries", {"fields": ("attempts", "next_at", "delivered_at", "created_at")}),
    )
    buttons = (
        Button(
            name="redeliver_webhook",
            label="Send again",
            service=_redeliver,
            permission="orchestration.redeliver_webhook",
            offered=lambda delivery: delivery.state != WebhookDelivery.State.PENDING,
            in_bulk=True,
            explanation="It is sent under the id that it had, with all its tries anew. A receiver that has it already "
            "knows it by that id.",
            asks_reason=True,
            is_optional=True,
            refusals=(TransitionNotAllowed, webhooks.WebhookOff),
            explains=True,
            variant=ActionVariant.PRIMARY,
        ),
    )

    @admin.display(description="client", ordering="endpoint__client__name")
    def of_client(self, delivery: WebhookDelivery) -> str:
        return client_link(delivery.endpoint)

    @admin.display(description="to")
    def to(self, delivery: WebhookDelivery) -> str:
        return admin_link("orchestration.webhookendpoint", delivery.endpoint_id, shortened(delivery.endpoint.url))

    @admin.display(description="event")
    def of_event(self, delivery: WebhookDelivery) -> str:
        if delivery.type == TEST:
            return NOTHING
        return admin_link("orchestration.outboxevent", delivery.event_id)

    @admin.display(description="message")
    def as_sent(self, delivery: WebhookDelivery) -> Any:
        return format_html('<pre class="desk-code">{}</pre>', delivery.body)

    @admin.display(description="answer begins")
    def as_answered(self, delivery: WebhookDelivery) -> Any:
        return format_html('<pre class="desk-code">{}</pre>', delivery.excerpt) if delivery.excerpt else NOTHING
