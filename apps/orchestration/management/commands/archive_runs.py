"""Move ended runs of past months out of the tables into files."""

from argparse import ArgumentParser, ArgumentTypeError
from datetime import date, datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from apps.orchestration.gateways import FolderInUse
from apps.orchestration.queries.archive import list_months
from apps.orchestration.services.archive import ArchiveBroken, MonthNotOver, archive_before


class Command(BaseCommand):
    help = (
        "Write the runs that ended before a month to one gzip file of JSON lines a month, and then delete them. Safe "
        "beside working workers; after a kill, the same call goes on. Unfinished runs and audit entries stay."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--before", required=True, type=month, metavar="YYYY-MM", help="the first month that stays")
        parser.add_argument("--to", type=Path, default=settings.ARCHIVE_FOLDER, help="folder (default: %(default)s)")
        parser.add_argument("--dry-run", action="store_true", help="only say what there is to archive")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["dry_run"]:
            for each in list_months(options["before"]):
                self.stdout.write(f"{each.first_day:%Y-%m}  {each.ready:>9,} to archive  {each.staying:>6,} must stay")
            return
        try:
            for file in archive_before(options["before"], options["to"], at=timezone.now()):
                self.stdout.write(f"{file.runs:>9,} runs  {file.bytes:>13,} bytes  sha256 {file.sha256}  {file.path}")
        except MonthNotOver as error:
            raise CommandError(str(error), returncode=2) from error
        except (FolderInUse, OSError, ArchiveBroken) as error:
            raise CommandError(str(error), returncode=1) from error


def month(text: str) -> date:
    """Return the first day of a month. Raises ArgumentTypeError."""
    try:
        return datetime.strptime(text, "%Y-%m").date()  # noqa: DTZ007  (a month has no zone)
    except ValueError as error:
        raise ArgumentTypeError(f"{text!r} is no month like 2026-11.") from error
