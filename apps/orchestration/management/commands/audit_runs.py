"""Check the engine's promises over the whole database."""

import json
from argparse import ArgumentParser, ArgumentTypeError
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from apps.orchestration.queries.invariants import audit_runs


class Command(BaseCommand):
    help = "Check that every run has ended whole or left nothing behind; exit 1 on any violation."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help="print one JSON object and nothing else")
        parser.add_argument("--since", type=moment, help="of ended runs, only those accepted since (ISO 8601, UTC)")
        parser.add_argument("--no-files", action="store_true", help="leave out the files of packages: each is read")
        parser.add_argument("--no-seals", action="store_true", help="leave out the seals of the audit: each is read")

    def handle(self, *args: Any, **options: Any) -> None:
        audit = audit_runs(since=options["since"], files=not options["no_files"], seals=not options["no_seals"])
        if options["json"]:
            self.stdout.write(json.dumps(asdict(audit)))
        else:
            counts = ", ".join(f"{count} {state}" for state, count in audit.runs.items()) or "none yet"
            self.stdout.write(f"runs: {counts}\norphans: {audit.orphans}\nviolations: {len(audit.violations)}")
            for breach in audit.violations:
                self.stdout.write(f"  {breach['check']}: {breach['subject']} {breach['detail']}".rstrip())
        if audit.violations:
            raise CommandError(f"{len(audit.violations)} violations", returncode=1)


def moment(text: str) -> datetime:
    """Return the time a text names, in UTC where it names no zone. Raises ArgumentTypeError."""
    try:
        read = datetime.fromisoformat(text)
    except ValueError as error:
        raise ArgumentTypeError(f"{text!r} is no time like 2026-11-01 or 2026-11-01T08:30Z.") from error
    return read.replace(tzinfo=read.tzinfo or UTC)
