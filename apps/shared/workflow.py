"""The words of a workflow: `@step`, `WaitFor`, `Rounds`, `Workflow`. They declare; `apps.orchestration` runs.

A step is a module's port. Its annotated parameters say what it needs, its annotated result what it gives, and the undo
stands beside the do:

    @step(prepare=services.compose_strategy, compensate=withdraw_strategy, queue="thinking")
    def generate_strategy(*, brief: Brief, prepared: StrategyPlan, run: RunContext) -> Strategy: ...
"""

import inspect
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from types import NoneType, UnionType
from typing import Any, Literal, get_args, get_type_hints
from uuid import UUID

from apps.shared.dtos import Dto
from apps.shared.events import Event

Queue = Literal["system", "thinking", "writing", "outreach"]
Escalation = Literal["remind", "proceed", "compensate"]


@dataclass(frozen=True, slots=True)
class RunContext:
    """The run a step works for, and the clock it works by.

    `key` (`run:position:round`) names this one piece of work: hand it to vendors that support idempotency.
    `instruction` is what a person asked for when ordering one more round, else empty.
    """

    id: UUID
    client_id: UUID | None
    position: int
    round: int
    at: datetime
    instruction: str = ""

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


class PersonNeeded(Exception):
    """A step cannot go on before a person did something: its run is parked until somebody lets it try again."""


class Irreversible(Dto):
    """An effect that a compensation could not take back, and what a person must do about it."""

    what: str
    todo: str


Compensation = Callable[..., Sequence[Irreversible] | None]


@dataclass(frozen=True, slots=True)
class RetryPolicy:
    """How often a step is tried, and how long the pauses between are: `first_seconds` doubling up to `most_seconds`."""

    attempts: int = 4
    first_seconds: float = 1.0
    most_seconds: float = 60.0


@dataclass(frozen=True)
class StepSpec:
    """What `@step` knows about a port. `optional` names the parameters that are None until a later line gives them."""

    name: str
    port: Callable[..., Dto]
    needs: dict[str, type[Dto]]
    optional: frozenset[str]
    gives: type[Dto]
    prepare: Callable[..., Any] | None
    compensate: Compensation | None
    nothing_to_compensate: str
    queue: Queue
    retry: RetryPolicy
    limit_seconds: float

    def required(self) -> set[type[Dto]]:
        """Return the types the step cannot do without."""
        return {kind for name, kind in self.needs.items() if name not in self.optional}


def step(
    *,
    compensate: Compensation | None = None,
    nothing_to_compensate: str = "",
    prepare: Callable[..., Any] | None = None,
    queue: Queue = "system",
    retry: RetryPolicy = RetryPolicy(),
    limit_seconds: float = 25,
) -> Callable[[Callable[..., Dto]], Callable[..., Dto]]:
    """Declare a port to be a step of workflows.

    `prepare(**needs, run=...)` does the slow part, outside any transaction; its result reaches the port as `prepared`.
    `compensate(run=...)` removes exactly what the run made in this module, and returns what it could not take back.
    A step without one says why not in `nothing_to_compensate`. An attempt that takes longer than `limit_seconds` to
    prepare, or to write, is ended and counts as failed; to write, nothing may take longer than PostgreSQL lets a
    transaction idle (AICMO_IDLE_TRANSACTION_SECONDS). A parameter annotated `Dto | None` is None until some line has
    given it. Raises TypeError for a port that cannot be wired.
    """
    if (compensate is None) == (not nothing_to_compensate):
        raise TypeError("A step has either a compensation or a reason why there is nothing to compensate.")
    for function in (prepare, compensate):
        _check_takes_run(function)

    def declare(port: Callable[..., Dto]) -> Callable[..., Dto]:
        needs = _needs(port, has_prepare=prepare is not None)
        port.spec = StepSpec(  # type: ignore[attr-defined]
            name=port.__name__,
            port=port,
            needs={name: kind for name, (kind, _) in needs.items()},
            optional=frozenset(name for name, (_, is_optional) in needs.items() if is_optional),
            gives=_gives(port),
            prepare=prepare,
            compensate=compensate,
            nothing_to_compensate=nothing_to_compensate,
            queue=queue,
            retry=retry,
            limit_seconds=limit_seconds,
        )
        return port

    return declare


def _check_takes_run(function: Callable[..., Any] | None) -> None:
    if function is None:
        return
    parameters = inspect.signature(function).parameters.values()
    if not any(each.name == "run" or each.kind is inspect.Parameter.VAR_KEYWORD for each in parameters):
        raise TypeError(f"{function.__name__}: a prepare or a compensation takes `run`.")


def _needs(port: Callable[..., Dto], *, has_prepare: bool) -> dict[str, tuple[type[Dto], bool]]:
    """Return the types of a port's parameters, and of each whether the port can do without."""
    parameters = inspect.signature(port).parameters
    if any(p.kind is not inspect.Parameter.KEYWORD_ONLY for p in parameters.values()):
        raise TypeError(f"{port.__name__}: a step takes keyword-only parameters.")
    if "run" not in parameters or ("prepared" in parameters) != has_prepare:
        raise TypeError(f"{port.__name__}: a step takes `run`, and `prepared` exactly when it has a prepare.")
    hints = get_type_hints(port)
    needs = {name: _optional(hints.get(name)) for name in parameters if name not in ("run", "prepared")}
    for name, (kind, _) in needs.items():
        if not (isinstance(kind, type) and issubclass(kind, Dto)):
            raise TypeError(f"{port.__name__}: parameter {name!r} must be annotated with a DTO, not {kind!r}.")
    return needs


def _optional(hint: Any) -> tuple[Any, bool]:
    """Split `Brief | None` into the type and whether None will do."""
    if isinstance(hint, UnionType) and NoneType in get_args(hint) and len(get_args(hint)) == 2:
        return next(kind for kind in get_args(hint) if kind is not NoneType), True
    return hint, False


def _gives(port: Callable[..., Dto]) -> type[Dto]:
    gives = get_type_hints(port).get("return")
    if not (isinstance(gives, type) and issubclass(gives, Dto)):
        raise TypeError(f"{port.__name__}: a step returns a DTO, not {gives!r}.")
    return gives


def any_event(event: Event) -> bool:
    """Accept whatever came."""
    return True


class WaitFor:
    """A line that waits for people, or for the world: until one of the events is published about the run's own row.

    The row is the one the line before gave, or the DTO named by `about`. An event counts whenever it was published, but
    once: not for a run again, nor for one that runs it again. It becomes one of the run's DTOs; one that `accept`
    refuses turns the run back. Without an answer `within` that time an alert goes out, and then the run waits once more
    (`remind`), goes on without (`proceed`) or is taken back (`compensate`).
    """

    queue: Queue = "system"
    prepare = None
    compensate = None
    nothing_to_compensate = "waiting changes nothing"

    def __init__(
        self,
        *events: type[Event],
        within: timedelta | None = None,
        about: type[Dto] | None = None,
        accept: Callable[[Any], bool] = any_event,
        on_timeout: Escalation = "remind",
    ) -> None:
        if not events:
            raise TypeError("WaitFor names at least one event.")
        self.events = {event.__name__: event for event in events}
        self.within = within
        self.about = about
        self.accept = accept
        self.on_timeout = on_timeout
        self.name = "wait_for_" + re.sub(r"(?<!^)(?=[A-Z])", "_", events[0].__name__).lower()
        self.needs = {} if about is None else {"about": about}
        self.optional: frozenset[str] = frozenset()

    def required(self) -> set[type[Dto]]:
        """Return the type it must know to know its row."""
        return set(self.needs.values())


class Rounds:
    """Lines taken again until what the last of them gives, the check's outcome, is good enough: `until(outcome)`.

    Waits may be among them, and further rounds. After `at_most` rounds a person decides: once more with an instruction,
    accepted as it is, or taken back; without it the check alone does. The lines learn of the check before them by an
    optional parameter of the type that it gives. Rounds within rounds count on: no number comes twice among them.
    """

    def __init__(self, *lines: "Line", until: Callable[[Any], bool], at_most: int | None = None) -> None:
        if len(lines) < 2 or isinstance(lines[-1], WaitFor | Rounds):
            raise TypeError("Rounds are two lines or more, the last of them a step: it says whether others follow.")
        self.lines = lines
        self.until = until
        self.at_most = at_most


@dataclass(frozen=True)
class Round:
    """Where a `Rounds` stands among the positions of its workflow: from its first line to its check."""

    start: int
    check: int
    until: Callable[[Any], bool]
    at_most: int | None


Spec = StepSpec | WaitFor
Line = Callable[..., Dto] | WaitFor | Rounds


@dataclass(frozen=True)
class Workflow:
    """A declaration: what a run starts with and which lines it takes, top to bottom.

    `specs` are its positions: a wait is one, rounds are as many as they have lines. `takes_over` says how runs of an
    older version, whose declaration is gone, go on under this one: for each such version, the new position of every old
    one. `rounds` are in the order of their checks: those within others come first.

    `independent` lines need nothing of one another: where one fails for good the run names it and goes on, and nothing
    is taken back. While a run that goes `alone` has not ended, whoever asks for another is given that one. A run that
    ended longer ago than `keep` is forgotten: what it did stands elsewhere.
    """

    name: str
    version: int
    starts_with: tuple[type[Dto], ...]
    steps: tuple[Line, ...]
    takes_over: Mapping[int, Mapping[int, int]] = field(default_factory=dict)
    independent: bool = False
    alone: bool = False
    keep: timedelta | None = None
    specs: tuple[Spec, ...] = field(init=False, repr=False)
    rounds: tuple[Round, ...] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        specs: list[Spec] = []
        rounds: list[Round] = []
        _lay_down(self.steps, specs, rounds)
        object.__setattr__(self, "specs", tuple(specs))
        object.__setattr__(self, "rounds", tuple(rounds))

    def rounds_at(self, position: int) -> list[Round]:
        """List the rounds a position belongs to, the innermost first."""
        return [each for each in self.rounds if each.start <= position <= each.check]

    def round_at(self, position: int) -> Round | None:
        """Return the outermost rounds a position belongs to, if it does: within them a run's rounds are counted."""
        return next(reversed(self.rounds_at(position)), None)

    def checked_at(self, position: int) -> Round | None:
        """Return the rounds whose check stands at a position, if it is one."""
        return next((each for each in self.rounds if each.check == position), None)

    def within(self, rounds: Round) -> list[Round]:
        """List the rounds among the lines of others."""
        return [each for each in self.rounds if rounds.start <= each.start and each.check < rounds.check]

    def given_at(self, position: int) -> tuple[type[Dto], ...]:
        """Return the types of what a position gives."""
        spec = self.specs[position]
        return tuple(spec.events.values()) if isinstance(spec, WaitFor) else (spec.gives,)

    def needed_after(self, position: int) -> set[type[Dto]]:
        """Return which of the types a position gives some other line cannot do without."""
        needed = {kind for other, spec in enumerate(self.specs) if other != position for kind in spec.required()}
        return needed.intersection(self.given_at(position))

    def wiring_problems(self) -> list[str]:
        """List why a run could not be wired: a step that needs a DTO which no earlier line gives, and the like."""
        if self.independent:
            return self._dependencies() + self._takeover_problems()
        problems = []
        known = set(self.starts_with)
        for position, spec in enumerate(self.specs):
            missing = sorted(kind.__name__ for kind in spec.required() - known)
            if missing:
                problems.append(f"step {spec.name} needs {', '.join(missing)}, which no earlier line gives")
            problems += [
                f"step {spec.name} gives {kind.__name__}, which the run carries already"
                for kind in self.given_at(position)
                if kind in known
            ]
            known.update(self.given_at(position))
            problems += self._waiting_problems(position, spec)
        return problems + self._takeover_problems()

    def _dependencies(self) -> list[str]:
        """List what keeps lines from being independent of one another."""
        problems = ["independent lines are taken once each, not in rounds"] * bool(self.rounds)
        for spec in self.specs:
            if not isinstance(spec, StepSpec):
                problems.append(f"{spec.name} waits, and would keep independent lines waiting")
                continue
            missing = sorted(kind.__name__ for kind in set(spec.needs.values()).difference(self.starts_with))
            if missing:
                problems.append(f"independent step {spec.name} needs {', '.join(missing)}, which no run starts with")
            if spec.compensate is not None:
                problems.append(f"independent step {spec.name} has a compensation, which nothing would call")
        return problems

    def _takeover_problems(self) -> list[str]:
        places = set(range(len(self.specs)))
        return [
            f"the rule for v{old} must give every old position a place of its own among the {len(places)} new ones"
            for old, positions in self.takes_over.items()
            if len(set(positions.values())) < len(positions) or not places.issuperset(positions.values())
        ]

    def _waiting_problems(self, position: int, spec: Spec) -> list[str]:
        if not isinstance(spec, WaitFor):
            return []
        problems = []
        begins_rounds = any(each.start == position for each in self.rounds)
        if spec.about is None and (begins_rounds or position == 0 or isinstance(self.specs[position - 1], WaitFor)):
            problems.append(f"{spec.name} follows no step, so it must say what it is about")
        elif "id" not in (subject := spec.about or self.given_at(position - 1)[0]).model_fields:
            problems.append(f"{spec.name} waits for something about a {subject.__name__}, which has no id")
        if spec.on_timeout == "proceed" and self.needed_after(position):
            problems.append(f"{spec.name} cannot go on without an event that a later step needs")
        return problems

    def links(self) -> tuple[range, ...]:
        """Group the positions into links: consecutive steps of one queue in which only the first has a prepare.

        A wait ends the link it follows: the worker that did the work looks whether the answer is there already.
        """
        links: list[range] = []
        for position, spec in enumerate(self.specs):
            before = self.specs[position - 1] if position else None
            if before is not None and not isinstance(before, WaitFor) and _joins(spec, before):
                links[-1] = range(links[-1].start, position + 1)
            else:
                links.append(range(position, position + 1))
        return tuple(links)


def _lay_down(lines: Sequence[Line], specs: list[Spec], rounds: list[Round]) -> None:
    """Give each line its position, one after the other, those of rounds too."""
    for line in lines:
        if isinstance(line, Rounds):
            start = len(specs)
            _lay_down(line.lines, specs, rounds)
            rounds.append(Round(start, len(specs) - 1, line.until, line.at_most))
        else:
            specs.append(line if isinstance(line, WaitFor) else line.spec)  # type: ignore[attr-defined]


def _joins(spec: Spec, before: StepSpec) -> bool:
    return isinstance(spec, WaitFor) or (spec.prepare is None and spec.queue == before.queue)
