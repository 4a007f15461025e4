"""Mails that tell a client's people of a review: asked for by events, sent by a worker, each once."""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation

from apps.client_review import queries
from apps.client_review.api.events import ApproverMailed
from apps.client_review.models import Notice, Review
from apps.shared.events import AuditNote, publish
from apps.shared.gateways import email
from apps.shared.workflow import TransientFailure

log = logging.getLogger(__name__)

State = Notice.State
PATIENCE = timedelta(minutes=1)
"""How long a notice waits for its message before beat looks after it."""
DOUBT_AFTER = timedelta(minutes=5)
"""More than a worker has for one letter: who has not told by then was killed, before or after the server took it."""


def _nobody_hears(notice_id: UUID) -> None:
    pass


_ring: Callable[[UUID], object] = _nobody_hears


def register_bell(ring: Callable[[UUID], object]) -> None:
    """Let this function wake a worker for a notice that waits; it is given the notice's id."""
    global _ring
    _ring = ring


@transaction.atomic
def request_notices(review_id: UUID, *, event_id: UUID, kind: str) -> int:
    """Have each active approver of a review's client mailed of an event, once; return to how many that is new."""
    review = Review.objects.filter(pk=review_id).defer("content").first()
    if review is None or not review.is_asked(kind):
        return 0
    added = 0
    for user_id in queries.approvers_of(review.client_id):
        notice, is_new = Notice.objects.get_or_create(
            event_id=event_id, user_id=user_id, defaults={"review": review, "kind": kind}
        )
        if is_new:
            added += 1
            _ring_after_commit(notice.pk)
    return added


def _ring_after_commit(notice_id: UUID) -> None:
    # A broker that is away is no reason to refuse: beat finds the notice.
    transaction.on_commit(lambda: _ring(notice_id), robust=True)


def send_notice(notice_id: UUID, *, at: datetime) -> bool:
    """Mail a notice that waits; return whether it went out. What nobody is asked any more is not sent.

    Raises TransientFailure when the mail server is ill; the notice then waits for the next try.
    """
    letter = _begin(notice_id, at=at)
    if letter is None:
        return False
    try:
        went_out = email.send_letter(letter, at=at)
    except TransientFailure:
        Notice.objects.filter(pk=notice_id, state=State.SENDING).update(state=State.WAITING)
        raise
    except email.LetterRefused as refusal:
        log.warning("Notice %s cannot be mailed: %s", notice_id, refusal)
        _end(notice_id, State.REFUSED, at=at)
        return False
    _end(notice_id, State.SENT if went_out else State.PROOF, at=at)
    return went_out


def sweep_notices(*, at: datetime) -> int:
    """Call doubtful what a killed worker began, and mail what waits although its message got lost; return how many."""
    begun = Notice.objects.filter(state=State.SENDING, begun_at__lt=at - DOUBT_AFTER)
    for notice_id in begun.values_list("pk", flat=True)[:100]:
        _end(notice_id, State.UNKNOWN, at=at)
    waiting = Notice.objects.filter(state=State.WAITING, created_at__lt=at - PATIENCE)
    sent = 0
    for notice_id in waiting.values_list("pk", flat=True)[:100]:
        try:
            sent += send_notice(notice_id, at=at)
        except TransientFailure as failure:
            log.warning("Notices of reviews wait for the mail server: %s", failure)
            break
    return sent


@transaction.atomic
def _begin(notice_id: UUID, *, at: datetime) -> email.Letter | None:
    """Take a notice that waits, so that nobody else sends it, and write its letter; None where there is none to send.

    This commits before the server hears of the letter: who dies after it leaves a doubt, and never a second letter.
    """
    notice = Notice.objects.select_for_update().filter(pk=notice_id, state=State.WAITING).first()
    if notice is None:
        return None
    review = Review.objects.select_related("client").defer("content").get(pk=notice.review_id)
    if not review.is_asked(notice.kind) or not queries.may_decide(notice.user_id, review.client_id):
        notice.state = State.DROPPED
        notice.save()
        return None
    letter = _letter(notice, review)
    notice.state, notice.begun_at = State.SENDING, at
    notice.save()
    return letter


@transaction.atomic
def _end(notice_id: UUID, state: str, *, at: datetime) -> None:
    notice = Notice.objects.select_for_update().filter(pk=notice_id, state=State.SENDING).first()
    if notice is None:
        return
    notice.state, notice.ended_at = state, at
    notice.save()
    review = Review.objects.only("run_id", "client_id", "draft_id", "round").get(pk=notice.review_id)
    mailed = ApproverMailed(
        run_id=review.run_id,
        client_id=review.client_id,
        aggregate_id=review.pk,
        draft_id=review.draft_id,
        round=review.round,
        kind=notice.kind,
        outcome=state,
    )
    publish(mailed, AuditNote(after={"notice": str(notice.pk), "user": str(notice.user_id), "outcome": state}))


def _letter(notice: Notice, review: Review) -> email.Letter:
    person = notice.user
    language = person.language or settings.LANGUAGE_CODE
    facts = {
        "agency": settings.AGENCY_NAME,
        "person": person,
        "client": review.client,
        "kind": notice.kind,
        "due_date": timezone.localtime(review.due_at, person.zone).date(),
        "link": settings.BASE_URL + reverse("portal-review", args=[review.pk]),
        "language": language,
    }
    with translation.override(language):
        return email.Letter(
            to=person.email,
            subject=" ".join(render_to_string("client_review/mail/review.subject.txt", facts).split()),
            text=render_to_string("client_review/mail/review.txt", facts),
            html=render_to_string("client_review/mail/review.html", facts),
            key=f"review-notice/{notice.pk}",
        )
