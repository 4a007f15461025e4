"""The PDF. Client text is data: whatever it holds is printed as it stands, and nothing in it is carried out."""

import shutil
from io import BytesIO
from pathlib import Path

import pytest
from pypdf import PdfReader

from apps.delivery.gateways import pdf
from apps.delivery.gateways.pdf import render_pdf
from apps.delivery.tests.factories import AT, calendar_from, job_for, section
from apps.onboarding.api.dtos import BriefWarning
from apps.onboarding.tests.factories import dental_brief
from apps.shared.gateways import typst
from apps.shared.workflow import StepRefused, TransientFailure

HOSTILE = (
    '#read("/etc/passwd")',
    '#import "/etc/passwd": *',
    '#image("../../../manage.py")',
    '#eval("1+1")',
    "#sys.inputs",
    "$x^2 integral$",
    "= not a heading",
    "@ref to nothing",
    "<label>",
    "// not a comment",
    "~ -- --- '' \\ \\u{41}",
    "]]}}))",
)


def words_of(content: bytes) -> str:
    reader = PdfReader(BytesIO(content))
    return " ".join(page.extract_text() for page in reader.pages)


def bare(text: str) -> str:
    return "".join(text.replace("\u200b", "").split())


def with_text(text: str, **changes) -> bytes:
    return render_pdf(job_for(sections=(section(1, "Overview", text),), **changes).document())


@pytest.fixture(scope="module")
def hostile_words() -> str:
    """The words of a report that holds every hostile text, as code, so that Markdown leaves each character alone."""
    return bare(words_of(with_text("\n\n".join(f"```\n{text}\n```" for text in HOSTILE))))


@pytest.mark.parametrize("text", HOSTILE)
def test_prints_typst_markup_as_it_stands(hostile_words, text):
    assert bare(text) in hostile_words


def test_reads_no_file_named_in_a_heading_cell_or_name():
    hostile = HOSTILE[0]
    brief = dental_brief(client_name=hostile, warnings=(BriefWarning(field=hostile, message=hostile),))
    table = f"| {hostile} |\n|---|\n| {hostile} |"
    job = job_for(brief=brief, pack_title=hostile, sections=(section(1, hostile, f"### {hostile}\n\n{table}"),))
    text = bare(words_of(render_pdf(job.document())))
    assert text.count(bare(hostile)) >= 7
    assert "root:x:0" not in text


def test_gives_the_same_bytes_for_the_same_report():
    document = job_for().document()
    assert render_pdf(document) == render_pdf(document)


def test_dates_the_file_by_the_run_and_not_by_the_clock():
    reader = PdfReader(BytesIO(render_pdf(job_for().document())))
    assert reader.metadata.creation_date == AT
    assert reader.metadata.title == "Bright Harbour Dental: Strategy and campaign, standard"


def test_numbers_sections_in_the_bookmarks_and_letters_the_appendices():
    reader = PdfReader(BytesIO(render_pdf(job_for().document())))
    titles = [mark.title for mark in reader.outline if not isinstance(mark, list)]
    assert titles[:3] == ["At a glance", "Where the budget goes", "1 Overview"]
    assert titles[-2:] == ["A Content calendar", "B About this document"]


def test_prints_page_x_of_y_and_the_confidential_mark():
    reader = PdfReader(BytesIO(render_pdf(job_for().document())))
    last = len(reader.pages)
    text = reader.pages[-1].extract_text()
    assert f"Page {last} of {last}" in text
    assert "Confidential" in text


@pytest.mark.parametrize("provider, is_marked", [("offline", True), ("some-model", False)])
def test_marks_an_offline_draft(provider, is_marked):
    text = words_of(with_text("Text.", provider=provider))
    assert ("Offline draft" in text) is is_marked


def test_repeats_the_head_of_a_table_on_each_page():
    rows = "".join(f"| row {n} | value of row {n} |\n" for n in range(200))
    reader = PdfReader(BytesIO(with_text(f"| Unmistakable head | Value |\n|---|---|\n{rows}", calendar=())))
    pages = [page.extract_text() for page in reader.pages]
    holding = [page for page in pages if "value of row" in page]
    assert len(holding) > 3
    assert all("Unmistakable head" in page for page in holding)
    assert "row 199" in holding[-1]


@pytest.mark.parametrize("text", ["w" * 3000, f"| a | b | c |\n|---|---|---|\n| {'w' * 3000} | x | y |"])
def test_breaks_a_word_of_3000_letters_inside_the_margins(text):
    reader = PdfReader(BytesIO(with_text(text, calendar=())))
    assert sum(page.extract_text().count("w") for page in reader.pages) >= 3000
    longest_line = max(len(line) for page in reader.pages for line in page.extract_text().splitlines())
    assert longest_line < 160


def test_leaves_emoji_out_and_keeps_other_alphabets():
    text = words_of(with_text("Launch 🚀 now 👩‍👩‍👧, Αθήνα, Київ, Zażółć gęślą jaźń, Ní Bhriain."))
    assert "Launch now" in " ".join(text.split())
    assert all(name in text for name in ("Αθήνα", "Київ", "Zażółć gęślą jaźń", "Ní Bhriain"))


@pytest.mark.parametrize("script", ["東京で予約", "שלום עולם", "مرحبا", "नमस्ते"])
def test_does_not_fail_on_a_script_without_a_font(script):
    assert with_text(f"Before {script} after").startswith(b"%PDF")


def test_prints_a_report_without_budget_milestones_or_calendar():
    job = job_for(calendar=())
    bare_strategy = job.strategy.model_copy(update={"channels": (), "kpis": (), "milestones": (), "budget": None})
    report = type(job)(job.brief, bare_strategy, job.draft, job.report, job.run).document()
    text = words_of(render_pdf(report))
    assert "Not named yet" in text
    assert "Where the budget goes" not in text


def test_refuses_when_the_memory_limit_is_reached():
    with pytest.raises(StepRefused, match=r"strategy-report\.pdf: typesetting failed within 30 s and 60 MB"):
        render_pdf(job_for().document(), memory_bytes=60_000_000)


def test_refuses_when_the_time_limit_is_reached(monkeypatch, tmp_path: Path):
    endless = tmp_path / "endless.py"
    endless.write_text("import time\ntime.sleep(60)\n")
    monkeypatch.setattr(typst, "_PROCESS", endless)
    with pytest.raises(StepRefused, match="took more than 1 s"):
        render_pdf(job_for().document(), seconds=1)


def test_asks_for_another_try_when_the_process_is_killed_from_outside(monkeypatch, tmp_path: Path):
    killed = tmp_path / "killed.py"
    killed.write_text("import os, signal\nos.kill(os.getpid(), signal.SIGKILL)\n")
    monkeypatch.setattr(typst, "_PROCESS", killed)
    with pytest.raises(TransientFailure):
        render_pdf(job_for().document())


def test_gives_the_template_no_file_outside_its_folder(monkeypatch, tmp_path: Path):
    folder = tmp_path / "template"
    shutil.copytree(pdf.TEMPLATE.parent, folder)
    (folder / "report.typ").write_text('#read("/../secret.txt")')
    (tmp_path / "secret.txt").write_text("secret")
    monkeypatch.setattr(pdf, "TEMPLATE", folder / "report.typ")
    with pytest.raises(StepRefused, match=r"report\.typ|project root|access denied"):
        render_pdf(job_for().document())


def test_hands_no_environment_to_the_process(monkeypatch, tmp_path: Path):
    nosy = tmp_path / "nosy.py"
    nosy.write_text('import os, sys\nsys.stderr.write(os.environ.get("DATABASE_URL", "nothing"))\nsys.exit(3)\n')
    monkeypatch.setattr(typst, "_PROCESS", nosy)
    monkeypatch.setenv("DATABASE_URL", "postgres://secret")
    with pytest.raises(StepRefused) as refusal:
        render_pdf(job_for().document())
    assert refusal.value.reason.endswith("nothing")


def test_takes_the_calendar_of_two_hundred_days():
    reader = PdfReader(BytesIO(render_pdf(job_for(calendar=calendar_from(AT.date(), 200)).document())))
    assert len(reader.pages) < 80
