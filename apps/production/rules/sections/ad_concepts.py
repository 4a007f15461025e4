"""Ad concepts: one worry, objection or wish each, written out for one channel."""

from typing import NamedTuple

from apps.production.api.dtos import Benchmark
from apps.production.rules.facts import ChannelFact, Facts
from apps.production.rules.reading import (
    Topic,
    Trade,
    fill,
    filled,
    is_paid,
    note,
    spread_proof,
    topic,
    trade,
    unknown,
    worries,
)
from apps.production.rules.sections import section
from apps.production.rules.writing import (
    Block,
    bullet,
    capital,
    fit,
    heading,
    lead,
    paragraph,
    prose_list,
    quoted,
    sentence,
)


class Angle(NamedTuple):
    """How an ad takes up a worry: what it does, headline and opening for private buyers and for firms."""

    approach: str
    private: str
    firm: str
    opening: str
    opening_firm: str


_ANGLES: dict[Topic, Angle] = {
    "price": Angle(
        "put the cost question first",
        "{offer}: the cost question, first",
        "{offer}: what belongs into the calculation",
        "Before choosing, most people want to know what it comes to",
        "The first line of every internal request is the sum",
    ),
    "hours": Angle(
        "begin with the calendar",
        "{offer}, planned round a working day",
        "{offer}: time that fits the shift plan",
        "Work ends late and the diary is full; that need not settle the matter",
        "Nobody has an hour to spare at ten in the morning",
    ),
    "deadline": Angle(
        "speak before the busy date",
        "The quiet week is the time to ask",
        "The next busy date is already in the calendar",
        "There is a calm stretch before every rush",
        "The date is known, the work before it as well. What can be moved forward?",
    ),
    "order": Angle(
        "follow one item",
        "Where did it go?",
        "Where is it now, and who had it last?",
        "Things get lost between two good intentions",
        "One item, three desks, and a question that nobody can answer at once",
    ),
    "effort": Angle(
        "look at the routine",
        "The step nobody likes",
        "Typed once, typed again",
        "Some chores exist only because nobody has questioned them",
        "The same details travel from one window to the next, by hand, each time",
    ),
    "waste": Angle(
        "start at the end of use",
        "What is left when it is empty?",
        "What remains after delivery?",
        "Turn the packet round before deciding",
        "Disposal belongs to the purchase price as well",
    ),
    "fit": Angle(
        "answer by detail",
        "Measure first, order second",
        "Does it match what is there?",
        "Beautiful is easy; suitable is the question",
        "A sample says more than a catalogue page",
    ),
    "risk": Angle(
        "begin with the obstacle",
        "Not now? Then when?",
        "Already busy with another project?",
        "There may be good reasons to wait, and they deserve an answer",
        "Another project has priority. Then the order of steps matters more than speed",
    ),
    "confidence": Angle(
        "make the first step small and visible",
        "{offer}: how the first conversation goes",
        "The first question may be a small one",
        "Nobody has to decide anything in the first ten minutes",
        "A first exchange commits no one to a project",
    ),
    "trust": Angle(
        "show what can be checked",
        "See before believing",
        "Check the reference, then talk",
        "Anybody can print words; here is something to look up",
        "A claim counts once somebody outside has looked at it",
    ),
    "choice": Angle(
        "close one question",
        "Which one is right? Two questions help",
        "One recommendation instead of a matrix",
        "Too many possibilities, too little time to compare them",
        "Comparison tables grow; decisions seldom do",
    ),
    "growth": Angle(
        "describe the standstill",
        "Much done, little moved?",
        "Busy again, and the figures unchanged?",
        "It feels like running on the spot",
        "Activity is up, the result is where it was",
    ),
    "other": Angle(
        "ask the question as buyers ask it",
        "A fair question about {offer}",
        "Asked in the last meeting",
        "It is a question we would ask too",
        "The question comes up in every first meeting",
    ),
}
_WISH = ("turn the wish into the headline", "How would that be?", "On the list for this year?")
_MESSAGE: dict[Trade, tuple[str, ...]] = {
    "local": (
        "People in {place} see the ad only when {client} is open or can answer the same evening",
        "Health, looks and habits of the reader are never addressed directly: the ad speaks of the visit, not of "
        "the person",
        "The page behind the ad repeats headline and price word for word",
    ),
    "business": (
        "Role and sector decide who sees the ad; the text may therefore use the words of the trade without "
        "explaining them",
        "A figure in the ad carries its source on the same screen",
        "The page behind the ad asks for four details at most before people {request}",
    ),
    "shop": (
        "The picture shows the product as it arrives, and total price and delivery time stand in the text",
        "Whoever has bought from {client} sees no ad for the same thing for the following month",
        "The ad leads to the product, with the doubt answered above the button",
    ),
    "coaching": (
        "The ad describes a situation; it never tells readers that they have a problem",
        "No result of one person is presented as typical for others",
        "The page behind the ad names the price range, the duration and for whom {client} is the wrong address",
    ),
    "general": (
        "One thought to an ad, and the same thought at the top of the page behind it",
        "Whoever has taken the step to {request} no longer sees the ad",
        "Comments below ads of {client} are answered like letters",
    ),
}

_SERIES: dict[Trade, str] = {
    "local": "Running order: the first concept opens, the second joins after a week, the others replace whichever "
    "tires first. Around holidays in {place} all of them rest, as nobody could be received anyway",
    "business": "Running order: one concept a fortnight, first to narrow roles, then to neighbouring ones. "
    "Concepts that start good conversations stay in the rotation; those that only collect clicks end",
    "shop": "Running order: all concepts start small on the same day. After a week the two that led to baskets "
    "continue, with new pictures every other week so that regulars see something else",
    "coaching": "Running order: one concept at a time, each for a full week, followed by a pause in which replies "
    "are read. What was asked becomes the opening of the next",
    "general": "Running order: the plainest concept first, the boldest last. A new one begins only when the "
    "previous has brought a verdict, good or bad, and {client} has seen it",
}


@section("ad_concepts")
def ad_concepts(facts: Facts, benchmark: Benchmark) -> str:
    """Write up to four finished ads, each from another angle and for another channel, and the rules they share."""
    concepts = _concepts(facts)
    rules = filled(_MESSAGE[trade(facts)], facts)
    return fit(
        [
            Block(heading("Ad Concepts")),
            Block(paragraph(_opening(facts, len(concepts)))),
            *(Block(text, max(0, index - 2)) for index, text in enumerate(concepts)),
            Block(heading("Messaging")),
            Block(lead("What all ads have in common", _common(facts))),
            *(Block(bullet(text)) for text in rules),
            *_checks(facts),
            Block(paragraph(fill(_SERIES[trade(facts)], facts)), 4),
            Block(paragraph(_open(facts)), 3),
            Block(paragraph(_lengths(facts)), 5),
        ],
        benchmark,
        facts,
    )


def _opening(facts: Facts, count: int) -> str:
    words = ("", "One concept", "Two concepts", "Three concepts", "Four concepts")[count]
    source = "the worries and wishes named in the brief" if worries(facts) or facts.outcomes else "the offer itself"
    return facts.pick(
        (
            f"{words}, each drawn from {source}; {facts.client} can release them one by one",
            f"{words} for {facts.client}, written from {source}, so that they can be tested against each other",
        ),
        "ad opening",
    )


def _concepts(facts: Facts) -> list[str]:
    said = _different(worries(facts))[:3]
    proofs = spread_proof(facts, [*said, "trust"])
    paid = [channel for channel in facts.channels if is_paid(channel)]
    channels = [*paid, *(channel for channel in facts.channels if channel not in paid)]
    concepts = [
        _from_worry(facts, worry, proofs[index], channels[index % len(channels)], index)
        for index, worry in enumerate(said)
    ]
    if facts.outcomes:
        concepts.append(_from_wish(facts, proofs[-1], channels[len(concepts) % len(channels)]))
    for write in (_from_offer, _from_step):
        if len(concepts) < 3:
            concepts.append(write(facts, channels[len(concepts) % len(channels)]))
    return concepts


def _different(texts: tuple[str, ...]) -> list[str]:
    """Order worries so that each subject comes once before any comes twice."""
    first = {topic(text): text for text in reversed(texts)}
    return [text for text in texts if text in first.values()]


def _concept(name: str, parts: dict[str, str]) -> str:
    return "\n".join([heading(name), "", *(bullet(f"**{label}:** {text}") for label, text in parts.items())])


def _from_worry(facts: Facts, worry: str, proof: str, channel: ChannelFact, index: int) -> str:
    angle = _ANGLES[topic(worry)]
    headline = fill(angle.firm if facts.is_b2b else angle.private, facts)
    if facts.is_banned(headline):
        headline = f"{facts.offer.name} at {facts.client}"
    body = [
        fill(angle.opening_firm if facts.is_b2b else angle.opening, facts),
        _fact_line(facts, worry, index),
        proof and capital(proof),
    ]
    return _concept(
        f"{channel.name}: {capital(angle.approach)}",
        {
            "Angle": f"takes up {quoted(worry)}",
            "Headline": capital(headline),
            "Body": _body(body),
            "Call to action": _ask(facts, index),
        },
    )


def _from_wish(facts: Facts, proof: str, channel: ChannelFact) -> str:
    wish = facts.outcomes[0]
    approach, private, firm = _WISH
    body = [
        firm if facts.is_b2b else private,
        f"{facts.client} shows how {facts.offer.name} can serve this wish, and where its limits are",
    ]
    return _concept(
        f"{channel.name}: {capital(approach)}",
        {
            "Angle": f"starts from {quoted(wish)}",
            "Headline": f"{capital(wish)}?",
            "Body": _body([*body, proof and capital(proof)]),
            "Call to action": _ask(facts, 3),
        },
    )


def _from_offer(facts: Facts, channel: ChannelFact) -> str:
    price = (
        f"Price: {facts.offer.price}"
        if facts.offer.price
        else "The price is named on request, until it is fixed for print"
    )
    known = f"In {facts.place}" if facts.place else facts.client
    return _concept(
        f"{channel.name}: The offer without ornament",
        {
            "Angle": "the brief names few worries, so the offer speaks for itself",
            "Headline": f"{known}: {facts.offer.name}",
            "Body": _body([f"For {facts.primary}", price]),
            "Call to action": _ask(facts, 2),
        },
    )


def _from_step(facts: Facts, channel: ChannelFact) -> str:
    return _concept(
        f"{channel.name}: The step explained",
        {
            "Angle": "people hesitate where they cannot see what follows",
            "Headline": f"{capital(facts.request)}: what happens next",
            "Body": _body(
                [
                    "A message arrives, a person reads it, a reply names the next step",
                    f"That is how it begins at {facts.client}",
                ]
            ),
            "Call to action": _ask(facts, 1),
        },
    )


def _fact_line(facts: Facts, worry: str, index: int) -> str:
    hours = note(facts, "hours")
    if topic(worry) == "hours" and hours:
        return f"{facts.client}: {hours}"
    return (
        f"{capital(facts.offer.priced)} at {facts.client}",
        f"Put the matter to {facts.client} before deciding on {facts.offer.name}",
        f"What {facts.client} says on {facts.offer.name} stands behind the button, in full",
    )[index]


def _body(parts: list[str]) -> str:
    return " ".join(sentence(part) for part in parts if part)


def _ask(facts: Facts, index: int) -> str:
    where = (
        f" at {facts.website.removeprefix('https://').removeprefix('http://').rstrip('/')}"
        if facts.website and index == 0
        else ""
    )
    manner = ("", ", or send a question first", " when it suits", ", and hear what comes next")[index]
    return f"{capital(facts.request)}{where}{manner}"


def _common(facts: Facts) -> str:
    voice = prose_list(facts.tone) or "factual and polite"
    never = f" and never {prose_list(facts.tone_never, 'or')}" if facts.tone_never else ""
    return f"a voice that is {voice}{never}; one request, which is to {facts.request}"


def _open(facts: Facts) -> str:
    missing = unknown(facts, "proof of results", "prices", "what holds buyers back", "what buyers hope for")
    if not missing:
        return ""
    return (
        f"Unknown at the time of writing: {missing}. Replies below the first ads are "
        "therefore collected word for word, "
        f"and they decide what {facts.client} answers in the next round"
    )


def _lengths(facts: Facts) -> str:
    return facts.pick(
        (
            "Each concept exists in a short version for narrow spaces and a long one for readers; the claim is "
            "identical in "
            f"both, word for word. {facts.client} signs the long version, and the short one may only leave out",
            f"{facts.client} receives every concept as plain text before it is designed, since errors hide in layouts. "
            "After release only length and crop may change, never a figure or a name",
        ),
        "ad lengths",
    )


def _checks(facts: Facts) -> list[Block]:
    blocks = [Block(bullet(f"Shown with every ad for the offer: {quoted(text)}"), 1) for text in facts.disclaimers[:1]]
    if facts.compliance:
        blocks.append(Block(bullet(f"Before they run, ads are checked against: {'; '.join(facts.compliance[:3])}"), 1))
    proof = (
        "Only evidence printed in the brief is used"
        if facts.proof
        else "No ad speaks of results until the client supplies evidence"
    )
    blocks.append(Block(bullet(f"{proof}; new evidence is added with its date")))
    test = (
        "Headlines are tested in pairs against each other; the weaker one stops when the count of "
        f"{facts.metric or 'results'} shows it"
    )
    return [*blocks, Block(bullet(test), 2)]
