"""`manage.py control_flag` …"""

import json

import pytest
from django.contrib.auth.models import Permission
from django.core.management import CommandError, call_command

from apps.identity.models import User
from apps.observability.models import AuditEntry
from apps.orchestration.models import ControlFlag

pytestmark = pytest.mark.django_db


@pytest.fixture
def switcher(strategist: User) -> User:
    strategist.user_permissions.add(Permission.objects.get(codename="set_control_flag"))
    return strategist


@pytest.mark.parametrize("name", ["pause", "kill", "proof"])
def test_switches_on_and_off_in_a_persons_name(switcher: User, name: str, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("control_flag", name, "on", by=switcher.email, reason="a drill")
    flag = ControlFlag.objects.get(name=name.upper())
    assert (flag.is_on, flag.set_by, flag.reason) == (True, switcher, "a drill")
    call_command("control_flag", name, "off", by=switcher.email, reason="it is over")
    assert capsys.readouterr().out.splitlines()[-1].endswith("by strategist@aicmo.test: it is over")
    reasons = AuditEntry.objects.filter(action="ControlFlagSet", actor_id=switcher.pk).order_by("id")
    assert list(reasons.values_list("reason", flat=True)) == ["a drill", "it is over"]


def test_shows_how_a_flag_stands_to_anybody(switcher: User, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("control_flag", "kill", "show")
    assert capsys.readouterr().out == "kill is off, and was never switched.\n"
    call_command("control_flag", "kill", "on", by=switcher.email, reason="a drill", json=True)
    printed = json.loads(capsys.readouterr().out)
    assert (printed["flag"], printed["is_on"], printed["set_by"]) == ("kill", True, switcher.email)


@pytest.mark.parametrize(
    ("options", "code", "words"),
    [
        ({"reason": "x"}, 2, "--by: say who switches it"),
        ({"by": "nobody@aicmo.test", "reason": "x"}, 2, "nobody has the address"),
        ({"by": "strategist@aicmo.test"}, 2, "--reason: Say why KILL is switched on."),
        ({"by": "reviewer@aicmo.test", "reason": "x"}, 4, "orchestration.set_control_flag"),
    ],
)
@pytest.mark.usefixtures("switcher", "reviewer")
def test_switches_nothing_without_a_person_who_may_and_says_why(options: dict, code: int, words: str) -> None:
    with pytest.raises(CommandError, match=words) as refused:
        call_command("control_flag", "kill", "on", **options)
    assert refused.value.returncode == code
    assert not ControlFlag.objects.filter(is_on=True).exists()
