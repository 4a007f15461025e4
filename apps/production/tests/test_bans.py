"""Banned words and forbidden claims."""

import pytest

from apps.production.rules.bans import Bans, bans_of, claim_words

BANS = bans_of(
    ("cheap", "game-changer"),
    ("No before/after photos without consent on file", 'never say "clinically proven"'),
    ("Cheap Flights", "Not cheap, but fair."),
)


@pytest.mark.parametrize(
    ("claim", "words"),
    [
        ("No before/after photos without consent on file", (("before", "after", "photos"),)),
        ("no comparative claims against named clinics", (("comparative",),)),
        ('Never say "clinically proven"', (("clinically", "proven"),)),
        ("No promise of a cure; no prices", (("cure",), ("prices",))),
        ("do not claim that the", ()),
    ],
)
def test_read_out_of_a_claim_the_words_that_make_it(claim: str, words: tuple) -> None:
    assert claim_words([claim]) == words


@pytest.mark.parametrize(
    ("text", "is_banned"),
    [
        ("CHEAP!", True),
        ("It is cheaper", True),
        ("cheapskate", False),
        ("a Game-Changer", True),
        ("Photos from before and after", True),
        ("Photos from before. And after that?", False),
        ("clinically and truly proven", True),
        ("proven", False),
        ("Cheap Flights flies", False),
        ("Not cheap, but fair.", False),
    ],
)
def test_find_words_with_their_endings_and_claims_within_a_sentence(text: str, is_banned: bool) -> None:
    assert BANS.hold_in(text) is is_banned


def test_strike_words_but_not_from_the_name() -> None:
    assert BANS.strike("Cheap Flights sells cheap seats.") == "Cheap Flights sells seats."


def test_forbid_nothing_when_the_brief_does_not() -> None:
    assert not Bans().hold_in("anything")
    assert Bans().strike("anything") == "anything"
