"""The content calendar: thirty days, one entry a day, each post used once."""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from string import Formatter

from apps.production.api.dtos import CalendarItem
from apps.production.rules import posts
from apps.production.rules.facts import ChannelFact, Facts, Option
from apps.production.rules.posts import Post
from apps.production.rules.posts_by_kind import BY_KIND, kind_of
from apps.production.rules.reading import is_whole, topic, trade
from apps.production.rules.topic_posts import FIRMS, PEOPLE
from apps.production.rules.writing import capital, lower_first, paragraph, quoted, sentences, shorten

DAYS = 30
STAGES = {"A": "Awareness", "C": "Consideration", "V": "Conversion", "R": "Retention"}
STAGE_PLAN = "AAAAACAAAC" "CACCACCCVC" "CVVRVCVVRV"  # fmt: skip
"""Stage by day. Six of the first seven days raise awareness; people are asked to act when they know what for."""

_POSTS = {"A": posts.AWARENESS, "C": posts.CONSIDERATION, "V": posts.CONVERSION, "R": posts.RETENTION}
_MOST_USES = 3  # of one fact in a month of posts
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
_REQUESTS = (
    (r"\bcomments?\b|\bbelow\b|\bvote\b|\btag\b", "Tell us in a comment"),
    (r"\blists?\b|\bsave\b|\bwrite (?:it )?down\b|\btake them along\b|\bquestions that\b", "Save this post"),
    (r"\bsend them\b|\bpass\b", "Send this post on"),
    (r"\b(?:tell|ask|write to|send) us\b|\bquestions?\b", "Send us a message"),
)
"""What readers are asked to do, by what the text above it speaks of."""
_OTHER_REQUESTS = ("Share this post", "Save this post", "Send us a message", "Tell us in a comment")
_SOCIAL = ("instagram", "facebook", "tiktok", "linkedin", "xing", "youtube", "pinterest", "social")
_FOR_SOCIAL = re.compile(r"\bcomments?\b|\bbelow\b|\bvote\b|\btag\b|\bswipe\b|\bfollowers?\b|\bpinned\b", re.IGNORECASE)
_IN_MAILS = ("Reply to this mail", "Write back with your question")
_MAIL = ("email", "e-mail", "newsletter", "crm")


def calendar_of(facts: Facts) -> tuple[CalendarItem, ...]:
    """Plan thirty consecutive days from the start of the strategy.

    Posts go out on as many days a week as the strategy's channels plan for, for businesses never on a weekend; the
    other days carry work on the page: answers, preparation, checks.
    """
    platforms = _platforms(facts)
    quiet = _quiet_weekdays(facts)
    uses: Counter[str] = Counter()
    queues = {stage: list(_posts(facts, stage, uses)) for stage in STAGES}
    work = list(_work_lines(facts))
    items = []
    for offset in range(DAYS):
        day, stage = facts.start + timedelta(days=offset), STAGE_PLAN[offset]
        channel = next(platforms)
        post = (
            None if day.weekday() in quiet else _take(queues[stage], channel, lambda post: f"{post.hook} {post.body}")
        )
        items.append(
            _post(facts, day, channel, stage, post, offset) if post else _work(facts, day, channel, stage, work)
        )
    return tuple(items)


def _take(left: list[Option], channel: ChannelFact, text_of: Callable[[Option], str]) -> Option | None:
    """Take the next that suits a channel out of those left: comments and followers are found on social media only."""
    is_social = _matches(channel.name, _SOCIAL)
    fitting = (option for option in left if is_social or not _FOR_SOCIAL.search(text_of(option)))
    chosen = next(fitting, None)
    if chosen is not None:
        left.remove(chosen)
    return chosen


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


def _posts(facts: Facts, stage: str, uses: Counter[str]) -> Iterator[Post]:
    """Yield filled posts: those on what troubles the client's buyers two for one of the others."""
    slots = _slots(facts)
    own = BY_KIND[kind_of(facts)].get(stage, ())
    general = facts.shuffled((*own, *_POSTS[stage]), f"posts {stage}")
    specific = [post for post in general if _names(post.hook) & {"outcome", "proof", "priced", "other"}]
    others = sorted((post for post in general if post not in specific), key=lambda post: post not in own)
    troubles = list(_on_troubles(facts, stage))
    for post in _two_to_one([*troubles, *specific], others):
        filled = Post(_filled(post.hook, slots, uses), _filled(post.body, slots, uses))
        if filled.hook and filled.body and not facts.is_banned(filled.hook):
            yield Post(capital(filled.hook), filled.body)


def _on_troubles(facts: Facts, stage: str) -> Iterator[Post]:
    """Yield posts on pains (awareness) and doubts (consideration): on their topic, else with the client's own words."""
    known = {"advice": FIRMS if facts.is_b2b else PEOPLE, "shop": PEOPLE}.get(kind_of(facts), {})
    used: set[str] = set()
    if stage == "A":
        yield from _answers(
            facts.pains, {about: both.naming for about, both in known.items()}, posts.QUOTED_PAINS, used
        )
    if stage == "C":
        helping = {about: both.helping for about, both in known.items()}
        yield from _answers(facts.objections, helping, posts.QUOTED_DOUBTS, used)
        yield from _answers(facts.pains, helping, posts.QUOTED_HELP, used)


def _answers(
    troubles: Sequence[str], known: Mapping[str, Post], quoting: Sequence[Post], used: set[str]
) -> Iterator[Post]:
    quotes = iter(quoting)
    for trouble in troubles:
        about, words = topic(trouble), quoted(shorten(trouble, 9)).replace("{", "(").replace("}", ")")
        if about in known and about not in used:
            used.add(about)
            yield known[about]
        elif about not in used and is_whole(words) and (quote := next(quotes, None)):
            yield Post(quote.hook.replace("{pain}", words).replace("{objection}", words), quote.body)


def _work_lines(facts: Facts) -> Iterator[str]:
    slots = _slots(facts)
    for line in facts.shuffled(posts.WORK, "work"):
        filled = _filled(line, slots, Counter())
        if filled and not facts.is_banned(filled):
            yield capital(filled)


def _two_to_one(specific: list[Post], general: list[Post]) -> Iterator[Post]:
    while specific or general:
        yield from specific[:2]
        yield from general[:1]
        specific, general = specific[2:], general[1:]


def _slots(facts: Facts) -> dict[str, list[str]]:
    return {
        "outcome": [text for text in (quoted(shorten(text, 9)) for text in facts.outcomes) if is_whole(text)],
        "proof": [text for text in (shorten(text, 10) for text in facts.proof) if is_whole(text)],
        "priced": [offer.priced for offer in facts.offers if offer.price],
        "other": [offer.priced for offer in facts.offers[1:]],
        "offer": [facts.offer.short],
        "readers": [facts.readers],
        "secondary": [shorten(facts.secondary, 7)] if facts.secondary else [],
        "place": [facts.place] if facts.place and _is_near(facts) else [],
        "client": [facts.client],
        "request": [facts.request],
    }


def _is_near(facts: Facts) -> bool:
    """Say whether people come to the client: then its place is worth a post."""
    return kind_of(facts) == "guests" or trade(facts) == "local"


def _names(template: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(template) if name}


def _filled(hook: str, slots: dict[str, list[str]], uses: Counter[str]) -> str:
    """Fill a hook with the facts used least so far; "" when one is missing or has been used enough."""
    chosen = {}
    for name in sorted(_names(hook)):
        if not slots[name]:
            return ""
        chosen[name] = min(slots[name], key=lambda fact: uses[fact])
        if name in ("outcome", "proof", "priced", "other"):
            if uses[chosen[name]] >= _MOST_USES:
                return ""
            uses[chosen[name]] += 1
    return hook.format(**chosen)


def _post(facts: Facts, day: date, channel: ChannelFact, stage: str, post: Post, offset: int) -> CalendarItem:
    request = _request(facts, stage, post, channel, offset)
    caveat = " ".join(facts.disclaimers) if _speaks_of_results(facts, post.hook) else ""
    formats = next((formats for names, formats in _FORMATS if _matches(channel.name, names)), ("Post",))
    body = " ".join(part for part in sentences(post.body) if not facts.is_banned(part)) or post.hook
    return CalendarItem(
        date=day,
        platform=channel.name,
        theme=STAGES[stage],
        format=formats[offset % len(formats)],
        hook=post.hook,
        caption=paragraph(body, request, caveat),
        call_to_action=request,
    )


def _work(facts: Facts, day: date, channel: ChannelFact, stage: str, work: list[str]) -> CalendarItem:
    task = _take(work, channel, str) or f"{day:%-d %B}: prepare the next entry with {facts.client}"
    return CalendarItem(
        date=day,
        platform=channel.name,
        theme=STAGES[stage],
        format="Engagement",
        hook=task,
        caption=paragraph(f"No new post today: {lower_first(task)}"),
        call_to_action="None today",
    )


def _matches(name: str, words: tuple[str, ...]) -> bool:
    return any(word in name.lower() for word in words)


def _speaks_of_results(facts: Facts, hook: str) -> bool:
    return any(shorten(text, 9)[:40] in hook for text in (*facts.proof, *facts.outcomes))


def _request(facts: Facts, stage: str, post: Post, channel: ChannelFact, offset: int) -> str:
    asked = capital(facts.request)
    if stage == "V":
        return f"{asked}: {_host(facts)}" if facts.website else asked
    said = [request for words, request in _REQUESTS if re.search(words, f"{post.hook} {post.body}", re.IGNORECASE)]
    turn = offset % len(_OTHER_REQUESTS)
    options = [*said, *_OTHER_REQUESTS[turn:], *_OTHER_REQUESTS[:turn]]
    if not _matches(channel.name, _SOCIAL):
        options = [option for option in options if not _FOR_SOCIAL.search(option)]
    if _matches(channel.name, _MAIL):
        options = [_IN_MAILS[offset % 2], _IN_MAILS[1 - offset % 2]]
    return next((option for option in options if not facts.is_banned(option)), asked)


def _host(facts: Facts) -> str:
    return re.sub(r"^https?://(?:www\.)?|/.*$", "", facts.website)
