"""What people do to their own account, and how they come by one: invited to a client's portal."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from apps.identity.api.dtos import Contact
from apps.identity.api.events import MemberInvited, PasswordChanged
from apps.identity.models import Client, Membership, User
from apps.identity.rules import LANGUAGES, comparable_address
from apps.identity.services.links import add_link
from apps.identity.services.people import add_user, change_user, grant_membership
from apps.shared.events import AuditNote, publish


@transaction.atomic
def invite_member(
    client: Client, *, email: str, full_name: str, role: str, by: UUID | None, at: datetime, language: str = ""
) -> Membership:
    """Let whoever has this address act for a client, and mail them a link; a person we do not know gets an account.

    An account that exists is not changed, a membership that exists is given this role. `language` is that of a new
    account.
    """
    user = User.objects.filter(email=comparable_address(email)).first()
    if user is None:
        known = language if language in LANGUAGES else ""
        user = User(email=comparable_address(email), full_name=full_name, language=known)
        user.set_unusable_password()
        add_user(user, by=by)
    membership = Membership.objects.filter(user=user, client=client).first() or Membership(user=user, client=client)
    if membership.role != role:
        membership.role = role
        grant_membership(membership, by=by)
    invite(membership, by=by, at=at)
    return membership


@transaction.atomic
def invite_contact(client_id: UUID, contact: Contact, *, by: UUID | None, at: datetime) -> Membership:
    """Let the person who signed for a client decide for it, and mail them a link, once: a member is not asked again.

    Raises Client.DoesNotExist.
    """
    client = Client.objects.select_for_update().get(pk=client_id)
    known = Membership.objects.filter(client=client, user__email=comparable_address(contact.email)).first()
    if known is not None:
        return known
    said = {"email": contact.email, "full_name": contact.full_name, "language": contact.language}
    return invite_member(client, **said, role=Membership.Role.APPROVER, by=by, at=at)


@transaction.atomic
def invite(membership: Membership, *, by: UUID | None, at: datetime, reason: str = "") -> None:
    """Mail a member a link to the portal: good for a week where they have never been there, else for minutes."""
    user = membership.user
    add_link(user, language=user.language or LANGUAGES[0], at=at, is_invitation=user.last_login is None)
    event = MemberInvited(aggregate_id=membership.pk, client_id=membership.client_id, user_id=user.pk)
    publish(event, AuditNote(actor_id=by, reason=reason))


@transaction.atomic
def change_own_password(user: User, password: str) -> None:
    """Set a person's password, which they have proven to be; all their sessions end, the caller's excepted."""
    user.set_password(password)
    user.save(update_fields=["password", "updated_at"])
    publish(PasswordChanged(aggregate_id=user.pk), AuditNote(actor_id=user.pk))


def choose_language(user: User, language: str) -> None:
    """Remember in which of LANGUAGES a person reads the portal and its mails."""
    user.language = language
    change_user(user, by=user.pk)
