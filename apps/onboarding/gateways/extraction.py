"""Reads attached files: text out of documents, pictures written anew, both in a process with limits."""

import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from apps.onboarding.gateways.extraction_process import Outcome
from apps.onboarding.rules.attachments import (
    DOCX,
    JPEG,
    MOST_BYTES,
    MOST_PIXELS,
    MOST_TEXT_BYTES,
    PDF,
    PICTURES,
    PNG,
    TEXT,
    WEBP,
    AttachmentRefused,
    read_text,
    shorten_text,
)
from apps.shared.text import gettext_noop

CPU_SECONDS = 10
WALL_SECONDS = 20
"""Less than the 30 s after which a web server takes a request for dead."""
MEMORY_BYTES = 800_000_000
MOST_REWRITTEN_BYTES = 4 * MOST_BYTES

_PROCESS = Path(__file__).with_name("extraction_process.py")
_FORMATS = {PDF: "PDF", DOCX: "DOCX", PNG: "PNG", JPEG: "JPEG", WEBP: "WEBP"}
_ONLY_BEGINNING = "Only the beginning of the text was read."
_NOTES = {
    Outcome.WHOLE: "",
    Outcome.SHORTENED: _ONLY_BEGINNING,
    Outcome.ENCRYPTED: "The file is encrypted; its text cannot be read.",
    Outcome.FIRST_FRAME: "Only the first picture of the animation was kept.",
}
_FAILED = "The text could not be read; open the file itself."


@dataclass(frozen=True, slots=True)
class Reading:
    """What came out of a file: its text, what to know about it, and the bytes to keep."""

    text: str
    note: str
    content: bytes


@dataclass(frozen=True, slots=True)
class _Result:
    status: int | None  # None: stopped by the wall clock
    output: bytes


def read_file(name: str, media_type: str, content: bytes, *, cpu_seconds: int = CPU_SECONDS) -> Reading:
    """Return what is in a file of a recognised type.

    A document that cannot be read has a note that says so. Raises AttachmentRefused for a picture that cannot be
    decoded, because only a picture written anew is known to be nothing but a picture.
    """
    if media_type == TEXT:
        return _as_text(read_text(content) or "", "", content)
    result = _run(_FORMATS[media_type], content, cpu_seconds)
    if media_type in PICTURES:
        return _as_picture(name, result)
    return _as_text(result.output.decode(errors="ignore"), _note(result), content)


def _as_text(text: str, note: str, content: bytes) -> Reading:
    kept, is_shortened = shorten_text(text)
    return Reading(text=kept, note=note or (_ONLY_BEGINNING if is_shortened else ""), content=content)


def _as_picture(name: str, result: _Result) -> Reading:
    if result.status == Outcome.TOO_MANY_PIXELS:
        pixels = gettext_noop("%(name)s has more than %(most)s million pixels; send a smaller one.")
        raise AttachmentRefused(pixels, name=name, most=MOST_PIXELS // 1_000_000)
    if result.status not in (Outcome.WHOLE, Outcome.FIRST_FRAME) or not result.output:
        damaged = gettext_noop("%(name)s is damaged and cannot be shown; export the picture again.")
        raise AttachmentRefused(damaged, name=name)
    if len(result.output) > MOST_REWRITTEN_BYTES:
        raise AttachmentRefused(gettext_noop("%(name)s is too large once unpacked; send a smaller one."), name=name)
    return Reading(text="", note=_NOTES[Outcome(result.status)], content=result.output)


def _note(result: _Result) -> str:
    if result.status in _NOTES:
        return _NOTES[Outcome(result.status)]
    return _ONLY_BEGINNING if result.output.strip() else _FAILED


def _run(kind: str, content: bytes, cpu_seconds: int) -> _Result:
    job = {
        "format": kind,
        "most_bytes": MOST_TEXT_BYTES,
        "most_pixels": MOST_PIXELS,
        "memory_bytes": MEMORY_BYTES,
        "cpu_seconds": cpu_seconds,
    }
    try:
        done = subprocess.run(
            [sys.executable, "-I", str(_PROCESS), json.dumps(job)],
            input=content,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=WALL_SECONDS,
            check=False,
            env={},
            cwd="/",
        )
    except subprocess.TimeoutExpired as late:
        return _Result(status=None, output=late.stdout or b"")
    return _Result(status=done.returncode, output=done.stdout)
