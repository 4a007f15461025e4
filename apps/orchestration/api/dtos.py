"""Nouns of orchestration."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from apps.shared.dtos import Dto
from apps.shared.workflow import Irreversible

CONTRACT_VERSION = "1.6"

RunState = Literal[
    "PENDING", "RUNNING", "WAITING", "COMPLETED", "COMPENSATING", "COMPENSATED", "CANCELLED", "STUCK", "FAILED"
]
StepState = Literal["PENDING", "RUNNING", "SUCCEEDED", "FAILED", "SKIPPED", "COMPENSATED"]


class StepRun(Dto):
    """One step of a run. `milliseconds` is None until it ended; `left` is what taking it back could not undo.

    `counts` tells how many of what it handled, of a step that counts.
    """

    name: str
    position: int
    round: int
    state: StepState
    attempts: int
    milliseconds: int | None
    error: str
    left: tuple[Irreversible, ...] = ()
    counts: dict[str, int] | None = None


class Run(Dto):
    """One execution of a workflow, with a line for every step of it, begun or not.

    `waits_for` names the events a WAITING run waits for (none: a person), `parked` why nobody can move it at present.
    """

    id: UUID
    workflow: str
    version: int
    client_id: UUID | None
    state: RunState
    error: str
    waits_for: tuple[str, ...] = ()
    parked: str = ""
    started_at: datetime | None
    finished_at: datetime | None
    steps: tuple[StepRun, ...]


class ControlFlag(Dto):
    """A switch over the whole engine, who put it where it stands, when and why; None and empty if nobody ever did."""

    name: Literal["PAUSE", "KILL", "PROOF"]
    is_on: bool
    reason: str
    set_by: UUID | None
    set_at: datetime | None
