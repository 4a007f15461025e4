"""The report as a PDF."""

from dataclasses import asdict
from pathlib import Path
from typing import Any

from apps.delivery.rules.layout import column_weights
from apps.delivery.rules.markdown import Block, Spans, Table
from apps.delivery.rules.report import Report
from apps.shared.gateways.typst import MEMORY_BYTES, SECONDS, fit_for_print, typeset
from apps.shared.text import breakable

TEMPLATE = Path(__file__).resolve().parents[3] / "templates" / "documents" / "strategy_report" / "report.typ"

_TABLE_LINE_CHARACTERS = 100
"""Characters of table text that fit side by side between the margins."""


def render_pdf(report: Report, *, seconds: int = SECONDS, memory_bytes: int = MEMORY_BYTES) -> bytes:
    """Return the report as PDF bytes, the same for the same report.

    Raises StepRefused when it cannot be set within the limits, TransientFailure when the process was killed from
    outside and a second try may help.
    """
    return typeset(
        "strategy-report.pdf",
        TEMPLATE,
        {"report": _printable(report)},
        at=report.prepared_at,
        seconds=seconds,
        memory_bytes=memory_bytes,
    )


def _printable(report: Report) -> dict[str, Any]:
    data = asdict(report) | {"confidential": report.confidential}
    del data["prepared_at"]
    data["sections"] = [
        {"heading": section.heading, "blocks": [_block(block) for block in section.blocks]}
        for section in report.sections
    ]
    data["channel_table"] = _block(report.channel_table)
    data["calendar"] = _block(report.calendar) if report.calendar else None
    return fit_for_print(data)


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
