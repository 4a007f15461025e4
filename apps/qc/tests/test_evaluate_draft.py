"""evaluate_draft …"""

import pytest
from django.db import IntegrityError, transaction
from uuid_utils.compat import uuid7

from apps.learning.api.dtos import Guidance, LessonInForce
from apps.qc.api.events import QcFailed, QcPassed
from apps.qc.api.ports import evaluate_draft, get_report, judge_draft, list_reports, withdraw_report
from apps.qc.models import QcFinding, QcReport
from apps.shared.workflow import StepRefused

WARNS = "Book in the the evening."  # one minor fault
FAILS = "This is painless."


def test_is_a_step_that_can_be_taken_back():
    assert set(evaluate_draft.spec.needs) == {"draft", "brief", "strategy", "guidance"}
    assert evaluate_draft.spec.optional == {"guidance"}
    assert evaluate_draft.spec.gives.__name__ == "QcReport"
    assert evaluate_draft.spec.compensate is withdraw_report


def test_stores_a_report_of_a_faultless_draft(work):
    given = work()
    report = evaluate_draft(**given._asdict())
    row = QcReport.objects.get(pk=report.id)
    assert (report.verdict, report.score, report.findings) == ("PASS", 100, ())
    assert (row.run_id, row.evaluated_at, row.client_id) == (given.run.id, given.run.at, given.brief.client_id)
    assert report.rules_checked >= 30


def test_stores_what_a_warned_draft_was_warned_of(work):
    report = evaluate_draft(**work(WARNS)._asdict())
    row = QcFinding.objects.get(report_id=report.id)
    assert (report.verdict, report.score) == ("WARN", 97)
    assert (row.rule_code, row.section, row.severity, row.auto_fixable) == ("DOUBLED_WORD", "notes", "MINOR", True)
    assert "‹the the›" in row.evidence


def test_tells_that_a_draft_passed(work, published):
    given = work()
    report = evaluate_draft(**given._asdict())
    event, note = published[-1]
    assert isinstance(event, QcPassed)
    assert (event.aggregate_id, event.draft_id, event.score) == (report.id, given.draft.id, 100)
    assert (event.run_id, event.client_id) == (given.run.id, given.brief.client_id)
    assert note.after["verdict"] == "PASS"


def test_refuses_a_failed_draft_with_the_whole_report(work):
    given = work(FAILS)
    with pytest.raises(StepRefused) as refused:
        evaluate_draft(**given._asdict())
    outcome = refused.value.outcome
    assert (outcome.verdict, outcome.score, outcome.sequence) == ("FAIL", 70, 1)
    assert (outcome.draft_id, outcome.client_id) == (given.draft.id, given.brief.client_id)
    assert [finding.rule_code for finding in outcome.findings] == ["BANNED_WORD"]
    assert QcReport.objects.count() == 0


def test_says_of_a_finding_which_lesson_asked_for_it(work):
    given = work("Sparkle with aligners.")
    lesson = LessonInForce(id=uuid7(), version=2, claim="They objected.", words=("sparkle",))
    assert evaluate_draft(**given._asdict()).verdict == "PASS"
    with pytest.raises(StepRefused) as refused:
        evaluate_draft(**given._asdict(), guidance=Guidance(lessons=(lesson,)))
    (finding,) = refused.value.outcome.findings
    assert (finding.rule_code, finding.section, finding.lesson_id) == ("BANNED_WORD", "notes", lesson.id)
    assert finding.message == "A lesson (version 2) bans “sparkle”."


def test_tells_the_words_of_the_brief_from_those_of_a_lesson(work):
    given = work("This is painless. Sparkle with aligners.")
    lesson = LessonInForce(id=uuid7(), version=1, claim="They objected.", words=("sparkle", "painless"))
    report = judge_draft(**given._asdict(), guidance=Guidance(lessons=(lesson,)))
    assert [finding.lesson_id for finding in report.findings] == [None, lesson.id]
    assert list(QcFinding.objects.values_list("lesson_id", flat=True)) == [None, lesson.id]
    assert "sparkle" not in report.findings[0].evidence.lower()


def test_names_score_rules_and_sections_in_the_refusal(work):
    with pytest.raises(StepRefused) as refused:
        evaluate_draft(**work(f"{FAILS} {WARNS}")._asdict())
    assert refused.value.reason == (
        "Quality control: FAIL, score 67 of 100. BANNED_WORD (BLOCKER) in notes; DOUBLED_WORD (MINOR) in notes"
    )


def test_hands_the_failure_event_to_the_engine(work, published):
    with pytest.raises(StepRefused) as refused:
        evaluate_draft(**work(FAILS)._asdict())
    (event,) = refused.value.events
    assert isinstance(event, QcFailed)
    assert event.aggregate_id == refused.value.outcome.id
    assert event.failed_rules == ("BANNED_WORD",)
    assert published == []


def test_refuses_a_warned_draft_of_a_strict_client(work, acme):
    acme.strict_qc = True
    acme.save()
    with pytest.raises(StepRefused, match="a warning stops the work for this client"):
        evaluate_draft(**work(WARNS)._asdict())


def test_lets_a_faultless_draft_of_a_strict_client_pass(work, acme):
    acme.strict_qc = True
    acme.save()
    assert evaluate_draft(**work()._asdict()).verdict == "PASS"


def test_fails_a_draft_below_70_without_any_blocker(work):
    text = "Aligners start at €1. As an AI, I wrote this. <br> The best clinic in Galway. | a |"
    with pytest.raises(StepRefused) as refused:
        evaluate_draft(**work(text, form="TABLE", min_words=900)._asdict())
    assert "BLOCKER" not in {finding.severity for finding in refused.value.outcome.findings}
    assert refused.value.outcome.score < 70


def test_keeps_every_evaluation(work):
    given = work()
    first, second = evaluate_draft(**given._asdict()), evaluate_draft(**given._asdict())
    assert [report.id for report in list_reports(draft_id=given.draft.id)] == [first.id, second.id]
    assert get_report(draft_id=given.draft.id) == second
    assert second.sequence == 2


def test_cannot_number_two_evaluations_alike(work):
    report = QcReport.objects.get(pk=evaluate_draft(**work()._asdict()).id)
    report.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        report.save(force_insert=True)


def test_takes_as_many_queries_for_many_findings_as_for_one(work, django_assert_max_num_queries):
    given = work(f"{WARNS} Now!! " + "state-of-the-art synergy leverage", min_bullets=2, min_headings=2)
    with django_assert_max_num_queries(12):
        evaluate_draft(**given._asdict())
