"""Pause, kill or proof mode, switched or shown from a shell."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from apps.orchestration.management.people import EXIT_BAD_INPUT, permitted_person
from apps.orchestration.models import ControlFlag
from apps.orchestration.queries.control import find_flag
from apps.orchestration.services.control import ReasonMissing, set_flag

PERMISSION = "orchestration.set_control_flag"
NAMES = [name.lower() for name in ControlFlag.Name.values]


class Command(BaseCommand):
    help = (
        "Switch pause, kill or proof mode on or off for all workers, or show how it stands and why. "
        "Exit code: 0 done, 2 bad input, 4 not permitted."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("flag", choices=NAMES)
        parser.add_argument("wanted", choices=["on", "off", "show"])
        parser.add_argument("--by", metavar="EMAIL", help="who switches it")
        parser.add_argument("--reason", default="", metavar="TEXT", help="why; everybody at the desk will read it")
        parser.add_argument("--json", action="store_true", help="print one JSON object and nothing else")

    def handle(self, *args: Any, **options: Any) -> None:
        name = ControlFlag.Name[options["flag"].upper()]
        if options["wanted"] != "show":
            _switch(name, options)
        facts = _facts(name)
        self.stdout.write(json.dumps(facts) if options["json"] else _in_words(facts))


def _switch(name: ControlFlag.Name, options: dict[str, Any]) -> None:
    if options["by"] is None:
        raise CommandError("--by: say who switches it, by the address you log in with.", returncode=EXIT_BAD_INPUT)
    person = permitted_person(options["by"], PERMISSION)
    try:
        set_flag(name, is_on=options["wanted"] == "on", by=person.pk, reason=options["reason"], at=timezone.now())
    except ReasonMissing as error:
        raise CommandError(f"--reason: {error}", returncode=EXIT_BAD_INPUT) from error


def _facts(name: ControlFlag.Name) -> dict[str, Any]:
    flag = find_flag(name)
    return {
        "flag": name.lower(),
        "is_on": flag is not None and flag.is_on,
        "reason": flag.reason if flag else "",
        "set_by": flag.set_by.email if flag and flag.set_by else None,
        "set_at": flag.set_at.isoformat() if flag and flag.set_at else None,
    }


def _in_words(facts: dict[str, Any]) -> str:
    stands = f"{facts['flag']} is {'on' if facts['is_on'] else 'off'}"
    if facts["set_at"] is None:
        return f"{stands}, and was never switched."
    return f"{stands} since {facts['set_at']}, by {facts['set_by']}: {facts['reason']}"
