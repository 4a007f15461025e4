"""Audience segments and persona cards: who is meant, what moves them, what stops them."""

from apps.production.api.dtos import Benchmark
from apps.production.rules.facts import Facts
from apps.production.rules.reading import Topic, Trade, evidence, fill, note, proof_for, topic, trade, unknown
from apps.production.rules.sections import section
from apps.production.rules.writing import Block, bullet, capital, fit, heading, lead, paragraph, prose_list, quoted

_SECOND: dict[Trade, str] = {
    "local": "those who live with them and decide along with them about {offer}",
    "business": "colleagues who must agree before {offer} is bought: those responsible for systems, data and contracts",
    "shop": "people who buy from {client} as a gift and know less about {offer}",
    "coaching": "people who recommend {client} to a colleague or friend without needing {offer} themselves",
    "general": "people whom the first group asks for advice before they {request}",
}
_MOMENT: dict[Trade, tuple[str, str]] = {
    "local": (
        "They look in the evening or in a break, on a phone, with two or three addresses from {place} open side "
        "by side",
        "The question of the way, the parking and the free hour decides as often as the offer",
    ),
    "business": (
        "They look during a working week in which the problem has just cost them time, and they save what they "
        "can forward",
        "The decision passes several desks, so each piece has to be understood without its sender",
    ),
    "shop": (
        "They come across the product while doing something else, and check it later when they are alone with the "
        "basket",
        "Delivery, return and material decide more often than the picture",
    ),
    "coaching": (
        "They follow for a while in silence and write on a day when the old way has failed once more",
        "They compare people rather than programmes, and listen for tone",
    ),
    "general": (
        "They start with a question, not with the name of a supplier, and read two or three answers before they write",
        "What happens after the first message has to be clear before it is sent",
    ),
}
_NOT: dict[Trade, str] = {
    "local": "Left out: people beyond reach of {place}, and those who compare by price alone",
    "business": "Left out: firms outside the described size or region, students, and suppliers looking for customers",
    "shop": "Left out: bargain hunters who return after every reduction and leave nothing but postage",
    "coaching": "Left out: people in a crisis that needs professional help of another kind, who are told so kindly",
    "general": "Left out: everybody who cannot use {offer}, which the first line of each piece makes plain",
}
_ANSWERS: dict[Topic, tuple[str, str]] = {
    "price": ("say what is included before the sum is named", "lay the costs out line by line"),
    "hours": ("show free times before any form", "offer the choice of time first and the details second"),
    "deadline": ("start outside the busy dates and say so in the plan", "show which steps fit between two peaks"),
    "order": ("walk through one item from arrival to archive", "show where a thing stands at each moment"),
    "effort": ("show the steps that remain, not the ones that vanish", "let them see the setting-up in real time"),
    "waste": ("explain what is left after use and where it goes", "name materials instead of attitudes"),
    "fit": (
        "give measures, ingredients and the way to send it back",
        "answer by detail photographs and plain measures",
    ),
    "risk": ("lay out an order of steps with points to stop", "hand over the papers the review needs on day one"),
    "confidence": ("describe the first meeting minute by minute", "offer a first question without name or obligation"),
    "trust": ("point to something they can check without asking", "let them see work, not praise"),
    "choice": ("answer one question and recommend one step", "compare the choices on one plain page"),
    "growth": ("talk about the next step and leave the summit alone", "show what is done in the first four weeks"),
    "other": ("answer in one sentence and show an example", "ask back before answering, then be brief"),
}

_BORDER: dict[Trade, str] = {
    "local": "Distance is part of the description: whoever has a long way to {client} wants a stronger reason. "
    "Messages for the outer parts of {place} therefore begin with the appointment and only then come to the offer",
    "business": "Size and sector are checked by two details in the form, never by long questionnaires. Firms that "
    "turn out not to fit get a friendly pointer elsewhere and stay out of the figures",
    "shop": "Behaviour separates better than age: what was looked at, what was put back, what was bought along. "
    "{client} reads these traces in total and builds no profile of a single person",
    "coaching": "Readiness separates better than profession: some are collecting, some are comparing, some have "
    "decided. Each stage hears something different, and nobody is pushed from one into the next",
    "general": "Where two groups want different things, the message is split; where they only sound different, it "
    "stays whole. {client} decides that after the first replies and not at the drawing board",
}


@section("audience_segments")
def audience_segments(facts: Facts, benchmark: Benchmark) -> str:
    """Describe the two audiences and how they are addressed, kept apart and left out."""
    kind = trade(facts)
    return fit(
        [
            Block(heading("Primary Audience")),
            Block(
                paragraph(f"The first effort goes to {facts.primary}", _in_full(facts), fill(_MOMENT[kind][0], facts))
            ),
            *_primary_bullets(facts),
            Block(heading("Secondary Audience")),
            Block(paragraph(*_secondary(facts, kind))),
            *_secondary_bullets(facts),
            Block(heading("How the Segments Are Used")),
            Block(paragraph(fill(_BORDER[kind], facts)), 5),
            Block(bullet(fill(_NOT[kind], facts))),
            Block(bullet(f"Results are kept per audience, so that a good week with {facts.primary} hides nothing")),
            Block(bullet(f"Words for the groups are checked in five conversations {facts.client} has anyway"), 2),
        ],
        benchmark,
        facts,
    )


def _in_full(facts: Facts) -> str:
    full = facts.audiences[0] if facts.audiences else ""
    return f"The brief describes them as {quoted(full)}" if full and full.lower() != facts.primary.lower() else ""


def _primary_bullets(facts: Facts) -> list[Block]:
    blocks = [Block(bullet(f"What they are asked to do: {facts.request}"))]
    if facts.pains:
        blocks.append(Block(bullet(f"What weighs on them: {prose_list([quoted(text) for text in facts.pains[:2]])}")))
    if facts.outcomes:
        blocks.append(Block(bullet(f"Their hope: {quoted(facts.outcomes[0])}")))
    if not facts.pains or not facts.outcomes:
        missing = unknown(facts, "what holds buyers back", "what buyers hope for")
        blocks.append(Block(bullet(f"Not in the brief and asked first: {missing}")))
    proof = evidence(facts, 0)
    believes = (
        f"What makes them believe: {quoted(proof)}" if proof else "What could make them believe: a look at real work"
    )
    return [
        *blocks,
        Block(bullet(believes)),
        Block(bullet(f"Where they meet {facts.client} first: {facts.channel.name}"), 1),
    ]


def _secondary(facts: Facts, kind: Trade) -> list[str]:
    if facts.secondary:
        return [
            f"Next come {facts.secondary}, with a message of their own",
            fill(_MOMENT[kind][1], facts),
            f"They get a part of the attention until their share in {facts.metric or 'the results'} is known",
        ]
    return [
        "The brief names one audience. A second one is assumed for testing and not yet confirmed",
        f"The likeliest are {fill(_SECOND[kind], facts)}",
        fill(_MOMENT[kind][1], facts),
    ]


def _secondary_bullets(facts: Facts) -> list[Block]:
    blocks = []
    if facts.objections:
        blocks.append(Block(bullet(f"A hurdle likely to come from this side: {quoted(facts.objections[-1])}")))
    if len(facts.offers) > 1:
        blocks.append(Block(bullet(f"A possible way in for them: {facts.offers[1].priced}")))
    if len(facts.outcomes) > 1:
        blocks.append(Block(bullet(f"The wish to begin with: {quoted(facts.outcomes[1])}"), 1))
    last = facts.channels[-1].name
    return [
        *blocks,
        Block(bullet(f"First trial: one message in {last}, compared with the same message to the first group")),
    ]


_MOMENT_OF_NEED: dict[Trade, str] = {
    "local": "Half past eight in the evening, dishes done. The search begins with the service and ends with the "
    "opening hours. If the price stays hidden or the form asks for too much, the tab is closed without a word to "
    "anybody",
    "business": "Tuesday, between two meetings, the same exception for the third time. A search, a saved "
    "document, a message to a colleague with three words: look at this",
    "shop": "On the train, thumb moving, until a picture stops it. The thing is saved, forgotten, found again at "
    "the weekend and then examined down to the delivery terms",
    "coaching": "Sunday night, the week ahead already heavy. A text saved months ago is read to the end for the "
    "first time, and the reply field is opened and closed again",
    "general": "A small failure in daily life makes the matter urgent for an hour. Whatever answer is found "
    "within that hour is remembered, and {client} wants to be that answer",
}


@section("persona_cards")
def persona_cards(facts: Facts, benchmark: Benchmark) -> str:
    """Draw two people by their role, without names, ages or figures that the brief does not give."""
    kind = trade(facts)
    worries = (facts.pains[:2], facts.pains[2:4] or facts.objections[:2])
    wishes = (facts.outcomes[:1], facts.outcomes[1:3])
    return fit(
        [
            Block(paragraph(_reading(facts))),
            Block(heading("Primary Persona")),
            Block(lead("Role", f"{capital(_ROLE[kind][0])}, out of the group {quoted(facts.primary)}")),
            Block(paragraph(fill(_ROLE[kind][1], facts))),
            *_card(facts, 0, worries[0], wishes[0], kind),
            Block(lead("A typical moment", fill(_MOMENT_OF_NEED[kind], facts)), 4),
            Block(heading("Secondary Persona")),
            Block(lead("Role", f"{capital(_ROLE[kind][2])}, out of the group {quoted(_second_group(facts, kind))}")),
            Block(paragraph(fill(_ROLE[kind][3], facts))),
            *_card(facts, 1, worries[1], wishes[1], kind),
            Block(heading("Answers to Objections")),
            *_objections(facts),
            Block(heading("What the Cards Are For")),
            Block(paragraph(_blanks(facts)), 3),
            Block(paragraph(_expiry(facts)), 4),
            Block(
                bullet(
                    f"Writers check each piece of {facts.client} against one card: which line would this person "
                    "forward?"
                )
            ),
            Block(bullet(_HANDLE[kind])),
            Block(bullet(f"After the first month the cards are corrected with what {facts.primary} really asked")),
        ],
        benchmark,
        facts,
    )


_ROLE: dict[Trade, tuple[str, str, str, str]] = {
    "local": (
        "the one who has put it off",
        "Has meant to see to it for a long time and reads more than anybody notices. Wants to know three things "
        "before writing: "
        "what happens, what it costs, when it is possible",
        "the one who arranges things for the household",
        "Plans round school, work and the car. Judges {client} by how simple the first message is, and passes on "
        "what went well",
    ),
    "business": (
        "the one who answers for the process",
        "Knows the weak spot of the procedure because complaints about it arrive on this desk. Looks for "
        "arguments that hold in "
        "the next internal meeting",
        "the one who has to agree",
        "Meets {offer} late and with little time. Reads the last page first: risk, data, contract, and what "
        "happens in case of trouble",
    ),
    "shop": (
        "the one who checks twice",
        "Likes the product and mistrusts the picture. Reads the line about material and the one about sending "
        "back before anything else",
        "the one who buys for somebody else",
        "Has a date in mind and little knowledge of the range. Is glad when {client} recommends one thing instead "
        "of showing thirty",
    ),
    "coaching": (
        "the one who has tried alone",
        "Has read a good deal on the subject and knows that reading was not the missing piece. Looks for a person "
        "to trust, and tests "
        "the tone first",
        "the one who is asked for advice",
        "Knows somebody who might need {client}. Recommends only what can be explained in two sentences and "
        "cannot embarrass",
    ),
    "general": (
        "the one who needs to know now",
        "Has a concrete cause to look around and little patience for introductions. Writes to whoever answers clearly",
        "the one who is consulted",
        "Sees the matter from outside and asks what could go wrong. Is won by openness about limits rather than "
        "by enthusiasm",
    ),
}
_WANT: dict[Trade, tuple[tuple[str, str], tuple[str, str]]] = {
    "local": (
        ("To be taken seriously without having to explain much", "To have it behind them, with a clear next date"),
        ("A reliable address in {place} for the whole family", "No second trip because something was missing"),
    ),
    "business": (
        (
            "A procedure that does not depend on who is on holiday",
            "To show a result before the next budget round begins",
        ),
        ("A decision that still looks sound in an audit", "Short papers with a named contact"),
    ),
    "shop": (
        ("To own one good thing instead of three that nearly fit", "A purchase that can be undone without argument"),
        ("To give something that looks chosen", "Delivery on a date that is kept"),
    ),
    "coaching": (
        ("To take a decision that has waited for months", "To work with someone who says no when it does not fit"),
        ("To be of use to a friend without owing an explanation", "To know how {client} treats people who do not buy"),
    ),
    "general": (
        ("A straight answer and a next step", "To stop searching and begin"),
        (
            "To advise well and not be blamed later",
            "To see limits as clearly as advantages before speaking for {client}",
        ),
    ),
}


_HANDLE: dict[Trade, str] = {
    "local": "At the front desk the cards help to hear which of the two is speaking, and to offer the fitting date",
    "business": "In first conversations the cards help to see which desk is still missing, and to send the right "
    "paper there",
    "shop": "In service the cards help to tell doubt from annoyance, and to answer the first with detail",
    "coaching": "In first talks the cards help to notice early when somebody is better served elsewhere",
    "general": "In replies the cards help to choose the length: short for the first person, complete for the second",
}


def _reading(facts: Facts) -> str:
    return facts.pick(
        (
            f"The cards show roles, not individuals: nobody here has a made-up name, because {facts.client} gave "
            "none to go by",
            f"Both cards are working tools. They hold what the brief of {facts.client} says, and mark what is assumed",
            f"These cards describe behaviour; age, income and names stay out unless {facts.client} has said them",
        ),
        "persona reading",
    )


def _second_group(facts: Facts, kind: Trade) -> str:
    return facts.secondary or fill(_SECOND[kind], facts)


def _blanks(facts: Facts) -> str:
    missing = unknown(facts, "what holds buyers back", "what buyers hope for", "proof of results")
    if not missing:
        return ""
    return (
        f"Blank lines on both cards: {missing}. They are filled in by {facts.client} or by "
        "buyers, not by guesswork, "
        "and each entry carries its source"
    )


def _expiry(facts: Facts) -> str:
    return facts.pick(
        (
            f"Nothing on the cards is research; they gather what {facts.client} has told us and what follows from it. "
            "Each line may be struck out by a single good conversation that says otherwise",
            f"Cards age quickly: at half time {facts.client} either signs them again or corrects them in red. "
            "A line nobody could confirm by then is removed, even if it reads well",
        ),
        "persona expiry",
    )


def _card(facts: Facts, card: int, worries: tuple[str, ...], wishes: tuple[str, ...], kind: Trade) -> list[Block]:
    unknown = (
        f"Still to be learnt: {facts.client} asks the next five enquirers what nearly kept them away",
        "Assumed to be close to the first card until the first replies come in",
    )[card]
    pains = [f"{capital(text)} – {_ANSWERS[topic(text)][card]}" for text in worries] or [unknown]
    motives = [f"In the words of the brief: {quoted(text)}" for text in wishes]
    wants = _WANT[kind][card]
    return [
        Block("**Pain Points:**" if card == 0 else "**Pain Points of this person:**"),
        *(Block(bullet(text)) for text in pains),
        Block("**Motivations:**" if card == 0 else "**Motivations of this person:**"),
        *(Block(bullet(text)) for text in motives),
        Block(bullet(fill(wants[0], facts))),
        Block(bullet(fill(wants[1], facts)), 1),
        Block(lead("Way to reach them" if card == 0 else "Contact", _contact(facts, card)), 2),
    ]


def _contact(facts: Facts, card: int) -> str:
    if card == 0:
        hours = note(facts, "hours")
        time = (
            f"Times that suit are known: {quoted(hours)}"
            if hours
            else "The best hour is read from the first month's replies"
        )
        return f"{facts.channel.name} first, with one question to a piece. {time}"
    return f"{facts.channels[-1].name}, and above all what the first person forwards"


def _objections(facts: Facts) -> list[Block]:
    if facts.objections:
        return [
            Block(
                bullet(f"**{quoted(text)}:** {capital(_ANSWERS[topic(text)][index % 2])}{_backed(facts, text, index)}"),
                index // 2,
            )
            for index, text in enumerate(facts.objections[:4])
        ]
    first = "The brief lists no objections. Reception or sales notes each “no” in the buyer's own words for a month"
    proof = evidence(facts, 0)
    answer = (
        f"Until then one answer serves all doubts: {quoted(proof)}"
        if proof
        else "Until then each doubt gets a personal reply"
    )
    return [Block(bullet(first)), Block(bullet(answer))]


def _backed(facts: Facts, worry: str, index: int) -> str:
    proof = proof_for(facts, worry, index)
    return f"; what backs it up: {quoted(proof)}" if proof else ""
