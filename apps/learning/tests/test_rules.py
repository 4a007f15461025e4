"""The rules of learning …"""

from decimal import Decimal
from uuid import UUID

import pytest
from uuid_utils.compat import uuid7

from apps.learning.rules.gate import gate_problem
from apps.learning.rules.replay import Judged, lower_bound, suggest
from apps.learning.rules.words import named_in, pattern_of, search_expression

GOOD = "Acme answers every question with the price. " * 8


def refused(text: str, *remarks: str) -> Judged:
    return Judged(id=uuid7(), text=text, is_refused=True, remarks=remarks)


def accepted(text: str = "Plain words about the price.") -> Judged:
    return Judged(id=uuid7(), text=text, is_refused=False, remarks=())


def a_lot(word: str = "synergy", times: int = 6) -> list[Judged]:
    """Return enough judged sections, some of them refused for a word."""
    return [refused(f"All about {word} here.", f"No “{word}” please") for _ in range(times)] + [accepted()] * 30


def phrases(sections: list[Judged], used: dict[str, set[UUID]] | None = None) -> list[str]:
    return [each.phrase for each in suggest(sections, used or {})]


@pytest.mark.parametrize(
    ("text", "brand", "problem"),
    [
        (GOOD, "Acme GmbH", ""),
        (GOOD[:299], "Acme", "shorter"),
        (GOOD, "Globex", "does not name"),
        (GOOD + " [Insert date]", "Acme", "placeholder"),
        (GOOD + " Fit for your industry.", "Acme", "anybody"),
        (GOOD + " TODO: the price", "Acme", "program"),
        (GOOD + " ValueError: no such key", "Acme", "program"),
    ],
)
def test_let_a_text_be_kept_or_say_why_not(text: str, brand: str, problem: str) -> None:
    found = gate_problem(text, brand)
    assert problem in found
    assert bool(problem) == bool(found)


def test_bound_a_share_by_how_little_is_known_of_it() -> None:
    assert [lower_bound(*each) for each in ((0, 0), (5, 5), (11, 12), (50, 50), (0, 9))] == [
        Decimal(0),
        Decimal("0.5655"),
        Decimal("0.6461"),
        Decimal("0.9286"),
        Decimal(0),
    ]


def test_find_a_phrase_whatever_its_case_hyphens_and_simple_endings() -> None:
    found = [bool(pattern_of("game changer").search(text)) for text in ("Game-changers!", "game  changer", "a gamer")]
    assert found == [True, True, False]


def test_read_in_a_remark_what_it_quotes_and_its_own_words_of_the_text() -> None:
    text = "Our cutting-edge solution creates synergy and jeopardy."
    said = ('Replace "cutting-edge solution" with "way"', "Too much synergy, please.")
    assert named_in(said, text) == {"cutting-edge solution", "cutting-edge", "solution", "synergy"}


def test_propose_what_a_client_objected_to_often_enough() -> None:
    (found,) = suggest([*a_lot(times=8), accepted("The synergy of colours.")], {})
    assert (found.phrase, len(found.named), len(found.caught), len(found.false_alarms)) == ("synergy", 8, 8, 1)
    assert found.confidence == lower_bound(8, 9)
    assert "8 of 8 sections" in found.claim
    assert "1 false alarm among 31" in found.claim


def test_propose_nothing_from_too_few_decisions_or_too_few_objections() -> None:
    assert phrases(a_lot()[:29]) == []
    assert phrases(a_lot(times=4)) == []


def test_propose_nothing_that_would_stop_what_clients_like() -> None:
    assert phrases([*a_lot(), *[accepted("Fine synergy.")] * 6]) == []


def test_propose_the_same_from_the_same_in_any_order() -> None:
    sections = [*a_lot("synergy"), *a_lot("leverage")]
    assert phrases(sections) == phrases(sections[::-1]) == ["leverage", "synergy"]


def test_propose_a_phrase_rather_than_each_of_its_words() -> None:
    assert phrases(a_lot("world class")) == ["world class"]


def test_propose_again_only_from_objections_that_are_new() -> None:
    sections = a_lot()
    old = {each.id for each in sections if each.is_refused}
    assert phrases(sections, {"synergy": old}) == []
    assert phrases([*a_lot(times=4), *sections], {"synergy": old}) == []
    assert phrases([*a_lot(times=5), *sections], {"synergy": old}) == ["synergy"]


@pytest.mark.parametrize(
    ("typed", "asked"),
    [
        ("evening  price", "evening:* & price:*"),
        ("a' | !b:* <->", "a:* & b:*"),
        ("Öffnung_7", "öffnung:* & 7:*"),
        ("-", ""),
    ],
)
def test_ask_for_words_and_for_nothing_else_that_somebody_types(typed: str, asked: str) -> None:
    assert search_expression(typed) == asked
