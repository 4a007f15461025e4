"""A captured intake becomes a package that the client has approved. Read top to bottom."""

from datetime import timedelta

from apps.billing.api import ports as billing
from apps.client_review.api import ports as client_review
from apps.client_review.api.events import ReviewDecided, ReviewWithdrawn
from apps.delivery.api import ports as delivery
from apps.onboarding.api import ports as onboarding
from apps.onboarding.api.dtos import Intake
from apps.production.api import ports as production
from apps.production.api.dtos import PackChoice
from apps.qc.api import ports as qc
from apps.shared.events import Event
from apps.shared.workflow import Rounds, WaitFor, Workflow
from apps.strategy.api import ports as strategy
from apps.strategy.api.events import StrategyApproved, StrategyRejected


def _is_approval(answer: Event) -> bool:
    return isinstance(answer, StrategyApproved)


def _lets_go_on(answer: Event) -> bool:
    """Tell whether a client approved or asked for changes: a rejection, and a review taken back, turn the run back."""
    return isinstance(answer, ReviewDecided) and answer.verdict != "REJECTED"


client_to_delivery_reviewed = Workflow(
    name="client_to_delivery_reviewed",
    version=1,
    starts_with=(Intake, PackChoice),
    steps=(
        onboarding.normalize_brief,
        strategy.generate_strategy,
        WaitFor(StrategyApproved, StrategyRejected, accept=_is_approval, within=timedelta(days=2)),
        Rounds(
            Rounds(production.write_draft, qc.judge_draft, until=lambda report: report.passed, at_most=3),
            client_review.send_for_review,
            WaitFor(ReviewDecided, ReviewWithdrawn, accept=_lets_go_on, within=timedelta(days=5)),
            client_review.plan_revision,
            until=lambda revision: not revision.wishes,
        ),
        delivery.create_package,
        billing.draft_invoice,
    ),
)
