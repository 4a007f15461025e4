"""Many runs of the main job through a real worker, one in four made to fail; then the audit of all runs.

    python -m bench.soak [RUNS]

Exit 1 unless every run ended as planned and the audit finds nothing.
"""

import json
import os
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from uuid import UUID

FAULTS = tempfile.mkdtemp(prefix="aicmo-faults-")
os.environ["DJANGO_SETTINGS_MODULE"] = "aicmo_site.settings_test"
os.environ.setdefault("AICMO_MEDIA_ROOT", tempfile.mkdtemp(prefix="aicmo-media-"))
os.environ["AICMO_FAULTS_DIR"] = FAULTS

import django

django.setup()

from django.utils import timezone

from apps.onboarding.api.dtos import Submission
from apps.onboarding.api.ports import read_submission
from apps.orchestration.models import WorkflowRun
from apps.orchestration.queries.invariants import audit_runs
from apps.orchestration.services import dispatch
from apps.orchestration.services.intake import submit_intake
from bench.stage import bench_database, worker

SAMPLES = Path(__file__).resolve().parent.parent / "samples"
FAILING = ("generate_strategy", "generate_draft", "evaluate_draft", "create_package")


def plan_refusal(run_id: UUID, step: str) -> None:
    """Make a step of one run say no after it wrote its rows."""
    (Path(FAULTS) / f"{step}.written@{run_id}").write_text("refuse")


def submit_all(submissions: list[Submission], count: int) -> Counter:
    """Submit the runs and return how many are to end in which state."""
    planned: Counter = Counter()
    ring, dispatch.ring_forward = dispatch.ring_forward, lambda *_: True  # hold the bell until the faults are planned
    for number in range(count):
        run = submit_intake(
            submissions[number % len(submissions)],
            workflow="client_to_delivery",
            pack="quick_social_basic",
            key=f"soak-{number}",
            at=timezone.now(),
        )
        if number % 4 == 3:
            plan_refusal(run.pk, FAILING[number // 4 % len(FAILING)])
        planned["COMPENSATED" if number % 4 == 3 else "COMPLETED"] += 1
    dispatch.ring_forward = ring
    return planned


def main() -> int:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 200
    names = ("dental_clinic", "b2b_saas")
    submissions = [read_submission(data=json.loads((SAMPLES / f"intake_{name}.json").read_text())) for name in names]
    with bench_database(), worker():
        planned = submit_all(submissions, count)
        began = time.monotonic()
        while WorkflowRun.objects.unfinished().exists() and time.monotonic() < began + 30 + 5 * count:
            time.sleep(0.5)
        seconds = time.monotonic() - began
        audit = audit_runs()
    left = [path.name for path in Path(FAULTS).iterdir() if not path.name.startswith("fired-")]
    print(f"{count} runs in {seconds:.0f} s: {audit.runs}, planned {dict(planned)}")
    print(f"faults that never fired: {len(left)}, orphans: {audit.orphans}, violations: {len(audit.violations)}")
    for breach in audit.violations[:20]:
        print(f"  {breach}")
    return int(bool(left or audit.orphans or audit.violations or audit.runs != dict(planned)))


if __name__ == "__main__":
    sys.exit(main())
