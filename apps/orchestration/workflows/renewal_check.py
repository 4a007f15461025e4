"""Every day: freeze missing scores, tell of contracts that end, look for what clients could buy. None stops another."""

from datetime import timedelta

from apps.retention.api import ports as retention
from apps.shared.workflow import Workflow

renewal_check = Workflow(
    name="renewal_check",
    version=2,
    starts_with=(),
    independent=True,
    alone=True,
    keep=timedelta(days=90),
    steps=(
        retention.assess_clients,
        retention.check_renewals,
        retention.suggest_opportunities,
    ),
    takes_over={1: {0: 0, 1: 1}},
)
