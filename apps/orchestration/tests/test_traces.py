"""One trace follows a run …"""

import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

from aicmo_site.celery import app
from apps.observability.api import ports as observability
from apps.observability.models import WorkerHeartbeat
from apps.orchestration.models import OutboxEvent, WorkflowRun
from apps.orchestration.models.statements import CLAIM, RECORD
from apps.orchestration.tests.conftest import wait_for_end, worker_environment
from apps.shared.statements import insertion

pytestmark = [pytest.mark.worker, pytest.mark.django_db(transaction=True)]

STEPS = {f"step {name}" for name in ("one", "prepared_two", "prepared_three", "thinking_four", "five")}


class Collector(ThreadingHTTPServer):
    """What OpenTelemetry exports to: it keeps the spans it is sent."""

    daemon_threads = True

    def __init__(self) -> None:
        self.spans: list[Any] = []
        super().__init__(("127.0.0.1", 0), _Receive)

    def of_trace(self, trace_id: str) -> list[Any]:
        return [span for span in self.spans if span.trace_id.hex() == trace_id]


class _Receive(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        sent = self.rfile.read(int(self.headers["Content-Length"]))
        request = ExportTraceServiceRequest.FromString(sent)
        self.server.spans += [  # type: ignore[attr-defined]
            span for of in request.resource_spans for scope in of.scope_spans for span in scope.spans
        ]
        self.send_response(200)
        self.end_headers()

    def log_message(self, *words: object) -> None:
        pass


@pytest.fixture
def collector(monkeypatch: pytest.MonkeyPatch) -> Iterator[Collector]:
    """A collector that every process of this test exports to, uncompressed and soon."""
    with Collector() as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        monkeypatch.setenv("AICMO_OTLP_ENDPOINT", f"http://127.0.0.1:{server.server_address[1]}")
        monkeypatch.setenv("OTEL_EXPORTER_OTLP_COMPRESSION", "none")
        monkeypatch.setenv("OTEL_BSP_SCHEDULE_DELAY", "300")
        yield server
        server.shutdown()


def start_by_request() -> WorkflowRun:
    """Have another process serve a web request that starts a run."""
    command = [sys.executable, "-m", "apps.orchestration.tests.web_request"]
    subprocess.run(command, env=worker_environment(), check=True, timeout=60)
    return WorkflowRun.objects.get(idempotency_key="traced")


def wait_for_spans(collector: Collector, trace_id: str) -> dict[str, Any]:
    """Return the spans of a trace by name, once all steps are among them."""
    deadline = time.monotonic() + 30
    while not (names := {span.name for span in collector.of_trace(trace_id)}) >= STEPS:
        assert time.monotonic() < deadline, sorted(names)
        time.sleep(0.1)
    time.sleep(1)  # what the processes have not sent yet
    return {span.name: span for span in collector.of_trace(trace_id)}


def test_from_the_request_through_the_broker_into_every_step_and_statement(
    collector: Collector, worker: Callable
) -> None:
    run = start_by_request()
    trace_id = run.traceparent.split("-")[1]
    worker()
    wait_for_end(run)
    spans = wait_for_spans(collector, trace_id)
    assert {"GET start/<str:workflow>", "start probe_prepared", "prepare prepared_two"} <= set(spans)
    assert {"apply_async/orchestration.run_link", "run/orchestration.run_link"} <= set(spans)
    statements = [span for span in collector.of_trace(trace_id) if span.name in ("SELECT", "INSERT", "EXECUTE")]
    told = [each.value.string_value for span in statements for each in span.attributes]
    for statement in (CLAIM.name, RECORD.name, insertion(OutboxEvent).name):
        assert any(words.startswith(f"EXECUTE {statement} (") for words in told), statement
    rows = [span for span in statements if any("probe_proberow" in each.value.string_value for each in span.attributes)]
    parents = {span.parent_span_id for span in rows}
    assert parents == {spans[name].span_id for name in STEPS}, "a step's own statement stands below its step"


def test_though_its_messages_were_lost_and_the_sweeper_sent_them_anew(collector: Collector, worker: Callable) -> None:
    run = start_by_request()
    assert app.control.purge() > 0
    worker()
    wait_for_end(run)
    spans = wait_for_spans(collector, run.traceparent.split("-")[1])
    assert {"wake", "run/orchestration.run_link"} <= set(spans)


def test_and_no_other_than_those_of_work(collector: Collector, worker: Callable) -> None:
    worker()
    deadline = time.monotonic() + 30
    while not WorkerHeartbeat.objects.exists():
        assert time.monotonic() < deadline, "the worker does not come up"
        time.sleep(0.1)
    time.sleep(2)  # in which the sweeper looks a few times
    assert [span.name for span in collector.spans if span.name in ("SELECT", "UPDATE", "DELETE", "EXECUTE")] == []


def test_while_the_id_of_the_request_stands_in_the_audit_of_its_steps(worker: Callable) -> None:
    run = start_by_request()
    worker()
    wait_for_end(run)
    assert run.traceparent == ""
    entries = observability.list_entries_of_run(run_id=run.pk)
    assert {entry.action for entry in entries if entry.request_id == "the-request"} >= {"RunStarted", "RunCompleted"}
