"""Playbooks …"""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import transaction
from django_fsm import TransitionNotAllowed

from apps.identity.models import Client, User
from apps.retention import queries, rules, services
from apps.retention.models import Lifecycle, Play, PlayTask
from apps.retention.tests.conftest import begin, named
from apps.retention.tests.factories import AT, BEST, WORST, HealthScoreFactory, LifecycleFactory, PlayTaskFactory

BOOK = "CLEAR_THE_ACCOUNT"


def start(client: Client, by: User, playbook: str = BOOK, reason: str = "Two are overdue.") -> Play:
    return services.start_play(client.pk, playbook, by=by.pk, reason=reason, at=AT)


def test_set_their_tasks_from_the_day_a_person_starts_them(acme: Client, strategist: User, published: list) -> None:
    score = HealthScoreFactory(client=acme)
    play = start(acme, strategist)
    assert (play.state, play.started_by, play.reason, play.score_before) == (
        "RUNNING",
        strategist,
        "Two are overdue.",
        score,
    )
    tasks = PlayTask.objects.order_by("position").values_list("due_date", "title")
    assert [due for due, _ in tasks] == [date(2026, 3, day) for day in (11, 12, 14, 25)]
    assert [title for _, title in tasks] == [title for _, title in rules.PLAYBOOKS[BOOK].tasks]
    (event,) = named(published, "PlayStarted")
    assert (event.aggregate_id, event.playbook) == (play.pk, BOOK)
    note = next(note for told, note in published if told is event)
    assert (note.actor_id, note.reason) == (strategist.pk, "Two are overdue.")


def test_are_not_started_without_a_reason_twice_or_for_who_has_left(
    acme: Client, globex: Client, strategist: User
) -> None:
    with pytest.raises(services.ReasonMissing):
        start(acme, strategist, reason=" ")
    with pytest.raises(KeyError):
        start(acme, strategist, "NOTHING")
    start(acme, strategist)
    with pytest.raises(services.PlayRefused, match="runs for this client already"):
        start(acme, strategist)
    LifecycleFactory(client=globex)
    Lifecycle.objects.filter(client=globex).update(stage="CHURNED")
    with pytest.raises(services.PlayRefused, match="has left"):
        start(globex, strategist)
    assert (Play.objects.count(), PlayTask.objects.count()) == (1, 4)


def test_run_side_by_side_and_again_once_they_ended(acme: Client, globex: Client, strategist: User) -> None:
    first = start(acme, strategist)
    start(acme, strategist, "MEND_QUALITY")
    start(globex, strategist)
    services.finish_play(first, by=strategist.pk, reason="Paid.", at=AT)
    start(acme, strategist)
    assert Play.objects.filter(state="RUNNING").count() == 3


def test_have_tasks_done_once_with_what_came_of_them(acme: Client, strategist: User, published: list) -> None:
    task = start(acme, strategist).tasks.get(position=1)
    with pytest.raises(services.ReasonMissing):
        services.complete_play_task(task, by=strategist.pk, reason="", at=AT)
    for said in ("A mistake of theirs.", "Something else."):
        services.complete_play_task(task, by=strategist.pk, reason=said, at=AT)
    task.refresh_from_db()
    assert (task.note, task.completed_by, task.completed_at) == ("A mistake of theirs.", strategist, AT)
    assert [event.position for event in named(published, "PlayTaskCompleted")] == [1]


@pytest.mark.parametrize(("service", "state"), [(services.finish_play, "FINISHED"), (services.stop_play, "STOPPED")])
def test_end_with_what_came_of_them_beside_the_risk_before_and_after(
    acme: Client, strategist: User, published: list, service: Any, state: str
) -> None:
    before = HealthScoreFactory(client=acme, week_start_date=date(2026, 3, 9))
    play = start(acme, strategist)
    after = HealthScoreFactory(client=acme, week_start_date=date(2026, 3, 16), is_rise=False, level="LOW")
    with pytest.raises(services.ReasonMissing):
        service(play, by=strategist.pk, reason="", at=AT)
    service(play, by=strategist.pk, reason="All paid.", at=AT)
    play = Play.objects.get()
    assert (play.state, play.outcome, play.ended_by, play.score_before, play.score_after) == (
        state,
        "All paid.",
        strategist,
        before,
        after,
    )
    assert named(published, "PlayEnded")[0].outcome == state
    for again in (services.finish_play, services.stop_play):
        with pytest.raises(TransitionNotAllowed):
            again(play, by=strategist.pk, reason="No.", at=AT)


def test_are_due_task_by_task_while_they_run(strategist: User) -> None:
    task = PlayTaskFactory(due_date=AT.date())
    PlayTaskFactory(due_date=AT.date() + timedelta(days=1))
    assert list(PlayTask.objects.due(AT.date())) == [task]
    services.stop_play(task.play, by=strategist.pk, reason="They left.", at=AT)
    assert not PlayTask.objects.due(AT.date())


def test_are_advised_by_what_weighs_most_in_a_score(acme: Client) -> None:
    inputs = BEST | {"OVERDUE_INVOICES": WORST["OVERDUE_INVOICES"], "QC_FAILS": WORST["QC_FAILS"]}
    score = HealthScoreFactory(client=acme, inputs={name: str(value) for name, value in inputs.items()})
    assert queries.advised_for(score) == ["CLEAR_THE_ACCOUNT", "MEND_QUALITY"]
    assert queries.advised_for(None) == []


def test_answer_every_factor_of_the_score() -> None:
    assert set().union(*(book.answers for book in rules.PLAYBOOKS.values())) == set(rules.FORMULAS[rules.NEWEST])
    assert all(list(book.tasks) == sorted(book.tasks) for book in rules.PLAYBOOKS.values())


@pytest.mark.django_db(transaction=True)
def test_are_started_once_by_two_at_once(acme: Client, strategist: User) -> None:
    refused: list[Exception] = []

    def second() -> None:
        try:
            start(acme, strategist)
        except services.PlayRefused as error:
            refused.append(error)

    with transaction.atomic():
        start(acme, strategist)
        other = begin(second)
    other.join()
    assert (Play.objects.count(), len(refused)) == (1, 1)
