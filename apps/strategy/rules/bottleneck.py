"""What holds the client back, and the sentence of the brief that shows it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from apps.strategy.rules.reading import Reading
from apps.strategy.rules.wording import quote

_KEEPING = re.compile(
    r"\b(?:retention|churn|renewal|repeat|second order|loyal|returning|keep (?:our )?customers)", re.I
)
_STANDING_STILL = re.compile(r"\b(?:doing nothing|do nothing|status quo|spreadsheets?|excel|by hand|manual)", re.I)


@dataclass(frozen=True)
class Bottleneck:
    """The one thing to work on first. `evidence` is a whole sentence."""

    kind: Literal["Demand", "Awareness", "Trust", "Conversion", "Retention"]
    evidence: str


def find_bottleneck(reading: Reading) -> Bottleneck:
    """Return the first that the brief gives evidence for, nearest to the sale first.

    Enquiries that wait for an answer (Conversion), a goal about those who are customers already (Retention), no proof
    to show (Trust), buyers whose alternative is to do nothing (Demand); otherwise too few know of it (Awareness).
    """
    return next(_candidates(reading))


def _candidates(reading: Reading) -> Iterator[Bottleneck]:
    client, metric = reading.client, reading.blanks["metric"]
    if reading.facts.response:
        said = quote(reading.facts.response, 180)
        yield Bottleneck("Conversion", f"People who ask {client} wait for an answer, says the client: {said}.")
    if _KEEPING.search(reading.objective.text):
        yield Bottleneck("Retention", f"The objective of {client} is about people who have bought before.")
    if not reading.proof:
        yield Bottleneck("Trust", f"The brief of {client} holds no review, case or number a stranger could check.")
    standing_still = next(
        (text for text in (*reading.competitors, *reading.pains) if _STANDING_STILL.search(text)), None
    )
    if standing_still:
        said = quote(standing_still)
        yield Bottleneck("Demand", f"What {client} competes with is leaving things as they are; the brief says {said}.")
    if reading.objective.baseline is not None:
        yield Bottleneck(
            "Awareness", f"{client} turns those who come into {metric} today; too few come to reach the goal."
        )
    yield Bottleneck(
        "Awareness", f"The brief of {client} names no {metric} reached so far, so being known comes first."
    )
