"""Reads a delivered Word or PowerPoint file in its order, as far as a page can show it."""

from collections.abc import Callable, Iterator
from io import BytesIO
from itertools import islice
from typing import Any
from zipfile import BadZipFile, ZipFile

from docx import Document
from docx.opc.exceptions import PackageNotFoundError as NoWordFile
from docx.table import Table
from docx.text.paragraph import Paragraph
from lxml.etree import LxmlError
from pptx import Presentation
from pptx.exc import PackageNotFoundError as NoDeck
from pptx.slide import Slide as DrawnSlide

from apps.delivery.rules.preview import (
    DAMAGED,
    MOST_BLOCKS,
    MOST_ROWS,
    MOST_SLIDES,
    Block,
    Preview,
    Slide,
    cut,
    shorten,
)
from apps.shared.resilience import TookTooLong, time_limit

MOST_BYTES_UNPACKED = 60 * 1024 * 1024
"""Of all parts together; a file of ours unpacks to a tenth of that."""
SECONDS = 3.0
_BROKEN = (BadZipFile, NoWordFile, NoDeck, LxmlError, KeyError, ValueError, AttributeError, TypeError)
"""What zip, XML and the two libraries raise for a file that is not whole."""


def read_document(content: bytes) -> Preview:
    """Return what a DOCX says, paragraph by paragraph and table by table; of one that cannot be read, why."""
    return _within_limits(content, _document)


def read_deck(content: bytes) -> Preview:
    """Return what a PPTX says, slide by slide with its notes; of one that cannot be read, why."""
    return _within_limits(content, _deck)


def _within_limits(content: bytes, read: Callable[[BytesIO], Preview]) -> Preview:
    try:
        with ZipFile(BytesIO(content)) as archive:
            if sum(entry.file_size for entry in archive.infolist()) > MOST_BYTES_UNPACKED:
                return Preview(note="It is too large to be shown on a page. Download it.")
        with time_limit(SECONDS):
            return read(BytesIO(content))
    except TookTooLong:
        return Preview(note="Reading it took too long. Download it.")
    except _BROKEN:
        return Preview(note=DAMAGED)


def _document(file: BytesIO) -> Preview:
    blocks = list(islice(_blocks(file), MOST_BLOCKS + 1))
    note = f"The first {MOST_BLOCKS} paragraphs and tables; the file has more." if len(blocks) > MOST_BLOCKS else ""
    return Preview(blocks=tuple(blocks[:MOST_BLOCKS]), note=note)


def _blocks(file: BytesIO) -> Iterator[Block]:
    for part in Document(file).iter_inner_content():
        if isinstance(part, Table):
            yield _table(part)
        elif text := part.text.strip():
            yield _paragraph(part, text)


def _paragraph(paragraph: Paragraph, text: str) -> Block:
    """Return a paragraph by the id of its style: looking up the style itself takes longer than all the rest."""
    style = paragraph._p.style or ""
    if style.startswith("Heading") and style[7:].isdigit():
        return Block("heading", shorten(text), level=int(style[7:]))
    if style == "Title":
        return Block("heading", shorten(text), level=1)
    return Block("item" if style.startswith("List") else "paragraph", shorten(text))


def _table(table: Table) -> Block:
    """Return a table row by row from its XML: python-docx looks each cell up in the whole table."""
    rows = islice(table._tbl.tr_lst, MOST_ROWS + 1)
    return Block("table", rows=tuple(cut(_text(cell, table) for cell in row.tc_lst) for row in rows))


def _text(cell: Any, table: Table) -> str:
    return "\n".join(Paragraph(each, table).text for each in cell.p_lst)


def _deck(file: BytesIO) -> Preview:
    slides = Presentation(file).slides
    note = f"The first {MOST_SLIDES} of {len(slides)} slides." if len(slides) > MOST_SLIDES else ""
    return Preview(slides=tuple(map(_slide, islice(slides, MOST_SLIDES))), note=note)


def _slide(slide: DrawnSlide) -> Slide:
    title = slide.shapes.title
    lines = [
        line for shape in slide.shapes if title is None or shape.shape_id != title.shape_id for line in _lines(shape)
    ]
    return Slide(
        title=shorten(title.text_frame.text) if title is not None else "",
        lines=tuple(shorten(line) for line in lines[:MOST_ROWS]),
        notes=shorten(slide.notes_slide.notes_text_frame.text) if slide.has_notes_slide else "",
    )


def _lines(shape: Any) -> Iterator[str]:
    """Yield what stands in a shape: its paragraphs, the rows of its table, or the bars of its chart."""
    if shape.has_text_frame:
        yield from (paragraph.text for paragraph in shape.text_frame.paragraphs if paragraph.text.strip())
    elif shape.has_table:
        yield from (" · ".join(cell.text for cell in row.cells) for row in shape.table.rows)
    elif shape.has_chart:
        plot = shape.chart.plots[0]
        for series in plot.series:
            yield from (f"{name}: {value:g}" for name, value in zip(plot.categories, series.values, strict=False))
