"""Check the engine's promises over the whole database."""

import json
from argparse import ArgumentParser
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from apps.orchestration.queries.invariants import audit_runs


class Command(BaseCommand):
    help = "Check that every run has ended whole or left nothing behind; exit 1 on any violation."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help="print one JSON object and nothing else")

    def handle(self, *args: Any, **options: Any) -> None:
        audit = audit_runs()
        if options["json"]:
            self.stdout.write(json.dumps(asdict(audit)))
        else:
            counts = ", ".join(f"{count} {state}" for state, count in audit.runs.items()) or "none yet"
            self.stdout.write(f"runs: {counts}\norphans: {audit.orphans}\nviolations: {len(audit.violations)}")
            for breach in audit.violations:
                self.stdout.write(f"  {breach['check']}: {breach['subject']} {breach['detail']}".rstrip())
        if audit.violations:
            raise CommandError(f"{len(audit.violations)} violations", returncode=1)
