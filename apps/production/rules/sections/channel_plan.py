"""Channel plan: which channels, what each is there for, what is done in it, and what it may spend."""

import re

from apps.production.api.dtos import Benchmark
from apps.production.rules.facts import ChannelFact, Facts
from apps.production.rules.reading import Trade, capacity, fill, is_paid, is_whole, note, proof_for, trade, worries
from apps.production.rules.sections import section
from apps.production.rules.writing import Block, bullet, capital, fit, heading, paragraph, prose_list, quoted, table

_KINDS = (
    ("search_ads", r"search ads|google ads|\bppc\b|paid search|adwords"),
    ("map", r"maps?\b|business profile|local listing|directory"),
    ("mail", r"e-?mail|newsletter|crm"),
    ("video", r"youtube|video|reels?\b"),
    ("social_ads", r"meta ads|social ads|\bads?\b|paid"),
    ("event", r"webinar|event|workshop|\bfair\b|podcast"),
    ("professional", r"linkedin|xing|\btrade\b|association"),
    ("search", r"search|seo|website|blog|content"),
    ("message", r"whatsapp|sms|messenger|telegram"),
    ("social", r"instagram|facebook|pinterest|tiktok|social|threads|\bx\b|community"),
)
_WORK = {
    "search_ads": {
        True: "bid on problem terms around {offer}, exclude job and student searches, and read the search terms weekly",
        False: "bid on {offer} together with {place}, switch ads to the hours somebody answers, and read terms weekly",
    },
    "map": {
        True: "keep address, sectors served and contact route current, and answer each entry by name of the matter",
        False: "keep hours, prices and pictures current, answer each review within the week, and link to the page "
               "where people {request}",
    },
    "mail": {
        True: "write only to addresses with a documented permission, one subject a mail, signed by who can answer",
        False: "follow up those who asked and agreed, with the next useful answer instead of a general newsletter",
    },
    "video": {
        True: "record the working steps around {offer} as short screen or shop-floor films, with captions for "
              "silent viewing",
        False: "film short answers on site, one question to a film, with captions and without music that argues",
    },
    "professional": {
        True: "publish observations from practice under a person's name, answer comments the same day, and send "
              "documents on request",
        False: "speak to people in their working role, where {offer} touches their daily life",
    },
    "event": {
        True: "take one problem, half an hour and open questions; those registered receive the recording and the "
              "next step",
        False: "meet people around a single question on {offer}, with time to ask and without a sales part",
    },
    "search": {
        True: "write one page for each problem that {primary} type into a search box, each ending at the step to "
              "{request}",
        False: "write one page for each question about {offer}, name {place} where it matters, and show the way "
               "to {request}",
    },
    "message": {
        True: "use it for appointments and short questions of contacts who chose this route",
        False: "answer people who wrote first, confirm dates, and keep it free of mass mailings",
    },
    "social_ads": {
        True: "show short evidence to defined sectors and roles, and cap how often one person sees it",
        False: "show the strongest message to people in reach of {client}, and cap how often one person sees it",
    },
    "social": {
        True: "show the people and the work behind {offer}, and turn recurring questions into posts",
        False: "show real situations at {client}, answer comments, and take questions over into the next week's posts",
    },
    "other": {
        True: "start with a small, clearly separated trial for {primary} and write down what it brought",
        False: "begin with a small trial close to {offer} and extend it only after a result has been seen",
    },
}  # fmt: skip
_PURPOSE = {
    "search_ads": "Be there at the moment somebody types a question that {offer} answers",
    "map": "Show nearby people where {client} is, when it is open and what others say",
    "mail": "Stay in touch with people who agreed to hear from {client}",
    "video": "Let {offer} be seen at work before anybody has to write",
    "event": "Give {primary} a fixed hour for questions",
    "professional": "Let {primary} hear from a named person at {client}",
    "search": "Answer in writing what {primary} look up before they {request}",
    "message": "Keep the way to {client} short for people who prefer a brief message",
    "social_ads": "Bring {offer} to the notice of people who are not searching yet",
    "social": "Show what daily work at {client} looks like",
    "other": "Reach a part of the audience that the other channels miss",
}
_LOGIC: dict[Trade, str] = {
    "local": "People in {place} search, read what others wrote and then ask. The channels follow that order",
    "business": "In firms, one person notices the problem, another compares, a third signs. The channels share "
    "these three moments",
    "shop": "A product is seen by chance, checked on purpose and bought when the doubt is gone. The channels "
    "divide that path",
    "coaching": "Trust in a person grows by repetition: seen, read, heard, asked. The channels carry one voice "
    "through these steps",
    "general": "Nobody acts on the first sight of a new name. The channels lead from noticing {client} to a "
    "reason to ask",
}
_RULE: dict[Trade, str] = {
    "local": "Money follows open hours: when the diary of {client} is full for two weeks, paid reach pauses "
             "before posts do",
    "business": "Money follows fit: a channel that brings many contacts but few that suit {offer} loses budget first",
    "shop": "Money follows the basket: a channel is judged by orders and returns together, never by clicks",
    "coaching": "Money follows conversations: what fills the list without anybody who wants to {request} is cut back",
    "general": "Money follows results: the channel with the dearest {metric} gives way to the one below it in the "
               "table",
}  # fmt: skip

_CADENCE: dict[Trade, tuple[str, str, str]] = {
    "local": (
        "Monday: a look at the free hours of the week, then at the posts and ads that lead there",
        "Each message from {place} gets its reply from a person who can offer a date",
        "Every piece leads to the same short page with price, hours and the way to {request}",
    ),
    "business": (
        "One fixed half hour a week with sales: which contacts fitted, which did not, and what that changes",
        "A contact who asks is handed over with the page read, the question put and the channel it came from",
        "Pieces lead to one page for each problem, and only from there to the form where firms {request}",
    ),
    "shop": (
        "Twice a week stock and ads are compared, so that nothing is promoted that cannot be sent",
        "Comments with a product question are answered in public, so that the next buyer of {client} finds them",
        "Pieces lead to the product itself, never to the start page",
    ),
    "coaching": (
        "One day a month is for recording, the rest of the month lives on it",
        "Personal messages are answered by {client} in person or not at all",
        "Pieces lead to one page that says for whom the work is meant and for whom not",
    ),
    "general": (
        "Every second week the questions received are read aloud and become the next pieces",
        "A named person at {client} answers, and that person's absence is planned for",
        "Pieces lead to one page that answers the first question and shows how to {request}",
    ),
}


@section("channel_plan")
def channel_plan(facts: Facts, benchmark: Benchmark) -> str:
    """Rank the channels, give each a role and concrete work, and print the budget table."""
    kind = trade(facts)
    return fit(
        [
            Block(heading("Priority Channels")),
            Block(paragraph(fill(_LOGIC[kind], facts), _order(facts))),
            Block(paragraph(_few(facts)), 3),
            Block(heading("Role of Each Channel")),
            *(Block(bullet(_role(channel, facts)), max(0, index - 3)) for index, channel in enumerate(facts.channels)),
            Block(heading("Key Tactics")),
            *_tactics(facts),
            *_conditions(facts),
            Block(heading("Rhythm and Hand-over")),
            *_rhythm(facts, kind),
            Block(heading("Budget Focus")),
            Block(
                table(("Channel", "Share", "Amount", "Pays for"), [_money_row(channel) for channel in facts.channels])
            ),
            Block(paragraph(fill(_RULE[kind], facts), _basis(facts))),
        ],
        benchmark,
        facts,
    )


def _kind(channel: ChannelFact) -> str:
    return next((kind for kind, pattern in _KINDS if re.search(pattern, channel.name, re.IGNORECASE)), "other")


def _order(facts: Facts) -> str:
    names = [channel.name for channel in facts.channels]
    if len(names) == 1:
        return (
            f"Everything rests on {names[0]}, because one channel kept up well serves {facts.client} better "
            "than several begun"
        )
    return facts.pick(
        (
            f"First in line, with {facts.channel.share} of the means: {names[0]}. Behind it stand "
            f"{prose_list(names[1:4])}",
            f"The lead lies with {names[0]} ({facts.channel.share} of the means), and {prose_list(names[1:4])} "
            "work towards it",
        ),
        "channel order",
    )


def _few(facts: Facts) -> str:
    return facts.pick(
        (
            f"The number is kept small on purpose: {facts.client} gains more from answering well in few places",
            f"More channels were possible; {facts.client} would then pay for presence instead of for answers",
            f"Each channel that is added must first show who at {facts.client} will tend it",
        ),
        "few channels",
    )


def _role(channel: ChannelFact, facts: Facts) -> str:
    rhythm = (
        f"{channel.posts_per_week} posts a week" if channel.posts_per_week else "runs in the background, no fixed posts"
    )
    if channel.posts_per_week == 1:
        rhythm = "one post a week"
    role = channel.role if is_whole(channel.role) else fill(_PURPOSE[_kind(channel)], facts)
    return f"**{channel.name}:** {capital(role).rstrip('.')} ({rhythm})"


def _tactics(facts: Facts) -> list[Block]:
    blocks, used = [], set()
    for index, channel in enumerate(facts.channels):
        kind = _kind(channel)
        if kind not in used:
            work = fill(_WORK[kind][facts.is_b2b], facts)
            blocks.append(Block(bullet(f"**{channel.name}:** {capital(work)}"), max(0, index - 3)))
            used.add(kind)
        for tactic in channel.tactics[:2]:
            if tactic not in used and is_whole(tactic):
                blocks.append(Block(bullet(f"In {channel.name}: {tactic}"), 2 + index))
                used.add(tactic)
    return blocks


def _conditions(facts: Facts) -> list[Block]:
    """What the brief and the calls say that changes how the channels are run."""
    said = {
        "response": "Before more is spent, the way to an answer is shortened, for the call recorded: {}",
        "voice": "One voice is already promised, and the editorial plan is built round it: {}",
        "list": "An existing source is used before reach is bought: {}",
        "hours": "Ads and posts point to hours that are really free: {}",
    }
    found = [(words, note(facts, about)) for about, words in said.items()]  # type: ignore[arg-type]
    blocks = [Block(bullet(words.format(quoted(text))), 1) for words, text in found if text]
    if capacity(facts):
        blocks.append(Block(bullet(f"Paid reach is throttled by what the team can handle ({capacity(facts)})"), 1))
    if worries(facts):
        proof = proof_for(facts, worries(facts)[0], 1)
        answer = f"answered with {quoted(proof)}" if proof else "answered with facts from the daily work"
        blocks.append(
            Block(
                bullet(
                    f"One question runs through all channels in the first month: {quoted(worries(facts)[0])}, {answer}"
                ),
                2,
            )
        )
    return blocks


def _rhythm(facts: Facts, kind: Trade) -> list[Block]:
    posts = [channel for channel in facts.channels if channel.posts_per_week]
    total = sum(channel.posts_per_week for channel in posts)
    summed = " + ".join(str(channel.posts_per_week) for channel in posts)
    load = f"Together that is {summed} = {total} pieces a week" if len(posts) > 1 else ""
    meeting, reply, path = (fill(text, facts) for text in _CADENCE[kind])
    return [
        Block(paragraph(load, path)),
        Block(bullet(meeting)),
        Block(bullet(reply)),
        Block(
            bullet(
                f"No piece leaves for {facts.channel.name} before {facts.client} has approved its claims and its prices"
            ),
            1,
        ),
    ]


def _money_row(channel: ChannelFact) -> tuple[str, str, str, str]:
    pays = "media, written and checked variants" if is_paid(channel) else "planning, production, replies"
    return channel.name, channel.share, channel.budget or "share known, sum open", pays


def _basis(facts: Facts) -> str:
    if facts.budget:
        return f"The amounts are shares of the first amount in the brief, {facts.budget}"
    return f"The brief names no sum; once {facts.client} sets one, each amount is that sum times the share in the table"
