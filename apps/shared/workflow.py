"""The words a workflow is written in: `@step` and `Workflow`. They declare; `apps.orchestration` runs.

A step is a module's port. Its annotated parameters say what it needs, its annotated result what it gives, and the undo
stands beside the do:

    @step(prepare=services.compose_strategy, compensate=withdraw_strategy, queue="thinking")
    def generate_strategy(*, brief: Brief, prepared: StrategyPlan, run: RunContext) -> Strategy: ...
"""

import inspect
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal, get_type_hints
from uuid import UUID

from apps.shared.dtos import Dto
from apps.shared.events import Event

Queue = Literal["system", "thinking", "writing", "outreach"]


@dataclass(frozen=True, slots=True)
class RunContext:
    """The run a step works for, and the clock it works by.

    `key` (`run:position:round`) names this one piece of work: hand it to vendors that support idempotency.
    """

    id: UUID
    client_id: UUID | None
    position: int
    round: int
    at: datetime

    @property
    def key(self) -> str:
        return f"{self.id}:{self.position}:{self.round}"


class StepRefused(Exception):
    """A step says no for good: the run takes back what it did.

    The refusal rolls the step's rows back, but not its verdict: `outcome` is kept in the step run, and `events` are
    published with the failure.
    """

    def __init__(self, reason: str, *, outcome: Dto | None = None, events: Sequence[Event] = ()) -> None:
        super().__init__(reason)
        self.reason = reason
        self.outcome = outcome
        self.events = tuple(events)


class TransientFailure(Exception):
    """Something outside did not answer; trying again later may help."""


@dataclass(frozen=True, slots=True)
class RetryPolicy:
    """How often a step is tried, and how long the pauses between are: `first_seconds` doubling up to `most_seconds`."""

    attempts: int = 4
    first_seconds: float = 1.0
    most_seconds: float = 60.0


@dataclass(frozen=True)
class StepSpec:
    """What `@step` knows about a port."""

    name: str
    port: Callable[..., Dto]
    needs: dict[str, type[Dto]]
    gives: type[Dto]
    prepare: Callable[..., Any] | None
    compensate: Callable[..., None] | None
    nothing_to_compensate: str
    queue: Queue
    retry: RetryPolicy


def step(
    *,
    compensate: Callable[..., None] | None = None,
    nothing_to_compensate: str = "",
    prepare: Callable[..., Any] | None = None,
    queue: Queue = "system",
    retry: RetryPolicy = RetryPolicy(),
) -> Callable[[Callable[..., Dto]], Callable[..., Dto]]:
    """Declare a port to be a step of workflows.

    `prepare(**needs, run=...)` does the slow part, outside any transaction; its result reaches the port as `prepared`.
    `compensate(run=...)` removes exactly what the run made in this module. A step without one says why not in
    `nothing_to_compensate`. Raises TypeError for a port that cannot be wired.
    """
    if (compensate is None) == (not nothing_to_compensate):
        raise TypeError("A step has either a compensation or a reason why there is nothing to compensate.")

    def declare(port: Callable[..., Dto]) -> Callable[..., Dto]:
        port.spec = StepSpec(  # type: ignore[attr-defined]
            name=port.__name__,
            port=port,
            needs=_needs(port, has_prepare=prepare is not None),
            gives=_gives(port),
            prepare=prepare,
            compensate=compensate,
            nothing_to_compensate=nothing_to_compensate,
            queue=queue,
            retry=retry,
        )
        return port

    return declare


def _needs(port: Callable[..., Dto], *, has_prepare: bool) -> dict[str, type[Dto]]:
    parameters = inspect.signature(port).parameters
    if any(p.kind is not inspect.Parameter.KEYWORD_ONLY for p in parameters.values()):
        raise TypeError(f"{port.__name__}: a step takes keyword-only parameters.")
    if "run" not in parameters or ("prepared" in parameters) != has_prepare:
        raise TypeError(f"{port.__name__}: a step takes `run`, and `prepared` exactly when it has a prepare.")
    hints = get_type_hints(port)
    needs = {name: hints.get(name) for name in parameters if name not in ("run", "prepared")}
    for name, kind in needs.items():
        if not (isinstance(kind, type) and issubclass(kind, Dto)):
            raise TypeError(f"{port.__name__}: parameter {name!r} must be annotated with a DTO, not {kind!r}.")
    return needs


def _gives(port: Callable[..., Dto]) -> type[Dto]:
    gives = get_type_hints(port).get("return")
    if not (isinstance(gives, type) and issubclass(gives, Dto)):
        raise TypeError(f"{port.__name__}: a step returns a DTO, not {gives!r}.")
    return gives


@dataclass(frozen=True)
class Workflow:
    """A declaration: what a run starts with and which steps it takes, top to bottom."""

    name: str
    version: int
    starts_with: tuple[type[Dto], ...]
    steps: tuple[Callable[..., Dto], ...]
    specs: tuple[StepSpec, ...] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "specs", tuple(port.spec for port in self.steps))  # type: ignore[attr-defined]

    def wiring_problems(self) -> list[str]:
        """List why a run could not be wired: a step that needs a DTO which no earlier line gives, and the like."""
        problems = []
        known = set(self.starts_with)
        for spec in self.specs:
            missing = [kind.__name__ for kind in spec.needs.values() if kind not in known]
            if missing:
                problems.append(f"step {spec.name} needs {', '.join(missing)}, which no earlier line gives")
            if spec.gives in known:
                problems.append(f"step {spec.name} gives {spec.gives.__name__}, which the run carries already")
            known.add(spec.gives)
        return problems

    def links(self) -> tuple[range, ...]:
        """Group the step positions into links: consecutive steps of one queue in which only the first has a prepare."""
        links: list[range] = []
        for position, spec in enumerate(self.specs):
            joins = links and spec.prepare is None and spec.queue == self.specs[position - 1].queue
            if joins:
                links[-1] = range(links[-1].start, position + 1)
            else:
                links.append(range(position, position + 1))
        return tuple(links)
