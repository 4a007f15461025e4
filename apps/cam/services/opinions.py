"""A language model's opinion of replies that the rules would not judge: asked for, checked, and shown to people.

Nothing follows from it. A mail may tell the model what it likes, and the model may say what it likes: what is kept is
one of five words and a quote that stands in the mail, and a person decides. It is asked by a task of its own: a model
that is slow or ill keeps no mail, no lead and no mailbox waiting.
"""

import logging
import time
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Q, QuerySet, Sum

from apps.cam.api import events
from apps.cam.models import InboundEmail, ReplyOpinion
from apps.cam.rules.opinions import Reading, is_quoted, own_words, words_for_model
from apps.cam.services import processing
from apps.cam.services.replies import ReplyRefused
from apps.shared.events import AuditNote, publish
from apps.shared.gateways import llm
from apps.shared.resilience import BreakerOpen, VendorIll
from apps.shared.workflow import TransientFailure

PROMPT = "cam/prompts/read_reply.txt"
MOST_AT_ONCE = 50
MOST_SECONDS = 60
"""After which no further question begins: the task's own limit is twice that."""
PAUSES = (timedelta(minutes=5), timedelta(minutes=20), timedelta(hours=1), timedelta(hours=4))
"""Before the next attempt. The first is more than a task may take: whoever asked has ended, or was killed."""
MOST_ATTEMPTS = len(PAUSES)
AT_WORK = timedelta(minutes=2)
"""As long as a task may take: one asks at a time, so that a slow model holds one process of a worker, never all."""
ASKED_WITHIN = timedelta(days=3)
"""A reply that has waited for longer is somebody's problem already; a model just set up is not asked about years."""
DAY = timedelta(days=1)

log = logging.getLogger(__name__)

Outcome = ReplyOpinion.Outcome


@dataclass
class OpinionCounts:
    """How many replies there is an opinion of now, how many without one, and whether the model is ill."""

    given: int = 0
    without: int = 0
    ill: int = 0


@dataclass(frozen=True)
class _Result:
    outcome: str
    problem: str = ""
    answer: llm.Answer[Reading] | None = None
    version: int | None = None


def ask_due(*, at: datetime) -> OpinionCounts:
    """Ask about the replies that wait for a person and are due, one by one; without a model, do nothing.

    Whoever finds the model ill asks no further.
    """
    counts, began = OpinionCounts(), time.monotonic()
    if not llm.is_configured():
        return counts
    _give_up(at)
    for _ in range(MOST_AT_ONCE):
        if time.monotonic() - began > MOST_SECONDS or (opinion := _take(at)) is None:
            break
        try:
            result = _ask(opinion.reply)
        except TransientFailure as failure:
            log.warning("No opinion of reply %s for now: %s", opinion.reply_id, failure)
            _put_off(opinion, failure, at)
            counts.ill += 1
            break
        _conclude(opinion, result, at)
        counts.given += result.outcome == Outcome.GIVEN
        counts.without += result.outcome != Outcome.GIVEN
    return counts


def accept_opinion(reply: InboundEmail, *, by: UUID, reason: str = "", at: datetime) -> InboundEmail:
    """Say of a reply what the language model reads in it. Raises ReplyRefused where it reads nothing in it."""
    opinion = ReplyOpinion.objects.filter(reply=reply).first()
    if opinion is None or not opinion.is_of_use:
        raise ReplyRefused("There is no opinion to go by.")
    return processing.settle_reply(reply, kind=opinion.kind, by=by, reason=reason, at=at)


def _due(at: datetime) -> QuerySet[InboundEmail]:
    """Return the replies that the rules left to a person, nobody has seen to, and that may be asked about now."""
    untold = Q(opinion=None) | Q(
        opinion__outcome=Outcome.ASKING, opinion__attempts__lt=MOST_ATTEMPTS, opinion__next_at__lte=at
    )
    # Whoever has settled a reply is sure of it, the rules never are.
    left_to_us = Q(classification="NEUTRAL", processed_at__isnull=False, confidence__lt=1)
    return InboundEmail.objects.unanswered().filter(untold, left_to_us, created_at__gte=at - ASKED_WITHIN)


@transaction.atomic
def _take(at: datetime) -> ReplyOpinion | None:
    """Write down that a reply is being asked about, before it is; None where none is due or may be asked about today.

    Eight workers ask no more than one would: while one is at it, the others leave it at that.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended('cam.opinions', 0))")
    asked = ReplyOpinion.objects.filter(asked_at__gt=at - DAY)
    if asked.filter(outcome=Outcome.ASKING, problem="", asked_at__gt=at - AT_WORK).exists():
        return None
    if (asked.aggregate(times=Sum("attempts"))["times"] or 0) >= settings.LLM_DAILY:
        return None
    reply = _due(at).select_related("lead").defer("raw", "html", "headers").order_by("pk").first()
    if reply is None:
        return None
    opinion, _ = ReplyOpinion.objects.get_or_create(reply=reply, defaults={"asked_at": at, "next_at": at})
    opinion.asked_at, opinion.next_at, opinion.problem = at, at + PAUSES[opinion.attempts], ""
    opinion.attempts += 1
    opinion.save()
    opinion.reply = reply
    return opinion


def _ask(reply: InboundEmail) -> _Result:
    """Ask what a reply means, and throw away what the reply does not say."""
    words = own_words(reply.text)
    if not words:
        return _Result(Outcome.GIVEN_UP, "It has no words of its own.")
    prompt = llm.Prompt.read(PROMPT, {"mail": words_for_model(words, _names(reply))})
    try:
        answer = llm.ask(prompt, Reading, llm.Limits(seconds=settings.LLM_SECONDS))
    except llm.AskRefused as refusal:
        return _Result(Outcome.REFUSED, str(refusal), version=prompt.version)
    except llm.AnswerUnusable as nonsense:
        return _Result(Outcome.THROWN_AWAY, str(nonsense), version=prompt.version)
    if not is_quoted(answer.said.quote, words):
        return _Result(Outcome.THROWN_AWAY, "What it quotes does not stand in the mail.", answer, prompt.version)
    return _Result(Outcome.GIVEN, "", answer, prompt.version)


def _names(reply: InboundEmail) -> list[str]:
    """Return the names that must not leave the house: whose mail it is, as we know them and as they call themselves."""
    lead = reply.lead
    known = [reply.from_name, reply.from_address.rpartition("@")[2]]
    if lead is not None:
        known += [lead.full_name, lead.company, lead.email.rpartition("@")[2]]
    return [name for name in known if name]


@transaction.atomic
def _conclude(taken: ReplyOpinion, result: _Result, at: datetime) -> None:
    """Keep what came of asking, unless somebody else has asked since."""
    rows = ReplyOpinion.objects.select_for_update(of=("self",)).select_related("reply")
    opinion = rows.filter(pk=taken.pk, outcome=Outcome.ASKING, attempts=taken.attempts).first()
    if opinion is None:
        return
    opinion.outcome, opinion.problem, opinion.prompt_version = result.outcome, result.problem, result.version
    after = {"outcome": result.outcome, "problem": result.problem, "prompt_version": result.version}
    if answer := result.answer:
        opinion.model, opinion.took_ms = answer.model, answer.took_ms
        opinion.tokens_in, opinion.tokens_out = answer.tokens_in, answer.tokens_out
        after |= {"model": answer.model, "question": answer.question_sha256, "answer": answer.answer_sha256}
    if answer and result.outcome == Outcome.GIVEN:
        opinion.kind, opinion.quote = answer.said.kind, " ".join(answer.said.quote.split())
        after["kind"] = opinion.kind
        if opinion.reply.confidence == 1:  # a person was faster
            opinion.settled_as, opinion.settled_at = opinion.reply.classification, opinion.reply.processed_at
    opinion.save()
    event = events.OpinionFormed(
        aggregate_id=opinion.reply_id,
        occurred_at=at,
        lead_id=opinion.reply.lead_id,
        outcome=opinion.outcome,
        kind=opinion.kind,
    )
    publish(event, AuditNote(after=after))


def _put_off(taken: ReplyOpinion, failure: TransientFailure, at: datetime) -> None:
    """Ask again later, or not at all after so many times. A question that was never put does not count as one."""
    if taken.attempts >= MOST_ATTEMPTS and not isinstance(failure, BreakerOpen):
        _conclude(taken, _Result(Outcome.GIVEN_UP, str(failure)), at)
        return
    asked = failure.retry_after if isinstance(failure, VendorIll) else None
    next_at = max(taken.next_at, at + min(timedelta(seconds=asked or 0), DAY))
    attempts = taken.attempts - isinstance(failure, BreakerOpen)
    mine = ReplyOpinion.objects.filter(pk=taken.pk, outcome=Outcome.ASKING, attempts=taken.attempts)
    mine.update(next_at=next_at, attempts=attempts, problem=str(failure), updated_at=at)


def _give_up(at: datetime) -> None:
    """Conclude what was asked for as often as may be by somebody who was killed."""
    left = ReplyOpinion.objects.filter(outcome=Outcome.ASKING, attempts__gte=MOST_ATTEMPTS, next_at__lte=at)
    for opinion in left.order_by("pk")[:MOST_AT_ONCE]:
        _conclude(opinion, _Result(Outcome.GIVEN_UP, opinion.problem or "Nobody lived to hear the answer."), at)
