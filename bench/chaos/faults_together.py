"""F48: everything at once."""

import json
import time
from pathlib import Path

from django.utils import timezone

from apps.onboarding.api.ports import read_submission
from apps.orchestration.services.intake import submit_intake
from bench.chaos.trial import COMPENSATED, COMPLETED, Fault, Trial

SAMPLES = Path(__file__).resolve().parents[2] / "samples"
POINTS = ("order.leased", "order.prepared", "note_order.written", "book.committed", "close_case.claimed")


def everything(trial: Trial) -> None:
    """Kills, cuts, flushes, bounces and crashes in any order, on runs of the probe and on the main job itself."""
    trial.workers(2)
    trial.stage.start_sweeper()
    trial.stage.vendor.latency = (0.05, 0.15)
    stage = trial.stage

    def bounce_broker() -> None:
        stage.redis.kill()
        time.sleep(trial.random.uniform(0, 0.5))
        stage.redis.start()

    def crash_database() -> None:
        stage.postgres.crash()
        time.sleep(trial.random.uniform(0, 0.5))
        stage.postgres.start()

    harms = (trial.kill_child, trial.kill_child, trial.cut_worker, stage.redis.flush, bounce_broker, crash_database)

    with trial.storm((0.5, 1.5), lambda: trial.random.choice(harms)()):
        trial.feed(12, lambda number: _start(trial, number))
    for server in (stage.redis, stage.postgres):
        server.heal()
    trial.demand(trial.repeated() > 0, "no fault met a step at work")


def _start(trial: Trial, number: int) -> None:
    if number % 20 == 0:
        _start_main_job(trial, number)
    elif number % 4 == 3:
        trial.start(COMPENSATED, refuse_at="close_case", plan={"note_order.compensating": "kill"})
    elif number % 4 == 1:
        trial.start(COMPLETED, plan={POINTS[number // 4 % len(POINTS)]: "kill"})
    else:
        trial.start(COMPLETED)


def _start_main_job(trial: Trial, number: int) -> None:
    submission = read_submission(data=json.loads((SAMPLES / "intake_dental_clinic.json").read_text()))
    key = f"{trial.fault.name}-{number}"
    run = submit_intake(
        submission, workflow="client_to_delivery", pack="quick_social_basic", key=key, at=timezone.now()
    )
    trial.ends[run.pk] = COMPLETED


FAULTS = [Fault("F48", "everything at once", 80, everything)]
