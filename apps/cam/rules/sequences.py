"""Sequences: how many messages a route has and when they are due, and which words a lead's turn gets."""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

ROUTES = {
    "aggressive_close": (0, 2, 3),
    "regular_nurture": (0, 3, 4, 3),
    "long_term_nurture": (0, 5, 5, 5, 5, 5),
    "cold_outreach": (0, 7, 7, 7, 7, 7, 7, 7),
}
"""The days that each message of a route waits for the one before it."""

MOST_STEPS = 10
LONGEST_WAIT = 90
GIVES_UP_AFTER = timedelta(days=7)
"""Of silence after the last message."""


@dataclass(frozen=True)
class StepPlan:
    """One message as a person plans it: a template, its wait in days, and a second subject to try."""

    template_id: UUID
    wait_days: int
    subject_b: str = ""


class SequenceRefused(ValueError):
    """A sequence cannot be so. `problems` maps each wrong field (`steps.2.wait_days`) to what is wrong."""

    def __init__(self, problems: dict[str, str]) -> None:
        super().__init__("; ".join(f"{field} {problem}" for field, problem in problems.items()))
        self.problems = problems


class PlanRefused(ValueError):
    """A lead cannot get messages; the words say what is missing, and where to mend it."""


def check_steps(steps: list[StepPlan]) -> None:
    """Check the steps of a sequence. Raises SequenceRefused, naming every wrong field."""
    problems = {}
    if not 1 <= len(steps) <= MOST_STEPS:
        problems["steps"] = f"must be from 1 to {MOST_STEPS}"
    for position, step in enumerate(steps, start=1):
        if not 0 <= step.wait_days <= LONGEST_WAIT:
            problems[f"steps.{position}.wait_days"] = f"must be from 0 to {LONGEST_WAIT}"
        elif position > 1 and step.wait_days == 0:
            problems[f"steps.{position}.wait_days"] = "must be at least 1: two messages on one day are one too many"
    if problems:
        raise SequenceRefused(problems)


def variant_of(lead_id: UUID, *, has_b: bool) -> str:
    """Return which of two subjects a lead gets: half of the leads each, and a lead always the same.

    By the lowest bit of its key, which is random in a UUIDv7.
    """
    return "B" if has_b and lead_id.int & 1 else "A"
