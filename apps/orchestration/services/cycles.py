"""Start the cycle of client acquisition by the clock."""

from datetime import UTC, datetime, timedelta

from apps.orchestration.models import WorkflowRun
from apps.orchestration.services.start import start_run
from apps.orchestration.workflows import get_workflow

CYCLE = "acquisition_cycle"
EVERY = timedelta(minutes=5)


def start_cycle(*, at: datetime) -> WorkflowRun:
    """Begin the cycle of the present five minutes, once; while an earlier one has not ended, return that one."""
    moment = at.astimezone(UTC)
    slot = moment - (moment - moment.replace(hour=0, minute=0, second=0, microsecond=0)) % EVERY
    return start_run(get_workflow(CYCLE), (), key=f"{CYCLE}:{slot:%Y-%m-%dT%H:%M}Z", at=at)
