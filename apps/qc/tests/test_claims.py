"""Claims and numbers that nothing stands behind."""

import pytest

from apps.qc.tests.factories import findings

SEEDS = [
    (
        "UNPROVEN_SUPERLATIVE",
        {"text": "The best dental clinic in Galway."},
        {"text": "The best time to post is the evening; the best idea gets more budget."},
    ),
    ("UNPROVEN_ABSOLUTE", {"text": "A proven method for everybody."}, {"text": "We never promise permanent results."}),
    (
        "UNPROVEN_PERCENTAGE",
        {"text": "95 % of patients come back."},
        {"text": "If 20 % of the budget is unspent, move it to search."},
    ),
    ("UNKNOWN_NUMBER", {"text": "More than 1,500 cases finished."}, {"text": "860 aligner cases finished since 2019."}),
]


@pytest.mark.parametrize(("code", "broken"), [(code, broken) for code, broken, _ in SEEDS])
def test_an_unproven_claim_is_found(code, broken):
    assert code in findings(**broken)


@pytest.mark.parametrize(("code", "near_miss"), [(code, near_miss) for code, _, near_miss in SEEDS])
def test_a_near_miss_is_left_alone(code, near_miss):
    assert code not in findings(**near_miss)


@pytest.mark.parametrize(
    "text",
    [
        "We start on 9 March 2026 and report by 2026-04-08, in week 5.",
        "Write 120 words, film 45 seconds at 1080×1350 or 9:16, answer within 48 hours.",
        "Evening slots run until 20:30, on 90 days, with 60 posts.",
        "Instagram gets 35% of the budget, about €1,750.",
        "Hygiene visits cost €85; aligners start at 2.900 €.",
        "4.9 stars from 312 reviews.",
        "Stop the ad when the click rate stays under 0.8 %.",
        "Adults aged 33 with an office job.",
        "| Day | Message |\n|---|---|\n| 45 | A second look |",
        "Call 5 customers and ask 12 questions.",
    ],
)
def test_figures_of_planning_and_of_the_brief_need_no_source(text):
    assert not {"UNKNOWN_NUMBER", "UNPROVEN_PERCENTAGE"} & set(findings(text))


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("Aligners start at €1,990.", "notes"),
        ("We serve 4,000 patients.", "notes"),
        ("In practice since 1987.", "notes"),
        ("A team of 9 dentists.", "ad_concepts"),
        ("Our open rate is 41 %.", "notes"),
        ("| Name | Patients |\n|---|---|\n| All | 4500 |", "notes"),
        ("Spend €90,000 of the budget on search.", "notes"),
    ],
)
def test_figures_from_nowhere_are_found(text, key):
    assert "UNKNOWN_NUMBER" in findings(text, key=key)


def test_an_effect_in_percent_is_counted_once():
    found = findings("You sleep 37 % better.")
    assert "UNPROVEN_PERCENTAGE" in found
    assert "UNKNOWN_NUMBER" not in found


def test_the_clients_own_proof_may_be_said():
    assert "UNPROVEN_SUPERLATIVE" not in findings("An award-winning team.", brief={"proof": ("Award-winning in 2024",)})


def test_a_banned_superlative_proves_nothing():
    brief = {"banned_words": (), "forbidden_claims": ("never say guaranteed",)}
    assert "UNPROVEN_ABSOLUTE" in findings("Straight teeth guaranteed.", brief=brief)


def test_what_a_sum_is_divided_by_is_no_claim():
    assert "UNKNOWN_NUMBER" not in findings("As a weekly pace that is 40 × 12 ÷ 77 = about 6.2.")
    assert "UNKNOWN_NUMBER" in findings("We serve 77 people.")
