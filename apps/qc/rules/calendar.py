"""The content calendar and its hashtags."""

import re
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from itertools import pairwise

from apps.production.api.dtos import CalendarItem
from apps.qc.rules.phrases import GENERIC_HASHTAGS
from apps.qc.rules.reader import plain
from apps.qc.rules.registry import Family, Hit, Reading, ReadSection
from apps.qc.rules.wording import content_words, quote, shorten, stem

calendar = Family("calendar")

WITHOUT_A_POST = "Engagement"
"""The format of days on which nothing is published, but comments are answered and posts prepared."""

WEEK_1_AWARENESS_DAYS = 5
MOST_DUPLICATE_HOOKS = 0.3
SHORTEST_CAPTION = 20  # characters
SHORTEST_HASHTAG = 4  # characters, without the sign
HASHTAGS_PER_CATEGORY = 3
CATEGORIES = ("brand", "industry", "campaign")

_DAYS = re.compile(r"(\d+)_day")
_HASHTAG = re.compile(r"(?<![\w#&/])#([^\W\d]\w*)")
_SELLS_TO_FIRMS = re.compile(
    r"\b(?:b2b|saas|enterprises?|procurement|wholesale\w*|heads? of|directors?|managers?|c[efto]os?|team leads?|"
    r"it teams?|distributors?|firms with|companies with)\b",
    re.IGNORECASE,
)


def _days_claimed(reading: Reading) -> int | None:
    """Return how many days the calendar's section promises in its key: "detailed_30_day_calendar" says 30."""
    match = _DAYS.search(reading.calendar_key)
    return int(match[1]) if match else None


@calendar.on_draft(
    "CALENDAR_DAYS",
    "MAJOR",
    "The calendar has other days than it claims",
    why="A 30-day calendar with 28 entries is two days short of what was sold.",
)
def calendar_days(reading: Reading) -> Iterator[Hit]:
    claimed, days = _days_claimed(reading), len({post.date for post in reading.posts})
    if claimed is not None and days != claimed:
        yield Hit(
            reading.calendar_key,
            f"{days} days are planned; {claimed} are claimed.",
            "",
            "Plan each day of the calendar.",
        )


@calendar.on_draft(
    "CALENDAR_GAP", "MAJOR", "The calendar has a gap", why="A day nobody planned is a day somebody improvises."
)
def calendar_gap(reading: Reading) -> Iterator[Hit]:
    dates = sorted({post.date for post in reading.posts})
    for day, following in pairwise(dates):
        if following - day > timedelta(days=1):
            yield Hit(
                reading.calendar_key,
                "Days are missing between two entries.",
                f"{day} → {following}",
                f"Plan {day + timedelta(days=1)} and the days up to {following}.",
            )


@calendar.on_draft(
    "CALENDAR_DATE_TWICE",
    "MAJOR",
    "Two entries for one day",
    why="The calendar holds one entry a day; a second one hides that another day has none.",
)
def calendar_date_twice(reading: Reading) -> Iterator[Hit]:
    for day, count in Counter(post.date for post in reading.posts).items():
        if count > 1:
            yield Hit(reading.calendar_key, f"{day} has {count} entries.", str(day), "Give each entry its own day.")


@calendar.on_draft(
    "CALENDAR_DUPLICATE_HOOK",
    "MAJOR",
    "A hook is used twice",
    why="Followers notice the second time. Up to three in ten warn; from there on the calendar fails.",
)
def calendar_duplicate_hook(reading: Reading) -> Iterator[Hit]:
    hooks = [plain(post.hook) for post in reading.posts]
    repeated = len(hooks) - len(set(hooks))
    if repeated:
        share = repeated / len(hooks)
        yield Hit(
            reading.calendar_key,
            f"{repeated} of {len(hooks)} hooks repeat another.",
            shorten(next(post.hook for post in reading.posts if hooks.count(plain(post.hook)) > 1)),
            "Write a hook of its own for each day.",
            status="FAIL" if share >= MOST_DUPLICATE_HOOKS else "WARN",
        )


@calendar.on_draft(
    "CALENDAR_WEEK_1_AWARENESS",
    "MINOR",
    "The first week sells too early",
    why="Five of the first seven days raise awareness, so that there is somebody to convince in the weeks after. "
    "Themes that name no stage cannot be judged.",
)
def calendar_week_1_awareness(reading: Reading) -> Iterator[Hit]:
    named = any("awareness" in post.theme.lower() for post in reading.posts)
    if not named or (_days_claimed(reading) or 0) < 14:
        return
    first = [post for post in reading.posts if (post.date - reading.posts[0].date).days < 7]
    raising = sum("awareness" in post.theme.lower() for post in first)
    if raising < WEEK_1_AWARENESS_DAYS:
        yield Hit(
            reading.calendar_key,
            f"{raising} of the first 7 days raise awareness; {WEEK_1_AWARENESS_DAYS} are expected.",
            ", ".join(post.theme for post in first),
            "Move offers to the later weeks.",
        )


@calendar.on_draft(
    "CALENDAR_WEEKEND",
    "MINOR",
    "Posts at the weekend for people at work",
    why="Buyers for firms do not read at the weekend. Days without a post may stand there.",
    status="WARN",
)
def calendar_weekend(reading: Reading) -> Iterator[Hit]:
    if not _sells_to_firms(reading):
        return
    for post in reading.posts:
        if post.date.weekday() >= 5 and post.format != WITHOUT_A_POST:
            yield Hit(
                reading.calendar_key,
                "The audience reads at work, the post goes out at the weekend.",
                f"{post.date:%a %Y-%m-%d} {shorten(post.hook)}",
                "Move it to a weekday.",
            )


def _sells_to_firms(reading: Reading) -> bool:
    brief = reading.brief
    return _SELLS_TO_FIRMS.search(" ".join([brief.industry, *(one.text for one in brief.audiences[:1])])) is not None


@calendar.on_draft(
    "CALENDAR_PLATFORM",
    "MAJOR",
    "A platform the strategy does not have",
    why="No budget, no role and no target stand behind it.",
)
def calendar_platform(reading: Reading) -> Iterator[Hit]:
    planned = {stem(word) for channel in reading.strategy.channels for word in content_words(channel.channel)}
    for post in reading.posts:
        if planned and not planned & {stem(word) for word in content_words(post.platform)}:
            yield Hit(
                reading.calendar_key,
                f"The strategy has no channel “{post.platform}”.",
                f"{post.date} ‹{post.platform}› {shorten(post.hook)}",
                "Use a channel of the strategy.",
            )


@calendar.on_draft(
    "CALENDAR_INCOMPLETE",
    "MAJOR",
    "An entry lacks its hook, caption or call to action",
    why="Whoever publishes it would have to write it.",
)
def calendar_incomplete(reading: Reading) -> Iterator[Hit]:
    for post in reading.posts:
        if missing := _missing_in(post):
            yield Hit(
                reading.calendar_key, f"The entry lacks its {missing}.", f"{post.date} {post.platform}", "Write it."
            )


def _missing_in(post: CalendarItem) -> str:
    parts = {"hook": post.hook, "call to action": post.call_to_action, "platform": post.platform}
    missing = [name for name, text in parts.items() if not text.strip()]
    if len(post.caption.strip()) < SHORTEST_CAPTION:
        missing.append(f"caption of at least {SHORTEST_CAPTION} characters")
    return ", ".join(missing)


@calendar.on_draft(
    "HASHTAG_GENERIC",
    "MAJOR",
    "A hashtag that everybody uses",
    why="Generic tags bring strangers and machines, never buyers.",
    auto_fixable=True,
)
def hashtag_generic(reading: Reading) -> Iterator[Hit]:
    for passage in reading.passages:
        for match in _HASHTAG.finditer(passage.text):
            if match[1].lower() in GENERIC_HASHTAGS:
                yield Hit(
                    passage.section,
                    f"#{match[1]} is used by everybody.",
                    quote(passage.text, *match.span()),
                    "Use a tag of the brand, the trade or the campaign.",
                )


@calendar.on_draft(
    "HASHTAG_TOO_SHORT",
    "MINOR",
    "A hashtag is too short",
    why="Under 4 characters a tag means too many things.",
)
def hashtag_too_short(reading: Reading) -> Iterator[Hit]:
    for passage in reading.passages:
        for match in _HASHTAG.finditer(passage.text):
            if len(match[1]) < SHORTEST_HASHTAG:
                yield Hit(
                    passage.section,
                    f"#{match[1]} has {len(match[1])} characters; at least {SHORTEST_HASHTAG} are useful.",
                    quote(passage.text, *match.span()),
                    "Use a tag that means one thing.",
                )


@calendar.on_section(
    "HASHTAG_TOO_FEW",
    "MINOR",
    "Too few hashtags of a kind",
    why="Each of the kinds brand, industry and campaign needs at least three to rotate.",
)
def hashtag_too_few(section: ReadSection, reading: Reading) -> Iterator[Hit]:
    if "hashtag" not in section.key:
        return
    for category in CATEGORIES:
        lines = [block.text for block in section.text.blocks if category in f"{block.heading} {block.lead}".lower()]
        tags = {tag.lower() for line in lines for tag in _HASHTAG.findall(line)}
        if len(tags) < HASHTAGS_PER_CATEGORY:
            yield Hit(
                section.key,
                f"{len(tags)} {category} hashtags; at least {HASHTAGS_PER_CATEGORY} are expected.",
                ", ".join(f"#{tag}" for tag in sorted(tags)),
                f"Add {category} hashtags.",
            )
