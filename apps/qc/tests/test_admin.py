"""The desk's pages …"""

import pytest
from django.urls import reverse

from apps.qc.api.ports import evaluate_draft

CODE = "DOUBLED_WORD"


@pytest.fixture
def desk(client, strategist, settings, tmp_path):
    settings.STATIC_ROOT = tmp_path  # WhiteNoise warns of a missing one
    strategist.is_superuser = True
    strategist.save()
    client.force_login(strategist)
    return client


def test_list_reports_with_their_verdict(desk, work):
    evaluate_draft(**work("Book in the the evening.")._asdict())
    page = desk.get(reverse("admin:qc_qcreport_changelist")).content.decode()
    assert "WARN" in page
    assert "97" in page


def test_show_each_finding_with_its_evidence(desk, work):
    report = evaluate_draft(**work("Book in the the evening.")._asdict())
    page = desk.get(reverse("admin:qc_qcreport_change", args=[report.id])).content.decode()
    assert "A word twice in a row (DOUBLED_WORD)" in page
    assert "‹the the›" in page
    assert "Delete one." in page


def test_filter_by_rule(desk, work):
    evaluate_draft(**work("Book in the the evening.")._asdict())
    url = reverse("admin:qc_qcreport_changelist")
    shown = {code: desk.get(url, {"findings__rule_code": code}).context["cl"].result_count for code in (CODE, "CLICHE")}
    assert shown == {CODE: 1, "CLICHE": 0}


def test_offer_no_change(desk, work):
    report = evaluate_draft(**work()._asdict())
    assert desk.post(reverse("admin:qc_qcreport_delete", args=[report.id])).status_code == 403
    assert desk.get(reverse("admin:qc_qcreport_add")).status_code == 403
