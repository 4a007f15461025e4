"""Beginning with a client that was won: its workspace, the intake it is to write, the mail that asks for it."""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation

from apps.identity.api.dtos import Contact
from apps.identity.models import Client
from apps.onboarding.api.events import IntakeInvited, InvitationMailed, InvitationRetried
from apps.onboarding.models import IntakeDraft, IntakeInvitation
from apps.onboarding.services.drafts import open_draft
from apps.onboarding.services.workspaces import open_at
from apps.shared.events import AuditNote, publish
from apps.shared.gateways import email
from apps.shared.workflow import TransientFailure

log = logging.getLogger(__name__)

State = IntakeInvitation.State
PATIENCE = timedelta(minutes=1)
"""How long an invitation waits for its message before beat looks after it."""
DOUBT_AFTER = timedelta(minutes=5)
"""More than a worker has for one letter: who has not told by then was killed, before or after the server took it."""


class InvitationStands(ValueError):
    """An invitation that went out, or still may, is not sent again."""


def _nobody_hears(invitation_id: UUID) -> None:
    pass


_ring: Callable[[UUID], object] = _nobody_hears


def register_bell(ring: Callable[[UUID], object]) -> None:
    """Let this function wake a worker for an invitation that waits; it is given the invitation's id."""
    global _ring
    _ring = ring


@transaction.atomic
def begin_onboarding(client_id: UUID, contact: Contact, *, deal_id: UUID, by: UUID | None) -> IntakeInvitation:
    """Open a won client's workspace and the intake it is to write, and have the mail sent that asks for it.

    All of that once for a deal. Raises Client.DoesNotExist.
    """
    client = Client.objects.select_for_update().get(pk=client_id)  # whoever comes second waits, and finds what is there
    known = IntakeInvitation.objects.filter(deal_id=deal_id).first()
    if known is not None:
        return known
    draft = open_draft(client_id=client.pk, answers={"client_name": client.name}, by=by)
    open_at(client, _address_of(draft.pk), by=by)
    to = contact.model_dump() | {"language": contact.language or settings.LANGUAGE_CODE}
    invitation = IntakeInvitation.objects.create(client=client, deal_id=deal_id, intake_id=draft.pk, **to)
    event = IntakeInvited(aggregate_id=invitation.pk, client_id=client.pk, intake_id=draft.pk)
    publish(event, AuditNote(actor_id=by, after={"email": invitation.email, "state": invitation.state}))
    _ring_after_commit(invitation.pk)
    return invitation


@transaction.atomic
def send_again(invitation: IntakeInvitation, *, by: UUID, reason: str = "") -> IntakeInvitation:
    """Have an invitation sent once more that may not have arrived. Raises InvitationStands for any other."""
    row = IntakeInvitation.objects.select_for_update().get(pk=invitation.pk)
    if row.state not in IntakeInvitation.IN_DOUBT:
        raise InvitationStands(f"{row.said}. It is not sent again.")
    before, row.state = {"state": row.state}, State.WAITING
    row.save(update_fields=["state", "updated_at"])
    event = InvitationRetried(aggregate_id=row.pk, client_id=row.client_id)
    publish(event, AuditNote(actor_id=by, reason=reason, before=before, after={"state": row.state}))
    _ring_after_commit(row.pk)
    return row


def _ring_after_commit(invitation_id: UUID) -> None:
    # A broker that is away is no reason to refuse: beat finds the invitation.
    transaction.on_commit(lambda: _ring(invitation_id), robust=True)


def send_invitation(invitation_id: UUID, *, at: datetime) -> bool:
    """Mail an invitation that waits; return whether it went out. An intake that is in already is not asked for.

    Raises TransientFailure when the mail server is ill; the invitation then waits for the next try.
    """
    letter = _begin(invitation_id, at=at)
    if letter is None:
        return False
    try:
        went_out = email.send_letter(letter, at=at)
    except TransientFailure:
        IntakeInvitation.objects.filter(pk=invitation_id, state=State.SENDING).update(state=State.WAITING)
        raise
    except email.LetterRefused as refusal:
        log.warning("Intake invitation %s cannot be mailed: %s", invitation_id, refusal)
        _end(invitation_id, State.REFUSED, at=at)
        return False
    _end(invitation_id, State.SENT if went_out else State.PROOF, at=at)
    return went_out


def sweep_invitations(*, at: datetime) -> int:
    """Call doubtful what a killed worker began, and mail what waits although its message got lost; return how many."""
    begun = IntakeInvitation.objects.filter(state=State.SENDING, begun_at__lt=at - DOUBT_AFTER).order_by("pk")
    for invitation_id in begun.values_list("pk", flat=True)[:100]:
        _end(invitation_id, State.UNKNOWN, at=at)
    waiting = IntakeInvitation.objects.filter(state=State.WAITING, updated_at__lt=at - PATIENCE).order_by("pk")
    sent = 0
    for invitation_id in waiting.values_list("pk", flat=True)[:100]:
        try:
            sent += send_invitation(invitation_id, at=at)
        except TransientFailure as failure:
            log.warning("Intake invitations wait for the mail server: %s", failure)
            break
    return sent


@transaction.atomic
def _begin(invitation_id: UUID, *, at: datetime) -> email.Letter | None:
    """Take an invitation that waits, so that nobody else sends it, and write its letter; None where there is none.

    This commits before the server hears of the letter: who dies after it leaves a doubt, and never a second letter.
    """
    row = IntakeInvitation.objects.select_for_update().filter(pk=invitation_id, state=State.WAITING).first()
    if row is None:
        return None
    if not IntakeDraft.objects.filter(pk=row.intake_id).exists():
        row.state, row.ended_at = State.DROPPED, at
        row.save()
        return None
    letter = _letter(row)
    row.state, row.begun_at = State.SENDING, at
    row.save()
    return letter


@transaction.atomic
def _end(invitation_id: UUID, state: str, *, at: datetime) -> None:
    row = IntakeInvitation.objects.select_for_update().filter(pk=invitation_id, state=State.SENDING).first()
    if row is None:
        return
    row.state, row.ended_at = state, at
    row.save()
    event = InvitationMailed(aggregate_id=row.pk, client_id=row.client_id, outcome=state)
    publish(event, AuditNote(after={"state": state}))


def _address_of(intake_id: UUID) -> str:
    return settings.BASE_URL + reverse("portal-intake", args=[intake_id])


def _letter(row: IntakeInvitation) -> email.Letter:
    facts = {
        "agency": settings.AGENCY_NAME,
        "person": row.full_name or row.email,
        "client": row.client,
        "link": _address_of(row.intake_id),
        "language": row.language,
    }
    with translation.override(row.language):
        return email.Letter(
            to=row.email,
            subject=" ".join(render_to_string("onboarding/mail/invitation.subject.txt", facts).split()),
            text=render_to_string("onboarding/mail/invitation.txt", facts),
            html=render_to_string("onboarding/mail/invitation.html", facts),
            key=f"intake-invitation/{row.pk}",
        )
