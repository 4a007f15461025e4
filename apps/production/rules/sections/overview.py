"""Overview: who the client is, what it wants, and what the draft does about it."""

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
    possessive,
    prose_list,
    quoted,
    shorten,
)


@section("overview")
def overview(facts: Facts, benchmark: Benchmark) -> str:
    """Write the facts at a glance, then how the work answers them."""
    return fit(
        [
            Block(heading(facts.pick(["At a glance", "The brief on one page", "Where we start"], "overview heading"))),
            Block(bullet(lead("Brand", _brand(facts)))),
            Block(bullet(lead("Industry", _industry(facts)))),
            Block(bullet(lead("Primary Goal", _goal(facts)))),
            Block(bullet(lead("Audience", _audience(facts))), 1),
            Block(bullet(lead("Time and money", _frame(facts))), 1),
            Block(heading(facts.pick(["The plan in short", "What we make of it", "Our answer"], "overview answer"))),
            Block(paragraph(_problem(facts), _answer(facts))),
            Block(paragraph(_evidence(facts), _channels(facts)), 1),
            Block(paragraph(_open_points(facts)), 2),
            Block(paragraph(_order(facts)), 3),
            Block(paragraph(_use(facts)), 4),
        ],
        benchmark,
        facts,
    )


def _brand(facts: Facts) -> str:
    offers = prose_list([shorten(offer.priced, 12) for offer in facts.offers[:3]])
    return f"{facts.company} offers {offers}"


def _industry(facts: Facts) -> str:
    industry = facts.industry or "not named in the brief"
    return f"{industry}. Area served: {facts.area}" if facts.area else f"{industry}. The area served is not named yet"


def _goal(facts: Facts) -> str:
    if facts.baseline:
        return f"{facts.goal}. Today it is about {facts.baseline}, and that is where we measure from"
    return f"{facts.goal}. No starting figure is on record, so the first two weeks set one"


def _audience(facts: Facts) -> str:
    if facts.secondary:
        return f"{facts.primary} first; {facts.secondary} come second and get entries of their own"
    return f"{facts.primary}. The brief names one group, and every entry is written for it"


def _frame(facts: Facts) -> str:
    budget = f"{facts.budget}, split by channel in the strategy" if facts.budget else "no budget agreed so far"
    return f"{facts.start:%-d %B %Y} to {facts.end:%-d %B %Y}; {budget}"


def _problem(facts: Facts) -> str:
    if not facts.pains:
        return f"What holds buyers back from {facts.offer.short} has not been recorded, so the first entries ask them"
    worries = prose_list([quoted(shorten(pain, 10)) for pain in facts.pains[:2]])
    return facts.pick(
        [
            f"People come to {facts.client} with something on their mind: {worries}",
            f"What keeps {facts.readers} from {facts.offer.short} is quickly said: {worries}",
            f"The brief is clear about what gets in the way: {worries}",
        ],
        "overview problem",
    )


def _answer(facts: Facts) -> str:
    if not facts.outcomes:
        return f"The work explains {facts.offer.short} step by step and makes it easy to {facts.request}"
    hope = quoted(shorten(facts.outcomes[0], 12))
    return facts.pick(
        [
            f"The work names it openly and shows the way to what they hope for: {hope}",
            f"Each week takes up one part of it and ends where buyers want to be: {hope}",
            f"We talk about it before anybody has to ask, and keep the wish in view: {hope}",
        ],
        "overview answer text",
    )


def _evidence(facts: Facts) -> str:
    if not facts.proof:
        return f"No proof has been supplied yet, so nothing here claims a result for {facts.client}"
    proof = prose_list([quoted(shorten(text, 10)) for text in facts.proof[:2]])
    return facts.pick(
        [
            f"The evidence {facts.client} can show is quoted as it stands: {proof}",
            f"Where {facts.client} makes a statement, it rests on this: {proof}",
            f"Two facts do the convincing, not adjectives: {proof}" if len(facts.proof) > 1 else f"It rests on {proof}",
        ],
        "overview proof",
    )


def _channels(facts: Facts) -> str:
    names = prose_list([channel.name for channel in facts.channels[:5]])
    return facts.pick(
        [
            f"The work appears on {names}",
            f"{possessive(facts.client)} channels are {names}",
            f"The story is told through {names}",
        ],
        "overview channels",
    )


def _open_points(facts: Facts) -> str:
    if not facts.unknown:
        return ""
    return (
        f"Still to be learned from {facts.client}: {prose_list(facts.unknown[:4])}. Nothing was made up to fill the gap"
    )


def _order(facts: Facts) -> str:
    return facts.pick(
        [
            f"The order is deliberate: first {facts.readers} recognise themselves, then they compare, then they decide",
            f"We begin with attention, go on with answers, and only then ask {facts.readers} to {facts.request}",
            f"Entries move from questions to answers to a first contact with {facts.client}",
        ],
        "overview order",
    )


def _use(facts: Facts) -> str:
    return (
        f"Whoever looks after {possessive(facts.client)} pages can start with any part: the calendar for daily work, "
        f"the message for new texts, the numbers for the monthly look back. Wording for {facts.offer.short} that "
        f"{facts.client} has tried and tested goes before ours"
    )
