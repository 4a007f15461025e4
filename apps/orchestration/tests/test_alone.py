"""A workflow that goes alone …"""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client as Browser
from django.urls import reverse
from django.utils import timezone

from apps.identity.tests.factories import UserFactory
from apps.observability.models import AuditEntry
from apps.orchestration.models import EventReceipt, OutboxEvent, StepRun, WorkflowRun
from apps.orchestration.queries.invariants import audit_runs
from apps.orchestration.services import commands, forget
from apps.orchestration.services.archive import archive_before
from apps.orchestration.services.start import start_run
from apps.orchestration.tests.conftest import finish
from apps.orchestration.workflows import get_workflow
from bench.probe.steps import Seed

Run = Callable[..., WorkflowRun]


def _old(run: WorkflowRun, days: int = 40) -> WorkflowRun:
    WorkflowRun.objects.filter(pk=run.pk).update(finished_at=timezone.now() - timedelta(days=days))
    return run


def test_gives_back_the_run_that_has_not_ended(start_probe: Run) -> None:
    first = start_probe("probe_alone")
    assert start_probe("probe_alone").pk == first.pk
    finish(first)
    second = start_probe("probe_alone")
    assert second.pk != first.pk
    assert WorkflowRun.objects.count() == 2


def test_keeps_none_of_another_workflow_from_starting(start_probe: Run) -> None:
    start_probe("probe_alone")
    assert start_probe().pk != start_probe().pk
    assert start_probe("probe_alone", key="again").workflow == "probe_alone"


def test_gives_the_same_run_for_the_same_key_though_it_has_ended(start_probe: Run) -> None:
    first = finish(start_probe("probe_alone", key="slot"))
    assert start_probe("probe_alone", key="slot").pk == first.pk


def test_starts_once_however_many_ask_at_the_same_moment(transactional_db: None) -> None:
    def ask(number: int) -> str:
        try:
            run = start_run(get_workflow("probe_alone"), (Seed(),), key=f"slot-{number}", at=timezone.now())
            return str(run.pk)
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        assert len(set(pool.map(ask, range(8)))) == 1
    assert WorkflowRun.objects.count() == 1
    assert OutboxEvent.objects.filter(name="RunStarted").count() == 1


def test_is_not_doubled_by_running_an_ended_one_again(start_probe: Run) -> None:
    ended, present = finish(start_probe("probe_alone")), start_probe("probe_alone")
    assert commands.rerun(ended, by=UserFactory().pk).pk == present.pk


def test_is_audited(start_probe: Run) -> None:
    run = start_probe("probe_alone")
    WorkflowRun.objects.filter(pk=run.pk).update(state="COMPLETED")
    start_probe("probe_alone")
    WorkflowRun.objects.filter(pk=run.pk).update(state="RUNNING")
    assert "two runs are under way of what goes alone" in {each["check"] for each in audit_runs().violations}


def test_is_forgotten_after_its_time_and_leaves_all_others_be(start_probe: Run, run_probe: Run) -> None:
    old, other = _old(finish(start_probe("probe_alone"))), _old(run_probe())
    young, present = finish(start_probe("probe_alone")), start_probe("probe_alone")
    assert forget.forget_runs(at=timezone.now()) == 1
    assert set(WorkflowRun.objects.values_list("pk", flat=True)) == {other.pk, young.pk, present.pk}
    assert not StepRun.objects.filter(run_id=old.pk).exists()
    assert not OutboxEvent.objects.filter(run_id=old.pk).exists()
    assert AuditEntry.objects.filter(run_id=old.pk).count() == 2, "that it was, the audit tells"
    assert forget.forget_runs(at=timezone.now()) == 0


def test_is_kept_while_a_reaction_is_not_done(start_probe: Run) -> None:
    run = _old(finish(start_probe("probe_alone")))
    event = OutboxEvent.objects.filter(run_id=run.pk).first()
    receipt = EventReceipt.objects.create(event=event, reaction="x", state="DEAD")
    assert forget.forget_runs(at=timezone.now()) == 0
    EventReceipt.objects.filter(pk=receipt.pk).update(state="DONE")
    assert forget.forget_runs(at=timezone.now()) == 1


def test_is_left_out_of_the_archive(start_probe: Run, run_probe: Run, tmp_path: object) -> None:
    _old(finish(start_probe("probe_alone")))
    _old(run_probe())
    (written,) = archive_before(timezone.now().date().replace(day=1), tmp_path, at=timezone.now())  # type: ignore[arg-type]
    assert written.runs == 1
    assert WorkflowRun.objects.get().workflow == "probe_alone"


def test_is_left_out_of_the_lists_while_it_goes_well(start_probe: Run, run_probe: Run) -> None:
    well, ill, other = (
        finish(start_probe("probe_alone")),
        finish(start_probe("probe_alone", refuse_at="lone_one")),
        run_probe(),
    )
    browser = Browser()
    browser.force_login(UserFactory(is_superuser=True))

    def listed(**asked: str) -> set:
        answer = browser.get(reverse("admin:orchestration_workflowrun_changelist"), asked)
        return {run.pk for run in answer.context["cl"].result_list}

    assert listed() == {ill.pk, other.pk}
    assert listed(workflow="probe_alone") == {well.pk, ill.pk}
    assert listed(q=str(well.pk)) == {well.pk}
    steps = browser.get(reverse("admin:orchestration_steprun_changelist")).context["cl"].result_list
    assert {step.run_id for step in steps} == {ill.pk, other.pk}
    assert [step.state for step in steps if step.run_id == ill.pk] == ["FAILED"]


def test_is_forgotten_by_beat(settings: object) -> None:
    schedule = settings.CELERY_BEAT_SCHEDULE  # type: ignore[attr-defined]
    assert "orchestration.forget_runs" in {each["task"] for each in schedule.values()}


def test_is_refused_an_intake_it_does_not_start_with(start_probe: Run) -> None:
    out = StringIO()
    with pytest.raises(Exception, match="needs an --intake"):
        call_command("run_workflow", "probe_alone", "--json", stdout=out)
    assert "needs an --intake" in out.getvalue()
