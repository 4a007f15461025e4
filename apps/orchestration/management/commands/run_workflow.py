"""Run a workflow through the workers and wait for its end."""

import json
import math
import stat
import time
from argparse import ArgumentParser, ArgumentTypeError
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from django.core.management.base import BaseCommand, CommandError
from django.db import InterfaceError, OperationalError, connection
from django.utils import timezone

from apps.identity.api.ports import ClientEnded
from apps.onboarding.api.ports import BriefImpossible, InvalidSubmission, SubmissionKeyTaken, read_submission
from apps.orchestration.api.dtos import Run
from apps.orchestration.queries.reports import report_run, waits_for
from apps.orchestration.queries.runs import find_run
from apps.orchestration.services.intake import DEFAULT_PACK, UnknownPack, submit_intake
from apps.orchestration.services.start import KeyReused, WrongInputs, WrongKey, start_run
from apps.orchestration.workflows import UnknownWorkflow, get_workflow


class UnreadableIntake(ValueError):
    """The file given is no JSON that could be read."""


class WrongIntake(ValueError):
    """An intake was given to a workflow that starts with none, or none to one that does."""


EXIT_CODES = {"COMPLETED": 0, "COMPENSATED": 3, "CANCELLED": 3, "STUCK": 4, "FAILED": 4, "WAITING": 6}
"""By the state in which following a run ends; in any other the run is still being moved."""
EXIT_BAD_INPUT = 2
EXIT_UNFINISHED = 5
EXIT_NO_DATABASE = 7
BAD_INPUT = (
    ClientEnded,
    UnreadableIntake,
    WrongIntake,
    InvalidSubmission,
    BriefImpossible,
    SubmissionKeyTaken,
    UnknownPack,
    UnknownWorkflow,
    WrongInputs,
    WrongKey,
    KeyReused,
)
NO_DATABASE = (OperationalError, InterfaceError)
DEFAULT_WAIT_SECONDS = 300.0
MAX_INTAKE_BYTES = 5_000_000
POLL_SECONDS = 0.1


class Command(BaseCommand):
    help = (
        "Run a workflow through the workers, on an intake if it starts with one, and follow it. Exit code: 0 completed "
        "(where steps are independent, the error names those that failed), 2 bad input, "
        "3 taken back (compensated or cancelled), 4 stuck or failed, 5 not finished within the wait, "
        "6 waiting for people: it goes on by itself once they have acted, 7 the database does not answer."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("workflow")
        parser.add_argument("--intake", type=Path, help="a JSON file, as in samples/")
        parser.add_argument("--key", help="idempotency key: the same key and intake again give the same run")
        parser.add_argument("--pack", default=DEFAULT_PACK)
        parser.add_argument(
            "--wait",
            nargs="?",
            type=wait_seconds,
            const=DEFAULT_WAIT_SECONDS,
            default=DEFAULT_WAIT_SECONDS,
            metavar="SECONDS",
            help="how long to wait for the end (default, and without a number: 300)",
        )
        parser.add_argument("--json", action="store_true", help="print one JSON object on stdout and nothing else")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            run_id = self._submit(options)
        except BAD_INPUT as error:
            raise self._nothing_started(options, str(error), EXIT_BAD_INPUT) from error
        except NO_DATABASE as error:
            words = f"The database does not answer; with the same --key it is safe to try again. {error}".strip()
            raise self._nothing_started(options, words, EXIT_NO_DATABASE) from error
        try:
            run = self._follow(run_id, options["wait"])
        except NO_DATABASE as error:
            words = f"Run {run_id} was accepted and goes on by itself; the database does not answer now. {error}"
            raise self._nothing_started(options, words.strip(), EXIT_NO_DATABASE) from error
        report = report_run(run)
        self.stdout.write(json.dumps(report) if options["json"] else _in_lines(report))
        if code := EXIT_CODES.get(run.state, EXIT_UNFINISHED):
            raise CommandError(_ending(run), returncode=code)

    def _nothing_started(self, options: dict[str, Any], words: str, code: int) -> CommandError:
        """Return the error that ends the command without a run to report; as JSON too, where that was asked for."""
        if options["json"]:
            self.stdout.write(json.dumps(report_run(None, error=words)))
        return CommandError(words, returncode=code)

    def _submit(self, options: dict[str, Any]) -> UUID:
        key = str(uuid4()) if options["key"] is None else options["key"]
        workflow, intake, at = get_workflow(options["workflow"]), options["intake"], timezone.now()
        if bool(workflow.starts_with) != (intake is not None):
            raise WrongIntake(f"{workflow.name} {'needs an' if workflow.starts_with else 'takes no'} --intake.")
        if intake is None:
            run = start_run(workflow, (), key=key, at=at)
            if run.idempotency_key != key:
                self.stderr.write(f"Run {run.pk} has not ended; this is that one.")
        else:
            submission = read_submission(data=_read(intake))
            run = submit_intake(submission, workflow=workflow.name, pack=options["pack"], key=key, at=at)
        return run.pk

    def _follow(self, run_id: UUID, seconds: float) -> Run:
        """Say each change of a step on stderr until the run ends, waits for people, or the time is over.

        A database that is away for a while is asked again. Raises what it said when it stays away.
        """
        deadline = time.monotonic() + seconds
        said: set[tuple] = set()
        while True:
            is_late = time.monotonic() > deadline
            try:
                run = find_run(run_id)
            except NO_DATABASE:
                connection.close()
                if is_late:
                    raise
            else:
                self._say_steps(run, said)
                if is_late or run.state in EXIT_CODES:
                    return run
            time.sleep(POLL_SECONDS)

    def _say_steps(self, run: Run, said: set[tuple]) -> None:
        for step in run.steps:
            line = (step.position, step.round, step.state, step.attempts)
            if step.state != "PENDING" and line not in said:
                said.add(line)
                took = "" if step.milliseconds is None else f" {step.milliseconds} ms"
                self.stderr.write(f"{step.name:<20} {step.state:<12}{took} {step.error}".rstrip())


def wait_seconds(text: str) -> float:
    """Return the seconds that a text names. Raises ArgumentTypeError unless they are a number, 0 or more."""
    try:
        seconds = float(text)
    except ValueError:
        seconds = math.nan
    if not (math.isfinite(seconds) and seconds >= 0):
        raise ArgumentTypeError(f"{text!r} is not a number of seconds, 0 or more.")
    return seconds


def _read(path: Path) -> Any:
    """Return a file's JSON. Raises UnreadableIntake."""
    try:
        facts = path.stat()
        if not stat.S_ISREG(facts.st_mode):
            raise UnreadableIntake(f"{path}: not a file; save the intake to one and name that.")
        if facts.st_size > MAX_INTAKE_BYTES:
            raise UnreadableIntake(f"{path}: larger than {MAX_INTAKE_BYTES:,} bytes; send files as attachments.")
        text = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise UnreadableIntake(f"{path}: cannot be read ({error.strerror}).") from error
    except UnicodeDecodeError as error:
        raise UnreadableIntake(f"{path}: not UTF-8 text (byte {error.start}).") from error
    try:
        return json.loads(text)
    except (RecursionError, ValueError) as error:
        raise UnreadableIntake(f"{path}: not JSON ({error}).") from error


def _ending(run: Run) -> str:
    if run.state == "WAITING":
        return f"The run waits for {_waits_for(run)}. It goes on by itself once that has come."
    if run.state not in EXIT_CODES:
        return f"Not finished yet ({run.state}). Is a worker running? `make run` starts one; the run goes on by itself."
    return f"The run ended {run.state}. {run.error}".strip()


def _waits_for(run: Run) -> str:
    """Name the events a run waits for, or say why its step asked for a person."""
    asked = next((step.error for step in reversed(run.steps) if step.error and step.state == "PENDING"), "a person")
    return " or ".join(waits_for(run.id)) or asked.rstrip(".")


def _in_lines(report: dict[str, Any]) -> str:
    lines = [f"run {report['run_id']} {report['state']}"]
    for step in report["steps"]:
        took = f"{step['ms'] or 0:>6} ms"
        said = step["error"] or ", ".join(f"{count} {name}" for name, count in step.get("counts", {}).items())
        lines.append(f"  {step['name']:<20} {step['state']:<12} attempts {step['attempts']}  {took}  {said}")
    if report["package"]:
        lines.append(f"package {report['package']['id']}")
        lines += [f"  {file['bytes']:>10,} bytes  {file['path']}" for file in report["package"]["artifacts"]]
    return "\n".join(line.rstrip() for line in lines)
