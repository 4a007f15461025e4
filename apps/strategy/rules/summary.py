"""The executive summary: 120 to 220 words that a busy person reads instead of the rest."""

from collections.abc import Sequence

from apps.shared.dtos import Money
from apps.strategy.api.dtos import ChannelPlan
from apps.strategy.rules.bottleneck import find_bottleneck
from apps.strategy.rules.kpis import cost_ceiling, plain
from apps.strategy.rules.reading import Reading
from apps.strategy.rules.wording import listed, quote

FEWEST_WORDS = 120
MOST_WORDS = 220

Paragraph = list[str]


def write_summary(reading: Reading, channels: Sequence[ChannelPlan]) -> str:
    """Write three paragraphs: what is wanted and what stands in the way; what is done; how it is judged.

    Sentences beyond the core are added, in order of weight, while the text stays within its length.
    """
    core = [_aim(reading), _doing(reading, channels), _judging(reading)]
    paragraphs = [[text for text in sentences if reading.wording.is_clean(text)] for sentences in core]
    while _count(paragraphs) > MOST_WORDS:  # a client who writes in very short words
        _drop_longest(paragraphs)
    for index, text in _extras(reading, channels):
        if reading.wording.is_clean(text) and _count(paragraphs) + len(text.split()) <= _room(paragraphs):
            paragraphs[index].append(text)
    return "\n\n".join(" ".join(sentences) for sentences in paragraphs if sentences)


def _drop_longest(paragraphs: Sequence[Paragraph]) -> None:
    longest = max((text for sentences in paragraphs for text in sentences), key=lambda text: len(text.split()))
    next(sentences for sentences in paragraphs if longest in sentences).remove(longest)


def _room(paragraphs: Sequence[Paragraph]) -> int:
    # A text that is long enough gets no padding, only what still fits comfortably.
    return MOST_WORDS if _count(paragraphs) < FEWEST_WORDS else MOST_WORDS - 30


def _count(paragraphs: Sequence[Paragraph]) -> int:
    return sum(len(text.split()) for sentences in paragraphs for text in sentences)


def _aim(reading: Reading) -> Paragraph:
    goal = quote(reading.objective.text, 150) if reading.goal else "the objective that stands in the brief"
    return [
        f"{reading.client} wants one thing from {_span(reading)}: {goal}.",
        f"The people to win are {reading.blanks['audience']}{reading.where}.",
        find_bottleneck(reading).evidence,
    ]


def _span(reading: Reading) -> str:
    return "one week of work" if reading.weeks == 1 else f"the next {reading.weeks} weeks"


def _doing(reading: Reading, channels: Sequence[ChannelPlan]) -> Paragraph:
    first = channels[0]
    shares = [f"{plan.channel} ({plain(plan.budget_share_pct):f} %)" for plan in channels[:3]]
    places = "one channel" if len(channels) == 1 else f"{len(channels)} channels"
    money = (
        f"The budget of {reading.budget} {reading.budget_period} goes to {places}, most of it to {listed(shares)}."
        if reading.budget
        else f"The brief names no budget, so the plan gives shares only, over {places}, above all {listed(shares)}."
    )
    return [f"First place goes to {first.channel}: {first.role[0].lower()}{first.role[1:]}", money]


def _judging(reading: Reading) -> Paragraph:
    blanks, ceiling = reading.blanks, cost_ceiling(reading)
    limit = Money(amount=ceiling.amount, currency=reading.budget.currency) if ceiling and reading.budget else None
    cost = (
        f"One {blanks['one']} may cost {limit} at most, which is the budget divided by the target."
        if limit
        else f"What {blanks['metric']} may cost {reading.client} is agreed once the first numbers are in."
    )
    return [cost, f"Tracking is live in week 1; the end review falls in week {reading.weeks}."]


def _extras(reading: Reading, channels: Sequence[ChannelPlan]) -> list[tuple[int, str]]:
    blanks, client = reading.blanks, reading.client
    proof = (
        f"What speaks for {client} and may be shown is {blanks['proof']}."
        if blanks["proof"]
        else f"Proof is missing in the brief, so collecting it is part of the work at {client}."
    )
    pain = (
        f"What keeps them back, in the words of the brief, is {blanks['pain']}; the answer to it opens every text."
        if blanks["pain"]
        else f"What keeps them back is not known yet; {client} will hear it from five buyers before texts are written."
    )
    last = channels[-1].channel
    return [
        (0, pain),
        (1, proof),
        (
            1,
            f"Everything leads to one offer, {blanks['offer']}; other offers appear where they do not distract "
            f"from it.",
        ),
        (
            2,
            f"Numbers the brief does not hold are measured first and only then given a target, so nobody at "
            f"{client} is held "
            "to an invented figure.",
        ),
        (
            2,
            f"Halfway, {client} and the agency look at each channel and move budget from what brings nothing to "
            f"what does.",
        ),
        (1, f"{last} gets the smallest share and has to earn a larger one."),
        (2, "Each later decision follows a rule that is written down now, before anybody has grown fond of a channel."),
        (0, f"The plan takes the brief of {client} at its word and says openly where it is silent."),
        (1, f"No more is begun than {client} can keep up every week, because a channel that falls silent costs trust."),
    ]
