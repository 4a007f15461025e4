"""Mailboxes: one worker at a time, and none that has been overtaken."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from uuid import UUID

from django.db import connection, transaction

from apps.cam.models import Mailbox

HELD_SECONDS = 120
"""Longer than any one talk with a mail server; renewed with every transaction on the mailbox's behalf."""

_CLAIM = """
    UPDATE cam_mailbox
    SET fence = fence + 1, held_until = clock_timestamp() + make_interval(secs => %s)
    WHERE id = %s AND (held_until IS NULL OR held_until < clock_timestamp())
    RETURNING fence
"""
_RENEW = """
    UPDATE cam_mailbox SET held_until = clock_timestamp() + make_interval(secs => %s)
    WHERE id = %s AND fence = %s RETURNING 1
"""
_RELEASE = "UPDATE cam_mailbox SET held_until = NULL WHERE id = %s AND fence = %s"


class Overtaken(Exception):
    """Somebody else works on the mailbox since; whatever was about to be written is not."""


@dataclass(frozen=True)
class Claim:
    """A mailbox in one's hands: who claims it later has a greater fence."""

    mailbox_id: UUID
    fence: int


def claim_mailbox(mailbox: Mailbox) -> Claim | None:
    """Take a mailbox for oneself, or return None while somebody else has it. Times are the database's."""
    with connection.cursor() as cursor:
        cursor.execute(_CLAIM, [HELD_SECONDS, mailbox.pk])
        row = cursor.fetchone()
    return Claim(mailbox.pk, row[0]) if row else None


@contextmanager
def holding(claim: Claim) -> Iterator[None]:
    """Open a transaction on a mailbox's behalf, alone, and hold the mailbox longer. Raises Overtaken.

    The row stays locked until the transaction ends: what is counted in it stays true, and a later owner waits.
    """
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(_RENEW, [HELD_SECONDS, claim.mailbox_id, claim.fence])
            if cursor.fetchone() is None:
                raise Overtaken(f"Mailbox {claim.mailbox_id} is in other hands since fence {claim.fence}.")
        yield


def release_mailbox(claim: Claim) -> None:
    """Give a mailbox back; nothing where somebody else has it since."""
    with connection.cursor() as cursor:
        cursor.execute(_RELEASE, [claim.mailbox_id, claim.fence])
