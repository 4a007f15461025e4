"""Email and CRM flows: mail by mail, with day, trigger, subject, purpose and content."""

import re
from typing import NamedTuple

from apps.production.api.dtos import Benchmark
from apps.production.rules.facts import Facts
from apps.production.rules.reading import (
    Topic,
    Trade,
    capacity,
    fill,
    filled,
    mail_channel,
    note,
    proof_for,
    spread_proof,
    topic,
    trade,
    worries,
)
from apps.production.rules.sections import section
from apps.production.rules.writing import Block, bullet, capital, fit, heading, paragraph, quoted, shorten, table


class Mail(NamedTuple):
    """One mail of a flow; the texts are templates."""

    day: str
    trigger: str
    subject: str
    purpose: str
    content: str

    def row(self, facts: Facts) -> tuple[str, ...]:
        return tuple(fill(text, facts) for text in self)


_WELCOME: dict[Trade, tuple[Mail, Mail]] = {
    "local": (
        Mail(
            "0",
            "request sent",
            "We have your message",
            "calm the wait",
            "confirmation, who will answer and by when, way to {client}",
        ),
        Mail(
            "1",
            "date agreed",
            "Your visit: what happens",
            "prepare",
            "course of the visit, what to bring, cost named beforehand",
        ),
    ),
    "business": (
        Mail(
            "0",
            "form sent",
            "Your request to {client}",
            "confirm",
            "named contact, two proposed times, agenda for the step to {request}",
        ),
        Mail(
            "1",
            "time agreed",
            "Three points before we talk",
            "prepare",
            "three questions on volume, systems and people involved",
        ),
    ),
    "shop": (
        Mail(
            "0",
            "first order",
            "Your order is being packed",
            "confirm",
            "what was ordered, delivery window, how to reach {client}",
        ),
        Mail(
            "2",
            "parcel sent",
            "How to begin with it",
            "first use",
            "short guidance for {offer}, care and what is normal at the start",
        ),
    ),
    "coaching": (
        Mail(
            "0",
            "sign-up confirmed",
            "Good that you wrote",
            "greet",
            "what {client} will send, how often, how to leave again",
        ),
        Mail(
            "2",
            "welcome opened",
            "One question back",
            "listen",
            "a single question about the situation, read by a person",
        ),
    ),
    "general": (
        Mail(
            "0",
            "first message",
            "Received, and what comes next",
            "confirm",
            "who deals with it at {client}, next step, expected time",
        ),
        Mail(
            "1",
            "first reply read",
            "The short version",
            "orient",
            "what {offer} covers, what it does not, how to {request}",
        ),
    ),
}
_LAST: dict[Trade, Mail] = {
    "local": Mail(
        "21",
        "no date yet",
        "Shall we close your request?",
        "respectful end",
        "a yes or no by one click, no further mail after a no",
    ),
    "business": Mail(
        "45",
        "silence after papers",
        "A better quarter?",
        "find the date",
        "choice of three later periods, or removal from the list",
    ),
    "shop": Mail(
        "60",
        "no second order",
        "Was everything right?",
        "learn",
        "one question on the first purchase, answer goes to service",
    ),
    "coaching": Mail(
        "30",
        "no reply",
        "Not now is an answer too",
        "let go",
        "an offer to write less often, and a way to stop entirely",
    ),
    "general": Mail(
        "30", "no decision", "Keep it or close it?", "tidy up", "one click to stay in touch, one click to be deleted"
    ),
}
_SUBJECT: dict[Topic, tuple[str, str]] = {
    "price": (
        "What it costs, line by line",
        "what is included in {offer}, what may be added, how the total is put together",
    ),
    "hours": ("Times that are free", "available times first, the form afterwards"),
    "deadline": ("Before the next busy date", "a backwards calendar: which step fits into which week"),
    "order": ("Where things go missing", "one item followed through the process, with the gap marked"),
    "effort": ("The step done by hand", "a routine taken apart, and the part {offer} takes over"),
    "waste": ("What remains afterwards", "material, use and disposal without decoration"),
    "fit": ("Will it suit?", "measures, ingredients, and what happens when it does not fit"),
    "risk": ("The order of steps", "which papers are needed when, and where one may stop"),
    "confidence": ("The first ten minutes", "what happens at the beginning, told step by step"),
    "trust": ("Check it yourself", "where to verify what {client} says"),
    "choice": ("One question, one recommendation", "two questions that lead to one sensible choice"),
    "growth": ("The next step only", "what the first four weeks contain"),
    "other": ("A frequent question", "the question as it was asked, and a short answer"),
}
_HANDOVER: dict[Trade, tuple[str, ...]] = {
    "local": (
        "A reply by mail stops the flow; from then on the front desk of {client} writes in person",
        "Missed date: one friendly mail with two new times, then nothing",
        "After the visit: thanks, the answer to open questions, and the way to leave an honest review",
        "Each contact in the file carries its wish, its preferred time and its permission",
    ),
    "business": (
        "Somebody who opens the price sheet and returns within a week goes to sales with a note",
        "A second person from the same firm joins the file of the first, so that nobody is asked twice",
        "Running projects are entered with their end date; the next mail waits for it",
        "Fields in the file: role, systems in use, volume, decision path, source of permission",
    ),
    "shop": (
        "A return stops all sales mail until it is settled",
        "A left basket brings a reminder with the answer to the commonest doubt, never with an invented deadline",
        "A question to service sets the next mail back by a week",
        "Fields in the file: first product, reason for purchase as stated, permission with date",
    ),
    "coaching": (
        "A personal reply ends the automatic flow at once; {client} answers by hand",
        "Those who have decided receive practical mail only: date, place, preparation",
        "Whoever says it is too early chooses the month in which to be asked again",
        "Fields in the file: question in own words, source, date of permission",
    ),
    "general": (
        "Every answer from a reader reaches a named person at {client} and stops the sequence",
        "Requests without reply are looked at by hand before a third mail leaves",
        "After the service: thanks, one question, no advertising",
        "Fields in the file: occasion, source, permission, date of last contact",
    ),
}
_CONSENT: dict[Trade, str] = {
    "local": "Marketing mail goes only to those who agreed to it apart from their appointment; details of visits "
    "stay out of it",
    "business": "Each address needs a recorded source and permission; bought lists are not used for {client}",
    "shop": "An order is no permission for advertising beyond what the law allows; the box at checkout starts empty",
    "coaching": "Sign-up is confirmed by a second click, and what is written in confidence is never quoted",
    "general": "Permission is stored with date and wording, and leaving takes one click in every mail",
}


@section("email_and_crm_flows")
def email_and_crm_flows(facts: Facts, benchmark: Benchmark) -> str:
    """Lay out welcome and nurture mails as tables, then triggers, hand-over to people, and consent."""
    kind = trade(facts)
    header = ("Day", "Trigger", "Subject", "Purpose", "Content")
    welcome = [mail.row(facts) for mail in _WELCOME[kind]]
    hand = filled(_HANDOVER[kind], facts)
    text = fit(
        [
            Block(paragraph(_place(facts))),
            Block(heading("Welcome Series")),
            Block(table(header, [*welcome, _invitation(facts)])),
            Block(bullet(_speed(facts))),
            Block(bullet(_sender(facts))),
            Block(heading("Nurture Flows")),
            Block(paragraph(_thread(facts))),
            Block(table(header, [*_nurture(facts), _LAST[kind].row(facts)])),
            *_supply(facts),
            Block(heading("Triggers and Hand-over")),
            *(Block(bullet(text)) for text in hand),
            Block(heading("Consent and Measurement")),
            Block(bullet(fill(_CONSENT[kind], facts))),
            Block(
                bullet(f"Counted per mail: replies, clicks that go on to {facts.request}, and departures from the list")
            ),
            *_rules(facts),
        ],
        benchmark,
        facts,
    )
    return text if facts.writes_mail else _as_messages(text)


def _as_messages(text: str) -> str:
    """Tell the same flows of messages by phone, chat or text, for a client who wants no e-mail."""
    text = re.sub(r"\b(?:e-?)?mail(s?)\b", r"message\1", text)
    return re.sub(r"\b(?:E-?m|M)ail(s?)\b", r"Message\1", text)


def _place(facts: Facts) -> str:
    if not facts.writes_mail:
        return (
            f"As {facts.client} wishes, nothing here needs a mailing list: each step is a personal message, sent "
            "where the enquiry came in, by phone, chat or text"
        )
    channel = mail_channel(facts)
    if channel:
        money = f" ({channel.budget})" if channel.budget else ""
        return f"These flows are what {facts.client} gets for {channel.share} of the budget{money}: {channel.name}"
    return (
        f"Mail is no advertising channel in this plan. {facts.client} writes only to people who asked, and "
        "only about what they asked"
    )


def _invitation(facts: Facts) -> tuple[str, ...]:
    proof = proof_for(facts, worries(facts)[0]) if worries(facts) else (facts.proof or ("",))[0]
    content = f"{facts.offer.priced}; {proof}" if proof else f"{facts.offer.priced}; what happens after the click"
    return "4", "no step taken", f"{capital(facts.request)}: how it works", "lead to the step", content


def _speed(facts: Facts) -> str:
    said = note(facts, "response")
    if said:
        return (
            "The first mail leaves at once and by itself, at any hour, because of what the call brought up: "
            f"{quoted(said)}. "
            "It names the time of the personal reply truthfully"
        )
    return (
        f"The first mail leaves at once; how fast a person at {facts.client} follows is measured in the first fortnight"
    )


def _sender(facts: Facts) -> str:
    return facts.pick(
        (
            f"Sender is a person at {facts.client} with a name and a reply address, never a no-reply mailbox",
            f"Mails carry the name of someone at {facts.client} who reads the answers",
            f"Answers go straight to a desk at {facts.client}; an address that cannot receive is not used",
        ),
        "mail sender",
    )


def _thread(facts: Facts) -> str:
    if not worries(facts):
        return "Worries of buyers are not known yet, so the flow starts with two questions and grows from the replies"
    return facts.pick(
        (
            f"One mail answers one doubt that the brief of {facts.client} reports; whoever has taken the step "
            "leaves the flow",
            f"The flow goes through the doubts of {facts.primary} one by one and ends as soon as somebody acts",
        ),
        "mail thread",
    )


def _nurture(facts: Facts) -> list[tuple[str, ...]]:
    days = ("7", "12", "17", "24")
    asked = ("no step after welcome", "previous mail opened", "page visited again", "still on the list")
    said = worries(facts)[:4]
    if not said:
        content = f"an open question to {facts.primary}, answered by a person"
        return [
            ("7", asked[0], "What would you like to know first?", "learn", content),
            (
                "14",
                asked[1],
                "What others asked",
                "inform",
                f"questions received so far about {facts.offer.name}, with short answers",
            ),
        ]
    rows, used = [], set()
    for index, (worry, proof) in enumerate(zip(said, spread_proof(facts, said), strict=True)):
        subject, content = _SUBJECT[topic(worry)]
        if subject in used:
            subject, content = (
                capital(shorten(worry, 7)),
                "the matter seen from another desk, with an answer from daily work",
            )
        used.add(subject)
        rows.append(
            (
                days[index],
                asked[index],
                subject,
                f"answer “{worry}”",
                fill(content, facts) + (f"; {proof}" if proof else ""),
            )
        )
    return rows


def _supply(facts: Facts) -> list[Block]:
    known = note(facts, "list")
    hours = note(facts, "hours")
    wish = facts.outcomes[0] if facts.outcomes else ""
    return [
        Block(
            bullet(
                f"Starting stock: {quoted(known)}. It is checked for valid permission, then receives the nurture flow"
            )
            if known
            else ""
        ),
        Block(bullet(f"Each mail with a date offers what really exists: {quoted(hours)}") if hours else "", 1),
        Block(bullet(f"The closing line of the flow returns to the wish: {quoted(wish)}") if wish else "", 2),
        Block(bullet(f"Sending pauses when requests come near {capacity(facts)}") if capacity(facts) else "", 2),
    ]


def _rules(facts: Facts) -> list[Block]:
    blocks = [
        Block(bullet(f"In the foot of each mail about the offer: {quoted(text)}"), 1) for text in facts.disclaimers[:1]
    ]
    if facts.compliance:
        blocks.append(Block(bullet(f"The lists are kept in line with: {'; '.join(facts.compliance[:3])}"), 1))
    tone = f"Before a flow goes live, somebody at {facts.client} reads it aloud as if it came from a stranger"
    return [*blocks, Block(bullet(tone))]
