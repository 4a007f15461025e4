"""An e-mail address is found …"""

import re

import pytest

from apps.shared.text import pattern_of, pattern_of_address

MIA = "mia.o'kade+news@x-y.de"


@pytest.mark.parametrize(
    "text",
    [
        MIA,
        f"<{MIA}>",
        f"Ask {MIA}.",
        f"mailto:{MIA.upper()}?subject=x",
        f'{{"to": "{MIA}"}}',
        f"a\\n{MIA}\\n",
        f"{MIA}-",
    ],
)
def test_where_it_stands_by_itself(text: str) -> None:
    assert re.search(pattern_of_address(MIA), text, re.IGNORECASE)


@pytest.mark.parametrize(
    "text",
    [f"a{MIA}", f"a.{MIA}", f"a-{MIA}", f"a+{MIA}", f"{MIA}v", f"{MIA}.au", f"{MIA}-a.de", MIA.replace(".", "x")],
)
def test_but_not_in_another_one(text: str) -> None:
    assert not re.search(pattern_of_address(MIA), text, re.IGNORECASE)


def test_among_others_and_beside_words() -> None:
    pattern = pattern_of([MIA, "jon@x.de"], ["Kade (bakery)"])
    assert [re.search(pattern, text) is not None for text in ("jon@x.de", MIA, "Kade (bakery)", "Kade")] == [
        *(True, True, True, False)
    ]


def test_nowhere_where_none_is_looked_for() -> None:
    assert not re.search(pattern_of([]), f"{MIA} and more")
