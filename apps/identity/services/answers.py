"""One request, one effect: what was answered to a request with an Idempotency-Key."""

from collections.abc import Callable
from datetime import datetime, timedelta
from hashlib import blake2b

from django.db import connection, transaction
from django.http import HttpResponse

from apps.identity.models import StoredAnswer
from apps.shared.rest.access import Access

KEPT_FOR = timedelta(days=1)
_KEPT_HEADERS = ("Content-Type", "ETag", "Location")


class KeyTaken(Exception):
    """The key was used with another request."""


class AnswerUnderWay(Exception):
    """A request with this key is being answered this moment."""


def answer_once(
    access: Access, *, key: str, request_sha256: str, at: datetime, answer: Callable[[], HttpResponse]
) -> HttpResponse:
    """Answer a request, or give the answer it got before; inside the request's transaction.

    What is stored commits with what the request did, so a request that died or was refused left neither. An answer that
    holds a secret says what to give instead of it (`replayed_as`). Raises
    KeyTaken for another request under the same key of the same membership, and AnswerUnderWay beside the first one.
    """
    if not _lock(access, key):
        raise AnswerUnderWay
    known = StoredAnswer.objects.filter(membership_id=access.membership_id, key=key).first()
    if known is not None and known.created_at < at - KEPT_FOR:
        known.delete()
        known = None
    if known is None:
        return _answered(access, key, request_sha256, answer)
    if known.request_sha256 != request_sha256:
        raise KeyTaken
    response = HttpResponse(bytes(known.body), status=known.status, headers=known.headers)
    response["Idempotency-Replayed"] = "true"
    return response


def _lock(access: Access, key: str) -> bool:
    """Take the key for this transaction, unless another one has it."""
    number = int.from_bytes(blake2b(f"{access.membership_id}:{key}".encode(), digest_size=8).digest(), signed=True)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [number])
        return cursor.fetchone()[0]


def _answered(access: Access, key: str, request_sha256: str, answer: Callable[[], HttpResponse]) -> HttpResponse:
    response = answer()
    if response.status_code < 400 and not response.streaming:
        StoredAnswer.objects.create(
            client_id=access.client_id,
            membership_id=access.membership_id,
            key=key,
            request_sha256=request_sha256,
            status=response.status_code,
            headers={name: response[name] for name in _KEPT_HEADERS if name in response},
            body=getattr(response, "replayed_as", response.content),
        )
    return response


@transaction.atomic
def forget_answers(*, at: datetime) -> int:
    """Remove answers older than a day; return how many."""
    return StoredAnswer.objects.filter(created_at__lt=at - KEPT_FOR).delete()[0]
