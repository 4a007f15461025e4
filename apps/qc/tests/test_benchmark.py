"""The measures of a section."""

from decimal import Decimal

import pytest

from apps.qc.tests.factories import findings

THREE = "- one\n- two\n- three"
SEEDS = [
    ("EMPTY", {"text": "  \n", "benchmark": {"min_words": 5}}, {"text": "Two words"}),
    (
        "TOO_SHORT",
        {"text": "Four words are here", "benchmark": {"min_words": 5}},
        {"text": "Four words are here", "benchmark": {"min_words": 4}},
    ),
    (
        "TOO_LONG",
        {"text": "Four words are here", "benchmark": {"max_words": 3}},
        {"text": "| a | b |\n|---|---|\n| - | – |", "benchmark": {"max_words": 2}},
    ),
    (
        "TOO_FEW_BULLETS",
        {"text": THREE, "benchmark": {"min_bullets": 4}},
        {"text": "- one\n  1. two", "benchmark": {"min_bullets": 2}},
    ),
    (
        "TOO_MANY_BULLETS",
        {"text": THREE, "benchmark": {"max_bullets": 2}},
        {"text": THREE, "benchmark": {"max_bullets": 3}},
    ),
    (
        "TOO_FEW_HEADINGS",
        {"text": "#no heading", "benchmark": {"min_headings": 1}},
        {"text": "### One", "benchmark": {"min_headings": 1}},
    ),
    (
        "TOO_MANY_HEADINGS",
        {"text": "### One\n\n### Two", "benchmark": {"max_headings": 1}},
        {"text": "### One", "benchmark": {"max_headings": 1}},
    ),
    (
        "MISSING_LABEL",
        {"text": "The brand is known.", "benchmark": {"labels": ("Brand",)}},
        {"text": "- Brand: known", "benchmark": {"labels": ("Brand",)}},
    ),
    (
        "TOO_REPETITIVE",
        {"text": "- one\n- one\n- two", "benchmark": {"max_repeated_line_ratio": Decimal("0.25")}},
        {"text": "- one\n- one\n- two\n- four", "benchmark": {"max_repeated_line_ratio": Decimal("0.25")}},
    ),
    (
        "SENTENCES_TOO_LONG",
        {"text": "This one sentence has seven words inside.", "benchmark": {"max_average_sentence_words": 6}},
        {
            "text": "Dr. Ní Bhriain writes. She answers, e.g. on Tuesdays.",
            "benchmark": {"max_average_sentence_words": 5},
        },
    ),
    (
        "EXPECTED_TABLE",
        {"text": "| a | b |", "benchmark": {"form": "TABLE"}},
        {"text": "| a | b |\n|---|---|\n| c | d |", "benchmark": {"form": "TABLE"}},
    ),
    (
        "EXPECTED_LIST",
        {"text": "Prose.", "benchmark": {"form": "LIST"}},
        {"text": "- item", "benchmark": {"form": "LIST"}},
    ),
]


@pytest.mark.parametrize(("code", "broken"), [(code, broken) for code, broken, _ in SEEDS])
def test_a_missed_measure_is_found(code, broken):
    assert code in findings(**broken)


@pytest.mark.parametrize(("code", "near_miss"), [(code, near_miss) for code, _, near_miss in SEEDS])
def test_a_near_miss_is_left_alone(code, near_miss):
    assert code not in findings(**near_miss)


@pytest.mark.parametrize("code", ["TOO_MANY_BULLETS", "TOO_MANY_HEADINGS", "SENTENCES_TOO_LONG"])
def test_too_much_only_warns(code):
    broken = next(broken for seed, broken, _ in SEEDS if seed == code)
    assert findings(**broken)[code].status == "WARN"


@pytest.mark.parametrize("markdown", ["### The brand", "**Brands**", "| Brand | x |\n|---|---|\n| a | b |", "Brand: x"])
def test_a_label_counts_where_it_labels(markdown):
    assert "MISSING_LABEL" not in findings(markdown, benchmark={"labels": ("Brand",)})


def test_an_empty_section_is_blamed_for_that_alone():
    codes = findings(" ", benchmark={"min_words": 5, "min_bullets": 2, "min_headings": 1, "labels": ("Brand",)})
    assert set(codes) == {"EMPTY"}


def test_a_label_with_a_banned_word_is_not_asked_for():
    given = {"benchmark": {"labels": ("Week 1",)}, "text": "Text."}
    assert "MISSING_LABEL" in findings(**given)
    assert "MISSING_LABEL" not in findings(**given, brief={"banned_words": ("week",)})
