"""Tables as text."""

from collections.abc import Sequence

from bench.chaos.trial import Outcome

HEAD = (
    "fault", "runs", "faults", "completed", "compensated", "stuck", "lost", "doubled", "left behind", "other",
    "recovery s", "trial s",
)  # fmt: skip


def outcome_row(outcome: Outcome) -> tuple[str, ...]:
    """Return the cells of one trial."""
    verdict = outcome.verdict
    states = [str(verdict.states[state]) for state in ("COMPLETED", "COMPENSATED", "STUCK")]
    kinds = [str(verdict.count(kind)) for kind in ("lost", "doubled", "left", "other")]
    name = f"{outcome.fault.name} {outcome.fault.title}"
    return (
        name,
        str(outcome.runs),
        str(outcome.hits),
        *states,
        *kinds,
        f"{outcome.recovery:.1f}",
        f"{outcome.seconds:.0f}",
    )


def markdown(rows: Sequence[Sequence[str]]) -> str:
    """Return rows, the first of them the head, as a Markdown table; all but the first column to the right."""
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]

    def line(cells: Sequence[str]) -> str:
        aligned = [
            cell.ljust(w) if n == 0 else cell.rjust(w) for n, (cell, w) in enumerate(zip(cells, widths, strict=True))
        ]
        return "| " + " | ".join(aligned) + " |"

    rule = "|" + "|".join("-" * (w + 2) if n == 0 else "-" * (w + 1) + ":" for n, w in enumerate(widths)) + "|"
    return "\n".join([line(rows[0]), rule, *(line(row) for row in rows[1:])])
