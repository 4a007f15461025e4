"""The desk's pages …"""

from dataclasses import replace
from datetime import timedelta
from urllib.parse import urlencode

import pytest
from django.urls import reverse
from uuid_utils.compat import uuid7

from apps.qc.api.ports import evaluate_draft
from apps.qc.models import QcFinding

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
    assert "A word twice in a row" in page
    assert "<blockquote>Book in <mark>the the</mark> evening.</blockquote>" in page
    assert "Delete one." in page


def test_filter_by_rule(desk, work):
    evaluate_draft(**work("Book in the the evening.")._asdict())
    url = reverse("admin:qc_qcreport_changelist")
    found = {code: desk.get(url, {"findings__rule_code": code}).context["cl"].result_list for code in (CODE, "CLICHE")}
    assert {code: len(rows) for code, rows in found.items()} == {CODE: 1, "CLICHE": 0}


def test_offer_no_change(desk, work):
    report = evaluate_draft(**work()._asdict())
    assert desk.post(reverse("admin:qc_qcreport_delete", args=[report.id])).status_code == 403
    assert desk.get(reverse("admin:qc_qcreport_add")).status_code == 403


def page_of(desk, report) -> str:
    return desk.get(reverse("admin:qc_qcreport_change", args=[report.id])).content.decode()


def judged_again(made, text: str):
    """Judge the text as another draft of the same run, an hour later."""
    later = replace(made.run, at=made.run.at + timedelta(hours=1))
    section = made.draft.sections[1].model_copy(update={"markdown": text})
    draft = made.draft.model_copy(update={"id": uuid7(), "sections": (made.draft.sections[0], section)})
    return evaluate_draft(**made._replace(draft=draft, run=later)._asdict())


def test_say_the_verdict_first(desk, work):
    page = page_of(desk, evaluate_draft(**work()._asdict()))
    assert page.index("Verdict") < page.index("Since the report before")
    assert "rules passed." in page
    assert "No earlier report of this draft or its run is kept." in page


def test_lead_to_the_section_with_the_quote_marked(desk, work):
    made = work("Book in the the evening.")
    page = page_of(desk, evaluate_draft(**made._asdict()))
    section = reverse("admin:production_draft_section", args=[made.draft.id, "notes"])
    assert f'hx-get="{section}?{urlencode({"quote": "Book in ‹the the› evening."})}"' in page


def test_list_by_section_what_quotes_nothing(desk, work):
    report = evaluate_draft(**work(labels=("Budget",))._asdict())
    page = page_of(desk, report)
    unquoted = page[page.index("Without a quote, by section") :]
    assert "<h3>Notes</h3>" in unquoted
    assert "An expected part is missing" in unquoted
    assert "Add a part headed" in unquoted


def test_tell_what_is_new_still_open_and_fixed(desk, work):
    made = work("Book in the the evening.")
    first = evaluate_draft(**made._asdict())
    again = evaluate_draft(**made._asdict())
    assert "0 new · 1 still open · 0 fixed" in page_of(desk, again)
    clean = page_of(desk, judged_again(made, "Book in the evening."))
    assert "0 new · 0 still open · 1 fixed" in clean
    assert "3 points more" in clean
    assert "No earlier report" in page_of(desk, first)


def test_tell_what_is_new_in_the_next_round_of_a_run(desk, work):
    made = work()
    evaluate_draft(**made._asdict())
    page = page_of(desk, judged_again(made, "Book in the the evening."))
    assert "1 new · 0 still open · 0 fixed" in page


def test_compare_nothing_of_another_run(desk, work):
    evaluate_draft(**work("Book in the the evening.")._asdict())
    assert "No earlier report" in page_of(desk, evaluate_draft(**work()._asdict()))


def test_print_html_of_a_client_as_text(desk, work):
    report = evaluate_draft(**work("Book in the the evening.")._asdict())
    script = "<script>alert(1)</script>"
    QcFinding.objects.update(evidence=f"{script} ‹{script}›", message=script, fix=script, section=script)
    assert script not in page_of(desk, report)


def test_open_in_few_queries(desk, work, django_assert_max_num_queries):
    made = work("Book in the the evening.")
    evaluate_draft(**made._asdict())
    report = judged_again(made, "Book in the the evening. It is is late.")
    with django_assert_max_num_queries(12):
        page_of(desk, report)
