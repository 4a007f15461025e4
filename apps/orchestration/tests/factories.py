"""Webhooks for tests."""

import factory
from django.db import transaction
from django.utils import timezone
from uuid_utils.compat import uuid7

from apps.delivery.api.events import Delivered
from apps.identity.models import Client
from apps.identity.tests.factories import ClientFactory
from apps.orchestration.models import WebhookDelivery, WebhookEndpoint
from apps.orchestration.services import outbox, webhooks
from apps.orchestration.services.webhook_secrets import encrypted, new_secret
from apps.shared.events import Event, publish


class WebhookEndpointFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = WebhookEndpoint

    client = factory.SubFactory(ClientFactory)
    url = factory.Sequence(lambda n: f"https://erp{n}.example.com/hooks")
    types = ("package.delivered",)
    secret = factory.LazyFunction(lambda: encrypted(new_secret()))


class WebhookDeliveryFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = WebhookDelivery

    endpoint = factory.SubFactory(WebhookEndpointFactory)
    event_id = factory.LazyFunction(uuid7)
    type = "package.delivered"
    body = '{"type":"package.delivered"}'
    state = "DELIVERED"


def add_webhook(client: Client, url: str, *types: str) -> tuple[WebhookEndpoint, str]:
    """Let an address hear of a client's packages, or of these types; returned with its secret."""
    types = types or ("package.delivered",)
    return webhooks.add_webhook(client.pk, url=url, types=types, at=timezone.now(), by=uuid7())


def delivered(client: Client) -> Delivered:
    """Make the fact that a package of a client's is ready."""
    facts = {"draft_id": uuid7(), "artifact_count": 7, "manifest_sha256": "canary"}
    return Delivered(aggregate_id=uuid7(), client_id=client.pk, **facts)


def tell(event: Event) -> Event:
    """Publish an event, and have it brought out."""
    with transaction.atomic():
        publish(event)
    outbox.dispatch_events()
    return event
