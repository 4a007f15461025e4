"""What starts the site elsewhere: the Procfile, compose.yaml and the Dockerfile."""

import re
import shlex
from typing import Any

import pytest
import yaml
from celery.bin.base import CLIContext
from celery.bin.celery import celery as celery_command
from click import Context, NoSuchOption
from django.conf import settings
from django.core.management import CommandError, get_commands, load_command_class
from gunicorn.config import Config

from aicmo_site.celery import app
from aicmo_site.settings import BASE_DIR, Environment

COMPOSE = yaml.safe_load((BASE_DIR / "compose.yaml").read_text())
OURS = {name: service for name, service in COMPOSE["services"].items() if service["image"] == "aicmo"}
OF_THE_SHELL = {"QUEUE"}  # read by the health check beside it


def _procfile() -> dict[str, str]:
    lines = (BASE_DIR / "Procfile").read_text().splitlines()
    return {name: command.replace("${PORT:-8000}", "8000") for name, command in (line.split(": ", 1) for line in lines)}


def _composed() -> dict[str, str]:
    return {name: service["command"] for name, service in OURS.items() if "command" in service}


def _check(command: str) -> dict[str, Any]:
    """Let the program parse its own arguments and return what it made of them. Raises what the program would."""
    program, *arguments = shlex.split(command)
    if program == "gunicorn":
        return vars(Config().parser().parse_args(arguments))
    if program == "celery":
        assert arguments[:2] == ["-A", "aicmo_site"], command
        subcommand = celery_command.commands[arguments[2]]
        with Context(celery_command, obj=CLIContext(app=app, no_color=True, workdir=None)) as context:
            return subcommand.make_context(arguments[2], arguments[3:], parent=context).params
    assert (program, arguments[0]) == ("python", "manage.py"), command
    name = arguments[1]
    parser = load_command_class(get_commands()[name], name).create_parser("manage.py", name)
    return vars(parser.parse_args(arguments[2:]))


@pytest.mark.parametrize("commands", [_procfile(), _composed()], ids=["Procfile", "compose.yaml"])
def test_has_commands_that_exist_with_the_options_they_are_given(commands: dict[str, str]) -> None:
    assert all(_check(command) for command in commands.values())


@pytest.mark.parametrize(
    ("command", "error"),
    [
        ("celery -A aicmo_site worker --no-such-option", NoSuchOption),
        ("celery -A aicmo_site no_such", KeyError),
        ("python manage.py no_such", KeyError),
        ("python manage.py sweep --no-such", CommandError),
        ("gunicorn --no-such", SystemExit),
        ("sh -c true", AssertionError),
    ],
)
def test_would_tell_a_command_that_does_not_exist(command: str, error: type[BaseException]) -> None:
    with pytest.raises(error):
        _check(command)


@pytest.mark.parametrize("commands", [_procfile(), _composed()], ids=["Procfile", "compose.yaml"])
def test_serves_each_queue_by_workers_of_its_own(commands: dict[str, str]) -> None:
    served = [_check(command)["queues"] for command in commands.values() if " worker " in command]
    assert sorted(served) == sorted([queue.name] for queue in settings.CELERY_TASK_QUEUES)


def test_runs_the_same_processes_by_procfile_and_by_compose() -> None:
    procfile = _procfile()
    assert {name: command for name, command in _composed().items() if name != "migrate"} == {
        name: command for name, command in procfile.items() if name != "web"
    }


def test_gives_a_worker_the_time_to_finish_its_task() -> None:
    graces = [service["stop_grace_period"] for name, service in OURS.items() if name.startswith("worker-")]
    assert min(int(grace.removesuffix("s")) for grace in graces) > settings.CELERY_TASK_TIME_LIMIT


def test_names_only_variables_that_are_read() -> None:
    read = {str(field.validation_alias or name.upper()) for name, field in Environment.model_fields.items()}
    given = {name for service in OURS.values() for name in service["environment"]}
    dockerfile = set(re.findall(r"\b(AICMO_[A-Z_]+|[A-Z]+_URL)=", (BASE_DIR / "Dockerfile").read_text()))
    assert (given | dockerfile) - read - OF_THE_SHELL == set()


def test_holds_no_secret() -> None:
    for service in COMPOSE["services"].values():
        for name, value in service.get("environment", {}).items():
            if "PASSWORD" in name or "@" in value:
                assert "${POSTGRES_PASSWORD:?" in value


def test_waits_for_servers_that_say_they_are_well() -> None:
    for name, service in COMPOSE["services"].items():
        for server, how in service.get("depends_on", {}).items():
            is_checked = "healthcheck" in COMPOSE["services"][server]
            assert is_checked or how["condition"] == "service_completed_successfully", f"{name} on {server}"


def test_gives_the_role_the_limits_a_connection_has_without_pgbouncer() -> None:
    in_compose = dict(re.findall(r"SET (\w+) = '?(\w+)'?;", COMPOSE["configs"]["limits"]["content"]))
    environment = Environment.model_construct()
    assert in_compose == {
        "statement_timeout": f"{environment.statement_seconds}s",
        "lock_timeout": f"{environment.lock_seconds}s",
        "idle_in_transaction_session_timeout": f"{environment.idle_transaction_seconds}s",
        "jit": "off",
    }
