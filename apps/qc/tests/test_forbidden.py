"""What a client's sentence is taken to forbid."""

import pytest

from apps.qc.rules.forbidden import competitor_names, terms_of


@pytest.mark.parametrize(
    ("claim", "words"),
    [
        ("No before/after photos without consent on file", {"before", "after", "photos"}),
        ("Don't say we cure back pain", {"cure", "back", "pain"}),
        ('we can\'t say "clinically tested"', {"clinically", "tested"}),
        ("Avoid the term organic unless certified", {"organic"}),
        ("we must never be called the cheapest", {"cheapest"}),
        ("Not FDA approved – do not imply it", {"fda", "approved"}),
        ("100% natural", {"natural", "100"}),
    ],
)
def test_a_sentence_is_reduced_to_what_it_is_about(claim, words):
    (group,) = terms_of(claim).groups
    assert set(group) == words


@pytest.mark.parametrize(
    ("claim", "kind"), [("no medical claims", "medical"), ("No earnings claims!", "income"), ("no pain", "")]
)
def test_kinds_of_claims_are_known_by_name(claim, kind):
    assert terms_of(claim).kind == kind


@pytest.mark.parametrize(
    "claim",
    ["no comparative claims against named clinics", "no claims about competitors", "Never compare us with other banks"],
)
def test_comparisons_are_recognised(claim):
    assert terms_of(claim).is_comparison


@pytest.mark.parametrize(
    ("competitors", "names"),
    [
        (("SmileDirect style mail-order", "two clinics in Salthill"), ("SmileDirect",)),
        (("Candis", "Spendesk", "doing nothing"), ("Candis", "Spendesk")),
        (("Local gyms", "Gold's Gym, Anytime Fitness", "Excel"), ("Gold's Gym", "Anytime Fitness")),
        (("Zettle by PayPal", "YouTube videos"), ("Zettle", "PayPal")),
    ],
)
def test_only_proper_names_are_names(competitors, names):
    assert competitor_names(competitors) == names
