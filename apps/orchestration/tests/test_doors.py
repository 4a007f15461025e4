"""A command is given …"""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client as Browser
from django.urls import reverse

from apps.identity.models import User
from apps.identity.tests.factories import UserFactory
from apps.observability.models import AuditEntry
from apps.orchestration.api import ports
from apps.orchestration.models import WorkflowRun
from apps.orchestration.services.commands import COMMANDS
from apps.shared.testing import send_dialog

PORTS = {
    "retry-step": ports.retry_step,
    "resume": ports.resume_run,
    "cancel": ports.cancel_run,
    "compensate": ports.compensate_run,
    "skip-step": ports.skip_step,
    "rerun": ports.rerun_run,
    "rework": ports.rework_round,
    "accept": ports.accept_round,
    "retry-compensation": ports.retry_compensation,
}
WORDS = "The client called."


@pytest.fixture
def owner(transactional_db: None) -> User:
    return UserFactory(email="owner@aicmo.test", is_superuser=True)


def at_the_desk(command: str, run: WorkflowRun, owner: User) -> None:
    browser = Browser()
    browser.force_login(owner)
    button = reverse(f"admin:orchestration_workflowrun_{COMMANDS[command].service.__name__}", args=[run.pk])
    assert "HX-Redirect" in send_dialog(browser, button, reason=WORDS)


def from_a_shell(command: str, run: WorkflowRun, owner: User) -> None:
    call_command("run_command", command, str(run.pk), by=owner.email, reason=WORDS)


def by_a_port(command: str, run: WorkflowRun, owner: User) -> None:
    PORTS[command](run_id=run.pk, by=owner.pk, reason=WORDS)


def effect_on(run: WorkflowRun) -> dict[str, Any]:
    """Return what a command did to a run, and what the audit says of it, without what differs from run to run."""
    columns = (
        "state",
        "position",
        "round",
        "attempts",
        "retried",
        "instruction",
        "waiting_for",
        "is_cancelled",
        "error",
    )
    last = AuditEntry.objects.filter(run_id=run.pk, actor_id__isnull=False).latest("id")
    facts = {name: value for name, value in last.facts.items() if name != "new_run_id"}
    return {
        **WorkflowRun.objects.values(*columns).get(pk=run.pk),
        "again": list(run.reruns.values_list("state", "workflow", "started_by")),
        "audit": (last.action, last.actor_id, last.reason, facts, last.before, last.after),
    }


def test_has_a_port_for_every_name() -> None:
    assert PORTS.keys() == COMMANDS.keys()


@pytest.mark.parametrize("command", COMMANDS)
def test_with_the_same_effect_and_audit_through_every_door(
    ready_for: Callable[[str], WorkflowRun], owner: User, command: str
) -> None:
    effects = []
    for door in (at_the_desk, from_a_shell, by_a_port):
        run = ready_for(command)
        entries = AuditEntry.objects.filter(run_id=run.pk, actor_id=owner.pk).count()
        door(command, run, owner)
        assert AuditEntry.objects.filter(run_id=run.pk, actor_id=owner.pk).count() == entries + 1
        effects.append(effect_on(run))
    assert effects[0] == effects[1] == effects[2]
    assert effects[0]["audit"][1:3] == (owner.pk, WORDS)
