"""Webhooks are sent by real workers, whatever happens to these."""

import time
from collections.abc import Callable

import pytest
from django.db import transaction
from standardwebhooks import Webhook

from aicmo_site.celery import app
from apps.identity.models import Client
from apps.orchestration.models import WebhookDelivery
from apps.orchestration.services import deliveries, outbox
from apps.orchestration.services.sweep import sweep
from apps.orchestration.tests.factories import add_webhook, delivered
from apps.shared.events import publish
from apps.shared.tests.receiver import Receiver

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def secret(acme: Client, receiver: Receiver, loopback: None) -> str:
    _, secret = add_webhook(acme, receiver.url)
    return secret


def deliver(client: Client) -> str:
    event = delivered(client)
    with transaction.atomic():
        publish(event)
    return str(event.event_id)


def wait_until_all(state: str, count: int, seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while WebhookDelivery.objects.filter(state=state).count() < count:
        assert time.monotonic() < deadline, list(WebhookDelivery.objects.values_list("state", "error"))
        time.sleep(0.1)


@pytest.mark.worker
def test_are_sent_by_the_workers_alone(acme: Client, secret: str, receiver: Receiver, worker: Callable) -> None:
    worker()
    told = {deliver(acme) for _ in range(20)}
    wait_until_all("DELIVERED", 20)
    assert set(receiver.ids) == told
    for request in receiver.requests:
        Webhook(secret).verify(request.body, request.headers)


@pytest.mark.worker
@pytest.mark.parametrize(("point", "times"), [("webhook.claimed", 1), ("webhook.sent", 2)])
def test_are_not_lost_with_a_worker_that_is_killed_in_the_middle(
    acme: Client, secret: str, receiver: Receiver, worker: Callable, faults: Callable, point: str, times: int
) -> None:
    """Killed before the request, the message goes out once; killed after it, twice, under one id and with one body."""
    plan = faults(point, fault="kill")
    worker()
    told = deliver(acme)
    wait_until_all("DELIVERED", 1)
    assert not plan.exists(), "the fault never fired"
    assert receiver.ids == [told] * times
    assert len({request.body for request in receiver.requests}) == 1


@pytest.mark.worker
def test_survive_the_loss_of_every_message(acme: Client, secret: str, receiver: Receiver, worker: Callable) -> None:
    told = {deliver(acme) for _ in range(5)}
    outbox.dispatch_events()
    assert app.control.purge() > 0
    worker()
    wait_until_all("DELIVERED", 5)
    assert set(receiver.ids) == told


def test_are_sent_by_the_sweeper_where_there_is_no_broker(
    acme: Client, secret: str, receiver: Receiver, publish_to: Callable
) -> None:
    publish_to("redis://127.0.0.1:1/0")
    told = deliver(acme)
    sweep()
    assert receiver.ids == [told]
    assert not deliveries.is_any_due()
