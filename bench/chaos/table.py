"""Tables as text."""

from collections.abc import Sequence


def markdown(rows: Sequence[Sequence[str]]) -> str:
    """Return rows, the first of them the head, as a Markdown table; columns of numbers to the right."""
    columns = list(zip(*rows, strict=True))
    widths = [max(map(len, column)) for column in columns]
    numeric = [all(cell.replace(".", "").isdigit() for cell in column[1:]) for column in columns]

    def line(cells: Sequence[str]) -> str:
        aligned = (
            cell.rjust(width) if is_number else cell.ljust(width)
            for cell, width, is_number in zip(cells, widths, numeric, strict=True)
        )
        return "| " + " | ".join(aligned) + " |"

    marks = ("-" * (width + 1) + (":" if is_number else "-") for width, is_number in zip(widths, numeric, strict=True))
    return "\n".join([line(rows[0]), "|" + "|".join(marks) + "|", *(line(row) for row in rows[1:])])
