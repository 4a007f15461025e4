"""A webhook …"""

import json
import re
import threading
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.conf import settings as site
from django.db import connection, transaction
from standardwebhooks import Webhook
from uuid_utils.compat import uuid7

from apps.billing.api.events import InvoiceIssued
from apps.delivery.api.events import Delivered
from apps.identity.models import Client
from apps.identity.tests.factories import UserFactory
from apps.orchestration.api.events import RunCompleted
from apps.orchestration.models import EventReceipt, OutboxEvent, WebhookDelivery, WebhookEndpoint
from apps.orchestration.services import control, deliveries, outbox, webhooks
from apps.orchestration.tests.factories import WebhookDeliveryFactory
from apps.orchestration.workflows.public_events import PUBLIC_EVENTS, TYPES
from apps.shared.dtos import Money
from apps.shared.events import Event, publish
from apps.shared.gateways import http
from apps.shared.models import least_key
from apps.shared.tests.receiver import Receiver, Request, listening

NOW = datetime.now(UTC)
DESCRIBED = site.BASE_DIR / "docs" / "webhooks.md"

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _on_loopback(settings: Any) -> None:
    settings.WEBHOOK_PRIVATE = True


@pytest.fixture(autouse=True)
def _without_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tries and rests follow at once: a test does not wait for a day."""
    monkeypatch.setattr("apps.orchestration.rules.WEBHOOK_PAUSES", (0,) * 7)
    monkeypatch.setattr("apps.orchestration.rules._LONGEST_REST", 0)


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with listening() as running:
        yield running


def add(client: Client, url: str, *types: str) -> tuple[WebhookEndpoint, str]:
    return webhooks.add_webhook(
        client.pk, url=url, types=types or ("package.delivered",), at=NOW, by=uuid7(), description=""
    )


def tell(event: Event) -> Event:
    """Publish an event, and have it brought out."""
    with transaction.atomic():
        publish(event)
    outbox.dispatch_events()
    return event


def delivered(client: Client) -> Event:
    return Delivered(
        aggregate_id=uuid7(), client_id=client.pk, draft_id=uuid7(), artifact_count=7, manifest_sha256="canary"
    )


def states() -> list[str]:
    return sorted(WebhookDelivery.objects.values_list("state", flat=True))


# --- what is told ----------------------------------------------------------------------------------------------------


def test_is_told_of_an_event_in_a_message_its_receiver_can_verify(acme: Client, receiver: Receiver) -> None:
    _, secret = add(acme, receiver.url)
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
        add(acme, receiver.url)
        add(globex, other.url)
        event = tell(delivered(globex))
        deliveries.deliver_due()
        assert receiver.requests == []
        assert other.ids == [str(event.event_id)]


def test_is_told_of_the_types_it_asked_for_alone(acme: Client, receiver: Receiver) -> None:
    add(acme, receiver.url, "invoice.issued")
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
    add(acme, receiver.url)
    event = tell(delivered(acme))
    OutboxEvent.objects.filter(pk=event.event_id).update(dispatched_at=None)
    EventReceipt.objects.filter(event_id=event.event_id).delete()
    outbox.dispatch_events()
    deliveries.deliver_due()
    assert receiver.ids == [str(event.event_id)]


def test_is_told_nothing_that_did_not_commit(acme: Client, receiver: Receiver) -> None:
    add(acme, receiver.url)
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
    endpoint, old = add(acme, receiver.url)
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
    endpoint, _ = add(acme, "https://erp.example.com/")
    webhooks.rotate_secret(endpoint, at=NOW, by=uuid7())
    with pytest.raises(webhooks.SecretsInUse):
        webhooks.rotate_secret(endpoint, at=NOW + timedelta(hours=23), by=uuid7())
    webhooks.rotate_secret(endpoint, at=NOW + timedelta(hours=25), by=uuid7())


def test_keeps_no_secret_in_the_open(acme: Client) -> None:
    endpoint, secret = add(acme, "https://erp.example.com/")
    webhooks.rotate_secret(endpoint, at=NOW, by=uuid7())
    with connection.cursor() as cursor:
        cursor.execute("SELECT row_to_json(e)::text FROM orchestration_webhookendpoint e")
        rows = str(cursor.fetchall())
        cursor.execute("SELECT row_to_json(e)::text FROM observability_auditentry e")
        rows += str(cursor.fetchall())
    assert secret.removeprefix("whsec_") not in rows
    assert secret.removeprefix("whsec_")[:10] not in rows


def test_outlives_a_change_of_the_secret_key(acme: Client, receiver: Receiver, settings: Any) -> None:
    _, secret = add(acme, receiver.url)
    first = settings.SECRET_KEY
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "another key of more than thirty-two characters", [first]
    deliveries.tidy_webhooks(at=NOW)
    settings.SECRET_KEY_FALLBACKS = []
    tell(delivered(acme))
    deliveries.deliver_due()
    assert verified_by(receiver.requests[0], secret)


def test_says_when_its_secret_cannot_be_read_any_more(acme: Client, receiver: Receiver, settings: Any) -> None:
    add(acme, receiver.url)
    settings.SECRET_KEY = "another key of more than thirty-two characters"
    deliveries.tidy_webhooks(at=NOW)
    tell(delivered(acme))
    assert deliveries.deliver_due(1) == 1
    assert "rotate it" in WebhookDelivery.objects.get().error
    assert receiver.requests == []


# --- receivers that misbehave ----------------------------------------------------------------------------------------


def test_is_tried_eight_times_over_more_than_a_day_and_given_up_in_words(acme: Client, receiver: Receiver) -> None:
    add(acme, receiver.url)
    receiver.answer = lambda request: 500
    event = tell(delivered(acme))
    assert deliveries.deliver_due() == 8
    assert receiver.ids == [str(event.event_id)] * 8
    delivery = WebhookDelivery.objects.get()
    assert (delivery.state, delivery.status, delivery.error) == ("FAILED", 500, "It answered 500.")
    assert OutboxEvent.objects.filter(name="WebhookFailed", client_id=acme.pk).count() == 1


def test_keeps_the_bytes_and_the_id_and_takes_a_new_time_for_each_try(
    acme: Client, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, secret = add(acme, receiver.url)
    receiver.answer = lambda request: 500 if len(receiver.requests) < 3 else 200
    tell(delivered(acme))
    deliveries.deliver_due()
    assert len({request.body for request in receiver.requests}) == len(set(receiver.ids)) == 1
    assert all(verified_by(request, secret) for request in receiver.requests)
    assert states() == ["DELIVERED"]
    assert WebhookEndpoint.objects.get().failure_count == 0


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        ("hang", "The whole answer was not there within"),
        (302, "redirects are not followed"),
        ("nonsense", "The connection broke"),
        (404, "It answered 404."),
    ],
)
def test_says_what_went_wrong(
    acme: Client, receiver: Receiver, monkeypatch: pytest.MonkeyPatch, answer: Any, error: str
) -> None:
    if answer == "hang":
        monkeypatch.setattr(http, "TOTAL_SECONDS", 0.5)
    add(acme, receiver.url)
    receiver.answer = lambda request: answer
    tell(delivered(acme))
    deliveries.deliver_due(1)
    delivery = WebhookDelivery.objects.get()
    assert delivery.state == "PENDING"
    assert error in delivery.error


def test_keeps_little_of_a_huge_answer(acme: Client, receiver: Receiver, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http, "BODY_SECONDS", 0.2)
    add(acme, receiver.url)
    receiver.answer = lambda request: "huge"
    tell(delivered(acme))
    deliveries.deliver_due()
    delivery = WebhookDelivery.objects.get()
    assert (delivery.state, len(delivery.excerpt)) == ("DELIVERED", deliveries.LONGEST_EXCERPT)


def test_is_switched_off_by_410(acme: Client, receiver: Receiver) -> None:
    add(acme, receiver.url)
    receiver.answer = lambda request: 410
    tell(delivered(acme))
    tell(delivered(acme))
    assert deliveries.deliver_due() == 1
    endpoint = WebhookEndpoint.objects.get()
    assert (endpoint.is_active, endpoint.disabled_by) == (False, "GONE")
    assert states() == ["FAILED", "FAILED"], "what waited is listed as failed"
    tell(delivered(acme))
    assert WebhookDelivery.objects.count() == 2


@pytest.mark.usefixtures("_without_pauses")
def test_is_left_alone_for_as_long_as_it_asks(acme: Client, receiver: Receiver) -> None:
    add(acme, receiver.url)
    receiver.answer = lambda request: (503, {"Retry-After": "600"})
    tell(delivered(acme))
    tell(delivered(acme))
    assert deliveries.deliver_due() == 1
    with connection.cursor() as cursor:
        cursor.execute("SELECT min(next_at) - now() FROM orchestration_webhookdelivery WHERE attempts = 1")
        assert timedelta(seconds=590) < cursor.fetchone()[0] <= timedelta(seconds=600)


def test_rests_after_a_few_failures_so_that_others_need_not_wait(
    acme: Client, globex: Client, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("apps.orchestration.rules._LONGEST_REST", 300)
    receiver.answer = lambda request: 500
    with listening() as other:
        add(acme, receiver.url)
        add(globex, other.url)
        for client in [acme] * 20 + [globex]:
            tell(delivered(client))
        deliveries.deliver_due()
        assert len(receiver.requests) == 3
        assert len(other.requests) == 1


def test_is_switched_off_after_a_day_of_nothing_but_failures(acme: Client, receiver: Receiver) -> None:
    add(acme, receiver.url)
    receiver.answer = lambda request: 500
    tell(delivered(acme))
    deliveries.deliver_due(1)
    WebhookEndpoint.objects.update(failing_since=NOW - timedelta(hours=23))
    deliveries.deliver_due(1)
    assert WebhookEndpoint.objects.get().is_active
    WebhookEndpoint.objects.update(failing_since=NOW - timedelta(hours=25))
    deliveries.deliver_due(1)
    assert WebhookEndpoint.objects.get().disabled_by == "FAILURES"
    told = OutboxEvent.objects.get(name="WebhookDisabled")
    assert (told.client_id, told.payload["disabled_by"]) == (acme.pk, "FAILURES")


def test_gets_everything_or_lists_it_as_failed_while_it_flaps(acme: Client, receiver: Receiver) -> None:
    add(acme, receiver.url)
    receiver.answer = lambda request: 200 if hash((request.headers["webhook-id"], len(receiver.requests))) % 2 else 503
    for _ in range(200):
        with transaction.atomic():
            publish(delivered(acme))
    while outbox.dispatch_events():
        pass
    senders = [threading.Thread(target=send_all) for _ in range(3)]
    for sender in senders:
        sender.start()
    for sender in senders:
        sender.join()
    by_state = {state: set() for state in ("DELIVERED", "FAILED", "PENDING")}
    for state, event_id in WebhookDelivery.objects.values_list("state", "event_id"):
        by_state[state].add(str(event_id))
    assert by_state["PENDING"] == set()
    assert len(by_state["DELIVERED"] | by_state["FAILED"]) == 200
    assert by_state["DELIVERED"] <= set(receiver.ids)
    assert len(by_state["DELIVERED"]) > 150


def send_all() -> None:
    try:
        while deliveries.is_any_due():
            deliveries.deliver_due()
    finally:
        connection.close()


# --- who sends -------------------------------------------------------------------------------------------------------


def test_is_not_sent_a_message_that_somebody_else_is_sending(acme: Client, receiver: Receiver) -> None:
    add(acme, receiver.url)
    tell(delivered(acme))
    assert deliveries._claim() is not None
    assert deliveries.deliver_due() == 0


def test_does_not_take_a_late_answer_for_the_present_one(acme: Client, receiver: Receiver) -> None:
    add(acme, receiver.url)
    tell(delivered(acme))
    late = deliveries._claim()
    WebhookDelivery.objects.update(next_at=NOW)  # the lease ran out
    receiver.answer = lambda request: 500
    deliveries.deliver_due(1)
    deliveries._record(late, deliveries.Outcome(NOW, 1, http.Answer(200, "")))
    assert WebhookDelivery.objects.get().status == 500


def test_is_given_up_when_every_try_kills_its_worker(acme: Client, receiver: Receiver) -> None:
    add(acme, receiver.url)
    tell(delivered(acme))
    for _ in range(8):
        assert deliveries._claim() is not None
        WebhookDelivery.objects.update(next_at=NOW)  # and then it died
    assert deliveries.deliver_due() == 1
    delivery = WebhookDelivery.objects.get()
    assert (delivery.state, "without a word" in delivery.error, receiver.requests) == ("FAILED", True, [])


def test_begins_anew_at_another_address(acme: Client, receiver: Receiver) -> None:
    endpoint, _ = add(acme, receiver.url)
    WebhookEndpoint.objects.update(failure_count=9, failing_since=NOW - timedelta(hours=23), rests_until=NOW)
    changed = webhooks.change_webhook(endpoint, url="https://erp.example.com/", by=uuid7())
    changed.refresh_from_db()
    assert (changed.failure_count, changed.failing_since, changed.rests_until) == (0, None, None)


def test_hears_nothing_while_everything_is_stopped(acme: Client, receiver: Receiver) -> None:
    add(acme, receiver.url)
    tell(delivered(acme))
    by = acme_person()
    control.set_flag("KILL", is_on=True, by=by, reason="Stop.", at=NOW)
    assert deliveries.deliver_due() == 0
    control.set_flag("KILL", is_on=False, by=by, reason="Go.", at=NOW)
    assert deliveries.deliver_due() == 1


def test_is_written_to_files_while_proof_mode_is_on(
    acme: Client, receiver: Receiver, settings: Any, tmp_path: Any
) -> None:
    settings.PROOF_FOLDER = tmp_path
    endpoint, _ = add(acme, receiver.url)
    event = tell(delivered(acme))
    control.set_flag("PROOF", is_on=True, by=acme_person(), reason="Try.", at=NOW)
    deliveries.deliver_due()
    delivery = WebhookDelivery.objects.get()
    assert (delivery.state, delivery.status, receiver.requests) == ("DELIVERED", None, [])
    proof = tmp_path / "webhook" / str(endpoint.pk) / f"{event.event_id}.json"
    assert proof.read_text() == delivery.body


def test_log_is_kept_for_a_month(acme: Client) -> None:
    endpoint, _ = add(acme, "https://erp.example.com/")
    old, older = (least_key(NOW - timedelta(days=days)) for days in (31, 32))
    WebhookDeliveryFactory(endpoint=endpoint, id=old, state="FAILED")
    waiting = WebhookDeliveryFactory(endpoint=endpoint, id=older, state="PENDING")
    new = WebhookDeliveryFactory(endpoint=endpoint)
    deliveries.tidy_webhooks(at=NOW)
    assert set(WebhookDelivery.objects.all()) == {waiting, new}


def acme_person() -> Any:
    return UserFactory().pk


def test_is_sent_again_under_the_same_id_with_all_tries_anew(acme: Client, receiver: Receiver) -> None:
    add(acme, receiver.url)
    receiver.answer = lambda request: 500
    event = tell(delivered(acme))
    deliveries.deliver_due()
    receiver.answer = lambda request: 200
    webhooks.redeliver_webhook(WebhookDelivery.objects.get(), at=NOW, by=uuid7())
    assert deliveries.deliver_due() == 1
    assert set(receiver.ids) == {str(event.event_id)}
    assert WebhookDelivery.objects.get().state == "DELIVERED"


def test_hears_again_once_it_is_switched_on(acme: Client, receiver: Receiver) -> None:
    endpoint, _ = add(acme, receiver.url)
    webhooks.disable_webhook(endpoint, disabled_by="STAFF", at=NOW, by=uuid7(), reason="It floods.")
    tell(delivered(acme))
    assert WebhookDelivery.objects.count() == 0
    webhooks.enable_webhook(endpoint, by=uuid7())
    tell(delivered(acme))
    deliveries.deliver_due()
    assert len(receiver.requests) == 1
