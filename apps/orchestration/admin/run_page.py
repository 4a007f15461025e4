"""What the page of a run shows above Django's form: where it stands and why, what it waits for, what it did."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any
from uuid import UUID

from django.db.models import prefetch_related_objects
from django.utils.html import format_html, format_html_join

from apps.observability.api import ports as observability
from apps.observability.api.dtos import AuditEntry
from apps.orchestration.admin.drawing import drawing_of
from apps.orchestration.admin.records import (
    NEWEST,
    Row,
    Sight,
    audit_lines,
    audit_link,
    event_in_words,
    event_lines,
    events_link,
    list_events,
    rows_by_step,
)
from apps.orchestration.admin.times import took
from apps.orchestration.api.events import RoundDecided
from apps.orchestration.models import OutboxEvent, StepRun, WorkflowRun
from apps.orchestration.queries.runs import declared, list_lines
from apps.orchestration.rules import plain
from apps.shared.admin import (
    NOTHING,
    admin_link,
    badge,
    client_link,
    readable,
    row_link,
    short_id,
    words,
)
from apps.shared.workflow import Round, WaitFor, Workflow

Key = tuple[int, int]
MOST_ROWS = 6
"""Rows linked beside a step; the others are one link away."""
THEN = {
    "remind": "then somebody is reminded, and it waits once more",
    "proceed": "then it goes on without an answer",
    "compensate": "then it is taken back",
}


def run_page(run: WorkflowRun, sight: Sight) -> dict[str, Any]:
    """Return what the run page shows: the run, its steps in order, begun or not, and links to what they made."""
    prefetch_related_objects([run], "step_runs")
    began = {(step.position, step.round): step for step in run.step_runs.all()}
    workflow, steps = declared(run), list_lines(run)
    present = began.get((run.position, run.round))
    events, entries = list_events(run), observability.list_entries_of_run(run_id=run.pk)
    shown = _Shown(run, workflow, began, rows_by_step(workflow, began.values(), events), _kinds(events), sight)
    return {
        "run": run,
        "run_state": badge(run.state),
        "run_client": client_link(run),
        "run_took": took(run),
        "run_error": plain(run.error),
        "run_starter": admin_link("identity.user", run.started_by_id, str(run.started_by)),
        "run_again": _links_to_reruns(run),
        "run_rerun_of": admin_link("orchestration.workflowrun", run.rerun_of_id),
        "run_waits": _waiting(run, workflow, present) if run.state == WorkflowRun.State.WAITING else None,
        "run_left": [{**left, "step": words(step.name)} for step in began.values() for left in step.irreversible or ()],
        "run_drawing": drawing_of(run, workflow, steps),
        "run_groups": _groups(shown, steps, _instructions(workflow, entries)),
        "run_told": event_lines(events) if sight.events else None,
        "run_entries": audit_lines(entries) if sight.audit else None,
        "run_audit": audit_link(run.pk, "Audit entries"),
        "run_events": events_link(run.pk, "Events"),
        "newest": NEWEST,
    }


@dataclass(frozen=True)
class _Shown:
    """What the lines of the steps are made from."""

    run: WorkflowRun
    workflow: Workflow | None
    began: dict[Key, StepRun]
    rows: dict[UUID, list[Row]]
    kinds: dict[str, str]
    sight: Sight


def _kinds(events: Iterable[OutboxEvent]) -> dict[str, str]:
    """Return of which table each row is that a run told of, by its id."""
    return {str(event.aggregate_id): event.aggregate for event in events}


def awaited(run: WorkflowRun) -> str:
    """Say what a waiting run waits for."""
    if run.needs_decision:
        return "a decision"
    return " or ".join(map(event_in_words, run.waiting_for or ())) or "a person"


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
        "late": plain(present.error) if present and run.waiting_for else "",
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
    rounds = workflow.checked_at(run.position) if workflow else None
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


def _groups(shown: _Shown, steps: Sequence[StepRun], asked: dict[Key, str]) -> list[dict[str, Any]]:
    """Return the steps in the order they were taken, those of each round together under its own heading."""
    workflow = shown.workflow

    def round_of(numbered: tuple[int, StepRun]) -> tuple[Round, int] | None:
        step = numbered[1]
        rounds = workflow.round_at(step.position) if workflow else None
        return rounds and (rounds, step.round)

    return [
        {
            "round": key and key[1],
            "at_most": key and _limit(workflow, key[0]),
            "asked": asked.get((key[0].start, key[1]), "") if key else "",
            "lines": [
                {"number": number, **_line(shown, step)}
                | ({"badge": badge(shown.run.state), "error": ""} if _is_awaited(shown.run, step) else {})
                for number, step in group
            ],
        }
        for key, group in groupby(enumerate(steps, start=1), key=round_of)
    ]


def _limit(workflow: Workflow, rounds: Round) -> int | None:
    """Return after how many rounds a person decides, where the number of a round tells how many there were."""
    return None if workflow.within(rounds) else rounds.at_most


def _is_awaited(run: WorkflowRun, step: StepRun) -> bool:
    """Tell whether a run waits in this step; what it waits for stands above the steps."""
    is_present = (step.position, step.round) == (run.position, run.round)
    return is_present and run.state == WorkflowRun.State.WAITING and not run.needs_decision


def _instructions(workflow: Workflow | None, entries: Iterable[AuditEntry]) -> dict[Key, str]:
    """Return what people asked for when they ordered rounds, by the place of the work and the round it began."""
    asked = {}
    for entry in entries:
        is_decision = workflow is not None and entry.action == RoundDecided.__name__
        rounds = workflow.round_at(entry.before["position"]) if is_decision else None
        if rounds is not None and entry.facts["decision"] == "REWORK":
            asked[rounds.start, entry.before["round"] + 1] = entry.reason
    return asked


def _line(shown: _Shown, step: StepRun) -> dict[str, Any]:
    """Return a step as the run page shows it; of one that has not begun there is little to tell."""
    name = words(step.name)
    line = {"name": name, "link": name, "badge": badge(step.state)}
    if (step.position, step.round) not in shown.began:
        return line | dict.fromkeys(("attempts", "took", "made"), NOTHING)
    outcome = step.outcome or {}
    refused = step.state in (StepRun.State.FAILED, StepRun.State.COMPENSATED) and outcome.get("verdict") == "FAIL"
    return line | {
        "link": admin_link("orchestration.steprun", step.pk, name),
        "attempts": step.attempts,
        "took": took(step),
        "since": step.started_at if step.state == StepRun.State.RUNNING else None,
        "made": _made(shown, step, outcome),
        "error": plain(step.error),
        "trace": step.trace if shown.sight.traces else "",
        "key": f"{step.pk}-{step.updated_at:%Y%m%d%H%M%S%f}",
        "verdict": verdict_of(outcome) if refused else None,
    }


def _made(shown: _Shown, step: StepRun, outcome: dict[str, Any]) -> str:
    """Link to the rows a step wrote, or to the event a wait took; of rows that are taken back, only the audit tells."""
    for name, event in outcome.items():
        if isinstance(event, dict) and "event_id" in event:
            return admin_link("orchestration.outboxevent", event["event_id"], event_in_words(name).capitalize())
    rows = list(shown.rows.get(step.pk, ()))
    if (kind := shown.kinds.get(outcome.get("id", ""))) and (given := (kind, UUID(outcome["id"]))) not in rows:
        rows.insert(0, given)
    if not rows or step.state == StepRun.State.FAILED:
        return NOTHING
    links = [_written(shown, written, is_gone=step.state == StepRun.State.COMPENSATED) for written in rows[:MOST_ROWS]]
    if len(rows) > MOST_ROWS:
        links.append(events_link(shown.run.pk, f"and {len(rows) - MOST_ROWS} more"))
    return format_html_join("", '<span class="desk-wrote">{}</span>', ((link,) for link in links))


def _written(shown: _Shown, row: Row, *, is_gone: bool) -> str:
    """Link to a row and to its audit."""
    kind, pk = row
    name = "taken back" if is_gone else row_link(kind, pk)
    return format_html("{} {}", name, audit_link(pk, "audit")) if shown.sight.audit else name


def verdict_of(outcome: dict[str, Any]) -> dict[str, Any] | None:
    """Return a quality check's verdict with its findings, worst first as the check ordered them."""
    if "verdict" not in outcome:
        return None
    findings = [{**finding, "badge": badge(finding["severity"])} for finding in outcome.get("findings", ())]
    return {"badge": badge(outcome["verdict"]), "score": outcome.get("score"), "findings": findings}
