"""A brief that a person corrected becomes a delivered package. Read top to bottom."""

from apps.delivery.api import ports as delivery
from apps.onboarding.api.dtos import Brief
from apps.production.api import ports as production
from apps.production.api.dtos import PackChoice
from apps.qc.api import ports as qc
from apps.shared.workflow import Workflow
from apps.strategy.api import ports as strategy

brief_to_delivery = Workflow(
    name="brief_to_delivery",
    version=1,
    starts_with=(Brief, PackChoice),
    steps=(
        strategy.generate_strategy,
        production.generate_draft,
        qc.evaluate_draft,
        delivery.create_package,
    ),
)
