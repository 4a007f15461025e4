"""Quoted words in a rendered section …"""

import pytest

from apps.shared.admin.highlight import highlight


def test_are_marked_in_their_place_only() -> None:
    rendered = "<p>It is cheap to book. A way that is cheap, calm and quick.</p>"
    marked, places = highlight(rendered, ["…way that is ‹cheap›, calm and…"])
    assert marked == "<p>It is cheap to book. A way that is <mark>cheap</mark>, calm and quick.</p>"
    assert places == 1


def test_are_found_across_markup_and_line_ends() -> None:
    marked, _ = highlight("<p>Book <strong>in the</strong>\nthe evening.</p>", ["Book ‹in the the› evening."])
    assert marked == "<p>Book <strong><mark>in the</mark></strong><mark>\nthe</mark> evening.</p>"


def test_are_marked_everywhere_when_their_surroundings_read_differently() -> None:
    marked, places = highlight("<td>cheap</td>\n<td>cheap</td>\n<td>cheaper</td>", ["2026-03-09 ‹cheap› hook"])
    assert places == 2
    assert marked == "<td><mark>cheap</mark></td>\n<td><mark>cheap</mark></td>\n<td>cheaper</td>"


def test_are_found_in_the_row_of_a_table_they_were_quoted_from() -> None:
    rendered = "<tr>\n<td>One</td>\n<td>cheap</td>\n</tr>\n<tr>\n<td>Two</td>\n<td>cheap</td>\n</tr>"
    marked, places = highlight(rendered, ["Two | ‹cheap›"])
    assert marked == rendered.replace("<td>cheap</td>\n</tr>", "<td><mark>cheap</mark></td>\n</tr>").replace(
        "<mark>cheap</mark>", "cheap", 1
    )
    assert places == 1


def test_are_found_with_another_apostrophe_and_a_hard_space() -> None:
    assert (
        highlight("<p>We don’t\u00a0promise</p>", ["We ‹don't promise›"])[0]
        == "<p>We <mark>don’t\u00a0promise</mark></p>"
    )


def test_are_found_behind_an_entity_which_stays_one() -> None:
    assert highlight("<p>R&amp;D &lt;b&gt;</p>", ["‹R&D <b>›"])[0] == "<p><mark>R&amp;D &lt;b&gt;</mark></p>"


def test_without_a_mark_are_marked_as_a_whole() -> None:
    assert highlight("<p>The first words of a text.</p>", ["The first words…"])[0].startswith(
        "<p><mark>The first words</"
    )


@pytest.mark.parametrize("quote", ["", "…", "‹›", "not in it", "‹(unclosed [regex›"])
def test_leave_the_section_as_it_is_where_they_are_not(quote: str) -> None:
    assert highlight("<p>Some <em>text</em>.</p>", [quote]) == ("<p>Some <em>text</em>.</p>", 0)
