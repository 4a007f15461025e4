"""Check the invariants of the books."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from apps.billing.models import BookProof
from apps.billing.services.proofs import prove_books


class Command(BaseCommand):
    help = "Check that all of the books add up, and keep the proof; exit 1, naming the rows, when they do not."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help="print one JSON object and nothing else")

    def handle(self, *args: Any, **options: Any) -> None:
        proof = prove_books(at=timezone.now())
        self.stdout.write(_as_json(proof) if options["json"] else _as_text(proof))
        if proof.breach_count:
            raise CommandError(f"The books are broken: {proof.told}.", returncode=1)


def _as_json(proof: BookProof) -> str:
    names = ("rows", "checks", "breach_count", "breaches")
    told = {"id": str(proof.pk), "proved_at": proof.proved_at.isoformat()}
    return json.dumps(told | {name: getattr(proof, name) for name in names})


def _as_text(proof: BookProof) -> str:
    counts = ", ".join(f"{count} {name}" for name, count in proof.rows.items())
    named = [f"  {each['check']}: {each['subject']} {each['detail']}".rstrip() for each in proof.breaches]
    further = proof.breach_count - len(named)
    return "\n".join([f"read: {counts}", proof.told, *named, *([f"  and {further} more"] if further else [])])
