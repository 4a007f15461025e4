"""What clients and staff do to webhooks: add, change, rotate, switch off and on, try, send again."""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from uuid_utils.compat import uuid7

from apps.orchestration.api.events import (
    WebhookAdded,
    WebhookChanged,
    WebhookEnabled,
    WebhookRedelivered,
    WebhookRemoved,
    WebhookSecretRotated,
)
from apps.orchestration.models import WebhookDelivery, WebhookEndpoint
from apps.orchestration.services import deliveries, dispatch
from apps.orchestration.services.webhook_secrets import encrypted, new_secret
from apps.orchestration.workflows.public_events import TEST, TYPES, message
from apps.shared.events import AuditNote, publish
from apps.shared.gateways.http import UrlRefused, checked_url

PREVIOUS_SECRET_HOLDS = timedelta(days=1)
MOST_ENDPOINTS = 10
"""Of one client: each event is sent to each."""


class WebhookRefused(Exception):
    """A webhook cannot be like this; `field` says which part of the wish is wrong."""

    def __init__(self, field: str, reason: str) -> None:
        super().__init__(reason)
        self.field = field


class WebhookOff(Exception):
    """A webhook that is switched off can be sent nothing."""


class SecretsInUse(Exception):
    """Both secrets are live: a third would end one of them early."""


@transaction.atomic
def add_webhook(
    client_id: UUID, *, url: str, types: Collection[str], description: str = "", at: datetime, by: UUID
) -> tuple[WebhookEndpoint, str]:
    """Add a webhook and return it with its secret, which is shown this once.

    Raises WebhookRefused, naming the field.
    """
    if WebhookEndpoint.objects.filter(client_id=client_id).count() >= MOST_ENDPOINTS:
        raise WebhookRefused("url", f"There are {MOST_ENDPOINTS} webhooks already; remove one first.")
    secret = new_secret()
    endpoint = WebhookEndpoint.objects.create(
        client_id=client_id,
        url=_checked_url(url),
        types=_checked_types(types),
        description=description,
        secret=encrypted(secret),
        created_at=at,
    )
    event = WebhookAdded(aggregate_id=endpoint.pk, client_id=client_id, url=endpoint.url)
    publish(event, AuditNote(actor_id=by, after=_facts(endpoint)))
    return endpoint, secret


@transaction.atomic
def change_webhook(
    endpoint: WebhookEndpoint,
    *,
    by: UUID,
    url: str | None = None,
    types: Collection[str] | None = None,
    description: str | None = None,
) -> WebhookEndpoint:
    """Change what is given, and return the webhook. Raises WebhookRefused, naming the field."""
    current = _locked(endpoint)
    before = _facts(current)
    if url is not None:
        current.url = _checked_url(url)
        _forget_failures(current)
    if types is not None:
        current.types = _checked_types(types)
    if description is not None:
        current.description = description
    after = _facts(current)
    if changed := tuple(name for name in before if before[name] != after[name]):
        current.save()
        event = WebhookChanged(aggregate_id=current.pk, client_id=current.client_id, fields=changed)
        publish(event, AuditNote(actor_id=by, before=before, after=after))
    return current


@transaction.atomic
def rotate_secret(endpoint: WebhookEndpoint, *, at: datetime, by: UUID) -> tuple[WebhookEndpoint, str]:
    """Give a webhook a new secret and return both; messages are signed with the one before, too, for another day.

    Raises SecretsInUse while the one before that still holds.
    """
    current = _locked(endpoint)
    if len(current.sealed_secrets(at)) > 1:
        raise SecretsInUse(
            f"The secret before this one holds until {current.previous_secret_until:%Y-%m-%d %H:%M} UTC."
        )
    secret = new_secret()
    current.previous_secret, current.secret = current.secret, encrypted(secret)
    current.previous_secret_until = at + PREVIOUS_SECRET_HOLDS
    current.save(update_fields=("secret", "previous_secret", "previous_secret_until", "updated_at"))
    publish(WebhookSecretRotated(aggregate_id=current.pk, client_id=current.client_id), AuditNote(actor_id=by))
    return current, secret


@transaction.atomic
def disable_webhook(
    endpoint: WebhookEndpoint, *, disabled_by: str, at: datetime, by: UUID, reason: str = ""
) -> WebhookEndpoint:
    """Switch a webhook off; does nothing to one that is."""
    current = _locked(endpoint)
    if current.is_active:
        deliveries.switch_off(current, disabled_by, at=at, note=AuditNote(actor_id=by, reason=reason))
    return current


@transaction.atomic
def enable_webhook(endpoint: WebhookEndpoint, *, by: UUID, reason: str = "") -> WebhookEndpoint:
    """Switch a webhook on again, its failures forgotten; does nothing to one that is."""
    current = _locked(endpoint)
    if current.is_active:
        return current
    current.is_active, current.disabled_by, current.disabled_at = True, "", None
    _forget_failures(current)
    current.save()
    event = WebhookEnabled(aggregate_id=current.pk, client_id=current.client_id, url=current.url)
    publish(event, AuditNote(actor_id=by, reason=reason))
    return current


@transaction.atomic
def remove_webhook(endpoint: WebhookEndpoint, *, by: UUID) -> None:
    """Remove a webhook and the log of its deliveries; one that is being sent this moment arrives all the same."""
    current = _locked(endpoint)
    event = WebhookRemoved(aggregate_id=current.pk, client_id=current.client_id, url=current.url)
    publish(event, AuditNote(actor_id=by, before=_facts(current)))
    current.delete()


@transaction.atomic
def try_webhook(endpoint: WebhookEndpoint, *, at: datetime) -> WebhookDelivery:
    """Have a message of the type `webhook.test` sent. Raises WebhookOff."""
    if not endpoint.is_active:
        raise WebhookOff("Switch the webhook on first.")
    event_id = uuid7()
    data = {"id": str(endpoint.pk), "client_id": str(endpoint.client_id)}
    delivery = WebhookDelivery.objects.create(
        endpoint=endpoint, event_id=event_id, type=TEST, body=message(TEST, at.isoformat(), data), next_at=at
    )
    transaction.on_commit(dispatch.ring_for_webhooks, robust=True)
    return delivery


@transaction.atomic
def redeliver_webhook(delivery: WebhookDelivery, *, at: datetime, by: UUID, reason: str = "") -> WebhookDelivery:
    """Have a message sent again, under its id and with all its tries anew.

    Raises TransitionNotAllowed while it is on its way, WebhookOff.
    """
    current = WebhookDelivery.objects.select_for_update(of=("self",)).select_related("endpoint").get(pk=delivery.pk)
    if not current.endpoint.is_active:
        raise WebhookOff("Switch the webhook on first.")
    current.redeliver()
    current.attempts, current.next_at = 0, at
    current.save(update_fields=("state", "attempts", "next_at", "updated_at"))
    event = WebhookRedelivered(
        aggregate_id=current.pk,
        client_id=current.endpoint.client_id,
        endpoint_id=current.endpoint_id,
        type=current.type,
    )
    publish(event, AuditNote(actor_id=by, reason=reason))
    transaction.on_commit(dispatch.ring_for_webhooks, robust=True)
    return current


def _locked(endpoint: WebhookEndpoint) -> WebhookEndpoint:
    return WebhookEndpoint.objects.select_for_update(no_key=True).get(pk=endpoint.pk)


def _forget_failures(endpoint: WebhookEndpoint) -> None:
    endpoint.failure_count, endpoint.failing_since, endpoint.rests_until = 0, None, None


def _checked_url(url: str) -> str:
    try:
        return checked_url(url)
    except UrlRefused as refusal:
        raise WebhookRefused("url", str(refusal)) from refusal


def _checked_types(types: Collection[str]) -> list[str]:
    if not types or not set(TYPES).issuperset(types):
        raise WebhookRefused("types", f"Choose one or more of: {', '.join(TYPES)}.")
    return sorted(set(types))


def _facts(endpoint: WebhookEndpoint) -> dict[str, Any]:
    return {"url": endpoint.url, "types": endpoint.types, "description": endpoint.description}
