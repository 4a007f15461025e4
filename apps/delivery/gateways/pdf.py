"""The report as a PDF, set by typst in a process of its own with limits of time and memory."""

import json
import subprocess
import sys
from dataclasses import asdict
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from apps.delivery.rules.layout import column_weights
from apps.delivery.rules.markdown import Block, Spans, Table
from apps.delivery.rules.report import Report
from apps.delivery.rules.text import breakable, without_pictographs
from apps.shared.workflow import StepRefused, TransientFailure

TEMPLATE = Path(__file__).resolve().parents[3] / "templates" / "documents" / "strategy_report" / "report.typ"
SECONDS = 30
MEMORY_BYTES = 1_500_000_000

_PROCESS = Path(__file__).with_name("typst_process.py")
_TABLE_LINE_CHARACTERS = 100
"""Characters of table text that fit side by side between the margins."""


def render_pdf(report: Report, *, seconds: int = SECONDS, memory_bytes: int = MEMORY_BYTES) -> bytes:
    """Return the report as PDF bytes, the same for the same report.

    Raises StepRefused when it cannot be set within the limits, TransientFailure when the process was killed from
    outside and a second try may help.
    """
    job = {
        "template": str(TEMPLATE),
        "root": str(TEMPLATE.parent),
        "font_folders": [_font_folder()],
        "report": _printable(report),
        "timestamp": int(report.prepared_at.timestamp()),
        "memory_bytes": memory_bytes,
        "cpu_seconds": seconds,
    }
    done = _run(json.dumps(job, ensure_ascii=False).encode(), seconds)
    if done.returncode == 0 and done.stdout.startswith(b"%PDF"):
        return done.stdout
    complaint = done.stderr.decode(errors="replace").strip()[-500:]
    if done.returncode == -9 and not complaint:
        raise TransientFailure("strategy-report.pdf: the typesetting process was killed; it will be tried again.")
    raise StepRefused(
        f"strategy-report.pdf: typesetting failed within {seconds} s and {memory_bytes // 1_000_000} MB "
        f"(status {done.returncode}). Shorten the draft or repair the template. {complaint}"
    )


def _run(job: bytes, seconds: int) -> subprocess.CompletedProcess[bytes]:
    try:
        return subprocess.run(
            [sys.executable, "-I", str(_PROCESS)],
            input=job,
            capture_output=True,
            timeout=seconds,
            check=False,
            env={"RAYON_NUM_THREADS": "1"},
            cwd="/",
        )
    except subprocess.TimeoutExpired as late:
        raise StepRefused(
            f"strategy-report.pdf: typesetting took more than {seconds} s; shorten the draft's tables."
        ) from late


def _font_folder() -> str:
    package = find_spec("font_source_sans_pro")
    if package is None or not package.submodule_search_locations:
        raise RuntimeError("The package font-source-sans-pro is missing; run pip install -r requirements.txt.")
    return str(Path(package.submodule_search_locations[0]) / "files")


def _printable(report: Report) -> dict[str, Any]:
    data = asdict(report) | {"confidential": report.confidential}
    del data["prepared_at"]
    data["sections"] = [
        {"heading": section.heading, "blocks": [_block(block) for block in section.blocks]}
        for section in report.sections
    ]
    data["channel_table"] = _block(report.channel_table)
    data["calendar"] = _block(report.calendar) if report.calendar else None
    return _print_safe(data)


def _block(block: Block) -> dict[str, Any]:
    if not isinstance(block, Table):
        return asdict(block)
    weights = column_weights(block)
    fitting = [max(4, int(_TABLE_LINE_CHARACTERS * weight / sum(weights)) - 2) for weight in weights]
    return {
        "kind": block.kind,
        "weights": weights,
        "head": [_cell(cell, longest) for cell, longest in zip(block.head, fitting, strict=True)],
        "rows": [[_cell(cell, longest) for cell, longest in zip(row, fitting, strict=True)] for row in block.rows],
    }


def _cell(spans: Spans, longest: int) -> list[dict[str, Any]]:
    return [asdict(span) | {"text": breakable(span.text, longest)} for span in spans]


def _print_safe(value: Any) -> Any:
    """Return the data with every text made fit for the page, addresses untouched."""
    match value:
        case str():
            return breakable(without_pictographs(value))
        case dict():
            return {key: part if key == "url" else _print_safe(part) for key, part in value.items()}
        case list() | tuple():
            return [_print_safe(part) for part in value]
        case _:
            return value
