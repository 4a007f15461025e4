"""Webhooks for tests."""

import factory
from uuid_utils.compat import uuid7

from apps.identity.tests.factories import ClientFactory
from apps.orchestration.models import WebhookDelivery, WebhookEndpoint
from apps.orchestration.services.webhook_secrets import encrypted, new_secret


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
