"""Audiences, read from a client's words …"""

import pytest

from apps.onboarding.rules.audiences import MOST_NAME_WORDS, read_audiences


@pytest.mark.parametrize(
    ("text", "names"),
    [
        (
            "Adults 25-45 with an office job who dislike their teeth; second group: parents",
            ["adults 25-45 with an office job", "parents"],
        ),
        ("Heads of finance and AP team leads in manufacturing and wholesale", ["heads of finance and AP team leads"]),
        ("Familien mit Kindern im Raum Graz", ["Familien mit Kindern im Raum Graz"]),
        ("CFOs of mid-size logistics companies; 50-400 employees", ["CFOs of mid-size logistics companies"]),
        ("Women 30-55, interested in sustainable fashion", ["women 30-55"]),
        ("1. Homeowners 40+\n2. Landlords with several flats", ["Homeowners 40+", "landlords with several flats"]),
        ("Primary: HR managers in tech. Secondary: founders", ["HR managers in tech", "founders"]),
        ("Irish parents of teens", ["Irish parents of teens"]),
        ("primary audience: dog owners in Leeds; also: vets", ["dog owners in Leeds", "vets"]),
    ],
)
def test_have_short_names_the_primary_one_first(text: str, names: list[str]) -> None:
    assert [audience.name for audience in read_audiences([text])] == names


def test_keep_what_is_said_about_them() -> None:
    (audience,) = read_audiences(["CFOs of logistics companies; 50-400 employees"])
    assert audience.text == "CFOs of logistics companies; 50-400 employees"


def test_are_one_each_where_the_client_gave_a_list() -> None:
    assert [audience.text for audience in read_audiences(["a, b", "c; d"])] == ["a, b", "c; d"]


def test_are_never_named_by_more_than_eight_words() -> None:
    (audience,) = read_audiences(["word " * 300])
    assert len(audience.name.split()) == MOST_NAME_WORDS
