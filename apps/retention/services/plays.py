"""Playbooks: started by a person, worked off task by task, and ended with what came of it."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from apps.retention import queries, rules
from apps.retention.api import events
from apps.retention.models import Lifecycle, Play, PlayTask
from apps.retention.services.lifecycles import hold_lifecycle
from apps.retention.services.records import demand, tell
from apps.shared.models import snapshot


class PlayRefused(Exception):
    """A playbook cannot be started for this client now; the message says why."""


@transaction.atomic
def start_play(client_id: UUID, playbook: str, *, by: UUID, reason: str, at: datetime) -> Play:
    """Start a playbook for a client who is with us, with its tasks as they are today.

    Raises ReasonMissing; PlayRefused where it runs already or the client has left; KeyError for an unknown playbook.
    """
    why = demand(reason, "Say why it is started.")
    tasks = rules.tasks_from(playbook, rules.day_of(at))
    if hold_lifecycle(client_id).stage == Lifecycle.Stage.CHURNED:
        raise PlayRefused("The client has left.")
    if Play.objects.filter(client_id=client_id, playbook=playbook, state=Play.State.RUNNING).exists():
        raise PlayRefused("It runs for this client already; say first what came of that.")
    play = Play.objects.create(
        client_id=client_id,
        playbook=playbook,
        reason=why,
        started_by_id=by,
        started_at=at,
        score_before=queries.newest_score_of(client_id),
    )
    for position, (title, due_date) in enumerate(tasks):
        PlayTask.objects.create(play=play, position=position, title=title, due_date=due_date)
    tell(events.PlayStarted, play, client_id=client_id, by=by, reason=why, playbook=playbook)
    return play


@transaction.atomic
def complete_play_task(task: PlayTask, *, by: UUID, reason: str, at: datetime) -> PlayTask:
    """Say that a task of a playbook is done, and what came of it (`reason`); one that is done stays as it is.

    Raises ReasonMissing.
    """
    note = demand(reason, "Say what came of it.")
    task = PlayTask.objects.select_for_update(of=("self",)).select_related("play").get(pk=task.pk)
    if task.completed_at is not None:
        return task
    before = snapshot(task)
    task.completed_at, task.completed_by_id, task.note = at, by, note
    task.save()
    about = {"play_id": task.play_id, "position": task.position, "client_id": task.play.client_id}
    tell(events.PlayTaskCompleted, task, by=by, reason=note, before=before, **about)
    return task


def finish_play(play: Play, *, by: UUID, reason: str, at: datetime) -> Play:
    """Say what came of a playbook that was played to its end. Raises ReasonMissing and TransitionNotAllowed."""
    return _end(play, Play.State.FINISHED, by=by, reason=reason, at=at)


def stop_play(play: Play, *, by: UUID, reason: str, at: datetime) -> Play:
    """Do not go on with a playbook, and say why. Raises ReasonMissing and TransitionNotAllowed."""
    return _end(play, Play.State.STOPPED, by=by, reason=reason, at=at)


_MOVES = {Play.State.FINISHED: Play.finish, Play.State.STOPPED: Play.stop}


@transaction.atomic
def _end(play: Play, state: Play.State, *, by: UUID, reason: str, at: datetime) -> Play:
    outcome = demand(reason, "Say what came of it.")
    play = Play.objects.select_for_update(of=("self",)).get(pk=play.pk)
    before = snapshot(play)
    _MOVES[state](play)
    play.outcome, play.ended_at, play.ended_by_id = outcome, at, by
    play.score_after = queries.newest_score_of(play.client_id)
    play.save()
    told = {"playbook": play.playbook, "outcome": state.value}
    tell(events.PlayEnded, play, client_id=play.client_id, by=by, reason=outcome, before=before, **told)
    return play
