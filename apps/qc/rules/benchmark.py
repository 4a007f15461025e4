"""Does a section measure what its benchmark asks for? The figures come with it; `reader` says how it is counted."""

from collections import Counter
from collections.abc import Iterator

from apps.qc.rules.reader import Text, plain, words_in
from apps.qc.rules.registry import Family, Hit, Reading, ReadSection
from apps.qc.rules.wording import find_term, shorten

benchmark = Family("benchmark")


@benchmark.on_section("EMPTY", "BLOCKER", "The section is empty", why="A promised section that is not there.")
def empty(section: ReadSection, reading: Reading) -> Iterator[Hit]:
    if section.text.word_count == 0:
        yield Hit(section.key, f"“{section.source.heading}” has no text.", "", "Write the section.")


@benchmark.on_section("TOO_SHORT", "MAJOR", "Too few words", why="Below the minimum a section cannot do its job.")
def too_short(section: ReadSection, reading: Reading) -> Iterator[Hit]:
    least, count = section.source.benchmark.min_words, section.text.word_count
    if 0 < count < least:
        yield _counted(
            section, f"{count} words; at least {least} are expected.", f"Add {least - count} words of substance."
        )


@benchmark.on_section("TOO_LONG", "MINOR", "Too many words", why="Nobody reads what is longer than its purpose.")
def too_long(section: ReadSection, reading: Reading) -> Iterator[Hit]:
    most, count = section.source.benchmark.max_words, section.text.word_count
    if count > most:
        yield _counted(section, f"{count} words; at most {most} are expected.", f"Cut {count - most} words.")


@benchmark.on_section("TOO_FEW_BULLETS", "MINOR", "Too few bullets", why="The section must be easy to scan.")
def too_few_bullets(section: ReadSection, reading: Reading) -> Iterator[Hit]:
    least, count = section.source.benchmark.min_bullets, section.text.bullets
    if section.text.word_count and count < least:
        yield _counted(section, f"{count} bullets; at least {least} are expected.", "List the points one by one.")


@benchmark.on_section(
    "TOO_MANY_BULLETS", "MINOR", "Too many bullets", why="A list of everything ranks nothing.", status="WARN"
)
def too_many_bullets(section: ReadSection, reading: Reading) -> Iterator[Hit]:
    most, count = section.source.benchmark.max_bullets, section.text.bullets
    if count > most:
        yield _counted(section, f"{count} bullets; at most {most} are expected.", "Keep the points that matter.")


@benchmark.on_section("TOO_FEW_HEADINGS", "MINOR", "Too few headings", why="Readers find their place by headings.")
def too_few_headings(section: ReadSection, reading: Reading) -> Iterator[Hit]:
    least, count = section.source.benchmark.min_headings, len(section.text.headings)
    if section.text.word_count and count < least:
        yield _counted(section, f"{count} headings; at least {least} are expected.", "Divide the section by headings.")


@benchmark.on_section(
    "TOO_MANY_HEADINGS",
    "MINOR",
    "Too many headings",
    why="Headings without text are a table of contents.",
    status="WARN",
)
def too_many_headings(section: ReadSection, reading: Reading) -> Iterator[Hit]:
    most, count = section.source.benchmark.max_headings, len(section.text.headings)
    if count > most:
        yield _counted(section, f"{count} headings; at most {most} are expected.", "Merge the short parts.")


def _counted(section: ReadSection, message: str, fix: str) -> Hit:
    return Hit(section.key, message, shorten(next(iter(section.text.lines), "")), fix)


@benchmark.on_section(
    "MISSING_LABEL",
    "MAJOR",
    "An expected part is missing",
    why="The pack promises these parts by name. A label counts where it labels: in a heading, a table cell, bold text, "
    "or at the start of a line before a colon.",
)
def missing_label(section: ReadSection, reading: Reading) -> Iterator[Hit]:
    labels = [plain(label) for label in _labels(section.text)]
    asked = [label for label in section.source.benchmark.labels if not _is_banned(label, reading)]
    missing = [label for label in asked if not any(_stands_in(plain(label), at) for at in labels)]
    if section.text.word_count and missing:
        names = ", ".join(f"“{label}”" for label in missing)
        yield Hit(section.key, f"Missing: {names}.", "", f"Add a part headed {names}.")


def _is_banned(label: str, reading: Reading) -> bool:
    return any(next(find_term(word, label), None) for word in reading.brief.banned_words if word.strip())


def _labels(text: Text) -> Iterator[str]:
    for block in text.blocks:
        yield from block.strong
        if block.kind in ("header", "row"):
            yield from block.cells
        elif block.kind == "heading":
            yield block.text
        elif ":" in block.text:
            yield block.text.split(":", 1)[0]


def _stands_in(label: str, place: str) -> bool:
    return f" {label} " in f" {place} " or f" {label}s " in f" {place} "


@benchmark.on_section(
    "TOO_REPETITIVE",
    "MAJOR",
    "Lines come back",
    why="The share of lines that repeat an earlier one is bounded by the benchmark.",
)
def too_repetitive(section: ReadSection, reading: Reading) -> Iterator[Hit]:
    lines = [plain(line) for line in section.text.lines if plain(line)]
    repeated = len(lines) - len(set(lines))
    most = section.source.benchmark.max_repeated_line_ratio
    if lines and repeated > most * len(lines):
        worst = Counter(lines).most_common(1)[0][0]
        message = f"{repeated} of {len(lines)} lines repeat an earlier one; at most {most:.0%} may."
        yield Hit(section.key, message, shorten(worst), "Say each thing once.")


@benchmark.on_section(
    "SENTENCES_TOO_LONG",
    "MINOR",
    "Sentences are long",
    why="Long sentences are read twice or not at all.",
    status="WARN",
)
def sentences_too_long(section: ReadSection, reading: Reading) -> Iterator[Hit]:
    lengths = [len(words_in(sentence)) for sentence in section.text.sentences]
    most = section.source.benchmark.max_average_sentence_words
    if lengths and sum(lengths) > most * len(lengths):
        average = sum(lengths) / len(lengths)
        longest = max(section.text.sentences, key=lambda sentence: len(words_in(sentence)))
        message = f"Sentences have {average:.0f} words on average; at most {most} are expected."
        yield Hit(section.key, message, shorten(longest), "Divide the longest sentences.")


@benchmark.on_section(
    "EXPECTED_TABLE", "MAJOR", "A table is missing", why="What is compared line by line belongs in a table."
)
def expected_table(section: ReadSection, reading: Reading) -> Iterator[Hit]:
    if section.source.benchmark.form == "TABLE" and section.text.word_count and not section.text.tables:
        yield Hit(section.key, "A table is expected here.", "", "Set the comparison as a table.")


@benchmark.on_section(
    "EXPECTED_LIST", "MINOR", "A list is missing", why="What is counted or ticked off belongs in a list."
)
def expected_list(section: ReadSection, reading: Reading) -> Iterator[Hit]:
    asked = section.source.benchmark.form == "LIST" and section.source.benchmark.min_bullets == 0
    if asked and section.text.word_count and not section.text.bullets and not section.text.tables:
        yield Hit(section.key, "A list is expected here.", "", "List the points one by one.")
