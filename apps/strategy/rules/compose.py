"""A brief becomes a strategy plan."""

from datetime import timedelta
from decimal import Decimal

from apps.onboarding.api.dtos import Brief
from apps.shared.dtos import Money
from apps.strategy.api import dtos


def compose_strategy(brief: Brief) -> dtos.StrategyPlan:
    """Work out the strategy for a brief: deterministic, and only from what the brief says."""
    weeks = brief.scope.timeline_weeks_max
    budget = brief.budget.amount if brief.budget else None
    channels = tuple(_channel(name, budget) for name in ("Organic search", "Email", "LinkedIn", "Search ads"))
    return dtos.StrategyPlan(
        preset="general",
        executive_summary=_summary(brief),
        layers=_layers(brief, channels),
        budget=budget,
        kpis=_kpis(brief),
        channels=channels,
        milestones=(
            dtos.Milestone(week=1, date=brief.start_date + timedelta(days=6), name="Tracking is live"),
            dtos.Milestone(week=weeks, date=brief.start_date + timedelta(days=weeks * 7 - 1), name="End review"),
        ),
        start_date=brief.start_date,
        end_date=brief.start_date + timedelta(days=weeks * 7 - 1),
    )


def _summary(brief: Brief) -> str:
    return (
        f"{brief.client_name} wants one thing from this work: {brief.objectives[0].text}. "
        f"The people to reach are {brief.audiences[0].name} in {brief.geography}. "
        f"The offer that leads is {brief.offers[0].text}."
    )


def _channel(name: str, budget: Money | None) -> dtos.ChannelPlan:
    share = budget and Money(amount=(budget.amount / 4).quantize(Decimal("0.01")), currency=budget.currency)
    return dtos.ChannelPlan(
        channel=name,
        budget_share_pct=Decimal(25),
        budget=share,
        role=f"{name} reaches the primary audience.",
        tactics=("Publish weekly.", "Answer questions.", "Review monthly."),
        posts_per_week=2,
    )


def _kpis(brief: Brief) -> tuple[dtos.Kpi, ...]:
    objective = brief.objectives[0]
    return (
        dtos.Kpi(
            name=objective.metric or "Objective",
            stage="CONVERSION",
            target=objective.target,
            baseline=objective.baseline,
            unit=objective.unit,
            days=30,
            source="brief: objective",
        ),
    )


def _layers(brief: Brief, channels: tuple[dtos.ChannelPlan, ...]) -> dtos.Layers:
    offer, audience = brief.offers[0], brief.audiences[0]
    pains = brief.pain_points or ("Pain points are not known yet; five customer calls will tell.",)
    return dtos.Layers(
        business_reality=dtos.BusinessReality(
            business_model_summary=f"{brief.client_name} sells {offer.text} in {brief.geography}.",
            revenue_streams=tuple(o.text for o in brief.offers),
            unit_economics=f"Price known: {offer.price}." if offer.price else "No price was given.",
            pricing_logic=offer.text,
            growth_constraint=pains[0],
            bottleneck="Conversion",
        ),
        market_truth=dtos.MarketTruth(
            category_maturity=f"Buyers also consider {', '.join(brief.competitors) or 'other ways'}.",
            white_space_logic=f"Few answer this worry: {pains[0]}.",
            what_not_to_do=brief.channels_excluded or ("No claim without proof.",),
        ),
        audience_psychology=dtos.AudiencePsychology(
            awareness_state=f"{audience.text} know the problem.",
            objection_hierarchy=brief.objections or pains,
            trust_transfer_mechanism=", ".join(brief.proof) or "Proof has to be collected first.",
        ),
        value_architecture=dtos.ValueArchitecture(
            core_promise=", ".join(brief.desired_outcomes) or offer.text,
            sacrifice_framing="Fewer channels, more depth.",
            differentiation_logic="Structural",
            differentiation=", ".join(brief.proof) or offer.text,
        ),
        narrative=dtos.Narrative(
            problem=pains[0],
            tension=pains[-1],
            resolution=offer.text,
            enemy_definition="Not knowing what to expect.",
            repetition_logic="One message a week, told in each channel.",
        ),
        channel_strategy=dtos.ChannelStrategy(channels=tuple(f"{c.channel}: {c.role}" for c in channels)),
        constraints=dtos.Constraints(
            tone_boundaries=brief.brand.tone or ("plain",),
            forbidden_language=("The words the brief bans.",),
            claim_boundaries=brief.forbidden_claims or ("No claim without proof.",),
            compliance_rules=brief.compliance_requirements or brief.disclaimers or ("None named.",),
        ),
        measurement=dtos.Measurement(
            success_definition=brief.objectives[0].text,
            leading_indicators=("Visits",),
            lagging_indicators=(brief.objectives[0].metric or "Objective",),
            decision_rules=("Stop what brings nothing after four weeks.",),
        ),
    )
