"""What production can be asked to do."""

from datetime import datetime
from uuid import UUID

from apps.learning.api.dtos import Guidance
from apps.onboarding.api.dtos import Brief
from apps.production import models, queries, services
from apps.production.api.dtos import (
    Bundle,
    CalendarItem,
    Draft,
    DraftPlan,
    Pack,
    PackChoice,
    SectionChange,
    Wishes,
)
from apps.production.services import NotEdited
from apps.shared.workflow import RunContext, step
from apps.strategy.api.dtos import Strategy

__all__ = [
    "NotEdited",
    "assemble_bundle",
    "forget_check",
    "generate_draft",
    "get_draft",
    "get_edited_draft",
    "list_packs",
    "note_check",
    "require_edited",
    "revise_draft",
    "withdraw_draft",
]


def withdraw_draft(*, run: RunContext) -> None:
    """Remove what a run stored here, and nothing else; may be called twice."""
    services.withdraw_draft(run=run)


@step(prepare=services.compose_draft, compensate=withdraw_draft, queue="writing")
def generate_draft(
    *,
    brief: Brief,
    strategy: Strategy,
    pack: PackChoice,
    guidance: Guidance | None = None,
    prepared: DraftPlan,
    run: RunContext,
) -> Draft:
    """Store a draft, written by the lessons in force, as the next round of its pack for a strategy."""
    row = services.store_draft(brief, strategy, prepared, run=run)
    return Draft(
        id=row.pk,
        client_id=row.client_id,
        brief_id=row.brief_id,
        strategy_id=row.strategy_id,
        round=row.round,
        **dict(prepared),
    )


@step(prepare=services.compose_round, compensate=withdraw_draft, queue="writing")
def write_draft(
    *,
    brief: Brief,
    strategy: Strategy,
    pack: PackChoice,
    draft: Draft | None,
    wishes: Wishes | None,
    guidance: Guidance | None = None,
    prepared: DraftPlan | None,
    run: RunContext,
) -> Draft:
    """Store a run's next draft: written from the brief, or, once it has wishes, with only what they name changed.

    What a person wrote at the desk meanwhile is taken over. Raises PersonNeeded where a wish waits for a writer.
    """
    return services.store_round(brief, strategy, prepared, draft=draft, wishes=wishes, run=run)


def revise_draft(
    *,
    draft_id: UUID,
    changes: tuple[SectionChange, ...],
    reason: str,
    calendar: tuple[CalendarItem, ...] | None = None,
    by: UUID | None = None,
    run: RunContext | None = None,
) -> Draft:
    """Store the next round: the named sections with new text, all others byte by byte as they were.

    Give `calendar` along with a changed calendar section. `by` is the user's id where a person asked for it. Raises
    ObjectDoesNotExist for an unknown id and ValueError for a change that cannot be made.
    """
    draft = models.Draft.objects.get(pk=draft_id)
    revised = services.revise_draft(
        draft, changes, reason=reason, calendar=calendar, by=by, run_id=run.id if run else None
    )
    return queries.get_draft(revised.pk)


def assemble_bundle(*, draft_id: UUID) -> Bundle:
    """Specify the visuals of a draft's calendar, once per draft. Raises ObjectDoesNotExist for an unknown id."""
    services.assemble_bundle(models.Draft.objects.get(pk=draft_id))
    return queries.get_bundle(draft_id)


def show_draft(*, draft_id: UUID, at: datetime) -> None:
    """Let the client see a draft from now on; may be called twice, and for a draft that is gone."""
    services.show_draft(draft_id, at=at)


def get_draft(*, draft_id: UUID) -> Draft:
    """Return a draft with sections and calendar. Raises ObjectDoesNotExist for an unknown id."""
    return queries.get_draft(draft_id)


def require_edited(*, draft_id: UUID) -> None:
    """Do nothing for a draft that holds as a person edited it; raise NotEdited, which says why, for another.

    Raises ObjectDoesNotExist for an unknown id.
    """
    services.require_edited(models.Draft.objects.get(pk=draft_id))


def get_edited_draft(*, draft_id: UUID) -> Draft:
    """Return a draft that holds as a person edited it.

    Raises ObjectDoesNotExist for an unknown id, and NotEdited, which says why, for any other draft.
    """
    services.require_edited(models.Draft.objects.get(pk=draft_id))
    return queries.get_draft(draft_id)


def note_check(*, draft_id: UUID, verdict: str, at: datetime) -> None:
    """Remember that an edited draft was judged; does nothing for another draft, and nothing the second time."""
    services.note_check(draft_id, verdict=verdict, at=at)


def forget_check(*, draft_id: UUID) -> None:
    """Count an edited draft as not checked, because no report on it is left; does nothing the second time."""
    services.forget_check(draft_id)


def list_packs() -> tuple[Pack, ...]:
    """Return the packs that can be ordered."""
    return queries.list_packs()
