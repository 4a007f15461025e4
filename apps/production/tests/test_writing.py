"""The text tools of the offline composer."""

from decimal import Decimal

import pytest

from apps.onboarding.tests.factories import dental_brief
from apps.production.api.dtos import Benchmark
from apps.production.rules import writing
from apps.production.rules.facts import Facts, facts_of
from apps.production.rules.writing import Block
from apps.shared.dtos import Money
from apps.strategy.tests.factories import strategy_for

BENCHMARK = Benchmark(min_words=10, max_words=30, min_bullets=0, max_bullets=2, min_headings=0, max_headings=2)


@pytest.fixture
def facts() -> Facts:
    brief = dental_brief()
    return facts_of(brief, strategy_for(brief))


@pytest.mark.parametrize(
    ("raw", "cleaned"),
    [
        ("# Big\nnews | *now*", "Big news / now"),
        ("- <script>alert(1)</script>", "‹script›alert(1)‹/script›"),
        ("[link](http://x.test) {{ y }}", "(link)(http://x.test) (( y ))"),
        ("Padaria São Bento 🥐 & Filhos", "Padaria São Bento 🥐 & Filhos"),
        ("a\x00b\u2028c", "a b c"),
    ],
)
def test_clean_leaves_nothing_that_markdown_acts_on(raw: str, cleaned: str) -> None:
    assert writing.clean(raw) == cleaned


@pytest.mark.parametrize(
    ("text", "words", "short"),
    [
        ("three words only.", 5, "three words only"),
        ("one two three, four five six", 4, "one two three"),
        ("one two three four of the many", 6, "one two three four…"),
    ],
)
def test_shorten_cuts_where_a_reader_would(text: str, words: int, short: str) -> None:
    assert writing.shorten(text, words) == short


@pytest.mark.parametrize(
    ("amount", "currency", "text"),
    [("2900", "EUR", "€2,900"), ("0.35", "EUR", "€0.35"), ("1200.5", "GBP", "£1,200.50"), ("250", "SEK", "250 SEK")],
)
def test_money_reads_as_on_a_price_list(amount: str, currency: str, text: str) -> None:
    assert writing.money(Money(amount=Decimal(amount), currency=currency)) == text


@pytest.mark.parametrize(
    ("text", "lowered"),
    [("Invisible aligners", "invisible aligners"), ("GDPR check", "GDPR check"), ("Max Müller", "Max Müller")],
)
def test_lower_first_spares_names_and_acronyms(text: str, lowered: str) -> None:
    assert writing.lower_first(text) == lowered


def test_counts_neither_table_bars_nor_list_signs() -> None:
    text = "### Two words\n\n- **Label:** three more words.\n1. Second.\n\n| a | b |\n| --- | --- |\n| c | d |\n"
    assert writing.count_words(text) == 11
    assert writing.count_bullets(text) == 2
    assert writing.count_headings(text) == 1


def test_sentences_are_found_in_lists_and_paragraphs_alike() -> None:
    assert writing.sentences("- **A:** One. Two!\n\nThree “four.” Five.\n| cell. |") == [
        "A: One.",
        "Two!",
        "Three “four.”",
        "Five.",
    ]


def test_repeated_lines_are_a_share_of_all_lines() -> None:
    assert writing.repeated_line_ratio("same\n\nsame\nother\n| --- |\nlast") == 0.25


def test_without_banned_drops_the_sentence_that_holds_the_word(facts: Facts) -> None:
    text = "It is cheap. It is near.\n- “Painless!” they say.\n- Second."
    assert writing.without_banned(text, facts) == "It is near.\n- Second."


def test_without_banned_keeps_a_labelled_line_and_a_table_row(facts: Facts) -> None:
    text = "- **Reach:** cheap visits.\n| cheap | row |"
    assert writing.without_banned(text, facts) == "- **Reach:** Visits.\n| | row |"


def test_without_banned_spares_the_name_of_the_client() -> None:
    brief = dental_brief(client_name="Best Teeth", banned_words=("best",))
    guard = facts_of(brief, strategy_for(brief))
    assert writing.without_banned("Best Teeth is open. The best is near.", guard) == "Best Teeth is open."


def test_without_banned_spares_a_disclaimer() -> None:
    disclaimer = "Results are not guaranteed."
    brief = dental_brief(disclaimers=(disclaimer,))
    assert writing.without_banned(disclaimer, facts_of(brief, strategy_for(brief))) == disclaimer


def test_fit_takes_spare_blocks_by_rank_as_far_as_there_is_room(facts: Facts) -> None:
    blocks = [Block("five words are in here"), Block("late " * 8, 2), Block("early " * 10, 1), Block("never " * 20, 3)]
    assert writing.fit(blocks, BENCHMARK, facts).split("\n\n") == ["five words are in here", "late " * 8, "early " * 10]


def test_fit_never_takes_more_bullets_than_allowed(facts: Facts) -> None:
    text = writing.fit([Block("- a"), Block("- b", 1), Block("- c", 1), Block("end")], BENCHMARK, facts)
    assert text == "- a\n- b\n\nend"


@pytest.mark.parametrize(
    ("name", "inside"),
    [
        ("Invisible aligners", "invisible aligners"),
        ("Sunday family lunch", "Sunday family lunch"),
        ("French lessons", "French lessons"),
        ("AP automation", "AP automation"),
        ("Membership", "Membership"),
    ],
)
def test_in_sentence_lowers_only_what_is_no_name(name: str, inside: str) -> None:
    assert writing.in_sentence(name) == inside


@pytest.mark.parametrize(
    ("text", "quoted"),
    [
        ('"as a whole"', "“as a whole”"),
        ("they get “one table”", "“they get ‘one table’”"),
        ("they get “one", "“they get ‘one’”"),
        ("plain", "“plain”"),
    ],
)
def test_quoted_closes_what_it_opens(text: str, quoted: str) -> None:
    assert writing.quoted(text) == quoted
