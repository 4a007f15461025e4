"""Start by the clock what no event starts: the cycle of acquisition, the check of who may leave, reports."""

import logging
from datetime import UTC, datetime, timedelta

from apps.identity.api.ports import ClientEnded
from apps.orchestration.models import WorkflowRun
from apps.orchestration.services.start import start_run
from apps.orchestration.workflows import get_workflow
from apps.reporting.api import ports as reporting

log = logging.getLogger(__name__)

CYCLE = "acquisition_cycle"
EVERY = timedelta(minutes=5)
RENEWAL_CHECK = "renewal_check"
MONTHLY_REPORT = "monthly_report"


def start_cycle(*, at: datetime) -> WorkflowRun:
    """Begin the cycle of the present five minutes, once; while an earlier one has not ended, return that one."""
    moment = at.astimezone(UTC)
    slot = moment - (moment - moment.replace(hour=0, minute=0, second=0, microsecond=0)) % EVERY
    return start_run(get_workflow(CYCLE), (), key=f"{CYCLE}:{slot:%Y-%m-%dT%H:%M}Z", at=at)


def start_renewal_check(*, at: datetime) -> WorkflowRun:
    """Begin the check of the present day, once."""
    return start_run(get_workflow(RENEWAL_CHECK), (), key=f"{RENEWAL_CHECK}:{at.astimezone(UTC):%Y-%m-%d}", at=at)


def start_monthly_reports(*, at: datetime) -> list[WorkflowRun]:
    """Begin a run for every month of a client that is over and has no report, each once; return those runs."""
    runs = []
    for period in reporting.months_to_report(at=at):
        key = f"{MONTHLY_REPORT}:{period.client_id}:{period.start_date:%Y-%m}"
        try:
            runs.append(start_run(get_workflow(MONTHLY_REPORT), (period,), key=key, at=at, client_id=period.client_id))
        except ClientEnded as ended:  # since the months were listed: the others get theirs
            log.info("No report of %s: %s", f"{period.start_date:%Y-%m}", ended)
    return runs
