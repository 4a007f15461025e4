"""Nouns of orchestration."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from apps.shared.dtos import Dto

CONTRACT_VERSION = "1.0"

RunState = Literal["PENDING", "RUNNING", "COMPLETED", "COMPENSATING", "COMPENSATED", "STUCK", "FAILED"]
StepState = Literal["PENDING", "RUNNING", "SUCCEEDED", "FAILED", "SKIPPED", "COMPENSATED"]


class StepRun(Dto):
    """One step of a run. `milliseconds` is None until it ended."""

    name: str
    position: int
    round: int
    state: StepState
    attempts: int
    milliseconds: int | None
    error: str


class Run(Dto):
    """One execution of a workflow, with a line for every step of it, begun or not."""

    id: UUID
    workflow: str
    version: int
    client_id: UUID | None
    state: RunState
    error: str
    started_at: datetime | None
    finished_at: datetime | None
    steps: tuple[StepRun, ...]
