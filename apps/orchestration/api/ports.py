"""Verbs of orchestration."""

from datetime import datetime
from uuid import UUID

from apps.orchestration import models
from apps.orchestration.api.dtos import ControlFlag, Run
from apps.orchestration.queries import control as flags
from apps.orchestration.queries import runs
from apps.orchestration.services import control, start
from apps.orchestration.services.commands import COMMANDS, CommandRefused
from apps.orchestration.services.control import ReasonMissing
from apps.orchestration.services.start import KeyReused, WrongInputs, WrongKey
from apps.orchestration.workflows import UnknownWorkflow, get_workflow
from apps.shared.dtos import Dto

__all__ = [
    "CommandRefused",
    "KeyReused",
    "ReasonMissing",
    "UnknownWorkflow",
    "WrongInputs",
    "WrongKey",
    "accept_round",
    "cancel_run",
    "compensate_run",
    "find_run",
    "list_control_flags",
    "rerun_run",
    "resume_run",
    "retry_compensation",
    "retry_step",
    "rework_round",
    "set_control_flag",
    "skip_step",
    "start_run",
]


def start_run(
    *,
    workflow: str,
    inputs: tuple[Dto, ...],
    key: str,
    at: datetime,
    client_id: UUID | None = None,
    by: UUID | None = None,
) -> Run:
    """Accept a run; the same key and inputs again give the same run.

    Raises UnknownWorkflow, WrongInputs, WrongKey, KeyReused when the key stands for other inputs already, and
    identity's ClientEnded.
    """
    run = start.start_run(get_workflow(workflow), inputs, key=key, at=at, client_id=client_id, by=by)
    return runs.describe_run(run)


def find_run(*, run_id: UUID) -> Run | None:
    """Return a run with a line for each of its steps, None when there is no such run."""
    return runs.find_run(run_id)


# Commands on a run. `by` is the person who gives it: whoever calls these has asked whether that person may. All raise
# CommandRefused where the run's state does not allow it, and ObjectDoesNotExist for an unknown run or person.


def retry_step(*, run_id: UUID, by: UUID, reason: str = "") -> Run:
    """Let the present step try again now, with all its attempts anew."""
    return _give("retry-step", run_id, by, reason)


def resume_run(*, run_id: UUID, by: UUID, reason: str = "") -> Run:
    """Make a run that stands still look again now whether it can go on."""
    return _give("resume", run_id, by, reason)


def cancel_run(*, run_id: UUID, by: UUID, reason: str) -> Run:
    """Take a run back that has not ended. Raises ReasonMissing."""
    return _give("cancel", run_id, by, reason)


def compensate_run(*, run_id: UUID, by: UUID, reason: str) -> Run:
    """Take a completed run back. Raises ReasonMissing."""
    return _give("compensate", run_id, by, reason)


def skip_step(*, run_id: UUID, by: UUID, reason: str) -> Run:
    """Let a run go on without its present step or wait, if nothing later needs it. Raises ReasonMissing."""
    return _give("skip-step", run_id, by, reason)


def rerun_run(*, run_id: UUID, by: UUID, reason: str = "") -> Run:
    """Start an ended run again from the same inputs; return the new run."""
    return _give("rerun", run_id, by, reason)


def rework_round(*, run_id: UUID, by: UUID, reason: str) -> Run:
    """Order one more round after the last, with `reason` as the instruction to the work. Raises ReasonMissing."""
    return _give("rework", run_id, by, reason)


def accept_round(*, run_id: UUID, by: UUID, reason: str) -> Run:
    """Let a run go on with what its last round made. Raises ReasonMissing."""
    return _give("accept", run_id, by, reason)


def retry_compensation(*, run_id: UUID, by: UUID, reason: str) -> Run:
    """Send a stuck run back to its compensation. Raises ReasonMissing."""
    return _give("retry-compensation", run_id, by, reason)


def _give(command: str, run_id: UUID, by: UUID, reason: str) -> Run:
    run = runs.get_row(run_id)
    person = runs.get_person(by)
    return runs.describe_run(COMMANDS[command].give(run, by=person.pk, reason=reason))


# Switches over the engine.


def set_control_flag(*, flag: str, is_on: bool, by: UUID, reason: str, at: datetime) -> ControlFlag:
    """Switch PAUSE, KILL or PROOF for all workers; setting it to what it is changes nothing.

    Raises ReasonMissing, ValueError for another flag, and ObjectDoesNotExist for an unknown person.
    """
    name, person = models.ControlFlag.Name(flag), runs.get_person(by)
    row = control.set_flag(name, is_on=is_on, by=person.pk, reason=reason, at=at)
    return flags.describe_flag(row)


def list_control_flags() -> tuple[ControlFlag, ...]:
    """Return the flags with who switched them, when and why."""
    return flags.list_flags()
