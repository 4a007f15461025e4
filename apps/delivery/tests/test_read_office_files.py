"""A Word file and a deck, read for a page …"""

from collections.abc import Callable
from io import BytesIO

import pytest
from django.template.loader import render_to_string
from docx import Document
from pptx import Presentation

from apps.delivery.gateways import reading
from apps.delivery.gateways.slides import render_pptx
from apps.delivery.gateways.word import render_docx
from apps.delivery.rules.archive import pack
from apps.delivery.rules.deck import compose_deck
from apps.delivery.rules.preview import (
    LONGEST_CELL,
    LONGEST_PARAGRAPH,
    MOST_BLOCKS,
    MOST_ROWS,
    MOST_SLIDES,
    Preview,
    Slide,
)
from apps.delivery.tests.factories import job_for
from apps.shared.resilience import TookTooLong

Read = Callable[[bytes], Preview]


def document(*paragraphs: str) -> bytes:
    made, target = Document(), BytesIO()
    for paragraph in paragraphs:
        made.add_paragraph(paragraph)
    made.save(target)
    return target.getvalue()


def deck(count: int) -> bytes:
    made, target = Presentation(), BytesIO()
    for _ in range(count):
        made.slides.add_slide(made.slide_layouts[6])
    made.save(target)
    return target.getvalue()


def test_shows_the_report_in_its_order_with_headings_lists_and_tables() -> None:
    report = job_for().document()
    shown = reading.read_document(render_docx(report))
    headings = [block.text for block in shown.blocks if block.kind == "heading" and block.level == 1]
    wanted = [f"{section.number}. {section.heading}" for section in report.sections]
    assert [text for text in headings if text in wanted] == wanted
    assert headings[0] == report.client
    kinds = {block.kind for block in shown.blocks}
    assert kinds == {"heading", "paragraph", "item", "table"}
    table = next(block for block in shown.blocks if block.kind == "table")
    assert table.rows[0] == ("What", "Value")
    texts = [block.text for block in shown.blocks]
    assert texts.index("What changes") < texts.index("How it is done")


def test_shows_every_slide_with_its_title_lines_and_notes() -> None:
    job = job_for()
    report = job.document()
    slides = compose_deck(job.brief, job.strategy, report)
    shown = reading.read_deck(render_pptx(report, slides)).slides
    assert [slide.title for slide in shown[1:]] == [slide.title for slide in slides]
    assert [slide.notes for slide in shown[1:]] == [slide.notes for slide in slides]
    for drawn, meant in zip(shown[1:], slides, strict=True):
        assert set(meant.points) <= set(drawn.lines)
        if meant.table:
            assert len(drawn.lines) >= len(meant.table.rows)
        if meant.chart:
            assert any(line.startswith(f"{meant.chart[0].name}: ") for line in drawn.lines)


def test_is_cut_to_what_a_page_can_carry_and_says_so() -> None:
    shown = reading.read_document(document(*["x" * (LONGEST_PARAGRAPH + 1)] * (MOST_BLOCKS + 1)))
    assert len(shown.blocks) == MOST_BLOCKS
    assert shown.blocks[0].text == "x" * LONGEST_PARAGRAPH + "…"
    assert f"The first {MOST_BLOCKS} paragraphs and tables" in shown.note
    shown = reading.read_deck(deck(MOST_SLIDES + 1))
    assert len(shown.slides) == MOST_SLIDES
    assert f"The first {MOST_SLIDES} of {MOST_SLIDES + 1} slides." in shown.note


def test_cuts_a_long_table_and_its_cells() -> None:
    made, target = Document(), BytesIO()
    table = made.add_table(rows=MOST_ROWS + 9, cols=1)
    table.rows[0].cells[0].text = "x" * (LONGEST_CELL + 1)
    made.save(target)
    (block,) = reading.read_document(target.getvalue()).blocks
    assert len(block.rows) == MOST_ROWS + 1
    assert block.rows[0] == ("x" * LONGEST_CELL + "…",)


def test_makes_no_html_of_what_a_file_says() -> None:
    script = "<script>alert(1)</script>"
    blocks = reading.read_document(document(script)).blocks
    drawn = render_to_string("admin/delivery/document.html", {"blocks": blocks, "name": script})
    drawn += render_to_string("admin/delivery/slides.html", {"slides": [Slide(script, (script,), script)]})
    assert script not in drawn
    assert drawn.count("&lt;script&gt;") == 5


@pytest.mark.parametrize("read", [reading.read_document, reading.read_deck])
@pytest.mark.parametrize(
    "content", [b"", b"PK small", pack({"a.txt": b"x"}), pack({"[Content_Types].xml": b"<oops", "_rels/.rels": b"<"})]
)
def test_says_of_a_broken_file_that_it_is(read: Read, content: bytes) -> None:
    shown = read(content)
    assert "cannot be opened" in shown.note
    assert (shown.blocks, shown.slides) == ((), ())


@pytest.mark.parametrize("read", [reading.read_document, reading.read_deck])
def test_opens_nothing_that_would_unpack_to_too_much(read: Read, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "MOST_BYTES_UNPACKED", 1000)
    assert "too large" in read(pack({"word/document.xml": b" " * 1001})).note


def test_gives_up_what_takes_too_long(monkeypatch: pytest.MonkeyPatch) -> None:
    def endless(file: BytesIO) -> Preview:
        raise TookTooLong("3 s")

    monkeypatch.setattr(reading, "_document", endless)
    assert "took too long" in reading.read_document(document("x")).note
