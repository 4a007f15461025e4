"""Beginning with a client that was won: its workspace, the intake it is to write, the mail that asks for it."""

from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.urls import reverse

from apps.identity.api.dtos import Contact
from apps.identity.models import Client
from apps.onboarding.api.events import IntakeInvited, InvitationMailed, InvitationRetried
from apps.onboarding.models import IntakeDraft, IntakeInvitation
from apps.onboarding.services.drafts import open_draft
from apps.onboarding.services.workspaces import open_at
from apps.shared.events import AuditNote, publish
from apps.shared.gateways import email
from apps.shared.post import Post, letter_of

State = IntakeInvitation.State


class InvitationStands(ValueError):
    """An invitation that went out, or still may, is not sent again."""


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
    post.bell.ring_after_commit(invitation.pk)
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
    post.bell.ring_after_commit(row.pk)
    return row


def send_invitation(invitation_id: UUID, *, at: datetime) -> bool:
    """Mail an invitation that waits; return whether it went out. An intake that is in already is not asked for.

    Raises TransientFailure when the mail server is ill; the invitation then waits for the next try.
    """
    return post.send(invitation_id, at=at)


def sweep_invitations(*, at: datetime) -> int:
    """Call doubtful what a killed worker began, and mail what waits although its message got lost; return how many."""
    return post.sweep(at=at)


def _write(row: IntakeInvitation) -> email.Letter | None:
    return _letter(row) if IntakeDraft.objects.filter(pk=row.intake_id).exists() else None


def _tell(row: IntakeInvitation) -> None:
    event = InvitationMailed(aggregate_id=row.pk, client_id=row.client_id, outcome=row.state)
    publish(event, AuditNote(after={"state": row.state}))


def _address_of(intake_id: UUID) -> str:
    return settings.BASE_URL + reverse("portal-intake", args=[intake_id])


def _letter(row: IntakeInvitation) -> email.Letter:
    facts = {
        "person": row.full_name or row.email,
        "client": row.client,
        "link": _address_of(row.intake_id),
    }
    return letter_of(
        "onboarding/mail/invitation", facts, to=row.email, key=f"intake-invitation/{row.pk}", language=row.language
    )


post = Post(rows=IntakeInvitation, write=_write, tell=_tell)
register_bell = post.bell.register
