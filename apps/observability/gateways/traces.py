"""Traces by OpenTelemetry. Imported only where AICMO_OTLP_ENDPOINT is set: the packages are an extra."""

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from opentelemetry import trace
from opentelemetry.context import Context
from opentelemetry.instrumentation.celery import CeleryInstrumentor
from opentelemetry.instrumentation.django import DjangoInstrumentor
from opentelemetry.instrumentation.psycopg import PsycopgInstrumentor
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import Event, ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SpanExporter, SpanExportResult
from opentelemetry.sdk.trace.sampling import Decision, ParentBased, Sampler, SamplingResult
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

from apps.shared import telemetry

Redact = Callable[[Any], Any]

UNTRACED_URLS = "health/,metrics"
ALONE = (trace.SpanKind.CLIENT, trace.SpanKind.PRODUCER)

_propagator = TraceContextTextMapPropagator()
_provider: TracerProvider | None = None


def switch_on(make_exporter: Callable[[], SpanExporter], *, release: str, redacted: Redact) -> None:
    """Trace requests, messages, SQL and whatever `working_on` names, in this process and those it forks."""
    global _provider
    resource = Resource.create({"service.name": "aicmo", "service.version": release or "unknown"})
    _provider = TracerProvider(resource=resource, sampler=ParentBased(_WithinWork()))
    _provider.add_span_processor(BatchSpanProcessor(_Careful(make_exporter, redacted)))
    DjangoInstrumentor().instrument(tracer_provider=_provider, excluded_urls=UNTRACED_URLS)
    CeleryInstrumentor().instrument(tracer_provider=_provider)
    PsycopgInstrumentor().instrument(tracer_provider=_provider)
    telemetry.trace_with(_Spans(_provider.get_tracer("aicmo")))


def send_to(endpoint: str) -> Callable[[], SpanExporter]:
    """Make what exports to a collector by OTLP over HTTP."""
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter

    return lambda: OTLPSpanExporter(endpoint=f"{endpoint.rstrip('/')}/v1/traces", timeout=5)


def flush() -> None:
    """Send what is not sent yet: the process is about to end."""
    if _provider is not None:
        _provider.force_flush(timeout_millis=3000)


class _Spans:
    """What `telemetry` asks for."""

    def __init__(self, tracer: trace.Tracer) -> None:
        self._tracer = tracer

    @contextmanager
    def span(self, name: str, traceparent: str, facts: Mapping[str, str]) -> Iterator[None]:
        """Open a span under the one under way, if that is of the trace asked for; else under the trace itself."""
        attributes = {f"aicmo.{fact}": value for fact, value in facts.items()}
        options: dict[str, Any] = {"record_exception": False, "set_status_on_exception": False}
        with self._tracer.start_as_current_span(name, _parent(traceparent), attributes=attributes, **options) as span:
            try:
                yield
            except BaseException as error:
                # The words stand in the step's record; here they might tell what a client wrote.
                span.set_status(trace.Status(trace.StatusCode.ERROR, type(error).__name__))
                raise

    def traceparent(self) -> str:
        carrier: dict[str, str] = {}
        _propagator.inject(carrier)
        return carrier.get("traceparent", "")


def _parent(traceparent: str) -> Context | None:
    asked = _propagator.extract({"traceparent": traceparent})
    wanted = trace.get_current_span(asked).get_span_context()
    current = trace.get_current_span().get_span_context()
    return None if wanted.trace_id in (0, current.trace_id) else asked


class _WithinWork(Sampler):
    """Traces no statement and no message by itself: the sweeper would make a trace of every look it takes."""

    def should_sample(
        self,
        parent_context: Context | None,
        trace_id: int,
        name: str,
        kind: trace.SpanKind | None = None,
        attributes: Any = None,
        links: Any = None,
        trace_state: trace.TraceState | None = None,
    ) -> SamplingResult:
        decision = Decision.DROP if kind in ALONE else Decision.RECORD_AND_SAMPLE
        return SamplingResult(decision, attributes, trace_state)

    def get_description(self) -> str:
        return "WithinWork"


class _Careful(SpanExporter):
    """Exports without secrets, and never by a connection that a forked process shares with its parent."""

    def __init__(self, make: Callable[[], SpanExporter], redacted: Redact) -> None:
        self._make = make
        self._redacted = redacted
        self._exporter: SpanExporter | None = None
        self._owner = 0

    def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:
        if self._exporter is None or self._owner != os.getpid():
            self._exporter, self._owner = self._make(), os.getpid()
        return self._exporter.export([self._clean(span) for span in spans])

    def shutdown(self) -> None:
        if self._exporter is not None and self._owner == os.getpid():
            self._exporter.shutdown()

    def _clean(self, span: ReadableSpan) -> ReadableSpan:
        return ReadableSpan(
            name=span.name,
            context=span.context,
            parent=span.parent,
            resource=span.resource,
            attributes=self._redacted(span.attributes or {}),
            events=[
                Event(event.name, self._redacted(event.attributes or {}), event.timestamp) for event in span.events
            ],
            links=span.links,
            kind=span.kind,
            status=span.status,
            start_time=span.start_time,
            end_time=span.end_time,
            instrumentation_scope=span.instrumentation_scope,
        )
