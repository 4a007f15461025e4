"""The report as a Word file, by python-docx: real styles, so that a reader can restyle it and navigate by headings."""

from collections.abc import Iterable
from copy import deepcopy
from io import BytesIO

from docx import Document
from docx.document import Document as WordDocument
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_BREAK
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Cm, Pt, RGBColor
from docx.table import Table as WordTable
from docx.text.paragraph import Paragraph as WordParagraph

from apps.delivery.rules.archive import repack
from apps.delivery.rules.layout import column_weights
from apps.delivery.rules.markdown import Block, Heading, ItemList, Paragraph, Span, Spans, Table, plain_table
from apps.delivery.rules.report import Report

NAVY = RGBColor(0x14, 0x21, 0x3D)
TEAL = RGBColor(0x0F, 0x76, 0x6E)
GREY = RGBColor(0x66, 0x70, 0x7F)
_TEXT_WIDTH_CM = 16.8
_HEADINGS = {"Title": (30, NAVY), "Heading 1": (20, NAVY), "Heading 2": (13, NAVY), "Heading 3": (11, TEAL)}


def render_docx(report: Report) -> bytes:
    """Return the report as DOCX bytes, the same for the same report."""
    document = Document()
    _set_styles(document)
    _set_properties(document, report)
    _set_running_lines(document, report)
    _add_cover(document, report)
    _add_contents(document, report)
    _add_glance(document, report)
    for section in report.sections:
        _add_styled(document, "Heading1", f"{section.number}. {section.heading}")
        _add_blocks(document, section.blocks)
    _add_appendices(document, report)
    target = BytesIO()
    document.save(target)
    return repack(target.getvalue())


def _add_styled(document: WordDocument, style_id: str, text: str = "") -> WordParagraph:
    """Add a paragraph by its style's id: python-docx looks a name up in all styles, which costs more than the rest."""
    paragraph = document.add_paragraph(text)
    paragraph._p.style = style_id
    return paragraph


def _set_styles(document: WordDocument) -> None:
    normal = document.styles["Normal"]
    normal.font.name, normal.font.size = "Calibri", Pt(10.5)
    normal.paragraph_format.space_after = Pt(7)
    for name, (size, colour) in _HEADINGS.items():
        style = document.styles[name]
        style.font.name, style.font.size, style.font.color.rgb = "Calibri", Pt(size), colour
        style.font.bold = name not in ("Title", "Heading 1")
        style.element.rPr.rFonts.attrib.pop(qn("w:asciiTheme"), None)
        style.element.rPr.rFonts.attrib.pop(qn("w:hAnsiTheme"), None)
    subtitle = document.styles["Subtitle"].font
    subtitle.name, subtitle.size, subtitle.italic, subtitle.color.rgb = "Calibri", Pt(16), False, TEAL
    document.styles["Heading 1"].paragraph_format.space_before = Pt(26)
    page = document.sections[0]
    page.page_width, page.page_height = Cm(21), Cm(29.7)
    page.left_margin = page.right_margin = Cm(2.1)
    page.different_first_page_header_footer = True


def _set_properties(document: WordDocument, report: Report) -> None:
    properties = document.core_properties
    properties.title = f"{report.client}: {report.title}"[:255]
    properties.author = properties.last_modified_by = report.agency
    properties.subject, properties.comments = report.period, report.confidential[:255]
    properties.keywords, properties.category = "marketing strategy", "Report"
    properties.created = properties.modified = report.prepared_at.replace(tzinfo=None)
    properties.revision = 1


def _set_running_lines(document: WordDocument, report: Report) -> None:
    section = document.sections[0]
    _add_small(section.header.paragraphs[0], f"{report.client}  ·  {report.title}  ·  Confidential")
    footer = section.footer.paragraphs[0]
    _add_small(footer, report.agency + (", offline draft" if report.is_offline_draft else "") + "  ·  Page ")
    _add_field(footer, "PAGE")
    _add_small(footer, " of ")
    _add_field(footer, "NUMPAGES")
    footer.alignment = WD_ALIGN_PARAGRAPH.RIGHT


def _add_small(paragraph: WordParagraph, text: str) -> None:
    run = paragraph.add_run(text)
    run.font.size, run.font.color.rgb = Pt(8.5), GREY


def _add_field(paragraph: WordParagraph, instruction: str) -> None:
    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), instruction)
    field.append(parse_xml(f'<w:r {nsdecls("w")}><w:rPr><w:sz w:val="17"/></w:rPr><w:t>1</w:t></w:r>'))
    paragraph._p.append(field)


def _add_cover(document: WordDocument, report: Report) -> None:
    opening = document.add_paragraph()
    opening.paragraph_format.space_before = Pt(120)
    _add_small(opening, f"{report.agency.upper()}  ·  PREPARED FOR")
    document.add_paragraph(report.client, style="Title")
    document.add_paragraph(report.title, style="Subtitle")
    lines = [f"Period: {report.period}", f"Prepared on {report.prepared}", report.edition, report.confidential]
    if report.is_offline_draft:
        lines.append("Offline draft")
    for line in lines:
        document.add_paragraph(line)
    document.paragraphs[-1].add_run().add_break(WD_BREAK.PAGE)


def _add_contents(document: WordDocument, report: Report) -> None:
    """Add a table of contents: a field that Word fills with page numbers on F9, showing the headings until then."""
    document.add_paragraph("Contents", style="Heading 2")
    shown = document.add_paragraph()
    field = shown.add_run()
    for element in (_field_mark("begin"), _field_code('TOC \\o "1-1" \\h \\z \\u'), _field_mark("separate")):
        field._r.append(element)
    for heading in _contents(report):
        shown.add_run(heading).add_break()
    shown.add_run()._r.append(_field_mark("end"))
    shown.add_run().add_break(WD_BREAK.PAGE)


def _contents(report: Report) -> Iterable[str]:
    yield "At a glance"
    if report.channels:
        yield "Where the budget goes"
    yield from (f"{section.number}. {section.heading}" for section in report.sections)
    if report.calendar:
        yield "Content calendar"
    if report.open_points:
        yield "Open points"
    yield "About this document"


def _field_mark(kind: str) -> OxmlElement:
    mark = OxmlElement("w:fldChar")
    mark.set(qn("w:fldCharType"), kind)
    return mark


def _field_code(code: str) -> OxmlElement:
    element = OxmlElement("w:instrText")
    element.set(qn("xml:space"), "preserve")
    element.text = code
    return element


def _add_glance(document: WordDocument, report: Report) -> None:
    document.add_heading("At a glance", level=1)
    document.add_paragraph(report.summary)
    _add_table(document, plain_table(("What", "Value"), [(fact.label, fact.value) for fact in report.facts]))
    if report.kpis:
        document.add_heading("Numbers to reach", level=2)
        rows = [(kpi.name, kpi.target_text, kpi.baseline, kpi.window, kpi.source) for kpi in report.kpis]
        _add_table(document, plain_table(("KPI", "Target", "Start", "Window", "Source"), rows))
    if report.milestones:
        document.add_heading("Milestones", level=2)
        marks = [(mark.week, mark.date, mark.name) for mark in report.milestones]
        _add_table(document, plain_table(("Week", "Date", "What is true by then"), marks))
    if report.channels:
        document.add_heading("Where the budget goes", level=1)
        _add_table(document, report.channel_table)


def _add_appendices(document: WordDocument, report: Report) -> None:
    if report.calendar:
        document.add_heading("Content calendar", level=1)
        _add_table(document, report.calendar)
    if report.open_points:
        document.add_heading("Open points", level=1)
        for point in report.open_points:
            document.add_paragraph(point, style="List Bullet")
    document.add_heading("About this document", level=1)
    for line in report.about:
        document.add_paragraph(line, style="List Bullet")


def _add_blocks(document: WordDocument, blocks: Iterable[Block]) -> None:
    for block in blocks:
        match block:
            case Heading():
                _add_spans(_add_styled(document, f"Heading{min(block.level - 1, 3)}"), block.spans)
            case Paragraph():
                _add_spans(_add_styled(document, "Quote" if block.look == "quote" else "Normal"), block.spans)
            case ItemList():
                _add_items(document, block)
            case Table():
                _add_table(document, block)


def _add_items(document: WordDocument, block: ItemList) -> None:
    for item in block.items:
        if item.mark:
            paragraph = document.add_paragraph(f"{item.mark}\t")
            paragraph.paragraph_format.left_indent = Cm(0.9 * (item.depth + 1))
            paragraph.paragraph_format.first_line_indent = Cm(-0.7)
        else:
            paragraph = _add_styled(document, ("ListBullet", "ListBullet2", "ListBullet3")[min(item.depth, 2)])
        paragraph.paragraph_format.space_after = Pt(3)
        _add_spans(paragraph, item.spans)


def _add_spans(paragraph: WordParagraph, spans: Spans) -> None:
    for span in spans:
        run = paragraph.add_run(span.text)
        run.bold, run.italic = span.bold or None, span.italic or None
        if span.code:
            run.font.name = "Consolas"
        if span.url:
            run.font.color.rgb = TEAL
            _wrap_in_link(paragraph, run._r, span.url)


def _wrap_in_link(paragraph: WordParagraph, run: OxmlElement, url: str) -> None:
    link = OxmlElement("w:hyperlink")
    link.set(qn("r:id"), paragraph.part.relate_to(url, RELATIONSHIP_TYPE.HYPERLINK, is_external=True))
    run.addprevious(link)
    link.append(run)


def _add_table(document: WordDocument, table: Table) -> None:
    weights = column_weights(table)
    widths = [int(Cm(_TEXT_WIDTH_CM * weight / sum(weights)).twips) for weight in weights]
    drawn = document.add_table(rows=0, cols=0)
    drawn.autofit = False
    _set_grid(drawn, widths)
    # One row made cell by cell serves as the pattern of all: python-docx looks each cell up in the whole table.
    pattern = _row_pattern(widths)
    for place, row in enumerate((table.head, *table.rows)):
        drawn._tbl.append(_row(deepcopy(pattern), row, is_head=place == 0))
    document.add_paragraph().paragraph_format.space_after = Pt(4)


def _set_grid(drawn: WordTable, widths: list[int]) -> None:
    for width in widths:
        column = OxmlElement("w:gridCol")
        column.set(qn("w:w"), str(width))
        drawn._tbl.tblGrid.append(column)
    edge = 'w:val="single" w:sz="4" w:space="0" w:color="D9DEE5"'
    drawn._tbl.tblPr.append(
        parse_xml(f"<w:tblBorders {nsdecls('w')}><w:bottom {edge}/><w:insideH {edge}/></w:tblBorders>")
    )


def _row_pattern(widths: list[int]) -> OxmlElement:
    cells = "".join(
        f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/></w:tcPr>'
        '<w:p><w:pPr><w:spacing w:before="40" w:after="40"/></w:pPr></w:p></w:tc>'
        for width in widths
    )
    return parse_xml(f"<w:tr {nsdecls('w')}><w:trPr><w:cantSplit/></w:trPr>{cells}</w:tr>")


def _row(drawn: OxmlElement, row: tuple[Spans, ...], *, is_head: bool) -> OxmlElement:
    if is_head:
        drawn.trPr.append(OxmlElement("w:tblHeader"))
    for cell, spans in zip(drawn.tc_lst, row, strict=True):
        if is_head:
            cell.tcPr.append(parse_xml(f'<w:shd {nsdecls("w")} w:val="clear" w:color="auto" w:fill="14213D"/>'))
        for span in spans:
            cell.p_lst[0].append(_cell_run(span, is_head=is_head))
    return drawn


def _cell_run(span: Span, *, is_head: bool) -> OxmlElement:
    looks = "<w:b/>" * (span.bold or is_head) + "<w:i/>" * span.italic
    colour = '<w:color w:val="FFFFFF"/>' if is_head else ""
    run = parse_xml(f'<w:r {nsdecls("w")}><w:rPr>{looks}{colour}<w:sz w:val="18"/></w:rPr></w:r>')
    run.text = span.text
    return run
