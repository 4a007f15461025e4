"""For a client that has ended, or is being erased …"""

import threading
from collections.abc import Callable
from contextlib import suppress
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection, transaction
from django.utils import timezone

from apps.identity import services as identity
from apps.identity.api.ports import ClientEnded
from apps.identity.models import Client, DataRequest
from apps.identity.tests.factories import ClientFactory, UserFactory
from apps.onboarding.models import Intake
from apps.orchestration.models import WorkflowRun
from apps.orchestration.queries import personal
from apps.orchestration.services import commands, cycles
from apps.orchestration.services.start import start_run
from apps.orchestration.tests.conftest import SAMPLES, finish
from apps.orchestration.workflows import get_workflow
from apps.reporting.api.dtos import ReportPeriod
from bench.probe.steps import Seed

Run = Callable[..., WorkflowRun]


def ended(client: Client) -> Client:
    client.status = Client.Status.ENDED
    identity.change_client(client, by=UserFactory().pk)
    return client


def erasing(client: Client, state: str = "CONFIRMED") -> Client:
    due = timezone.localdate()
    DataRequest.objects.create(kind="ERASURE", state=state, client=client, note="By letter.", due_date=due)
    return client


def start(client: Client, key: str = "late") -> WorkflowRun:
    return start_run(get_workflow("probe_five"), (Seed(),), key=key, at=timezone.now(), client_id=client.pk)


def test_no_run_starts_and_the_refusal_names_it(transactional_db: None) -> None:
    acme = ended(ClientFactory(name="Acme"))
    with pytest.raises(ClientEnded, match="Acme has ended"):
        start(acme)
    assert not WorkflowRun.objects.exists()


@pytest.mark.parametrize("state", ["CONFIRMED", "DONE"])
def test_no_run_starts_though_somebody_sets_it_active_again(transactional_db: None, state: str) -> None:
    acme = erasing(ClientFactory(name="Acme"), state)
    with pytest.raises(ClientEnded, match="Acme is erased"):
        start(acme)


def test_a_run_starts_while_an_erasure_is_only_asked_for(transactional_db: None) -> None:
    assert start(erasing(ClientFactory(), "ASKED")).state == "PENDING"


def test_the_run_of_a_key_is_given_back_all_the_same(transactional_db: None) -> None:
    acme = ClientFactory()
    run = start(acme, "early")
    assert start(ended(acme), "early").pk == run.pk


def test_nothing_of_an_intake_is_captured(shipped: None) -> None:
    path = str(SAMPLES / "intake_dental_clinic.json")
    call = ("run_workflow", "client_to_delivery", "--intake", path, "--wait", "0")
    with suppress(CommandError):
        call_command(*call, stdout=StringIO(), stderr=StringIO())
    before = Intake.objects.count()
    ended(Client.objects.get())
    with pytest.raises(CommandError, match="has ended") as refusal:
        call_command(*call, stdout=StringIO(), stderr=StringIO())
    assert (refusal.value.returncode, Intake.objects.count()) == (2, before)


def test_a_report_is_left_out_and_the_others_are_begun(transactional_db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    acme, globex, at = ClientFactory(), ClientFactory(), timezone.now()
    days = {"start_date": at.date().replace(day=1), "end_date": at.date().replace(day=28)}
    listed = tuple(ReportPeriod(client_id=client.pk, **days) for client in (acme, globex))
    monkeypatch.setattr(cycles.reporting, "months_to_report", lambda **_: listed)
    ended(acme)
    assert [run.client_id for run in cycles.start_monthly_reports(at=at)] == [globex.pk]


def test_an_ended_run_is_not_run_again(start_probe: Run) -> None:
    run = finish(start_probe())
    WorkflowRun.objects.filter(pk=run.pk).update(client=ended(ClientFactory(name="Acme")))
    with pytest.raises(commands.CommandRefused, match="Acme has ended"):
        commands.rerun(run, by=UserFactory().pk)


def test_a_run_under_way_goes_on_to_its_end_and_forbids_an_erasure_till_then(transactional_db: None) -> None:
    acme = ClientFactory()
    run = start(acme)
    ended(acme)
    subject = personal.Subject(client_id=acme.pk)
    assert "1 runs are open: let them end, or cancel them" in personal.blockers(subject)
    assert finish(run).state == "COMPLETED"
    assert not [words for words in personal.blockers(subject) if "runs are open" in words]


def test_a_run_and_the_end_do_not_pass_each_other(transactional_db: None) -> None:
    """A run that is being accepted is there before the client ends; the end is there before the next one is."""
    acme, begun, may_commit = ClientFactory(), threading.Event(), threading.Event()
    order: list[str] = []

    def accept() -> None:
        with transaction.atomic():
            start(acme, "first")
            begun.set()
            may_commit.wait(20)
            order.append("run")
        connection.close()

    def end() -> None:
        begun.wait(20)
        ended(Client.objects.get(pk=acme.pk))
        order.append("end")
        connection.close()

    threads: list[Any] = [threading.Thread(target=each) for each in (accept, end)]
    for thread in threads:
        thread.start()
    begun.wait(20)
    threads[1].join(0.5)
    assert order == []
    may_commit.set()
    for thread in threads:
        thread.join()
    assert order == ["run", "end"]
    with pytest.raises(ClientEnded):
        start(acme, "second")
