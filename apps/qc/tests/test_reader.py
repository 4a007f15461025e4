"""What a section is read as."""

import pytest

from apps.qc.rules.figures import figures_in
from apps.qc.rules.reader import read

MARKDOWN = """### One **bold** heading

Two sentences here. Dr. Ní Bhriain wrote the second – e.g. this one.

Before the list:

- first
  1. nested

| Day | Post |
|---|---|
| 1 | Hello |
"""


def test_words_bullets_headings_and_tables_are_counted():
    text = read(MARKDOWN)
    assert (text.word_count, text.bullets, text.headings, text.tables) == (24, 2, ("One bold heading",), 1)


def test_sentences_end_where_people_end_them():
    assert read(MARKDOWN).sentences[:2] == (
        "Two sentences here.",
        "Dr. Ní Bhriain wrote the second – e.g. this one.",
    )


def test_lines_know_what_announces_them():
    leads = {block.text: block.lead for block in read(MARKDOWN).blocks}
    assert leads["first"] == "One bold heading: Before the list:"
    assert "Day | Post" in leads["1 | Hello"]


def test_a_header_row_is_no_line():
    assert "Day | Post" not in read(MARKDOWN).lines


@pytest.mark.parametrize(
    ("text", "value", "kind"),
    [
        ("€2,900", "2900", "money"),
        ("45.000 EUR", "45000", "money"),
        ("1.234,56 €", "1234.56", "money"),
        ("€0.35", "0.35", "money"),
        ("€5k", "5000", "money"),
        ("4.9 stars", "4.9", "plain"),
        ("12,5 %", "12.5", "percent"),
        ("3x more", "3", "times"),
    ],
)
def test_figures_are_read_in_any_notation(text, value, kind):
    (figure,) = figures_in(text)
    assert (str(figure.value), figure.kind) == (value, kind)


@pytest.mark.parametrize(
    "text", ["9 March 2026", "2026-03-09", "20:30", "9:16", "1080×1350", "week 12", "GA4", "§7", "1st"]
)
def test_dates_times_sizes_and_ordinals_are_no_figures(text):
    assert figures_in(text) == ()
