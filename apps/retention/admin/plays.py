"""Playbooks at the desk: what runs for whom, what is to be done next, and what came of it."""

from functools import partial
from typing import ClassVar

from django.contrib import admin
from unfold.contrib.filters.admin import RangeDateFilter, RangeDateTimeFilter

from apps.retention import rules, services
from apps.retention.admin.buttons import button, now
from apps.retention.admin.drawing import CLIENTS, TAB, percent, today
from apps.retention.models import HealthScore, Lifecycle, Play, PlayTask
from apps.shared.admin import (
    CLIENT_FILTER,
    CREATED_FILTER,
    NOTHING,
    Button,
    ReadOnlyTabularInline,
    TransitionAdmin,
    admin_link,
    client_link,
    state_column,
)
from apps.shared.desk import Need, needs_filter


def _start(name: str) -> Button:
    book = rules.PLAYBOOKS[name]
    tasks = "; ".join(f"{title} (day {days})" for days, title in book.tasks)
    return button(
        f"start_{name.lower()}",
        f"Playbook: {book.title.lower()}",
        lambda row, *, by, reason: now(services.start_play, row.client_id, playbook=name, by=by, reason=reason),
        lambda row: row.stage != Lifecycle.Stage.CHURNED,
        f"Sets these tasks: {tasks}.",
        permission="retention.start_play",
        asks_reason=True,
        question="Why now?",
        outcome=lambda play: f"{play.tasks.count()} tasks set.",
    )


STARTS = tuple(map(_start, rules.PLAYBOOKS))
"""One button for each playbook, on the page of a client's lifecycle."""


def _is_running(row: Play) -> bool:
    return row.state == Play.State.RUNNING


def _risk(score: HealthScore | None) -> str:
    return NOTHING if score is None else f"{score.level.lower()}, {percent(score.score)}"


@admin.display(description="risk before")
def risk_before(row: Play) -> str:
    """Show the newest score when a playbook was started."""
    return _risk(row.score_before)


@admin.display(description="risk after")
def risk_after(row: Play) -> str:
    """Show the newest score when a playbook ended."""
    return _risk(row.score_after)


class TaskInline(ReadOnlyTabularInline):
    model = PlayTask
    fields = ("title", "due_date", "completed_at", "completed_by", "note")
    ordering = ("position",)
    show_change_link = True


@admin.register(Play)
class PlayAdmin(TransitionAdmin):
    empty_says = "A person starts one from a client's page of retention."
    empty_leads_to = ("Clients", "admin:retention_lifecycle_changelist", "retention.start_play")
    list_display = ("playbook", client_link, state_column(), "started_at", risk_before, risk_after)
    client_tab = TAB
    list_filter = ("state", "playbook", ("started_at", RangeDateTimeFilter), CLIENT_FILTER, CREATED_FILTER)
    list_select_related = ("client", "score_before", "score_after")
    search_fields = ("client__name",)
    id_fields = ("pk", "client_id")
    inlines = (TaskInline,)
    fieldsets = (
        (None, {"fields": (client_link, state_column(), "reason", "started_by", "started_at", risk_before)}),
        ("Outcome", {"fields": ("outcome", "ended_by", "ended_at", risk_after, "created_at", "updated_at")}),
    )
    buttons: ClassVar = (
        button(
            "finish_play",
            "Played to its end",
            partial(now, services.finish_play),
            _is_running,
            "What came of it stays beside the risk before and after. Tasks not done are due no more.",
            asks_reason=True,
            question="What came of it?",
        ),
        button(
            "stop_play",
            "Stop",
            partial(now, services.stop_play),
            _is_running,
            "It is not gone on with. Tasks not done are due no more.",
            asks_reason=True,
            question="Why is it not gone on with?",
        ),
    )


DUE = Need(
    key="due",
    title="Tasks of playbooks",
    permissions=("retention.complete_playtask",),
    narrow=lambda rows: rows.due(today()).select_related("play__client").order_by("due_date", "pk"),
    client=lambda row: client_link(row.play),
    why=lambda row: f"{row.play.get_playbook_display()}. Due {row.due_date:%d %b %Y}.",
)


@admin.display(description="playbook")
def play_link(row: PlayTask) -> str:
    """Link to the playbook of a task, which the page's query has loaded along."""
    return admin_link("retention.play", row.play_id, str(row.play))


@admin.register(PlayTask)
class PlayTaskAdmin(TransitionAdmin):
    empty_says = "They are set by playbooks."
    empty_leads_to = CLIENTS
    list_display = ("title", play_link, "due_date", "completed_at", "completed_by")
    needs = (DUE,)
    list_filter = (
        needs_filter(needs),
        ("due_date", RangeDateFilter),
        ("completed_at", RangeDateTimeFilter),
        CREATED_FILTER,
    )
    list_select_related = ("play__client", "completed_by")
    search_fields = ("title", "play__client__name")
    id_fields = ("pk", "play_id")
    fields = ("title", play_link, "due_date", "completed_at", "completed_by", "note", "created_at")
    buttons: ClassVar = (
        button(
            "complete_playtask",
            "Done",
            partial(now, services.complete_play_task),
            lambda row: row.completed_at is None,
            "The task is done. What came of it stays with the playbook.",
            asks_reason=True,
            question="What came of it?",
        ),
    )
