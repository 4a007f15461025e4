"""Whenever X happens, also Y: what follows from events across modules, each exactly once. Read top to bottom."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from apps.delivery.api.events import Delivered
from apps.learning.api import ports as learning
from apps.learning.api.dtos import Observation
from apps.observability.api import ports as observability
from apps.orchestration.api.events import RunStuck
from apps.orchestration.services import waits
from apps.orchestration.workflows import list_awaited_events
from apps.production.api import ports as production
from apps.qc.api.events import QcFailed, QcPassed
from apps.shared.events import Event
from apps.strategy.api.events import StrategyApproved, StrategyRejected


@dataclass(frozen=True)
class Reaction:
    """A function to be called with every event of a type, in the transaction that holds its receipt."""

    name: str
    to: type[Event]
    do: Callable[[Any], None]

    def call(self, payload: dict[str, Any]) -> None:
        """React to an event as the outbox holds it."""
        self.do(self.to.model_validate(payload))


def learn(outcome: str) -> Callable[[Event], None]:
    """Make a reaction that remembers an event as something that went well or badly."""

    def remember(event: Event) -> None:
        learning.log_event(
            observation=Observation(
                kind=event.name, context=event.model_dump(mode="json", exclude=set(Event.model_fields)), outcome=outcome
            ),
            client_id=event.client_id,
            source_event_id=event.event_id,
            observed_at=event.occurred_at,
        )

    return remember


def seal(event: Event) -> None:
    """Seal the audit up to here: what went wrong should be beyond doubt before anybody looks into it."""
    observability.seal_audit()


def show(event: Delivered) -> None:
    """Let the client see in the portal what it was handed."""
    production.show_draft(draft_id=event.draft_id, at=event.occurred_at)


REACTIONS = (
    Reaction("learn_from_approval", StrategyApproved, learn("GOOD")),
    Reaction("learn_from_rejection", StrategyRejected, learn("BAD")),
    Reaction("learn_from_quality", QcPassed, learn("GOOD")),
    Reaction("learn_from_failed_quality", QcFailed, learn("BAD")),
    Reaction("show_delivered_draft", Delivered, show),
    Reaction("seal_stuck_run", RunStuck, seal),
)


def reactions_to(event: str) -> list[Reaction]:
    """List what follows from events of this name; every event that a workflow waits for wakes the runs that do."""
    wakes = [Reaction("wake_runs", kind, waits.wake) for kind in list_awaited_events() if kind.__name__ == event]
    return wakes + [reaction for reaction in REACTIONS if reaction.to.__name__ == event]
