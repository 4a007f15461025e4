"""Seeded bugs: what the proof of a campaign under fire must notice. Each takes one guard out of a worker's process."""

from collections.abc import Callable
from datetime import datetime
from typing import Any


def doubt_is_queued_again() -> None:
    """What was in a dead worker's hands is taken for not sent."""
    from apps.cam.api import events
    from apps.cam.models import OutboundEmail
    from apps.cam.services import sending

    def queue_again(claim: Any, counts: Any, clock: Any) -> None:
        with sending.holding(claim):
            lost = OutboundEmail.objects.select_for_update().filter(
                mailbox=claim.mailbox_id, state="SENDING", fence__lt=claim.fence
            )
            for mail in lost:
                columns = {"reserved_at": None, "due_at": clock.now}
                sending.move(mail, "requeue", events.EmailDeferred, answer="?", at=clock.now, columns=columns)

    _replace(sending, "_lose_sight_of_older", queue_again)


def sent_before_reserved() -> None:
    """A message is sent inside the transaction that reserves it: who dies in between takes the reservation back."""
    from apps.cam.gateways import letters, smtp
    from apps.shared.resilience import vendors

    lines: list[smtp.Line] = []
    answers: list[smtp.Answer] = []
    be_ready, compose = smtp.Line.be_ready, letters.compose

    def remember(line: smtp.Line) -> None:
        be_ready(line)
        lines[:] = [line]

    def send_at_once(message: Any, *, at: datetime) -> Any:
        letter = compose(message, at=at)
        answers[:] = [lines[0].carry(letter)]
        return letter

    _replace(vendors, "refuse_inside_a_transaction", lambda name: None)
    _replace(smtp.Line, "be_ready", remember)
    _replace(letters, "compose", send_at_once)
    _replace(smtp, "carry", lambda line, letter: answers[0])


def lost_answer_means_later() -> None:
    """A line that is lost after the dot is taken for a mail that was not."""
    from dataclasses import replace

    from apps.cam.gateways import smtp

    carry = smtp.Line.carry

    def hope(line: smtp.Line, letter: Any) -> smtp.Answer:
        answer = carry(line, letter)
        return replace(answer, outcome="LATER") if answer.outcome == "UNKNOWN" else answer

    _replace(smtp.Line, "carry", hope)


def place_before_mail() -> None:
    """How far a folder was read is written down before the mail that stands there."""
    from apps.cam.gateways import imap
    from apps.cam.models import Mailbox

    fetch = imap.Folder.fetch

    def run_ahead(folder: imap.Folder, uid: int) -> Any:
        Mailbox.objects.filter(key=folder._key).update(last_uid=uid)
        return fetch(folder, uid)

    _replace(imap.Folder, "fetch", run_ahead)


def known_by_place_alone() -> None:
    """A mail is known by its UID only, whatever becomes of the folder."""
    from apps.cam import queries
    from apps.cam.models import InboundEmail

    def by_uid(mailbox: str, uid: str, mail: Any) -> InboundEmail | None:
        return InboundEmail.objects.filter(mailbox=mailbox, provider_uid=uid).first()

    _replace(queries, "find_known", by_uid)


def doubt_is_not_counted() -> None:
    """Messages in doubt take no place under the caps."""
    from apps.cam.services import allowing

    count = allowing.used_by

    def forget(whose: Any, day_began: datetime, at: datetime) -> Any:
        return count(whose & allowing.Q(sent_at__isnull=False), day_began, at)

    _replace(allowing, "used_by", forget)


def _replace(owner: Any, name: str, by: Any) -> None:
    """Put something in a guard's place. Raises AttributeError where there is none of that name any more."""
    getattr(owner, name)
    setattr(owner, name, by)


BUGS: dict[str, Callable[[], None]] = {
    bug.__name__: bug
    for bug in (
        doubt_is_queued_again,
        sent_before_reserved,
        lost_answer_means_later,
        place_before_mail,
        known_by_place_alone,
        doubt_is_not_counted,
    )
}
