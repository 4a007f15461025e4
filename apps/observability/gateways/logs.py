"""Log lines: JSON for machines, or one readable line, both with the facts of the work in hand and without secrets.

The code logs with the standard library; settings name these two as formatters. structlog is imported where JSON is
written, and nowhere else: it would cost every command a tenth of a second.
"""

import logging
from collections.abc import Sequence
from typing import Any

from apps.observability.rules import redactor
from apps.shared import telemetry


class ReadableFormatter(logging.Formatter):
    """One line for people: time, level, logger, words, then the facts."""

    def __init__(self, secrets: Sequence[str] = ()) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s %(message)s")
        self._redacted = redactor(secrets)

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802  (the standard library's name)
        words = [super().formatMessage(record), *(f"{name}={value}" for name, value in telemetry.facts().items())]
        return " ".join(words)

    def format(self, record: logging.LogRecord) -> str:
        return self._redacted(super().format(record))


def json_formatter(secrets: Sequence[str] = (), release: str = "") -> logging.Formatter:
    """Make the formatter of JSON lines: timestamp, level, logger, event, exception, and the facts, each a field."""
    import structlog

    logging.captureWarnings(True)  # they would go to stderr as they are, between the lines
    redacted = redactor(secrets)
    about_process = {"release": release} if release else {}

    def add_facts(logger: Any, method: str, event: dict[str, Any]) -> dict[str, Any]:
        return {**about_process, **telemetry.facts(), **telemetry.trace_ids(), **event}

    def redact(logger: Any, method: str, event: dict[str, Any]) -> dict[str, Any]:
        return redacted(event)

    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=[
            structlog.stdlib.add_logger_name,
            structlog.stdlib.add_log_level,
            structlog.stdlib.ExtraAdder(),
            structlog.processors.TimeStamper(fmt="iso", utc=True),
        ],
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            add_facts,
            structlog.processors.format_exc_info,
            redact,
            structlog.processors.JSONRenderer(default=str),
        ],
    )
