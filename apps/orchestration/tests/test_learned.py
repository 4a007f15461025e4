"""What the agency learns, through the real engine and every module …"""

import json
from typing import Any

import pytest
from django.utils import timezone

from apps.cam.services.processing import process_new, settle_reply
from apps.cam.tests.factories import InboundEmailFactory
from apps.client_review.api.dtos import RevisionRequest
from apps.identity.models import Client, User
from apps.learning import services as learning
from apps.learning.models import JudgedSection, LearningEvent, Lesson, LessonTrial, StoredArtifact
from apps.learning.tests.factories import LessonFactory
from apps.onboarding.api import ports as onboarding
from apps.orchestration.models import WorkflowRun
from apps.orchestration.services.intake import submit_intake
from apps.orchestration.services.outbox import dispatch_events
from apps.orchestration.tests.conftest import SAMPLES, finish
from apps.orchestration.tests.test_client_to_delivery_reviewed import (
    approve_strategy,
    change,
    decide,
    in_review,
    on,
    outcome,
    submit,
)
from apps.orchestration.workflows.reactions import REACTIONS
from apps.production.api import ports as production
from apps.production.api.dtos import Draft

pytestmark = pytest.mark.usefixtures("shipped")
__all__ = ["in_review"]

WORD = "evening"
"""Stands in what the offline composer writes for the sample, and in none of its names and disclaimers."""


def begin(key: str) -> WorkflowRun:
    """Accept a run of the sample's intake."""
    data = json.loads((SAMPLES / "intake_dental_clinic.json").read_text())
    submission = onboarding.read_submission(data=data)
    wishes = {"workflow": "client_to_delivery", "pack": "quick_social_basic", "key": key}
    return submit_intake(submission, **wishes, at=timezone.now())


def drafted(run: WorkflowRun) -> Draft:
    """Finish a run and return its draft."""
    run = finish(run)
    assert (run.state, run.error) == ("COMPLETED", "")
    return production.get_draft(draft_id=run.step_runs.get(name="generate_draft").outcome["id"])


def bytes_of(draft: Draft) -> list[bytes]:
    return [part.model_dump_json().encode() for part in (*draft.sections, *draft.calendar)]


def lesson_for(client: Client, **fields: Any) -> Lesson:
    return LessonFactory(client=client, subject=WORD, **fields)


def activate(lesson: Lesson, by: User) -> None:
    learning.activate_lesson(lesson, by=by.pk, at=timezone.now())


def retire(lesson: Lesson, by: User) -> None:
    learning.retire_lesson(lesson, by=by.pk, at=timezone.now(), reason="They like it after all.")


def test_changes_later_drafts_once_a_lesson_is_accepted_and_no_more_once_it_is_retired(strategist: User) -> None:
    first = begin("first")
    before = drafted(first)
    lesson = lesson_for(first.client)
    activate(lesson, strategist)
    during = drafted(begin("second"))
    retire(lesson, strategist)
    after = drafted(begin("third"))
    assert {each.client_id for each in (before, during, after)} == {first.client_id}
    assert bytes_of(before) == bytes_of(after) != bytes_of(during)
    texts = {
        name: " ".join(s.markdown for s in each.sections) for name, each in (("before", before), ("during", during))
    }
    assert (WORD in texts["before"], WORD in texts["during"]) == (True, False)
    assert [(each.id, each.version, each.words) for each in during.lessons] == [(lesson.pk, 1, (WORD,))]
    assert before.lessons == after.lessons == ()


def test_leaves_a_run_under_way_with_the_lessons_it_began_with(strategist: User) -> None:
    before = begin("before")
    lesson = lesson_for(before.client)
    activate(lesson, strategist)
    under_it = begin("under it")
    retire(lesson, strategist)
    assert drafted(before).lessons == ()
    assert [each.id for each in drafted(under_it).lessons] == [lesson.pk]


def test_takes_the_same_request_for_the_same_whatever_was_learnt_meanwhile(strategist: User) -> None:
    run = begin("once")
    activate(lesson_for(run.client), strategist)
    assert begin("once").pk == run.pk


def test_counts_what_a_lesson_on_trial_would_find_and_changes_nothing(strategist: User) -> None:
    first = begin("first")
    before = drafted(first)
    dispatch_events()
    lesson = lesson_for(first.client)
    learning.shadow_lesson(lesson, by=strategist.pk, at=timezone.now())
    during = drafted(begin("second"))
    dispatch_events()
    assert bytes_of(before) == bytes_of(during)
    assert [(each.lesson, each.draft_id) for each in LessonTrial.objects.all()] == [(lesson, during.id)]
    assert LessonTrial.objects.get().sections


def test_remembers_what_a_client_asked_for_and_keeps_what_it_approved(in_review: WorkflowRun, strategist: User) -> None:
    asked: RevisionRequest = change(in_review)
    decide(in_review, strategist, "CHANGES_REQUESTED", asked, text="Nearly.")
    run = on(in_review)
    decide(run, strategist, "APPROVED")
    run = on(run)
    dispatch_events()
    assert run.state == "COMPLETED", run.error
    bad, good = LearningEvent.objects.filter(kind="ReviewDecided").order_by("observed_at")
    assert (bad.outcome, good.outcome) == ("BAD", "GOOD")
    assert (bad.context["reason"], bad.context["sections"], bad.context["asked"]) == (
        "Nearly.",
        ["overview"],
        [asked.change],
    )
    refused = JudgedSection.objects.get(verdict="REFUSED")
    assert (refused.section, refused.remarks, refused.observation) == ("overview", [asked.change], bad)
    draft = production.get_draft(draft_id=outcome(run, "send_for_review")["draft_id"])
    accepted = JudgedSection.objects.filter(verdict="ACCEPTED", observation=good)
    assert set(accepted.values_list("section", flat=True)) == {each.key for each in draft.sections}
    kept = {(each.source_id, each.text) for each in StoredArtifact.objects.all()}
    assert kept
    assert kept <= {(draft.id, each.markdown) for each in draft.sections}
    assert all(run.client.name.split(" Ltd")[0] in text for _, text in kept)


def test_remembers_where_a_person_knew_better_what_a_reply_means_and_not_each_reply(strategist: User) -> None:
    reply = InboundEmailFactory(text="Who gave you my name?")
    process_new(at=timezone.now())
    dispatch_events()
    assert not LearningEvent.objects.exists()
    settle_reply(reply, kind="NEGATIVE", by=strategist.pk, at=timezone.now())
    dispatch_events()
    seen = LearningEvent.objects.get()
    assert (seen.kind, seen.outcome, seen.client) == ("ReplyClassified", "BAD", None)
    assert (seen.context["was"], seen.context["classification"]) == ("NEUTRAL", "NEGATIVE")


def test_remembers_each_event_once_and_never_its_own(strategist: User) -> None:
    run = on(submit())
    approve_strategy(run, strategist)
    on(run)
    dispatch_events()
    kinds = LearningEvent.objects.values_list("kind", flat=True)
    assert sorted(kinds) == ["QcPassed", "StrategyApproved"]
    told_by_learning = {
        reaction.to.aggregate for reaction in REACTIONS if reaction.to.aggregate.startswith("learning.")
    }
    assert told_by_learning == set()
