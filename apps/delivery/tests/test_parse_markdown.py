import pytest

from apps.delivery.rules.layout import column_weights
from apps.delivery.rules.markdown import (
    Heading,
    Item,
    ItemList,
    Paragraph,
    Span,
    Table,
    block_text,
    parse_markdown,
    plain_table,
)


def test_keeps_the_look_of_words():
    (paragraph,) = parse_markdown("plain **bold** *italic* `code` [link](https://a.test)")
    assert [span for span in paragraph.spans if span.text.strip()] == [
        Span("plain "),
        Span("bold", bold=True),
        Span("italic", italic=True),
        Span("code", code=True),
        Span("link", url="https://a.test"),
    ]


def test_puts_headings_at_level_three_or_below():
    levels = [block.level for block in parse_markdown("# a\n\n### b\n\n#### c") if isinstance(block, Heading)]
    assert levels == [3, 3, 4]


def test_lays_inner_lists_out_flat():
    (block,) = parse_markdown("- a\n  1. b\n  2. c\n- d")
    assert block == ItemList(
        items=(
            Item(0, "", (Span("a"),)),
            Item(1, "1.", (Span("b"),)),
            Item(1, "2.", (Span("c"),)),
            Item(0, "", (Span("d"),)),
        )
    )


def test_fills_short_rows_of_a_table():
    (table,) = parse_markdown("| a | b |\n|---|---|\n| 1 |\n| 2 | 3 |")
    assert table == Table(head=((Span("a"),), (Span("b"),)), rows=(((Span("1"),), ()), ((Span("2"),), (Span("3"),))))


def test_splits_a_table_too_wide_for_a_page_and_repeats_its_first_column():
    row = "|" + "|".join(f"c{n}" for n in range(20)) + "|"
    tables = parse_markdown(f"{row}\n|{'---|' * 20}\n{row}")
    assert [len(table.head) for table in tables] == [9, 9, 4]
    assert all(table.head[0] == (Span("c0"),) for table in tables)
    assert tables[2].head[-1] == (Span("c19"),)


@pytest.mark.parametrize("url", ["javascript:alert(1)", "file:///etc/passwd", "data:text/html,x", "/relative"])
def test_makes_an_unsafe_link_plain_words(url):
    spans = [span for block in parse_markdown(f"[words]({url})") for span in block.spans]
    assert all(span.url == "" for span in spans)


def test_takes_html_and_pictures_as_words():
    html, picture = parse_markdown("<script>alert(1)</script>\n\n![a chart](http://169.254.169.254/x.png)")
    assert block_text(html) == "<script>alert(1)</script>"
    assert block_text(picture) == "a chart"


def test_removes_control_characters_and_direction_overrides():
    (paragraph,) = parse_markdown("a\x07b\u202ec\u200bd")
    assert block_text(paragraph) == "abcd"


def test_keeps_code_and_quotes():
    code, quote = parse_markdown("```\na = 1\n```\n\n> said")
    assert (code.look, block_text(code)) == ("code", "a = 1")
    assert quote == Paragraph((Span("said"),), look="quote")


def test_survives_nesting_far_beyond_reason():
    assert parse_markdown("> " * 500 + "deep") is not None
    assert parse_markdown("- " * 500 + "deep") is not None


def test_gives_a_column_of_sentences_more_room_than_one_of_dates():
    weights = column_weights(plain_table(("Date", "Caption"), [("9 Mar", "A sentence of some length. " * 6)]))
    assert weights[1] > 3 * weights[0]
