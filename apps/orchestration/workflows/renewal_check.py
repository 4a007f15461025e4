"""Every day: freeze the week's scores that are missing, and tell of contracts that end. Neither stops the other."""

from datetime import timedelta

from apps.retention.api import ports as retention
from apps.shared.workflow import Workflow

renewal_check = Workflow(
    name="renewal_check",
    version=1,
    starts_with=(),
    independent=True,
    alone=True,
    keep=timedelta(days=90),
    steps=(
        retention.assess_clients,
        retention.check_renewals,
    ),
)
