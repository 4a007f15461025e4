from io import BytesIO
from zipfile import ZipFile

from docx import Document

from apps.delivery.gateways.word import render_docx
from apps.delivery.tests.factories import AT, HEADINGS, job_for, section


def document_of(job):
    return Document(BytesIO(render_docx(job.document())))


def test_uses_real_heading_styles():
    document = document_of(job_for())
    headings = [paragraph.text for paragraph in document.paragraphs if paragraph.style.name == "Heading 1"]
    assert [f"{number}. {heading}" for number, heading in enumerate(HEADINGS, start=1)] == headings[2:-2]


def test_keeps_the_words_of_each_cell_and_repeats_the_head_of_tables():
    rows = "".join(f"| row {n} | **value {n}** |\n" for n in range(200))
    text = f"| Name | Value |\n|---|---|\n{rows}"
    table = document_of(job_for(sections=(section(1, "Overview", text),))).tables[-2]
    assert [cell.text for cell in table.rows[200].cells] == ["row 199", "value 199"]
    assert table.rows[0]._tr.trPr.xpath("w:tblHeader")


def test_numbers_its_pages_by_fields_and_carries_its_properties():
    document = document_of(job_for())
    footer = document.sections[0].footer._element.xml
    assert "PAGE" in footer
    assert "NUMPAGES" in footer
    assert document.core_properties.created == AT
    assert document.core_properties.title == "Bright Harbour Dental: Strategy and campaign, standard"


def test_starts_each_numbered_list_at_its_own_number():
    text = "1. one\n2. two\n\nbetween\n\n1. again one"
    paragraphs = [p.text for p in document_of(job_for(sections=(section(1, "Overview", text),))).paragraphs]
    assert paragraphs.count("1.\tone") == 1
    assert paragraphs.count("1.\tagain one") == 1


def test_links_to_web_addresses_only():
    text = "[good](https://good.test/) [bad](file:///etc/passwd)"
    content = render_docx(job_for(sections=(section(1, "Overview", text),)).document())
    relations = ZipFile(BytesIO(content)).read("word/_rels/document.xml.rels").decode()
    assert "https://good.test/" in relations
    assert "passwd" not in relations


def test_survives_what_xml_cannot_hold():
    text = "a\x00b\x0bc\ud83d d\ufffe & < > ]]> 🚀"
    paragraphs = [p.text for p in document_of(job_for(sections=(section(1, "Over\x01view", text),))).paragraphs]
    assert "abc d & < > ]]> 🚀" in paragraphs
