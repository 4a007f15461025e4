"""Events leave through the outbox: committed with their change or not at all, and brought to every reaction.

An event reaches its reactions at least once and in the order of its row's events; the receipt, committed with what the
reaction wrote, makes that exactly once.
"""

import logging
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from apps.orchestration import rules
from apps.orchestration.api.events import ReactionFailed, ReactionRetried
from apps.orchestration.models import ClockTimestamp, EventReceipt, OutboxEvent, seconds_from_now
from apps.orchestration.services import control, dispatch
from apps.orchestration.workflows.reactions import Reaction, reactions_to
from apps.shared.events import AuditNote, Event, publish
from apps.shared.resilience import fault_point, pause_before_attempt, time_limit
from apps.shared.statements import insert
from apps.shared.telemetry import working_on
from apps.shared.workflow import RetryPolicy

log = logging.getLogger(__name__)

RETRY = RetryPolicy(attempts=6, first_seconds=1.0, most_seconds=300.0)
"""How often a reaction is tried before it becomes a dead letter; the later events of the same row wait as long."""
LIMIT_SECONDS = 30.0
AT_ONCE = 100

NEXT = """
SELECT * FROM orchestration_outboxevent e
WHERE dispatched_at IS NULL AND (wake_at IS NULL OR wake_at < clock_timestamp())
  AND NOT EXISTS (SELECT 1 FROM orchestration_outboxevent earlier WHERE earlier.aggregate_id = e.aggregate_id
                  AND earlier.dispatched_at IS NULL AND earlier.sequence < e.sequence)
ORDER BY sequence LIMIT 1 FOR UPDATE SKIP LOCKED"""
"""The oldest event that is due and that no earlier one of its row stands before. Sequence numbers commit out of order,
so "not dispatched" is asked for, never "later than the last"."""


class ReactionUnknown(LookupError):
    """A dead letter whose reaction is no longer declared."""


class ReactionDied(Exception):
    """A reaction ended its workers every time."""


def store(sender: type[Event], event: Event, note: AuditNote, **signal: Any) -> None:
    """Write the outbox row of a published event, in the publisher's transaction."""
    payload = rules.storable(event.model_dump(mode="json"))
    awaited = any(reaction.concerns(payload) for reaction in reactions_to(event.name))
    row = OutboxEvent(
        id=event.event_id,
        name=event.name,
        aggregate=event.aggregate,
        aggregate_id=event.aggregate_id,
        client_id=event.client_id,
        run_id=event.run_id,
        payload=payload,
        occurred_at=event.occurred_at,
        dispatched_at=None if awaited else event.occurred_at,
    )
    insert(row)
    if awaited:
        transaction.on_commit(dispatch.ring_for_events, robust=True)


def is_any_due() -> bool:
    """Tell whether an event waits for its reactions and for no pause."""
    due = Q(wake_at=None) | Q(wake_at__lt=ClockTimestamp())
    return OutboxEvent.objects.filter(due, dispatched_at=None).exists()


def dispatch_events(most: int = AT_ONCE) -> int:
    """Bring out due events, oldest first, and return how many; any number of dispatchers may work at once."""
    for count in range(most):
        if control.is_killed():
            return count
        taken = _take_next()
        if taken is None:
            return count
        _bring(*taken)
    return most


def _take_next() -> tuple[UUID, int] | None:
    """Claim the next event by counting the attempt before it begins; return its id and the attempt."""
    with transaction.atomic():
        event = next(iter(OutboxEvent.objects.raw(NEXT)), None)
        if event is None:
            return None
        event.attempts += 1
        event.wake_at = seconds_from_now(settings.RUN_LEASE_SECONDS + LIMIT_SECONDS)
        event.save(update_fields=("attempts", "wake_at"))
    return event.pk, event.attempts


def _bring(event_id: UUID, attempt: int) -> None:
    """Call every reaction that has not happened yet, each with its receipt in a transaction of its own."""
    event = OutboxEvent.objects.get(pk=event_id)
    with working_on(run_id=event.run_id, client_id=event.client_id, event_id=event_id):
        concerned = [reaction for reaction in reactions_to(event.name) if reaction.concerns(event.payload)]
        results = [_react(event, reaction, attempt) for reaction in concerned]
    is_over = all(results)
    OutboxEvent.objects.filter(pk=event_id, attempts=attempt).update(
        dispatched_at=timezone.now() if is_over else None,
        wake_at=None if is_over else seconds_from_now(pause_before_attempt(RETRY, attempt + 1)),
    )


def _react(event: OutboxEvent, reaction: Reaction, attempt: int) -> bool:
    """Call a reaction, once and for all; tell whether it is over with it, done or given up."""
    try:
        with transaction.atomic():
            receipt = _locked_receipt(event, reaction)
            if receipt.state != EventReceipt.State.RETRYING:
                return True
            if attempt > RETRY.attempts:
                raise ReactionDied(f"Given up after {RETRY.attempts} attempts; the last one died without a word.")
            fault_point(f"{reaction.name}.reacting", event.pk)
            with working_on(f"reaction {reaction.name}"), time_limit(LIMIT_SECONDS):
                reaction.call(event.payload)
            fault_point(f"{reaction.name}.reacted", event.pk)
            receipt.finish()
            receipt.attempts = attempt
            receipt.error = receipt.trace = ""
            receipt.done_at = timezone.now()
            receipt.save()
    except Exception as error:  # noqa: BLE001  (the dispatcher is the door of every reaction, and records what came out)
        return _record_failure(event, reaction, attempt, error)
    return True


def _locked_receipt(event: OutboxEvent, reaction: Reaction) -> EventReceipt:
    """Return the receipt, made if need be: whoever comes second waits for the first one to commit."""
    EventReceipt.objects.bulk_create([EventReceipt(event=event, reaction=reaction.name)], ignore_conflicts=True)
    return EventReceipt.objects.select_for_update().get(event=event, reaction=reaction.name)


def _record_failure(event: OutboxEvent, reaction: Reaction, attempt: int, error: Exception) -> bool:
    """Keep the words of a failed reaction; tell whether it is given up, as a dead letter."""
    with transaction.atomic():
        receipt = _locked_receipt(event, reaction)
        if receipt.state != EventReceipt.State.RETRYING:
            return True
        receipt.attempts = attempt
        receipt.error = rules.in_words(error)
        receipt.trace = rules.trace_of(error)
        is_dead = attempt >= RETRY.attempts
        if is_dead:
            receipt.give_up()
            publish(_about(ReactionFailed, receipt, error=receipt.error))
        receipt.save()
    level = logging.ERROR if is_dead else logging.WARNING
    log.log(level, "Reaction %s to %s %s failed, attempt %s: %s", reaction.name, event, event.pk, attempt, error)
    return is_dead


def retry_reaction(receipt: EventReceipt, *, by: UUID, reason: str = "") -> None:
    """Have a dead letter tried again, with all attempts anew.

    Raises TransitionNotAllowed unless it is DEAD, ReactionUnknown when nothing would react to it any more.
    """
    with transaction.atomic():
        receipt = EventReceipt.objects.select_for_update().get(pk=receipt.pk)
        if receipt.reaction not in {reaction.name for reaction in reactions_to(receipt.event.name)}:
            raise ReactionUnknown(f"This release declares no reaction {receipt.reaction!r} to {receipt.event.name}.")
        receipt.retry_reaction()
        receipt.save()
        OutboxEvent.objects.filter(pk=receipt.event_id).update(dispatched_at=None, attempts=0, wake_at=None)
        publish(_about(ReactionRetried, receipt), AuditNote(actor_id=by, reason=reason))
        transaction.on_commit(dispatch.ring_for_events, robust=True)


def _about(event: type[Event], receipt: EventReceipt, **facts: str) -> Event:
    return event(aggregate_id=receipt.pk, event=receipt.event.name, reaction=receipt.reaction, **facts)
