"""What the page of a run shows above Django's form: where it stands and why, what it waits for, what it did."""

import re
from itertools import groupby
from typing import Any

from django.db.models import prefetch_related_objects
from django.urls import reverse
from django.utils.html import format_html_join

from apps.observability.api import ports as observability
from apps.orchestration.admin.times import took
from apps.orchestration.api import dtos
from apps.orchestration.api.events import RoundDecided
from apps.orchestration.models import OutboxEvent, StepRun, WorkflowRun
from apps.orchestration.queries.runs import declared, describe_run
from apps.shared.admin import (
    NOTHING,
    admin_link,
    badge,
    client_link,
    list_link,
    readable,
    row_link,
    short_id,
    words,
)
from apps.shared.workflow import Round, WaitFor, Workflow

Key = tuple[int, int]
THEN = {
    "remind": "then somebody is reminded, and it waits once more",
    "proceed": "then it goes on without an answer",
    "compensate": "then it is taken back",
}


def run_page(run: WorkflowRun) -> dict[str, Any]:
    """Return what the run page shows: the run, its steps in order, begun or not, and links to what they made."""
    prefetch_related_objects([run], "step_runs")
    began = {(step.position, step.round): step for step in run.step_runs.all()}
    kinds = dict(OutboxEvent.objects.filter(run_id=run.pk).values_list("aggregate_id", "aggregate"))
    kinds_by_id = {str(pk): kind for pk, kind in kinds.items()}
    workflow = declared(run)
    present = began.get((run.position, run.round))
    return {
        "run_state": badge(run.state),
        "run_client": client_link(run),
        "run_took": took(run),
        "run_starter": admin_link("identity.user", run.started_by_id, str(run.started_by)),
        "run_again": _links_to_reruns(run),
        "run_rerun_of": admin_link("orchestration.workflowrun", run.rerun_of_id),
        "run_waits": _waiting(run, workflow, present) if run.state == WorkflowRun.State.WAITING else None,
        "run_left": [{**left, "step": words(step.name)} for step in began.values() for left in step.irreversible or ()],
        "run_groups": _groups(run, workflow, began, kinds_by_id),
        "run_audit": list_link(f"{reverse('admin:observability_auditentry_changelist')}?q={run.pk}", "Audit entries"),
        "run_events": list_link(f"{reverse('admin:orchestration_outboxevent_changelist')}?q={run.pk}", "Events"),
    }


def awaited(run: WorkflowRun) -> str:
    """Say what a waiting run waits for."""
    if run.needs_decision:
        return "a decision"
    return " or ".join(map(_event_in_words, run.waiting_for or ())) or "a person"


def _event_in_words(name: str) -> str:
    return re.sub(r"(?<!^)(?=[A-Z])", " ", name).lower()


def _links_to_reruns(run: WorkflowRun) -> str:
    links = ((admin_link("orchestration.workflowrun", new, short_id(new)),) for new in _reruns(run))
    return format_html_join(", ", "{}", links)


def _reruns(run: WorkflowRun) -> list:
    return list(run.reruns.order_by("id").values_list("pk", flat=True))


# --- waiting ----------------------------------------------------------------------------------------------------------


def _waiting(run: WorkflowRun, workflow: Workflow | None, present: StepRun | None) -> dict[str, Any]:
    """Return what a run waits for, since when, and what happens if nobody answers."""
    if run.needs_decision:
        return _undecided(run, workflow, present)
    since = present and (present.started_at if run.waiting_for else present.updated_at)
    asked = present.error.removeprefix("PersonNeeded: ") if present and run.needs_person else ""
    return {
        "words": awaited(run),
        "about": NOTHING if run.waiting_on is None else _awaited_row(run, workflow),
        "since": since,
        "until": run.wait_until,
        "then": _then(run, workflow),
        "asked": asked,
        "late": present.error if present and run.waiting_for else "",
    }


def _spec(run: WorkflowRun, workflow: Workflow | None) -> Any:
    specs = workflow.specs if workflow else ()
    return specs[run.position] if run.position < len(specs) else None


def _awaited_row(run: WorkflowRun, workflow: Workflow | None) -> str:
    """Link to the row that the awaited events are about; they say of which kind it is."""
    wait = _spec(run, workflow)
    if not isinstance(wait, WaitFor):
        return str(run.waiting_on)
    return row_link(next(iter(wait.events.values())).aggregate, run.waiting_on)


def _then(run: WorkflowRun, workflow: Workflow | None) -> str:
    wait = _spec(run, workflow)
    return THEN[wait.on_timeout] if isinstance(wait, WaitFor) else ""


def _undecided(run: WorkflowRun, workflow: Workflow | None, check: StepRun | None) -> dict[str, Any]:
    """Return what a person must know to decide after the last round."""
    outcome = (check and check.outcome) or {}
    told = {name: value for name, value in outcome.items() if name != "id" and not name.endswith("_id")}
    rounds = workflow.round_at(run.position) if workflow else None
    return {
        "words": awaited(run),
        "since": check and check.finished_at,
        "is_decision": True,
        "rounds": run.round,
        "at_most": rounds.at_most if rounds else None,
        "check": words(check.name) if check else "",
        "verdict": verdict_of(outcome),
        "said": readable(told),
    }


# --- steps ------------------------------------------------------------------------------------------------------------


def _groups(
    run: WorkflowRun, workflow: Workflow | None, began: dict[Key, StepRun], kinds_by_id: dict[str, str]
) -> list[dict[str, Any]]:
    """Return the steps in the order they were taken, those of each round together under its own heading."""
    steps = enumerate(describe_run(run).steps, start=1)
    asked = _instructions(run, workflow)

    def round_of(numbered: tuple[int, dtos.StepRun]) -> tuple[Round, int] | None:
        step = numbered[1]
        rounds = workflow.round_at(step.position) if workflow else None
        return rounds and (rounds, step.round)

    return [
        {
            "round": key and key[1],
            "at_most": key and key[0].at_most,
            "asked": asked.get((key[0].work, key[1]), "") if key else "",
            "lines": [
                {"number": number, **_line(began.get((step.position, step.round)), step.name, step.state, kinds_by_id)}
                | ({"badge": badge(run.state), "error": ""} if _is_awaited(run, step) else {})
                for number, step in group
            ],
        }
        for key, group in groupby(steps, key=round_of)
    ]


def _is_awaited(run: WorkflowRun, step: dtos.StepRun) -> bool:
    """Tell whether a run waits in this step; what it waits for stands above the steps."""
    is_present = (step.position, step.round) == (run.position, run.round)
    return is_present and run.state == WorkflowRun.State.WAITING and not run.needs_decision


def _instructions(run: WorkflowRun, workflow: Workflow | None) -> dict[Key, str]:
    """Return what people asked for when they ordered rounds, by the place of the work and the round it began."""
    if workflow is None or not workflow.rounds:
        return {}
    asked = {}
    for entry in observability.list_entries_of_run(run_id=run.pk):
        rounds = workflow.round_at(entry.before["position"]) if entry.action == RoundDecided.__name__ else None
        if rounds is not None and entry.facts["decision"] == "REWORK":
            asked[rounds.work, entry.before["round"] + 1] = entry.reason
    return asked


def _line(row: StepRun | None, name: str, state: str, kinds_by_id: dict[str, str]) -> dict[str, Any]:
    """Return a step as the run page shows it; `row` is None for a step that has not begun."""
    outcome = (row and row.outcome) or {}
    refused = state in (StepRun.State.FAILED, StepRun.State.COMPENSATED) and outcome.get("verdict") == "FAIL"
    return {
        "name": words(name),
        "link": admin_link("orchestration.steprun", row.pk, words(name)) if row else words(name),
        "badge": badge(state),
        "attempts": row.attempts if row else NOTHING,
        "took": took(row) if row else NOTHING,
        "made": _made(state, outcome, kinds_by_id),
        "error": row.error if row else "",
        "verdict": verdict_of(outcome) if refused else None,
    }


def _made(state: str, outcome: dict[str, Any], kinds_by_id: dict[str, str]) -> str:
    """Link to the row a step gave, or to the event a wait took; of a row that is taken back, only the audit tells."""
    for name, event in outcome.items():
        if isinstance(event, dict) and "event_id" in event:
            return admin_link("orchestration.outboxevent", event["event_id"], _event_in_words(name).capitalize())
    kind = kinds_by_id.get(outcome.get("id", ""))
    if kind is None or state == StepRun.State.FAILED:
        return NOTHING
    if state == StepRun.State.COMPENSATED:
        return "taken back"
    return row_link(kind, outcome["id"])


def verdict_of(outcome: dict[str, Any]) -> dict[str, Any] | None:
    """Return a quality check's verdict with its findings, worst first as the check ordered them."""
    if "verdict" not in outcome:
        return None
    findings = [{**finding, "badge": badge(finding["severity"])} for finding in outcome.get("findings", ())]
    return {"badge": badge(outcome["verdict"]), "score": outcome.get("score"), "findings": findings}
