"""Links that people log in by: asked for at a page, mailed by a worker, followed once."""

import logging
import secrets
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from uuid_utils.compat import uuid7

from apps.identity.api.events import LoginLinkAsked, LoginLinkFollowed, LoginLinkMailed
from apps.identity.models import LoginLink, LoginTries, User
from apps.identity.rules import COOL_OFF, INVITATION_LIFETIME, LINK_LIFETIME, comparable_address, digest_of
from apps.identity.services.second_factor import is_proven
from apps.identity.services.tries import LoginRefused, LoginWaits, forget_tries, nobody, note_failure, take_try
from apps.shared.events import AuditNote, publish
from apps.shared.gateways import email
from apps.shared.post import Bell
from apps.shared.workflow import TransientFailure

log = logging.getLogger(__name__)

MOST_WAITING = 10
"""Links of one person that are good at once, wherever they were asked for: nobody's mailbox is flooded by others."""
PATIENCE = timedelta(seconds=30)
"""How long a link waits for its message before beat looks after it."""


bell = Bell()
register_bell = bell.register


@transaction.atomic
def ask_for_link(name: str, *, address: str, language: str, at: datetime) -> None:
    """Have a link mailed to whoever has this e-mail address; nothing tells, not even the time it takes, who does."""
    try:
        take_try(LoginTries.Kind.LINK, comparable_address(name), address=address, at=at)
    except LoginWaits:
        return
    user = User.objects.filter(email=comparable_address(name), is_active=True).first()
    waiting = LoginLink.objects.filter(user=user, used_at=None, expires_at__gt=at, created_at__gt=at - COOL_OFF)
    asked = LoginLinkAsked(aggregate_id=user.pk if user else nobody(comparable_address(name)), is_known=bool(user))
    publish(asked, AuditNote())
    if waiting.count() < MOST_WAITING and user is not None:
        add_link(user, language=language, at=at)
    else:
        bell.ring_after_commit(uuid7())  # of nothing: the same message, to a worker who finds no link


def add_link(user: User, *, language: str, at: datetime, is_invitation: bool = False) -> LoginLink:
    """Add a link that waits for its mail, inside the caller's transaction; a worker is woken when that commits."""
    lifetime = INVITATION_LIFETIME if is_invitation else LINK_LIFETIME
    link = LoginLink.objects.create(user=user, language=language, is_invitation=is_invitation, expires_at=at + lifetime)
    bell.ring_after_commit(link.pk)
    return link


def send_login_link(link_id: UUID, *, at: datetime) -> bool:
    """Make the secret of a link and mail it; return whether. One that was mailed, is too old or never was stays so.

    Raises TransientFailure when the mail server is ill; the link then waits for the next try.
    """
    secret = _give_secret(link_id, at=at)
    if secret is None:
        return False
    link = LoginLink.objects.select_related("user").get(pk=link_id)
    try:
        email.send_letter(_letter(link, secret), at=at)
    except TransientFailure:
        with transaction.atomic():
            LoginLink.objects.filter(pk=link_id).update(digest=None)
        raise
    except email.LetterRefused:
        log.warning("A link to log in by cannot be mailed to person %s", link.user_id)
        return False
    return True


def send_waiting_links(*, at: datetime) -> int:
    """Mail the links whose message got lost; return how many."""
    waiting = LoginLink.objects.filter(digest=None, expires_at__gt=at, created_at__lt=at - PATIENCE)
    sent = 0
    for link_id in waiting.values_list("pk", flat=True)[:100]:
        try:
            sent += send_login_link(link_id, at=at)
        except TransientFailure as failure:
            log.warning("Links to log in by wait for the mail server: %s", failure)
            break
    return sent


@transaction.atomic
def _give_secret(link_id: UUID, *, at: datetime) -> str | None:
    waiting = LoginLink.objects.select_for_update(of=("self",)).filter(digest=None, expires_at__gt=at)
    link = waiting.filter(pk=link_id, user__is_active=True).first()
    if link is None:
        return None
    secret = secrets.token_urlsafe(32)
    link.digest = digest_of(secret)
    link.expires_at = at + (INVITATION_LIFETIME if link.is_invitation else LINK_LIFETIME)
    link.save()
    publish(LoginLinkMailed(aggregate_id=link.user_id), AuditNote())
    return secret


def _letter(link: LoginLink, secret: str) -> email.Letter:
    facts = {
        "agency": settings.AGENCY_NAME,
        "person": link.user,
        "link": settings.BASE_URL + reverse("follow-link", args=[secret]),
        "lifetime": INVITATION_LIFETIME.days if link.is_invitation else int(LINK_LIFETIME.total_seconds() // 60),
        "language": link.language,
    }
    folder = "account/mail/" + ("invitation" if link.is_invitation else "login_link")
    with translation.override(link.language):
        return email.Letter(
            to=link.user.email,
            subject=" ".join(render_to_string(f"{folder}.subject.txt", facts).split()),
            text=render_to_string(f"{folder}.txt", facts),
            html=render_to_string(f"{folder}.html", facts),
            key=f"login-link/{link.pk}",
        )


def find_link(secret: str, *, at: datetime) -> LoginLink | None:
    """Return the link that a secret opens; None for one that was used, is too old, or never was."""
    valid = LoginLink.objects.filter(digest=digest_of(secret), used_at=None, expires_at__gt=at, user__is_active=True)
    return valid.select_related("user").first()


def follow_login_link(secret: str, *, code: str = "", address: str = "", at: datetime) -> User | None:
    """Use a login link up, and the person's others with it, and return whose it is; None for one that opens nothing.

    Raises LoginRefused for a wrong code of somebody with a second factor, LoginWaits after too many; the link stays
    good.
    """
    link = find_link(secret, at=at)
    if link is None:
        return None
    if link.user.second_factor_at is not None:
        take_try(LoginTries.Kind.LOGIN, link.user.email, address=address, at=at)
        if not is_proven(link.user, code, at=at):
            note_failure(link.user.email, link.user, address=address, at=at)
            raise LoginRefused
        forget_tries(link.user.email, address=address)
    return link.user if _use_up(link, at=at) else None


@transaction.atomic
def _use_up(link: LoginLink, *, at: datetime) -> bool:
    # The update is the one look: of two clicks at once, one finds it unused.
    if not LoginLink.objects.filter(pk=link.pk, used_at=None).update(used_at=at):
        return False
    LoginLink.objects.filter(user_id=link.user_id, used_at=None).update(used_at=at)
    publish(LoginLinkFollowed(aggregate_id=link.user_id), AuditNote(actor_id=link.user_id))
    return True
