"""A client's month, once it is over: its report is made, and a person publishes it to the client.

The mails are no step: whatever is published, by whichever way, is mailed of (`reactions.py`).
"""

from datetime import timedelta

from apps.reporting.api import ports as reporting
from apps.reporting.api.dtos import ReportPeriod
from apps.reporting.api.events import ReportPublished
from apps.shared.workflow import WaitFor, Workflow

monthly_report = Workflow(
    name="monthly_report",
    version=1,
    starts_with=(ReportPeriod,),
    steps=(
        reporting.make_report,
        WaitFor(ReportPublished, within=timedelta(days=5)),
    ),
)
