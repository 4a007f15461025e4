"""Two texts side by side …"""

from apps.shared.admin import compare_texts, side_by_side


def test_mark_the_words_that_differ_and_no_others() -> None:
    assert side_by_side("Book in the morning.", "Book in the evening.") == [
        ("Book in the <del>morning.</del>", "Book in the <ins>evening.</ins>")
    ]


def test_stay_aligned_when_a_line_was_added_between() -> None:
    assert side_by_side("One\nTwo", "One\nOne and a half\nTwo") == [
        ("One", "One"),
        ("", "<ins>One and a half</ins>"),
        ("Two", "Two"),
    ]


def test_stand_line_by_line_where_they_differ() -> None:
    assert side_by_side("Mon a\nTue b", "Mon c\nTue d") == [
        ("Mon <del>a</del>", "Mon <ins>c</ins>"),
        ("Tue <del>b</del>", "Tue <ins>d</ins>"),
    ]


def test_carry_no_mark_where_they_agree() -> None:
    assert side_by_side("The same\nin both", "The same\nin both") == [("The same", "The same"), ("in both", "in both")]


def test_mark_a_missing_text_as_removed_altogether() -> None:
    assert side_by_side("All of it", "") == [("<del>All of it</del>", "")]


def test_never_become_html() -> None:
    (rows,) = side_by_side("safe <b>", "safe <script>alert(1)</script>")
    assert rows == ("safe <del>&lt;b&gt;</del>", "safe <ins>&lt;script&gt;alert(1)&lt;/script&gt;</ins>")


def test_are_told_apart_by_their_headings_in_the_order_of_the_later() -> None:
    compared = compare_texts({"Gone": "x", "Same": "y"}, {"New": "z", "Same": "y"})
    assert compared == [
        ("New", [("", "<ins>z</ins>")]),
        ("Same", []),
        ("Gone", [("<del>x</del>", "")]),
    ]


def test_are_the_same_when_only_their_last_line_end_differs() -> None:
    assert compare_texts({"Same": "y"}, {"Same": "y\n"}) == [("Same", [])]
