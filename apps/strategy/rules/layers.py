"""The eight layers: what the brief says, put in order; where it is silent, how the gap will be closed."""

from collections.abc import Sequence
from decimal import Decimal

from apps.shared.dtos import Money
from apps.strategy.api import dtos
from apps.strategy.rules.bottleneck import find_bottleneck
from apps.strategy.rules.kpis import cost_ceiling, plain
from apps.strategy.rules.presets import Preset, Templates
from apps.strategy.rules.reading import Reading, price_of
from apps.strategy.rules.wording import capitalised, fill, in_sentence, listed, quote, shorten, tidy

_MOST_LINES = 8


def plan_layers(reading: Reading, preset: Preset, channels: Sequence[dtos.ChannelPlan]) -> dtos.Layers:
    """Fill the eight layers from the brief and the preset."""
    return dtos.Layers(
        business_reality=_business_reality(reading, preset),
        market_truth=_market_truth(reading, preset),
        audience_psychology=_audience_psychology(reading, preset),
        value_architecture=_value_architecture(reading, preset),
        narrative=_narrative(reading, preset),
        channel_strategy=dtos.ChannelStrategy(channels=tuple(_channel_line(plan) for plan in channels)),
        constraints=_constraints(reading, preset),
        measurement=_measurement(reading, preset),
    )


def pick(templates: Templates, reading: Reading) -> str:
    """Return the first text the brief can fill and that may be said; the last one's text where none may."""
    filled = [text for text in (fill(template, reading.blanks) for template in templates) if text]
    return next((text for text in filled if reading.wording.is_clean(text)), filled[-1] if filled else "")


def _all(templates: Templates, reading: Reading) -> tuple[str, ...]:
    filled = (fill(template, reading.blanks) for template in templates)
    return tuple(text for text in filled if text)


def _business_reality(reading: Reading, preset: Preset) -> dtos.BusinessReality:
    bottleneck = find_bottleneck(reading)
    return dtos.BusinessReality(
        business_model_summary=pick((preset.model,), reading),
        revenue_streams=_revenue_streams(reading),
        unit_economics=f"{_unit_economics(reading)} {pick((preset.conversion_unknown,), reading)}",
        pricing_logic=_pricing(reading),
        growth_constraint=bottleneck.evidence,
        bottleneck=bottleneck.kind,
    )


def _revenue_streams(reading: Reading) -> tuple[str, ...]:
    streams = []
    for offer in reading.brief.offers[:_MOST_LINES]:
        price = price_of(offer)
        said = f"{price}" if price else "the brief names no price"
        streams.append(f"{capitalised(shorten(tidy(offer.name), 90))}: {said}")
    return tuple(streams) or (f"The brief lists no offer; {reading.client} will name what it sells and at what price.",)


def _unit_economics(reading: Reading) -> str:
    ceiling, offer = cost_ceiling(reading), reading.lead_offer
    if ceiling is None:
        missing = "budget" if reading.budget is None else "target counted over the same time as the budget"
        return f"What a result may cost {reading.client} cannot be worked out: the brief gives no {missing}."
    one = reading.blanks["one"]
    text = f"The budget allows {_amount(ceiling.amount, reading)} per {one} at most ({ceiling.source})."
    price = offer.price if offer else None
    if price is None or price.currency != _currency(reading) or price.amount <= 0 or ceiling.amount <= 0:
        return text
    times = int(price.amount / ceiling.amount)
    if times < 1:
        return f"{text} One payment of {price} is less: a customer of {reading.client} has to pay more than once."
    often = "once" if times == 1 else f"{times} times"
    return f"{text} One payment of {price}, before costs, covers that amount {often}."


def _amount(amount: Decimal, reading: Reading) -> str:
    return str(Money(amount=amount, currency=_currency(reading)))


def _currency(reading: Reading) -> str:
    return reading.budget.currency if reading.budget else reading.brief.currency


def _pricing(reading: Reading) -> str:
    priced = [(offer, price_of(offer)) for offer in reading.brief.offers[:4]]
    named = [f"{in_sentence(shorten(tidy(offer.name), 80))} at {price}" for offer, price in priced if price]
    unnamed = [in_sentence(shorten(tidy(offer.name), 80)) for offer, price in priced if not price]
    if not named:
        return (
            f"The brief names no price. {reading.client} decides before the first publication which prices may be "
            f"shown."
        )
    text = (
        f"{reading.client} sells {listed(named).replace(' at from ', ' from ')}; these figures are repeated as they "
        f"stand."
    )
    return f"{text} For {listed(unnamed)} the brief names no price, and none is hinted at." if unnamed else text


def _market_truth(reading: Reading, preset: Preset) -> dtos.MarketTruth:
    excluded = [quote(tidy(text), 80) for text in reading.brief.channels_excluded if tidy(text)]
    never = [f"Ruled out by {reading.client}: {text}." for text in excluded]
    lesson = reading.blanks["lesson"]
    learnt = [f"Not again what went wrong before: {lesson}."] if lesson else []
    return dtos.MarketTruth(
        category_maturity=pick(preset.maturity, reading),
        white_space_logic=pick(preset.white_space, reading),
        what_not_to_do=(*never[:4], *learnt, *_all(preset.never, reading)),
    )


def _audience_psychology(reading: Reading, preset: Preset) -> dtos.AudiencePsychology:
    return dtos.AudiencePsychology(
        awareness_state=pick(preset.awareness, reading),
        objection_hierarchy=_objections(reading, preset),
        trust_transfer_mechanism=pick(preset.trust, reading),
    )


def _objections(reading: Reading, preset: Preset) -> tuple[str, ...]:
    said = [f"{capitalised(text)} (objection named in the brief)" for text in reading.objections]
    felt = [f"{capitalised(text)} (pain point named in the brief)" for text in reading.pains]
    if said or felt:
        return tuple([*said, *felt][:6])
    return tuple(
        f"{text} (assumed for {reading.client}; to be confirmed in five conversations)" for text in preset.objections
    )


def _value_architecture(reading: Reading, preset: Preset) -> dtos.ValueArchitecture:
    logic, differentiation = _differentiation(reading)
    return dtos.ValueArchitecture(
        core_promise=pick(_PROMISES, reading),
        sacrifice_framing=pick((preset.sacrifice,), reading),
        differentiation_logic=logic,
        differentiation=differentiation,
    )


_PROMISES = (
    "For {audience}{where}: {offer} from {client}, so that they get {outcome}, and on the way there {outcome2}.",
    "For {audience}{where}: {offer} from {client}, so that they get {outcome}.",
    "For {audience}{where}: {offer} from {client}, as an answer to {pain}. The wish behind it is not in the "
    "brief and is asked "
    "first.",
    "For {audience}{where}: {offer} from {client}. The brief names no wished-for outcome; until buyers have "
    "said it in their "
    "words, nothing more is promised.",
)


def _differentiation(reading: Reading) -> tuple[str, str]:
    """Call a difference structural only where the brief holds something others cannot copy in a week."""
    blanks, client = reading.blanks, reading.client
    if blanks["proof"] and blanks["hours"]:
        return (
            "Structural",
            f"It is built into how {client} works: {blanks['hours']}. Behind it stands {blanks['proof']}.",
        )
    if blanks["proof2"]:
        return "Structural", f"{client} has what takes years to collect: {blanks['proof']} and {blanks['proof2']}."
    if blanks["proof"]:
        return "Structural", f"{client} can show what takes time to earn: {blanks['proof']}."
    if blanks["hours"]:
        return "Structural", f"It is built into how {client} works: {blanks['hours']}."
    return "Cosmetic", (
        f"Nothing in the brief sets {client} apart in a way others could not copy in a week. Until proof is "
        f"collected, the "
        f"difference is manner: how clearly {blanks['offer']} is explained."
    )


def _narrative(reading: Reading, preset: Preset) -> dtos.Narrative:
    return dtos.Narrative(
        problem=pick(_PROBLEMS, reading),
        tension=pick(preset.tension, reading),
        resolution=pick(_RESOLUTIONS, reading),
        enemy_definition=pick(preset.enemy, reading),
        repetition_logic=pick((preset.repetition,), reading),
    )


_PROBLEMS = (
    "For {audience}, it begins with {pain}. Then comes {pain2}, and the matter is put aside.",
    "For {audience}, it begins with {pain}, and the matter is put aside.",
    "What troubles {audience} is not in the brief of {client}; five conversations in the first two weeks will "
    "say it in their "
    "words.",
)
_RESOLUTIONS = (
    "{client} makes the first step small and its end visible: {offer}, with {proof} to go by.",
    "{client} makes the first step small: {offer}, explained in full before anybody has to decide.",
)


def _channel_line(plan: dtos.ChannelPlan) -> str:
    money = f", {plan.budget}" if plan.budget else ""
    return f"{plan.channel} ({plain(plan.budget_share_pct):f} %{money}): {plan.role}"


def _constraints(reading: Reading, preset: Preset) -> dtos.Constraints:
    return dtos.Constraints(
        tone_boundaries=_tone(reading, preset),
        forbidden_language=_forbidden_language(reading),
        claim_boundaries=_claims(reading),
        compliance_rules=_compliance(reading),
    )


def _tone(reading: Reading, preset: Preset) -> tuple[str, ...]:
    tones = [tidy(tone) for tone in reading.brief.brand.tone if tidy(tone)]
    if not tones:
        usual = listed(preset.tone)
        return (f"The brief names no tone; {usual} is proposed until {reading.client} has read the first two pieces.",)
    languages = [
        tidy(text) for text in (*reading.brief.brand.languages, *reading.brief.brand.extra_languages) if tidy(text)
    ]
    spoken = [f"Languages: {listed(languages[:5])}"] if languages else []
    return (*(capitalised(shorten(tone, 120)) for tone in tones[:5]), *spoken)


def _forbidden_language(reading: Reading) -> tuple[str, ...]:
    # Drafts quote these lines and are searched for the banned words: so the lines refer to the list.
    count = len([word for word in reading.brief.banned_words if tidy(word)])
    banned = (
        f"The {count} words and phrases on the banned list of {reading.client}, in any form"
        if count > 1
        else (
            f"The one expression on the banned list of {reading.client}, in any form"
            if count
            else f"{reading.client} bans no particular word in the brief; the first review asks for a list"
        )
    )
    competitors = [f"Names of competitors in anything {reading.client} publishes"] if reading.competitors else []
    return (banned, f"Comparatives and superlatives about {reading.client} without a source beside them", *competitors)


def _claims(reading: Reading) -> tuple[str, ...]:
    wanted = [tidy(text) for text in reading.brief.forbidden_claims if tidy(text)]
    shown = [capitalised(shorten(text, 160)) for text in wanted if reading.wording.is_clean(text)]
    hidden = len(wanted) - len(shown)
    rest = (
        [f"{hidden} more of the forbidden claims, which stand in the brief of {reading.client} word for word"]
        if hidden
        else []
    )
    if reading.proof:
        proof = (
            f"{reading.client} claims only what the brief proves: {listed([quote(text) for text in reading.proof[:4]])}"
        )
    else:
        proof = f"{reading.client} makes no claim of quantity or success, since the brief proves none yet"
    return (*shown[:_MOST_LINES], *rest, proof)


def _compliance(reading: Reading) -> tuple[str, ...]:
    rules = [shorten(tidy(text), 160) for text in reading.brief.compliance_requirements if tidy(text)]
    disclaimers = [
        f"Beside every offer stands: {quote(tidy(text), 200)}" for text in reading.brief.disclaimers if tidy(text)
    ]
    limits = [
        f"Limit set by {reading.client}: {quote(tidy(text), 160)}" for text in reading.brief.constraints if tidy(text)
    ]
    if rules or disclaimers or limits:
        return tuple([*rules, *disclaimers, *limits][:_MOST_LINES])
    return (
        f"The brief names no rule of the trade; {reading.client} confirms in week 1 which ones apply{reading.where}",
    )


def _measurement(reading: Reading, preset: Preset) -> dtos.Measurement:
    return dtos.Measurement(
        success_definition=_success(reading),
        leading_indicators=_all(preset.leading, reading),
        lagging_indicators=_all(preset.lagging, reading),
        decision_rules=_decision_rules(reading),
    )


def _success(reading: Reading) -> str:
    goal = reading.goal or f"the objective in the brief of {reading.client}"
    baseline = reading.objective.baseline
    today = f" The starting point is {plain(baseline):f}." if baseline is not None and baseline.is_finite() else ""
    unknown = "" if today else f" Where {reading.client} stands today is not in the brief and is measured first."
    return f"The plan has succeeded when this is reached: {goal}.{today}{unknown}"


def _decision_rules(reading: Reading) -> tuple[str, ...]:
    blanks, ceiling, capacity = reading.blanks, cost_ceiling(reading), reading.facts.capacity_per_week
    weeks = min(4, reading.weeks)
    span = "one week" if weeks == 1 else f"{weeks} weeks"
    rules = [
        f"A channel of {reading.client} without any {blanks['metric']} after {span} gives half its share to the "
        f"one that has most."
    ]
    if ceiling:
        limit = f"{_amount(ceiling.amount, reading)} per {blanks['one']}"
        rules.append(f"A channel that costs more than {limit} for two weeks running is paused.")
    if blanks["response"]:
        rules.append(f"No budget is raised for {blanks['offer']} while enquiries wait until the next day.")
    if capacity:
        rules.append(
            f"Above {plain(capacity):f} a week the people at {reading.client} are full; then spending is held, "
            f"not raised."
        )
    rules.append(
        f"A number still without a baseline at the first review is dropped or counted by hand at {reading.client}."
    )
    return tuple(rules)
