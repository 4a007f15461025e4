"""Start work from what a person edited, a brief or a draft: however often it is asked for, it is one run."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.core.exceptions import ObjectDoesNotExist

from apps.onboarding.api import ports as onboarding
from apps.onboarding.api.dtos import Brief
from apps.onboarding.api.ports import NotCorrected
from apps.orchestration.models import WorkflowRun
from apps.orchestration.queries.edits import find_run_from
from apps.orchestration.services.intake import require_pack
from apps.orchestration.services.start import start_run
from apps.orchestration.workflows import get_workflow
from apps.production.api import ports as production
from apps.production.api.dtos import Draft, PackChoice
from apps.production.api.ports import NotEdited
from apps.shared.dtos import Dto
from apps.strategy.api import ports as strategy


class NothingToWorkFrom(ValueError):
    """No run can start from this; the message says why."""


@dataclass(frozen=True)
class Begun:
    """The run that works from something, and whether it was started just now."""

    run: WorkflowRun
    is_new: bool


def work_from_brief(brief_id: UUID, *, pack: str, at: datetime, by: UUID) -> Begun:
    """Start the run that makes strategy, draft and package of a corrected brief, or give the one that does already.

    Raises NothingToWorkFrom for a brief that is gone, replaced, or nobody's correction, UnknownPack, KeyReused, and
    ClientEnded.
    """
    require_pack(pack)
    try:
        brief = onboarding.get_corrected_brief(brief_id=brief_id)
    except ObjectDoesNotExist as gone:
        raise NothingToWorkFrom("The brief is gone.") from gone
    except NotCorrected as refusal:
        raise NothingToWorkFrom(str(refusal)) from refusal
    inputs = (brief, PackChoice(pack=pack))
    return _begin("brief_to_delivery", inputs, about=brief, key=f"brief:{brief.id}:{pack}", at=at, by=by)


def deliver_draft(draft_id: UUID, *, at: datetime, by: UUID) -> Begun:
    """Start the run that checks an edited draft and makes its package, or give the one that does already.

    Raises NothingToWorkFrom for a draft that is gone, replaced, or edited by nobody, and for one whose brief or
    strategy was taken back; KeyReused, and ClientEnded.
    """
    try:
        draft = production.get_edited_draft(draft_id=draft_id)
    except ObjectDoesNotExist as gone:
        raise NothingToWorkFrom("The draft is gone.") from gone
    except NotEdited as refusal:
        raise NothingToWorkFrom(str(refusal)) from refusal
    try:
        brief = onboarding.get_brief(brief_id=draft.brief_id)
        plan = strategy.get_strategy(strategy_id=draft.strategy_id)
    except ObjectDoesNotExist as gone:
        raise NothingToWorkFrom("The brief or the strategy that the draft was written for was taken back.") from gone
    return _begin("draft_to_delivery", (brief, plan, draft), about=draft, key=f"draft:{draft.id}", at=at, by=by)


def _begin(name: str, inputs: tuple[Dto, ...], *, about: Brief | Draft, key: str, at: datetime, by: UUID) -> Begun:
    """Start a run, unless one works from the same already or was asked for in the same words before."""
    run = (
        find_run_from(name, type(about), about.id, about.client_id)
        or WorkflowRun.objects.filter(idempotency_key=key).first()
    )
    if run is not None:
        return Begun(run, is_new=False)
    run = start_run(get_workflow(name), inputs, key=key, at=at, client_id=about.client_id, by=by)
    return Begun(run, is_new=True)
