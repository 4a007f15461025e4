"""A captured intake becomes a delivered package. Read top to bottom."""

from apps.delivery.api import ports as delivery
from apps.onboarding.api import ports as onboarding
from apps.onboarding.api.dtos import Intake
from apps.production.api import ports as production
from apps.production.api.dtos import PackChoice
from apps.qc.api import ports as qc
from apps.shared.workflow import Workflow
from apps.strategy.api import ports as strategy

client_to_delivery = Workflow(
    name="client_to_delivery",
    version=1,
    starts_with=(Intake, PackChoice),
    steps=(
        onboarding.normalize_brief,
        strategy.generate_strategy,
        production.generate_draft,
        qc.evaluate_draft,
        delivery.create_package,
    ),
)
