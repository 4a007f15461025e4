"""Where a client stands: moved by the score, by the first delivery, and by people."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from apps.identity.models import Client
from apps.retention.api import events
from apps.retention.models import Lifecycle
from apps.retention.services.records import demand, tell
from apps.shared.models import snapshot

Stage = Lifecycle.Stage
_MOVES = {
    Stage.ACTIVE: Lifecycle.activate,
    Stage.AT_RISK: Lifecycle.endanger,
    Stage.RENEWED: Lifecycle.renew,
    Stage.CHURNED: Lifecycle.churn,
}


@transaction.atomic
def open_lifecycle(client_id: UUID) -> Lifecycle:
    """Look after a client from now on, as one whose onboarding has begun; a second call changes nothing.

    Raises Client.DoesNotExist.
    """
    known = Lifecycle.objects.filter(client_id=client_id).first()
    if known is not None:
        return known
    # Of two at once, the second waits here and finds what the first has made.
    Client.objects.select_for_update(no_key=True).get(pk=client_id)
    row, is_new = Lifecycle.objects.get_or_create(client_id=client_id)
    if is_new:
        tell(events.LifecycleOpened, row, client_id=client_id, stage=row.stage)
    return row


def hold_lifecycle(client_id: UUID) -> Lifecycle:
    """Return a client's lifecycle, opened where there is none, and let nobody else move it until the transaction ends.

    What people press a button on is locked by then: so it is locked first here, too, and the client never before it.
    """
    return Lifecycle.objects.select_for_update().get(pk=open_lifecycle(client_id).pk)


@transaction.atomic
def activate_lifecycle(row: Lifecycle, *, by: UUID, reason: str, at: datetime) -> Lifecycle:
    """End a client's onboarding by hand. Raises ReasonMissing, and TransitionNotAllowed at another stage."""
    return advance(row.client_id, Stage.ACTIVE, at=at, by=by, reason=demand(reason, "Say why its onboarding is over."))


@transaction.atomic
def end_onboarding(client_id: UUID, *, at: datetime) -> None:
    """Take a client whose first package is delivered out of its onboarding; at any other stage nothing changes."""
    if hold_lifecycle(client_id).stage == Stage.ONBOARDING:
        advance(client_id, Stage.ACTIVE, at=at, reason="The first package was delivered.")


@transaction.atomic
def follow_level(client_id: UUID, level: str, *, at: datetime) -> None:
    """Put a client at risk whose level is HIGH, and take one out of it whose level is known and lower."""
    stage = hold_lifecycle(client_id).stage
    if level == "HIGH" and stage in (Stage.ONBOARDING, Stage.ACTIVE, Stage.RENEWED):
        advance(client_id, Stage.AT_RISK, at=at, reason="The score says so.")
    elif level in ("LOW", "MEDIUM") and stage == Stage.AT_RISK:
        advance(client_id, Stage.ACTIVE, at=at, reason="The score is below HIGH again.")


@transaction.atomic
def advance(client_id: UUID, stage: str, *, at: datetime, by: UUID | None = None, reason: str = "") -> Lifecycle:
    """Move a client to a stage and tell of it. Raises django_fsm's TransitionNotAllowed."""
    row = hold_lifecycle(client_id)
    before = snapshot(row)
    _MOVES[Stage(stage)](row)
    row.advanced_at, row.reason = at, reason
    row.save()
    moved = {"from_stage": before["stage"], "to_stage": row.stage}
    tell(events.LifecycleAdvanced, row, client_id=client_id, by=by, reason=reason, before=before, **moved)
    return row
