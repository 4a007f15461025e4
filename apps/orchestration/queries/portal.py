"""How a client's work stands, in the client's words: no step, no error and nothing of the engine's."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from apps.orchestration.models import WorkflowRun
from apps.orchestration.queries.runs import declared, stands_at

IN_WORK, WAITING_FOR_YOU, DONE, STOPPED = "IN_WORK", "WAITING_FOR_YOU", "DONE", "STOPPED"
STATES = (
    (IN_WORK, _("In work")),
    (WAITING_FOR_YOU, _("Waiting for you")),
    (DONE, _("Done")),
    (STOPPED, _("Stopped")),
)
TITLES = {
    "client_to_delivery": _("Your marketing package"),
    "client_to_delivery_reviewed": _("Your marketing package, with your review"),
    "monthly_report": _("Your monthly report"),
}
DOING = {
    "normalize_brief": _("We read your answers."),
    "generate_strategy": _("We work out the strategy."),
    "generate_draft": _("We write."),
    "write_draft": _("We write."),
    "evaluate_draft": _("We check the quality."),
    "judge_draft": _("We check the quality."),
    "send_for_review": _("We prepare your review."),
    "plan_revision": _("We look at what you want changed."),
    "create_package": _("We put your package together."),
    "draft_invoice": _("We prepare the invoice."),
}
_STOPPED_STATES = ("COMPENSATING", "COMPENSATED", "CANCELLED", "STUCK", "FAILED")
_DECIDED_BY_CLIENTS = frozenset({"ReviewDecided"})
_DECIDED_BY_SOME = frozenset({"StrategyApproved", "StrategyRejected"})
"""Awaited from a client whose contract lets it approve strategies, else from the agency."""


@dataclass(frozen=True)
class Progress:
    """How far a run is: what it is for, what happens at present, and how many of its steps are done."""

    title: str | Promise
    state: str
    doing: str | Promise
    steps_done: int
    steps: int

    @property
    def percent(self) -> int:
        """How much is done, by steps."""
        return 100 * self.steps_done // self.steps if self.steps else 0


def progress_of(run: WorkflowRun) -> Progress:
    """Return how a run stands; its client must be loaded along."""
    workflow, state = declared(run), client_state(run)
    steps = len(workflow.specs) if workflow else 0
    done = {DONE: steps, STOPPED: 0}.get(state, min(run.position, steps))
    doing = DOING.get(stands_at(run), _("We are at work.")) if state == IN_WORK else ""
    title = TITLES.get(run.workflow) or run.workflow.replace("_", " ").capitalize()
    return Progress(title=title, state=state, doing=doing, steps_done=done, steps=steps)


def client_state(run: WorkflowRun) -> str:
    """Return a run's state in the client's words."""
    if run.state == "COMPLETED":
        return DONE
    if run.state in _STOPPED_STATES:
        return STOPPED
    awaited = set(run.waiting_for or ()) if run.state == "WAITING" else set()
    asks_client = awaited & _DECIDED_BY_CLIENTS or (awaited & _DECIDED_BY_SOME and run.client.approves_strategies)
    return WAITING_FOR_YOU if asks_client else IN_WORK


def shown_since(at: datetime) -> QuerySet[WorkflowRun]:
    """Return the runs that are under way or ended since then, the newest first."""
    runs = WorkflowRun.objects.select_related("client").defer("inputs", "error")
    return runs.filter(Q(finished_at=None) | Q(finished_at__gte=at)).order_by("-created_at")


def in_client_state(runs: QuerySet[WorkflowRun], state: str) -> QuerySet[WorkflowRun]:
    """Narrow runs to those in a state of the client's words."""
    asks_client = Q(state="WAITING") & (
        Q(waiting_for__overlap=sorted(_DECIDED_BY_CLIENTS))
        | Q(waiting_for__overlap=sorted(_DECIDED_BY_SOME), client__approves_strategies=True)
    )
    match state:
        case "DONE":
            return runs.filter(state="COMPLETED")
        case "STOPPED":
            return runs.filter(state__in=_STOPPED_STATES)
        case "WAITING_FOR_YOU":
            return runs.filter(asks_client)
    waits_for_us = Q(state="WAITING") & (Q(waiting_for=None) | ~asks_client)
    return runs.filter(Q(state__in=("PENDING", "RUNNING")) | waits_for_us)
