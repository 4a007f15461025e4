"""Creative direction: what it looks like, how it sounds, what it is made of."""

from apps.production.api.dtos import Benchmark
from apps.production.rules.facts import Facts
from apps.production.rules.reading import Topic, Trade, fill, filled, note, proof_for, topic, trade, unknown, worries
from apps.production.rules.sections import section
from apps.production.rules.writing import (
    Block,
    bullet,
    capital,
    fit,
    heading,
    lead,
    lower_first,
    paragraph,
    prose_list,
    quoted,
)

_LOOK: dict[Trade, tuple[str, ...]] = {
    "local": (
        "Own photographs from the rooms of {client}, taken at the hours that are on offer, in the light that is there",
        "People appear with written permission and at work; hands, tools and the view from the window tell the rest",
        "Landmarks from {place} appear in the background only where the team really goes",
        "One typeface, large; prices and hours set as big as the headline",
    ),
    "business": (
        "Screens, documents and workplaces as they are, with test data instead of blurred real data",
        "Diagrams with at most five parts, drawn the same way each time, labelled with the words {primary} use",
        "Portraits of the people who answer at {client}, at their desks, looking up from work",
        "Figures stand with source and date next to them, in the same size as the claim",
    ),
    "shop": (
        "The product first alone and to scale, then in use, then what remains after use",
        "Daylight, one surface, true colours: what arrives must look like what was shown by {client}",
        "Hands instead of models, so that size and texture can be judged",
        "Delivery time and total price inside the picture, not only below it",
    ),
    "coaching": (
        "The person behind {client} in conversation, filmed at eye level, without a stage",
        "Handwritten notes, sketches and real working sheets instead of mountain tops and sunrises",
        "Films begin with the question and end when it is answered, even after twenty seconds",
        "Quotations of participants appear only with their written consent and full context",
    ),
    "general": (
        "Real places and people of {client} in their normal working day, one subject to a picture",
        "A calm frame: one colour from the house, much white, one line of text",
        "Series instead of single pictures, so that the third piece is recognised before it is read",
        "No symbol pictures; what cannot be shown is said in a sentence",
    ),
}
_VOICE: dict[str, tuple[str, str]] = {
    "calm": ("no exclamation marks, no countdown, one thought to a sentence", "verbs in the present, pauses allowed"),
    "plain": ("words a twelve-year-old knows, sums in digits", "no foreign word where a known one exists"),
    "precise": ("a figure has a source, a term has one meaning", "exact nouns instead of strong adjectives"),
    "dry": ("a fact first, a raised eyebrow second, never a joke about people", "short main clauses, deadpan endings"),
    "warm": ("people are greeted like guests, and thanked for questions", "you and we, no departments"),
    "friendly": ("as one speaks to a neighbour across the fence", "help offered before anything is asked"),
    "playful": (
        "a light touch in the headline, none in price and terms",
        "wordplay only where the meaning stays clear",
    ),
    "expert": ("explain the reason along with the advice", "say where knowledge ends"),
    "honest": ("limits are named in the same breath as advantages", "no small print, hence none to hide in"),
    "bold": ("one firm statement, then its evidence", "opinions with a reason, no volume"),
    "": ("spoken aloud before release, and kept only if it sounds natural", "shown with an example in the style sheet"),
}
_FORMAT: dict[Topic, str] = {
    "price": "A worked example as a table: what is included, what may be added, what the total is made of",
    "hours": "A plain grid of free times, refreshed weekly and shown without comment",
    "deadline": "A calendar strip that runs backwards from the busy day to the first useful step",
    "order": "One item photographed at each station of its way, five frames with times",
    "effort": "Two recordings side by side: the routine today, and the same task with {offer}",
    "waste": "A still life of what remains after a month of use",
    "fit": "A close-up with a ruler beside it, and the question of one buyer as headline",
    "risk": "A one-page order of steps with the points where one may stop",
    "confidence": "A walk from the door to the chair, filmed at walking pace, with every step named",
    "trust": "The evidence itself, photographed or linked, with one dry line beneath",
    "choice": "A short either-or: two questions that lead to one recommendation",
    "growth": "A diary of four weeks, one honest entry each, including the week that went badly",
    "other": "Question and answer on one card, in the words people use when they write to {client}",
}
_ERROR: dict[Trade, str] = {
    "local": "Smiles from picture agencies, rooms that are not in {place}, and any sentence about other providers",
    "business": "Handshakes, robots, glowing networks and the word “solution” without an object",
    "shop": "Reductions that were never the price, invented scarcity, and colours the product does not have",
    "coaching": "Cars, beaches, income screenshots and promises about another person's life",
    "general": "Borrowed enthusiasm, symbols of success, and claims that nobody at {client} could explain on request",
}

_MAKING: dict[Trade, str] = {
    "local": "Production is one morning and one evening on site: a small light, no make-up, the real staff of "
    "{client}. Whoever does not wish to be in the picture holds the camera or the door",
    "business": "Production follows the work: a screen recording, an hour beside the desk, a conversation "
    "recorded in sound first. Layout comes last, and a specialist from {client} reads every label",
    "shop": "Production happens on a table by a window. One setting serves all products of {client}, so that new "
    "ones can join later without a new shoot and colours stay comparable",
    "coaching": "Production is modest on purpose: a good microphone, a plain wall, one take. Slips of the tongue "
    "stay in when the thought is clear, since polish would suggest a show",
    "general": "Production starts with a list of what exists at {client}: places, objects, voices, documents. "
    "Only what is missing from that list is made anew, and the list decides the order",
}


@section("creative_direction")
def creative_direction(facts: Facts, benchmark: Benchmark) -> str:
    """Direct pictures, voice and formats from the kind of business, the brief's tone and its worries."""
    kind = trade(facts)
    look = filled(_LOOK[kind], facts)
    return fit(
        [
            Block(heading("Visual Style")),
            Block(paragraph(_start(facts))),
            *(Block(bullet(text), rank) for text, rank in zip(look, (0, 0, 1, 2), strict=True)),
            Block(heading("Tone of Voice")),
            *_voice(facts),
            Block(heading("Formats")),
            *_formats(facts),
            Block(paragraph(fill(_MAKING[kind], facts)), 5),
            Block(heading("Limits")),
            Block(paragraph(_open(facts)), 3),
            Block(paragraph(_release(facts)), 5),
            Block(bullet(f"Not used: {lower_first(fill(_ERROR[kind], facts))}")),
            *_limits(facts),
        ],
        benchmark,
        facts,
    )


def _start(facts: Facts) -> str:
    said = note(facts, "pictures")
    if said:
        return (
            f"The look answers a remark from the discovery call: {quoted(said)}. {facts.client} therefore "
            "shows only what is its own"
        )
    return facts.pick(
        (
            f"Whoever covers the name should still see that it is {facts.client}; that is the test for every picture",
            f"The look of {facts.client} is built from what can be photographed this month, not from what would "
            "be nice",
            f"Pictures for {facts.client} inform first and please second, which rules out most of what is usual",
        ),
        "creative start",
    )


def _voice(facts: Facts) -> list[Block]:
    if not facts.tone and not facts.tone_never:
        text = (
            f"The brief describes no voice. Until {facts.client} does, the rule is: factual, polite, short. "
            "Three samples go out for choice in week one"
        )
        return [Block(paragraph(text))]
    blocks = [Block(paragraph(_voice_line(facts)))]
    for index, tone in enumerate(facts.tone[:4]):
        word = next((key for key in _VOICE if key and key in tone), "")
        manner = facts.pick(_VOICE[word], f"voice {tone}")
        blocks.append(Block(lead(capital(tone), f"{manner}"), index // 3))
    if facts.tone_never:
        blocks.append(
            Block(lead("Never", f"{prose_list(facts.tone_never, 'or')}; when in doubt the sentence is deleted"))
        )
    return blocks


def _voice_line(facts: Facts) -> str:
    language = prose_list(facts.languages)
    extra = (
        f". On request of the client also {prose_list(facts.extra_languages)}, written anew, not translated "
        "word for word"
    )
    return f"{facts.client} speaks {language}, to one person at a time{extra if facts.extra_languages else ''}"


def _formats(facts: Facts) -> list[Block]:
    kinds = tuple(dict.fromkeys(topic(text) for text in worries(facts))) or ("other",)
    blocks = [Block(bullet(fill(_FORMAT[kind], facts)), index // 2) for index, kind in enumerate(kinds[:4])]
    if worries(facts):
        proof = proof_for(facts, worries(facts)[0])
        if proof:
            blocks.append(Block(bullet(f"A still card with nothing but the evidence: {quoted(proof)}"), 1))
    last = (
        f"Each format ends on the same card: {facts.client}, the line of the campaign, and “{capital(facts.request)}”"
    )
    return [*blocks, Block(bullet(last)), Block(bullet(_sizes(facts)), 3)]


def _sizes(facts: Facts) -> str:
    names = [channel.name for channel in facts.channels[:3]]
    return f"Cut for {prose_list(names)} separately; text stays readable on a phone held at arm's length"


def _open(facts: Facts) -> str:
    missing = unknown(facts, "the tone of voice", "proof of results", "what holds buyers back")
    if not missing:
        return ""
    return (
        f"Not known when this was written: {missing}. Samples in different manners are shown, "
        f"and what {facts.client} keeps or rejects stands in for the missing answers"
    )


def _release(facts: Facts) -> str:
    return facts.pick(
        (
            "Words on pictures are short, rich in contrast and repeated in the description, so that nobody who "
            "cannot see "
            f"or hear them is shut out. Two pairs of eyes at {facts.client} look at each piece, one for facts, "
            "one for manner",
            f"Whatever {facts.client} publishes can be traced: file, date, author and release are noted. Captions and "
            "descriptions are part of the piece, and withdrawn material leaves every channel within a day",
        ),
        "creative release",
    )


def _limits(facts: Facts) -> list[Block]:
    blocks = [
        Block(bullet(f"Added wherever the offer is described: {quoted(text)}"), 1) for text in facts.disclaimers[:2]
    ]
    if facts.compliance:
        blocks.append(Block(bullet(f"Checked before release: {'; '.join(facts.compliance[:3])}"), 2))
    blocks += [Block(bullet(f"Given by the client: {text}"), 3) for text in facts.constraints[:2]]
    rights = f"{facts.client} keeps a list of every picture with its source, its rights and the consent of those shown"
    return [*blocks, Block(bullet(rights))]
