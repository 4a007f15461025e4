"""Run a workflow through the workers and wait for its end."""

import json
import time
from argparse import ArgumentParser
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from apps.onboarding.api.ports import BriefImpossible, InvalidSubmission, SubmissionKeyTaken, read_submission
from apps.orchestration.api.dtos import Run
from apps.orchestration.models import WorkflowRun
from apps.orchestration.queries.reports import report_run
from apps.orchestration.queries.runs import find_run
from apps.orchestration.services.intake import DEFAULT_PACK, UnknownPack, submit_intake
from apps.orchestration.services.start import KeyReused, WrongKey
from apps.orchestration.workflows import UnknownWorkflow


class UnreadableIntake(ValueError):
    """The file given is no JSON that could be read."""


EXIT_CODES = {"COMPLETED": 0, "COMPENSATED": 3, "STUCK": 4, "FAILED": 4}
EXIT_BAD_INPUT = 2
EXIT_UNFINISHED = 5
BAD_INPUT = (
    UnreadableIntake,
    InvalidSubmission,
    BriefImpossible,
    SubmissionKeyTaken,
    UnknownPack,
    UnknownWorkflow,
    WrongKey,
    KeyReused,
)
MAX_INTAKE_BYTES = 5_000_000
POLL_SECONDS = 0.1


class Command(BaseCommand):
    help = (
        "Run a workflow on an intake through the workers. Exit code: 0 completed, 2 bad input, 3 compensated, "
        "4 stuck or failed, 5 not finished within the wait."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("workflow")
        parser.add_argument("--intake", required=True, type=Path, help="a JSON file, as in samples/")
        parser.add_argument("--key", help="idempotency key: the same key and intake again give the same run")
        parser.add_argument("--pack", default=DEFAULT_PACK)
        parser.add_argument("--wait", type=float, default=300, help="seconds to wait for the end (default 300)")
        parser.add_argument("--json", action="store_true", help="print one JSON object on stdout and nothing else")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            run_id = self._submit(options)
        except BAD_INPUT as error:
            if options["json"]:
                self.stdout.write(json.dumps(report_run(None, error=str(error))))
            raise CommandError(str(error), returncode=EXIT_BAD_INPUT) from error
        run = self._follow(run_id, options["wait"])
        report = report_run(run)
        self.stdout.write(json.dumps(report) if options["json"] else _in_lines(report))
        if code := EXIT_CODES.get(run.state, EXIT_UNFINISHED):
            raise CommandError(_ending(run), returncode=code)

    def _submit(self, options: dict[str, Any]) -> UUID:
        submission = read_submission(data=_read(options["intake"]))
        run = submit_intake(
            submission,
            workflow=options["workflow"],
            pack=options["pack"],
            key=str(uuid4()) if options["key"] is None else options["key"],
            at=timezone.now(),
        )
        return run.pk

    def _follow(self, run_id: UUID, seconds: float) -> Run:
        """Say each change of a step on stderr until the run ends or the time is over."""
        deadline = time.monotonic() + seconds
        said: set[tuple] = set()
        while True:
            run = find_run(run_id)
            for step in run.steps:
                line = (step.position, step.round, step.state, step.attempts)
                if step.state != "PENDING" and line not in said:
                    said.add(line)
                    took = "" if step.milliseconds is None else f" {step.milliseconds} ms"
                    self.stderr.write(f"{step.name:<20} {step.state:<12}{took} {step.error}".rstrip())
            if run.state not in WorkflowRun.UNFINISHED or time.monotonic() > deadline:
                return run
            time.sleep(POLL_SECONDS)


def _read(path: Path) -> Any:
    """Return a file's JSON. Raises UnreadableIntake."""
    try:
        if path.stat().st_size > MAX_INTAKE_BYTES:
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
    if run.state in WorkflowRun.UNFINISHED:
        return f"Not finished yet ({run.state}). Is a worker running? `make run` starts one; the run goes on by itself."
    return f"The run ended {run.state}. {run.error}"


def _in_lines(report: dict[str, Any]) -> str:
    lines = [f"run {report['run_id']} {report['state']}"]
    for step in report["steps"]:
        took = f"{step['ms'] or 0:>6} ms"
        lines.append(f"  {step['name']:<20} {step['state']:<12} attempts {step['attempts']}  {took}  {step['error']}")
    if report["package"]:
        lines.append(f"package {report['package']['id']}")
        lines += [f"  {file['bytes']:>10,} bytes  {file['path']}" for file in report["package"]["artifacts"]]
    return "\n".join(line.rstrip() for line in lines)
