"""Reading a file …"""

from io import BytesIO

import pytest
from PIL import Image

from apps.onboarding.gateways import extraction
from apps.onboarding.gateways.extraction import Reading, read_file
from apps.onboarding.rules.attachments import DOCX, JPEG, MOST_TEXT_BYTES, PDF, PNG, TEXT, WEBP, AttachmentRefused
from apps.onboarding.tests import samples

ENTITIES = b'<?xml version="1.0"?><!DOCTYPE w [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
WORD_START = b'<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>'
WORD_END = b"</w:body></w:document>"


def _opened(reading: Reading) -> Image.Image:
    return Image.open(BytesIO(reading.content))


def test_finds_the_text_of_a_pdf() -> None:
    reading = read_file("offer.pdf", PDF, samples.pdf(pages=2))
    assert reading == Reading(f"{samples.LATIN_TEXT}\n\n{samples.LATIN_TEXT}", "", samples.pdf(pages=2))


def test_finds_the_text_of_a_word_file_tables_included() -> None:
    reading = read_file("brief.docx", DOCX, samples.docx())
    assert reading.text.split("\n") == [samples.TEXT, f"In a table: {samples.TEXT}"]
    assert reading.note == ""


def test_finds_the_text_of_a_text_box_once() -> None:
    compatibility = b'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
    box = b"<w:txbxContent><w:p><w:r><w:t>In a box</w:t></w:r></w:p></w:txbxContent>"
    both = b"<mc:Choice Requires='wps'>" + box + b"</mc:Choice><mc:Fallback>" + box + b"</mc:Fallback>"
    drawn = b"<w:p><w:r><mc:AlternateContent %s>%s</mc:AlternateContent></w:r></w:p>" % (compatibility, both)
    content = samples.docx_with({"word/document.xml": WORD_START + drawn + WORD_END})
    assert read_file("brief.docx", DOCX, content).text == "In a box"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_finds_the_text_of_a_text_in_any_encoding(encoding: str) -> None:
    reading = read_file("notes.txt", TEXT, f"{samples.TEXT}\r\n\r\n\r\n\r\n  end".encode(encoding))
    assert reading.text == f"{samples.TEXT}\n\nend"


def test_keeps_200_kilobytes_of_text_and_says_so() -> None:
    reading = read_file("notes.txt", TEXT, ("ä" * 300_000).encode())
    assert len(reading.text.encode()) == MOST_TEXT_BYTES
    assert reading.note == "Only the beginning of the text was read."


def test_says_of_an_encrypted_pdf_that_it_is() -> None:
    assert read_file("offer.pdf", PDF, samples.encrypted_pdf("secret")).note == (
        "The file is encrypted; its text cannot be read."
    )
    assert read_file("offer.pdf", PDF, samples.encrypted_pdf("")).text == samples.LATIN_TEXT


def test_keeps_a_document_it_cannot_read_and_says_so() -> None:
    broken = samples.docx_with({"word/document.xml": b"<w:document"})
    assert read_file("brief.docx", DOCX, broken) == Reading(
        "", "The text could not be read; open the file itself.", broken
    )


def test_stops_at_a_pdf_of_8000_pages_with_what_it_has() -> None:
    reading = read_file("offer.pdf", PDF, samples.pdf("A page", pages=8_000), cpu_seconds=2)
    assert reading.text.startswith("A page\n\nA page")
    assert reading.note == "Only the beginning of the text was read."


def test_is_ended_by_the_limits_of_memory_and_time(monkeypatch: pytest.MonkeyPatch) -> None:
    bomb = samples.docx_with({"word/document.xml": WORD_START + b"<w:p/>" * 10_000_000 + WORD_END})
    assert len(bomb) < 300_000
    assert "could not be read" in read_file("brief.docx", DOCX, bomb).note
    monkeypatch.setattr(extraction, "WALL_SECONDS", 0.01)
    assert "could not be read" in read_file("offer.pdf", PDF, samples.pdf()).note


def test_opens_no_file_that_a_document_names() -> None:
    named = ENTITIES + WORD_START + b"<w:p><w:r><w:t>seen &x;</w:t></w:r></w:p>" + WORD_END
    reading = read_file("brief.docx", DOCX, samples.docx_with({"word/document.xml": named}))
    assert reading.text == "seen"


@pytest.mark.parametrize(("kind", "media_type"), [("PNG", PNG), ("JPEG", JPEG), ("WEBP", WEBP)])
def test_keeps_a_picture_without_its_metadata(kind: str, media_type: str) -> None:
    exif = Image.Exif()
    exif[0x010E] = "at home, 53.27 N 9.05 W"
    exif[0x0112] = 6  # to be shown turned by a quarter
    sent = samples.picture(kind, exif=exif, icc_profile=b"made by me" * 20) + b"PK\x03\x04 a hidden archive"
    reading = read_file("photo", media_type, sent)
    assert b"at home" not in reading.content
    assert b"hidden" not in reading.content
    assert not {"exif", "icc_profile"} & _opened(reading).info.keys()
    assert (_opened(reading).format, _opened(reading).size) == (kind, (30, 40))


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGBA", "I;16"])
def test_keeps_the_kind_of_pixels(mode: str) -> None:
    assert _opened(read_file("logo.png", PNG, samples.picture("PNG", mode=mode))).mode == mode


def test_keeps_what_is_transparent() -> None:
    reading = read_file("logo.png", PNG, samples.picture("PNG", mode="L", transparency=40))
    assert _opened(reading).convert("RGBA").getpixel((39, 0))[3] == 0


def test_keeps_the_first_picture_of_an_animation_and_says_so() -> None:
    frames = [Image.new("RGB", (8, 8), colour) for colour in ("red", "blue")]
    animated = samples.picture("WEBP", size=(8, 8), save_all=True, append_images=frames, duration=100)
    assert read_file("a.webp", WEBP, animated).note == "Only the first picture of the animation was kept."


@pytest.mark.parametrize("side", [5_001, 8_000, 30_000])
def test_refuses_a_flood_of_pixels(side: int) -> None:
    flood = samples.flooding_png(side)
    assert len(flood) < 200_000
    with pytest.raises(AttachmentRefused, match="has more than 25 million pixels; send a smaller one"):
        read_file("logo.png", PNG, flood)


@pytest.mark.parametrize(
    ("media_type", "content"),
    [
        (PNG, samples.picture("PNG", size=(400, 300))[:-200]),
        (JPEG, samples.picture("JPEG", size=(400, 300))[:-900]),
        (WEBP, samples.picture("WEBP", size=(400, 300))[:-20]),
        (PNG, b"\x89PNG\r\n\x1a\n<script>alert(1)</script>"),
        (JPEG, b"\xff\xd8\xff/*" + b"<script>alert(1)</script>"),
    ],
)
def test_refuses_a_picture_that_cannot_be_shown(media_type: str, content: bytes) -> None:
    with pytest.raises(AttachmentRefused, match="photo is damaged and cannot be shown; export"):
        read_file("photo", media_type, content)
