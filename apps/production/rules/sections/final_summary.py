"""Final summary: what to remember, what is open, what happens next, and the client's disclaimers."""

from decimal import Decimal

from apps.production.api.dtos import Benchmark
from apps.production.rules.facts import Facts
from apps.production.rules.sections import section
from apps.production.rules.writing import (
    Block,
    bullet,
    fit,
    heading,
    lead,
    paragraph,
    prose_list,
    quoted,
    shorten,
)


@section("final_summary")
def final_summary(facts: Facts, benchmark: Benchmark) -> str:
    """Write the summary; disclaimers of the brief stand in it word for word."""
    is_long = "Key Takeaways" in benchmark.labels
    return fit(
        [
            Block(paragraph(_purpose(facts), _way(facts))),
            Block(
                heading(
                    "Key Takeaways"
                    if is_long
                    else facts.pick(["To remember", "In four lines", "The essence"], "summary list")
                )
            ),
            Block(bullet(lead("Who", _who(facts)))),
            Block(bullet(lead("What", _what(facts)))),
            Block(bullet(lead("Where", _where(facts)))),
            Block(bullet(lead("Why they may believe it", _why(facts))), 1),
            *(_frame(facts) if is_long else []),
            Block(heading(facts.pick(["What happens now", "Next step", "From here on"], "summary now"))),
            Block(paragraph(_next_step(facts), _decision(facts))),
            Block(paragraph(_open_points(facts)), 1),
            Block(paragraph(*facts.disclaimers)),
            *(_parts(facts) if is_long else []),
            Block(paragraph(_limits(facts)), 4),
        ],
        benchmark,
        facts,
    )


def _purpose(facts: Facts) -> str:
    return facts.pick(
        [
            f"In the end this work for {facts.client} is about one thing: {facts.goal}",
            f"Everything above serves a single goal that {facts.client} has set: {facts.goal}",
            f"{facts.client} wants to get from where it stands to this: {facts.goal}",
        ],
        "summary purpose",
    )


def _way(facts: Facts) -> str:
    return facts.pick(
        [
            f"The way there is short: say what {facts.readers} think, answer it, and invite them to {facts.request}",
            f"It takes three moves: be noticed by {facts.readers}, answer them, make it easy to {facts.request}",
            f"We get there by answering {facts.readers} in public until asking them to {facts.request} feels natural",
        ],
        "summary way",
    )


def _who(facts: Facts) -> str:
    others = f", with {facts.secondary} as the second group" if facts.secondary else ""
    return f"{facts.primary}{others}"


def _what(facts: Facts) -> str:
    more = f"; then {prose_list([offer.name for offer in facts.offers[1:3]])}" if facts.offers[1:] else ""
    return f"{facts.offer.priced} in front{more}"


def _where(facts: Facts) -> str:
    place = f", in the area the brief names: {facts.place}" if facts.place else ""
    return f"{prose_list([channel.name for channel in facts.channels[:5]])}{place}"


def _why(facts: Facts) -> str:
    if facts.proof:
        return f"it can be checked: {prose_list([quoted(shorten(text, 9)) for text in facts.proof[:2]])}"
    return f"because {facts.client} describes its work and claims nothing it cannot document"


def _next_step(facts: Facts) -> str:
    return facts.pick(
        [
            f"{facts.client} reads this draft, marks what is wrong and approves the first ten entries",
            f"The next step belongs to {facts.client}: corrections first, then approval of the opening week",
            f"As soon as {facts.client} has approved the first entries, work begins on {facts.start:%-d %B %Y}",
        ],
        "summary next step",
    )


def _decision(facts: Facts) -> str:
    return facts.pick(
        [
            f"After the first reading we decide together what {facts.offer.short} needs more of",
            f"A first look at the numbers then shows which subject around {facts.offer.short} deserves more room",
            f"What {facts.readers} answer decides how the entries on {facts.offer.short} go on",
        ],
        "summary decision",
    )


def _open_points(facts: Facts) -> str:
    if not facts.unknown:
        return f"Nothing else is needed from {facts.client} to begin"
    return f"Please send us what is missing: {prose_list(facts.unknown[:5])}. With it the next round becomes more exact"


def _frame(facts: Facts) -> list[Block]:
    return [
        Block(bullet(lead("When", f"{facts.start:%-d %B} to {facts.end:%-d %B %Y}, with a review at the end")), 1),
        Block(bullet(lead("Money", _money(facts))), 1),
    ]


def _money(facts: Facts) -> str:
    if not facts.budget:
        return f"no budget is agreed yet; {facts.client} decides once the plan is approved"
    return f"{facts.budget}, the largest share for {_largest(facts)}"


def _largest(facts: Facts) -> str:
    channel = max(facts.channels, key=lambda channel: Decimal(channel.share.rstrip("%")))
    return f"{channel.name} ({channel.share})"


def _parts(facts: Facts) -> list[Block]:
    name = facts.pick(["How the parts hang together", "One plan, many parts", "The whole"], "summary parts")
    return [
        Block(heading(name), 2),
        Block(paragraph(_thread(facts)), 2),
        Block(paragraph(_care(facts)), 3),
    ]


def _thread(facts: Facts) -> str:
    worry = f" The worry {quoted(shorten(facts.pains[0], 9))} runs through all of it." if facts.pains else ""
    return (
        f"The idea gives {facts.client} something to say, the channels give it a place, and the calendar gives it a "
        f"day.{worry} Offers and ads come in once {facts.readers} have read enough to choose"
    )


def _care(facts: Facts) -> str:
    voice = f", in a voice that is {prose_list(facts.tone[:3])}" if facts.tone else ""
    return f"From the first post to the last mail people meet the same {facts.client}{voice}"


def _limits(facts: Facts) -> str:
    return (
        f"A target for {facts.offer.short} is an aim and no promise, because people decide for themselves. What we "
        f"promise {facts.client} is to give {facts.readers} good reasons, to count honestly and to change course early"
    )
