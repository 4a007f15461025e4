"""A webhook, and what is on its way to it, …"""

import threading
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from standardwebhooks import Webhook
from uuid_utils.compat import uuid7

from apps.identity.models import Client
from apps.identity.tests.factories import UserFactory
from apps.orchestration.models import OutboxEvent, WebhookDelivery, WebhookEndpoint
from apps.orchestration.services import control, deliveries, outbox, webhooks
from apps.orchestration.tests.factories import WebhookDeliveryFactory, add_webhook, delivered, tell
from apps.shared.events import publish
from apps.shared.gateways import http
from apps.shared.models import least_key
from apps.shared.tests.receiver import Receiver, listening

NOW = datetime.now(UTC)

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("loopback")]


@pytest.fixture(autouse=True)
def _without_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tries and rests follow at once: a test does not wait for a day."""
    monkeypatch.setattr("apps.orchestration.rules.WEBHOOK_PAUSES", (0,) * 7)
    monkeypatch.setattr("apps.orchestration.rules._LONGEST_REST", 0)


def states() -> list[str]:
    return sorted(WebhookDelivery.objects.values_list("state", flat=True))


# --- receivers that misbehave ----------------------------------------------------------------------------------------


def test_is_tried_eight_times_over_more_than_a_day_and_given_up_in_words(acme: Client, receiver: Receiver) -> None:
    add_webhook(acme, receiver.url)
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
    _, secret = add_webhook(acme, receiver.url)
    receiver.answer = lambda request: 500 if len(receiver.requests) < 3 else 200
    tell(delivered(acme))
    deliveries.deliver_due()
    assert len({request.body for request in receiver.requests}) == len(set(receiver.ids)) == 1
    assert all(Webhook(secret).verify(request.body, request.headers) for request in receiver.requests)
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
    add_webhook(acme, receiver.url)
    receiver.answer = lambda request: answer
    tell(delivered(acme))
    deliveries.deliver_due(1)
    delivery = WebhookDelivery.objects.get()
    assert delivery.state == "PENDING"
    assert error in delivery.error


def test_keeps_little_of_a_huge_answer(acme: Client, receiver: Receiver, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http, "BODY_SECONDS", 0.2)
    add_webhook(acme, receiver.url)
    receiver.answer = lambda request: "huge"
    tell(delivered(acme))
    deliveries.deliver_due()
    delivery = WebhookDelivery.objects.get()
    assert (delivery.state, len(delivery.excerpt)) == ("DELIVERED", deliveries.LONGEST_EXCERPT)


def test_is_switched_off_by_410(acme: Client, receiver: Receiver) -> None:
    add_webhook(acme, receiver.url)
    receiver.answer = lambda request: 410
    tell(delivered(acme))
    tell(delivered(acme))
    assert deliveries.deliver_due() == 1
    endpoint = WebhookEndpoint.objects.get()
    assert (endpoint.is_active, endpoint.disabled_by) == (False, "GONE")
    assert states() == ["FAILED", "FAILED"], "what waited is listed as failed"
    tell(delivered(acme))
    assert WebhookDelivery.objects.count() == 2


def test_is_left_alone_for_as_long_as_it_asks(acme: Client, receiver: Receiver) -> None:
    add_webhook(acme, receiver.url)
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
        add_webhook(acme, receiver.url)
        add_webhook(globex, other.url)
        for client in [acme] * 20 + [globex]:
            tell(delivered(client))
        deliveries.deliver_due()
        assert len(receiver.requests) == 3
        assert len(other.requests) == 1


def test_is_switched_off_after_a_day_of_nothing_but_failures(acme: Client, receiver: Receiver) -> None:
    add_webhook(acme, receiver.url)
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
    add_webhook(acme, receiver.url)
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
    add_webhook(acme, receiver.url)
    tell(delivered(acme))
    assert deliveries._claim() is not None
    assert deliveries.deliver_due() == 0


def test_does_not_take_a_late_answer_for_the_present_one(acme: Client, receiver: Receiver) -> None:
    add_webhook(acme, receiver.url)
    tell(delivered(acme))
    late = deliveries._claim()
    WebhookDelivery.objects.update(next_at=NOW)  # the lease ran out
    receiver.answer = lambda request: 500
    deliveries.deliver_due(1)
    deliveries._record(late, deliveries.Outcome(NOW, 1, http.Answer(200, "")))
    assert WebhookDelivery.objects.get().status == 500


def test_is_listed_as_failed_when_it_was_made_while_its_webhook_was_switched_off(acme: Client) -> None:
    endpoint, _ = add_webhook(acme, "https://erp.example.com/")
    webhooks.disable_webhook(endpoint, disabled_by="CLIENT", at=NOW, by=uuid7())
    WebhookDeliveryFactory(endpoint=endpoint, state="PENDING", next_at=NOW)
    deliveries.tidy_webhooks(at=NOW)
    assert states() == ["FAILED"]


def test_is_given_up_when_every_try_kills_its_worker(acme: Client, receiver: Receiver) -> None:
    add_webhook(acme, receiver.url)
    tell(delivered(acme))
    for _ in range(8):
        assert deliveries._claim() is not None
        WebhookDelivery.objects.update(next_at=NOW)  # and then it died
    assert deliveries.deliver_due() == 1
    delivery = WebhookDelivery.objects.get()
    assert (delivery.state, "without a word" in delivery.error, receiver.requests) == ("FAILED", True, [])


def test_begins_anew_at_another_address(acme: Client, receiver: Receiver) -> None:
    endpoint, _ = add_webhook(acme, receiver.url)
    WebhookEndpoint.objects.update(failure_count=9, failing_since=NOW - timedelta(hours=23), rests_until=NOW)
    changed = webhooks.change_webhook(endpoint, url="https://erp.example.com/", by=uuid7())
    changed.refresh_from_db()
    assert (changed.failure_count, changed.failing_since, changed.rests_until) == (0, None, None)


def test_hears_nothing_while_everything_is_stopped(acme: Client, receiver: Receiver) -> None:
    add_webhook(acme, receiver.url)
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
    endpoint, _ = add_webhook(acme, receiver.url)
    event = tell(delivered(acme))
    control.set_flag("PROOF", is_on=True, by=acme_person(), reason="Try.", at=NOW)
    deliveries.deliver_due()
    delivery = WebhookDelivery.objects.get()
    assert (delivery.state, delivery.status, receiver.requests) == ("DELIVERED", None, [])
    proof = tmp_path / "webhook" / str(endpoint.pk) / f"{event.event_id}.json"
    assert proof.read_text() == delivery.body


def test_log_is_kept_for_a_month(acme: Client) -> None:
    endpoint, _ = add_webhook(acme, "https://erp.example.com/")
    old, older = (least_key(NOW - timedelta(days=days)) for days in (31, 32))
    WebhookDeliveryFactory(endpoint=endpoint, id=old, state="FAILED")
    waiting = WebhookDeliveryFactory(endpoint=endpoint, id=older, state="PENDING")
    new = WebhookDeliveryFactory(endpoint=endpoint)
    deliveries.tidy_webhooks(at=NOW)
    assert set(WebhookDelivery.objects.all()) == {waiting, new}


def acme_person() -> Any:
    return UserFactory().pk


def test_is_sent_again_under_the_same_id_with_all_tries_anew(acme: Client, receiver: Receiver) -> None:
    add_webhook(acme, receiver.url)
    receiver.answer = lambda request: 500
    event = tell(delivered(acme))
    deliveries.deliver_due()
    receiver.answer = lambda request: 200
    webhooks.redeliver_webhook(WebhookDelivery.objects.get(), at=NOW, by=uuid7())
    assert deliveries.deliver_due() == 1
    assert set(receiver.ids) == {str(event.event_id)}
    assert WebhookDelivery.objects.get().state == "DELIVERED"


def test_hears_again_once_it_is_switched_on(acme: Client, receiver: Receiver) -> None:
    endpoint, _ = add_webhook(acme, receiver.url)
    webhooks.disable_webhook(endpoint, disabled_by="STAFF", at=NOW, by=uuid7(), reason="It floods.")
    tell(delivered(acme))
    assert WebhookDelivery.objects.count() == 0
    webhooks.enable_webhook(endpoint, by=uuid7())
    tell(delivered(acme))
    deliveries.deliver_due()
    assert len(receiver.requests) == 1
