"""KPI and budget plan: where the money goes to the last cent, what of it is a trial, and when it stops."""

from decimal import ROUND_HALF_EVEN, Decimal

from apps.production.api.dtos import Benchmark
from apps.production.rules.facts import ChannelFact, Facts, KpiFact
from apps.production.rules.reading import Trade, amount, capacity, day, fill, filled, is_paid, like, middle, note, trade
from apps.production.rules.sections import section
from apps.production.rules.writing import Block, bullet, fit, heading, paragraph, prose_list, quoted, table

_TEST: dict[Trade, tuple[int, str]] = {
    "local": (15, "People in {place} are few, so trials stay small and the proven part large"),
    "business": (20, "Sales cycles are slow; a trial needs enough money to run until firms have decided"),
    "shop": (25, "Pictures and products tire quickly, so {client} keeps a good part free for new ones"),
    "coaching": (20, "The right subject has to be found before {client} is shown to many"),
    "general": (20, "Little is known about what works for {client}, which is worth a fifth of the means"),
}  # fmt: skip
_GUARD: dict[Trade, tuple[str, ...]] = {
    "local": (
        "A channel without a single one of the {metric} in four weeks loses its paid part to the next in the table",
        "When requests at {client} wait longer for a reply than before, spending halts until the desk has caught up",
        "No more than one change a week in each channel, else nobody knows what worked",
    ),
    "business": (
        "Cost is counted per contact that sales accepts, not per form sent",
        "A channel keeps its money for one full decision period before it is judged, unless contacts are plainly wrong",
        "Spending on {offer} never runs ahead of the calendar of those who hold the conversations",
    ),
    "shop": (
        "An ad is stopped when returns eat what orders brought, even if its click price is low",
        "Nothing is promoted whose stock would not last the week",
        "Cost for each first order and for each repeat order of {client} are shown separately",
    ),
    "coaching": (
        "Sign-ups that never open a mail do not count when {client} decides on money",
        "Ads pause when places are taken, and say so",
        "The cost of one serious conversation is the figure to watch",
    ),
    "general": (
        "Two weeks without {metric} call for a new message, four for a new channel",
        "Money moves at fixed dates only, and each move is written down with its reason",
        "Costs of {client} are shown in total and for each result",
    ),
}


@section("kpi_and_budget_plan")
def kpi_and_budget_plan(facts: Facts, benchmark: Benchmark) -> str:
    """Print the budget split with an exact total, the trial part in money, and what stops spending."""
    kind = trade(facts)
    return fit(
        [
            Block(heading("KPIs")),
            *(Block(bullet(_kpi(kpi, facts)), 0 if index < 2 else index) for index, kpi in enumerate(facts.kpis[:5])),
            Block(heading("Budget Split by Channel")),
            Block(table(("Channel", "Share", "Amount"), _split(facts))),
            Block(paragraph(_reading(facts))),
            Block(heading("Testing vs Always-On")),
            Block(paragraph(fill(_TEST[kind][1], facts))),
            *_trial(facts, _TEST[kind][0]),
            Block(heading("Guardrails")),
            *(Block(bullet(text)) for text in filled(_GUARD[kind], facts)),
            *_stops(facts),
        ],
        benchmark,
        facts,
    )


def _kpi(kpi: KpiFact, facts: Facts) -> str:
    if kpi.target:
        start = f", from {kpi.baseline} today" if kpi.baseline else ""
        return (
            f"**{kpi.name}:** {kpi.target}{start} ({kpi.source})"
            if kpi.source
            else f"**{kpi.name}:** {kpi.target}{start}"
        )
    wait = facts.pick(
        (
            f"no figure in the brief; counted for {kpi.days} days, then agreed with {facts.client}",
            f"counted first, for {kpi.days} days; a target follows, since the brief has none",
            f"the brief is silent here, so {kpi.days} days of counting come before any target",
        ),
        f"kpi {kpi.name}",
    )
    return f"**{kpi.name}:** {wait}"


def _amounts(facts: Facts) -> list[Decimal] | None:
    """Return the amount of each channel, made to add up to the brief's budget; None without a budget.

    A difference (rounding of the shares) goes to the largest amount, so that the table is right to the cent.
    """
    whole, parts = amount(facts.budget), [amount(channel.budget) for channel in facts.channels]
    if whole is None or any(part is None for part in parts):
        return None
    found = [part for part in parts if part is not None]
    largest = found.index(max(found))
    found[largest] += whole - sum(found)
    return found


def _split(facts: Facts) -> list[tuple[str, str, str]]:
    amounts = _amounts(facts)
    if amounts is None:
        return [(channel.name, channel.share, "open until a budget is named") for channel in facts.channels]
    rows = [
        (channel.name, channel.share, like(part, channel.budget))
        for channel, part in zip(facts.channels, amounts, strict=True)
    ]
    return [*rows, ("Total", "100%", like(sum(amounts, Decimal(0)), facts.channel.budget))]


def _reading(facts: Facts) -> str:
    if not facts.budget:
        return (
            f"{facts.client} has named no budget. The shares hold for any sum; the smallest sensible one is "
            "settled before ads are booked"
        )
    paid = f"Of it {facts.paid_share} is meant for paid media: {_paid_sum(facts)}" if facts.paid_share else ""
    period = "each month" if "per month" in facts.budget else "over the whole period"
    return paragraph(
        f"The table divides {like(amount(facts.budget) or Decimal(0), facts.channel.budget)} {period}", paid
    )


def _paid_sum(facts: Facts) -> str:
    whole, share = amount(facts.budget), amount(facts.paid_share)
    if whole is None or share is None:
        return "the sum follows from the budget"
    paid = (whole * share / 100).quantize(Decimal("0.01"), ROUND_HALF_EVEN)
    return f"{like(whole, facts.channel.budget)} × {facts.paid_share} = {like(paid, facts.channel.budget)}"


def _trial(facts: Facts, share: int) -> list[Block]:
    amounts = _amounts(facts)
    what = prose_list([channel.name for channel in _tested(facts)])
    if amounts is None:
        rule = f"Rule until a sum exists: {share}% for trials, {100 - share}% for what has proved itself"
        return [Block(bullet(rule)), Block(bullet(f"Trials begin in {what}, one question at a time"))]
    whole = sum(amounts, Decimal(0))
    trial = (whole * share / 100).quantize(Decimal("0.01"), ROUND_HALF_EVEN)
    printed = [like(value, facts.channel.budget) for value in (whole, trial, whole - trial)]
    return [
        Block(
            bullet(f"**Testing:** {printed[0]} × {share}% = {printed[1]}, spent in {what} on one question at a time")
        ),
        Block(
            bullet(
                f"**Always-on:** {printed[0]} − {printed[1]} = {printed[2]} for what already brings "
                f"{facts.metric or 'results'}"
            )
        ),
        Block(paragraph(f"The {share}% are a planning rule of ours, open to change by {facts.client}"), 1),
    ]


def _tested(facts: Facts) -> list[ChannelFact]:
    return [channel for channel in facts.channels if is_paid(channel)][:2] or list(facts.channels[:2])


def _stops(facts: Facts) -> list[Block]:
    blocks = [
        Block(
            bullet(
                f"{day(middle(facts))} is the date for moving money between channels; before it only mistakes are "
                "corrected"
            ),
            1,
        )
    ]
    if capacity(facts):
        blocks.append(Block(bullet(f"Upper limit on requests: {capacity(facts)}; above it, ads are reduced"), 1))
    elif note(facts, "response"):
        blocks.append(
            Block(bullet(f"Reply time is watched next to cost, because of {quoted(note(facts, 'response'))}"), 1)
        )
    if facts.tracking:
        blocks.append(
            Block(
                bullet(
                    f"State of measurement in the brief: {facts.tracking}. What is missing is set up before paid media"
                ),
                1,
            )
        )
    else:
        blocks.append(
            Block(
                bullet(
                    f"How {facts.client} measures today is unknown; no paid media before a test request has been "
                    "counted"
                ),
                1,
            )
        )
    return blocks
