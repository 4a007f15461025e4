"""The second factor: a code from an app, and codes on paper for the day the phone is lost."""

import base64
import secrets
from datetime import datetime
from urllib.parse import quote, urlencode
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils.crypto import salted_hmac
from django_otp.oath import TOTP

from apps.identity.api.events import RecoveryCodeUsed, SecondFactorDropped, SecondFactorSet
from apps.identity.models import LoginTries, RecoveryCode, SecondFactor, User
from apps.identity.rules import digest_of
from apps.identity.services.tries import forget_tries, note_failure, take_try
from apps.shared.events import AuditNote, publish

RECOVERY_CODES = 10
DIGITS = 6


@transaction.atomic
def begin_second_factor(user: User) -> SecondFactor:
    """Return a fresh second factor that is not in force before a code has confirmed it. Does nothing to one that is."""
    fresh = {"salt": secrets.token_hex(32), "last_step": -1}
    factor, _ = SecondFactor.objects.get_or_create(user=user, defaults=fresh)
    if factor.confirmed_at is None:
        SecondFactor.objects.filter(pk=factor.pk).update(**fresh)
        factor.refresh_from_db()
    return factor


@transaction.atomic
def confirm_second_factor(user: User, code: str, *, at: datetime) -> list[str]:
    """Put a second factor in force, and return the recovery codes, which are shown this once; none for a wrong code."""
    factor = SecondFactor.objects.select_for_update().filter(user=user, confirmed_at=None).first()
    if factor is None or not _is_code(factor, code, at=at):
        return []
    factor.confirmed_at = at
    factor.save(update_fields=["confirmed_at", "updated_at"])
    codes = [_recovery_code() for _ in range(RECOVERY_CODES)]
    RecoveryCode.objects.bulk_create(RecoveryCode(factor=factor, digest=_digest(code)) for code in codes)
    _remember(user, at)
    publish(SecondFactorSet(aggregate_id=user.pk), AuditNote(actor_id=user.pk))
    return codes


def drop_second_factor(user: User, code: str, *, address: str, at: datetime) -> bool:
    """Take a person's own second factor away, if its code, or a recovery code, is right; tell whether it was.

    Raises LoginWaits after too many that were wrong: they count as tries to log in.
    """
    take_try(LoginTries.Kind.LOGIN, user.email, address=address, at=at)
    with transaction.atomic():
        if user.second_factor_at is None or not is_proven(user, code, at=at):
            note_failure(user.email, user, address=address, at=at)
            return False
        _drop(user, by=user.pk)
    forget_tries(user.email, address=address)
    return True


@transaction.atomic
def reset_second_factor(user: User, *, by: UUID, reason: str) -> None:
    """Take the second factor of somebody else away, who has lost phone and paper."""
    _drop(user, by=by, reason=reason)


def is_proven(user: User, code: str, *, at: datetime) -> bool:
    """Tell whether a code proves that it is this person; anything does for one without a second factor.

    A code works once. Which is not said: of the app, or of the paper.
    """
    if user.second_factor_at is None:
        return True
    factor = SecondFactor.objects.filter(user=user).exclude(confirmed_at=None).first()
    return factor is not None and (_is_code(factor, code, at=at) or _uses_up(factor, code, at=at))


def address_for_app(factor: SecondFactor) -> str:
    """Return what the QR code says: the key, and whose it is."""
    issuer, label = quote(settings.AGENCY_NAME.replace(":", "")), quote(factor.user.email)
    facts = {"secret": key_to_type(factor), "algorithm": "SHA1", "digits": DIGITS, "period": 30}
    return f"otpauth://totp/{issuer}:{label}?{urlencode(facts)}&issuer={issuer}"


def key_to_type(factor: SecondFactor) -> str:
    """Return the key as people type it where no camera is."""
    return base64.b32encode(key_of(factor)).decode()


def key_of(factor: SecondFactor) -> bytes:
    """Return what an app makes codes of: from the row's salt and the site's key, and stored nowhere."""
    made = salted_hmac("identity.second_factor", factor.salt, secret=settings.SECRET_KEY, algorithm="sha256")
    return made.digest()[:20]


def _is_code(factor: SecondFactor, code: str, *, at: datetime) -> bool:
    digits = code.replace(" ", "")
    if not (digits.isascii() and digits.isdigit() and len(digits) == DIGITS):
        return False
    totp = TOTP(key_of(factor), digits=DIGITS)
    totp.time = at.timestamp()
    if not totp.verify(int(digits), tolerance=1, min_t=factor.last_step + 1):
        return False
    # The update is the one look: of two who send the same code at once, one is late.
    return bool(SecondFactor.objects.filter(pk=factor.pk, last_step__lt=totp.t()).update(last_step=totp.t()))


def _uses_up(factor: SecondFactor, code: str, *, at: datetime) -> bool:
    unused = factor.recovery_codes.filter(used_at=None)
    with transaction.atomic():
        if not unused.filter(digest=_digest(code)).update(used_at=at):
            return False
        event = RecoveryCodeUsed(aggregate_id=factor.user_id, left=unused.count())
        publish(event, AuditNote(actor_id=factor.user_id))
    return True


def _recovery_code() -> str:
    """Return 80 random bits to write down: with as many, a slow hash would add nothing."""
    text = base64.b32encode(secrets.token_bytes(10)).decode().lower()
    return "-".join(text[i : i + 4] for i in range(0, 16, 4))


def _digest(code: str) -> str:
    return digest_of("".join(code.lower().replace("-", " ").split()))


def _drop(user: User, *, by: UUID, reason: str = "") -> None:
    SecondFactor.objects.filter(user=user).delete()
    _remember(user, None)
    publish(SecondFactorDropped(aggregate_id=user.pk), AuditNote(actor_id=by, reason=reason))


def _remember(user: User, at: datetime | None) -> None:
    user.second_factor_at = at  # a part of what sessions know: all but the one that did it end
    user.save(update_fields=["second_factor_at", "updated_at"])
