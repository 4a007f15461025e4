"""Post-campaign analysis: what will be measured when, how it is judged, and what is kept; no result in advance."""

from datetime import timedelta

from apps.production.api.dtos import Benchmark
from apps.production.rules.facts import Facts
from apps.production.rules.reading import Trade, capacity, day, filled, gap, middle, note, topic, trade, worries
from apps.production.rules.sections import section
from apps.production.rules.writing import Block, bullet, fit, heading, paragraph, prose_list, quoted, table

_SOURCE: dict[Trade, tuple[str, str]] = {
    "local": (
        "the booking diary and the note at the desk on how people came",
        "Walk-ins and messages are counted with the rest, by hand if need be",
    ),
    "business": (
        "the sales file, in which each contact keeps the channel of its first request",
        "Contacts still undecided on the last day are listed separately",
    ),
    "shop": (
        "the order system, after returns and with repeat orders shown apart",
        "The last two weeks are counted again once the return period is over",
    ),
    "coaching": (
        "the calendar of first talks and the list of those who stayed after it",
        "Unsubscribed readers are reported together with new ones",
    ),
    "general": (
        "the list of requests, each with date, channel and outcome",
        "Requests without a known origin stay in the count under that name",
    ),
}
_RULES: dict[Trade, tuple[str, ...]] = {
    "local": (
        "Goal reached and diary full: keep the channels, shift the message to the second offer",
        "Many requests and few visits: work on replies and free hours before touching any ad",
        "Few requests in {place}: change the opening line first, the channel second",
    ),
    "business": (
        "Goal reached and conversations suitable: prolong, and raise the bar for fit",
        "Many forms, few suitable firms: sharpen whom {offer} is for on every page",
        "Good conversations, no decision: supply the papers the next desk asks for",
    ),
    "shop": (
        "Goal reached at bearable cost: add one product, keep the pictures",
        "Baskets filled and left: look at postage, delivery and the last page of {client}",
        "Orders good, returns high: correct pictures and measures before buying more reach",
    ),
    "coaching": (
        "Goal reached and talks good: repeat the subject that brought them, not the volume",
        "Many readers, few talks: {client} says more clearly what the first talk is",
        "Talks held, few decisions: review for whom the work is meant",
    ),
    "general": (
        "Goal reached: repeat the cheaper half, end the rest",
        "Interest without action: make the step to {request} smaller and try again",
        "Neither interest nor action: return to the worries of {primary} and ask anew",
    ),
}
_LESSON: dict[Trade, tuple[str, ...]] = {
    "local": (
        "Which hours and which streets of {place} the requests came from",
        "What people said at the desk that no form asks for",
    ),
    "business": ("Which role wrote first and which role stopped the matter", "Which paper was forwarded within firms"),
    "shop": (
        "Which product opened the door and which followed",
        "Which question was asked before buying, and where it should be answered",
    ),
    "coaching": (
        "Which sentence people quoted back in the first talk",
        "Why those who declined did so, as far as they said",
    ),
    "general": ("Which question arrived most often", "Which reply led people to {request}"),
}


@section("post_campaign_analysis")
def post_campaign_analysis(facts: Facts, benchmark: Benchmark) -> str:
    """Plan the measurement, the decision rules and the record of learnings."""
    kind = trade(facts)
    source, extra = filled(_SOURCE[kind], facts)
    return fit(
        [
            Block(heading("Results")),
            Block(paragraph(_frame(facts), f"The count is taken from {source}", extra)),
            Block(table(("Measure", "Target", "Counted"), _measures(facts))),
            *_dates(facts),
            Block(heading("Decision Rules")),
            *(Block(bullet(text)) for text in filled(_RULES[kind], facts)),
            *_conditions(facts),
            Block(heading("Learnings")),
            Block(paragraph(_record(facts))),
            *(Block(bullet(text)) for text in filled(_LESSON[kind], facts)),
            *_questions(facts),
            Block(paragraph(_weight(facts)), 5),
        ],
        benchmark,
        facts,
    )


def _frame(facts: Facts) -> str:
    if gap(facts):
        return (
            f"No result is stated here, as none exists yet. Judged will be the way from {facts.baseline} to "
            f"{facts.target} {facts.metric}"
        )
    if facts.target:
        return (
            f"Nothing has run yet, so this page holds empty rows and fixed rules. The bar is {facts.target} "
            f"{facts.metric}"
        )
    return (
        f"Figures follow after the campaign; the bar itself is agreed with {facts.client} after two weeks of counting"
    )


def _measures(facts: Facts) -> list[tuple[str, str, str]]:
    return [(kpi.name, kpi.target or "set after first count", _counted(facts, kpi.days)) for kpi in facts.kpis[:5]] or [
        (facts.metric or "Requests", facts.target or "set after first count", day(facts.end))
    ]


def _counted(facts: Facts, days: int) -> str:
    length = (facts.end - facts.start).days + 1
    if 0 < days * 2 <= length:
        return f"every {days} days"
    return f"once, on {day(facts.start + timedelta(days=min(max(days, 1), length) - 1))}"


def _dates(facts: Facts) -> list[Block]:
    after = facts.end + timedelta(days=14)
    return [
        Block(bullet(f"{day(middle(facts))}: half-way report on one page, with what was changed since the start")),
        Block(bullet(f"{day(facts.end)}: figures are frozen, by channel and by audience")),
        Block(
            bullet(
                f"{day(after)}: talk with {facts.client} on what the figures allow to conclude, and what they do not"
            )
        ),
    ]


def _conditions(facts: Facts) -> list[Block]:
    said = note(facts, "response")
    blocks = []
    if said:
        blocks.append(
            Block(bullet(f"Results are read together with reply times, since it was said: {quoted(said)}"), 1)
        )
    if capacity(facts):
        blocks.append(
            Block(
                bullet(
                    f"Weeks above the limit of {capacity(facts)} are marked, for lost requests there are no fault "
                    "of a channel"
                ),
                1,
            )
        )
    small = "A difference between two channels counts only if it was there in both halves of the campaign"
    return [*blocks, Block(bullet(small))]


def _record(facts: Facts) -> str:
    return facts.pick(
        (
            f"Each learning of {facts.client} is one sentence with its evidence and its date; opinions go on "
            "another page",
            f"What {facts.client} has learnt is written so that somebody new could act on it, with the figures "
            "beside it",
        ),
        "learning record",
    )


def _weight(facts: Facts) -> str:
    return facts.pick(
        (
            "What rests on few cases is marked as a guess and tried again before money follows it. "
            f"What {facts.client} would have done anyway is not counted as a success of the campaign",
            "Each conclusion names what would prove it wrong. Where the cases are too few for one, "
            f"{facts.client} reads that plainly and decides by judgement",
        ),
        "learning weight",
    )


def _questions(facts: Facts) -> list[Block]:
    said = worries(facts)
    blocks = []
    if said:
        blocks.append(
            Block(bullet(f"Whether {quoted(said[0])} really was the heaviest worry, or another one took its place"))
        )
    if len(said) > 1 and topic(said[1]) != topic(said[0]):
        blocks.append(Block(bullet(f"Whether pieces on {quoted(said[1])} drew other people than the rest"), 1))
    if facts.secondary:
        blocks.append(Block(bullet(f"How far {facts.secondary} acted differently from {facts.primary}"), 1))
    if facts.unknown:
        blocks.append(Block(bullet(f"Answers found to what the brief left open: {prose_list(facts.unknown[:4])}")))
    proof = (
        "Which of the proofs was clicked or quoted, and which left people cold"
        if facts.proof
        else "Which results may be shown as proof, with the consent of those concerned"
    )
    names = [channel.name for channel in facts.channels[:3]]
    return [
        *blocks,
        Block(bullet(proof)),
        Block(bullet(f"What {prose_list(names)} each brought first, and what they only finished"), 2),
    ]
