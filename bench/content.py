"""What the main job costs: CPU and memory of each step, and the engine's share of the whole.

python -m bench.content [RUNS]
"""

import json
import os
import resource
import sys
import tempfile
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Any

os.environ["DJANGO_SETTINGS_MODULE"] = "aicmo_site.settings_test"
os.environ.setdefault("AICMO_MEDIA_ROOT", tempfile.mkdtemp(prefix="aicmo-media-"))

import django

django.setup()

from django.utils import timezone

from apps.onboarding.api.ports import read_submission
from apps.orchestration.models import WorkflowRun
from apps.orchestration.services.intake import submit_intake
from apps.orchestration.services.sweep import move
from apps.orchestration.workflows import get_workflow
from apps.shared.workflow import StepSpec
from bench.engine import bench_database

SAMPLES = Path(__file__).resolve().parent.parent / "samples"
PACKS = ("quick_social_basic", "strategy_campaign_standard")
GOALS = {"CPU seconds per run": 1.0, "engine's share of a run, %": 5.0, "peak memory, MB": 250.0}


def cpu_seconds() -> float:
    """CPU time of this process and of the rendering processes it has ended."""
    own, children = resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN)
    return own.ru_utime + own.ru_stime + children.ru_utime + children.ru_stime


def timed(function: Callable[..., Any], spent: list[float]) -> Callable[..., Any]:
    """Wrap a step's function so that its CPU time is noted."""

    def wrapped(*arguments: Any, **options: Any) -> Any:
        began = cpu_seconds()
        try:
            return function(*arguments, **options)
        finally:
            spent.append(cpu_seconds() - began)

    return wrapped


def watch(specs: tuple[StepSpec, ...]) -> dict[str, list[float]]:
    """Time the prepare and the port of every step; what a run takes beyond them is the engine's."""
    spent: dict[str, list[float]] = defaultdict(list)
    for spec in specs:
        for part in ("prepare", "port"):
            function = getattr(spec, part)
            if function is not None:
                object.__setattr__(spec, part, timed(function, spent[f"{spec.name}.{part}"]))
    return spent


def run_once(pack: str, sample: str, key: str) -> float:
    """Run the main job in this process and return its CPU seconds."""
    submission = read_submission(data=json.loads((SAMPLES / f"intake_{sample}.json").read_text()))
    run = submit_intake(submission, workflow="client_to_delivery", pack=pack, key=key, at=timezone.now())
    began = cpu_seconds()
    move(run.pk)
    if WorkflowRun.objects.get(pk=run.pk).state != "COMPLETED":
        raise RuntimeError(f"run {run.pk} did not complete")
    return cpu_seconds() - began


def main() -> int:
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 10
    spent = watch(get_workflow("client_to_delivery").specs)
    with bench_database():
        for pack in PACKS:
            run_once(pack, "dental_clinic", f"warm-{pack}")
            spent_before = {name: len(times) for name, times in spent.items()}
            samples = ("dental_clinic", "b2b_saas")
            totals = [run_once(pack, samples[n % 2], f"{pack}-{n}") for n in range(runs)]
            steps = {name: median(times[spent_before[name] :]) for name, times in spent.items()}
            _report(pack, totals, steps)
    return 0


def _report(pack: str, totals: list[float], steps: dict[str, float]) -> None:
    total = median(totals)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"\n{pack}, median of {len(totals)} runs")
    for name, seconds in steps.items():
        print(f"  {name:<28}{seconds * 1000:>8.0f} ms CPU")
    measured = (total, 100 * (total - sum(steps.values())) / total, peak)
    for (name, goal), value in zip(GOALS.items(), measured, strict=True):
        print(f"  {name:<28}{value:>8.2f}  goal ≤ {goal:<6} {'reached' if value <= goal else 'MISSED'}")


if __name__ == "__main__":
    sys.exit(main())
