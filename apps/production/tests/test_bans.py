"""Banned words and forbidden claims."""

import pytest

from apps.production.rules.bans import Bans, bans_of, claim_words, speaks_of_excluded

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


@pytest.mark.parametrize(
    ("word", "text"),
    [
        ("plan", "planned"),
        ("get", "Getting there"),
        ("easy", "easily done"),
        ("make", "making"),
        ("guaranteed", "a guarantee"),
        ("game changer", "a game-changer"),
        ("best", "The BEST"),
    ],
)
def test_find_the_inflections_that_quality_control_finds(word: str, text: str) -> None:
    assert bans_of((word,), (), ()).hold_in(text)


@pytest.mark.parametrize(
    ("text", "does"),
    [
        ("Newsletter list of 1,850 contacts", True),
        ("cold calls on Fridays", True),
        ("Owner wants no newsletters", False),
        ("Letters and posters", False),
    ],
)
def test_tell_a_channel_that_is_used_from_one_that_is_ruled_out(text: str, does: bool) -> None:
    assert speaks_of_excluded(text, ("no newsletters, no cold calling",)) is does


def test_strike_words_but_not_from_the_name() -> None:
    assert BANS.strike("Cheap Flights sells cheap seats.") == "Cheap Flights sells seats."


def test_forbid_nothing_when_the_brief_does_not() -> None:
    assert not Bans().hold_in("anything")
    assert Bans().strike("anything") == "anything"
