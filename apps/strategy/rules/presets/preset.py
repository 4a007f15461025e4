"""What a preset holds. Texts are templates: one whose blanks the brief cannot fill is passed over for the next."""

from dataclasses import dataclass
from typing import Literal

Templates = tuple[str, ...]
"""Candidates, the most specific first."""


@dataclass(frozen=True)
class Channel:
    """A place to publish or advertise in. `weight` sets its share against the others; `names` what clients call it."""

    name: str
    kind: Literal["PAID", "ORGANIC", "OWNED"]
    names: tuple[str, ...]
    weight: int
    posts_per_week: int
    role: str
    tactics: tuple[str | Templates, ...]  # a tuple inside holds alternatives: the first that can be filled is taken


@dataclass(frozen=True)
class KpiIdea:
    """A funnel number worth having. It has no target: how to find one stands in `how`."""

    name: str
    stage: Literal["AWARENESS", "ENGAGEMENT", "CONVERSION", "RETENTION"]
    unit: str
    how: str


@dataclass(frozen=True)
class Preset:
    """What is usual in one kind of business; the brief fills it and goes before it."""

    key: str
    words: tuple[str, ...]  # in the industry or the offers, they speak for this preset
    model: str
    conversion_unknown: str
    maturity: Templates
    white_space: Templates
    never: tuple[str, ...]
    awareness: Templates
    objections: tuple[str, ...]  # usual ones, marked as assumed where the brief names none
    trust: Templates
    sacrifice: str
    tension: Templates
    enemy: Templates
    repetition: str
    tone: tuple[str, ...]
    leading: Templates
    lagging: Templates
    kpis: tuple[KpiIdea, ...]
    channels: tuple[Channel, ...]
