"""judge_draft …"""

from apps.identity.models import Client
from apps.qc.api.ports import get_report, judge_draft, withdraw_report
from apps.qc.models import QcReport

WARNS = "Book in the the evening."
FAILS = "This is painless."


def test_is_a_step_that_can_be_taken_back():
    assert judge_draft.spec.gives.__name__ == "QcReport"
    assert judge_draft.spec.compensate is withdraw_report


def test_keeps_a_verdict_that_stops_the_work_instead_of_refusing(work, published):
    given = work(FAILS)
    report = judge_draft(**given._asdict())
    assert (report.verdict, report.passed) == ("FAIL", False)
    assert QcReport.objects.get(pk=report.id).passed is False
    event, note = published[-1]
    assert (event.name, event.aggregate_id, bool(event.failed_rules)) == ("QcFailed", report.id, True)
    assert note.after["verdict"] == "FAIL"
    assert get_report(draft_id=given.draft.id) == report


def test_passes_a_warning_unless_the_client_is_strict(work, acme: Client, published):
    assert judge_draft(**work(WARNS)._asdict()).passed
    assert published[-1][0].name == "QcPassed"
    Client.objects.filter(pk=acme.pk).update(strict_qc=True)
    assert not judge_draft(**work(WARNS)._asdict()).passed
    assert published[-1][0].name == "QcFailed"
