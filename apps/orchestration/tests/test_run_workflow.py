"""`manage.py run_workflow` as a shell sees it."""

import json
import os
import subprocess
import sys
from argparse import ArgumentTypeError
from collections.abc import Callable
from io import StringIO
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import OperationalError

from apps.onboarding.api import ports as onboarding
from apps.orchestration.api.dtos import Run
from apps.orchestration.management.commands import run_workflow
from apps.orchestration.management.commands.run_workflow import DEFAULT_WAIT_SECONDS, Command
from apps.orchestration.models import WorkflowRun
from apps.orchestration.queries.runs import find_run
from apps.orchestration.services.sweep import move
from apps.orchestration.tests.conftest import finish, worker_environment
from apps.shared.workflow import PersonNeeded

pytestmark = pytest.mark.usefixtures("shipped")

SAMPLES = Path(__file__).resolve().parents[3] / "samples"


def _run(*arguments: str, environment: dict[str, str] | None = None) -> subprocess.CompletedProcess:
    command = [sys.executable, "manage.py", "run_workflow", *arguments, "--json"]
    environment = environment or worker_environment()
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False, timeout=120)


@pytest.mark.worker
def test_prints_one_json_object_and_exits_0(worker: Callable) -> None:
    worker()
    result = _run("client_to_delivery", "--intake", str(SAMPLES / "intake_dental_clinic.json"), "--key", "shell")
    printed = json.loads(result.stdout)
    assert (result.returncode, printed["state"], printed["error"]) == (0, "COMPLETED", "")
    assert [step["state"] for step in printed["steps"]] == ["SUCCEEDED"] * 5
    assert set(printed["steps"][0]) == {"name", "state", "attempts", "ms", "error"}
    for artifact in printed["package"]["artifacts"]:
        assert Path(artifact["path"]).stat().st_size == artifact["bytes"]
    assert "generate_strategy" in result.stderr, "no progress was shown"


def test_exits_2_naming_every_field_and_keeps_only_the_intake() -> None:
    intake = SAMPLES / "intake_bakery_incomplete.json"
    result = _run("client_to_delivery", "--intake", str(intake), "--key", "bakery")
    printed = json.loads(result.stdout)
    assert (result.returncode, printed["run_id"], printed["package"]) == (2, None, None)
    assert "objective" in printed["error"]
    assert "audience" in printed["error"]
    assert onboarding.find_intake(key="bakery") is not None
    assert not WorkflowRun.objects.exists()


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        ("", "not JSON"),
        ("[1, 2]", "object"),
        ('{"client": {"name": "X"}}', "country"),
        ('{"a": ' + "[" * 50_000, "not JSON"),
    ],
)
def test_exits_2_on_a_file_that_is_no_intake(tmp_path: Path, content: str, complaint: str) -> None:
    path = tmp_path / "intake.json"
    path.write_text(content)
    result = _run("client_to_delivery", "--intake", str(path))
    assert result.returncode == 2, result.stderr
    assert complaint in json.loads(result.stdout)["error"]


@pytest.mark.parametrize(
    "arguments",
    [
        ("no_such_workflow",),
        ("client_to_delivery", "--pack", "no_such_pack"),
    ],
)
def test_exits_2_before_storing_anything(arguments: tuple[str, ...]) -> None:
    result = _run(*arguments, "--intake", str(SAMPLES / "intake_dental_clinic.json"), "--key", "nothing")
    assert result.returncode == 2
    assert onboarding.find_intake(key="nothing") is None


def test_exits_2_when_a_key_comes_again_with_another_intake() -> None:
    first = _run("client_to_delivery", "--intake", str(SAMPLES / "intake_b2b_saas.json"), "--key", "k", "--wait", "0")
    second = _run("client_to_delivery", "--intake", str(SAMPLES / "intake_dental_clinic.json"), "--key", "k")
    assert (first.returncode, second.returncode) == (5, 2)


def test_exits_2_on_a_key_too_long() -> None:
    result = _run("client_to_delivery", "--intake", str(SAMPLES / "intake_b2b_saas.json"), "--key", "k" * 300)
    assert (result.returncode, json.loads(result.stdout)["run_id"]) == (2, None)


def test_exits_2_on_a_wait_that_is_no_time() -> None:
    result = _run("client_to_delivery", "--intake", str(SAMPLES / "intake_b2b_saas.json"), "--wait=nan")
    assert result.returncode == 2
    assert "'nan' is not a number of seconds, 0 or more" in result.stderr
    assert not WorkflowRun.objects.exists()


@pytest.mark.parametrize("seconds", ["nan", "inf", "-inf", "-1", "soon", ""])
def test_takes_no_wait_that_is_no_time(seconds: str) -> None:
    with pytest.raises(ArgumentTypeError, match="is not a number of seconds"):
        run_workflow.wait_seconds(seconds)


def test_waits_as_long_as_ever_when_the_wait_names_no_time() -> None:
    parser = Command().create_parser("manage.py", "run_workflow")
    given = ["client_to_delivery", "--intake", "x.json"]
    assert parser.parse_args(given).wait == parser.parse_args([*given, "--wait"]).wait == DEFAULT_WAIT_SECONDS
    assert parser.parse_args([*given, "--wait", "2.5"]).wait == 2.5


@pytest.mark.parametrize("make", [os.mkfifo, os.mkdir, lambda path: os.symlink("/dev/zero", path)])
def test_exits_2_on_an_intake_that_is_no_file(tmp_path: Path, make: Callable[[Path], None]) -> None:
    make(tmp_path / "intake.json")
    result = _run("client_to_delivery", "--intake", str(tmp_path / "intake.json"))
    assert result.returncode == 2
    assert "not a file" in json.loads(result.stdout)["error"]


def test_exits_7_with_one_json_object_when_the_database_is_away() -> None:
    away = worker_environment() | {"DATABASE_URL": "postgresql://nobody@127.0.0.1:9/nowhere"}
    result = _run("client_to_delivery", "--intake", str(SAMPLES / "intake_b2b_saas.json"), environment=away)
    printed = json.loads(result.stdout)
    assert (result.returncode, printed["run_id"], printed["state"]) == (7, None, None)
    assert "database does not answer" in printed["error"]
    assert "Traceback" not in result.stderr


def _follow(*arguments: str, wait: str = "0") -> tuple[int, dict[str, Any], str]:
    """Run the command in this process; return its exit code, what it printed and what it said."""
    out, intake = StringIO(), ("--intake", str(SAMPLES / "intake_b2b_saas.json"), "--key", "again")
    try:
        call_command("run_workflow", "client_to_delivery", *intake, "--wait", wait, "--json", *arguments, stdout=out)
    except CommandError as error:
        return error.returncode, json.loads(out.getvalue()), str(error)
    return 0, json.loads(out.getvalue()), ""


@pytest.mark.parametrize(
    ("point", "state", "code"), [("evaluate_draft.written", "COMPENSATED", 3), ("normalize_brief.written", "FAILED", 4)]
)
def test_exits_by_how_the_run_ended(faults: Callable, point: str, state: str, code: int) -> None:
    assert _follow()[0] == 5
    faults(point, fault="refuse")
    finish(WorkflowRun.objects.get())
    ended, printed, words = _follow(wait="60")
    assert (ended, printed["state"]) == (code, state)
    assert "planned at" in words


@pytest.mark.parametrize(("state", "code"), [("STUCK", 4), ("CANCELLED", 3), ("WAITING", 6)])
def test_ends_following_a_run_that_nothing_moves(state: str, code: int) -> None:
    _follow()
    WorkflowRun.objects.update(state=state, waiting_for=["StrategyApproved", "StrategyRejected"])
    ended, printed, words = _follow(wait="60")
    assert (ended, printed["state"]) == (code, state)
    assert ("waits for StrategyApproved or StrategyRejected" in words) is (state == "WAITING")


def test_says_why_a_step_asked_for_a_person(monkeypatch: pytest.MonkeyPatch) -> None:
    def ask(*_: object, **__: object) -> None:
        raise PersonNeeded("The price list is missing; upload it.")

    monkeypatch.setattr("apps.strategy.services.store_strategy", ask)
    _follow()
    move(WorkflowRun.objects.get().pk)
    ended, printed, words = _follow(wait="60")
    assert (ended, printed["state"]) == (6, "WAITING")
    assert "The price list is missing" in words


def test_goes_on_following_when_the_database_was_away_for_a_while(monkeypatch: pytest.MonkeyPatch) -> None:
    _follow()
    answers = iter([OperationalError("the server is starting up"), OperationalError("and still"), None])

    def find(run_id: UUID) -> Run:
        if (away := next(answers, None)) is not None:
            raise away
        return find_run(run_id)

    monkeypatch.setattr(run_workflow, "find_run", find)
    assert _follow(wait="1.5")[0] == 5
    monkeypatch.setattr(run_workflow, "find_run", lambda _: (_ for _ in ()).throw(OperationalError("gone")))
    ended, printed, words = _follow()
    assert (ended, printed["run_id"]) == (7, None)
    assert f"Run {WorkflowRun.objects.get().pk} was accepted" in words


def test_exits_5_when_nothing_moves_the_run() -> None:
    result = _run("client_to_delivery", "--intake", str(SAMPLES / "intake_b2b_saas.json"), "--wait", "0.3")
    assert result.returncode == 5
    assert "worker" in result.stderr
