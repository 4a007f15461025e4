"""Contracts that end …"""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import transaction
from django_fsm import TransitionNotAllowed

from apps.identity.models import Client, User
from apps.retention import services
from apps.retention.api.dtos import CheckedRenewals
from apps.retention.models import Lifecycle, Renewal, RenewalTask
from apps.retention.services import renewals
from apps.retention.tests.conftest import begin, named
from apps.retention.tests.factories import AT, RenewalFactory, RenewalTaskFactory, run_at

END = date(2026, 7, 1)


@pytest.fixture(autouse=True)
def _signed(acme: Client, manager: User) -> None:
    acme.contract_end_date = END
    acme.save()
    services.open_lifecycle(acme.pk)


def check(days_before: int) -> CheckedRenewals:
    """Check so many days before the contract ends."""
    at = datetime.combine(END, AT.timetz()) - timedelta(days=days_before)
    return services.check_renewals(run=run_at(at))


def decide(service: Any, by: User, reason: str = "They are content.") -> Renewal:
    return service(Renewal.objects.get(), by=by.pk, reason=reason, at=AT)


def marks() -> list[int]:
    return list(RenewalTask.objects.order_by("-mark").values_list("mark", flat=True))


def test_are_told_of_once_at_each_mark(acme: Client, manager: User, published: list) -> None:
    due = [check(days).due for days in (91, 90, 90, 89, 61, 60, 59, 31, 30, 29, 1, 0)]
    assert due == [0, 1, 0, 0, 0, 1, 0, 0, 1, 0, 0, 0]
    told = [(event.mark, event.days_left, event.contract_end_date) for event in named(published, "RenewalDue")]
    assert told == [(90, 90, END), (60, 60, END), (30, 30, END)]
    renewal = Renewal.objects.get()
    assert (renewal.client, renewal.owner, renewal.state, marks()) == (acme, manager, "OPEN", [90, 60, 30])


def test_are_made_up_for_after_missed_days_and_told_of_once(published: list) -> None:
    assert check(41).due == 1
    (told,) = named(published, "RenewalDue")
    assert (told.mark, told.days_left, marks()) == (60, 41, [90, 60])
    assert [check(days).due for days in (40, -3)] == [0, 1]
    assert (named(published, "RenewalDue")[1].days_left, marks()) == (-3, [90, 60, 30])


@pytest.mark.parametrize("days", [91, -31])
def test_are_let_be_far_from_their_end(days: int) -> None:
    assert check(days).due == 0
    assert not Renewal.objects.exists()


@pytest.mark.parametrize("change", [{"status": "ENDED"}, {"contract_end_date": None}])
def test_are_let_be_where_there_is_none(acme: Client, change: dict[str, Any]) -> None:
    Client.objects.filter(pk=acme.pk).update(**change)
    assert check(30).due == 0


def test_are_dropped_when_they_end_on_another_day(acme: Client, published: list) -> None:
    check(90)
    Client.objects.filter(pk=acme.pk).update(contract_end_date=END + timedelta(days=365))
    assert dict(check(89)) == {"due": 0, "dropped": 1}
    assert dict(check(88)) == {"due": 0, "dropped": 0}
    assert Renewal.objects.get().state == "DROPPED"
    assert [event.contract_end_date for event in named(published, "RenewalDropped")] == [END]


def test_are_told_of_and_dropped_although_others_break(
    acme: Client, globex: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    Client.objects.filter(pk=globex.pk).update(contract_end_date=END + timedelta(days=1))
    services.open_lifecycle(globex.pk)
    outdated = [RenewalFactory(client=acme, contract_end_date=END - timedelta(days=each)) for each in (1, 2)]
    real = renewals.tell

    def tell(kind: type, row: Any, **about: Any) -> Any:
        return real(kind, row, **about) if about["client_id"] == globex.pk or row == outdated[1] else 1 / 0

    monkeypatch.setattr(renewals, "tell", tell)
    with pytest.raises(ExceptionGroup, match="2 broke") as caught:
        check(30)
    assert all(f"{key}: ZeroDivisionError" in caught.value.message for key in (outdated[0].pk, acme.pk))
    states = {each.pk: each.state for each in Renewal.objects.filter(client=acme)}
    assert states == {outdated[0].pk: "OPEN", outdated[1].pk: "DROPPED"}
    assert Renewal.objects.get(client=globex).tasks.count() == 2
    monkeypatch.undo()
    assert dict(check(30)) == {"due": 1, "dropped": 1}


@pytest.mark.parametrize(
    ("service", "outcome", "stage"),
    [(services.renew_renewal, "RENEWED", "RENEWED"), (services.lose_renewal, "LOST", "CHURNED")],
)
def test_are_decided_by_a_person_who_says_why(
    manager: User, published: list, service: Any, outcome: str, stage: str
) -> None:
    check(90)
    for silence in ("", "  "):
        with pytest.raises(services.ReasonMissing):
            decide(service, manager, silence)
    decided = decide(service, manager)
    assert (decided.state, decided.decided_by, decided.reason) == (outcome, manager, "They are content.")
    assert Lifecycle.objects.get().stage == stage
    (event,) = named(published, "RenewalDecided")
    assert event.outcome == outcome
    note = next(note for told, note in published if told is event)
    assert (note.actor_id, note.reason, note.before["state"]) == (manager.pk, "They are content.", "OPEN")
    for again in (services.renew_renewal, services.lose_renewal):
        with pytest.raises(TransitionNotAllowed):
            decide(again, manager)
    assert check(30).due == 0


def test_are_looked_after_again_once_renewed(acme: Client, manager: User) -> None:
    check(90)
    decide(services.renew_renewal, manager)
    Client.objects.filter(pk=acme.pk).update(contract_end_date=END + timedelta(days=365))
    assert check(-275).due == 1
    assert sorted(Renewal.objects.values_list("state", flat=True)) == ["OPEN", "RENEWED"]


def test_are_seen_to_by_whoever_takes_them_over(strategist: User, published: list) -> None:
    renewal = services.take_renewal(RenewalFactory(), by=strategist.pk)
    assert Renewal.objects.get(pk=renewal.pk).owner == strategist
    assert named(published, "RenewalTaken")[0].owner_id == strategist.pk


def test_have_tasks_that_are_done_once_and_say_what_came_of_them(manager: User, published: list) -> None:
    task = RenewalTaskFactory()
    with pytest.raises(services.ReasonMissing):
        services.complete_task(task, by=manager.pk, reason=" ", at=AT)
    for said in ("They want a shop.", "Again."):
        services.complete_task(task, by=manager.pk, reason=said, at=AT)
    task.refresh_from_db()
    assert (task.completed_by, task.note, task.completed_at) == (manager, "They want a shop.", AT)
    assert [event.mark for event in named(published, "RenewalTaskCompleted")] == [90]


def test_are_looked_after_when_their_day_comes_back(acme: Client, published: list) -> None:
    check(90)
    clients = Client.objects.filter(pk=acme.pk)
    clients.update(contract_end_date=END + timedelta(days=365))
    check(89)
    clients.update(contract_end_date=END)
    assert dict(check(50)) == {"due": 1, "dropped": 0}
    assert sorted(Renewal.objects.values_list("state", flat=True)) == ["DROPPED", "OPEN"]
    assert [event.mark for event in named(published, "RenewalDue")] == [90, 60]


@pytest.mark.django_db(transaction=True)
def test_are_not_due_any_more_where_somebody_decides_them_just_then(acme: Client, manager: User) -> None:
    check(90)
    renewal, due = Renewal.objects.get(), []
    with transaction.atomic():
        Renewal.objects.select_for_update().get(pk=renewal.pk)  # as the button does
        checking = begin(lambda: due.append(check(60).due))
        decide(services.renew_renewal, manager)
    checking.join(30)
    assert (due, marks()) == ([0], [90])
    assert Lifecycle.objects.get().stage == "RENEWED"
