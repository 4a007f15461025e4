"""Messaging framework: the one message, the themes that carry it, and how it sounds."""

from apps.production.api.dtos import Benchmark
from apps.production.rules.facts import Facts
from apps.production.rules.sections import section
from apps.production.rules.writing import (
    Block,
    bullet,
    clean,
    fit,
    heading,
    lead,
    paragraph,
    possessive,
    prose_list,
    quoted,
    sentences,
    shorten,
)

_WORRY_ANSWERS = (
    "say it before the reader does, then show how {client} deals with it",
    "one entry takes it apart, a second one shows the step that removes it",
    "{client} answers with facts and leaves the conclusion to the reader",
    "it gets a straight reply on every channel, in the same words",
)
_HOPE_ANSWERS = (
    "this is the picture we paint, with {offer} as the way there",
    "every call to act points to it, and none promises more",
    "we show what has to happen before it, in order",
)


@section("messaging_framework")
def messaging_framework(facts: Facts, benchmark: Benchmark) -> str:
    """Write core message, themes and voice; the campaign pack adds who hears what and what stays unsaid."""
    is_long = bool(benchmark.labels)
    blocks = [
        Block(heading("Core Message")),
        Block(paragraph(_promise(facts), _reason(facts))),
        Block(heading("Key Themes")),
        *_themes(facts),
        Block(
            heading(facts.pick(["How it sounds", "Voice", "Tone"], "messaging voice heading"))
            if benchmark.max_headings > 2
            else ""
        ),
        Block(paragraph(_voice(facts))),
        Block(paragraph(_repetition(facts)), 2),
        Block(paragraph(_single_thought(facts)), 4),
    ]
    return fit(blocks + (_long_form(facts) if is_long else []), benchmark, facts)


def _promise(facts: Facts) -> str:
    promise = quoted(shorten(sentences(clean(facts.layers.value_architecture.core_promise))[0], 24))
    return facts.pick(
        [
            f"What {facts.client} stands for in this period comes down to one line: {promise}",
            f"One message runs through everything {facts.client} publishes: {promise}",
            f"If {facts.readers} remember a single thing about {facts.client}, it should be this: {promise}",
        ],
        "messaging promise",
    )


def _reason(facts: Facts) -> str:
    if facts.proof:
        return f"People may believe it because of what can be checked: {quoted(shorten(facts.proof[0], 12))}"
    return f"Until {facts.client} supplies proof, the message describes what is done and not what it achieves"


def _themes(facts: Facts) -> list[Block]:
    slots = {"client": facts.client, "offer": facts.offer.name}
    worry_answers = facts.shuffled(_WORRY_ANSWERS, "messaging worries")
    hope_answers = facts.shuffled(_HOPE_ANSWERS, "messaging hopes")
    worries = [
        lead(f"Worry, {quoted(shorten(pain, 9))}", answer.format(**slots))
        for pain, answer in zip(facts.pains, worry_answers, strict=False)
    ]
    hopes = [
        lead(f"Hope, {quoted(shorten(outcome, 9))}", answer.format(**slots))
        for outcome, answer in zip(facts.outcomes, hope_answers, strict=False)
    ]
    always = [lead("Offer", _offer(facts)), lead("Next step", _next_step(facts)), lead("Honesty", _honesty(facts))]
    ranked = [(text, 1) for text in worries + hopes] + [(text, 0) for text in always]
    return [Block(bullet(text), rank) for text, rank in ranked]


def _offer(facts: Facts) -> str:
    if facts.offer.price:
        return f"{facts.offer.name}, {facts.offer.price}: the price is said early, in the same form everywhere"
    return f"{facts.offer.short}, described by what is part of it, since no price is agreed for publication"


def _next_step(facts: Facts) -> str:
    return facts.pick(
        [
            f"one request only, to {facts.request}, so that nobody has to choose between buttons",
            f"whoever is ready can {facts.request}; whoever is not gets the next answer",
            f"we ask readers to {facts.request} after they got something useful, not before",
        ],
        "messaging step",
    )


def _honesty(facts: Facts) -> str:
    return facts.pick(
        [
            f"{facts.client} says when it would advise against {facts.offer.short}",
            f"what depends on the single case is called that, in every text about {facts.offer.short}",
            f"{facts.client} names limits next to strengths and leaves loud words to others",
        ],
        "messaging honesty",
    )


def _voice(facts: Facts) -> str:
    if not facts.tone:
        return f"No tone is laid down for {facts.client}, so texts stay plain and factual until one is agreed"
    never = f" It never slips into {prose_list(facts.tone_never, 'or')}." if facts.tone_never else ""
    voice = prose_list(facts.tone[:4])
    return facts.pick(
        [
            f"The voice of {facts.client} is {voice}.{never}",
            f"Read aloud, each text should come across as {voice}.{never}",
            f"Three words guide every line: {voice}.{never}" if len(facts.tone) == 3 else f"The tone: {voice}.{never}",
        ],
        "messaging voice",
    )


def _repetition(facts: Facts) -> str:
    return facts.pick(
        [
            f"The message stays the same each week; only the example from {possessive(facts.client)} work changes",
            f"Repeating it is no fault: {facts.readers} will meet it on several channels and should know it again",
            f"Each text carries the message once, in the words of {facts.readers}",
        ],
        "messaging repetition",
    )


def _single_thought(facts: Facts) -> str:
    return (
        f"A text for {facts.client} holds one thought, one example and one request. What does not serve the message is "
        f"kept for another day. Names, prices and dates are checked with {facts.client} before anything goes out"
    )


def _long_form(facts: Facts) -> list[Block]:
    return [
        Block(heading(facts.pick(["Who hears what", "One message, two groups", "For whom"], "groups"))),
        Block(bullet(lead(facts.primary, _for_primary(facts)))),
        Block(bullet(lead(facts.secondary or "Everybody else", _for_others(facts)))),
        Block(bullet(lead("Those who asked", f"an answer to their question, and the way to {facts.request}")), 1),
        Block(heading(facts.pick(["Doubts and replies", "Why buyers wait", "Objections"], "messaging doubts")), 1),
        Block(paragraph(_doubts(facts)), 1),
        Block(paragraph(_channels(facts)), 2),
        Block(heading(facts.pick(["What stays unsaid", "Limits", "What we leave out"], "messaging limits")), 2),
        Block(paragraph(_limits(facts)), 2),
        Block(paragraph(_checks(facts)), 3),
    ]  # fmt: skip


def _for_primary(facts: Facts) -> str:
    if facts.pains:
        worry = quoted(shorten(facts.pains[-1], 10))
        return f"we begin with {worry} and take one step at a time towards {facts.offer.short}"
    return f"we begin with the questions they ask about {facts.offer.short} and note the ones we had not expected"


def _for_others(facts: Facts) -> str:
    if len(facts.offers) > 1:
        return f"for them {facts.offers[1].priced} may be the nearer way in, so it is named wherever it fits"
    return f"they read the same message, with the example that shows {facts.offer.short} from their side"


def _doubts(facts: Facts) -> str:
    if not facts.objections:
        return (
            f"No objections were recorded in the brief. {facts.client} notes the doubts heard in calls and messages "
            f"word for word, and the second half of the plan replies to the ones heard most"
        )
    doubts = prose_list([quoted(shorten(text, 9)) for text in facts.objections[:3]])
    return (
        f"Buyers have told {facts.client} why they wait: {doubts}. The reply grants the point first. Then it says what "
        f"can be done in the meantime and what has to wait"
    )


def _channels(facts: Facts) -> str:
    names = [channel.name for channel in facts.channels]
    where = f"{names[0]} opens the subject and {prose_list(names[1:4])} go on from there" if names[1:] else names[0]
    return f"The message keeps its wording on every channel while the length changes: {where}"


def _limits(facts: Facts) -> str:
    return (
        f"Texts for {facts.client} make no comparison with named competitors and give no figure that is missing in the "
        f"brief. Words that {facts.client} does not want are checked for before anything is published"
    )


def _checks(facts: Facts) -> str:
    return (
        f"A text about {facts.offer.short} is ready when {facts.readers} can say in their own words what is offered, "
        f"for whom, and what happens first. If a reader at {facts.client} stumbles over a line, the line is rewritten"
    )
