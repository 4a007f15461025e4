"""The words of a message …"""

import pytest

from apps.cam.rules.names import first_name
from apps.cam.rules.templates import TemplateRefused, check_words, fill

VALUES = {"first_name": "Mia", "company": "Bright Smiles", "title": ""}


def test_are_filled_with_what_is_known_of_the_lead() -> None:
    assert fill("Hello {{ first_name }} of {{company}}", VALUES) == "Hello Mia of Bright Smiles"


def test_say_something_else_where_that_is_offered() -> None:
    assert fill("Dear {{ title | colleague }}", VALUES) == "Dear colleague"


@pytest.mark.parametrize("words", ["Dear {{ title }}", "Dear {{ title | }}", "Dear {{ unheard_of }}"])
def test_are_refused_where_something_is_not_known(words: str) -> None:
    with pytest.raises(TemplateRefused, match="is not known of this lead"):
        fill(words, VALUES)


@pytest.mark.parametrize(
    "left", ["{{ first_name", "first_name }}", "[name]", "<COMPANY>", "TODO", "tbd", "____", "{% if %}", "lorem ipsum"]
)
def test_are_refused_with_anything_left_over(left: str) -> None:
    with pytest.raises(TemplateRefused, match="fill in"):
        fill(f"Hello {left} there", VALUES)
    with pytest.raises(TemplateRefused, match="fill in"):
        check_words("Subject", f"Hello {left} there")


def test_are_refused_when_a_leads_own_name_looks_like_a_placeholder() -> None:
    with pytest.raises(TemplateRefused, match="First"):
        fill("Hello {{ first_name }}", {"first_name": "[First Name]"})


def test_are_not_filled_a_second_time() -> None:
    with pytest.raises(TemplateRefused):
        fill("Hello {{ first_name }}", {"first_name": "{{ company }}", "company": "secret"})


def test_stay_on_one_line_where_a_name_has_more() -> None:
    assert (
        fill("Hello {{ first_name }}", {"first_name": "Mia\r\nBcc: all@example.org"})
        == "Hello Mia Bcc: all@example.org"
    )


@pytest.mark.parametrize(
    ("subject", "text", "field"),
    [
        ("", "Text", "subject"),
        ("Subject", " ", "text"),
        ("x" * 201, "Text", "subject"),
        ("A\nBcc: all@example.org", "Text", "subject"),
        ("For {{ compnay }}", "Text", "subject"),
        ("Subject", "x" * 10_001, "text"),
        ("Subject", "Hello {{ first name }}", "text"),
    ],
)
def test_are_checked_field_by_field(subject: str, text: str, field: str) -> None:
    with pytest.raises(TemplateRefused) as refusal:
        check_words(subject, text)
    assert list(refusal.value.problems) == [field]


def test_may_hold_prices_and_brackets_that_nobody_fills_in() -> None:
    check_words("3 > 2", "We (my team) save you 1,000 € {really}; 5 < 6.\nRegards")


@pytest.mark.parametrize(
    ("whole", "first"),
    [
        ("Mia Byrne", "Mia"),
        ("Dr. Mia Byrne", "Mia"),
        ("Prof. Dr. Jürgen Müller", "Jürgen"),
        ("Byrne, Mia", "Mia"),
        ("Anne-Marie O’Neill", "Anne-Marie"),
        ("M. Byrne", ""),
        ("Mia", ""),
        ("", ""),
        ("Herr Müller", ""),
        ("田中 太郎", "田中"),
    ],
)
def test_know_the_first_name_in_a_whole_one(whole: str, first: str) -> None:
    assert first_name(whole) == first
