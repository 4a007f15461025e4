"""The figures to reach, beside what was measured."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Figure:
    """One measured figure and its goal; `at_least` where more is better."""

    what: str
    measured: float
    goal: float
    unit: str = ""
    at_least: bool = False

    @property
    def ratio(self) -> float:
        """The measured figure in parts of its goal."""
        return self.measured / self.goal if self.goal else float(self.measured > 0)

    @property
    def is_reached(self) -> bool:
        return self.measured >= self.goal if self.at_least else self.measured <= self.goal


def table(figures: Iterable[Figure]) -> str:
    """Return the figures as lines: what, measured, goal, measured ÷ goal, and whether it is reached."""
    lines = [f"{'figure':<58}{'measured':>10}{'goal':>10}{'ratio':>7}"]
    for figure in figures:
        goal = f"{'≥' if figure.at_least else '≤'} {figure.goal:g}"
        verdict = "reached" if figure.is_reached else "MISSED"
        what = f"{figure.what}, {figure.unit}" if figure.unit else figure.what
        lines.append(f"{what:<58}{figure.measured:>10.2f}{goal:>10}{figure.ratio:>7.2f}  {verdict}")
    return "\n".join(lines)
