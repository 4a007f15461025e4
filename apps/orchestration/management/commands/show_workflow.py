"""Print how a workflow is wired."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from apps.orchestration.rules import wiring_table
from apps.orchestration.workflows import UnknownWorkflow, get_workflow


class Command(BaseCommand):
    help = "Print a workflow's wiring: each step, what it needs and gives, and how it is taken back."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("name")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            workflow = get_workflow(options["name"])
        except UnknownWorkflow as error:
            raise CommandError(str(error), returncode=2) from error
        self.stdout.write(wiring_table(workflow))
