"""The learning desk: what clients' decisions suggest, how it would have done, and what is made of it."""

from functools import partial
from typing import Any, ClassVar

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.template.defaultfilters import pluralize
from django.utils import timezone

from apps.learning import queries, services
from apps.learning.models import JudgedSection, Lesson, LessonEvidence
from apps.learning.rules.replay import ENOUGH_DECISIONS
from apps.shared.admin import (
    CLIENT_FILTER,
    CREATED_FILTER,
    Button,
    DocumentAdmin,
    TransitionAdmin,
    admin_link,
    badge,
    client_link,
    state_column,
    words,
)
from apps.shared.desk import Need, needs_filter
from apps.shared.scope import in_scope

State = Lesson.State
SHOWN = 50
"""Rows of evidence on a lesson's page, of each kind the newest."""


def figures(lesson: Lesson) -> str:
    """Return how a lesson would have done, in a few words."""
    return f"{lesson.caught} of {lesson.refused}, {lesson.false_alarms} false alarm{pluralize(lesson.false_alarms)}"


TO_DECIDE = Need(
    key="decision",
    title="Lessons to decide",
    permissions=("learning.activate_lesson", "learning.dismiss_lesson"),
    narrow=lambda lessons: lessons.proposed().select_related("client").order_by("-confidence", "pk"),
    why=lambda lesson: f"Would have caught {figures(lesson)}.",
)


def _now(service: Any, lesson: Lesson, **arguments: Any) -> Lesson:
    return service(lesson, at=timezone.now(), **arguments)


def _button(name: str, service: Any, label: str, explanation: str, *states: str, is_optional: bool = False) -> Button:
    return Button(
        name=name,
        label=label,
        service=partial(_now, service),
        permission=f"learning.{name}_lesson",
        offered=lambda lesson: lesson.state in states,
        explanation=explanation,
        asks_reason=True,
        is_optional=is_optional,
        refusals=(services.LessonRefused,),
    )


@admin.register(Lesson)
class LessonAdmin(DocumentAdmin, TransitionAdmin):
    """Lessons, with what they stand on."""

    empty_says = "Proposed at night, from what clients objected to."
    list_display = ("__str__", client_link, state_column(), "replay", "confidence", "created_at")
    list_before_template = "admin/learning/lesson_list.html"
    needs = (TO_DECIDE,)
    client_tab = "Lessons"
    list_filter = ("state", needs_filter(needs), CLIENT_FILTER, CREATED_FILTER)
    list_select_related = ("client",)
    search_fields = ("subject", "client__name")
    id_fields = ("pk", "client_id")
    change_form_before_template = "admin/learning/lesson.html"
    fieldsets = (
        ("Last decision", {"fields": (state_column(), "decided_by", "decided_at", "reason")}),
        ("Links", {"fields": (client_link, "created_at", "updated_at")}),
    )
    buttons: ClassVar = (
        _button(
            "activate",
            services.activate_lesson,
            "Accept",
            "Drafts and checks that begin from now on leave these words out. Runs under way keep what they began with.",
            State.PROPOSED,
            State.SHADOW,
            is_optional=True,
        ),
        _button(
            "shadow",
            services.shadow_lesson,
            "Try without effect",
            "What it would find in new drafts is counted here; nothing changes.",
            State.PROPOSED,
            State.ACTIVE,
            is_optional=True,
        ),
        _button(
            "retire",
            services.retire_lesson,
            "Retire",
            "Later drafts and checks are as if it had never been.",
            State.ACTIVE,
            State.SHADOW,
        ),
        _button(
            "dismiss", services.dismiss_lesson, "Dismiss", "The same evidence does not bring it again.", State.PROPOSED
        ),
    )

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Say above the list for whom there are too few decisions to propose anything."""
        judged = in_scope(JudgedSection.objects.all(), request.user)
        few = {"undecided": queries.list_undecided_clients(judged), "enough": ENOUGH_DECISIONS}
        return super().changelist_view(request, {**(extra_context or {}), **few})

    @admin.display(description="would have caught", ordering="caught")
    def replay(self, lesson: Lesson) -> str:
        return figures(lesson)

    def page(self, request: HttpRequest, row: Lesson) -> dict[str, Any]:
        """Return the claim, the figures behind it, the sections it stands on, its trials and its other versions."""
        evidence = list(queries.evidence_of(row)[: SHOWN * len(LessonEvidence.Kind)])
        return {
            "lesson": row,
            "state": badge(row.state),
            "evidence": [_shown(each) for each in evidence],
            "trials": queries.trials_of(row),
            "versions": [
                (admin_link("learning.lesson", each.pk, f"Version {each.version}"), badge(each.state), each)
                for each in queries.versions_of(row)
            ],
        }


def _shown(evidence: LessonEvidence) -> dict[str, Any]:
    judged = evidence.judged
    return {
        "kind": evidence.get_kind_display(),
        "section": words(judged.section),
        "draft": admin_link("production.draft", judged.draft_id, "Draft"),
        "observation": admin_link("learning.learningevent", judged.observation_id, "Decision"),
        "remarks": judged.remarks,
        "at": judged.judged_at,
    }
