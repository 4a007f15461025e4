"""What the client's brief demands and forbids: words, claims, channels, names, disclaimers, money, language."""

import re
from collections import Counter
from collections.abc import Iterator
from functools import lru_cache

from apps.learning.api.dtos import LessonInForce
from apps.onboarding.api.dtos import Brief
from apps.qc.rules.figures import figures_in
from apps.qc.rules.forbidden import comparison_with, competitor_names, terms_of
from apps.qc.rules.phrases import LANGUAGE_MARKS
from apps.qc.rules.reader import clean, plain, sentences_in
from apps.qc.rules.registry import Family, Hit, Passage, Reading, ReadSection
from apps.qc.rules.wording import (
    find_term,
    is_left_out,
    is_negated,
    quote,
    shorten,
    stem,
)

brief_bound = Family("brief-bound")

COPY = ("ad_concepts", "copy_variants", "email", "sms", "landing_page", "calendar", "hashtag")
"""Parts of the keys of sections whose words the public will read."""

LEGAL_FORMS = re.compile(
    r"[,\s]+(?:GmbH|AG|UG|KG|SE|Ltd|Limited|LLC|LLP|Inc|PLC|SA|S\.A|SAS|SARL|SL|S\.L|Srl|BV|B\.V|Oy|AB|ApS|A/S|Lda|Pty"
    r"|e\.K|e\.V)\b\.?.*$"
)
WORDS_TO_KNOW_A_LANGUAGE = 40
SECTIONS_PER_MENTION = 3
OFFLINE = "offline"
"""The provider of sections that the built-in composer wrote."""


def is_copy(passage: Passage) -> bool:
    """Tell whether the public will read a passage as it stands."""
    return passage.kind == "post" or any(part in passage.section for part in COPY)


def short_name(client_name: str) -> str:
    """Return a company's name as people say it: without the legal form."""
    return LEGAL_FORMS.sub("", client_name).strip()


@brief_bound.on_passage(
    "BANNED_WORD",
    "BLOCKER",
    "A word the client banned",
    why="The client said which words never to use, in the brief or by what it objected to (a lesson in force). Their "
    "inflections count; the client's own name and the wording of a required disclaimer do not.",
)
def banned_word(passage: Passage, reading: Reading) -> Iterator[Hit]:
    banned = [(word, lesson) for word, lesson in _banned_words(reading) if any(find_term(word, passage.text))]
    text = _without_required_words(passage.text, reading) if banned else ""
    for word, lesson in banned:
        who = f"A lesson (version {lesson.version}) bans" if lesson else "The client banned"
        for match in find_term(word, text):
            yield Hit(
                passage.section,
                f"{who} “{word}”.",
                quote(passage.text, *match.span()),
                f"Say it without “{match[0]}”.",
                lesson_id=lesson and lesson.id,
            )


def _banned_words(reading: Reading) -> Iterator[tuple[str, LessonInForce | None]]:
    """Yield the words of the brief, and those that lessons add to them."""
    words = [word for word in reading.brief.banned_words if word.strip()]
    yield from ((word, None) for word in words)
    yield from ((word, lesson) for lesson in reading.lessons for word in lesson.words if word not in words)


def _without_required_words(text: str, reading: Reading) -> str:
    """Blank out the client's name and the disclaimers, whose wording is not ours to choose."""
    brief = reading.brief
    name = brief.client_name
    required = [name, short_name(name), *(part for text in brief.disclaimers for part in sentences_in(clean(text)))]
    for words in required:
        if words and words in text:
            text = text.replace(words, " " * len(words))
    return text


@brief_bound.on_passage(
    "FORBIDDEN_CLAIM",
    "BLOCKER",
    "A claim the client forbade",
    why="Each forbidden claim is turned into the words it is about; a sentence that holds them side by side makes the "
    "claim, unless it denies or rules it out, or names the client's own condition for it.",
)
def forbidden_claim(passage: Passage, reading: Reading) -> Iterator[Hit]:
    for claim in reading.brief.forbidden_claims:
        terms = terms_of(claim)
        if terms.is_comparison:
            span = comparison_with(_competitors(reading), passage.text)
        else:
            span = terms.find(passage.text, passage.lead)
        if span:
            yield _claim_hit(passage, claim, span)


@brief_bound.on_passage(
    "FORBIDDEN_CLAIM_NEAR",
    "MAJOR",
    "Close to a claim the client forbade",
    why="The words of a forbidden claim stand in one sentence, though not side by side: likely the claim, reworded.",
)
def forbidden_claim_near(passage: Passage, reading: Reading) -> Iterator[Hit]:
    for claim in reading.brief.forbidden_claims:
        terms = terms_of(claim)
        if terms.is_comparison or terms.find(passage.text, passage.lead):
            continue
        if span := terms.find_scattered(passage.text, passage.lead):
            yield _claim_hit(passage, claim, span)


def _claim_hit(passage: Passage, claim: str, span: tuple[int, int]) -> Hit:
    return Hit(
        passage.section,
        f"The client forbade: “{shorten(claim)}”",
        quote(passage.text, *span),
        "Take the claim out, or state the condition under which the client allows it.",
    )


@brief_bound.on_draft(
    "CLAIM_UNREADABLE",
    "MINOR",
    "A forbidden claim no rule can look for",
    why="A claim of which no words to look for are left must be read for by a person; silence would be a false pass.",
    status="WARN",
)
def claim_unreadable(reading: Reading) -> Iterator[Hit]:
    for claim in reading.brief.forbidden_claims:
        if claim.strip() and terms_of(claim).is_unreadable:
            yield Hit(
                "",
                "No words to look for in a forbidden claim.",
                shorten(claim),
                "Name the words in the brief, or read for it.",
            )


@brief_bound.on_passage(
    "COMPETITOR_NAMED",
    "MAJOR",
    "A competitor's name in public copy",
    why="Naming a competitor advertises it and invites a lawyer's letter. In plans and analyses names are fine.",
)
def competitor_named(passage: Passage, reading: Reading) -> Iterator[Hit]:
    if not is_copy(passage):
        return
    for name in _competitors(reading):
        for match in re.finditer(rf"(?<!\w){re.escape(name)}(?!\w)", passage.text):
            yield Hit(
                passage.section,
                f"Public copy names the competitor {name}.",
                quote(passage.text, *match.span()),
                "Describe the alternative without its name.",
            )


def _competitors(reading: Reading) -> tuple[str, ...]:
    return tuple(
        name
        for name in competitor_names(reading.brief.competitors)
        if name not in reading.brief.client_name and name not in reading.brief.geography
    )


@brief_bound.on_draft(
    "DISCLAIMER_MISSING",
    "BLOCKER",
    "A required disclaimer is missing",
    why="The client must show it, often by law. Each of its sentences must stand in the sections, word for word.",
    auto_fixable=True,
)
def disclaimer_missing(reading: Reading) -> Iterator[Hit]:
    shown = " ".join(plain(line) for section in reading.sections for line in section.text.lines)
    for disclaimer in reading.brief.disclaimers:
        sentences = [plain(sentence) for sentence in sentences_in(clean(disclaimer))]
        if not all(f" {sentence} " in f" {shown} " for sentence in sentences):
            yield Hit(
                "",
                "A required disclaimer stands in no section.",
                shorten(disclaimer),
                "Print it, word for word, where results or treatments are spoken of.",
            )


@brief_bound.on_passage(
    "EXCLUDED_CHANNEL",
    "BLOCKER",
    "A channel the client excluded",
    why="The client said where not to go. A sentence, list or table that says the channel is left out is fine.",
)
def excluded_channel(passage: Passage, reading: Reading) -> Iterator[Hit]:
    for channel, pattern in _excluded(reading.brief.channels_excluded):
        match = pattern.search(passage.text)
        if match and not is_left_out(passage.text, *match.span()) and not is_negated(passage.lead):
            yield _channel_hit(passage.section, channel, quote(passage.text, *match.span()))


@brief_bound.on_draft(
    "EXCLUDED_CHANNEL_PLANNED",
    "BLOCKER",
    "A post on a channel the client excluded",
    why="The calendar is published as it stands.",
)
def excluded_channel_planned(reading: Reading) -> Iterator[Hit]:
    for post in reading.posts:
        for channel, pattern in _excluded(reading.brief.channels_excluded):
            if pattern.search(post.platform):
                yield _channel_hit(reading.calendar_key, channel, f"{post.date} ‹{post.platform}› {shorten(post.hook)}")


def _channel_hit(section: str, channel: str, evidence: str) -> Hit:
    return Hit(
        section, f"The client excluded {channel}.", evidence, "Plan it on another channel, or say it is left out."
    )


@lru_cache(maxsize=256)
def _excluded(entries: tuple[str, ...]) -> tuple[tuple[str, re.Pattern[str]], ...]:
    """Return the channels of "no TikTok, Snapchat or cold calling", each with its pattern."""
    parts = (part for entry in entries for part in re.split(r"[,;/()]|\band\b|\bor\b", clean(entry)))
    named = (re.sub(r"^\s*(?:no|not|never|avoid|without|any)\s+", "", part, flags=re.I).strip() for part in parts)
    return tuple((name, _channel_pattern(name)) for name in named if len(name) > 1 or name == "X")


def _channel_pattern(name: str) -> re.Pattern[str]:
    """Return a pattern that takes "cold calling" for "cold calls" and "door to door" for "door-to-door".

    Short names ("X", "SMS") are taken as written.
    """
    *before, last = re.findall(r"\w+", name)
    if not before and len(last) < 4:
        return re.compile(rf"(?<!\w){re.escape(last)}(?!\w)")
    words = [*map(re.escape, before), re.escape(stem(last)) + r"\w{0,3}"]
    return re.compile(r"(?<!\w)" + r"[\s-]*".join(words) + r"(?!\w)", re.IGNORECASE)


@brief_bound.on_draft(
    "CLIENT_RARELY_NAMED",
    "MINOR",
    "The client is hardly named",
    why="A draft that names its client less than once in three sections reads like a template.",
)
def client_rarely_named(reading: Reading) -> Iterator[Hit]:
    # Signs are left out on both sides: a name such as "Nord*Stern {Labs}" is printed without what Markdown acts on.
    name = plain(short_name(clean(reading.brief.client_name)).replace("*", ""))
    lines = [f" {plain(line)} " for section in reading.sections for line in section.text.lines]
    mentions = sum(line.count(f" {name} ") for line in lines)
    needed = max(1, len(reading.sections) // SECTIONS_PER_MENTION)
    if name and reading.sections and mentions < needed:
        yield Hit(
            "",
            f"The client is named {mentions} times in {len(reading.sections)} sections; {needed} are expected.",
            reading.brief.client_name,
            "Name the client where it acts.",
        )


@brief_bound.on_passage(
    "WRONG_CURRENCY",
    "MAJOR",
    "Money in another currency",
    why="An amount in a currency that the client does not use was made up or copied. Amounts from the brief may stand.",
)
def wrong_currency(passage: Passage, reading: Reading) -> Iterator[Hit]:
    own = _currencies(reading.brief)
    for figure in figures_in(passage.text):
        words = passage.text[figure.start : figure.end].strip()
        if figure.kind == "money" and not own & figure.currencies and words not in reading.brief_text:
            yield Hit(
                passage.section,
                f"The client works in {reading.brief.currency}.",
                quote(passage.text, figure.start, figure.end),
                f"State it in {reading.brief.currency}, from the brief.",
            )


def _currencies(brief: Brief) -> frozenset[str]:
    """Return the currency the client works in, and those in which it named its budget and its prices."""
    prices = [offer.price.currency for offer in brief.offers if offer.price]
    budget = [brief.budget.amount.currency] if brief.budget else []
    return frozenset([brief.currency, *budget, *prices])


@brief_bound.on_section(
    "WRONG_LANGUAGE",
    "MAJOR",
    "A section in another language",
    why="The client asked for certain languages. A section is told by its small words, if they are plainly of another. "
    "The offline composer knows English only: that is one warning for the draft, not a failure of each section.",
)
def wrong_language(section: ReadSection, reading: Reading) -> Iterator[Hit]:
    brand = reading.brief.brand
    wanted = " ".join((*brand.languages, *brand.extra_languages)).lower()
    if not any(language.lower() in wanted for language in LANGUAGE_MARKS):
        return  # none that could be told apart
    language = _language_of(" ".join(section.text.lines))
    if language == "English" and section.source.provider == OFFLINE and language.lower() not in wanted:
        yield Hit(
            "",
            f"The draft is in English; asked for: {', '.join(brand.languages)}.",
            "",
            f"Have it translated into {brand.languages[0]}, or have it written by a language model.",
            status="WARN",
        )
    elif language and language.lower() not in wanted:
        yield Hit(
            section.key,
            f"The section is in {language}; asked for: {', '.join(brand.languages)}.",
            shorten(next(iter(section.text.lines), "")),
            f"Write it in {brand.languages[0]}.",
        )


def _language_of(text: str) -> str:
    """Return the language whose small words are twice as frequent as any other's; "" when that is not plain."""
    words = Counter(re.findall(r"[^\W\d_]+", text.lower()))
    if words.total() < WORDS_TO_KNOW_A_LANGUAGE:
        return ""
    counts = {language: sum(words[mark] for mark in set(marks.split())) for language, marks in LANGUAGE_MARKS.items()}
    (best, most), (_, second) = Counter(counts).most_common(2)
    return best if most >= 2 * second and most * 10 >= words.total() else ""
