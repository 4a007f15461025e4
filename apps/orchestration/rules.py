"""Pure decisions of the engine."""

import hashlib
import json
import traceback
from collections.abc import Iterable
from typing import Any

from apps.shared.dtos import Dto
from apps.shared.workflow import RetryPolicy, Workflow

COMPENSATION_RETRY = RetryPolicy(attempts=5, first_seconds=1.0, most_seconds=60.0)
"""How often a compensation is tried before a person is called."""


def dump_inputs(inputs: Iterable[Dto]) -> dict[str, Any]:
    """Return DTOs as JSON, by the name of their type."""
    return {type(dto).__name__: dto.model_dump(mode="json") for dto in inputs}


def digest(inputs: dict[str, Any]) -> str:
    """Return the SHA-256 of JSON inputs, the same for the same content in any order of keys."""
    return hashlib.sha256(json.dumps(inputs, sort_keys=True).encode()).hexdigest()


def input_problems(workflow: Workflow, inputs: Iterable[Dto]) -> list[str]:
    """List how given DTOs differ from what the workflow starts with."""
    given = [type(dto) for dto in inputs]
    missing = [kind.__name__ for kind in workflow.starts_with if kind not in given]
    extra = [kind.__name__ for kind in given if kind not in workflow.starts_with]
    twice = {kind.__name__ for kind in given if given.count(kind) > 1}
    problems = {"missing": missing, "unexpected": extra, "more than one": sorted(twice)}
    return [f"{problem} {name}" for problem, names in problems.items() for name in names]


def link_of(workflow: Workflow, position: int) -> range:
    """Return the link that a position stands in, from that position on."""
    for link in workflow.links():
        if position in link:
            return range(position, link.stop)
    raise IndexError(f"{workflow.name} v{workflow.version} has no step {position}.")


def in_words(error: BaseException) -> str:
    """Say an exception in one line: its type, and its own words."""
    words = storable(" ".join(str(error).split()))
    return f"{type(error).__name__}: {words}" if words else type(error).__name__


def trace_of(error: BaseException) -> str:
    """Return the exception's trace, its last 20,000 characters."""
    return storable("".join(traceback.format_exception(error))[-20_000:])


def storable(value: Any) -> Any:
    """Return words, or JSON of them, without what PostgreSQL cannot store: a failure must never fail to be recorded."""
    if isinstance(value, str):
        return value.replace("\x00", "\ufffd").encode("utf-8", "replace").decode("utf-8")
    if isinstance(value, list):
        return [storable(item) for item in value]
    if isinstance(value, dict):
        return {storable(key): storable(item) for key, item in value.items()}
    return value


def wiring_table(workflow: Workflow) -> str:
    """Return a workflow's wiring as a Markdown table, one line a step."""
    rows = [("step", "needs", "gives", "prepares", "queue", "taken back by")]
    for spec in workflow.specs:
        needs = ", ".join(kind.__name__ for kind in spec.needs.values())
        back = spec.compensate.__name__ if spec.compensate else spec.nothing_to_compensate
        rows.append((spec.name, needs, spec.gives.__name__, "yes" if spec.prepare else "no", spec.queue, back))
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    lines = [
        "| " + " | ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) + " |" for row in rows
    ]
    lines.insert(1, "|" + "|".join("-" * (width + 2) for width in widths) + "|")
    starts = ", ".join(kind.__name__ for kind in workflow.starts_with)
    return f"{workflow.name} v{workflow.version}, starts with {starts}\n\n" + "\n".join(lines)


def workflows_document(workflows: Iterable[Workflow]) -> str:
    """Return the text of docs/workflows.md: how each workflow is wired."""
    head = (
        "# Workflows\n\nMade by `python manage.py show_workflow > docs/workflows.md`; a test fails when it is stale.\n"
    )
    return head + "".join(f"\n## {workflow.name}\n\n{wiring_table(workflow)}\n" for workflow in workflows)
