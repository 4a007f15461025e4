"""Whenever X happens, also Y: what follows from events across modules, each exactly once. Read top to bottom."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from apps.client_review.api import ports as client_review
from apps.client_review.api.events import ClientApproved, ClientReviewSent, FurtherRoundAllowed, ReminderDue
from apps.delivery.api.events import Delivered
from apps.learning.api import ports as learning
from apps.learning.api.dtos import Observation
from apps.observability.api import ports as observability
from apps.orchestration.api.events import RunStuck
from apps.orchestration.queries import runs
from apps.orchestration.services import commands, deliveries, waits
from apps.orchestration.workflows import list_awaited_events
from apps.orchestration.workflows.measured import MEASURED
from apps.orchestration.workflows.public_events import PUBLIC_EVENTS, PublicEvent
from apps.production.api import ports as production
from apps.qc.api import ports as qc
from apps.qc.api.events import QcFailed, QcPassed, ReportWithdrawn
from apps.shared.events import Event
from apps.shared.workflow import TransientFailure
from apps.strategy.api.events import StrategyApproved, StrategyRejected


@dataclass(frozen=True)
class Reaction:
    """A function to be called with every event of a type, in the transaction that holds its receipt.

    One that is only `of_clients` has nothing to do with events that are about no client.
    """

    name: str
    to: type[Event]
    do: Callable[[Any], None]
    of_clients: bool = False

    def concerns(self, event: Event) -> bool:
        """Tell whether anything follows from this very event."""
        return event.client_id is not None or not self.of_clients

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


def go_on(event: FurtherRoundAllowed) -> None:
    """Let a run that waits for a further round to be allowed try its step again; one elsewhere needs nothing.

    Raises TransientFailure while a worker is at that step: it may have looked before the round was allowed.
    """
    run = runs.find_run_at(event.run_id, "plan_revision")
    if run is None:
        return
    if not run.needs_person:
        raise TransientFailure("the run is at that step just now")
    commands.retry_step(run, by=event.by, reason=event.reason)


def seal(event: Event) -> None:
    """Seal the audit up to here: what went wrong should be beyond doubt before anybody looks into it."""
    observability.seal_audit()


def note_check(event: QcPassed | QcFailed) -> None:
    """Tell production that the draft was judged, which one that a person edited waits for."""
    production.note_check(draft_id=event.draft_id, verdict=event.verdict, at=event.occurred_at)


def forget_check(event: ReportWithdrawn) -> None:
    """Tell production that nothing judges the draft any more, unless another report on it stands."""
    if not qc.list_reports(draft_id=event.draft_id):
        production.forget_check(draft_id=event.draft_id)


def tell(public: PublicEvent) -> Reaction:
    """Make the reaction that tells clients' webhooks of an event."""
    name = f"tell_webhooks_of_{public.name.replace('.', '_')}"
    return Reaction(name, public.of, deliveries.enqueue, of_clients=True)


def show(event: Delivered | ClientReviewSent) -> None:
    """Let the client see in the portal what it was handed, or is asked about."""
    production.show_draft(draft_id=event.draft_id, at=event.occurred_at)


def mail_approvers(event: ClientReviewSent | ReminderDue) -> None:
    """Have those who decide for the client mailed that they are asked, or that time runs out."""
    kind = event.kind if isinstance(event, ReminderDue) else "NEW"
    client_review.request_notices(review_id=event.aggregate_id, event_id=event.event_id, kind=kind)


REACTIONS = (
    Reaction("learn_from_approval", StrategyApproved, learn("GOOD")),
    Reaction("learn_from_rejection", StrategyRejected, learn("BAD")),
    Reaction("learn_from_quality", QcPassed, learn("GOOD")),
    Reaction("learn_from_failed_quality", QcFailed, learn("BAD")),
    Reaction("note_check", QcPassed, note_check),
    Reaction("note_failed_check", QcFailed, note_check),
    Reaction("forget_check", ReportWithdrawn, forget_check),
    Reaction("learn_from_clients_approval", ClientApproved, learn("GOOD")),
    Reaction("go_on_with_further_round", FurtherRoundAllowed, go_on),
    Reaction("show_delivered_draft", Delivered, show),
    Reaction("show_reviewed_draft", ClientReviewSent, show),
    Reaction("mail_of_review", ClientReviewSent, mail_approvers),
    Reaction("mail_of_reminder", ReminderDue, mail_approvers),
    Reaction("seal_stuck_run", RunStuck, seal),
    *(tell(public) for public in PUBLIC_EVENTS),
    *(Reaction(measured.name, measured.of, measured.collect, of_clients=True) for measured in MEASURED),
)


def reactions_to(event: str) -> list[Reaction]:
    """List what follows from events of this name; every event that a workflow waits for wakes the runs that do."""
    wakes = [Reaction("wake_runs", kind, waits.wake) for kind in list_awaited_events() if kind.__name__ == event]
    return wakes + [reaction for reaction in REACTIONS if reaction.to.__name__ == event]
