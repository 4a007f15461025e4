"""The content calendar: thirty days, one entry a day, each hook used once."""

from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from string import Formatter

from apps.production.api.dtos import CalendarItem
from apps.production.rules import hooks
from apps.production.rules.facts import ChannelFact, Facts
from apps.production.rules.writing import capital, paragraph, quoted, shorten

DAYS = 30
STAGES = {"A": "Awareness", "C": "Consideration", "V": "Conversion", "R": "Retention"}
STAGE_PLAN = "AAAAACAAAC" "CACCACCCVC" "CVVRVCVVRV"  # fmt: skip
"""Stage by day. Six of the first seven days raise awareness; people are asked to act when they know what for."""

_HOOKS = {"A": hooks.AWARENESS, "C": hooks.CONSIDERATION, "V": hooks.CONVERSION, "R": hooks.RETENTION}
_MOST_USES = 3  # of one fact in a month of hooks
_FORMATS = (
    (("instagram",), ("Reel", "Carousel", "Story")),
    (("tiktok", "youtube", "video"), ("Short video", "Talking head")),
    (("linkedin", "xing"), ("Text post", "Document", "Carousel")),
    (("email", "e-mail", "newsletter", "crm"), ("Newsletter", "Short letter")),
    (("ads", "paid", "ppc"), ("Ad variant", "Ad text")),
    (("search", "seo", "blog", "website", "content"), ("Article", "Question page")),
    (("google business", "maps"), ("Update", "Photo")),
    (("event", "webinar", "partner"), ("Invitation", "Session note")),
)
_SOFT_REQUESTS = {
    "A": ("Save this for later", "Tell us how you see it", "Send us your question", "Follow along", "Share it"),
    "C": ("Read the details", "Write us your question", "See how it works", "Keep this list", "Reply with your doubt"),
    "R": ("Send us a line", "Tell somebody", "Leave a note", "Answer in the comments"),
}
_BODIES = {
    "A": (
        "This is written for {primary}, in the words they use themselves.",
        "We start with what people tell us, before we talk about {offer}.",
        "One thought today, no sales talk.",
        "Take it as a note from {client}, nothing more.",
        "You need no background for this one.",
    ),
    "C": (
        "Here is how {client} goes about it, in the order in which it happens.",
        "Compare at your own pace; the facts are below.",
        "We say what is known, and also what depends on your case.",
        "It takes a minute to read and may save a call.",
        "The people who do the work at {client} wrote the answer.",
    ),
    "V": (
        "If {offer} fits, the next step is short.",
        "Ask {client} whatever you still need to know before you decide.",
        "One question is reason enough to get in touch.",
        "Say when it suits you, and we take it from there.",
    ),
    "R": (
        "Thank you for the trust in {client}.",
        "Your view helps us to explain {offer} better.",
        "It means something to hear from you.",
    ),
}


def calendar_of(facts: Facts) -> tuple[CalendarItem, ...]:
    """Plan thirty consecutive days from the start of the strategy.

    Posts go out on as many days a week as the strategy's channels plan for, for businesses never on a weekend; the
    other days carry work on the page: answers, preparation, checks.
    """
    platforms = _platforms(facts)
    quiet = _quiet_weekdays(facts)
    queues = {stage: _hooks(facts, stage, options) for stage, options in _HOOKS.items()}
    work = _hooks(facts, "W", hooks.WORK)
    items = []
    for offset in range(DAYS):
        day, stage = facts.start + timedelta(days=offset), STAGE_PLAN[offset]
        channel = next(platforms)
        hook = None if day.weekday() in quiet else next(queues[stage], None)
        items.append(
            _post(facts, day, channel, stage, hook, offset) if hook else _work(facts, day, channel, stage, work)
        )
    return tuple(items)


def _platforms(facts: Facts) -> Iterator[ChannelFact]:
    """Yield channels in turn, each as often as it is planned to post: the one furthest behind its share goes next."""
    posting = [channel for channel in facts.channels if channel.posts_per_week > 0] or list(facts.channels)
    used: Counter[str] = Counter()
    while True:
        channel = min(posting, key=lambda channel: (used[channel.name] + 1) / max(channel.posts_per_week, 1))
        used[channel.name] += 1
        yield channel


def _quiet_weekdays(facts: Facts) -> set[int]:
    """Return the weekdays without a post (0 = Monday)."""
    posts = sum(channel.posts_per_week for channel in facts.channels)
    post_days = min(max(posts, 4), 5 if facts.is_b2b else 7)
    order = (6, 5, 4, 0, 2, 3, 1) if facts.is_b2b else (6, 2, 4, 0, 5, 3, 1)
    opening = facts.start.weekday()  # the first day has a post if any day of its kind has
    order = sorted(order, key=lambda weekday: weekday == opening and not (facts.is_b2b and weekday >= 5))
    return set(order[: 7 - post_days])


def _hooks(facts: Facts, stage: str, options: tuple[str, ...]) -> Iterator[str]:
    """Yield filled hooks in the client's own order, those that hold a fact of the brief two for one of the others."""
    slots = _slots(facts)
    uses: Counter[str] = Counter()
    ordered = facts.shuffled(options, f"hooks {stage}")
    specific = [hook for hook in ordered if _names(hook) & {"pain", "outcome", "objection", "proof", "priced", "other"}]
    general = [hook for hook in ordered if hook not in specific]
    for hook in _two_to_one(specific, general):
        filled = _filled(hook, slots, uses)
        if filled and not facts.is_banned(filled):
            yield capital(filled)


def _two_to_one(specific: list[str], general: list[str]) -> Iterator[str]:
    while specific or general:
        yield from specific[:2]
        yield from general[:1]
        specific, general = specific[2:], general[1:]


def _slots(facts: Facts) -> dict[str, list[str]]:
    return {
        "pain": [quoted(shorten(text, 9)) for text in facts.pains],
        "outcome": [quoted(shorten(text, 9)) for text in facts.outcomes],
        "objection": [quoted(shorten(text, 9)) for text in facts.objections],
        "proof": [shorten(text, 10) for text in facts.proof],
        "priced": [offer.priced for offer in facts.offers if offer.price],
        "other": [offer.priced for offer in facts.offers[1:]],
        "offer": [facts.offer.short],
        "primary": [facts.readers],
        "secondary": [shorten(facts.secondary, 7)] if facts.secondary else [],
        "place": [facts.place] if facts.place else [],
        "client": [facts.client],
        "request": [facts.request],
    }


def _names(template: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(template) if name}


def _filled(hook: str, slots: dict[str, list[str]], uses: Counter[str]) -> str:
    """Fill a hook with the facts used least so far; "" when one is missing or has been used enough."""
    chosen = {}
    for name in sorted(_names(hook)):
        if not slots[name]:
            return ""
        chosen[name] = min(slots[name], key=lambda fact: uses[fact])
        if len(slots[name]) > 1 or name in ("pain", "outcome", "objection", "proof", "priced", "other"):
            if uses[chosen[name]] >= _MOST_USES:
                return ""
            uses[chosen[name]] += 1
    return hook.format(**chosen)


def _post(facts: Facts, day: date, channel: ChannelFact, stage: str, hook: str, offset: int) -> CalendarItem:
    request = _request(facts, stage, offset)
    body = facts.shuffled(_BODIES[stage], f"body {stage}")[offset % len(_BODIES[stage])]
    body = body.format(client=facts.client, offer=facts.offer.short, primary=facts.readers)
    caveat = " ".join(facts.disclaimers) if _speaks_of_results(facts, hook) else ""
    formats = next((formats for names, formats in _FORMATS if _matches(channel.name, names)), ("Post",))
    return CalendarItem(
        date=day,
        platform=channel.name,
        theme=STAGES[stage],
        format=formats[offset % len(formats)],
        hook=hook,
        caption=paragraph(hook, *(part for part in (body, request) if not facts.is_banned(part)), caveat),
        call_to_action=request,
    )


def _work(facts: Facts, day: date, channel: ChannelFact, stage: str, work: Iterator[str]) -> CalendarItem:
    task = next(work, f"{day:%-d %B}: prepare the next entry with {facts.client}")
    return CalendarItem(
        date=day,
        platform=channel.name,
        theme=STAGES[stage],
        format="Engagement",
        hook=task,
        caption=paragraph(f"No post today on {channel.name}", task),
        call_to_action=facts.pick(["None: work on the page", "None today"], "no request"),
    )


def _matches(name: str, words: tuple[str, ...]) -> bool:
    return any(word in name.lower() for word in words)


def _speaks_of_results(facts: Facts, hook: str) -> bool:
    return any(shorten(text, 9)[:40] in hook for text in (*facts.proof, *facts.outcomes))


def _request(facts: Facts, stage: str, offset: int) -> str:
    if stage == "V":
        return capital(facts.request)
    options = [option for option in _SOFT_REQUESTS[stage] if not facts.is_banned(option)] or [capital(facts.request)]
    return options[offset % len(options)]
