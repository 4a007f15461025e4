"""The plain files of a package: the calendar as CSV, the draft as Markdown, the manifest and how to check it."""

import csv
import hashlib
import json
from collections.abc import Mapping
from io import StringIO
from typing import Any

from apps.delivery.rules.report import Report
from apps.onboarding.api.dtos import Brief
from apps.production.api.dtos import Draft
from apps.qc.api.dtos import QcReport
from apps.shared.text import clean, one_line
from apps.strategy.api.dtos import Strategy

CALENDAR_COLUMNS = ("date", "platform", "format", "theme", "hook", "caption", "call_to_action")
MANIFEST_FORMAT = 1

_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def calendar_csv(draft: Draft) -> bytes:
    """Return the content calendar as CSV in UTF-8 with a byte-order mark, which spreadsheets need to read accents.

    A cell that a spreadsheet would take for a formula gets an apostrophe in front (OWASP, CSV injection).
    """
    target = StringIO(newline="")
    writer = csv.writer(target, lineterminator="\r\n")
    writer.writerow(CALENDAR_COLUMNS)
    for item in sorted(draft.calendar, key=lambda item: item.date):
        writer.writerow([_safe_cell(str(getattr(item, column))) for column in CALENDAR_COLUMNS])
    return target.getvalue().encode("utf-8-sig")


def draft_markdown(report: Report, draft: Draft) -> bytes:
    """Return the whole draft as one Markdown text."""
    parts = [f"# {report.title}", f"{report.client}, {report.period}. {report.edition}, prepared on {report.prepared}."]
    if report.is_offline_draft:
        parts.append("Offline draft.")
    ordered = sorted(draft.sections, key=lambda section: section.position)
    for number, section in enumerate(ordered, start=1):
        parts += [f"## {number}. {one_line(section.heading)}", clean(section.markdown).strip()]
    return ("\n\n".join(parts) + "\n").encode()


def compose_manifest(
    brief: Brief, strategy: Strategy, draft: Draft, quality: QcReport, report: Report, files: Mapping[str, bytes]
) -> dict[str, Any]:
    """Return what the package is and the size and SHA-256 of each file in it."""
    return {
        "manifest_format": MANIFEST_FORMAT,
        "client": {"id": str(brief.client_id), "name": report.client},
        "pack": {"key": draft.pack, "title": report.title},
        "period": {"start": strategy.start_date.isoformat(), "end": strategy.end_date.isoformat()},
        "prepared_at": report.prepared_at.isoformat(),
        "offline_draft": report.is_offline_draft,
        "brief_id": str(brief.id),
        "strategy": {"id": str(strategy.id), "version": strategy.version},
        "draft": {"id": str(draft.id), "round": draft.round, "sections": len(draft.sections)},
        "qc": {"report_id": str(quality.id), "verdict": quality.verdict, "score": quality.score},
        "files": [
            {"name": name, "bytes": len(content), "sha256": sha256_of(content)} for name, content in files.items()
        ],
    }


def manifest_bytes(manifest: Mapping[str, Any]) -> bytes:
    """Return the manifest as the JSON text that is delivered and hashed."""
    return (json.dumps(manifest, ensure_ascii=False, indent=2) + "\n").encode()


def verify_text(files: Mapping[str, bytes]) -> bytes:
    """Return how to check the files of the archive; its last lines are in the format of `sha256sum --check`."""
    lines = [
        "How to check that these files are as we made them",
        "",
        "Linux, macOS:  sha256sum --check --ignore-missing verify.txt",
        "Windows:       Get-FileHash -Algorithm SHA256 <file>   and compare with the line below",
        "",
        *(f"{sha256_of(content)}  {name}" for name, content in files.items()),
    ]
    return ("\n".join(lines) + "\n").encode()


def sha256_of(content: bytes) -> str:
    """Return the SHA-256 of the bytes, in hexadecimal."""
    return hashlib.sha256(content).hexdigest()


def _safe_cell(text: str) -> str:
    text = text.replace("\x00", "")
    return f"'{text}" if text.lstrip(" ").startswith(_FORMULA_STARTS) else text
