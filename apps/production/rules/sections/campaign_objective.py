"""Campaign objective: the one number, what supports it, and by when."""

from datetime import timedelta

from apps.production.api.dtos import Benchmark
from apps.production.rules.facts import Facts
from apps.production.rules.reading import Trade, capacity, day, fill, gap, middle, note, trade, weekly_pace, weeks
from apps.production.rules.sections import section
from apps.production.rules.writing import Block, bullet, fit, heading, paragraph, prose_list, quoted

_MEASURE: dict[Trade, str] = {
    "local": "The diary of {client} is the scoreboard: a view in {place} matters once somebody goes on to {request}",
    "business": "Reach is a means: a contact counts for {client} when the right firm decides to {request}, not before",
    "shop": "The till decides: a visit to {client} that ends without a basket is a cost, whatever the view "
    "counter says",
    "coaching": "Followers are no aim here; {client} judges the work by people who {request} and know what they "
    "will get",
    "general": "Attention alone does not serve {client}; counting starts when somebody takes up the invitation to "
    "{request}",
}
_BOTTLENECK = {
    "Demand": "The strategy places the narrow point at demand: more people have to want {offer} in the first place",
    "Awareness": "The strategy places the narrow point at awareness: too few of {primary} know of {client}",
    "Trust": "The strategy places the narrow point at trust: interest in {offer} fades where evidence is hard to find",
    "Conversion": "The strategy places the narrow point at conversion: interest in {offer} gets stuck before "
    "people {request}",
    "Retention": "The strategy places the narrow point after the first contact: those who know {offer} return too "
    "seldom",
}
_SUPPORT: dict[Trade, tuple[str, ...]] = {
    "local": (
        "Make {client} easy to find and easy to check for people in {place} who compare before they choose",
        "Bring former visitors back into contact, as far as they have agreed to be written to",
        "Send requests into hours that are still open, so that the diary fills evenly",
    ),
    "business": (
        "Give {primary} material they can pass on to colleagues who have to agree",
        "Sort requests before they reach a calendar, so that conversations go to firms that fit {offer}",
        "Keep contacts whose project starts later warm with dated, useful mail",
    ),
    "shop": (
        "Bring first-time buyers of {client} to a second order through service and useful follow-up",
        "Answer product questions on the page itself, so that fewer baskets are left behind",
        "Learn which product opens the door for {primary} and give it the first place",
    ),
    "coaching": (
        "Build a list of people who asked to hear from {client} and are written to with care",
        "Show the way of working before the offer, so that a first conversation starts at the right point",
        "Let people who do not fit notice it early and leave without regret",
    ),
    "general": (
        "Make the first contact with {client} simple for {primary}",
        "Collect the questions people ask and answer them in public",
        "Find the one message that brings people to {request} at a bearable cost",
    ),
}

_NO_AIM: dict[Trade, str] = {
    "local": "Not an objective: followers for their own sake, visits from outside {place}, and requests for "
    "services {client} does not list",
    "business": "Not an objective: a larger contact file, praise from marketing colleagues, and conversations "
    "with firms that cannot use {offer}",
    "shop": "Not an objective: a first order bought at any cost, and attention for goods that {client} does not "
    "keep in stock",
    "coaching": "Not an objective: applause, reach among other coaches, and places filled with participants who "
    "needed something else",
    "general": "Not an objective: visibility as such, comparison with larger names, and replies that {client} has "
    "no time to read",
}


@section("campaign_objective")
def campaign_objective(facts: Facts, benchmark: Benchmark) -> str:
    """State the objective with its arithmetic, the objectives that serve it, and the dates of the decisions."""
    kind = trade(facts)
    return fit(
        [
            Block(heading("Primary Objective")),
            Block(paragraph(f"One result decides: {facts.goal}", _starting_point(facts), fill(_MEASURE[kind], facts))),
            Block(paragraph(_pace(facts), _ceiling(facts)), 1),
            Block(paragraph(fill(_BOTTLENECK[facts.layers.business_reality.bottleneck], facts)), 3),
            Block(paragraph(fill(_NO_AIM[kind], facts)), 5),
            Block(heading("Secondary Objectives")),
            *_secondary(facts, kind),
            Block(heading("Time Horizon")),
            Block(paragraph(f"The work runs {weeks(facts)} weeks, {day(facts.start)} to {day(facts.end)}")),
            *_dates(facts),
            Block(paragraph(_correction(facts)), 6),
        ],
        benchmark,
        facts,
    )


def _starting_point(facts: Facts) -> str:
    if gap(facts):
        return f"The starting point is {facts.baseline}, so the distance to cover is {gap(facts)}"
    if facts.target:
        return f"The brief gives no starting figure for {facts.metric or 'this goal'}; the first two weeks supply it"
    return f"The brief sets no figure, so the count runs for two weeks and {facts.client} then agrees a target"


def _pace(facts: Facts) -> str:
    return f"As a weekly pace that is {weekly_pace(facts)}" if weekly_pace(facts) else ""


def _ceiling(facts: Facts) -> str:
    if capacity(facts):
        return (
            f"The team's ceiling stands against it: {capacity(facts)}. Spending slows down before that line is reached"
        )
    said = note(facts, "capacity")
    return f"One limit from the discovery call counts too: {said}" if said else ""


def _correction(facts: Facts) -> str:
    return facts.pick(
        (
            f"Whether the bar hangs too high or too low is checked at half time; {facts.client} may move it once, "
            "with a reason",
            f"Should the aim prove wrong, {facts.client} changes it openly and in writing, never by choosing "
            "another measure later",
        ),
        "objective correction",
    )


def _secondary(facts: Facts, kind: Trade) -> list[Block]:
    support = facts.shuffled([fill(text, facts) for text in _SUPPORT[kind]], "campaign_objective")
    blocks = [Block(bullet(support[0])), Block(bullet(support[1])), Block(bullet(support[2]), 4)]
    blocks += [Block(bullet(f"Further goal from the brief: {goal}"), 1) for goal in facts.goals[1:3]]
    said = note(facts, "response")
    if said:
        blocks.append(Block(bullet(f"Shorten the way to an answer, since the discovery call noted: {quoted(said)}"), 2))
    if facts.outcomes:
        blocks.append(Block(bullet(f"Serve the wish that buyers bring along: {quoted(facts.outcomes[0])}"), 3))
    if facts.unknown:
        blocks.append(Block(bullet(f"Find out what the brief leaves open: {prose_list(facts.unknown[:3])}"), 2))
    return blocks


def _dates(facts: Facts) -> list[Block]:
    ready = facts.start + timedelta(days=min(13, (facts.end - facts.start).days))
    return [
        Block(bullet(f"{day(ready)}: counting works from the first click to {facts.metric or 'the agreed result'}")),
        Block(
            bullet(
                f"{day(middle(facts))}: {facts.client} decides with the figures on the table what gets more, what stops"
            )
        ),
        Block(bullet(f"{day(facts.end)}: the final count is set against the goal, whichever way it falls")),
    ]
