"""What logs, traces and metrics know of the work in hand, in words that need no vendor.

    with working_on("step generate_strategy", traceparent=run.traceparent, run_id=run.pk, step="generate_strategy"):
        ...

Any module may say what it works on, and offer numbers worth watching; `apps.observability` makes log lines, spans and
the metrics page of it. Where traces are off, a span costs one comparison.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType
from typing import Protocol

NOTHING: Mapping[str, str] = MappingProxyType({})

_facts: ContextVar[Mapping[str, str]] = ContextVar("facts", default=NOTHING)


class Tracing(Protocol):
    """What makes spans, where traces are on."""

    def span(self, name: str, traceparent: str, facts: Mapping[str, str]) -> AbstractContextManager[None]:
        """Open a span: in the trace of `traceparent` where one is given, else in the one under way."""

    def traceparent(self) -> str:
        """Return the W3C traceparent of the span under way, empty outside any."""


_tracing: Tracing | None = None


def trace_with(tracing: Tracing | None) -> None:
    """Switch traces on for this process, or off with None."""
    global _tracing
    _tracing = tracing


@contextmanager
def working_on(name: str = "", *, traceparent: str = "", **facts: object) -> Iterator[None]:
    """Put facts (run_id, step, attempt, client_id) on every log line of the block; with a name, open a span around it.

    `traceparent` is what a row remembers of an earlier process: the span then belongs to that trace, whoever woke us.
    Facts that are None are left out; what `note` adds inside ends with the block.
    """
    token = _facts.set(_with(facts))
    try:
        if name and _tracing is not None:
            with _tracing.span(name, traceparent, _facts.get()):
                yield
        else:
            yield
    finally:
        _facts.reset(token)


def note(**facts: object) -> None:
    """Add facts to those of the work under way, as soon as they are known; None takes one away."""
    _facts.set(_with(facts))


def facts() -> Mapping[str, str]:
    """Return what is known of the work under way."""
    return _facts.get()


def forget() -> None:
    """Begin with nothing known: the work under way has ended."""
    _facts.set(NOTHING)


def current_traceparent() -> str:
    """Return the W3C traceparent under way, for a row that is worked on later; empty where traces are off."""
    return _tracing.traceparent() if _tracing is not None else ""


def trace_ids() -> Mapping[str, str]:
    """Return the ids of the trace and the span under way, for log lines; nothing outside a trace."""
    if not (traceparent := current_traceparent()):
        return NOTHING
    _, trace_id, span_id, _ = traceparent.split("-")
    return {"trace_id": trace_id, "span_id": span_id}


def _with(more: Mapping[str, object]) -> Mapping[str, str]:
    known = {name: value for name, value in _facts.get().items() if name not in more}
    return {**known, **{name: str(value) for name, value in more.items() if value is not None}}


# --- metrics ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Sample:
    """One value, and what it is of."""

    value: float
    labels: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Distribution:
    """How many values lie at or below each bound and above the one before it (`inf` is the last), and their sum."""

    counts: Mapping[float, int]
    total: float
    labels: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Metric:
    """A number worth watching, as it is now. `labels` names the labels of each of its samples."""

    name: str
    help: str
    samples: tuple[Sample, ...] | tuple[Distribution, ...]
    labels: tuple[str, ...] = ()


Source = Callable[[datetime], Iterable[Metric]]

_sources: dict[str, Source] = {}


def offer_metrics(source: Source) -> None:
    """Have a function asked for its metrics whenever somebody looks; it is given the time."""
    _sources[f"{source.__module__}.{source.__qualname__}"] = source


def offered_metrics(at: datetime) -> list[Metric]:
    """Ask every source that offered metrics."""
    return [metric for source in _sources.values() for metric in source(at)]
