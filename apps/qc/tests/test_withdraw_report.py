"""withdraw_report …"""

from apps.qc.api.events import ReportWithdrawn
from apps.qc.api.ports import evaluate_draft, withdraw_report
from apps.qc.models import QcFinding, QcReport

WARNS = "Book in the the evening."


def test_removes_what_the_run_made_and_nothing_else(work):
    mine, other = work(WARNS), work(WARNS)
    evaluate_draft(**mine._asdict())
    kept = evaluate_draft(**other._asdict())
    withdraw_report(run=mine.run)
    assert [row.pk for row in QcReport.objects.all()] == [kept.id]
    assert [row.report_id for row in QcFinding.objects.all()] == [kept.id]


def test_tells_what_was_removed(work, published):
    given = work(WARNS)
    report = evaluate_draft(**given._asdict())
    withdraw_report(run=given.run)
    event, note = published[-1]
    assert isinstance(event, ReportWithdrawn)
    assert (event.aggregate_id, event.draft_id, event.run_id) == (report.id, given.draft.id, given.run.id)
    assert note.before["score"] == "97"
    assert note.before["findings"][0]["rule_code"] == "DOUBLED_WORD"


def test_does_nothing_the_second_time(work, published):
    given = work()
    evaluate_draft(**given._asdict())
    withdraw_report(run=given.run)
    told = len(published)
    withdraw_report(run=given.run)
    assert len(published) == told
