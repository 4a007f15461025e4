"""A workflow that works outside the database too: two of its steps order something from a vendor.

Each execution of a step and of a compensation leaves a line in AICMO_PROBE_TRACE, and each row says which
attempt it stems from, so that an onlooker can tell what was done twice, and what was written by a worker that had lost
its lease.
"""

import http.client
import json
import os
import signal
import time
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID, uuid4

from apps.shared.dtos import Dto
from apps.shared.resilience import fault_point
from apps.shared.workflow import RetryPolicy, RunContext, StepRefused, TransientFailure, Workflow, step
from bench.chaos import ledger
from bench.probe.models import CaseRow

PATIENCE = RetryPolicy(attempts=4, first_seconds=0.1, most_seconds=0.4)
DEADLINE_SECONDS = 2.0  # of a whole call, however slowly its bytes drip in
MOST_BYTES = 100_000


class Case(Dto):
    """What a run starts with. `refuse_at` names a step that says no after it wrote its row."""

    label: str = ""
    refuse_at: str = ""


class Opened(Dto):
    """The case exists."""

    id: UUID


class Ordered(Dto):
    """The vendor took the order."""

    id: UUID


class Noted(Dto):
    """The order is noted."""

    id: UUID


class Booked(Dto):
    """The vendor booked it."""

    id: UUID


class Closed(Dto):
    """The case is closed."""

    id: UUID


def trace(what: str, run: RunContext, **facts: Any) -> None:
    """Leave a line that something was executed, where somebody wants to know."""
    if path := os.environ.get("AICMO_PROBE_TRACE"):
        ledger.note(path, did=what, run=str(run.id), key=run.key, pid=os.getpid(), **facts)


def suffer(what: str, run: RunContext) -> None:
    """Die or fail, each time, while a file `<what>@<run>` that says `kill` or `error` lies in AICMO_PROBE_FLAGS."""
    flag = Path(os.environ.get("AICMO_PROBE_FLAGS", "")) / f"{what}@{run.id}"
    if not flag.is_file():
        return
    if flag.read_text() == "kill":
        os.kill(os.getpid(), signal.SIGKILL)
    raise RuntimeError(f"{what} fails for as long as nobody mends it")


def call_vendor(verb: str, key: str) -> dict:
    """Call the vendor; raise TransientFailure for what may help to try again, StepRefused for its no."""
    connection = http.client.HTTPConnection(urlsplit(os.environ["AICMO_PROBE_VENDOR"]).netloc, timeout=1.5)
    try:
        connection.request("POST", f"/{verb}/{key}")
        response = connection.getresponse()
        body = _read(response)
    except (OSError, http.client.HTTPException) as error:
        raise TransientFailure(f"the vendor did not answer: {error!r}") from error
    finally:
        connection.close()
    if response.status == 422:
        raise StepRefused(f"the vendor refuses {key}")
    if response.status != 200:
        raise TransientFailure(f"the vendor answers {response.status}")
    return _parse(body)


def _read(response: http.client.HTTPResponse) -> bytes:
    deadline = time.monotonic() + DEADLINE_SECONDS
    body = b""
    while part := response.read1(4096):
        body += part
        if time.monotonic() > deadline or len(body) > MOST_BYTES:
            raise http.client.HTTPException(f"gave up after {len(body)} bytes")
    if response.length:
        raise http.client.IncompleteRead(body, response.length)
    return body


def _parse(body: bytes) -> dict:
    try:
        answer = json.loads(body)
    except ValueError as error:
        raise TransientFailure(f"the vendor's answer is no JSON: {body[:40]!r}") from error
    return answer


def order_outside(*, run: RunContext, **needs: Dto) -> str:
    """Have the vendor do its part, once per key; return a name for this one attempt."""
    attempt = uuid4().hex
    trace("prepare", run, attempt=attempt)
    suffer("prepare", run)
    answer = call_vendor("do", run.key)
    if "call" not in answer:
        raise TransientFailure(f"the vendor's answer lacks the call: {answer}")
    fault_point("probe.answered", run.id)
    return attempt


def write_case_row(name: str, case: Case, run: RunContext, attempt: str = "") -> UUID:
    """Write a step's one row, and refuse afterwards if the case says so."""
    trace(name, run)
    suffer(name, run)
    row = CaseRow.objects.create(step=name, run_id=run.id, position=run.position, round=run.round, attempt=attempt)
    if case.refuse_at == name:
        raise StepRefused(f"{name} was told to refuse")
    return row.id


def withdraw_case_row(name: str, run: RunContext) -> None:
    """Remove a step's row."""
    trace(f"withdraw_{name}", run)
    suffer(f"withdraw_{name}", run)
    fault_point(f"probe.withdraw_{name}", run.id)
    CaseRow.objects.of_run(run.id).filter(position=run.position).delete()
    fault_point(f"probe.withdrew_{name}", run.id)


def reopen(*, run: RunContext) -> None:
    withdraw_case_row("close_case", run)


def cancel_booking(*, run: RunContext) -> None:
    withdraw_case_row("book", run)
    call_vendor("cancel", run.key)


def forget_note(*, run: RunContext) -> None:
    withdraw_case_row("note_order", run)


def cancel_order(*, run: RunContext) -> None:
    withdraw_case_row("order", run)
    call_vendor("cancel", run.key)


def drop_case(*, run: RunContext) -> None:
    withdraw_case_row("open_case", run)


@step(compensate=drop_case, retry=PATIENCE)
def open_case(*, case: Case, run: RunContext) -> Opened:
    return Opened(id=write_case_row("open_case", case, run))


@step(prepare=order_outside, compensate=cancel_order, retry=PATIENCE, queue="thinking")
def order(*, case: Case, given: Opened, prepared: str, run: RunContext) -> Ordered:
    return Ordered(id=write_case_row("order", case, run, prepared))


@step(compensate=forget_note, retry=PATIENCE, queue="thinking")
def note_order(*, case: Case, given: Ordered, run: RunContext) -> Noted:
    return Noted(id=write_case_row("note_order", case, run))


@step(prepare=order_outside, compensate=cancel_booking, retry=PATIENCE, queue="writing")
def book(*, case: Case, given: Noted, prepared: str, run: RunContext) -> Booked:
    return Booked(id=write_case_row("book", case, run, prepared))


@step(compensate=reopen, retry=PATIENCE)
def close_case(*, case: Case, given: Booked, run: RunContext) -> Closed:
    return Closed(id=write_case_row("close_case", case, run))


probe_outside = Workflow(
    name="probe_outside",
    version=1,
    starts_with=(Case,),
    steps=(open_case, order, note_order, book, close_case),
)
