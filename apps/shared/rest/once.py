"""One request, one effect: what every door that takes an Idempotency-Key does with it."""

from datetime import timedelta
from hashlib import blake2b
from typing import Any

from django.db import connection

LONGEST_KEY = 255
KEPT_FOR = timedelta(days=1)
BAD_KEY = f"Send an Idempotency-Key of 1 to {LONGEST_KEY} printable ASCII characters."
TAKEN = "This Idempotency-Key was used with another request; take a new key for this one."
UNDER_WAY = "A request with this Idempotency-Key is under way; ask again in a moment."


class KeyTaken(Exception):
    """The key was used with another request."""


class AnswerUnderWay(Exception):
    """A request with this key is being answered this moment."""


def is_key(text: str) -> bool:
    """Tell whether a text can be an Idempotency-Key."""
    return text.isascii() and text.isprintable() and 0 < len(text) <= LONGEST_KEY


def take_key(name: str) -> None:
    """Keep others from answering a request with this key until the transaction ends. Raises AnswerUnderWay.

    The name tells the key from those of all doors and of everybody else.
    """
    number = int.from_bytes(blake2b(name.encode(), digest_size=8).digest(), signed=True)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [number])
        if not cursor.fetchone()[0]:
            raise AnswerUnderWay


def check_answer(known: Any, *, request_sha256: str) -> None:
    """Raise KeyTaken where the answer kept under a key, if there is one, was to another request."""
    if known is not None and known.request_sha256 != request_sha256:
        raise KeyTaken
