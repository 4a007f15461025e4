"""get_report …"""

import pytest
from django.core.exceptions import ObjectDoesNotExist
from uuid_utils.compat import uuid7

from apps.qc.api.ports import evaluate_draft, get_report, list_reports


def test_gives_back_what_was_evaluated(work):
    given = work("Book in the the evening!!")
    report = evaluate_draft(**given._asdict())
    assert len(report.findings) == 2
    assert get_report(draft_id=given.draft.id) == report


@pytest.mark.django_db
def test_raises_for_a_draft_nobody_judged():
    with pytest.raises(ObjectDoesNotExist):
        get_report(draft_id=uuid7())
    assert list_reports(draft_id=uuid7()) == ()
