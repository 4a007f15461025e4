"""An event reaches its reactions."""

import time
from collections.abc import Callable
from typing import Any

import pytest
from django.db import transaction
from uuid_utils.compat import uuid7

from apps.identity.models import User
from apps.orchestration.models import EventReceipt, OutboxEvent, seconds_from_now
from apps.orchestration.services import outbox
from apps.orchestration.workflows import reactions
from apps.orchestration.workflows.reactions import Reaction
from apps.shared.events import publish
from bench.probe.models import ProbeRow
from bench.probe.people import ProbeApproved, decide


@pytest.fixture
def reacting(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Let functions react to ProbeApproved, besides the wake-ups of runs."""

    def react(**named: Callable[[ProbeApproved], None]) -> None:
        added = tuple(Reaction(name, ProbeApproved, do) for name, do in named.items())
        monkeypatch.setattr(reactions, "REACTIONS", (*reactions.REACTIONS, *added))

    return react


@pytest.fixture(autouse=True)
def _without_pauses(transactional_db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outbox, "pause_before_attempt", lambda policy, attempt: 0)


def _note(event: ProbeApproved) -> None:
    ProbeRow.objects.create(step=event.words)


def _broken(event: ProbeApproved) -> None:
    _note(event)
    raise ConnectionError("the other side is away")


def test_calls_each_reaction_once(reacting: Callable) -> None:
    reacting(note=_note)
    decide(ProbeApproved, uuid7(), words="yes")
    assert [outbox.dispatch_events(), outbox.dispatch_events()] == [1, 0]
    assert ProbeRow.objects.filter(step="yes").count() == 1
    assert set(EventReceipt.objects.values_list("reaction", "state")) == {("wake_runs", "DONE"), ("note", "DONE")}


def test_does_not_repeat_what_was_done_before_a_crash(reacting: Callable) -> None:
    """The dispatcher died after the reaction's commit and before it noted the event as dispatched."""
    reacting(note=_note)
    event = decide(ProbeApproved, uuid7(), words="yes")
    outbox.dispatch_events()
    OutboxEvent.objects.filter(pk=event.event_id).update(dispatched_at=None, wake_at=None)
    assert outbox.dispatch_events() == 1
    assert ProbeRow.objects.filter(step="yes").count() == 1


def test_is_not_published_by_a_change_that_did_not_commit(reacting: Callable) -> None:
    reacting(note=_note)
    with transaction.atomic():
        publish(ProbeApproved(aggregate_id=uuid7()))
        transaction.set_rollback(True)
    assert outbox.dispatch_events() == 0


def test_keeps_the_order_of_each_row(reacting: Callable) -> None:
    seen: list[str] = []
    reacting(note=lambda event: seen.append(event.words))
    row, other = uuid7(), uuid7()
    for words, about in (("a1", row), ("b1", other), ("a2", row), ("a3", row)):
        decide(ProbeApproved, about, words=words)
    outbox.dispatch_events()
    assert [words for words in seen if words.startswith("a")] == ["a1", "a2", "a3"]


def test_holds_later_events_of_a_row_back_while_one_is_tried_again(
    reacting: Callable, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outbox, "pause_before_attempt", lambda policy, attempt: 3600)
    seen: list[str] = []

    def pick(event: ProbeApproved) -> None:
        seen.append(event.words)
        if event.words == "a1":
            raise ConnectionError("away")

    reacting(note=pick)
    row, other = uuid7(), uuid7()
    for words, about in (("a1", row), ("a2", row), ("b1", other)):
        decide(ProbeApproved, about, words=words)
    outbox.dispatch_events()
    assert seen == ["a1", "b1"]


def test_goes_on_with_the_other_reactions_when_one_fails(reacting: Callable) -> None:
    reacting(broken=_broken, note=_note)
    decide(ProbeApproved, uuid7(), words="yes")
    outbox.dispatch_events()
    assert ProbeRow.objects.filter(step="yes").count() == 1, "what the broken one wrote is rolled back"


def test_becomes_a_dead_letter_after_its_attempts_and_says_so(reacting: Callable) -> None:
    reacting(broken=_broken)
    event = decide(ProbeApproved, uuid7(), words="yes")
    assert outbox.dispatch_events() == outbox.RETRY.attempts
    receipt = EventReceipt.objects.get(reaction="broken")
    assert (receipt.state, receipt.attempts) == ("DEAD", outbox.RETRY.attempts)
    assert receipt.error == "ConnectionError: the other side is away"
    assert OutboxEvent.objects.get(pk=event.event_id).dispatched_at is not None
    assert OutboxEvent.objects.get(name="ReactionFailed").payload["reaction"] == "broken"


def test_is_tried_again_when_a_person_says_so(reacting: Callable, strategist: User) -> None:
    away = [True]

    def flaky(event: ProbeApproved) -> None:
        if away[0]:
            raise ConnectionError("away")
        _note(event)

    reacting(flaky=flaky)
    decide(ProbeApproved, uuid7(), words="yes")
    outbox.dispatch_events()
    away[0] = False
    outbox.retry_reaction(EventReceipt.objects.get(reaction="flaky"), by=strategist.pk, reason="back again")
    assert outbox.dispatch_events() == 1
    assert EventReceipt.objects.get(reaction="flaky").state == "DONE"
    assert ProbeRow.objects.filter(step="yes").count() == 1


def test_gives_a_reaction_up_that_kills_its_dispatchers(reacting: Callable) -> None:
    reacting(note=_note)
    event = decide(ProbeApproved, uuid7(), words="yes")
    for _ in range(outbox.RETRY.attempts):
        assert outbox._take_next() is not None
        OutboxEvent.objects.filter(pk=event.event_id).update(wake_at=None)  # and then it died
    outbox.dispatch_events()
    receipt = EventReceipt.objects.get(reaction="note")
    assert (receipt.state, "died without a word" in receipt.error) == ("DEAD", True)


def test_is_not_taken_by_a_second_dispatcher_while_the_first_one_works(reacting: Callable) -> None:
    reacting(note=_note)
    decide(ProbeApproved, uuid7(), words="yes")
    assert outbox._take_next() is not None
    assert outbox.dispatch_events() == 0


def test_is_dispatched_as_it_is_written_when_nothing_follows(start_probe: Callable) -> None:
    run = start_probe()
    told = OutboxEvent.objects.get(run_id=run.pk, name="RunStarted")
    assert told.dispatched_at == told.occurred_at


def test_takes_the_oldest_first(reacting: Callable) -> None:
    seen: list[str] = []
    reacting(note=lambda event: seen.append(event.words))
    for words in "abc":
        decide(ProbeApproved, uuid7(), words=words)
    outbox.dispatch_events()
    assert seen == ["a", "b", "c"]


def test_waits_out_its_pause(reacting: Callable) -> None:
    reacting(note=_note)
    event = decide(ProbeApproved, uuid7(), words="yes")
    OutboxEvent.objects.filter(pk=event.event_id).update(wake_at=seconds_from_now(3600))
    assert outbox.dispatch_events() == 0


@pytest.mark.worker
def test_is_brought_out_by_the_workers_alone(worker: Callable) -> None:
    worker()
    events = [decide(ProbeApproved, uuid7()).event_id for _ in range(20)]
    deadline = time.monotonic() + 30
    pending = OutboxEvent.objects.filter(pk__in=events, dispatched_at=None)
    while pending.exists():
        assert time.monotonic() < deadline
        time.sleep(0.1)
    assert EventReceipt.objects.filter(event_id__in=events, state="DONE").count() == 20


def test_names_each_reaction_once() -> None:
    named: list[Any] = [(reaction.name, reaction.to) for reaction in reactions.REACTIONS]
    assert len(named) == len({name for name, _ in named})
