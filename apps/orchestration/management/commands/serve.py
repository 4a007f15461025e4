"""Serve the whole site on one machine."""

from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from apps.orchestration.management.processes import ProcessEnded, Processes


class Command(BaseCommand):
    help = "Serve web, workers and beat until Ctrl-C."

    def handle(self, *args: Any, **options: Any) -> None:
        call_command("migrate", verbosity=0)
        with Processes() as processes:
            processes.start_worker()
            processes.start_beat()
            processes.start_sweeper()
            self.stdout.write(f"Serving {processes.start_web()} · Ctrl-C ends it.")
            try:
                processes.wait()
            except ProcessEnded as error:
                raise CommandError(str(error)) from error
