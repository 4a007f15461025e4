"""The main job with people in it, on the real database, through the real engine and every module."""

import json
import time
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from apps.client_review import services
from apps.client_review.api import ports as client_review
from apps.client_review.api.dtos import Decision, RevisionRequest
from apps.client_review.api.events import FurtherRoundAllowed
from apps.client_review.models import Review
from apps.delivery.api import ports as delivery
from apps.identity.models import User
from apps.onboarding.api import ports as onboarding
from apps.orchestration.models import StepRun, WorkflowRun
from apps.orchestration.rules import skip_problem
from apps.orchestration.services import commands
from apps.orchestration.services.intake import submit_intake
from apps.orchestration.services.outbox import dispatch_events
from apps.orchestration.services.sweep import move
from apps.orchestration.tests.conftest import SAMPLES, finish
from apps.orchestration.tests.test_client_to_delivery import (
    assert_nothing_breached,
    files,
    rows_of,
)
from apps.orchestration.workflows import get_workflow, reactions
from apps.production.api import ports as production
from apps.production.api.dtos import Draft, SectionChange
from apps.qc.api import dtos as qc
from apps.shared.workflow import TransientFailure
from apps.strategy.api import ports as strategy

pytestmark = pytest.mark.usefixtures("shipped")


def submit(key: str = "reviewed") -> WorkflowRun:
    submission = onboarding.read_submission(data=json.loads((SAMPLES / "intake_dental_clinic.json").read_text()))
    wishes = {"workflow": "client_to_delivery_reviewed", "pack": "quick_social_basic", "key": key}
    return submit_intake(submission, **wishes, at=timezone.now())


def on(run: WorkflowRun) -> WorkflowRun:
    """Bring out what was told, and move a run until it stands still or ends."""
    dispatch_events()
    move(run.pk)
    run.refresh_from_db()
    return run


def outcome(run: WorkflowRun, step: str) -> dict[str, Any]:
    """Return what a step of the newest round gave."""
    return StepRun.objects.filter(run=run, name=step, outcome__isnull=False).latest("round").outcome


def approve_strategy(run: WorkflowRun, by: User) -> None:
    strategy.approve_strategy(strategy_id=outcome(run, "generate_strategy")["id"], by=by.pk, at=timezone.now())


def decide(run: WorkflowRun, by: User, verdict: str, *requests: RevisionRequest, text: str = "") -> None:
    """Record what the client said on the telephone about the version in front of them."""
    review = outcome(run, "send_for_review")
    decision = Decision(
        verdict=verdict,
        draft_sha256=review["draft_sha256"],
        text=text,
        requests=requests,
        channel="PHONE",
        told_by="Dr. Byrne",
    )
    client_review.record_decision(review_id=review["id"], decision=decision, by=by.pk, at=timezone.now())


def change(run: WorkflowRun, section: str = "overview") -> RevisionRequest:
    """Ask for one word to be another in a section."""
    draft = drafts(run)[-1]
    text = next(each.markdown for each in draft.sections if each.key == section)
    word = next(word for word in text.split() if word.isalpha() and len(word) > 7)
    return RevisionRequest(section=section, change=f'Replace "{word}" with "{word}s"', priority="MUST")


def drafts(run: WorkflowRun) -> list[Draft]:
    """Return the drafts a run wrote, the first one first."""
    steps = StepRun.objects.filter(run=run, name="write_draft", outcome__isnull=False).order_by("round")
    return [Draft.model_validate(step.outcome) for step in steps]


def sections(draft: Draft) -> dict[str, bytes]:
    return {section.key: section.model_dump_json().encode() for section in draft.sections}


@pytest.fixture
def in_review(strategist: User) -> WorkflowRun:
    """A run whose first round is in front of the client."""
    run = on(submit())
    assert (run.state, run.waiting_for) == ("WAITING", ["StrategyApproved", "StrategyRejected"])
    approve_strategy(run, strategist)
    on(run)
    assert run.waiting_for == ["ReviewDecided", "ReviewWithdrawn"], run.error
    return run


def test_delivers_what_the_client_approved(in_review: WorkflowRun, strategist: User) -> None:
    decide(in_review, strategist, "APPROVED")
    run = on(in_review)
    assert (run.state, run.error) == ("COMPLETED", "")
    package = delivery.find_package_of_run(run_id=run.pk)
    assert str(package.draft_id) == outcome(run, "send_for_review")["draft_id"]
    assert_nothing_breached()


def test_changes_only_the_sections_the_client_named(in_review: WorkflowRun, strategist: User) -> None:
    asked = change(in_review)
    decide(in_review, strategist, "CHANGES_REQUESTED", asked)
    run = on(in_review)
    assert (run.state, run.round) == ("WAITING", 2), run.error
    before, after = drafts(run)
    old, new = sections(before), sections(after)
    assert [key for key in old if old[key] != new[key]] == ["overview"]
    assert before.calendar == after.calendar
    decide(run, strategist, "APPROVED")
    assert on(run).state == "COMPLETED"
    assert delivery.find_package_of_run(run_id=run.pk).draft_id == after.id
    assert_nothing_breached()


def test_takes_everything_back_when_the_client_rejects_it(in_review: WorkflowRun, strategist: User) -> None:
    decide(in_review, strategist, "CHANGES_REQUESTED", change(in_review))
    on(in_review)
    decide(in_review, strategist, "REJECTED", text="We go with somebody else.")
    run = on(in_review)
    assert run.state == "COMPENSATED"
    assert "We go with somebody else." in run.error
    assert (rows_of(run), files(), _rows_of_reviews()) == (0, [], 0)
    assert_nothing_breached()


def _rows_of_reviews() -> int:
    tables = ("review", "comment", "revisionrequest", "revisionplan")
    with connection.cursor() as cursor:
        return sum(cursor.execute(f"SELECT count(*) FROM client_review_{table}").fetchone()[0] for table in tables)


def test_turns_back_when_the_strategy_is_rejected(strategist: User) -> None:
    run = on(submit())
    rejected = outcome(run, "generate_strategy")["id"]
    strategy.reject_strategy(strategy_id=rejected, by=strategist.pk, reason="Too broad.", at=timezone.now())
    assert on(run).state == "COMPENSATED"
    assert rows_of(run) == 0


def test_waits_for_a_writer_where_a_wish_does_not_name_its_words(in_review: WorkflowRun, strategist: User) -> None:
    wish = RevisionRequest(section="overview", change="Make it warmer.", priority="MUST")
    decide(in_review, strategist, "CHANGES_REQUESTED", wish)
    run = on(in_review)
    assert (run.state, run.waiting_for) == ("WAITING", None)
    assert "overview: Make it warmer." in run.step_runs.get(name="write_draft", round=2).error
    seen = drafts(run)[0]
    rewritten = next(each for each in seen.sections if each.key == "overview").markdown.replace(
        "\n\n", "\n\nWarmly: ", 1
    )
    edit = SectionChange(key="overview", markdown=rewritten)
    production.revise_draft(draft_id=seen.id, changes=(edit,), reason="as the client asked", by=strategist.pk)
    commands.retry_step(run, by=strategist.pk)
    on(run)
    assert run.waiting_for == ["ReviewDecided", "ReviewWithdrawn"], run.error
    assert next(each for each in drafts(run)[-1].sections if each.key == "overview").markdown == rewritten


def test_needs_leave_for_a_round_over_the_agreed_number(in_review: WorkflowRun, strategist: User) -> None:
    in_review.client.included_revision_rounds = 0
    in_review.client.save()
    decide(in_review, strategist, "CHANGES_REQUESTED", change(in_review))
    run = on(in_review)
    assert (run.state, run.waiting_for) == ("WAITING", None)
    assert "has used the 0 revision rounds" in run.step_runs.get(name="plan_revision").error
    review_id = outcome(run, "send_for_review")["id"]
    _waits_while_a_worker_is_at_it(run, strategist)
    client_review.allow_further_round(review_id=review_id, by=strategist.pk, reason="Goodwill.", at=timezone.now())
    assert on(run).round == 2
    assert client_review.get_plan(review_id=review_id).beyond_included == 1


def _waits_while_a_worker_is_at_it(run: WorkflowRun, by: User) -> None:
    """The step may have looked before leave was given: what follows from that must not be lost in between."""
    event = FurtherRoundAllowed(aggregate_id=run.pk, run_id=run.pk, draft_id=run.pk, round=1, by=by.pk, reason="x")
    row = WorkflowRun.objects.filter(pk=run.pk)
    row.update(state="RUNNING")
    with pytest.raises(TransientFailure):
        reactions.go_on(event)
    row.update(state="WAITING")


@pytest.mark.parametrize("line", ["wait_for_review_decided", "plan_revision", "send_for_review"])
def test_delivers_nothing_by_skipping_the_client(line: str) -> None:
    workflow = get_workflow("client_to_delivery_reviewed")
    position = [spec.name for spec in workflow.specs].index(line)
    assert "cannot be skipped" in skip_problem(workflow, position)


def test_shows_quality_controls_rounds_before_the_clients(strategist: User, monkeypatch: pytest.MonkeyPatch) -> None:
    verdicts = iter(["FAIL", "PASS"])
    monkeypatch.setattr(
        "apps.qc.services.evaluate",
        lambda *_: qc.QcVerdict(score=0, verdict=next(verdicts), rules_checked=1, findings=()),
    )
    run = on(submit())
    approve_strategy(run, strategist)
    on(run)
    assert (run.round, run.waiting_for[0]) == (2, "ReviewDecided")
    assert outcome(run, "send_for_review")["round"] == 1
    decide(run, strategist, "REJECTED", text="No.")
    assert on(run).state == "COMPENSATED"
    assert_nothing_breached()


def test_is_turned_back_when_the_review_is_withdrawn(in_review: WorkflowRun, strategist: User) -> None:
    services.withdraw_review(Review.objects.get(), by=strategist.pk, reason="A wrong price.", at=timezone.now())
    run = on(in_review)
    assert (run.state, run.error) == ("COMPENSATED", "wait_for_review_decided: ReviewWithdrawn: A wrong price.")
    assert_nothing_breached()


def test_is_taken_back_after_its_end(in_review: WorkflowRun, strategist: User) -> None:
    decide(in_review, strategist, "CHANGES_REQUESTED", change(in_review))
    on(in_review)
    decide(in_review, strategist, "APPROVED")
    run = on(in_review)
    commands.compensate_run(run, by=strategist.pk, reason="the client has left")
    assert finish(run).state == "CANCELLED"
    assert (rows_of(run), files(), _rows_of_reviews()) == (0, [], 0)
    assert_nothing_breached()


@pytest.mark.worker
def test_is_done_by_real_workers_as_people_decide(worker: Callable, strategist: User) -> None:
    worker()
    run = submit()
    _wait_for(run, "StrategyApproved", 1)
    approve_strategy(run, strategist)
    _wait_for(run, "ReviewDecided", 1)
    decide(run, strategist, "CHANGES_REQUESTED", change(run))
    _wait_for(run, "ReviewDecided", 2)
    decide(run, strategist, "APPROVED")
    deadline = time.monotonic() + 90
    while not WorkflowRun.objects.filter(pk=run.pk, state__in=WorkflowRun.ENDED).exists():
        assert time.monotonic() < deadline, "the run does not end"
        time.sleep(0.2)
    run.refresh_from_db()
    assert (run.state, run.error) == ("COMPLETED", "")
    before, after = map(sections, drafts(run))
    assert [key for key in before if before[key] != after[key]] == ["overview"]
    assert_nothing_breached()


def _wait_for(run: WorkflowRun, event: str, number: int) -> None:
    deadline = time.monotonic() + 90
    waiting = WorkflowRun.objects.filter(pk=run.pk, state="WAITING", round=number, waiting_for__contains=[event])
    while not waiting.exists():
        assert time.monotonic() < deadline, list(WorkflowRun.objects.filter(pk=run.pk).values("state", "error"))
        time.sleep(0.2)
