"""Sending, deciding on and chasing reviews, and planning what follows."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django_fsm import TransitionNotAllowed

from apps.client_review import queries, rules
from apps.client_review.api import dtos, events
from apps.client_review.models import Comment, Review, RevisionPlan, RevisionRequest
from apps.production.api.dtos import Draft, Wish, Wishes
from apps.shared.events import AuditNote, Event, publish
from apps.shared.models import snapshot
from apps.shared.workflow import PersonNeeded, RunContext

State = Review.State
RUN_TAKEN_BACK = "The run was taken back."


class DecisionRefused(TransitionNotAllowed):
    """A review cannot be decided on, or not this way; the message says why and what to do."""


class StaleDecision(DecisionRefused):
    """A decision about another version than the one that is in front of the client; the message says what differs."""


class NotAnApprover(DecisionRefused):
    """Somebody decided in the portal who may not decide for this client."""


class ReviewClosed(TransitionNotAllowed):
    """A review is not open any more, so that nothing can be done about it."""


class ReasonMissing(ValueError):
    """Nobody said why, or how; the audit keeps it."""


# --- sending ----------------------------------------------------------------------------------------------------------


@transaction.atomic
def send_for_review(draft: Draft, *, run: RunContext) -> Review:
    """Put a draft in front of its client as the next round of its work, exactly as it is now."""
    _lock_rounds(draft.strategy_id, draft.pack)
    content = rules.shown_of(draft).model_dump(mode="json")
    review = Review.objects.create(
        run_id=run.id,
        client_id=draft.client_id,
        draft_id=draft.id,
        strategy_id=draft.strategy_id,
        pack=draft.pack,
        draft_round=draft.round,
        round=queries.next_round(draft.strategy_id, draft.pack),
        content=content,
        draft_sha256=rules.sha256_of(content),
        sent_at=run.at,
        due_at=run.at + rules.DUE_IN,
    )
    facts = {"draft_sha256": review.draft_sha256, "due_at": review.due_at}
    _publish(events.ClientReviewSent, review, AuditNote(after=_standing(review)), **facts)
    return review


@transaction.atomic
def withdraw_reviews(*, run: RunContext) -> None:
    """Remove the reviews a run sent, with all that was said about them; a second call finds nothing to do."""
    reviews = Review.objects.of_run(run.id).select_for_update().order_by("-round", "pk")
    for review in reviews.prefetch_related("comments", "requests", "notices"):
        before = snapshot(review) | {
            name: [snapshot(part) for part in getattr(review, name).all()]
            for name in ("comments", "requests", "notices")
        }
        note = AuditNote(reason=RUN_TAKEN_BACK, before=before)
        _publish(events.ReviewWithdrawn, review, note, reason=RUN_TAKEN_BACK)
        review.delete()


@transaction.atomic
def withdraw_review(review: Review, *, by: UUID, reason: str, at: datetime) -> Review:
    """Take a review back from the client who has not decided: the run that sent it is taken back.

    Raises ReasonMissing, and ReviewClosed once it is decided.
    """
    _demand(reason, "Say why the client is not asked any more.")
    review = _locked(review, State.SENT, State.EXPIRED)
    before = _standing(review)
    review.withdraw()
    review.reminder = ""
    review.save()
    note = AuditNote(actor_id=by, reason=reason, before=before, after=_standing(review))
    _publish(events.ReviewWithdrawn, review, note, reason=reason)
    return review


# --- deciding ---------------------------------------------------------------------------------------------------------

DECIDE = {
    "APPROVED": Review.approve,
    "CHANGES_REQUESTED": Review.request_changes,
    "REJECTED": Review.reject,
}


@transaction.atomic
def record_decision(review: Review, decision: dtos.Decision, *, by: UUID, at: datetime) -> Review:
    """Store what the client decided about exactly the version that is in front of them.

    `by` is whoever pressed the button: an approver of the client in the portal, else one of the staff, on the client's
    behalf. Of two at once the first counts. Raises NotAnApprover, StaleDecision, or DecisionRefused with all that is
    wrong.
    """
    review = Review.objects.select_for_update(of=("self",)).select_related("client").get(pk=review.pk)
    if decision.channel == "PORTAL" and not queries.may_decide(by, review.client_id):
        raise NotAnApprover(f"Only who approves for {review.client} can decide. Ask them to do it.")
    if decision.draft_sha256 != review.draft_sha256:
        raise StaleDecision(_what_differs(review, decision.draft_sha256))
    if review.state != State.SENT:
        raise DecisionRefused(_why_closed(review))
    if rules.sha256_of(review.content) != review.draft_sha256:
        raise DecisionRefused("What is stored is not what was sent. Withdraw this review and send the draft again.")
    if problems := rules.decision_problems(decision, (section.key for section in review.shown.sections)):
        raise DecisionRefused(" ".join(problems))
    before = _standing(review)
    DECIDE[decision.verdict](review)
    review.decided_at, review.decided_by_id, review.text = at, by, decision.text
    review.channel, review.told_by, review.reminder = decision.channel, decision.told_by, ""
    review.save()
    RevisionRequest.objects.bulk_create(
        RevisionRequest(review=review, position=n, **dict(each)) for n, each in enumerate(decision.requests, 1)
    )
    _tell_decision(review, decision, before)
    return review


def _tell_decision(review: Review, decision: dtos.Decision, before: dict[str, Any]) -> None:
    """Publish a decision, and what it means beside it."""
    behalf = "" if decision.channel == "PORTAL" else f"Told by {decision.told_by} ({decision.channel.lower()}). "
    asked = [each.model_dump(mode="json") for each in decision.requests]
    note = AuditNote(
        actor_id=review.decided_by_id,
        reason=f"{behalf}{decision.text}".strip(),
        before=before,
        after=_standing(review) | {"requests": asked},
    )
    said = {"draft_sha256": review.draft_sha256}
    _publish(events.ReviewDecided, review, note, verdict=decision.verdict, reason=decision.text, **said)
    brief = AuditNote(actor_id=review.decided_by_id)
    if decision.verdict == "APPROVED":
        _publish(events.ClientApproved, review, brief, **said)
    if decision.requests:
        sections = tuple(dict.fromkeys(each.section for each in decision.requests))
        _publish(events.RevisionRequested, review, brief, sections=sections)


def _what_differs(review: Review, sha256: str) -> str:
    seen = queries.find_version(review, sha256)
    if seen is None:
        return "This is about a version that was never in front of the client. Open the review again and read it."
    differing = rules.differing_sections(seen.shown, review.shown)
    names = ", ".join(differing) or "nothing but its number"
    return f"This is about round {seen.round}; round {review.round} differs in: {names}. Read it, then decide."


def _why_closed(review: Review) -> str:
    match review.state:
        case State.EXPIRED:
            return "The time to decide is over. The account manager can extend it."
        case State.WITHDRAWN:
            return "It was withdrawn: nothing is asked any more."
    at = f"{review.decided_at:%d %b %Y %H:%M} UTC"
    return (
        f"{queries.name_of(review.decided_by_id)} decided it already ({review.state.replace('_', ' ').lower()}, {at})."
    )


# --- revising ---------------------------------------------------------------------------------------------------------


@transaction.atomic
def plan_revision(review: Review, *, run: RunContext | None = None) -> RevisionPlan | None:
    """Plan the changes a client asked for, once; None where none were.

    Raises PersonNeeded for a round over the agreed number that no account manager has allowed.
    """
    review = Review.objects.select_for_update(of=("self",)).select_related("client").get(pk=review.pk)
    if review.state != State.CHANGES_REQUESTED:
        return None
    beyond = rules.rounds_beyond(review.round, review.client.included_revision_rounds)
    if beyond and review.allowed_at is None:
        raise PersonNeeded(
            f"{review.client} has used the {review.client.included_revision_rounds} revision rounds that were agreed. "
            "An account manager allows a further one, with a reason, on the review's page; or take the run back."
        )
    plan, is_new = RevisionPlan.objects.get_or_create(
        review=review,
        defaults={
            "run_id": run.id if run else None,
            "draft_id": review.draft_id,
            "estimated_hours": rules.estimated_hours(queries.requests_of(review)),
            "beyond_included": beyond,
        },
    )
    if is_new:
        note = AuditNote(after={"estimated_hours": str(plan.estimated_hours), "beyond_included": beyond})
        _publish(events.RevisionPlanned, review, note, beyond_included=beyond)
    return plan


def wishes_of(review: Review, *, run: RunContext) -> Wishes:
    """Plan the revision after a review and return it as what production is asked for. Raises PersonNeeded."""
    if plan_revision(review, run=run) is None:
        return Wishes(draft_id=review.draft_id)
    wishes = (Wish(**dict(request)) for request in queries.requests_of(review))
    return Wishes(draft_id=review.draft_id, wishes=tuple(wishes))


@transaction.atomic
def allow_further_round(review: Review, *, by: UUID, reason: str, at: datetime) -> Review:
    """Let the changes of a review be made although the agreed rounds are used up.

    Raises ReasonMissing, and ReviewClosed where there is nothing to allow.
    """
    _demand(reason, "Say why the round is made all the same.")
    review = _locked(review, State.CHANGES_REQUESTED)
    if not rules.rounds_beyond(review.round, review.client.included_revision_rounds):
        raise ReviewClosed("This round is one of those that were agreed.")
    if review.allowed_at is not None:
        raise ReviewClosed(f"{review.allowed_by} has allowed it already.")
    review.allowed_at, review.allowed_by_id, review.allowed_because = at, by, reason
    review.save()
    note = AuditNote(actor_id=by, reason=reason, after=_standing(review))
    _publish(events.FurtherRoundAllowed, review, note, by=by, reason=reason)
    return review


@transaction.atomic
def comment_on_review(review: Review, *, side: str, text: str, by: UUID, section: str = "", quote: str = "") -> Comment:
    """Store a remark on what is in front of the client: theirs, or the staff's in answer.

    Raises DecisionRefused naming the field, and ReviewClosed once it is decided.
    """
    review = _locked(review, State.SENT, State.EXPIRED)
    known = {each.key: each for each in review.shown.sections}
    if section and section not in known:
        raise DecisionRefused(f"section: there is no {section!r}. Choose one of: {', '.join(known)}.")
    if not text.strip():
        raise DecisionRefused("text: empty. Write the remark.")
    comment = Comment.objects.create(review=review, side=side, section=section, quote=quote, text=text, author_id=by)
    kind = events.ClientFeedbackReceived if side == Comment.Side.CLIENT else events.CommentAnswered
    event = kind(  # of no run: a person made it, and it goes with its review
        client_id=review.client_id,
        aggregate_id=comment.pk,
        review_id=review.pk,
        draft_id=review.draft_id,
        section=section,
    )
    publish(event, AuditNote(actor_id=by, after={"quote": quote, "text": text}))
    return comment


# --- the day it is due ------------------------------------------------------------------------------------------------


def chase_reviews(*, at: datetime) -> int:
    """Ask for the reminders that are due, and close what nobody decided within the grace; return how many."""
    chased = [_ask_for_reminder(pk, at=at) for pk in Review.objects.to_chase(at).values_list("pk", flat=True)]
    closed = [_close_if_overdue(pk, at=at) for pk in Review.objects.expired_by(at).values_list("pk", flat=True)]
    return sum(chased) + sum(closed)


@transaction.atomic
def _ask_for_reminder(review_id: UUID, *, at: datetime) -> bool:
    """Put a review among those whose client is to be reminded, once before its day and once after; tell whether."""
    review = Review.objects.to_chase(at).select_for_update().filter(pk=review_id).first()
    kind = rules.reminder_due(review.due_at, at) if review else ""
    asked = {"BEFORE": "asked_before_at", "AFTER": "asked_after_at"}
    if not kind or getattr(review, asked[kind]) is not None:
        return False
    setattr(review, asked[kind], at)
    review.reminder = kind
    review.save()
    _publish(events.ReminderDue, review, AuditNote(after={"due_at": review.due_at.isoformat()}), kind=kind)
    return True


@transaction.atomic
def _close_if_overdue(review_id: UUID, *, at: datetime) -> bool:
    """Close a review, unless somebody decided or extended it in this moment; tell whether."""
    review = Review.objects.expired_by(at).select_for_update().filter(pk=review_id).first()
    return review is not None and bool(expire_review(review, by=None, at=at))


@transaction.atomic
def remind_reviewer(review: Review, *, by: UUID, reason: str, at: datetime) -> Review:
    """Note that somebody reminded the client, and how (`reason`). Raises ReasonMissing and ReviewClosed."""
    _demand(reason, "Say whom you reminded, and how.")
    review = _locked(review, State.SENT)
    review.reminded_at, review.reminder = at, ""
    review.save()
    _publish(events.ReviewerReminded, review, AuditNote(actor_id=by, reason=reason, after=_standing(review)))
    return review


@transaction.atomic
def extend_review(
    review: Review, *, by: UUID, reason: str, at: datetime, extension: timedelta = rules.EXTENSION
) -> Review:
    """Give the client longer, from the day it was due or from now; a review that had expired is open again.

    Its reminders begin anew. Raises ReasonMissing, and ReviewClosed once it is decided.
    """
    _demand(reason, "Say why the client gets longer.")
    review = _locked(review, State.SENT, State.EXPIRED)
    before = _standing(review)
    review.extend()
    review.due_at = max(review.due_at, at) + extension
    review.reminder = ""
    review.asked_before_at = review.asked_after_at = None
    review.save()
    note = AuditNote(actor_id=by, reason=reason, before=before, after=_standing(review))
    _publish(events.ReviewExtended, review, note, due_at=review.due_at)
    return review


@transaction.atomic
def expire_review(review: Review, *, by: UUID | None, at: datetime, reason: str = "") -> Review:
    """Close a review that the client did not decide; extending it opens it again, and its run waits meanwhile.

    Raises ReviewClosed when it is not open.
    """
    review = _locked(review, State.SENT)
    before = _standing(review)
    review.expire()
    review.reminder = ""
    review.save()
    why = reason or f"Nobody decided within {rules.EXPIRES_AFTER.days} days of the day it was due."
    _publish(events.ReviewExpired, review, AuditNote(actor_id=by, reason=why, before=before, after=_standing(review)))
    return review


def _locked(review: Review, *states: str) -> Review:
    """Return the review's row, locked. Raises ReviewClosed in other states."""
    review = Review.objects.select_for_update(of=("self",)).select_related("client").get(pk=review.pk)
    if review.state not in states:
        raise ReviewClosed(f"The review is {review.state.replace('_', ' ').lower()}. Look at it again.")
    return review


def _lock_rounds(strategy_id: UUID, pack: str) -> None:
    with connection.cursor() as cursor:
        key = f"client_review.review:{strategy_id}:{pack}"
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [key])


def _demand(reason: str, question: str) -> None:
    if not reason.strip():
        raise ReasonMissing(question)


def _publish(event: type[Event], review: Review, note: AuditNote, **fields: Any) -> None:
    about = {"run_id": review.run_id, "client_id": review.client_id, "aggregate_id": review.pk}
    publish(event(**about, draft_id=review.draft_id, round=review.round, **fields), note)


def _standing(review: Review) -> dict[str, Any]:
    return {
        "state": str(review.state),
        "round": review.round,
        "draft_sha256": review.draft_sha256,
        "due_at": review.due_at.isoformat(),
        "channel": review.channel,
        "told_by": review.told_by,
    }
