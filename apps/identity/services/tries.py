"""How often a log-in may be tried: by one name from one network address, and by one address with any names."""

import logging
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import Sum
from django.utils.crypto import salted_hmac

from apps.identity.api.events import LoginFailed, LoginLocked
from apps.identity.models import LoginTries, User
from apps.identity.rules import COOL_OFF, MOST_TRIES, MOST_TRIES_OF_ADDRESS
from apps.shared.events import AuditNote, publish

log = logging.getLogger(__name__)


class LoginRefused(Exception):
    """No such log-in; which part of it is wrong is nobody's business."""


class LoginWaits(Exception):
    """Too many tries: for a while nothing is looked at, be it right or wrong."""


@transaction.atomic
def take_try(kind: str, name: str, *, address: str, at: datetime) -> None:
    """Count a try before it is looked at, so that a hundred at once are no more than five. Raises LoginWaits."""
    lately = LoginTries.objects.filter(kind=kind, address=address, last_at__gt=at - COOL_OFF)
    if (lately.aggregate(tries=Sum("count"))["tries"] or 0) >= MOST_TRIES_OF_ADDRESS:
        raise LoginWaits
    key = {"kind": kind, "name_hash": name_hash(name), "address": address}
    LoginTries.objects.get_or_create(**key, defaults={"last_at": at})
    tries = LoginTries.objects.select_for_update().get(**key)
    if tries.last_at <= at - COOL_OFF:
        tries.count = 0
    if tries.count >= MOST_TRIES:
        raise LoginWaits  # and stays as long as it was: who waits is not made to wait longer by others trying
    tries.count += 1
    tries.last_at = at
    tries.save()


@transaction.atomic
def note_failure(name: str, user: User | None, *, address: str, at: datetime) -> None:
    """Tell of a try that failed, and, when it was the last one allowed, that there are no more for a while."""
    about = {"aggregate_id": user.pk if user else nobody(name), "is_known": user is not None}
    publish(LoginFailed(**about), AuditNote(actor_id=user and user.pk))
    tries = LoginTries.objects.filter(kind=LoginTries.Kind.LOGIN, name_hash=name_hash(name), address=address).first()
    if tries is not None and tries.count >= MOST_TRIES:
        publish(LoginLocked(**about), AuditNote(reason=f"{MOST_TRIES} failures from one network address."))
        log.warning("No log-in as %s from %s before %s", about["aggregate_id"], address, at + COOL_OFF)


@transaction.atomic
def forget_tries(name: str, *, address: str) -> None:
    """Let a log-in that succeeded begin the count anew."""
    LoginTries.objects.filter(kind=LoginTries.Kind.LOGIN, name_hash=name_hash(name), address=address).delete()


def name_hash(name: str) -> str:
    """Return the keyed hash that stands for a name somebody typed."""
    return salted_hmac("identity.name", name, secret=settings.SECRET_KEY, algorithm="sha256").hexdigest()


def nobody(name: str) -> UUID:
    """Return what stands in the audit for a name that no account has."""
    return UUID(hex=name_hash(name)[:32])
