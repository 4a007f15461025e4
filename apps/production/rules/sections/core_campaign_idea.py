"""Core campaign idea: one thought built on the worry that weighs most."""

from typing import NamedTuple

from apps.production.api.dtos import Benchmark
from apps.production.rules.facts import Facts
from apps.production.rules.reading import Topic, Trade, fill, note, topic, trade, unknown, worries
from apps.production.rules.sections import section
from apps.production.rules.writing import Block, bullet, fit, heading, lead, paragraph, prose_list, quoted


class Idea(NamedTuple):
    """A title, the thought behind it, how it is turned into pictures, and one scene."""

    title: str
    thought: str
    turn: str
    scene: str


_IDEAS: dict[Topic, Idea] = {
    "price": Idea(
        "The number first",
        "Talk about {offer} usually opens with hope and closes with the price. This campaign turns the order round",
        "Whatever it costs is said at the top, and the story earns its place underneath",
        "a kitchen table in the evening, a sheet of paper, one sum with nothing in small print",
    ),
    "hours": Idea(
        "When the day is done",
        "Plans fail on the calendar long before they fail on the wish. {client} makes finding a time the first subject",
        "Each piece begins at an hour people know: the last meeting, the way home, the quiet after dinner",
        "a coat already on, a phone in the hand, the street lamps coming on",
    ),
    "deadline": Idea(
        "The quiet days before",
        "Pressure arrives on dates that everybody knows in advance. The campaign speaks in the calm before them",
        "That is when {offer} can still change how the busy days go",
        "a wall calendar, one date circled, the desk beside it still tidy",
    ),
    "order": Idea(
        "Where is it now?",
        "Somebody asks it every week: where is it, and who had it last? The campaign gives that question a face",
        "Every piece follows a single item on its way and shows the moment it usually disappears",
        "one sheet of paper under a stack, seen from the side, its corner showing",
    ),
    "effort": Idea(
        "One step fewer",
        "Every routine holds a step nobody would invent a second time. The campaign names that step and looks at "
        "it soberly",
        "Each execution takes a routine apart and asks which move {offer} makes unnecessary",
        "two hands, the same movement for the tenth time, a clock in the corner of the picture",
    ),
    "waste": Idea(
        "What is left over",
        "People judge a purchase by what remains in the bin. The campaign starts at that end and works backwards",
        "Objects are shown after use, plainly lit, with their story written beside them",
        "an empty packet on a plain table, and next to it what becomes of it",
    ),
    "fit": Idea(
        "Will it suit me?",
        "The doubt sits in the detail: measure, feel, what touches the skin. {client} talks about details before "
        "beauty",
        "Close views and plain answers replace mood, one question to a piece",
        "fingers testing a seam or a texture in daylight",
    ),
    "risk": Idea(
        "The right moment",
        "The honest obstacle is timing, not interest. The campaign begins with what is already on the desk",
        "It treats the obstacle as a fact to plan around and shows a sensible order of steps",
        "a project plan on a screen, one free line between two long bars",
    ),
    "confidence": Idea(
        "At your own pace",
        "Hesitation does not end because a poster asks for courage. It ends when the first step is visible and small",
        "So the pieces show the room, the first question, and the door that stays open both ways",
        "an empty chair by a window, a second chair at a polite distance",
    ),
    "trust": Idea(
        "Look for yourself",
        "This market has promises enough. {client} puts something checkable where others put an adjective",
        "A piece that holds nothing to check is not published",
        "a page with one line underlined by hand",
    ),
    "choice": Idea(
        "One clear answer",
        "Too much choice feels like no choice. The campaign takes one question at a time and closes it",
        "Each piece asks as a customer would ask and answers without jargon",
        "a shelf out of focus, one object in front of it in clear light",
    ),
    "growth": Idea(
        "Out of the standstill",
        "Standing still is tiring because it looks like work. The campaign describes the standstill precisely",
        "Then it shows the first movement {offer} brings, without a promise about the last",
        "footprints that go round in a circle, then one that leaves it",
    ),
    "other": Idea(
        "Said plainly",
        "People who look for {offer} have a question that goes unanswered elsewhere. {client} answers it in one "
        "sentence",
        "The sentence stays the same everywhere; the example under it changes",
        "a blank wall, one sentence on it, daylight",
    ),
}
_REASON: dict[Trade, tuple[str, str]] = {
    "local": (
        "Neighbours talk: a thought that people in {place} can retell in a sentence travels further than a slogan",
        "It needs real rooms and real hours, which a chain from elsewhere cannot copy",
    ),
    "business": (
        "Several people sign, and a thought this plain survives being forwarded",
        "It speaks to working knowledge: {primary} can test every line against the last month",
    ),
    "shop": (
        "It works in the two seconds before a thumb moves on, and still holds on the product page",
        "Each product can carry the thought, so the range of {client} grows without a new campaign",
    ),
    "coaching": (
        "It lets people recognise their own situation before anything is sold to them",
        "It can be told in the first person by {client} without boasting",
    ),
    "general": (
        "It is short enough to be remembered by {primary} and concrete enough to be checked",
        "It leaves room for new examples, so the campaign of {client} does not wear out in a month",
    ),
}

_COURSE: dict[Trade, str] = {
    "local": "Over the weeks the idea moves through the house: first the door, then the desk, then the room where "
    "the work is done. Each stop shows something that can be seen on any ordinary day, so nothing has to be "
    "staged and nothing goes stale",
    "business": "Over the weeks the idea follows a working month: the calm start, the first exception, the pile, "
    "the closing. Every stage gets one piece, told from the desk where the work lands, with the tool in the "
    "background and the task in front",
    "shop": "Over the weeks the idea follows a product home: unpacking, first use, the hundredth use, what comes "
    "after. Each stage is short, shot in one take and honest about small flaws, because buyers of {client} notice "
    "them anyway",
    "coaching": "Over the weeks the idea follows a decision: the evening it is put off again, the first sentence "
    "said aloud, the small trial, the pause, the next step. {client} comments as a companion and leaves the "
    "outcome open",
    "general": "Over the weeks the idea is told from three sides: by those who ask, by those who answer, and by "
    "the thing itself. A reader may enter anywhere, since every part names {client} and explains itself",
}


@section("core_campaign_idea")
def core_campaign_idea(facts: Facts, benchmark: Benchmark) -> str:
    """Set out the idea, its territory scene by scene, and the reasons that carry it."""
    said = worries(facts) or facts.outcomes
    idea = _IDEAS[topic(said[0]) if said else "other"]
    return fit(
        [
            Block(heading("Big Idea")),
            Block(lead(f"“{idea.title}”", fill(idea.thought, facts))),
            Block(paragraph(fill(idea.turn, facts), _origin(facts, said))),
            Block(paragraph(_offer_line(facts)), 2),
            Block(heading("Creative Territory")),
            Block(paragraph(f"Everything looks as if {facts.client} had simply opened the door and let people see")),
            *_scenes(facts, said, idea),
            Block(paragraph(_outside(facts)), 3),
            Block(paragraph(fill(_COURSE[trade(facts)], facts)), 5),
            Block(heading("Why It Works")),
            *_reasons(facts, trade(facts)),
            Block(paragraph(_open(facts)), 3),
            Block(paragraph(_trial(facts)), 5),
        ],
        benchmark,
        facts,
    )


def _origin(facts: Facts, said: tuple[str, ...]) -> str:
    if not said:
        return "The brief names no worry of buyers yet; five short customer interviews will confirm or replace the idea"
    source = "a worry" if facts.pains else "an objection" if facts.objections else "a wish"
    return f"It grows from {source} in the brief: {quoted(said[0])}"


def _offer_line(facts: Facts) -> str:
    if facts.offer.price:
        return f"The idea always ends at something real: {facts.offer.priced}"
    return (
        f"The idea always ends at {facts.offer.name}; its price is not in the brief and is added once "
        f"{facts.client} confirms it"
    )


def _scenes(facts: Facts, said: tuple[str, ...], idea: Idea) -> list[Block]:
    blocks = [Block(bullet(f"Opening scene: {idea.scene}"))]
    shown = {idea.title}
    for worry in said[1:4]:
        other = _IDEAS[topic(worry)]
        if other.title in shown:
            continue
        shown.add(other.title)
        blocks.append(Block(bullet(f"For {quoted(worry)}: {other.scene}"), len(shown)))
    closing = f"Closing frame: the name {facts.client}, one line, and the invitation to {facts.request}"
    return [*blocks, Block(bullet(closing))]


def _outside(facts: Facts) -> str:
    never = prose_list(facts.tone_never, "or")
    pictures = note(facts, "pictures")
    return paragraph(
        f"Outside the territory lie {never}"
        if never
        else "Outside the territory lie shouting, countdowns and pressure",
        f"A remark from the discovery call draws another border: {quoted(pictures)}" if pictures else "",
    )


def _reasons(facts: Facts, kind: Trade) -> list[Block]:
    first, second = (fill(text, facts) for text in _REASON[kind])
    names = [channel.name for channel in facts.channels[:4]]
    blocks = [
        Block(bullet(first)),
        Block(bullet(_proof(facts))),
        Block(bullet(f"It asks for a single act in {prose_list(names)}: {facts.request}")),
        Block(bullet(second), 1),
    ]
    if facts.outcomes:
        blocks.append(Block(bullet(f"It leads to what people hope for, in their words {quoted(facts.outcomes[0])}"), 2))
    if facts.tone:
        blocks.append(Block(bullet(f"It can be told in the voice the brief asks for: {prose_list(facts.tone)}"), 3))
    weak = "Should the idea leave people cold in the first tests, the next worry on the list takes its place"
    return [*blocks, Block(bullet(weak), 4)]


def _trial(facts: Facts) -> str:
    return facts.pick(
        (
            f"Three versions of the opening line are shown to a handful of {facts.primary} before production. "
            "The version they repeat correctly an hour later is made; the others are filed with the reason",
            f"Before anything is produced, {facts.client} reads the line to five outsiders and asks what it is about. "
            "If three answers differ, the line is rewritten, however much it was liked inside",
        ),
        "idea trial",
    )


def _open(facts: Facts) -> str:
    missing = unknown(facts, "what holds buyers back", "what buyers hope for", "proof of results", "prices")
    if not missing:
        return ""
    return (
        f"Open for now: {missing}. One conversation with {facts.client} closes this before "
        "production. "
        "The first line stands either way, while the second depends on the answers"
    )


def _proof(facts: Facts) -> str:
    if facts.proof:
        return f"It stands on evidence that exists today: {prose_list([quoted(text) for text in facts.proof[:2]])}"
    return "It needs no claim about results, which matters because the brief holds no proof so far"
