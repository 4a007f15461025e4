"""Hashtag strategy: three groups of tags, made of the client's own words, and how to use them."""

import re
from collections.abc import Iterable

from apps.production.api.dtos import Benchmark
from apps.production.rules.facts import Facts
from apps.production.rules.sections import section
from apps.production.rules.writing import Block, bullet, bullets, fit, heading, lead, paragraph

GENERIC_TAGS = frozenset(
    {"amazing", "beautiful", "cute", "followme", "fun", "happy", "instadaily", "instagood", "like4like", "love"}
    | {"photooftheday", "picoftheday", "summer"}
)
_LEGAL_FORMS = re.compile(
    r"\b(?:gmbh|mbh|ug|ag|kg|ltd|limited|llc|inc|plc|corp|co|sa|sas|sarl|srl|spa|lda|bv|nv|oy|ab|as|aps|sl|kft|doo)\b\.?",
    re.IGNORECASE,
)
_FILLERS = frozenset(("and", "the", "for", "with", "from", "firms", "same", "day", "our", "your", "of", "in", "to"))


@section("hashtag_strategy")
def hashtag_strategy(facts: Facts, benchmark: Benchmark) -> str:
    """Write at least three tags per group; no tag stands in two groups."""
    used: set[str] = set()
    brand = _three(_brand_tags(facts), used, facts)
    industry = _three(_industry_tags(facts), used, facts)
    campaign = _three(_campaign_tags(facts), used, facts)
    return fit(
        [
            Block(paragraph(_introduction(facts))),
            Block(heading("Brand Hashtags")),
            Block(_lines(brand, _brand_uses(facts), facts)),
            Block(heading("Industry Hashtags")),
            Block(_lines(industry, _industry_uses(facts), facts)),
            Block(heading("Campaign Hashtags")),
            Block(_lines(campaign, _campaign_uses(facts), facts)),
            Block(heading("Usage Guidelines")),
            Block(bullet(lead("Mix", f"one tag of each group per post, and no more for {facts.client}"))),
            Block(bullet(lead("Place", "behind the text, not inside a sentence, and none in e-mails or search pages"))),
            Block(bullet(lead("Check", "search each tag before its first use; drop it if it means other things")), 1),
            Block(bullet(lead("Review", f"after thirty days, keep the tags that brought {facts.readers}")), 1),
            Block(paragraph(_spelling(facts)), 2),
        ],
        benchmark,
        facts,
    )  # fmt: skip


def _lines(tags: list[str], uses: tuple[str, ...], facts: Facts) -> str:
    """List tags with their use; a use with a banned word is left out, so that the tag stays."""
    return bullets(tag if facts.is_banned(use) else f"{tag} {use}" for tag, use in zip(tags, uses, strict=False))


def _introduction(facts: Facts) -> str:
    return facts.pick(
        [
            f"The tags of {facts.client} come from its own name, its trade and this campaign",
            f"Hashtags help {facts.readers} to find {facts.client}; broad ones that fit anybody are left out",
            f"Few tags, always the same: that is how the posts of {facts.client} are found again",
        ],
        "hashtags introduction",
    )


def _spelling(facts: Facts) -> str:
    return (
        f"Each word in a tag begins with a capital letter, so that screen readers can speak it. Tags of {facts.client} "
        f"are written the same way on every channel"
    )


def _brand_uses(facts: Facts) -> tuple[str, ...]:
    return (
        "goes under every post",
        f"marks answers to questions from {facts.readers}",
        f"belongs to posts about the people at {facts.client}",
    )


def _industry_uses(facts: Facts) -> tuple[str, ...]:
    return (
        f"names the trade {facts.client} is in",
        f"fits posts about {facts.offer.short}",
        "widens the circle, one post in three",
    )


def _campaign_uses(facts: Facts) -> tuple[str, ...]:
    return (
        f"binds the posts of these thirty days from {facts.start:%-d %B}",
        f"goes with every invitation to {facts.request}",
        f"collects replies from {facts.readers}",
    )


def _brand_tags(facts: Facts) -> list[str]:
    name = short_name(facts.client)
    return [
        _tag(name),
        _tag(f"Ask {name}"),
        _tag(f"Team {name}"),
        _tag(f"{name} Answers"),
        _tag(f"Inside {name}"),
        _tag(f"With {name}"),
    ]


def _industry_tags(facts: Facts) -> list[str]:
    trades = [_words(part) for part in re.split(r"[/,–;:]| - ", facts.industry)]
    offers = [_words(offer.short) for offer in facts.offers]
    around = [_words(facts.place)[:1] + trade[-2:] for trade in trades]
    own = [[*offers[0][:2], word] for word in ("Explained", "Advice", "Basics", "Guide", "Stories")]
    return [_tag(" ".join(words[:3])) for words in (*trades, *offers, *around, *own)]


def _campaign_tags(facts: Facts) -> list[str]:
    name, noun = short_name(facts.client), _words(facts.request)[-1:]
    return [
        _tag(f"{name} {facts.start:%B} {facts.start.year}"),
        _tag(f"{' '.join(noun)} with {name}"),
        _tag(f"Your Question {name}"),
        _tag(f"Thirty Days {name}"),
        _tag(f"{name} In Plain Words"),
        _tag(f"News From {name}"),
        _tag(f"Start With {name}"),
    ]


def short_name(client: str) -> str:
    """Return a company's name without its legal form, at most three words; the whole name if nothing else is left."""
    words = re.findall(r"[^\W_]+", _LEGAL_FORMS.sub(" ", client.replace("'", "").replace("’", "")))
    return " ".join(words[:3]) or "".join(re.findall(r"[^\W_]+", client)) or "Client"


def _words(text: str) -> list[str]:
    return [word for word in re.findall(r"[^\W_]+", text) if word.lower() not in _FILLERS and not word.isdigit()]


def _tag(text: str) -> str:
    return "#" + "".join(word[:1].upper() + word[1:] for word in re.findall(r"[^\W_]+", text))[:40]


def _three(tags: Iterable[str], used: set[str], facts: Facts) -> list[str]:
    """Take the first three that are long enough, not generic, not banned, and in no other group."""
    chosen = []
    for tag in tags:
        bare = tag[1:].lower()
        if len(bare) < 4 or not bare[0].isalpha() or bare in GENERIC_TAGS or bare in used or facts.is_banned(tag):
            continue
        used.add(bare)
        chosen.append(tag)
    return chosen[:3]
