"""Influencer strategy: whose word counts with these buyers, how they are asked, what is not allowed."""

import re
from typing import NamedTuple

from apps.production.api.dtos import Benchmark
from apps.production.rules.facts import Facts
from apps.production.rules.reading import (
    Trade,
    capacity,
    day,
    fill,
    filled,
    middle,
    note,
    proof_for,
    trade,
    unknown,
    worries,
)
from apps.production.rules.sections import section
from apps.production.rules.writing import Block, bullet, fit, heading, lower_first, paragraph, prose_list, quoted

_CREATORS = re.compile(r"creator|influenc|ambassador|podcast guest|partner", re.IGNORECASE)


class Circle(NamedTuple):
    """Three tiers, what they are given, how they are activated, and what is out of the question."""

    view: str
    tiers: tuple[tuple[str, str], ...]
    steps: tuple[str, ...]
    measure: str
    no: str


_CIRCLES: dict[Trade, Circle] = {
    "local": Circle(
        "In {place} a word from somebody one meets again counts for more than a large audience elsewhere",
        (
            (
                "Neighbouring practices and shops",
                "people who are asked for a recommendation anyway; they get a card and a contact, no fee",
            ),
            (
                "Local voices",
                "those who write about life in {place}, clubs, parents' groups and local media, chosen for "
                "readers nearby",
            ),
            (
                "People who know {client}",
                "former visitors who offer to speak, only with written consent and in their own words",
            ),
        ),
        (
            "Make a list of twelve names from the daily work, not from a database, and strike those who do not "
            "fit the tone",
            "Invite four of them for a look behind the counter; what they publish is up to them",
            "Ask neighbouring practices which question about {offer} they hear most, and answer it together",
            "Thank in writing, and say when a recommendation led somebody to {request}",
        ),
        "Visitors are asked how they came to {client}; the answer is noted beside the booking",
        "Paid praise, gifts in return for reviews, and treatment or goods in exchange for a post",
    ),
    "business": Circle(
        "Firms believe practitioners who have the same problem on the desk, and distrust reach",
        (
            ("Practitioners", "users and former colleagues of {primary} who report on method, not on a product"),
            (
                "Associations and trade press",
                "chambers, professional groups and editors who need a sober expert contribution",
            ),
            ("Partners", "consultants, implementers and system houses whose clients need {offer} at some point"),
        ),
        (
            "Ask customers of {client} who they read; the five names mentioned most are the list",
            "Offer a joint expert piece in which the practitioner has the last word on the text",
            "Give partners a one-page note on fit and limits, so that they recommend only where it suits",
            "Take up comments under such pieces with a factual reply within a working day",
        ),
        "The form where firms {request} asks who recommended {client}; sales adds the answer after the first "
        "conversation",
        "Bought opinions, awards against payment, and testimonials written by marketing",
    ),
    "shop": Circle(
        "Somebody who uses a thing for weeks shows more about it than a famous face on one afternoon",
        (
            (
                "Users with small circles",
                "people who show things of daily life and already answer questions below their posts",
            ),
            ("Specialists", "makers, testers and teachers who can judge material or method of {offer}"),
            ("Customers", "buyers of {client} who send pictures unasked and agree to their use"),
        ),
        (
            "Search for people who already talk about the problem, and read their comments before writing to them",
            "Send the product without conditions; a poor verdict is answered, not argued away",
            "Agree one question per person that only a user can answer",
            "Ask for permission before a picture is used in an ad, and note its period",
        ),
        "Each person has a link of their own; orders and returns of {client} are counted for each",
        "Invented discount codes, scripts to be read aloud, and posts without a label",
    ),
    "coaching": Circle(
        "People choose a person here, and ask other people before they do",
        (
            (
                "Earlier participants",
                "those who speak about their own way, with consent and without a promise about others",
            ),
            ("Hosts", "podcasts, newsletters and groups in which {primary} already listen"),
            ("Colleagues in the field", "professionals with a neighbouring subject who refer people when it fits"),
        ),
        (
            "Offer hosts one subject with a clear opinion instead of a biography of {client}",
            "Ask earlier participants for a conversation about what was hard; publish what they release",
            "Agree with colleagues in both directions when to refer and when not to",
            "Close each appearance with one open question to listeners rather than with an offer",
        ),
        "Everybody who wants to {request} is asked where they first heard {client} speak",
        "Income promises, purchased audiences, and commissions that nobody is told about",
    ),
    "general": Circle(
        "The people who are asked for advice matter more for {client} than those with the widest audience",
        (
            ("Advisers", "people whom buyers consult before they decide about {offer}"),
            ("Multipliers", "clubs, groups and editors with a readership that overlaps with {primary}"),
            ("Customers", "those who speak well of {client} unasked and agree to be quoted"),
        ),
        (
            "Find out in ten conversations whose recommendation counted",
            "Offer those people knowledge first: an answer, a visit, a document",
            "Agree in writing what each side may say and for how long",
            "Repeat with the two that worked, end the others politely",
        ),
        "The first reply to each enquiry asks how the person came upon {client}",
        "Purchased followers, hidden payment and statements nobody has checked",
    ),
}

_APPROACH: dict[Trade, str] = {
    "local": "The first talks are held where both sides meet anyway: at the counter, at the club, at the school "
    "fair. A letter from {client} follows only when somebody showed interest, and it names what is expected and "
    "what is not",
    "business": "The first contact is a substantive remark on something the person has published, made by a "
    "specialist and not by marketing. A request follows weeks later, if at all, and may be declined without "
    "consequence",
    "shop": "The first message shows that their work was read: it names the post, the point, and why {client} "
    "writes. It contains no attachment, no contract and no fee table",
    "coaching": "The first step is to recommend the other side without being asked. Whoever has been quoted "
    "fairly by {client} tends to listen when a joint subject is proposed",
    "general": "The first step is to listen: who is quoted, who is asked, whose advice is passed on. {client} "
    "writes to three of them by hand before a list of any length exists",
}


@section("influencer_strategy")
def influencer_strategy(facts: Facts, benchmark: Benchmark) -> str:
    """Choose the tiers that fit this kind of client, activate them in steps, and draw the limits."""
    circle = _CIRCLES[trade(facts)]
    steps = filled(circle.steps, facts)
    return fit(
        [
            Block(heading("Influencer Tiers")),
            Block(paragraph(fill(circle.view, facts), _weight(facts))),
            *(Block(bullet(f"**{fill(name, facts)}:** {fill(text, facts)}")) for name, text in circle.tiers),
            Block(heading("Activation Strategy")),
            Block(paragraph(_subject(facts))),
            *(Block(bullet(text), rank) for text, rank in zip(steps, (0, 0, 0, 1), strict=True)),
            Block(
                bullet(
                    f"{day(middle(facts))}: whoever led to {facts.metric or 'results'} is asked again, the rest "
                    "is let go"
                )
            ),
            Block(paragraph(fill(_APPROACH[trade(facts)], facts)), 5),
            Block(heading("Limits and Measurement")),
            Block(paragraph(_open(facts)), 3),
            Block(paragraph(_agreement(facts)), 5),
            Block(bullet(f"Out of the question: {lower_first(fill(circle.no, facts))}")),
            Block(bullet(fill(circle.measure, facts))),
            *_limits(facts),
        ],
        benchmark,
        facts,
    )


def _weight(facts: Facts) -> str:
    voice = note(facts, "voice")
    if voice:
        return (
            f"The strongest voice is in the house and has said yes: {quoted(voice)}. Others are added to it, "
            "not put in its place"
        )
    paid = next((channel for channel in facts.channels if _CREATORS.search(channel.name)), None)
    if paid:
        money = f", which is {paid.budget}" if paid.budget else ""
        return (
            f"The channel plan gives {paid.name} {paid.share} of the means{money}; more needs a new decision "
            f"by {facts.client}"
        )
    return facts.pick(
        (
            f"No fee is planned for this in the budget of {facts.client}; where one is wanted, it is agreed and "
            "labelled first",
            f"{facts.client} starts without payment to third parties, because nothing shows yet that it would pay",
        ),
        "influencer weight",
    )


def _subject(facts: Facts) -> str:
    said = worries(facts)
    if not said:
        return (
            f"The subject offered to all of them is the question that {facts.primary} ask most, once it has "
            "been collected"
        )
    proof = proof_for(facts, said[-1], 1)
    seen = (
        f". They may check and show {quoted(proof)}"
        if proof
        else ". Since no proof is at hand yet, they are shown the daily work"
    )
    return f"The subject offered to all of them comes from the brief: {quoted(said[-1])}{seen}"


def _open(facts: Facts) -> str:
    missing = unknown(facts, "the budget", "proof of results", "what holds buyers back")
    if not missing:
        return ""
    return (
        f"Since the brief leaves open {missing}, first talks serve as interviews as well. "
        f"Each ends by asking what the other side would have to see before recommending {facts.client}"
    )


def _agreement(facts: Facts) -> str:
    return facts.pick(
        (
            "Every agreement fits on one side of paper: subject, period, label, rights of use, end. "
            f"{facts.client} keeps it with the files of the campaign and goes through it again at half time",
            f"Nothing is agreed by word of mouth alone: {facts.client} confirms subject, label and period in a "
            "short letter. "
            "It also says what happens when either side wants to stop before the date",
        ),
        "influencer agreement",
    )


def _limits(facts: Facts) -> list[Block]:
    label = (
        f"Any advantage given by {facts.client} is disclosed at the top of the piece, in the language of its readers"
    )
    file = (
        f"{facts.client} keeps name, date, agreement and outcome of each contact on file, and deletes them "
        "after the period"
    )
    blocks = [Block(bullet(label)), Block(bullet(file), 4)]
    blocks += [
        Block(bullet(f"This sentence travels with every piece on the offer: {quoted(text)}"), 1)
        for text in facts.disclaimers[:1]
    ]
    if facts.compliance:
        blocks.append(Block(bullet(f"Third parties are bound as well by: {'; '.join(facts.compliance[:3])}"), 2))
    if capacity(facts):
        blocks.append(Block(bullet(f"Dates are staggered, since the team can serve {capacity(facts)}"), 3))
    if facts.tone_never:
        blocks.append(
            Block(
                bullet(f"Partners receive a short note on manner: never {prose_list(facts.tone_never, 'or')}"),
                3,
            )
        )
    return blocks
