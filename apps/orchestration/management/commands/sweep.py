"""Take up runs whose message or worker was lost, without needing the broker."""

import time
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.db import Error, connection

from apps.orchestration.services.sweep import sweep


class Command(BaseCommand):
    help = "Wake runs whose message or worker was lost. Any number may run, beside beat or instead of it."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--loop", action="store_true", help="go on until stopped")

    def handle(self, *args: Any, **options: Any) -> None:
        if not options["loop"]:
            self._sweep()
            return
        while True:
            try:
                self._sweep()
            except Error as error:  # it restarts, or takes no writes: we go on, with a new connection
                self.stderr.write(f"PostgreSQL does not do its work, trying again: {error}")
                connection.close()
            time.sleep(settings.RUN_SWEEP_SECONDS)

    def _sweep(self) -> None:
        if count := sweep():
            self.stdout.write(f"woke {count}")
