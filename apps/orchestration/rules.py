"""Pure decisions of the engine."""

import base64
import hashlib
import hmac
import json
import re
import traceback
from collections.abc import Iterable, Sequence
from typing import Any, Protocol

from apps.shared.dtos import Dto
from apps.shared.workflow import Round, Spec, WaitFor, Workflow


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


COMPENSATION_SECONDS = 25.0
"""How long one compensation may take; PostgreSQL ends a transaction in which nothing was asked for half a minute."""

MOST_DEATHS = 3
"""How many workers one step, or one compensation, may end without a word: power cuts happen, three are no accident."""


class Tried(Protocol):
    """Something that was tried."""

    attempts: int
    deaths: int


def words_of_deaths(tried: Tried) -> str:
    """Say why something is given up whose last attempt nobody has told of."""
    if tried.deaths >= MOST_DEATHS:
        return f"Given up: it died without a word {tried.deaths} times."
    return f"Given up after {tried.attempts} attempts; the last one died without a word."


def words_of_failed(steps: Sequence[str], *, of: int) -> str:
    """Name the independent steps of a run that failed, among how many."""
    return f"{len(steps)} of {of} steps failed: {', '.join(steps)}."


class Taken(Protocol):
    """A line that a run took."""

    position: int
    round: int


def place_in_time(workflow: Workflow, taken: Taken) -> tuple[int, int, int]:
    """Return when, among a run's lines, this one was taken: rounds go over the same positions again and again."""
    rounds = workflow.round_at(taken.position)
    return (taken.position if rounds is None else rounds.start, taken.round, taken.position)


def is_waiting_line(workflow: Workflow, position: int) -> bool:
    """Tell whether a position waits for an event."""
    return isinstance(workflow.specs[position], WaitFor)


def skip_problem(workflow: Workflow, position: int) -> str:
    """Say why a run cannot go on without a position, empty where it can."""
    if needed := workflow.needed_after(position):
        names = ", ".join(sorted(kind.__name__ for kind in needed))
        return f"{workflow.specs[position].name} cannot be skipped: later steps need its {names}."
    if workflow.checked_at(position):
        return f"{workflow.specs[position].name} cannot be skipped: it says whether another round follows."
    after = workflow.specs[position + 1] if position + 1 < len(workflow.specs) else None
    if isinstance(after, WaitFor) and after.about is None:
        return f"{workflow.specs[position].name} cannot be skipped: {after.name} is about what it makes."
    return ""


def going_back_problem(workflow: Workflow | None, *, is_begun: bool = True) -> str:
    """Say why a run cannot be taken back, empty where it can."""
    if workflow is None or not workflow.independent or not is_begun:
        return ""
    return "Its steps are independent, and what they did is not taken back. Skip the step, or pause the engine."


def in_words(error: BaseException) -> str:
    """Say an exception in one line: its type, and its own words."""
    words = storable(" ".join(_said(error).split()))
    return f"{type(error).__name__}: {words}" if words else type(error).__name__


def _said(error: BaseException) -> str:
    """Return an exception's own words; some vendors' exceptions fail when asked for them."""
    try:
        return str(error)
    except Exception as mute:  # noqa: BLE001  (whatever it is, the failure it stands for must be recorded)
        return f"(no words: {type(mute).__name__} when asked for them)"


PLAIN_WORDS = {
    "TransientFailure": "Something outside did not answer",
    "PersonNeeded": "A person is needed",
    "TimeoutError": "It took too long",
    "ConnectionError": "Something outside could not be reached",
}
_NAMED_ERROR = re.compile(r"(^|: )([A-Z][A-Za-z]*(?:Error|Exception|Failure|Needed)): ", re.MULTILINE)


def plain(error: str) -> str:
    """Return an error as a person would say it: its kind in words, where the engine noted the name of its type."""
    return _NAMED_ERROR.sub(lambda found: f"{found[1]}{_kind_in_words(found[2])}: ", error)


def _kind_in_words(name: str) -> str:
    return PLAIN_WORDS.get(name, f"Something unforeseen went wrong ({name})")


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
    for position, spec in enumerate(workflow.specs):
        back = spec.compensate.__name__ if spec.compensate else spec.nothing_to_compensate
        gives = " or ".join(kind.__name__ for kind in workflow.given_at(position))
        rows.append((_line_name(workflow, position), _needs(spec), gives, _prepares(spec), spec.queue, back))
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    lines = [
        "| " + " | ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) + " |" for row in rows
    ]
    lines.insert(1, "|" + "|".join("-" * (width + 2) for width in widths) + "|")
    starts = ", ".join(kind.__name__ for kind in workflow.starts_with)
    how = "; independent steps: one that fails stops no other" * workflow.independent
    how += "; never two at once" * workflow.alone
    return f"{workflow.name} v{workflow.version}, starts with {starts or 'nothing'}{how}\n\n" + "\n".join(lines)


def _line_name(workflow: Workflow, position: int) -> str:
    """Return the name of a line; those of rounds are marked, the deeper the more, and a check says how long."""
    checked = workflow.checked_at(position)
    deep = "› " * len(workflow.rounds_at(position))
    until = f" ({_how_long(checked)})" if checked else ""
    return f"{deep}{workflow.specs[position].name}{until}"


def _how_long(rounds: Round) -> str:
    limit = "" if rounds.at_most is None else f", at most {rounds.at_most} rounds"
    return f"until content{limit}"


def _needs(spec: Spec) -> str:
    return ", ".join(
        f"{kind.__name__} if there" if name in spec.optional else kind.__name__ for name, kind in spec.needs.items()
    )


def _prepares(spec: Spec) -> str:
    if not isinstance(spec, WaitFor):
        return "yes" if spec.prepare else "no"
    if spec.within is None:
        return "waits as long as it takes"
    return f"waits {str(spec.within).removesuffix(', 0:00:00')}, then {spec.on_timeout}s"


def workflows_document(workflows: Iterable[Workflow]) -> str:
    """Return the text of docs/workflows.md: how each workflow is wired."""
    head = (
        "# Workflows\n\nMade by `python manage.py show_workflow > docs/workflows.md`; a test fails when it is stale.\n"
    )
    return head + "".join(f"\n## {workflow.name}\n\n{wiring_table(workflow)}\n" for workflow in workflows)


# --- webhooks ---------------------------------------------------------------------------------------------------------

WEBHOOK_PAUSES = (5, 5 * 60, 30 * 60, 2 * 3600, 5 * 3600, 10 * 3600, 10 * 3600)
"""Seconds before the second try of a message, the third, …: a little more than a day in all. As Standard Webhooks
recommends: https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md"""
WEBHOOK_ATTEMPTS = len(WEBHOOK_PAUSES) + 1
WEBHOOK_LONGEST_WAIT = 24 * 3600
_FAILURES_BEFORE_REST, _LONGEST_REST = 3, 300


def webhook_pause(attempt: int, *, luck: float, asked: float | None) -> float | None:
    """Return the seconds to wait after a failed attempt (1 and up); None after the last one.

    `luck` (0 to 1) is the jitter, `asked` what the receiver's Retry-After says, which is heeded for up to a day.
    """
    if attempt >= WEBHOOK_ATTEMPTS:
        return None
    pause = WEBHOOK_PAUSES[attempt - 1] * (0.9 + 0.2 * luck)
    return max(pause, min(asked or 0.0, WEBHOOK_LONGEST_WAIT))


def webhook_rest(failures: int, *, asked: float | None) -> float:
    """Return the seconds that an endpoint is left alone for after so many failures running, none in between.

    One that hangs would otherwise keep a worker for ten seconds a message, and others' messages waiting.
    """
    rest = min(5.0 * 2 ** min(failures - _FAILURES_BEFORE_REST, 10), _LONGEST_REST)
    return max(rest if failures >= _FAILURES_BEFORE_REST else 0.0, min(asked or 0.0, 3600.0))


def webhook_signature(secret: str, *, message_id: str, timestamp: int, body: str) -> str:
    """Return what Standard Webhooks puts in `webhook-signature` for one secret (`whsec_…`)."""
    key = base64.b64decode(secret.removeprefix("whsec_"))
    signed = hmac.digest(key, f"{message_id}.{timestamp}.{body}".encode(), "sha256")
    return f"v1,{base64.b64encode(signed).decode()}"
