"""A webhook …"""

import json
import re
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.conf import settings as site
from django.db import connection, transaction
from standardwebhooks import Webhook
from uuid_utils.compat import uuid7

from apps.billing.api.events import InvoiceIssued
from apps.billing.tests.factories import an_invoice, pay
from apps.identity.models import Client
from apps.orchestration.api.events import RunCompleted
from apps.orchestration.models import EventReceipt, OutboxEvent, WebhookDelivery, WebhookEndpoint
from apps.orchestration.services import deliveries, outbox, webhooks
from apps.orchestration.tests.factories import add_webhook, delivered, tell
from apps.orchestration.workflows.public_events import PUBLIC_EVENTS, TYPES
from apps.shared.dtos import Money
from apps.shared.events import publish
from apps.shared.tests.receiver import Receiver, Request, listening

NOW = datetime.now(UTC)
DESCRIBED = site.BASE_DIR / "docs" / "webhooks.md"

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("loopback")]


# --- what is told ----------------------------------------------------------------------------------------------------


def test_is_told_of_an_event_in_a_message_its_receiver_can_verify(acme: Client, receiver: Receiver) -> None:
    _, secret = add_webhook(acme, receiver.url)
    event = tell(delivered(acme))
    assert deliveries.deliver_due() == 1
    (request,) = receiver.requests
    message = Webhook(secret).verify(request.body, request.headers)
    assert message == {
        "type": "package.delivered",
        "timestamp": event.occurred_at.isoformat(),
        "data": {"id": str(event.aggregate_id), "client_id": str(acme.pk)},
    }
    assert request.headers["webhook-id"] == str(event.event_id)
    assert request.headers["content-type"] == "application/json"
    delivery = WebhookDelivery.objects.get()
    assert (delivery.state, delivery.status, delivery.attempts, delivery.error) == ("DELIVERED", 200, 1, "")
    assert delivery.excerpt == '{"said": "<b>no</b>"}'


def test_is_told_nothing_of_another_client(acme: Client, globex: Client, receiver: Receiver) -> None:
    with listening() as other:
        add_webhook(acme, receiver.url)
        add_webhook(globex, other.url)
        event = tell(delivered(globex))
        deliveries.deliver_due()
        assert receiver.requests == []
        assert other.ids == [str(event.event_id)]


def test_is_told_of_the_types_it_asked_for_alone(acme: Client, receiver: Receiver) -> None:
    add_webhook(acme, receiver.url, "invoice.issued")
    tell(delivered(acme))
    total = Money(amount="12.50", currency="EUR")
    invoice = InvoiceIssued(
        aggregate_id=uuid7(), client_id=acme.pk, number="2026-1", total=total, due_date=date(2026, 4, 1)
    )
    tell(invoice)
    deliveries.deliver_due()
    (request,) = receiver.requests
    data = json.loads(request.body)["data"]
    assert data == {
        "id": str(invoice.aggregate_id),
        "client_id": str(acme.pk),
        "number": "2026-1",
        "due_date": "2026-04-01",
    }


def test_is_told_of_an_invoice_when_a_payment_settles_it_whole(acme: Client, receiver: Receiver) -> None:
    add_webhook(acme, receiver.url, "invoice.paid")
    invoice = an_invoice(acme)
    for amount in (23, 100):
        pay(invoice, amount)
        outbox.dispatch_events()
        deliveries.deliver_due()
        assert len(receiver.requests) == (amount == 100)
    told = json.loads(receiver.requests[0].body)
    assert told["type"] == "invoice.paid"
    assert told["data"] == {"id": str(invoice.pk), "client_id": str(acme.pk), "number": invoice.number}


@pytest.mark.parametrize("public", PUBLIC_EVENTS, ids=lambda public: public.name)
def test_lets_out_fields_of_the_event_alone_and_nothing_said_by_people(public: Any) -> None:
    assert set(public.fields) <= set(public.of.model_fields)
    assert not {"reason", "error", "score", "run_id", "event_id", "manifest_sha256"} & set(public.fields)


def test_has_one_type_for_one_event() -> None:
    assert len(set(TYPES)) == len({public.of for public in PUBLIC_EVENTS}) == len(PUBLIC_EVENTS)


@pytest.mark.parametrize("public", PUBLIC_EVENTS, ids=lambda public: public.name)
def test_is_described_for_those_who_get_it(public: Any) -> None:
    line = next(line for line in DESCRIBED.read_text().splitlines() if line.startswith(f"| `{public.name}` |"))
    assert tuple(re.findall(r"`(\w+)`", line.rsplit("|", 2)[1])) == public.fields


def test_is_told_once_however_often_the_event_is_brought_out(acme: Client, receiver: Receiver) -> None:
    add_webhook(acme, receiver.url)
    event = tell(delivered(acme))
    OutboxEvent.objects.filter(pk=event.event_id).update(dispatched_at=None)
    EventReceipt.objects.filter(event_id=event.event_id).delete()
    outbox.dispatch_events()
    deliveries.deliver_due()
    assert receiver.ids == [str(event.event_id)]


def test_is_told_nothing_that_did_not_commit(acme: Client, receiver: Receiver) -> None:
    add_webhook(acme, receiver.url)
    with transaction.atomic():
        publish(delivered(acme))
        transaction.set_rollback(True)
    assert (outbox.dispatch_events(), deliveries.deliver_due()) == (0, 0)


def test_does_not_keep_events_of_no_client_in_the_outbox(db: None) -> None:
    with transaction.atomic():
        publish(RunCompleted(aggregate_id=uuid7(), workflow="probe_five"))
    assert OutboxEvent.objects.get().dispatched_at is not None


# --- secrets ---------------------------------------------------------------------------------------------------------


def verified_by(request: Request, secret: str) -> bool:
    try:
        Webhook(secret).verify(request.body, request.headers)
    except Exception:  # noqa: BLE001  (the library's own kind, or one of base64)
        return False
    return True


def test_signs_with_both_secrets_while_one_is_rotated(acme: Client, receiver: Receiver) -> None:
    endpoint, old = add_webhook(acme, receiver.url)
    _, new = webhooks.rotate_secret(endpoint, at=NOW, by=uuid7())
    tell(delivered(acme))
    deliveries.deliver_due()
    WebhookEndpoint.objects.update(previous_secret_until=NOW)
    tell(delivered(acme))
    deliveries.deliver_due()
    during, after = receiver.requests
    assert [verified_by(during, secret) for secret in (old, new)] == [True, True]
    assert [verified_by(after, secret) for secret in (old, new)] == [False, True]


def test_does_not_rotate_while_two_secrets_are_live(acme: Client) -> None:
    endpoint, _ = add_webhook(acme, "https://erp.example.com/")
    webhooks.rotate_secret(endpoint, at=NOW, by=uuid7())
    with pytest.raises(webhooks.SecretsInUse):
        webhooks.rotate_secret(endpoint, at=NOW + timedelta(hours=23), by=uuid7())
    webhooks.rotate_secret(endpoint, at=NOW + timedelta(hours=25), by=uuid7())


def test_keeps_no_secret_in_the_open(acme: Client) -> None:
    endpoint, secret = add_webhook(acme, "https://erp.example.com/")
    webhooks.rotate_secret(endpoint, at=NOW, by=uuid7())
    with connection.cursor() as cursor:
        cursor.execute("SELECT row_to_json(e)::text FROM orchestration_webhookendpoint e")
        rows = str(cursor.fetchall())
        cursor.execute("SELECT row_to_json(e)::text FROM observability_auditentry e")
        rows += str(cursor.fetchall())
    assert secret.removeprefix("whsec_") not in rows
    assert secret.removeprefix("whsec_")[:10] not in rows


def test_outlives_a_change_of_the_secret_key(acme: Client, receiver: Receiver, settings: Any) -> None:
    _, secret = add_webhook(acme, receiver.url)
    first = settings.SECRET_KEY
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "another key of more than thirty-two characters", [first]
    deliveries.tidy_webhooks(at=NOW)
    settings.SECRET_KEY_FALLBACKS = []
    tell(delivered(acme))
    deliveries.deliver_due()
    assert verified_by(receiver.requests[0], secret)


def test_says_when_its_secret_cannot_be_read_any_more(acme: Client, receiver: Receiver, settings: Any) -> None:
    add_webhook(acme, receiver.url)
    settings.SECRET_KEY = "another key of more than thirty-two characters"
    deliveries.tidy_webhooks(at=NOW)
    tell(delivered(acme))
    assert deliveries.deliver_due(1) == 1
    assert "rotate it" in WebhookDelivery.objects.get().error
    assert receiver.requests == []
