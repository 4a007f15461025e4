"""One request, one effect: what was answered to a request with an Idempotency-Key."""

from collections.abc import Callable
from datetime import datetime

from django.db import transaction
from django.http import HttpResponse

from apps.identity.models import StoredAnswer
from apps.shared.rest.access import Access
from apps.shared.rest.once import KEPT_FOR, check_answer, take_key

_KEPT_HEADERS = ("Content-Type", "ETag", "Location")


def answer_once(
    access: Access, *, key: str, request_sha256: str, at: datetime, answer: Callable[[], HttpResponse]
) -> HttpResponse:
    """Answer a request, or give the answer it got before; inside the request's transaction.

    What is stored commits with what the request did, so a request that died or was refused left neither. An answer that
    holds a secret says what to give instead of it (`replayed_as`). A key is its membership's own. Raises KeyTaken and
    AnswerUnderWay (`apps.shared.rest.once`).
    """
    take_key(f"{access.membership_id}:{key}")
    rows = StoredAnswer.objects.filter(membership_id=access.membership_id, key=key)
    rows.filter(created_at__lt=at - KEPT_FOR).delete()
    known = rows.first()
    check_answer(known, request_sha256=request_sha256)
    if known is None:
        return _answered(access, key, request_sha256, answer)
    response = HttpResponse(bytes(known.body), status=known.status, headers=known.headers)
    response["Idempotency-Replayed"] = "true"
    return response


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
