"""classify_email …"""

import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from apps.cam.tests.labelled import DATA

HARD = DATA / "bounces/hard-postfix.eml"
KEYS = ["file", "class", "bounce", "recipient", "return_date", "confidence", "because"]


def lines(*files: Path | str, errors: StringIO | None = None) -> list[dict[str, Any]]:
    out = StringIO()
    try:
        call_command("classify_email", *map(str, files), "--json", stdout=out, stderr=errors or StringIO())
    finally:
        said = [json.loads(line) for line in out.getvalue().splitlines()]
    return said


def test_prints_one_line_for_each_raw_message() -> None:
    (line,) = lines(HARD)
    assert list(line) == KEYS
    assert (line["file"], line["class"], line["bounce"]) == (str(HARD), "BOUNCE", "hard")
    assert (line["recipient"], line["return_date"]) == ("kate@clinic.example", None)
    assert 0 <= line["confidence"] <= 1
    assert line["because"]


def test_reads_directories_and_says_each_file(tmp_path: Path) -> None:
    (tmp_path / "deeper").mkdir()
    (tmp_path / "deeper/b.eml").write_bytes(HARD.read_bytes())
    (tmp_path / "a").write_bytes(
        b"From: kate@x.example\nDate: Tue, 10 Mar 2026 09:15:00 +0100\n\nI am out of office until 20 March."
    )
    (tmp_path / ".hidden").write_bytes(b"x")
    found = lines(tmp_path)
    assert [Path(line["file"]).name for line in found] == ["a", "b.eml"]
    assert (found[0]["class"], found[0]["return_date"]) == ("OUT_OF_OFFICE", "2026-03-20")


@pytest.mark.parametrize("name", ["box.mbox", "box"])
def test_reads_an_mbox_message_by_message(tmp_path: Path, name: str) -> None:
    one = b"From a@b Mon Mar  9 08:00:00 2026\nFrom: kate@x.example\n\nNot interested.\n\n"
    (tmp_path / name).write_bytes(one + one.replace(b"Not i", b"I'm i"))
    found = lines(tmp_path / name)
    assert [(line["file"][-2:], line["class"]) for line in found] == [("#1", "NEGATIVE"), ("#2", "POSITIVE")]


def test_names_a_file_that_cannot_be_read_and_prints_the_others(tmp_path: Path) -> None:
    out, errors = StringIO(), StringIO()
    with pytest.raises(CommandError, match="1 of the files") as refused:
        call_command("classify_email", str(tmp_path / "gone.eml"), str(HARD), "--json", stdout=out, stderr=errors)
    assert refused.value.returncode == 1
    assert "gone.eml: No such file" in errors.getvalue()
    assert json.loads(out.getvalue())["class"] == "BOUNCE"


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\x89PNG\r\n\x1a\n\0\0",
        b"no headers at all",
        b"Subject: no sender\n\nhello",
        b"From: <>\nSubject: =?x?q?broken\n\nhello",
        b"From: \xff\xfe\xfd\nSubject: \xe4\xf6\n\n\xff\xff",
        b"From: a@x.example\nContent-Type: text/plain; charset=klingon\n\nNot interested",
        b"From: a@x.example\nContent-Type: multipart/report; boundary=x\n\nnothing of it",
        b"From: a@x.example\nContent-Type: message/rfc822\n\n" * 3_000,
        b"From: a@x.example\n\n" + b"x" * 6_000_000,
        b"From: a@x.example\nDate: never\n\nOut of office until 99.99.",
    ],
)
def test_bears_with_whatever_a_file_holds(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "odd.eml").write_bytes(content)
    (line,) = lines(tmp_path / "odd.eml")
    assert line["class"] in ("NEUTRAL", "NEGATIVE", "OUT_OF_OFFICE", "BOUNCE")


def test_prints_words_for_people_without_json(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("classify_email", str(HARD))
    assert "hard-postfix.eml: BOUNCE (hard) 0.99 kate@clinic.example" in capsys.readouterr().out
