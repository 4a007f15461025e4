"""A trace …"""

from collections.abc import Callable, Iterator

import pytest
from opentelemetry import trace
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.sdk.trace.sampling import ParentBased

from apps.observability.gateways.traces import _Careful, _Spans, _WithinWork
from apps.observability.rules import redactor
from apps.shared import telemetry
from apps.shared.telemetry import current_traceparent, working_on

EARLIER = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"


@pytest.fixture
def tracer() -> Iterator[tuple[trace.Tracer, Callable]]:
    """Switch traces on for this test: a tracer, and a function that returns the spans that ended, by name."""
    kept = InMemorySpanExporter()
    provider = TracerProvider(sampler=ParentBased(_WithinWork()))
    provider.add_span_processor(SimpleSpanProcessor(_Careful(lambda: kept, redactor(["known-secret"]))))
    telemetry.trace_with(_Spans(provider.get_tracer("test")))
    yield provider.get_tracer("test"), lambda: {span.name: span for span in kept.get_finished_spans()}
    telemetry.trace_with(None)


def trace_of(span: object) -> str:
    return f"{span.context.trace_id:032x}"  # type: ignore[attr-defined]


def test_is_not_begun_where_traces_are_off() -> None:
    with working_on("step one", traceparent=EARLIER):
        assert current_traceparent() == ""
        assert dict(telemetry.trace_ids()) == {}


def test_goes_on_in_another_process_by_what_the_row_remembers(tracer: tuple) -> None:
    with working_on("start"):
        remembered = current_traceparent()
    with working_on("step one", traceparent=remembered, run_id="r-1"):
        pass
    spans = tracer[1]()
    assert trace_of(spans["step one"]) == trace_of(spans["start"])
    assert spans["step one"].parent.span_id == spans["start"].context.span_id
    assert spans["step one"].attributes == {"aicmo.run_id": "r-1"}


def test_keeps_a_step_below_the_task_that_was_woken_in_the_same_trace(tracer: tuple) -> None:
    with working_on("task", traceparent=EARLIER), working_on("step one", traceparent=EARLIER):
        pass
    spans = tracer[1]()
    assert spans["step one"].parent.span_id == spans["task"].context.span_id
    assert trace_of(spans["task"]) == EARLIER.split("-")[1]


def test_is_that_of_the_run_whoever_woke_the_step(tracer: tuple) -> None:
    with working_on("sweeper"), working_on("step one", traceparent=EARLIER):
        pass
    assert trace_of(tracer[1]()["step one"]) == EARLIER.split("-")[1]


@pytest.mark.parametrize("broken", ["", "nonsense", "00-0-0-00"])
def test_begins_anew_where_none_is_remembered(tracer: tuple, broken: str) -> None:
    with working_on("step one", traceparent=broken):
        pass
    assert tracer[1]()["step one"].parent is None


def test_is_not_begun_by_a_statement_or_a_message_alone(tracer: tuple) -> None:
    for kind in (trace.SpanKind.CLIENT, trace.SpanKind.PRODUCER):
        with tracer[0].start_as_current_span("alone", kind=kind):
            pass
    with working_on("work"), tracer[0].start_as_current_span("SELECT", kind=trace.SpanKind.CLIENT):
        pass
    assert set(tracer[1]()) == {"work", "SELECT"}


def test_tells_the_kind_of_an_error_and_not_its_words(tracer: tuple) -> None:
    with pytest.raises(ValueError, match="Mrs Kelly"), working_on("step one"):
        raise ValueError("Mrs Kelly said no")
    span = tracer[1]()["step one"]
    assert (span.status.status_code, span.status.description) == (trace.StatusCode.ERROR, "ValueError")
    assert "Kelly" not in span.to_json()


def test_holds_no_secret(tracer: tuple) -> None:
    with tracer[0].start_as_current_span("request", attributes={"url": "/x?api_key=canary", "p": "known-secret"}) as it:
        it.add_event("exception", {"message": "password=canary"})
    said = tracer[1]()["request"].to_json()
    assert "canary" not in said
    assert "known-secret" not in said


def test_is_named_on_log_lines(tracer: tuple) -> None:
    with working_on("step one", traceparent=EARLIER):
        assert telemetry.trace_ids()["trace_id"] == EARLIER.split("-")[1]
