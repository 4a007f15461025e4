"""Letters that rows stand for: written down first, sent by a worker, each once.

What goes out cannot be taken back, and a mail server has no key that makes a second copy harmless. So a row says
SENDING before the server hears of its letter, and whoever dies there leaves a doubt instead of a second letter.
"""

import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import translation

from apps.shared.gateways import email
from apps.shared.models import PostedModel
from apps.shared.workflow import TransientFailure

log = logging.getLogger(__name__)

State = PostedModel.State
PATIENCE = timedelta(minutes=1)
"""How long a letter waits for its message before beat looks after it."""
DOUBT_AFTER = timedelta(minutes=5)
"""More than a worker has for one letter: who has not told by then was killed, before or after the server took it."""
MOST_SWEPT = 100


def _nobody_hears(key: UUID) -> None:
    pass


@dataclass
class Bell:
    """Wakes a worker for a row that waits; who hears it is registered when the site starts."""

    _ring: Callable[[UUID], object] = _nobody_hears

    def register(self, ring: Callable[[UUID], object]) -> None:
        """Let this function be called from now on, with the row's key."""
        self._ring = ring

    def ring_after_commit(self, key: UUID) -> None:
        """Ring once the transaction has committed. A broker that is away is no reason to refuse: beat finds the row."""
        transaction.on_commit(lambda: self._ring(key), robust=True)


def letter_of(template: str, facts: dict[str, Any], *, to: str, key: str, language: str = "") -> email.Letter:
    """Return a letter as its templates word it: `.subject.txt`, `.txt` and `.html`; in the site's language unless told.

    The agency and the language are facts of every letter.
    """
    language = language or settings.LANGUAGE_CODE
    known = {"agency": settings.AGENCY_NAME, "language": language, **facts}
    with translation.override(language):
        return email.Letter(
            to=to,
            subject=" ".join(render_to_string(f"{template}.subject.txt", known).split()),
            text=render_to_string(f"{template}.txt", known),
            html=render_to_string(f"{template}.html", known),
            key=key,
        )


@dataclass
class Post:
    """Sends the letters of one table.

    `write(row)` returns a row's letter, None where nobody is asked any more; `tell(row)` publishes what became of it.
    Both are called in the transaction that changes the row.
    """

    rows: type[PostedModel]
    write: Callable[[Any], email.Letter | None]
    tell: Callable[[Any], None]
    bell: Bell = field(default_factory=Bell)

    @transaction.atomic
    def write_down(self, people: Iterable[UUID], **of: Any) -> int:
        """Write down a letter `of` a row for each of the people who has none of it yet; return how many those are."""
        added = 0
        for user_id in people:
            letter, is_new = self.rows.objects.get_or_create(**of, user_id=user_id)
            if is_new:
                added += 1
                self.bell.ring_after_commit(letter.pk)
        return added

    def send(self, key: UUID, *, at: datetime) -> bool:
        """Mail a row's letter that waits; return whether it went out.

        Raises TransientFailure when the mail server is ill; the letter then waits for the next try.
        """
        letter = self._begin(key, at=at)
        if letter is None:
            return False
        try:
            went_out = email.send_letter(letter, at=at)
        except TransientFailure:
            self.rows.objects.filter(pk=key, state=State.SENDING).update(state=State.WAITING)
            raise
        except email.LetterRefused as refusal:
            log.warning("%s %s cannot be mailed: %s", self._name, key, refusal)
            self._end(key, State.REFUSED, at=at)
            return False
        self._end(key, State.SENT if went_out else State.PROOF, at=at)
        return went_out

    def sweep(self, *, at: datetime) -> int:
        """Call doubtful what a killed worker began, and mail what waits although its message got lost.

        Returns how many were mailed.
        """
        begun = self.rows.objects.filter(state=State.SENDING, begun_at__lt=at - DOUBT_AFTER).order_by("pk")
        for key in begun.values_list("pk", flat=True)[:MOST_SWEPT]:
            self._end(key, State.UNKNOWN, at=at)
        waiting = self.rows.objects.filter(state=State.WAITING, updated_at__lt=at - PATIENCE).order_by("pk")
        sent = 0
        for key in waiting.values_list("pk", flat=True)[:MOST_SWEPT]:
            try:
                sent += self.send(key, at=at)
            except TransientFailure as failure:
                log.warning("%s: letters wait for the mail server: %s", self._name, failure)
                break
        return sent

    @transaction.atomic
    def _begin(self, key: UUID, *, at: datetime) -> email.Letter | None:
        """Take a letter that waits, so that nobody else sends it; None where there is none to send."""
        row = self.rows.objects.select_for_update().filter(pk=key, state=State.WAITING).first()
        if row is None:
            return None
        letter = self.write(row)
        if letter is None:
            row.state, row.ended_at = State.DROPPED, at
        else:
            row.state, row.begun_at = State.SENDING, at
        row.save()
        return letter

    @transaction.atomic
    def _end(self, key: UUID, state: str, *, at: datetime) -> None:
        row = self.rows.objects.select_for_update().filter(pk=key, state=State.SENDING).first()
        if row is None:
            return
        row.state, row.ended_at = state, at
        row.save()
        self.tell(row)

    @property
    def _name(self) -> str:
        return str(self.rows._meta.verbose_name).capitalize()
