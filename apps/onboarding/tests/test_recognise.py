"""Recognising a file …"""

import struct
from io import BytesIO
from zipfile import ZipFile, ZipInfo

import pytest

from apps.onboarding.rules.attachments import (
    DOCX,
    JPEG,
    MOST_BYTES,
    PDF,
    PNG,
    TEXT,
    WEBP,
    AttachmentRefused,
    download_name,
    recognise,
)
from apps.onboarding.tests import samples

HTML = b"<!DOCTYPE html><html><script>alert(1)</script></html>"
GIF_SCRIPT = b"GIF89a/*\x0a*/=1;alert(1)//"
MACROS = b'<Override PartName="/word/run.bin" ContentType="application/vnd.ms-office.vbaProject"/>'
HIDDEN = b'<Override PartName="/word/run.bin" ContentType="application/vnd.ms-office.vb&#97;Project"/>'


def _related(kind: str, target: str) -> bytes:
    kinds = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    tag = f'<Relationship Id="rId1" Type="{kinds}/{kind}" Target="{target}" TargetMode="External"/>'
    relations = f"<Relationships>{tag}</Relationships>".encode()
    return samples.docx_with({"word/_rels/settings.xml.rels": relations})


def _linked(name: str) -> bytes:
    link = ZipInfo("word/link")
    link.external_attr = 0o120777 << 16
    written = BytesIO(samples.docx())
    with ZipFile(written, "a") as archive:
        archive.writestr(link, name)
    return written.getvalue()


def _of_many_entries() -> bytes:
    written = BytesIO(samples.docx())
    with ZipFile(written, "a") as archive:
        for number in range(12_000):
            archive.writestr(f"word/media/{number}.png", b"")
    return written.getvalue()


def _locked() -> bytes:
    content = bytearray(samples.docx())
    place = content.find(b"PK\x01\x02")
    struct.pack_into("<H", content, place + 8, 0x1)
    return bytes(content)


@pytest.mark.parametrize(
    ("name", "content", "media_type"),
    [
        ("offer.pdf", samples.pdf(), PDF),
        ("offer.PDF", b"\xef\xbb\xbf\r\n" + samples.pdf(), PDF),
        ("offer", samples.pdf() + b"\r\n\0\0", PDF),
        ("brief.docx", samples.docx(), DOCX),
        ("notes.txt", samples.TEXT.encode(), TEXT),
        ("notes.txt", samples.TEXT.encode("utf-16"), TEXT),
        ("notes.md", samples.LATIN_TEXT.encode("latin-1"), TEXT),
        ("notes", b"\xef\xbb\xbfOne line\f\x0b and another", TEXT),
        ("pixel.txt", b"Please put <script src=x> on every page", TEXT),
        ("logo.png", samples.picture("PNG"), PNG),
        ("photo.jpeg", samples.picture("JPEG"), JPEG),
        ("photo.jpg", samples.picture("WEBP"), WEBP),
    ],
)
def test_goes_by_its_content(name: str, content: bytes, media_type: str) -> None:
    assert recognise(name, content) == media_type


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("offer.pdf", HTML, "ends in .pdf, but its content is something else"),
        ("offer.pdf", samples.picture(), "ends in .pdf, but its content is PNG"),
        ("offer.pdf", b"only words", "its content is plain text"),
        ("brief.docx", samples.pdf(), "its content is PDF"),
        ("logo.png", b"MZ\x90\0\x03", "its content is something else"),
        ("logo.png", b'<svg xmlns="http://www.w3.org/2000/svg"/>', "its content is something else"),
        ("photo.jpg", GIF_SCRIPT, "its content is something else"),
        ("notes.txt", samples.docx(), "its content is Word file"),
    ],
)
def test_tells_a_name_that_lies(name: str, content: bytes, says: str) -> None:
    with pytest.raises(AttachmentRefused, match=says):
        recognise(name, content)


@pytest.mark.parametrize("name", ["page.html", "logo.svg", "run.php", "invoice.exe", "clip.gif", "table.xlsx", "a.js"])
def test_refuses_other_kinds_by_their_name_whatever_is_in_them(name: str) -> None:
    with pytest.raises(AttachmentRefused, match=r"is not accepted; send a PDF, DOCX, TXT, PNG, JPEG or WebP"):
        recognise(name, b"only words")


@pytest.mark.parametrize(
    "content",
    [
        *(HTML, GIF_SCRIPT, b"  \n<?php system($_GET[0]);", b"#!/bin/sh\nrm -rf /", b"{\\rtf1 hello}"),
        *(b"<!-- --><script>1</script>", b"some words\0and a NUL", b"\x1b[2J", "words".encode("utf-16")[2:]),
        *(b"\xff\xfe\0\0w\0\0\0", b"\xff\xfew", b"one %PDF-1.7 after", b"MIME-Version: 1.0\n\n<b>"),
    ],
)
def test_takes_no_other_format_for_text(content: bytes) -> None:
    with pytest.raises(AttachmentRefused, match="notes is of no accepted type"):
        recognise("notes", content)


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (samples.pdf()[:-40], "is cut off"),
        (samples.pdf() + HTML, "holds more than a PDF"),
        (b"%PDF-1.7\n%<script>alert(1)</script>\n" + samples.pdf(), "a web page and a PDF in one"),
        (b"%PDF-1.7\n%%EOF", "is cut off"),
    ],
)
def test_refuses_a_pdf_that_is_cut_off_or_more_than_one(content: bytes, says: str) -> None:
    with pytest.raises(AttachmentRefused, match=f"offer.pdf {says}|offer.pdf .*{says}"):
        recognise("offer.pdf", content)


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (samples.docx_with({"word/vbaProject.bin": b"x"}), "contains macros"),
        (samples.docx_with({"[Content_Types].xml": samples.content_types(MACROS)}), "contains macros"),
        (samples.docx_with({"[Content_Types].xml": samples.content_types(HIDDEN)}), "does not say plainly"),
        (samples.docx_with({"word/activeX/activeX1.xml": b"<x/>"}), "contains macros"),
        (samples.docx_with({"../../etc/cron.d/x": b"x"}), "lie outside"),
        (samples.docx_with({"/etc/passwd": b"x"}), "lie outside"),
        (samples.docx_with({"C:\\run.bat": b"x"}), "lie outside"),
        (_linked("/etc/passwd"), "lie outside"),
        (samples.docx_with({"word/media/bomb.bin": bytes(101_000_000)}), "unpacks to more than 100 MB"),
        (_of_many_entries(), "is damaged or no Word file"),
        (_locked(), "is locked"),
        (samples.docx()[:-30], "is damaged"),
        (samples.docx() + HTML, "is damaged"),
        (_related("attachedTemplate", "https://x.test/t.dotm"), "from the network"),
        (_related("attachedTemplate", "file://host/t.dotm"), "from the network"),
        (_related("oleObject", "\\\\host\\share\\x.xls"), "from the network"),
    ],
)
def test_refuses_a_word_file_that_could_hurt(content: bytes, says: str) -> None:
    with pytest.raises(AttachmentRefused, match=f"brief.docx .*{says}"):
        recognise("brief.docx", content)


@pytest.mark.parametrize(
    ("kind", "target"), [("hyperlink", "https://acme.test/"), ("attachedTemplate", "file:///C:/Normal.dotm")]
)
def test_accepts_a_word_file_with_links_and_a_template_of_its_own(kind: str, target: str) -> None:
    assert recognise("brief.docx", _related(kind, target)) == DOCX


def test_refuses_an_archive_that_is_no_word_file() -> None:
    written = BytesIO()
    with ZipFile(written, "w") as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
    with pytest.raises(AttachmentRefused, match="is no Word file"):
        recognise("brief.docx", written.getvalue())


def test_refuses_nothing_and_too_much() -> None:
    with pytest.raises(AttachmentRefused, match=r"notes.txt is empty; send the file again"):
        recognise("notes.txt", b"")
    assert recognise("notes.txt", b"a" * MOST_BYTES) == TEXT
    with pytest.raises(AttachmentRefused, match=r"notes.txt is larger than 10 MB"):
        recognise("notes.txt", b"a" * (MOST_BYTES + 1))


@pytest.mark.parametrize(
    ("name", "media_type", "handed_out_as"),
    [
        ("photo.jpg", JPEG, "photo.jpg"),
        ("photo.jpg", PNG, "photo.jpg.png"),
        ("offer", PDF, "offer.pdf"),
        ("notes.md", TEXT, "notes.md"),
    ],
)
def test_ends_a_name_as_its_content_is_when_it_is_handed_out(name: str, media_type: str, handed_out_as: str) -> None:
    assert download_name(name, media_type) == handed_out_as
