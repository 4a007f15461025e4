"""Print how a workflow is wired."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from apps.orchestration.rules import wiring_table, workflows_document
from apps.orchestration.workflows import UnknownWorkflow, get_workflow, list_workflows


class Command(BaseCommand):
    help = "Print a workflow's wiring: each step, what it needs and gives, and how it is taken back."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("name", nargs="?", help="all of them when left out, as docs/workflows.md has them")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["name"] is None:
            self.stdout.write(workflows_document(list_workflows()), ending="")
            return
        try:
            workflow = get_workflow(options["name"])
        except UnknownWorkflow as error:
            raise CommandError(str(error), returncode=2) from error
        self.stdout.write(wiring_table(workflow))
