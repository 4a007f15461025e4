"""Take a client's submission from the door to a run: client, intake, check, run."""

from datetime import datetime
from uuid import UUID

from apps.identity.api import ports as identity
from apps.onboarding.api import ports as onboarding
from apps.onboarding.api.dtos import Submission
from apps.orchestration.models import WorkflowRun
from apps.orchestration.services.start import check_key, start_run
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

    The captured intake stays whatever comes after it. Raises WrongKey and UnknownPack before anything is stored,
    ClientEnded for a client that has ended or is being erased, BriefImpossible when no brief can be made of the intake
    (then nothing but client and intake are stored), SubmissionKeyTaken and KeyReused when the key stands for something
    else.
    """
    check_key(key)
    require_pack(pack)
    declared = get_workflow(workflow)
    client = identity.open_client(details=submission.client, by=by)
    if not WorkflowRun.objects.is_key_known(key):
        identity.hold_for_work(client_id=client.id)
    intake = onboarding.capture_intake(client_id=client.id, form=submission.form, source="STAFF", at=at, key=key, by=by)
    onboarding.check_intake(intake=intake)
    return start_run(declared, (intake, PackChoice(pack=pack)), key=key, at=at, client_id=client.id, by=by)


def require_pack(pack: str) -> None:
    """Do nothing for a pack that can be ordered; raise UnknownPack for another."""
    known = [choice.key for choice in production.list_packs()]
    if pack not in known:
        raise UnknownPack(f"There is no pack {pack!r}. Choose one of: {', '.join(known)}.")
