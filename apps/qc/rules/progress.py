"""What became of the findings of one report in the next."""

from collections.abc import Iterable
from dataclasses import dataclass

from apps.qc.api.dtos import QcFinding


@dataclass(frozen=True)
class Progress:
    """Findings told apart by rule and section; a rule has one per section at most, however its words may change."""

    new: tuple[QcFinding, ...]
    still_open: tuple[QcFinding, ...]
    fixed: tuple[QcFinding, ...]


def progress(before: Iterable[QcFinding], now: Iterable[QcFinding]) -> Progress:
    """Return which findings are new, still open and fixed; those fixed are of the report before."""
    old = {(finding.rule_code, finding.section): finding for finding in before}
    current = {(finding.rule_code, finding.section): finding for finding in now}
    return Progress(
        new=tuple(finding for place, finding in current.items() if place not in old),
        still_open=tuple(finding for place, finding in current.items() if place in old),
        fixed=tuple(finding for place, finding in old.items() if place not in current),
    )
