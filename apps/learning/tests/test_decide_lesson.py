"""Deciding a lesson …"""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from uuid_utils.compat import uuid7

from apps.identity.models import Client, User
from apps.learning import services
from apps.learning.api import ports
from apps.learning.api.dtos import DraftText
from apps.learning.models import Lesson, LessonTrial
from apps.learning.queries import trials_of
from apps.learning.tests.factories import JudgedSectionFactory, LessonFactory
from apps.observability.api import ports as observability
from apps.shared.events import Event

AT = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
VERBS = {
    "activate": (services.activate_lesson, "LessonActivated", "ACTIVE"),
    "shadow": (services.shadow_lesson, "LessonShadowed", "SHADOW"),
    "retire": (services.retire_lesson, "LessonRetired", "RETIRED"),
    "dismiss": (services.dismiss_lesson, "LessonDismissed", "DISMISSED"),
}
LEGAL = {
    "PROPOSED": {"activate", "shadow", "dismiss"},
    "SHADOW": {"activate", "retire"},
    "ACTIVE": {"shadow", "retire"},
    "RETIRED": set(),
    "DISMISSED": set(),
}


@pytest.mark.parametrize("state", LEGAL)
@pytest.mark.parametrize("verb", VERBS)
def test_goes_where_its_state_leads_and_is_told_and_audited(
    state: str, verb: str, acme: Client, strategist: User, told: list[Event]
) -> None:
    lesson = LessonFactory(client=acme, state=state)
    service, event, target = VERBS[verb]
    if verb not in LEGAL[state]:
        with pytest.raises(services.LessonRefused, match=state.lower()):
            service(lesson, by=strategist.pk, at=AT, reason="Because.")
        assert told == []
        return
    decided = service(lesson, by=strategist.pk, at=AT, reason="Because.")
    assert (decided.state, decided.decided_by, decided.decided_at, decided.reason) == (
        target,
        strategist,
        AT,
        "Because.",
    )
    assert [(each.name, each.aggregate_id, each.client_id) for each in told] == [(event, lesson.pk, acme.pk)]
    (entry,) = observability.list_entries(object_type="learning.lesson", object_id=lesson.pk)
    assert (entry.actor_id, entry.reason) == (strategist.pk, "Because.")


@pytest.mark.parametrize(("verb", "state"), [("retire", "ACTIVE"), ("dismiss", "PROPOSED")])
def test_asks_for_a_reason_to_take_one_away(verb: str, state: str, acme: Client, strategist: User) -> None:
    lesson = LessonFactory(client=acme, state=state)
    service: Callable = VERBS[verb][0]
    with pytest.raises(services.LessonRefused, match="reason is empty"):
        service(lesson, by=strategist.pk, at=AT, reason=" ")
    assert Lesson.objects.get().state == state


def test_puts_its_words_in_force_for_its_own_client_alone(acme: Client, globex: Client, strategist: User) -> None:
    lesson = LessonFactory(client=acme, subject="synergy", version=3)
    assert ports.find_guidance(client_id=acme.pk) is None
    services.activate_lesson(lesson, by=strategist.pk, at=AT)
    guidance = ports.find_guidance(client_id=acme.pk)
    assert [(each.id, each.version, each.words) for each in guidance.lessons] == [(lesson.pk, 3, ("synergy",))]
    assert ports.find_guidance(client_id=globex.pk) is None
    services.retire_lesson(lesson, by=strategist.pk, at=AT, reason="Enough.")
    assert ports.find_guidance(client_id=acme.pk) is None


def test_counts_what_a_tried_one_would_find_once_per_draft_and_how_the_client_saw_it(acme: Client) -> None:
    lesson = LessonFactory(client=acme, subject="synergy", state="SHADOW")
    LessonFactory(client=acme, subject="price", state="PROPOSED")
    draft = DraftText(draft_id=uuid7(), sections=(("a", "Pure synergy."), ("b", "Plain."), ("c", "Synergies, too.")))
    for _ in range(2):
        ports.try_lessons(draft=draft, client_id=acme.pk, at=AT)
    trial = LessonTrial.objects.get()
    assert (trial.lesson, trial.sections) == (lesson, ["a"])
    JudgedSectionFactory(client=acme, draft_id=draft.draft_id, section="a", verdict="REFUSED")
    assert trials_of(lesson) == {"drafts": 1, "sections": 1, "refused": 1, "accepted": 0}
    assert ports.find_guidance(client_id=acme.pk) is None


def test_is_tried_only_where_somebody_asked_for_it(acme: Client, globex: Client) -> None:
    LessonFactory(client=acme, state="ACTIVE")
    lesson = LessonFactory(client=acme, state="SHADOW")
    assert [each.id for each in ports.list_tried(client_id=acme.pk)] == [lesson.pk]
    assert ports.list_tried(client_id=globex.pk) == ()
