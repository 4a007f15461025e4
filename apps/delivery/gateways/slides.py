"""The deck as a PowerPoint file, by python-pptx: real titles, a native chart that stays editable, speaker notes."""

from collections.abc import Sequence
from io import BytesIO
from math import ceil

from pptx import Presentation
from pptx.chart.data import CategoryChartData
from pptx.dml.color import RGBColor
from pptx.enum.chart import XL_CHART_TYPE
from pptx.enum.shapes import MSO_SHAPE
from pptx.enum.text import MSO_ANCHOR, PP_ALIGN
from pptx.oxml import parse_xml
from pptx.oxml.ns import nsdecls
from pptx.presentation import Presentation as Deck
from pptx.slide import Slide as DrawnSlide
from pptx.text.text import TextFrame
from pptx.text.text import _Paragraph as TextParagraph
from pptx.util import Emu, Inches, Pt

from apps.delivery.rules.archive import repack
from apps.delivery.rules.deck import Slide
from apps.delivery.rules.layout import column_weights
from apps.delivery.rules.markdown import Table, plain_text
from apps.delivery.rules.report import ChannelBar, Report

NAVY = RGBColor(0x14, 0x21, 0x3D)
TEAL = RGBColor(0x0F, 0x76, 0x6E)
CORAL = RGBColor(0xE4, 0x57, 0x2E)
INK = RGBColor(0x25, 0x30, 0x3F)
GREY = RGBColor(0x66, 0x70, 0x7F)
PALE = RGBColor(0xF4, 0xF6, 0xF9)
WHITE = RGBColor(0xFF, 0xFF, 0xFF)

_WIDTH, _HEIGHT = Inches(13.333), Inches(7.5)
_LEFT, _TOP, _TEXT_WIDTH = Inches(0.9), Inches(1.85), Inches(11.5)
_STATEMENT_LINE_CHARACTERS = 62  # of 28-point text between the margins
_INDENT = Inches(0.3)
_SHORT_NAME = 60  # letters of a client's name that fit the title slide in large type
_FEW = 4  # lines that leave room for larger type
_TITLE_ONLY = 5  # the layout's place in python-pptx's own template


def render_pptx(report: Report, slides: Sequence[Slide]) -> bytes:
    """Return the deck as PPTX bytes, the same for the same slides."""
    deck = Presentation()
    deck.slide_width, deck.slide_height = _WIDTH, _HEIGHT
    _place_titles(deck)
    _set_properties(deck, report)
    _add_title_slide(deck, report)
    for number, slide in enumerate(slides, start=2):
        _add_slide(deck, report, slide, number)
    target = BytesIO()
    deck.save(target)
    return repack(target.getvalue())


def _place_titles(deck: Deck) -> None:
    for holder in (deck.slide_master, deck.slide_layouts[_TITLE_ONLY]):
        title = next(shape for shape in holder.placeholders if shape.placeholder_format.idx == 0)
        title.left, title.top, title.width, title.height = _LEFT, Inches(0.6), _TEXT_WIDTH, Inches(0.85)


def _set_properties(deck: Deck, report: Report) -> None:
    properties = deck.core_properties
    properties.title = f"{report.client}: {report.title}"[:255]
    properties.author = properties.last_modified_by = report.agency
    properties.subject = report.period
    properties.created = properties.modified = report.prepared_at.replace(tzinfo=None)
    properties.revision = 1


def _add_title_slide(deck: Deck, report: Report) -> None:
    slide = deck.slides.add_slide(deck.slide_layouts[_TITLE_ONLY])
    slide.background.fill.solid()
    slide.background.fill.fore_color.rgb = NAVY
    _add_bar(slide, _LEFT, Inches(4.35), Inches(1.1), Pt(4), CORAL)
    title = slide.shapes.title
    title.left, title.top, title.width, title.height = _LEFT, Inches(2.0), _TEXT_WIDTH, Inches(2.2)
    size = Pt(46) if len(report.client) <= _SHORT_NAME else Pt(24)
    _write_title(title.text_frame, report.client, size, WHITE)
    title.text_frame.vertical_anchor = MSO_ANCHOR.BOTTOM
    mark = ", offline draft" if report.is_offline_draft else ""
    _add_lines(slide, (report.agency.upper(),), Inches(0.8), Inches(0.5), Pt(14), WHITE)
    _add_lines(slide, (report.title, report.period), Inches(4.6), Inches(1.1), Pt(22), WHITE)
    _add_lines(
        slide, (f"Prepared on {report.prepared}{mark}. {report.confidential}",), Inches(6.6), Inches(0.5), Pt(12), WHITE
    )
    slide.notes_slide.notes_text_frame.text = (
        f"Welcome, and say what this meeting is to decide: whether {report.client} starts the plan for {report.period}."
    )


def _add_slide(deck: Deck, report: Report, slide: Slide, number: int) -> None:
    drawn = deck.slides.add_slide(deck.slide_layouts[_TITLE_ONLY])
    _write_title(drawn.shapes.title.text_frame, slide.title, Pt(32), NAVY)
    _add_bar(drawn, 0, 0, Inches(0.28), _HEIGHT, NAVY)
    _add_bar(drawn, _LEFT, Inches(1.5), Inches(0.7), Pt(3), CORAL)
    top = _TOP
    if slide.statement:
        height = Inches(0.5 + 0.5 * ceil(len(slide.statement) / _STATEMENT_LINE_CHARACTERS))
        _add_lines(drawn, (slide.statement,), top, height, Pt(28), TEAL)
        top += height
    if slide.points:
        _add_points(drawn, slide.points, top)
    if slide.table:
        _add_table(drawn, slide.table)
    if slide.chart:
        _add_chart(drawn, slide.chart)
    mark = "  ·  Offline draft" if report.is_offline_draft else ""
    footer = f"{report.agency}  ·  {report.client}  ·  Confidential{mark}  ·  {number}"
    _add_lines(drawn, (footer,), Inches(6.95), Inches(0.35), Pt(10), GREY)
    drawn.notes_slide.notes_text_frame.text = slide.notes


def _write_title(frame: TextFrame, text: str, size: Pt, colour: RGBColor) -> None:
    frame.text = text
    frame.vertical_anchor = MSO_ANCHOR.MIDDLE
    frame.word_wrap = True
    frame.margin_left = 0
    for paragraph in frame.paragraphs:
        paragraph.alignment = PP_ALIGN.LEFT
        paragraph.font.size, paragraph.font.color.rgb, paragraph.font.bold = size, colour, False
        paragraph.font.name = "Georgia"


def _add_bar(slide: DrawnSlide, left: Emu, top: Emu, width: Emu, height: Emu, colour: RGBColor) -> None:
    bar = slide.shapes.add_shape(MSO_SHAPE.RECTANGLE, left, top, width, height)
    bar.fill.solid()
    bar.fill.fore_color.rgb = colour
    bar.line.fill.background()


def _add_lines(slide: DrawnSlide, lines: Sequence[str], top: Emu, height: Emu, size: Pt, colour: RGBColor) -> None:
    frame = slide.shapes.add_textbox(_LEFT, top, _TEXT_WIDTH, height).text_frame
    frame.word_wrap = True
    frame.margin_left = 0
    frame.text = "\n".join(lines)
    for paragraph in frame.paragraphs:
        paragraph.font.size, paragraph.font.color.rgb, paragraph.font.name = size, colour, "Calibri"


def _add_points(slide: DrawnSlide, points: Sequence[str], top: Emu) -> None:
    frame = slide.shapes.add_textbox(_LEFT, top, _TEXT_WIDTH, Inches(6.8) - top).text_frame
    frame.word_wrap = True
    frame.margin_left = 0
    size = Pt(23) if len(points) <= _FEW else Pt(19)
    for place, point in enumerate(points):
        paragraph = frame.paragraphs[0] if place == 0 else frame.add_paragraph()
        paragraph.space_after = Pt(12)
        paragraph.text = point
        paragraph.font.size, paragraph.font.color.rgb, paragraph.font.name = size, INK, "Calibri"
        _hang_bullet(paragraph)


def _hang_bullet(paragraph: TextParagraph) -> None:
    """Give a paragraph a bullet with a hanging indent, for which python-pptx has no words."""
    properties = paragraph._p.get_or_add_pPr()
    properties.set("marL", str(_INDENT))
    properties.set("indent", str(-_INDENT))
    colour = f'<a:buClr {nsdecls("a")}><a:srgbClr val="{CORAL}"/></a:buClr>'
    for xml in (colour, f'<a:buChar {nsdecls("a")} char="•"/>'):
        properties.insert_element_before(parse_xml(xml), *("a:tabLst", "a:defRPr", "a:extLst"))


def _add_table(slide: DrawnSlide, table: Table) -> None:
    rows = (table.head, *table.rows)
    weights = column_weights(table)
    height, size = (Inches(0.72), Pt(18)) if len(table.rows) <= _FEW else (Inches(0.56), Pt(14))
    shape = slide.shapes.add_table(len(rows), len(weights), _LEFT, _TOP, _TEXT_WIDTH, height * len(rows))
    for column, weight in zip(shape.table.columns, weights, strict=True):
        column.width = int(_TEXT_WIDTH * weight / sum(weights))
    for place, (drawn, row) in enumerate(zip(shape.table.rows, rows, strict=True)):
        drawn.height = height
        for cell, spans in zip(drawn.cells, row, strict=True):
            cell.fill.solid()
            cell.fill.fore_color.rgb = NAVY if place == 0 else (WHITE, PALE)[place % 2]
            cell.vertical_anchor = MSO_ANCHOR.MIDDLE
            cell.text = plain_text(spans)
            font = cell.text_frame.paragraphs[0].font
            font.size, font.bold, font.name = size, place == 0, "Calibri"
            font.color.rgb = WHITE if place == 0 else INK


def _add_chart(slide: DrawnSlide, channels: Sequence[ChannelBar]) -> None:
    data = CategoryChartData(number_format='0.#"%"')
    data.categories = [bar.name for bar in reversed(channels)]
    data.add_series("Share of the budget in percent", [bar.share for bar in reversed(channels)])
    frame = slide.shapes.add_chart(XL_CHART_TYPE.BAR_CLUSTERED, _LEFT, _TOP, _TEXT_WIDTH, Inches(4.9), data)
    chart = frame.chart
    chart.has_legend = chart.has_title = False
    chart.value_axis.visible = chart.value_axis.has_major_gridlines = False
    chart.category_axis.tick_labels.font.size = Pt(14)
    chart.category_axis.format.line.fill.background()
    plot = chart.plots[0]
    plot.gap_width, plot.has_data_labels = 60, True
    plot.data_labels.font.size, plot.data_labels.font.bold = Pt(14), True
    plot.series[0].format.fill.solid()
    plot.series[0].format.fill.fore_color.rgb = TEAL
