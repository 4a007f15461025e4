"""The text of an answer, without what is no part of it …"""

import pytest

from apps.onboarding.rules import normalize
from apps.onboarding.rules.markup import plain_text
from apps.onboarding.tests.factories import answered


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("<p>Fixed <b>price</b></p>", "Fixed price"),
        ("<script>alert(1)</script> price", "alert(1) price"),
        ("from <!-- draft --> £240", "from £240"),
        ("see [our page](https://a.test/x)", "see our page"),
        ("price {{ cfg.KEY }} {% raw %} ${HOME} {client_name}", "price"),
        ("Aligners [insert price], TBD", "Aligners ,"),
        ("abc\u202edef\u200b", "abcdef"),
        ("200\u20284 rooms\u2029", "200 4 rooms"),
        ("lorem ipsum dolor sit amet, consectetur; prices", "; prices"),
    ],
)
def test_loses_markup_and_placeholders(text: str, plain: str) -> None:
    assert " ".join(plain_text(text).split()) == plain


@pytest.mark.parametrize(
    "text",
    ["stock < 50 and > 20", "{a, b}", "[sic] (see p. 3)", "I <3 pottery", "we get it done: to-do lists", "todo bien"],
)
def test_keeps_what_only_looks_like_it(text: str) -> None:
    assert plain_text(text) == text


def test_is_warned_of_where_a_placeholder_was_left() -> None:
    content = normalize(answered(proof="4.9 on Google; [insert case study]", tone="lorem ipsum dolor"))
    assert content.proof == ("4.9 on Google",)
    assert content.brand.tone == ()
    assert {"proof", "tone"} <= {warning.field for warning in content.warnings if "placeholder" in warning.message}


@pytest.mark.parametrize(
    ("name", "read"),
    [
        ("<b>Ironworks</b> Gym", "Ironworks Gym"),
        ("{{Ironworks}}", "Ironworks"),
        ("{Ironworks}", "Ironworks"),
        ("TBD & Co", "& Co"),
    ],
)
def test_of_a_name_is_never_empty(name: str, read: str) -> None:
    assert normalize(answered(client_name="").model_copy(update={"client_name": name})).client_name == read
