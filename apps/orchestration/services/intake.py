"""Take a client's submission from the door to a run: client, intake, check, run."""

from datetime import datetime
from uuid import UUID

from apps.identity.api import ports as identity
from apps.onboarding.api import ports as onboarding
from apps.onboarding.api.dtos import Intake, Submission
from apps.orchestration.models import WorkflowRun
from apps.orchestration.services.start import KeyReused, start_run
from apps.orchestration.workflows import get_workflow
from apps.production.api import ports as production
from apps.production.api.dtos import PackChoice

DEFAULT_PACK = "strategy_campaign_standard"


class UnknownPack(ValueError):
    """There is no pack of this name."""


def submit_intake(
    submission: Submission, *, workflow: str, pack: str, key: str, at: datetime, by: UUID | None = None
) -> WorkflowRun:
    """Capture a submission and start its run; the same key and content again give the same run.

    The captured intake stays whatever comes after it. Raises UnknownPack before anything is stored, BriefImpossible
    when no brief can be made of the intake (then nothing but client and intake are stored), and KeyReused.
    """
    known = [choice.pack for choice in production.list_packs()]
    if pack not in known:
        raise UnknownPack(f"There is no pack {pack!r}. Choose one of: {', '.join(known)}.")
    declared = get_workflow(workflow)
    client = identity.open_client(details=submission.client, by=by)
    intake = _capture(submission, client.id, key=key, at=at, by=by)
    onboarding.check_intake(intake=intake)
    return start_run(declared, (intake, PackChoice(pack=pack)), key=key, at=at, client_id=client.id, by=by)


def _capture(submission: Submission, client_id: UUID, *, key: str, at: datetime, by: UUID | None) -> Intake:
    before = onboarding.find_intake(key=key)
    intake = onboarding.capture_intake(client_id=client_id, form=submission.form, source="STAFF", at=at, key=key, by=by)
    if before is not None and not onboarding.is_same_submission(intake=intake, form=submission.form):
        raise KeyReused(f"The key {key!r} was used for another intake ({intake.id}). Use a new key.")
    return intake
