"""Nouns of strategy."""

from datetime import date
from decimal import Decimal
from typing import Literal
from uuid import UUID

from apps.shared.dtos import Dto, Money

CONTRACT_VERSION = "1.0"


class BusinessReality(Dto):
    """Layer 1: how the client earns money and what holds it back."""

    business_model_summary: str
    revenue_streams: tuple[str, ...]
    unit_economics: str
    pricing_logic: str
    growth_constraint: str
    bottleneck: Literal["Demand", "Awareness", "Trust", "Conversion", "Retention"]


class MarketTruth(Dto):
    """Layer 2: where the market stands."""

    category_maturity: str
    white_space_logic: str
    what_not_to_do: tuple[str, ...]


class AudiencePsychology(Dto):
    """Layer 3: what goes on in the buyer's head."""

    awareness_state: str
    objection_hierarchy: tuple[str, ...]
    trust_transfer_mechanism: str


class ValueArchitecture(Dto):
    """Layer 4: what is promised, and what is given up for it."""

    core_promise: str
    sacrifice_framing: str
    differentiation_logic: Literal["Structural", "Cosmetic"]
    differentiation: str


class Narrative(Dto):
    """Layer 5: the story that is told again and again."""

    problem: str
    tension: str
    resolution: str
    enemy_definition: str
    repetition_logic: str


class ChannelStrategy(Dto):
    """Layer 6: where it is told; one line per channel of the plan."""

    channels: tuple[str, ...]


class Constraints(Dto):
    """Layer 7: what may not be said or done."""

    tone_boundaries: tuple[str, ...]
    forbidden_language: tuple[str, ...]
    claim_boundaries: tuple[str, ...]
    compliance_rules: tuple[str, ...]


class Measurement(Dto):
    """Layer 8: how we know that it works."""

    success_definition: str
    leading_indicators: tuple[str, ...]
    lagging_indicators: tuple[str, ...]
    decision_rules: tuple[str, ...]


class Layers(Dto):
    """The eight layers of a strategy."""

    business_reality: BusinessReality
    market_truth: MarketTruth
    audience_psychology: AudiencePsychology
    value_architecture: ValueArchitecture
    narrative: Narrative
    channel_strategy: ChannelStrategy
    constraints: Constraints
    measurement: Measurement


class Kpi(Dto):
    """A number to reach. `target` is None where the brief gives no number: then it is measured first, not invented."""

    name: str
    stage: Literal["AWARENESS", "ENGAGEMENT", "CONVERSION", "RETENTION"]
    target: Decimal | None
    baseline: Decimal | None = None
    unit: str
    days: int
    source: str  # where the number comes from: "brief: objective", "measure in weeks 1-2"


class ChannelPlan(Dto):
    """A channel, its share of the budget in percent, its role and what is done there."""

    channel: str
    budget_share_pct: Decimal
    budget: Money | None  # that share of the brief's budget, None without one
    role: str
    tactics: tuple[str, ...]
    posts_per_week: int


class Milestone(Dto):
    """Something that must be true by the end of a week (1 = the first)."""

    week: int
    date: date
    name: str


class StrategyPlan(Dto):
    """A strategy worked out but not stored yet."""

    preset: str
    executive_summary: str
    layers: Layers
    budget: Money | None
    kpis: tuple[Kpi, ...]
    channels: tuple[ChannelPlan, ...]
    milestones: tuple[Milestone, ...]
    start_date: date
    end_date: date


class Strategy(StrategyPlan):
    """One stored version of the strategy for a brief."""

    id: UUID
    brief_id: UUID
    client_id: UUID
    version: int
    state: Literal["DRAFT", "APPROVED", "REJECTED", "SUPERSEDED"]


class StrategyVersion(Dto):
    """A line in the list of a brief's strategies."""

    id: UUID
    version: int
    state: Literal["DRAFT", "APPROVED", "REJECTED", "SUPERSEDED"]
