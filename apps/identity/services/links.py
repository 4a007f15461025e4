"""Links that people log in by."""

import secrets
from datetime import datetime

from django.db import transaction

from apps.identity.models import LoginLink, User
from apps.identity.rules import LINK_LIFETIME, digest_of


@transaction.atomic
def make_login_link(user: User, *, at: datetime) -> str:
    """Return the secret of a fresh login link of a person; those sent before stop working."""
    secret = secrets.token_urlsafe(32)
    LoginLink.objects.filter(user=user).delete()
    LoginLink.objects.create(user=user, digest=digest_of(secret), expires_at=at + LINK_LIFETIME)
    return secret


@transaction.atomic
def follow_login_link(secret: str, *, at: datetime) -> User | None:
    """Use a login link up and return whose it is; None for one that was used, is too old, or never was."""
    valid = LoginLink.objects.filter(digest=digest_of(secret), used_at=None, expires_at__gt=at, user__is_active=True)
    # The update is the one look: of two clicks at once, one finds it unused.
    if not valid.update(used_at=at):
        return None
    return User.objects.get(login_links__digest=digest_of(secret))
