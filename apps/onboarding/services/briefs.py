"""Making briefs of intakes, correcting them, and taking them back."""

from typing import Any
from uuid import UUID

from django.db import transaction

from apps.onboarding import models, queries, rules
from apps.onboarding.api import dtos
from apps.onboarding.api.events import BriefRevised, BriefValidated, BriefWithdrawn
from apps.onboarding.rules.revision import RevisionRefused, Wording, revise, wording_of
from apps.shared.events import AuditNote, publish
from apps.shared.models import snapshot
from apps.shared.workflow import RunContext


class NotCorrected(ValueError):
    """A brief is not one that holds as a person corrected it; the message says what it is instead."""


@transaction.atomic
def store_brief(intake: dtos.Intake, *, run: RunContext) -> models.Brief:
    """Store what the intake says as a brief of the run. Raises BriefImpossible, naming every field that is missing."""
    content = rules.normalize(intake)
    brief = models.Brief.objects.create(
        intake_id=intake.id, client_id=intake.client_id, run_id=run.id, **models.Brief.columns_of(content)
    )
    publish(
        BriefValidated(
            aggregate_id=brief.pk,
            client_id=intake.client_id,
            run_id=run.id,
            deliverables=content.scope.deliverables,
            warning_count=len(content.warnings),
        ),
        AuditNote(after={"intake_id": str(intake.id), "warnings": [w.field for w in content.warnings]}),
    )
    return brief


@transaction.atomic
def revise_brief(brief: models.Brief, wanted: Wording, *, reason: str, by: UUID) -> models.Brief:
    """Store a brief's next version with what a person corrected; the version before stays byte by byte as it was.

    Of two at once, the second waits for the first and is refused. Raises RevisionRefused, naming every wrong field, for
    what the rules do not allow, for a correction of nothing or without a reason, and for a version that was replaced or
    withdrawn.
    """
    current = models.Brief.objects.select_for_update(of=("self",)).filter(pk=brief.pk).first()
    _require_revisable(current, reason)
    known = current.as_dto()
    revision = revise(known, wanted)
    revised = models.Brief.objects.create(
        intake_id=current.intake_id,
        client_id=current.client_id,
        version=current.version + 1,
        revises=current,
        author_id=by,
        reason=reason,
        **models.Brief.columns_of(revision.content),
    )
    event = BriefRevised(
        aggregate_id=revised.pk,
        client_id=revised.client_id,
        revises_id=current.pk,
        version=revised.version,
        changed=revision.changed,
    )
    before, after = (_only(wording_of(said), revision.changed) for said in (known, revision.content))
    publish(event, AuditNote(actor_id=by, reason=reason, before=before, after=after))
    return revised


def require_corrected(brief: models.Brief) -> None:
    """Do nothing for a brief that holds as a person corrected it; raise NotCorrected for another."""
    if (later := queries.find_next_version(brief)) is not None:
        raise NotCorrected(f"Version {later.version} has replaced version {brief.version}. Work from that instead.")
    if brief.author_id is None:
        raise NotCorrected("Nobody has corrected this brief: the run that made it works from it.")


def _require_revisable(brief: models.Brief | None, reason: str) -> None:
    if not reason.strip():
        raise RevisionRefused({"reason": "Say why the brief changes."})
    if brief is None:
        raise RevisionRefused({"": "The run that had made this brief was taken back, and the brief with it."})
    later = queries.find_next_version(brief)
    if later is not None:
        raise RevisionRefused({"": f"Version {later.version} has replaced this one. Correct that instead."})


def _only(wording: Wording, fields: tuple[str, ...]) -> dict[str, Any]:
    return {field: getattr(wording, field) for field in fields}


@transaction.atomic
def withdraw_brief(*, run: RunContext) -> None:
    """Remove the brief a run made; the intake and corrections by hand stay. Does nothing the second time."""
    for brief in models.Brief.objects.of_run(run.id).select_for_update():
        before = snapshot(brief)
        event = BriefWithdrawn(aggregate_id=brief.pk, client_id=brief.client_id, run_id=run.id)
        brief.delete()
        publish(event, AuditNote(before=before, reason="The run took back what it had done."))
