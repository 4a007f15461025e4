"""The text itself: is it finished, is it anybody's, is it clean?"""

import re
from collections.abc import Iterator

from apps.qc.rules import phrases
from apps.qc.rules.reader import plain, table_rows
from apps.qc.rules.registry import Family, Hit, Passage, Reading, ReadSection
from apps.qc.rules.wording import content_words, find_signed, quote, shorten, signed, stem, term_pattern

text = Family("text")

PLACEHOLDERS = signed(phrases.PLACEHOLDERS)
ASSISTANT_TALK = signed(phrases.ASSISTANT_TALK)
MACHINE_TELLS = signed(phrases.MACHINE_TELLS)
CLICHES = tuple((max(re.findall(r"\w+", phrase), key=len)[:4], term_pattern(phrase)) for phrase in phrases.CLICHES)
EMPTY_TITLE = re.compile(phrases.EMPTY_TITLES, re.IGNORECASE)
DEAD_HOST = re.compile(phrases.DEAD_HOSTS, re.IGNORECASE)
TAG = re.compile(r"</?\s*([A-Za-z][\w-]*)")
SCRIPT = re.compile(
    r"<\s*/?(?:script|iframe|object|embed|form|style|link|meta)\b|\bon\w+\s*=|javascript:", re.IGNORECASE
)
DOUBLED = re.compile(r"\b([^\W\d_]+)\s+(\1)\b")
PAIRS = (("(", ")"), ("[", "]"), ("“", "”"))

SPECIFIC_WORDS_NEEDED = 2
SHORTEST_SPECIFIC_WORD = 5  # letters
WORDS_BEFORE_SPECIFICS_ARE_DUE = 80
DUPLICATE_FROM_WORDS = 8


@text.on_passage(
    "PLACEHOLDER",
    "BLOCKER",
    "A placeholder is left",
    why="A hole in the text reaches the client as proof that nobody read it.",
)
def placeholder(passage: Passage, reading: Reading) -> Iterator[Hit]:
    for match in find_signed(PLACEHOLDERS, passage.text):
        yield _placeholder_hit(passage, *match.span())
    if passage.kind in ("heading", "item", "row") and (match := EMPTY_TITLE.fullmatch(passage.text.strip())):
        yield _placeholder_hit(passage, *match.span())


def _placeholder_hit(passage: Passage, start: int, end: int) -> Hit:
    return Hit(
        passage.section,
        "A placeholder was left in the text.",
        quote(passage.text, start, end),
        "Write what belongs there, or take the sentence out.",
    )


@text.on_section(
    "PLACEHOLDER_TAG",
    "BLOCKER",
    "A placeholder in angle brackets is left",
    why="Markdown takes <your name> for markup and hides it: the page shows a hole.",
)
def placeholder_tag(section: ReadSection, reading: Reading) -> Iterator[Hit]:
    for fragment in section.text.html:
        tag = TAG.match(fragment)
        if tag and tag[1].lower() not in phrases.HTML_TAGS:
            yield Hit(
                section.key,
                "Words in angle brackets are left, which a reader will not see.",
                quote(fragment, 0, len(fragment)),
                "Write what belongs there.",
            )


@text.on_passage(
    "CLICHE",
    "MINOR",
    "A worn phrase",
    why="These phrases fit any company, so they say nothing about this one. The client's own words are left alone.",
)
def cliche(passage: Passage, reading: Reading) -> Iterator[Hit]:
    for match in find_signed(CLICHES, passage.text):
        if match[0].lower() not in reading.brief_text.lower():
            yield Hit(
                passage.section,
                f"“{match[0]}” is a worn phrase.",
                quote(passage.text, *match.span()),
                "Say the concrete thing it stands for.",
            )


@text.on_draft(
    "GENERIC",
    "MINOR",
    "Nothing of this client in it",
    why="A section without the client's name, offers, place, audience, problems or proof could be sold to anybody.",
)
def generic(reading: Reading) -> Iterator[Hit]:
    own = {stem(word) for word in content_words(_own_words(reading)) if len(word) >= SHORTEST_SPECIFIC_WORD}
    for section in reading.sections:
        folded = " ".join(section.text.lines).lower()
        used = sum(word in folded for word in own)
        if section.text.word_count >= WORDS_BEFORE_SPECIFICS_ARE_DUE and used < SPECIFIC_WORDS_NEEDED:
            yield Hit(
                section.key,
                "The section would fit any company.",
                shorten(next(iter(section.text.lines), "")),
                "Use the client's offers, place, audience and proof.",
            )


def _own_words(reading: Reading) -> str:
    brief = reading.brief
    groups = (brief.pain_points, brief.desired_outcomes, brief.proof, brief.competitors)
    texts = [brief.client_name, brief.industry, brief.geography, *(line for group in groups for line in group)]
    texts += [line.text for line in (*brief.offers, *brief.objectives, *brief.audiences)]
    return " ".join(texts)


@text.on_draft(
    "DUPLICATE_SENTENCE",
    "MINOR",
    "The same sentence in several sections",
    why="Sentences copied from section to section fill pages without adding anything. Disclaimers, and what is quoted "
    "from the brief or the strategy, may come back.",
)
def duplicate_sentence(reading: Reading) -> Iterator[Hit]:
    known = plain(f"{reading.brief_text} {reading.strategy_text}")
    first_in: dict[str, str] = {}
    for section in reading.sections:
        for sentence in section.text.sentences:
            key = plain(sentence)
            if key.count(" ") + 1 < DUPLICATE_FROM_WORDS or key in known:
                continue
            if first_in.setdefault(key, section.key) != section.key:
                yield Hit(
                    section.key,
                    f"A sentence stands already in {first_in[key]}.",
                    shorten(sentence),
                    "Say it once; refer to it or say something new here.",
                )


@text.on_passage(
    "META_TEXT",
    "MAJOR",
    "Talk about the text instead of the text",
    why="Remarks of a writing machine, or of a section about itself, were not meant for the client. What the client "
    "wrote itself is no such remark.",
)
def meta_text(passage: Passage, reading: Reading) -> Iterator[Hit]:
    for match in find_signed(ASSISTANT_TALK, passage.text):
        if match[0].lower() in reading.brief_text.lower():
            continue
        yield Hit(
            passage.section,
            "The text talks about itself or to its editor.",
            quote(passage.text, *match.span()),
            "Take the remark out.",
        )


@text.on_passage(
    "MACHINE_TELL",
    "MINOR",
    "A turn of phrase of unedited machine text",
    why="Readers recognise these turns and stop believing the rest.",
)
def machine_tell(passage: Passage, reading: Reading) -> Iterator[Hit]:
    for match in find_signed(MACHINE_TELLS, passage.text):
        yield Hit(
            passage.section,
            f"“{match[0]}” reads like unedited machine text.",
            quote(passage.text, *match.span()),
            "Say it plainly.",
        )


@text.on_section(
    "BROKEN_TABLE",
    "MAJOR",
    "A table is broken",
    why="A row with other cells than its header, or a missing rule below the header, is printed as loose bars.",
)
def broken_table(section: ReadSection, reading: Reading) -> Iterator[Hit]:
    for rows in table_rows(section.source.markdown):
        problem = _table_problem(rows)
        if problem:
            message, row = problem
            yield Hit(
                section.key, message, shorten(row), "Give every row the cells of the header, and the header a rule."
            )


def _table_problem(rows: list[str]) -> tuple[str, str] | None:
    if len(rows) < 2 or not re.fullmatch(r"[\s|:-]*-[\s|:-]*", rows[1]):
        return "A table has no rule below its header.", rows[0]
    width = _cell_count(rows[0])
    for row in rows[1:]:
        if _cell_count(row) != width:
            return f"A table row has {_cell_count(row)} cells, its header {width}.", row
    return None


def _cell_count(row: str) -> int:
    inner = row.strip().removeprefix("|")
    inner = inner[:-1] if inner.endswith("|") and not inner.endswith("\\|") else inner
    return len(re.split(r"(?<!\\)\|", inner))


@text.on_section(
    "UNBALANCED",
    "MINOR",
    "A bracket or quotation mark without its partner",
    why="It shows that a sentence was cut.",
)
def unbalanced(section: ReadSection, reading: Reading) -> Iterator[Hit]:
    for block in section.text.blocks:
        unlisted = re.sub(r"^\(?\w{1,3}\)\s|(?<=\s)\w\)\s|[:;]-?[()]", " ", block.text)  # "a) first", ":)"
        for opening, closing in PAIRS:
            if unlisted.count(opening) != unlisted.count(closing):
                place = max(block.text.find(opening), block.text.find(closing))
                yield _unbalanced_hit(section.key, block.text, place)
        if re.sub(r'\d"', "", unlisted).count('"') % 2:
            yield _unbalanced_hit(section.key, block.text, block.text.find('"'))


def _unbalanced_hit(section: str, line: str, place: int) -> Hit:
    return Hit(
        section,
        f"“{line[place]}” has no partner.",
        quote(line, place, place + 1),
        "Close it, or finish the sentence.",
    )


@text.on_section(
    "HTML_MARKUP",
    "MAJOR",
    "HTML in the text",
    why="Documents are made from Markdown; tags would be printed as they stand.",
)
def html_markup(section: ReadSection, reading: Reading) -> Iterator[Hit]:
    for fragment in section.text.html:
        tag = TAG.match(fragment)
        comment = fragment.startswith("<!")
        if comment or (tag and tag[1].lower() in phrases.HTML_TAGS and not SCRIPT.search(fragment)):
            yield Hit(section.key, "There is HTML in the text.", shorten(fragment), "Write it in Markdown.")


@text.on_section(
    "SCRIPT_MARKUP",
    "BLOCKER",
    "Markup that runs or loads something",
    why="Scripts, frames and event handlers in a client's document are an attack or an accident; neither may go out.",
)
def script_markup(section: ReadSection, reading: Reading) -> Iterator[Hit]:
    suspects = [
        *section.text.html,
        *section.text.links,
        *(line for line in section.text.lines if "javascript:" in line),
    ]
    for fragment in suspects:
        if match := SCRIPT.search(fragment):
            yield Hit(section.key, "Active markup in the text.", quote(fragment, *match.span()), "Take it out.")


@text.on_section(
    "DEAD_LINK",
    "MAJOR",
    "A link that leads nowhere",
    why="Example hosts and empty targets are placeholders in disguise. An address that the client gave may stand.",
)
def dead_link(section: ReadSection, reading: Reading) -> Iterator[Hit]:
    for target in section.text.links:
        if target in ("", "#"):
            yield _dead_link_hit(section.key, f"[…]({target})")
    for place in (*section.text.lines, *section.text.links):
        for match in DEAD_HOST.finditer(place):
            if match[0].lower() in reading.brief_text.lower():
                continue
            yield _dead_link_hit(section.key, quote(place, *match.span()))


def _dead_link_hit(section: str, evidence: str) -> Hit:
    return Hit(section, "A link leads nowhere.", evidence, "Link the client's own page, or take the link out.")


@text.on_passage(
    "DOUBLED_WORD",
    "MINOR",
    "A word twice in a row",
    why="A slip of editing that every reader sees.",
    auto_fixable=True,
)
def doubled_word(passage: Passage, reading: Reading) -> Iterator[Hit]:
    for match in DOUBLED.finditer(passage.text):
        if match[1].islower() and match[1] not in phrases.DOUBLING_ALLOWED:
            yield Hit(
                passage.section,
                f"“{match[1]}” stands twice.",
                quote(passage.text, *match.span()),
                "Delete one.",
            )


@text.on_passage(
    "SHOUTING",
    "MINOR",
    "Rows of exclamation marks",
    why="Volume is no argument, and advertising platforms refuse such copy.",
    auto_fixable=True,
)
def shouting(passage: Passage, reading: Reading) -> Iterator[Hit]:
    for match in re.finditer(r"!{2,}|[!?]{3,}", passage.text):
        yield Hit(
            passage.section, "Exclamation marks in a row.", quote(passage.text, *match.span()), "Keep one at most."
        )
