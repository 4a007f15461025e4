"""The cycle of client acquisition …"""

import json
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.utils import timezone

from apps.cam.models import Alert, CycleRun
from apps.cam.tests.factories import CampaignFactory
from apps.orchestration.models import EventReceipt, OutboxEvent, WorkflowRun
from apps.orchestration.queries.invariants import audit_runs
from apps.orchestration.services import cycles, outbox
from apps.orchestration.services.start import start_run
from apps.orchestration.services.sweep import move
from apps.orchestration.tests.conftest import finish, worker_environment
from apps.orchestration.workflows import get_workflow
from apps.shared.workflow import StepRefused, TransientFailure

pytestmark = pytest.mark.django_db(transaction=True)

AT = datetime(2026, 3, 2, 9, 7, 31, tzinfo=UTC)
STEPS = [
    *("send_queued", "poll_inbox", "process_replies", "follow_up"),
    *("compute_metrics", "evaluate_rules", "dispatch_alerts"),
]
SERVICES = {
    "send_queued": "sending.send_due",
    "poll_inbox": "inbox.poll_all",
    "process_replies": "processing.process_new",
    "follow_up": "followups.queue_next",
    "compute_metrics": "metrics.compute_metrics",
    "evaluate_rules": "pauses.evaluate_rules",
    "dispatch_alerts": "alerts.dispatch_alerts",
}


@dataclass
class Counts:
    """What a step did."""

    done: int = 3
    ill: dict[str, str] = field(default_factory=dict)
    waiting: set[str] = field(default_factory=set)

    @property
    def items(self) -> int:
        return self.done


Patch = Callable[[str, Any], None]


@pytest.fixture
def patched(monkeypatch: pytest.MonkeyPatch) -> Patch:
    """Let a step answer so, or raise so."""

    def patch(step: str, answer: Any) -> None:
        def service(*, at: datetime) -> Any:
            if isinstance(answer, Exception):
                raise answer
            return answer

        monkeypatch.setattr(f"apps.cam.services.{SERVICES[step]}", service)

    return patch


def _run() -> WorkflowRun:
    run = finish(cycles.start_cycle(at=timezone.now()))
    outbox.dispatch_events()
    return run


def _outcomes(cycle: CycleRun) -> dict[str, str]:
    return dict(cycle.steps.order_by("position").values_list("name", "outcome"))


def test_takes_its_seven_steps_and_is_written_down() -> None:
    run = _run()
    assert (run.state, run.error) == ("COMPLETED", "")
    cycle = CycleRun.objects.get()
    assert (cycle.pk, cycle.failed_count, cycle.finished_at) == (run.pk, 0, run.finished_at)
    assert _outcomes(cycle) == dict.fromkeys(STEPS, "OK")
    assert audit_runs().violations == []


@pytest.mark.parametrize("step", STEPS)
def test_goes_on_whatever_step_fails(patched: Patch, step: str) -> None:
    patched(step, StepRefused("not today"))
    run = _run()
    assert (run.state, run.error) == ("COMPLETED", f"1 of 7 steps failed: {step}.")
    cycle = CycleRun.objects.get()
    assert _outcomes(cycle) == {name: "FAILED" if name == step else "OK" for name in STEPS}
    assert cycle.steps.get(name=step).error == "not today"
    assert audit_runs().violations == []


def test_tries_a_step_once_more_and_keeps_what_it_said(patched: Patch) -> None:
    patched("poll_inbox", TransientFailure("the server is away"))
    run = _run()
    assert run.step_runs.get(name="poll_inbox").attempts == 2
    assert CycleRun.objects.get().steps.get(name="poll_inbox").error == "TransientFailure: the server is away"


def test_keeps_how_many_of_what_each_step_handled(patched: Patch) -> None:
    patched("send_queued", Counts(ill={"nora@agency.example": "the log-in is refused"}))
    patched("follow_up", Counts(waiting={"Dentists has no live sequence."}))
    _run()
    steps = {step.name: step for step in CycleRun.objects.get().steps.all()}
    assert (steps["send_queued"].items, steps["send_queued"].counts) == (3, {"done": 3})
    assert steps["send_queued"].notes == ["nora@agency.example: the log-in is refused"]
    assert steps["follow_up"].notes == ["Dentists has no live sequence."]


def test_tells_people_once_a_day_of_a_mailbox_that_refused_us(patched: Patch) -> None:
    patched("poll_inbox", Counts(ill={"nora@agency.example": "the log-in is refused"}))
    for minutes in (0, 5):
        run = start_run(get_workflow("acquisition_cycle"), (), key=f"k{minutes}", at=timezone.now())
        finish(run)
    alert = Alert.objects.get()
    assert (alert.kind, alert.title) == ("MAILBOX_ILL", "The mailbox nora@agency.example cannot be read")


def test_is_one_in_five_minutes_whoever_asks_how_often() -> None:
    first = finish(cycles.start_cycle(at=AT))
    assert first.idempotency_key == "acquisition_cycle:2026-03-02T09:05Z"
    assert cycles.start_cycle(at=AT + timedelta(minutes=2)).pk == first.pk
    second = cycles.start_cycle(at=AT + timedelta(minutes=3))
    assert second.idempotency_key == "acquisition_cycle:2026-03-02T09:10Z"


def test_is_never_two_at_once() -> None:
    running = cycles.start_cycle(at=AT)
    assert cycles.start_cycle(at=AT + timedelta(minutes=5)).pk == running.pk
    by_hand = start_run(get_workflow("acquisition_cycle"), (), key="by hand", at=AT)
    assert by_hand.pk == running.pk
    assert WorkflowRun.objects.count() == 1


def test_is_written_down_for_itself_and_for_no_other_run() -> None:
    run = _run()
    completed = OutboxEvent.objects.get(name="RunCompleted")
    assert list(EventReceipt.objects.values_list("event_id", "reaction")) == [(completed.pk, "record_cycle")]
    assert completed.run_id == run.pk


def test_costs_other_runs_no_receipt(run_probe: Callable) -> None:
    run_probe()
    outbox.dispatch_events()
    assert OutboxEvent.objects.get(name="RunCompleted").dispatched_at is not None
    assert not EventReceipt.objects.exists()


def test_counts_and_judges_the_campaigns(db: None) -> None:
    CampaignFactory(state="ACTIVE")
    _run()
    steps = {step.name: step.counts for step in CycleRun.objects.get().steps.all()}
    assert steps["compute_metrics"] == {"campaigns": 1}
    assert steps["evaluate_rules"] == {"campaigns": 1, "paused": 0}


def test_is_started_by_beat_every_five_minutes(settings: Any) -> None:
    (beat,) = (each for each in settings.CELERY_BEAT_SCHEDULE.values() if each["task"] == "orchestration.start_cycle")
    assert beat["schedule"].minute == set(range(0, 60, 5))


@pytest.mark.worker
def test_is_run_from_the_shell_by_a_real_worker(worker: Callable) -> None:
    worker()
    command = [sys.executable, "manage.py", "run_workflow", "acquisition_cycle", "--wait", "60", "--json"]
    ran = subprocess.run(command, env=worker_environment(), capture_output=True, text=True, check=False, timeout=120)
    printed = json.loads(ran.stdout)
    assert (ran.returncode, printed["state"], printed["error"]) == (0, "COMPLETED", "")
    assert [step["name"] for step in printed["steps"]] == STEPS
    assert {step["state"] for step in printed["steps"]} == {"SUCCEEDED"}
    assert printed["steps"][4]["counts"] == {"campaigns": 0}
    assert printed["package"] is None


@pytest.mark.worker
@pytest.mark.parametrize("step", [STEPS[0], STEPS[3], STEPS[6]])
def test_is_finished_by_the_next_worker_when_one_was_killed(worker: Callable, faults: Callable, step: str) -> None:
    from apps.orchestration.tests.conftest import wait_for_end

    plan = faults(f"{step}.prepared", fault="kill")
    worker()
    run = cycles.start_cycle(at=timezone.now())
    wait_for_end(run)
    assert not plan.exists(), "the fault never fired"
    assert (run.state, set(run.step_runs.values_list("state", flat=True))) == ("COMPLETED", {"SUCCEEDED"})


def _shell(*arguments: str) -> tuple[dict[str, Any], str]:
    out, said = StringIO(), StringIO()
    try:
        call_command("run_workflow", "acquisition_cycle", "--json", *arguments, stdout=out, stderr=said)
    except Exception as error:  # noqa: BLE001  (what it exits with is not asked here)
        said.write(str(error))
    return json.loads(out.getvalue()), said.getvalue()


def test_prints_which_steps_failed(patched: Patch) -> None:
    patched("poll_inbox", StepRefused("the log-in is refused"))
    run = cycles.start_cycle(at=timezone.now())
    move(run.pk)
    printed, said = _shell("--wait", "0", "--key", run.idempotency_key)
    assert (printed["state"], printed["error"]) == ("COMPLETED", "1 of 7 steps failed: poll_inbox.")
    assert printed["steps"][1]["error"] == "the log-in is refused"
    assert said.count("FAILED") == 1


def test_is_joined_by_who_starts_one_by_hand_while_one_runs() -> None:
    running = cycles.start_cycle(at=timezone.now())
    printed, said = _shell("--wait", "0")
    assert printed["run_id"] == str(running.pk)
    assert f"Run {running.pk} has not ended; this is that one." in said


def test_takes_no_intake() -> None:
    printed, _ = _shell("--intake", "samples/intake_b2b_saas.json")
    assert printed["error"] == "acquisition_cycle takes no --intake."
    assert not WorkflowRun.objects.exists()
