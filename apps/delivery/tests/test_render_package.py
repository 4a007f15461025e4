import csv
import hashlib
import json
import subprocess
from io import BytesIO, StringIO
from pathlib import Path
from zipfile import ZipFile

import pytest
import time_machine
from django.core.files.storage import FileSystemStorage

from apps.delivery.gateways import files, word
from apps.delivery.rules.exports import calendar_csv
from apps.delivery.services.rendering import render_package
from apps.delivery.tests.factories import AT, Job, job_for, passed_report, run_for, section
from apps.onboarding.tests.factories import dental_brief, saas_brief
from apps.production.tests.factories import draft_for
from apps.shared.workflow import StepRefused, TransientFailure

NAMES = [
    "strategy-report.pdf",
    "strategy-report.docx",
    "strategy-deck.pptx",
    "content-calendar.csv",
    "draft.md",
    "manifest.json",
    "package.zip",
]


def staged(rendered, name: str) -> bytes:
    return files.read(f"{rendered.staged_prefix}/{name}")


def test_stages_seven_files_under_the_run(job, rendered):
    assert [file.name for file in rendered.files] == NAMES
    assert rendered.staged_prefix.startswith(f"tmp/{job.run.id}/")
    for file in rendered.files:
        content = staged(rendered, file.name)
        assert (len(content), hashlib.sha256(content).hexdigest()) == (file.bytes, file.sha256)


def test_gives_the_same_bytes_for_the_same_input_whatever_the_clock_says(job, rendered):
    with time_machine.travel("2031-07-01", tick=False):
        again = render_package(**job.inputs, run=run_for(job.brief.client_id, at=AT))
    assert again.files == rendered.files
    assert again.staged_prefix != rendered.staged_prefix


def test_lists_every_file_in_the_manifest_with_size_and_hash(job, rendered):
    content = staged(rendered, "manifest.json")
    manifest = json.loads(content)
    assert hashlib.sha256(content).hexdigest() == rendered.manifest_sha256
    assert manifest == rendered.manifest
    listed = {file["name"]: (file["bytes"], file["sha256"]) for file in manifest["files"]}
    assert listed == {file.name: (file.bytes, file.sha256) for file in rendered.files[:5]}
    assert manifest["qc"] == {"report_id": str(job.report.id), "verdict": "PASS", "score": 97}


def test_packs_an_archive_that_checks_itself(rendered, tmp_path: Path):
    with ZipFile(BytesIO(staged(rendered, "package.zip"))) as archive:
        assert archive.namelist() == [*NAMES[:-1], "verify.txt"]
        archive.extractall(tmp_path)
    lines = [line for line in (tmp_path / "verify.txt").read_text().splitlines() if line[64:66] == "  "]
    (tmp_path / "sums").write_text("\n".join(lines) + "\n")
    assert len(lines) == 6
    assert subprocess.run(["sha256sum", "--check", "--strict", "sums"], cwd=tmp_path, check=False).returncode == 0


@pytest.mark.parametrize("start", ["=1+1", "+44 20", "-1", "@cmd", "\tx", "\rx", "\nx", "  =1", "＝1"])
def test_disarms_formulas_in_the_calendar(start):
    draft = job_for().draft
    item = draft.calendar[0].model_copy(update={"hook": start, "caption": 'say "hi", then\nleave'})
    text = calendar_csv(draft.model_copy(update={"calendar": (item,)})).decode("utf-8-sig")
    (row,) = csv.DictReader(StringIO(text, newline=""))
    assert row["hook"] == f"'{start}"
    assert row["caption"] == 'say "hi", then\nleave'


def test_has_no_calendar_file_without_a_calendar():
    job = job_for(calendar=())
    assert "content-calendar.csv" not in [file.name for file in render_package(**job.inputs, run=job.run).files]


def test_writes_the_whole_draft_as_markdown(job, rendered):
    text = staged(rendered, "draft.md").decode()
    assert text.startswith("# Strategy and campaign, standard\n\nBright Harbour Dental, 9 March – 28 June 2026.")
    assert all(section.markdown.strip() in text for section in job.draft.sections)


def test_names_no_file_after_the_client():
    job = job_for(brief=dental_brief(client_name="../../evil\x00 <script>"), pack_title="../pack")
    rendered = render_package(**job.inputs, run=job.run)
    assert [file.name for file in rendered.files] == NAMES


def refused(job: Job) -> str:
    with pytest.raises(StepRefused) as refusal:
        render_package(**job.inputs, run=job.run)
    assert list(files.list_files("tmp")) == []
    return refusal.value.reason


def test_refuses_a_draft_that_failed_quality_control():
    job = job_for()
    failed = Job(job.brief, job.strategy, job.draft, passed_report(job.draft, verdict="FAIL", score=20), job.run)
    assert "its verdict is FAIL with 20 points" in refused(failed)


def test_refuses_leftovers_and_names_file_and_words():
    reason = refused(job_for(sections=tuple(section(n, f"Part {n}", "word " * 200 + "[Insert offer]") for n in (1, 2))))
    assert "strategy-report.docx: leftover: '[Insert offer]'" in reason
    assert "draft.md: leftover" in reason


def test_refuses_a_report_of_too_few_words():
    assert "strategy-report.docx: words:" in refused(job_for(sections=(section(1, "Overview", "Short."),), calendar=()))


def test_refuses_a_draft_too_long_to_render():
    assert "900001 characters" in refused(job_for(sections=(section(1, "Overview", "x" * 900_001),)))


def test_leaves_no_partial_files_when_the_disk_is_full(job, monkeypatch):
    save = FileSystemStorage.save

    def full_after_two(storage, name, content):
        if name.endswith(".pptx"):
            raise OSError(28, "No space left on device")
        return save(storage, name, content)

    monkeypatch.setattr(FileSystemStorage, "save", full_after_two)
    with pytest.raises(TransientFailure, match="No space left"):
        render_package(**job.inputs, run=job.run)
    assert list(files.list_files("tmp")) == []


def test_refuses_a_file_that_cannot_be_opened_again(job, monkeypatch):
    monkeypatch.setattr(word, "render_docx", lambda document: b"not a zip")
    assert "strategy-report.docx: opens:" in refused(job)


@pytest.mark.parametrize("brief", [dental_brief(), saas_brief()])
@pytest.mark.parametrize("pack", ["quick_social_basic", "strategy_campaign_standard"])
def test_packs_what_the_composer_writes(brief, pack):
    job = job_for(brief=brief)
    draft = draft_for(job.brief, job.strategy, pack)
    rendered = render_package(
        brief=job.brief, strategy=job.strategy, draft=draft, report=passed_report(draft), run=job.run
    )
    assert [file.name for file in rendered.files] == NAMES
