"""Contracts that end: opened at the first mark, worked off task by task, and decided by a person."""

from datetime import datetime
from functools import partial
from uuid import UUID

from django.db import transaction

from apps.identity.models import Client
from apps.retention import queries, rules
from apps.retention.api import dtos, events
from apps.retention.models import Lifecycle, Renewal, RenewalTask
from apps.retention.services.lifecycles import advance
from apps.retention.services.records import demand, tell
from apps.shared.models import snapshot
from apps.shared.resilience import OneByOne
from apps.shared.workflow import RunContext


def check_renewals(*, run: RunContext) -> dtos.CheckedRenewals:
    """Tell of the marks that contracts have passed, and drop what is about no end any more, one by one.

    One that breaks stops none of the others; an ExceptionGroup names it when they are done.
    """
    with OneByOne() as rows:
        dropped = rows.do(_drop, Renewal.objects.outdated().values_list("pk", flat=True))
        due = rows.do(partial(check_renewal, at=run.at), queries.clients_whose_contract_ends(run.at))
    return dtos.CheckedRenewals(due=sum(due), dropped=sum(dropped))


@transaction.atomic
def check_renewal(client_id: UUID, *, at: datetime) -> bool:
    """Bring a client's renewal up to the marks that its contract has passed, and tell of the last; return whether new.

    Marks that passed while nobody was awake get their tasks, too, but it is told of once, with the days that are left.
    """
    client = Client.objects.get(pk=client_id)
    if client.contract_end_date is None:
        return False
    days_left = (client.contract_end_date - rules.day_of(at)).days
    passed = rules.marks_passed(days_left)
    if not passed or days_left < -rules.STILL_OPENED.days:
        return False
    renewal, _ = Renewal.objects.standing().get_or_create(
        client=client, contract_end_date=client.contract_end_date, defaults={"owner_id": client.account_manager_id}
    )
    renewal = Renewal.objects.select_for_update(of=("self",)).get(pk=renewal.pk)  # somebody may decide it just now
    known = set(renewal.tasks.values_list("mark", flat=True))
    missing = [mark for mark in passed if mark not in known]
    if renewal.state != Renewal.State.OPEN or not missing:
        return False
    for mark in missing:
        RenewalTask.objects.create(renewal=renewal, mark=mark, title=rules.TASKS[mark])
    due = {"contract_end_date": renewal.contract_end_date, "days_left": days_left, "mark": missing[-1]}
    tell(events.RenewalDue, renewal, client_id=client_id, **due)
    return True


@transaction.atomic
def _drop(renewal_id: UUID) -> bool:
    """Close a renewal whose contract ends on another day now, unless somebody decided it in this moment."""
    rows = Renewal.objects.outdated().select_for_update(of=("self",))
    renewal = rows.filter(pk=renewal_id).first()
    if renewal is None:
        return False
    before = snapshot(renewal)
    renewal.drop()
    renewal.save()
    why = "The contract ends on another day now."
    ends = {"contract_end_date": renewal.contract_end_date}
    tell(events.RenewalDropped, renewal, client_id=renewal.client_id, reason=why, before=before, **ends)
    return True


@transaction.atomic
def take_renewal(renewal: Renewal, *, by: UUID) -> Renewal:
    """Make a renewal somebody's to see to."""
    before = snapshot(renewal)
    renewal.owner_id = by
    renewal.save(update_fields=["owner", "updated_at"])
    tell(events.RenewalTaken, renewal, client_id=renewal.client_id, by=by, before=before, owner_id=by)
    return renewal


@transaction.atomic
def complete_task(task: RenewalTask, *, by: UUID, reason: str, at: datetime) -> RenewalTask:
    """Say that a task is done, and what came of it (`reason`); one that is done stays as it is.

    Raises ReasonMissing.
    """
    note = demand(reason, "Say what came of it.")
    task = RenewalTask.objects.select_for_update(of=("self",)).select_related("renewal").get(pk=task.pk)
    if task.completed_at is not None:
        return task
    before = snapshot(task)
    task.completed_at, task.completed_by_id, task.note = at, by, note
    task.save()
    about = {"renewal_id": task.renewal_id, "mark": task.mark, "client_id": task.renewal.client_id}
    tell(events.RenewalTaskCompleted, task, by=by, reason=note, before=before, **about)
    return task


def renew_renewal(renewal: Renewal, *, by: UUID, reason: str, at: datetime) -> Renewal:
    """Record that a client goes on with us, and why. Raises ReasonMissing and TransitionNotAllowed."""
    return _decide(renewal, Renewal.State.RENEWED, by=by, reason=reason, at=at)


def lose_renewal(renewal: Renewal, *, by: UUID, reason: str, at: datetime) -> Renewal:
    """Record that a client leaves, and why. Raises ReasonMissing and TransitionNotAllowed."""
    return _decide(renewal, Renewal.State.LOST, by=by, reason=reason, at=at)


_OUTCOMES = {
    Renewal.State.RENEWED: (Renewal.renew, Lifecycle.Stage.RENEWED),
    Renewal.State.LOST: (Renewal.lose, Lifecycle.Stage.CHURNED),
}


@transaction.atomic
def _decide(renewal: Renewal, outcome: Renewal.State, *, by: UUID, reason: str, at: datetime) -> Renewal:
    why = demand(reason, "Say why the client stays, or leaves.")
    renewal = Renewal.objects.select_for_update(of=("self",)).get(pk=renewal.pk)
    before = snapshot(renewal)
    move, stage = _OUTCOMES[outcome]
    move(renewal)
    renewal.reason, renewal.decided_at, renewal.decided_by_id = why, at, by
    renewal.save()
    about = {"client_id": renewal.client_id, "contract_end_date": renewal.contract_end_date}
    tell(events.RenewalDecided, renewal, **about, by=by, reason=why, before=before, outcome=outcome.value)
    advance(renewal.client_id, stage, at=at, by=by, reason=why)
    return renewal
