"""A run in the portal …"""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client as Browser
from django.urls import reverse
from django.utils import timezone
from uuid_utils.compat import uuid7

from apps.identity.models import Client
from apps.identity.tests.factories import MembershipFactory, Portal
from apps.orchestration.models import WorkflowRun
from apps.orchestration.queries.portal import DOING, TITLES
from apps.orchestration.workflows import list_workflows
from apps.shared.workflow import WaitFor

pytestmark = pytest.mark.django_db


def a_run(client: Client, state: str, **fields: Any) -> WorkflowRun:
    fields = {"inputs": {}, "input_digest": "", "idempotency_key": str(uuid7())} | fields
    return WorkflowRun.objects.create(workflow="client_to_delivery", version=1, client=client, state=state, **fields)


@pytest.fixture
def portal(acme: Client) -> Portal:
    return Portal(MembershipFactory(client=acme, role="VIEWER"))


SAID = (
    ("PENDING", {}, "IN_WORK"),
    ("RUNNING", {"position": 2}, "IN_WORK"),
    ("WAITING", {"waiting_for": ["StrategyApproved", "StrategyRejected"]}, "IN_WORK"),
    ("WAITING", {"waiting_for": ["ReviewDecided", "ReviewWithdrawn"]}, "WAITING_FOR_YOU"),
    ("WAITING", {"waiting_for": None, "error": "KeyError"}, "IN_WORK"),
    ("COMPLETED", {"position": 5}, "DONE"),
    ("COMPENSATING", {}, "STOPPED"),
    ("COMPENSATED", {}, "STOPPED"),
    ("CANCELLED", {}, "STOPPED"),
    ("STUCK", {"error": "The disk is full"}, "STOPPED"),
    ("FAILED", {}, "STOPPED"),
)


@pytest.mark.parametrize(("state", "fields", "said"), SAID)
def test_says_how_it_stands_in_the_clients_words_and_is_found_by_them(
    portal: Portal, acme: Client, state: str, fields: dict[str, Any], said: str
) -> None:
    run = a_run(acme, state, **fields)
    assert portal.get(f"runs/{run.pk}").json()["state"] == said
    for each in ("IN_WORK", "WAITING_FOR_YOU", "DONE", "STOPPED"):
        found = portal.get(f"runs?state={each}").json()["results"]
        assert [row["id"] for row in found] == ([str(run.pk)] if each == said else [])


def test_waits_for_a_client_that_approves_strategies(portal: Portal, acme: Client) -> None:
    acme.approves_strategies = True
    acme.save()
    a_run(acme, "WAITING", waiting_for=["StrategyApproved", "StrategyRejected"])
    assert len(portal.get("runs?state=WAITING_FOR_YOU").json()["results"]) == 1
    assert portal.get("runs?state=IN_WORK").json()["results"] == []
    assert portal.get("runs").json()["results"][0]["state"] == "WAITING_FOR_YOU"


def test_counts_its_steps(portal: Portal, acme: Client) -> None:
    run = a_run(acme, "RUNNING", position=2)
    shown = portal.get(f"runs/{run.pk}").json()
    assert (shown["steps_done"], shown["steps"], shown["percent"]) == (2, 5, 40)
    assert (shown["title"], shown["doing"]) == ("Your marketing package", "We write.")
    done = portal.get(f"runs/{a_run(acme, 'COMPLETED', position=5).pk}").json()
    assert (done["percent"], done["doing"]) == (100, "")
    stopped = portal.get(f"runs/{a_run(acme, 'STUCK', position=3).pk}").json()
    assert (stopped["steps_done"], stopped["doing"]) == (0, "")


def test_tells_nothing_of_the_engine(portal: Portal, acme: Client) -> None:
    run = a_run(
        acme, "WAITING", error="KeyError: secret", parked="v1 is gone", lease_owner="w@h", inputs={"a": "secret"}
    )
    answer = portal.get(f"runs/{run.pk}")
    assert set(answer.json()) == {
        *("id", "title", "state", "doing", "steps_done", "steps", "percent", "created_at", "finished_at")
    }
    assert b"secret" not in answer.content


def test_of_a_release_that_is_gone_is_told_of_all_the_same(portal: Portal, acme: Client) -> None:
    run = a_run(acme, "COMPLETED")
    WorkflowRun.objects.filter(pk=run.pk).update(workflow="yearly_report", version=9)
    shown = portal.get(f"runs/{run.pk}").json()
    assert (shown["title"], shown["steps"], shown["percent"]) == ("Yearly report", 0, 0)


def test_of_another_client_does_not_exist(portal: Portal, globex: Client) -> None:
    run = a_run(globex, "RUNNING")
    foreign, missing = portal.get(f"runs/{run.pk}"), portal.get(f"runs/{uuid7()}")
    assert (foreign.status_code, foreign.content) == (missing.status_code, missing.content)
    assert portal.get("runs").json()["results"] == []


def test_has_words_for_every_workflow_and_step() -> None:
    shipped = [workflow for workflow in list_workflows() if workflow.name.startswith("client_to_delivery")]
    assert {workflow.name for workflow in shipped} <= set(TITLES)
    steps = {spec.name for workflow in shipped for spec in workflow.specs if not isinstance(spec, WaitFor)}
    assert steps <= set(DOING)


def test_is_on_the_first_page_in_plain_words_until_a_week_after_its_end(acme: Client) -> None:
    browser, now = Browser(), timezone.now()
    browser.force_login(MembershipFactory(client=acme, role="VIEWER").user)
    home = reverse("portal-home")
    assert "We are not working on anything" in browser.get(home).content.decode()
    a_run(acme, "RUNNING", position=1, error="KeyError: secret")
    a_run(acme, "WAITING", waiting_for=["ReviewDecided"])
    page = browser.get(home).content.decode()
    for words in ("We work out the strategy.", "Step 1 of", "It waits for your decision."):
        assert words in page
    assert not re.search("KeyError|generate_strategy|RUNNING|ReviewDecided", page)
    WorkflowRun.objects.all().update(state="COMPLETED", finished_at=now - timedelta(days=6))
    assert browser.get(home).content.decode().count("Done.") == 2
    WorkflowRun.objects.all().update(finished_at=now - timedelta(days=8))
    assert "We are not working on anything" in browser.get(home).content.decode()
