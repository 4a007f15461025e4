"""Every five minutes: send, read, understand, follow up, count, judge, tell. A step that fails stops no other."""

from datetime import timedelta

from apps.cam.api import ports as cam
from apps.shared.workflow import Workflow

acquisition_cycle = Workflow(
    name="acquisition_cycle",
    version=1,
    starts_with=(),
    independent=True,
    alone=True,
    keep=timedelta(days=7),
    steps=(
        cam.send_queued,
        cam.poll_inbox,
        cam.process_replies,
        cam.follow_up,
        cam.compute_metrics,
        cam.evaluate_rules,
        cam.dispatch_alerts,
    ),
)
