"""Run the main job once, then serve."""

import secrets
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from apps.identity.api import ports as identity
from apps.orchestration.management.processes import ProcessEnded, Processes

OWNER = "owner@aicmo.test"


class Command(BaseCommand):
    help = "Run client_to_delivery on an intake with a real worker, print what was made, then serve the desk."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("intake", type=Path)
        parser.add_argument("--no-serve", action="store_true", help="end after printing")

    def handle(self, *args: Any, **options: Any) -> None:
        call_command("migrate", verbosity=0)
        password = self._owner_password()
        with Processes() as processes:
            processes.start_worker()
            processes.start_beat()
            processes.start_sweeper()
            call_command(
                "run_workflow", "client_to_delivery", intake=options["intake"], stdout=self.stdout, stderr=self.stderr
            )
            if options["no_serve"]:
                self.stdout.write(f"login  {OWNER} / {password}  (`make run` serves the desk)")
                return
            self.stdout.write(f"desk   {processes.start_web()}\nlogin  {OWNER} / {password}\nCtrl-C ends it.")
            try:
                processes.wait()
            except ProcessEnded as error:
                raise CommandError(str(error)) from error

    def _owner_password(self) -> str:
        """Return the password of this checkout's owner account, made on the first demo."""
        path = settings.DATA_DIR / "owner_password"
        if not path.exists():
            path.touch(mode=0o600)
            path.write_text(secrets.token_urlsafe(12))
        password = path.read_text()
        identity.ensure_owner(email=OWNER, password=password, full_name="Olivia Owner")
        return password
