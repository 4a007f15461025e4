"""A run goes over rounds within rounds, with a wait among their lines."""

import time
from collections.abc import Callable
from uuid import UUID

import pytest

from apps.identity.models import User
from apps.orchestration.models import OutboxEvent, StepRun, WorkflowRun
from apps.orchestration.queries.runs import list_lines
from apps.orchestration.rules import skip_problem, wiring_table
from apps.orchestration.services import advance, commands, waits
from apps.orchestration.services.outbox import dispatch_events
from apps.orchestration.services.sweep import move
from apps.orchestration.tests.conftest import finish
from apps.orchestration.workflows import get_workflow
from apps.shared.workflow import Rounds, WaitFor, Workflow
from bench.probe.models import ProbeRow
from bench.probe.people import ProbeApproved, ProbeRejected, decide, judge_piece, make_piece
from bench.probe.steps import One, Seed, one

Start = Callable[..., WorkflowRun]
ROUND = ["make_piece", "judge_piece", "show_piece", "wait_for_probe_approved", "weigh_answer"]


def shown(run: WorkflowRun) -> UUID:
    """Return the id of the row that the newest round put in front of somebody."""
    return StepRun.objects.filter(run=run, name="show_piece").latest("round").outcome["id"]


def answer(run: WorkflowRun, words: str = "", event: type = ProbeApproved) -> None:
    """Answer what is shown, as somebody does: with words for another round, with none to be content."""
    said = {"reason": words} if event is ProbeRejected else {"words": words}
    decide(event, shown(run), **said)
    dispatch_events()


def on(run: WorkflowRun) -> WorkflowRun:
    """Move a run until it stands still or ends."""
    move(run.pk)
    run.refresh_from_db()
    return run


def taken(run: WorkflowRun) -> list[tuple[str, int]]:
    return [(step.name, step.round) for step in list_lines(run) if step.state != "PENDING"]


@pytest.fixture
def showing(start_probe: Start) -> WorkflowRun:
    """A run that waits for the answer to its first round."""
    run = on(start_probe("probe_review"))
    assert (run.state, run.position, run.round) == ("WAITING", 4, 1)
    return run


def test_goes_on_after_the_round_somebody_is_content_with(showing: WorkflowRun) -> None:
    answer(showing, "shorter")
    assert on(showing).round == 2
    answer(showing, "shorter still")
    assert on(showing).round == 3
    answer(showing)
    run = finish(showing)
    assert run.state == "COMPLETED"
    every = [(name, number) for number in (1, 2, 3) for name in ROUND]
    assert taken(run) == [("one", 1), *every, ("send_letter", 1)]
    steps = ProbeRow.objects.of_run(run.pk).values_list("step", flat=True)
    assert [list(steps).count(step) for step in ("piece", "showing", "order", "letter")] == [3, 3, 3, 1]


def test_counts_on_through_the_rounds_within(start_probe: Start) -> None:
    run = on(start_probe("probe_review", label="2"))
    assert (run.state, run.round) == ("WAITING", 2)
    assert taken(run) == [("one", 1), *((name, n) for n in (1, 2) for name in ROUND[:2]), *((x, 2) for x in ROUND[2:4])]
    answer(run, "once more")
    on(run)
    answer(run)
    assert finish(run).state == "COMPLETED"


def test_counts_the_rounds_within_anew_after_each_answer(start_probe: Start, strategist: User) -> None:
    run = on(start_probe("probe_review", label="99"))
    assert run.waiting_for == ["RoundDecided"]
    commands.accept_round(run, by=strategist.pk, reason="good enough to show")
    on(run)
    answer(run, "once more")
    on(run)
    assert (run.waiting_for, run.round) == (["RoundDecided"], 4)
    told = OutboxEvent.objects.filter(run_id=run.pk, name="DecisionNeeded").order_by("sequence")
    assert [event.payload["rounds"] for event in told] == [2, 2]


def test_hands_an_instruction_to_the_rounds_it_was_given_for(start_probe: Start, strategist: User) -> None:
    run = on(start_probe("probe_review", label="3"))
    commands.rework(run, by=strategist.pk, reason="Mind the tone.")
    on(run)
    assert (run.state, run.round) == ("WAITING", 3)
    answer(run, "once more")
    on(run)
    given = run.step_runs.filter(name="make_piece").order_by("round").values_list("outcome__instruction", flat=True)
    assert list(given) == ["", "", "Mind the tone.", ""]


def test_does_not_take_the_answer_to_an_earlier_round_for_this_one(showing: WorkflowRun) -> None:
    first = shown(showing)
    answer(showing, "shorter")
    on(showing)
    decide(ProbeApproved, first)  # late, and about what nobody is asked for any more
    decide(ProbeApproved, first)
    dispatch_events()
    assert on(showing).state == "WAITING"
    assert showing.round == 2


def test_takes_two_answers_to_one_round_for_one(showing: WorkflowRun) -> None:
    decide(ProbeApproved, shown(showing), words="shorter")
    decide(ProbeApproved, shown(showing), words="longer")
    dispatch_events()
    dispatch_events()
    on(showing)
    assert (showing.state, showing.round, ProbeRow.objects.of_run(showing.pk).filter(step="piece").count()) == (
        "WAITING",
        2,
        2,
    )


def test_finds_an_answer_that_came_before_it_began_to_wait(
    showing: WorkflowRun, monkeypatch: pytest.MonkeyPatch
) -> None:
    original = waits.look

    def late(run: WorkflowRun, *arguments: object) -> None:
        if run.round == 2 and run.state == "RUNNING":
            decide(ProbeApproved, shown(run))
        original(run, *arguments)

    monkeypatch.setattr(waits, "look", late)
    answer(showing, "shorter")
    assert finish(showing).state == "COMPLETED"
    assert showing.step_runs.get(name="weigh_answer", round=2).outcome == {"words": ""}


def test_is_answered_after_its_time_too(showing: WorkflowRun) -> None:
    answer(showing, "shorter")
    on(showing)
    WorkflowRun.objects.filter(pk=showing.pk).update(wait_until="2026-01-01T00:00Z")
    on(showing)
    assert OutboxEvent.objects.filter(run_id=showing.pk, name="WaitOverdue").count() == 1
    assert showing.state == "WAITING"
    answer(showing)
    assert finish(showing).state == "COMPLETED"


def test_leaves_nothing_of_three_rounds_and_goes_back_through_them_in_order(showing: WorkflowRun) -> None:
    for words in ("shorter", "shorter still"):
        answer(showing, words)
        on(showing)
    answer(showing, "no", event=ProbeRejected)
    run = finish(showing)
    assert run.state == "COMPENSATED"
    assert not ProbeRow.objects.of_run(run.pk).exists()
    back = run.step_runs.filter(state="COMPENSATED").order_by("compensated_at").values_list("name", "round")
    whole = [(name, number) for number in (2, 1) for name in reversed(ROUND)]
    assert list(back) == [*((name, 3) for name in ("show_piece", "judge_piece", "make_piece")), *whole, ("one", 1)]


def test_leaves_quietly_when_a_message_of_an_earlier_round_comes_again(showing: WorkflowRun) -> None:
    answer(showing, "shorter")
    on(showing)
    for position in range(7):
        advance.run_link(showing.pk, position)
    showing.refresh_from_db()
    assert (showing.state, showing.position, showing.round) == ("WAITING", 4, 2)
    assert ProbeRow.objects.of_run(showing.pk).filter(step="piece").count() == 2


def test_shows_what_is_to_come_in_the_present_round(start_probe: Start) -> None:
    run = start_probe("probe_review", label="99")
    advance.run_link(run.pk, 0)
    advance.run_link(run.pk, 1)
    run.refresh_from_db()
    ahead = [(step.name, step.round) for step in list_lines(run) if step.state == "PENDING"]
    number = run.round
    assert ahead == [*((name, number) for name in ROUND[2:]), ("send_letter", 1)]


def test_never_goes_on_without_the_check() -> None:
    workflow = get_workflow("probe_review")
    assert "says whether another round follows" in skip_problem(workflow, 5)


def test_tells_which_lines_are_taken_again() -> None:
    table = wiring_table(get_workflow("probe_review"))
    for line in ("› › judge_piece (until content, at most 2 rounds)", "› weigh_answer (until content)", "› show_piece"):
        assert f"| {line} " in table


def test_refuses_rounds_that_end_in_a_wait_or_in_rounds() -> None:
    wait = WaitFor(ProbeApproved, about=One)
    within = Rounds(make_piece, judge_piece, until=bool)
    for lines in ((make_piece,), (make_piece, wait), (make_piece, within)):
        with pytest.raises(TypeError, match="the last of them a step"):
            Rounds(*lines, until=bool)


def test_names_a_wait_that_begins_rounds_and_does_not_say_what_about() -> None:
    rounds = Rounds(WaitFor(ProbeApproved), make_piece, judge_piece, until=bool)
    workflow = Workflow(name="lost", version=1, starts_with=(Seed,), steps=(one, rounds))
    assert workflow.wiring_problems() == ["wait_for_probe_approved follows no step, so it must say what it is about"]


KILLED_AT = (
    *("one.committed", "make_piece.claimed", "judge_piece.written", "show_piece.written", "show_piece.committed"),
    *("weigh_answer.claimed", "weigh_answer.written", "weigh_answer.committed", "send_letter.written"),
)


@pytest.mark.worker
def test_does_each_step_of_each_round_once_whose_workers_are_killed_all_along(
    start_probe: Start, worker: Callable, faults: Callable
) -> None:
    run = start_probe("probe_review")
    plans = [faults(point, run.pk, "kill") for point in KILLED_AT]
    worker()
    for number, words in enumerate(("shorter", ""), start=1):
        _wait_until(run, state="WAITING", round=number, waiting_on__isnull=False)
        decide(ProbeApproved, shown(run), words=words)
    _wait_until(run, state__in=WorkflowRun.ENDED)
    assert (run.state, run.error, run.step_runs.count()) == ("COMPLETED", "", 12)
    assert [plan.name for plan in plans if plan.exists()] == []
    steps = list(ProbeRow.objects.of_run(run.pk).values_list("step", flat=True))
    counted = {step: steps.count(step) for step in ("one", "piece", "judgement", "showing", "order", "letter")}
    assert counted == {"one": 1, "piece": 2, "judgement": 2, "showing": 2, "order": 2, "letter": 1}


@pytest.mark.worker
def test_is_taken_back_in_its_third_round_whose_workers_are_killed_all_along(
    start_probe: Start, worker: Callable, faults: Callable
) -> None:
    run = on(start_probe("probe_review"))
    for words in ("shorter", "shorter still"):
        answer(run, words)
        on(run)
    points = ("show_piece.compensating", "weigh_answer.withdrawn", "make_piece.compensated", "one.withdrawn")
    plans = [faults(point, run.pk, "kill") for point in points]
    decide(ProbeRejected, shown(run), reason="no")
    worker()
    _wait_until(run, state__in=WorkflowRun.ENDED)
    assert [plan.name for plan in plans if plan.exists()] == []
    assert (run.state, ProbeRow.objects.of_run(run.pk).count()) == ("COMPENSATED", 0)


def _wait_until(run: WorkflowRun, **condition: object) -> None:
    deadline = time.monotonic() + 90
    while not WorkflowRun.objects.filter(pk=run.pk, **condition).exists():
        assert time.monotonic() < deadline, WorkflowRun.objects.filter(pk=run.pk).values()
        time.sleep(0.1)
    run.refresh_from_db()
