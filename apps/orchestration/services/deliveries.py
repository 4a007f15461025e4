"""Webhooks go out: each event to each endpoint at least once, under one id, whatever dies in between.

A delivery is a row that commits with the event's receipt. Sending it is claiming it (its next try is moved behind a
lease, and its fence rises), the request outside of any transaction, and the record of what came of it, which counts
only under that fence. Who dies after the claim leaves a row that is due again when the lease ends.
"""

import logging
import random
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from apps.orchestration import rules
from apps.orchestration.api.events import WebhookDisabled, WebhookFailed
from apps.orchestration.models import WebhookDelivery, WebhookEndpoint, seconds_from_now
from apps.orchestration.models.webhooks import WebhookDeliveryQuerySet
from apps.orchestration.services import control, dispatch
from apps.orchestration.services.webhook_secrets import SecretLost, decrypted, reencrypted
from apps.orchestration.workflows.public_events import BY_EVENT
from apps.shared.events import AuditNote, Event, publish
from apps.shared.gateways import http
from apps.shared.gateways.proof import ProofModeUnknown
from apps.shared.models import least_key
from apps.shared.resilience import fault_point
from apps.shared.telemetry import working_on

log = logging.getLogger(__name__)

AT_ONCE = 100
BUDGET_SECONDS = 60.0
"""For how long one task sends: well below the hard limit of a task."""
GIVES_UP_AFTER = timedelta(days=1)
LOG_KEPT = timedelta(days=30)
LONGEST_EXCERPT = 1000
GONE = 410


@dataclass(frozen=True)
class Outcome:
    """What came of one try."""

    at: datetime
    milliseconds: int
    answer: http.Answer | None = None
    error: str = ""

    @property
    def status(self) -> int | None:
        return self.answer.status if self.answer else None

    @property
    def has_arrived(self) -> bool:
        return self.answer is not None and (self.status is None or 200 <= self.status < 300)


# --- events become deliveries -----------------------------------------------------------------------------------------


def enqueue(event: Event) -> None:
    """Make a delivery of an event for every endpoint of its client that wants to hear of it; the reaction to events."""
    public = BY_EVENT[event.name]
    wanting = WebhookEndpoint.objects.filter(client_id=event.client_id, is_active=True, types__contains=[public.name])
    rows = [
        WebhookDelivery(
            endpoint=endpoint,
            event_id=event.event_id,
            type=public.name,
            body=public.body(event),
            next_at=event.occurred_at,
        )
        for endpoint in wanting
    ]
    if rows:
        WebhookDelivery.objects.bulk_create(rows, ignore_conflicts=True)
        transaction.on_commit(dispatch.ring_for_webhooks, robust=True)


# --- deliveries are sent ----------------------------------------------------------------------------------------------


def is_any_due() -> bool:
    """Tell whether a delivery is to be sent now."""
    return WebhookDelivery.objects.due().exists()


def deliver_due(most: int = AT_ONCE) -> int:
    """Send what is due, the oldest first, and return how many; any number of processes may send at once."""
    ends = time.monotonic() + BUDGET_SECONDS
    for count in range(most):
        if control.is_killed() or time.monotonic() > ends:
            return count
        delivery = _claim()
        if delivery is None:
            return count
        with working_on("webhook", client_id=delivery.endpoint.client_id, event_id=delivery.event_id):
            _send(delivery)
    return most


def _claim() -> WebhookDelivery | None:
    """Take the next delivery by counting the try before it begins; nobody else has it until the lease ends."""
    with transaction.atomic():
        due = WebhookDelivery.objects.due().order_by("next_at").select_related("endpoint")
        delivery = due.select_for_update(of=("self",), skip_locked=True).first()
        if delivery is None:
            return None
        delivery.attempts += 1
        delivery.fence += 1
        delivery.next_at = seconds_from_now(settings.RUN_LEASE_SECONDS + http.TOTAL_SECONDS)
        delivery.save(update_fields=("attempts", "fence", "next_at", "updated_at"))
    return delivery


def _send(delivery: WebhookDelivery) -> None:
    at, began = timezone.now(), time.monotonic()
    if delivery.attempts > rules.WEBHOOK_ATTEMPTS:
        _record(delivery, Outcome(at, 0, error="Given up: the last tries ended without a word."))
        return

    def outcome(answer: http.Answer | None = None, error: str = "") -> Outcome:
        return Outcome(at, round((time.monotonic() - began) * 1000), answer, error)

    fault_point("webhook.claimed", delivery.pk)
    try:
        found = _tried(delivery, at, outcome)
    except ProofModeUnknown as error:
        log.warning("Webhook %s was not sent: %s", delivery.pk, error)
        return  # nothing was sent; the lease's end brings it back
    fault_point("webhook.sent", delivery.pk)
    _record(delivery, found)


def _tried(delivery: WebhookDelivery, at: datetime, outcome: Callable[..., Outcome]) -> Outcome:
    try:
        answer = http.post(
            delivery.endpoint.url,
            body=delivery.body.encode(),
            headers=_headers(delivery, at),
            key=f"{delivery.endpoint_id}/{delivery.event_id}.json",
            at=at,
        )
    except (http.UrlRefused, http.NotAnswered, SecretLost) as refusal:
        return outcome(error=str(refusal))
    except ProofModeUnknown:
        raise
    except Exception:
        log.exception("Webhook %s could not be sent.", delivery.pk)
        return outcome(error="Something went wrong on our side.")
    found = outcome(answer)
    return found if found.has_arrived else outcome(answer, _words(answer))


def _headers(delivery: WebhookDelivery, at: datetime) -> dict[str, str]:
    """Return what Standard Webhooks asks for: the same id each time, the time of this try, a signature per secret."""
    message_id, timestamp = str(delivery.event_id), int(at.timestamp())
    secrets = [decrypted(stored) for stored in delivery.endpoint.sealed_secrets(at)]
    signed = (
        rules.webhook_signature(secret, message_id=message_id, timestamp=timestamp, body=delivery.body)
        for secret in secrets
    )
    return {
        "Content-Type": "application/json",
        "webhook-id": message_id,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": " ".join(signed),
    }


def _words(answer: http.Answer) -> str:
    if answer.status is not None and 300 <= answer.status < 400:
        return f"It answered {answer.status}; redirects are not followed. Give the final address."
    return f"It answered {answer.status}."


# --- what came of it --------------------------------------------------------------------------------------------------


def _record(sent: WebhookDelivery, outcome: Outcome) -> None:
    """Note how a try ended, unless somebody else took the delivery over meanwhile."""
    with transaction.atomic():
        endpoint = WebhookEndpoint.objects.select_for_update(no_key=True).filter(pk=sent.endpoint_id).first()
        delivery = WebhookDelivery.objects.select_for_update().filter(pk=sent.pk, fence=sent.fence).first()
        if endpoint is None or delivery is None or delivery.state != WebhookDelivery.State.PENDING:
            return
        delivery.attempted_at, delivery.milliseconds = outcome.at, outcome.milliseconds
        delivery.status, delivery.error = outcome.status, outcome.error[:300]
        delivery.excerpt = outcome.answer.excerpt[:LONGEST_EXCERPT] if outcome.answer else ""
        if outcome.has_arrived:
            _note_success(endpoint, delivery, outcome)
        else:
            _note_failure(endpoint, delivery, outcome)


def _note_success(endpoint: WebhookEndpoint, delivery: WebhookDelivery, outcome: Outcome) -> None:
    delivery.arrive()
    delivery.delivered_at, delivery.next_at = outcome.at, None
    delivery.save()
    if endpoint.failure_count:
        endpoint.failure_count, endpoint.failing_since, endpoint.rests_until = 0, None, None
        endpoint.save(update_fields=("failure_count", "failing_since", "rests_until", "updated_at"))


def _note_failure(endpoint: WebhookEndpoint, delivery: WebhookDelivery, outcome: Outcome) -> None:
    asked = outcome.answer.retry_after if outcome.answer else None
    luck = random.random()  # noqa: S311  (no secret)
    pause = rules.webhook_pause(delivery.attempts, luck=luck, asked=asked)
    if pause is None or outcome.status == GONE:
        _give_up(endpoint, delivery)
    else:
        delivery.next_at = seconds_from_now(pause)
    delivery.save()
    endpoint.failure_count += 1
    endpoint.failing_since = endpoint.failing_since or outcome.at
    rest = rules.webhook_rest(endpoint.failure_count, asked=asked)
    endpoint.rests_until = seconds_from_now(rest) if rest else None
    endpoint.save(update_fields=("failure_count", "failing_since", "rests_until", "updated_at"))
    if outcome.status == GONE:
        switch_off(endpoint, WebhookEndpoint.DisabledBy.GONE, at=outcome.at)
    elif outcome.at - endpoint.failing_since >= GIVES_UP_AFTER:
        switch_off(endpoint, WebhookEndpoint.DisabledBy.FAILURES, at=outcome.at)


def _give_up(endpoint: WebhookEndpoint, delivery: WebhookDelivery) -> None:
    delivery.give_up()
    delivery.next_at = None
    publish(
        WebhookFailed(
            aggregate_id=delivery.pk,
            client_id=endpoint.client_id,
            endpoint_id=endpoint.pk,
            type=delivery.type,
            error=delivery.error,
        )
    )


def switch_off(endpoint: WebhookEndpoint, disabled_by: str, *, at: datetime, note: AuditNote | None = None) -> None:
    """Let an endpoint hear of nothing any more; what waits for it is given up. Inside the caller's transaction."""
    endpoint.is_active, endpoint.disabled_by, endpoint.disabled_at = False, disabled_by, at
    endpoint.save(update_fields=("is_active", "disabled_by", "disabled_at", "updated_at"))
    _list_as_failed(endpoint.deliveries.all())
    publish(
        WebhookDisabled(
            aggregate_id=endpoint.pk, client_id=endpoint.client_id, url=endpoint.url, disabled_by=disabled_by
        ),
        note,
    )


def _list_as_failed(unsent: WebhookDeliveryQuerySet) -> None:
    waiting = unsent.filter(state=WebhookDelivery.State.PENDING)
    waiting.update(state=WebhookDelivery.State.FAILED, next_at=None, error="The webhook was switched off.")


# --- housekeeping -----------------------------------------------------------------------------------------------------


def tidy_webhooks(*, at: datetime) -> None:
    """Forget ended deliveries of a month ago and secrets that ran out, and bring the others under the present key."""
    WebhookDelivery.objects.filter(~Q(state="PENDING"), pk__lt=least_key(at - LOG_KEPT)).delete()
    _list_as_failed(WebhookDelivery.objects.filter(endpoint__is_active=False))  # made while it was being switched off
    out = WebhookEndpoint.objects.filter(previous_secret_until__lt=at)
    out.update(previous_secret="", previous_secret_until=None)
    for endpoint in WebhookEndpoint.objects.only("secret", "previous_secret"):
        _bring_under_the_present_key(endpoint)


def _bring_under_the_present_key(endpoint: WebhookEndpoint) -> None:
    was = {"secret": endpoint.secret, "previous_secret": endpoint.previous_secret}
    try:
        now = {name: reencrypted(stored) if stored else "" for name, stored in was.items()}
    except SecretLost:
        log.error("The secret of webhook %s cannot be read any more; its client has to rotate it.", endpoint.pk)
        return
    if now != was:
        WebhookEndpoint.objects.filter(pk=endpoint.pk, **was).update(**now)  # unless it was rotated this moment
