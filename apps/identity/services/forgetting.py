"""Removing what is too old to be of use."""

from datetime import datetime, timedelta

from django.contrib.sessions.backends.db import SessionStore
from django.db import transaction

from apps.identity.models import LoginLink, LoginTries
from apps.identity.rules import COOL_OFF
from apps.identity.services.answers import forget_answers

LINKS_KEPT = timedelta(days=1)
"""After their end, so that the page of a link can say that it is too old and not that it never was."""


def forget_expired(*, at: datetime) -> None:
    """Remove answers to keyed requests, links, counts of tries and sessions that have ended; audit and tokens stay."""
    forget_answers(at=at)
    with transaction.atomic():
        LoginLink.objects.filter(expires_at__lt=at - LINKS_KEPT).delete()
        LoginTries.objects.filter(last_at__lt=at - COOL_OFF).delete()
    SessionStore.clear_expired()
