"""A draft that a person edited is checked, and becomes a delivered package. Read top to bottom."""

from apps.delivery.api import ports as delivery
from apps.onboarding.api.dtos import Brief
from apps.production.api.dtos import Draft
from apps.qc.api import ports as qc
from apps.shared.workflow import Workflow
from apps.strategy.api.dtos import Strategy

draft_to_delivery = Workflow(
    name="draft_to_delivery",
    version=1,
    starts_with=(Brief, Strategy, Draft),
    steps=(
        qc.evaluate_draft,
        delivery.create_package,
    ),
)
