"""Give a run a command, as the buttons of the desk do."""

import json
from argparse import ArgumentParser
from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError

from apps.orchestration.management.people import EXIT_BAD_INPUT, EXIT_REFUSED, permitted_person
from apps.orchestration.models import ArchivedRun, WorkflowRun
from apps.orchestration.queries.commands import possible_commands
from apps.orchestration.queries.reports import report_run
from apps.orchestration.queries.runs import describe_run
from apps.orchestration.services.commands import COMMANDS, CommandRefused
from apps.orchestration.services.control import ReasonMissing


class Command(BaseCommand):
    help = (
        "Give a run a command, in a person's name and with that person's permissions; it goes into the audit. "
        "Exit code: 0 done, 2 bad input, 3 not possible in the state the run is in, 4 not permitted."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("command", choices=COMMANDS)
        parser.add_argument("run", metavar="RUN", help="the run's id, as on its page and in `run_workflow --json`")
        parser.add_argument("--by", required=True, metavar="EMAIL", help="who gives the command")
        parser.add_argument(
            "--reason", default="", metavar="TEXT", help="why; for `rework`, what should be done differently"
        )
        parser.add_argument("--json", action="store_true", help="print the run as one JSON object and nothing else")

    def handle(self, *args: Any, **options: Any) -> None:
        command = COMMANDS[options["command"]]
        try:
            person = permitted_person(options["by"], command.permission)
            run = _run_of(options["run"])
        except CommandError as error:
            self._say(options, None, str(error))
            raise
        try:
            after = command.give(run, by=person.pk, reason=options["reason"])
        except ReasonMissing as error:
            self._say(options, None, f"--reason: {error}")
            raise CommandError(f"--reason: {error}", returncode=EXIT_BAD_INPUT) from error
        except CommandRefused as refusal:
            words = _refused(options["command"], run, refusal)
            self._say(options, run, words)
            raise CommandError(words, returncode=EXIT_REFUSED) from refusal
        self._say(options, after)
        if not options["json"]:
            self.stdout.write(f"{options['command']}: done. Run {after.pk} is {after.state}.")

    def _say(self, options: dict[str, Any], run: WorkflowRun | None, error: str = "") -> None:
        """Print the run as JSON where that was asked for; why nothing was done instead of what went wrong before."""
        if options["json"]:
            report = report_run(run and describe_run(run), error=error)
            self.stdout.write(json.dumps(report | {"error": error} if error else report))


def _run_of(text: str) -> WorkflowRun:
    """Return the run of an id. Raises CommandError with exit code 2."""
    try:
        return WorkflowRun.objects.get(pk=UUID(text))
    except ValueError as error:
        words = f"RUN: {text!r} is no id; copy it from the run's page at the desk."
        raise CommandError(words, returncode=EXIT_BAD_INPUT) from error
    except WorkflowRun.DoesNotExist as error:
        archived = ArchivedRun.objects.filter(pk=text).first()
        known = (
            f"it was archived to {archived.file}, and obeys nobody any more" if archived else "is it of another site?"
        )
        raise CommandError(f"RUN: there is no run {text}; {known}", returncode=EXIT_BAD_INPUT) from error


def _refused(command: str, run: WorkflowRun, refusal: CommandRefused) -> str:
    possible = ", ".join(possible_commands(run)) or "nothing"
    return f"{command} is not possible now. {refusal} Possible: {possible}."
