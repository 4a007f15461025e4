"""Workflows with people in them, on the probe's table: waits, rounds, a step that asks for a person."""

from datetime import timedelta
from typing import ClassVar
from uuid import UUID

from django.db import transaction
from uuid_utils.compat import uuid7

from apps.shared.dtos import Dto
from apps.shared.events import Event, publish
from apps.shared.workflow import Irreversible, PersonNeeded, Rounds, RunContext, WaitFor, Workflow, step
from bench.probe.models import ProbeRow
from bench.probe.steps import QUICK, One, Seed, one, withdraw

QUICKLY = timedelta(seconds=1)


class ProbeApproved(Event):
    """A person approved what the first step wrote."""

    aggregate: ClassVar[str] = "probe.proberow"
    words: str = ""


class ProbeRejected(Event):
    """A person rejected it."""

    aggregate: ClassVar[str] = "probe.proberow"
    reason: str


class Piece(Dto):
    """What one round's work made."""

    id: UUID
    round: int
    instruction: str
    after_score: int | None


class Judgement(Dto):
    """What the check says of a piece: so many points."""

    id: UUID
    score: int


class Letter(Dto):
    """What was sent at the end."""

    id: UUID


class Showing(Dto):
    """A piece in front of somebody."""

    id: UUID
    piece_id: UUID


class Order(Dto):
    """What somebody wants of the next round; nothing when they are content."""

    words: str


def decide(event: type[Event], row_id: UUID, **facts: str) -> Event:
    """Publish a person's decision on a row, as the module that owns it would."""
    with transaction.atomic():
        decided = event(aggregate_id=row_id, event_id=uuid7(), **facts)
        publish(decided)
    return decided


def _write(name: str, run: RunContext) -> UUID:
    return ProbeRow.objects.create(step=name, run_id=run.id).id


def withdraw_piece(*, run: RunContext) -> None:
    withdraw("piece", run)


def withdraw_judgement(*, run: RunContext) -> None:
    withdraw("judgement", run)


def withdraw_showing(*, run: RunContext) -> None:
    withdraw("showing", run)


def withdraw_order(*, run: RunContext) -> None:
    withdraw("order", run)


def recall_letter(*, run: RunContext) -> tuple[Irreversible, ...]:
    """Take the row back; what was sent cannot be."""
    withdraw("letter", run)
    return (Irreversible(what="A letter was sent.", todo="Write to the client that it is void."),)


@step(compensate=withdraw_piece, retry=QUICK)
def make_piece(*, seed: Seed, given: One, judgement: Judgement | None, run: RunContext) -> Piece:
    """Make the next piece, knowing what the check said of the last one."""
    return Piece(
        id=_write("piece", run),
        round=run.round,
        instruction=run.instruction,
        after_score=judgement.score if judgement else None,
    )


@step(compensate=withdraw_judgement, retry=QUICK)
def judge_piece(*, seed: Seed, piece: Piece, run: RunContext) -> Judgement:
    """Give as many points as rounds were taken; `label` says how many rounds it takes to be content."""
    return Judgement(id=_write("judgement", run), score=piece.round if piece.round < int(seed.label or 1) else 100)


@step(compensate=withdraw_showing, retry=QUICK)
def show_piece(*, piece: Piece, run: RunContext) -> Showing:
    """Put the piece of this round in front of somebody."""
    return Showing(id=_write("showing", run), piece_id=piece.id)


@step(compensate=withdraw_order, retry=QUICK)
def weigh_answer(*, showing: Showing, answer: ProbeApproved, run: RunContext) -> Order:
    """Go over the work again when the answer says how."""
    _write("order", run)
    return Order(words=answer.words)


@step(compensate=recall_letter, retry=QUICK)
def send_letter(*, piece: Piece, run: RunContext) -> Letter:
    """Stand for an effect that leaves the house."""
    return Letter(id=_write("letter", run))


@step(compensate=recall_letter, retry=QUICK)
def send_answer(*, given: One, approved: ProbeApproved | None, run: RunContext) -> Letter:
    """Answer what the person said, if a person said something."""
    return Letter(id=_write("letter", run))


@step(compensate=recall_letter, retry=QUICK)
def ask_person(*, seed: Seed, given: One, run: RunContext) -> Letter:
    """Go on only when somebody has left a row named by the seed's label."""
    if not ProbeRow.objects.filter(step=seed.label).exists():
        raise PersonNeeded(f"Leave a row named {seed.label!r}, then try again.")
    return Letter(id=_write("letter", run))


def _is_approval(decided: Event) -> bool:
    return isinstance(decided, ProbeApproved)


def _waiting(name: str, **how: object) -> Workflow:
    wait = WaitFor(
        ProbeApproved,
        ProbeRejected,
        accept=_is_approval,
        **how,  # type: ignore[arg-type]
    )
    return Workflow(name=name, version=1, starts_with=(Seed,), steps=(one, wait, send_answer))


WORKFLOWS = (
    _waiting("probe_wait"),
    _waiting("probe_remind", within=QUICKLY),
    _waiting("probe_proceed", within=QUICKLY, on_timeout="proceed"),
    _waiting("probe_expire", within=QUICKLY, on_timeout="compensate"),
    Workflow(
        name="probe_rounds",
        version=1,
        starts_with=(Seed,),
        steps=(
            one,
            Rounds(make_piece, judge_piece, until=lambda verdict: verdict.score == 100, at_most=3),
            send_letter,
        ),
    ),
    Workflow(
        name="probe_review",
        version=1,
        starts_with=(Seed,),
        steps=(
            one,
            Rounds(
                Rounds(make_piece, judge_piece, until=lambda verdict: verdict.score == 100, at_most=2),
                show_piece,
                WaitFor(ProbeApproved, ProbeRejected, accept=_is_approval, within=QUICKLY),
                weigh_answer,
                until=lambda order: not order.words,
            ),
            send_letter,
        ),
    ),
    Workflow(name="probe_ask", version=1, starts_with=(Seed,), steps=(one, ask_person)),
)
