"""The quotes of a finding …"""

import pytest

from apps.qc.rules.quotes import left_out, pieces, split_quotes
from apps.qc.tests.factories import findings


def test_are_taken_apart_as_the_registry_joined_them() -> None:
    text = "Book in the the evening. Come at at noon. Call for for help. Ask us in in time."
    evidence = findings(text)["DOUBLED_WORD"].evidence
    quotes = split_quotes(evidence)
    marked = [text for quote in quotes for text, is_marked in pieces(quote) if is_marked]
    assert marked == ["the the", "at at", "for for"]
    assert left_out(evidence) == "+1 more"


def test_keep_a_dot_of_the_text_itself() -> None:
    assert split_quotes("…open · ‹cheap› · daily · ‹cheap› again") == ("…open · ‹cheap› · daily", "‹cheap› again")


def test_need_no_mark() -> None:
    assert split_quotes("The first line · The second (+3 more)") == ("The first line", "The second")
    assert pieces("The first line") == (("The first line", False),)


def test_are_none_without_evidence() -> None:
    assert split_quotes("") == ()


@pytest.mark.parametrize("quote", ["a ‹b› c", "‹b›", "‹unclosed", "closed›", "‹a› ‹b›", "<script>"])
def test_lose_no_word(quote: str) -> None:
    kept = "".join(f"‹{text}›" if is_marked else text for text, is_marked in pieces(quote))
    assert kept == quote
