"""What the records tell of a run: which rows each step wrote, and the newest events and audit entries."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.apps import apps
from django.http import HttpRequest
from django.urls import reverse

from apps.identity.models import User
from apps.observability.api.dtos import AuditEntry
from apps.orchestration.models import OutboxEvent, StepRun, WorkflowRun
from apps.shared.admin import NOTHING, admin_link, list_link, row_link, words
from apps.shared.workflow import StepSpec, Workflow

NEWEST = 10
"""Events and audit entries shown of a run; the rest is one link away."""

Row = tuple[str, UUID]
"""A row by its table's name and its id."""


@dataclass(frozen=True)
class Sight:
    """What somebody may see of a run beyond the run itself."""

    traces: bool
    events: bool
    audit: bool

    @classmethod
    def of(cls, request: HttpRequest) -> "Sight":
        """Return what the one who asks may see."""
        may = request.user.has_perm
        return cls(
            traces=may("orchestration.view_steprun"),
            events=may("orchestration.view_outboxevent"),
            audit=may("observability.view_auditentry"),
        )


def list_events(run: WorkflowRun) -> list[OutboxEvent]:
    """Return what a run told, oldest first, without what each event carries."""
    return list(OutboxEvent.objects.filter(run_id=run.pk).defer("payload").order_by("sequence"))


def rows_by_step(
    workflow: Workflow | None, steps: Iterable[StepRun], events: Iterable[OutboxEvent]
) -> dict[UUID, list[Row]]:
    """Say which rows each step wrote on, by its key: those of its module that events of its time tell of.

    A row belongs to the first step that told of it. What people do to it later, and what a compensation tells, happens
    at no step's time.
    """
    timed = [(_module_of(workflow, step), step) for step in steps if step.started_at and step.finished_at]
    written: dict[UUID, list[Row]] = {}
    known: set[Row] = set()
    for event in events:
        row, module = (event.aggregate, event.aggregate_id), event.aggregate.split(".")[0]
        for owner, step in timed:
            if row not in known and owner == module and step.started_at <= event.occurred_at <= step.finished_at:
                known.add(row)
                written.setdefault(step.pk, []).append(row)
    return written


def _module_of(workflow: Workflow | None, step: StepRun) -> str:
    spec = workflow.specs[step.position] if workflow and step.position < len(workflow.specs) else None
    config = apps.get_containing_app_config(spec.port.__module__) if isinstance(spec, StepSpec) else None
    return config.label if config else ""


def event_in_words(name: str) -> str:
    """Return an event's name as a person would write it, in the middle of a sentence."""
    return re.sub(r"(?<!^)(?=[A-Z])", " ", name).lower()


def event_lines(events: Sequence[OutboxEvent]) -> list[dict[str, Any]]:
    """Return the newest events of a run, the last one last."""
    return [
        {
            "at": event.occurred_at,
            "name": admin_link("orchestration.outboxevent", event.pk, words(event_in_words(event.name))),
            "about": row_link(event.aggregate, event.aggregate_id),
            "is_done": event.dispatched_at is not None,
        }
        for event in events[-NEWEST:]
    ]


def audit_lines(entries: Sequence[AuditEntry]) -> list[dict[str, Any]]:
    """Return the newest audit entries of a run, the last one last, with the names of the people in them."""
    newest = entries[-NEWEST:]
    people = User.objects.in_bulk({entry.actor_id for entry in newest if entry.actor_id})
    return [
        {
            "at": entry.occurred_at,
            "name": admin_link("observability.auditentry", entry.id, words(event_in_words(entry.action))),
            "about": row_link(entry.object_type, entry.object_id),
            "by": str(people.get(entry.actor_id, NOTHING)) if entry.actor_id else "the engine",
            "reason": entry.reason,
        }
        for entry in newest
    ]


def audit_link(subject: UUID, label: str) -> str:
    """Link to the audit entries that name a row or a run."""
    return list_link(f"{reverse('admin:observability_auditentry_changelist')}?q={subject}", label)


def events_link(run_id: UUID, label: str) -> str:
    """Link to the events of a run."""
    return list_link(f"{reverse('admin:orchestration_outboxevent_changelist')}?q={run_id}", label)
