"""`manage.py run_command` …"""

import json
from collections.abc import Callable
from datetime import date

import pytest
from django.contrib.auth.models import Permission
from django.core.management import CommandError, call_command
from uuid_utils.compat import uuid7

from apps.identity.models import User
from apps.orchestration.models import ArchivedRun, OutboxEvent, WorkflowRun
from apps.orchestration.services.commands import COMMANDS

Ready = Callable[[str], WorkflowRun]


@pytest.fixture
def manager(transactional_db: None, strategist: User) -> User:
    """A person who may cancel, take back, rework and skip."""
    codenames = ["cancel_run", "compensate_run", "decide_round", "skip_step"]
    strategist.user_permissions.set(Permission.objects.filter(codename__in=codenames))
    return strategist


def give(command: str, run: object, **options: object) -> None:
    call_command("run_command", command, str(getattr(run, "pk", run)), **options)


def refusal_of(command: str, run: object, **options: object) -> tuple[int, str]:
    """Return the exit code and the words of a command that must not be carried out."""
    told = OutboxEvent.objects.count()
    with pytest.raises(CommandError) as refused:
        give(command, run, **options)
    assert OutboxEvent.objects.count() == told
    return refused.value.returncode, str(refused.value)


def test_says_what_became_of_the_run(ready_for: Ready, manager: User, capsys: pytest.CaptureFixture[str]) -> None:
    run = ready_for("cancel")
    give("cancel", run, by="Strategist@AICMO.test", reason="late")
    assert capsys.readouterr().out == f"cancel: done. Run {run.pk} is COMPENSATING.\n"


def test_prints_the_run_and_nothing_else_as_json(
    ready_for: Ready, manager: User, capsys: pytest.CaptureFixture[str]
) -> None:
    run = ready_for("rework")
    give("rework", run, by=manager.email, reason="shorter", json=True)
    printed = json.loads(capsys.readouterr().out)
    assert (printed["run_id"], printed["state"]) == (str(run.pk), "RUNNING")
    assert "make_piece" in [step["name"] for step in printed["steps"]]


def test_prints_the_new_run_of_a_rerun(ready_for: Ready, manager: User, capsys: pytest.CaptureFixture[str]) -> None:
    manager.user_permissions.add(Permission.objects.get(codename="rerun_run"))
    run = ready_for("rerun")
    give("rerun", run, by=manager.email, json=True)
    assert json.loads(capsys.readouterr().out)["run_id"] == str(run.reruns.get().pk)


@pytest.mark.parametrize(
    ("run", "words"),
    [("12", "RUN: '12' is no id; copy it from the run's page"), (str(uuid7()), "RUN: there is no run")],
)
def test_ends_with_2_for_a_run_it_cannot_find(manager: User, run: str, words: str) -> None:
    code, said = refusal_of("cancel", run, by=manager.email, reason="x")
    assert (code, words in said) == (2, True)


def test_ends_with_2_for_a_run_that_is_archived_and_names_its_file(manager: User) -> None:
    kept = {"idempotency_key": "old", "input_digest": "0" * 64, "workflow": "probe_five", "state": "COMPLETED"}
    archived = ArchivedRun.objects.create(id=uuid7(), month=date(2026, 7, 1), file="runs-2026-07.jsonl.gz", **kept)
    code, said = refusal_of("compensate", archived.pk, by=manager.email, reason="x")
    assert (code, "archived to runs-2026-07.jsonl.gz" in said) == (2, True)


def test_ends_with_2_for_a_person_nobody_knows(ready_for: Ready, manager: User) -> None:
    code, said = refusal_of("cancel", ready_for("cancel"), by="nobody@aicmo.test", reason="x")
    assert (code, said) == (2, "--by: nobody has the address 'nobody@aicmo.test'; give the one that you log in with.")


def test_ends_with_2_without_a_reason_where_one_is_needed(
    ready_for: Ready, manager: User, capsys: pytest.CaptureFixture[str]
) -> None:
    code, said = refusal_of("cancel", ready_for("cancel"), by=manager.email, json=True)
    assert (code, said) == (2, "--reason: Say why; the reason is kept in the audit.")
    assert json.loads(capsys.readouterr().out)["error"] == said


def test_ends_with_2_for_a_command_there_is_not(manager: User) -> None:
    with pytest.raises(CommandError, match="invalid choice: 'destroy'"):
        give("destroy", uuid7(), by=manager.email)


def test_ends_with_3_where_the_state_does_not_allow_it_and_says_what_it_does_allow(
    ready_for: Ready, manager: User, capsys: pytest.CaptureFixture[str]
) -> None:
    run = ready_for("compensate")
    code, said = refusal_of("cancel", run, by=manager.email, reason="x", json=True)
    assert code == 3
    assert said.startswith("cancel is not possible now. The run is COMPLETED;")
    assert said.endswith("Possible: compensate, rerun.")
    printed = json.loads(capsys.readouterr().out)
    assert (printed["state"], printed["error"]) == ("COMPLETED", said)


def test_ends_with_3_where_the_present_step_is_done(ready_for: Ready, manager: User) -> None:
    assert refusal_of("skip-step", ready_for("rework"), by=manager.email, reason="x")[0] == 3


@pytest.mark.parametrize("command", COMMANDS)
def test_ends_with_4_for_who_may_not(ready_for: Ready, transactional_db: None, reviewer: User, command: str) -> None:
    code, said = refusal_of(command, uuid7(), by=reviewer.email, reason="x")
    assert (code, COMMANDS[command].permission in said) == (4, True)


def test_ends_with_4_for_an_account_that_is_not_active(ready_for: Ready, manager: User) -> None:
    User.objects.filter(pk=manager.pk).update(is_active=False)
    code, said = refusal_of("cancel", ready_for("cancel"), by=manager.email, reason="x")
    assert (code, said) == (4, "--by: the account of strategist@aicmo.test is not active.")
