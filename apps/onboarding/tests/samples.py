"""Files as clients send them, and as attackers do, made from nothing."""

import struct
import zlib
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile

from docx import Document
from PIL import Image
from pypdf import PdfReader, PdfWriter

TEXT = "Straße, Größe, Übergröße: 2.900 €"
LATIN_TEXT = "Straße, Größe, Übergröße"


def pdf(text: str = LATIN_TEXT, *, pages: int = 1) -> bytes:
    """A PDF whose every page says the text."""
    stream = b"BT /F1 12 Tf 72 700 Td (" + text.encode("latin-1") + b") Tj ET"
    kids = " ".join(f"{number + 4} 0 R" for number in range(pages)).encode()
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [" + kids + b"] /Count %d >>" % pages,
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
    ]
    fonts = b"<< /Font << /F1 3 0 R >> >>"
    page = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents %d 0 R /Resources %s >>"
    objects += [page % (pages + 4, fonts)] * pages
    objects.append(b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream))
    return _pdf_of(objects)


def _pdf_of(objects: list[bytes]) -> bytes:
    written, places = bytearray(b"%PDF-1.7\n"), []
    for number, body in enumerate(objects, start=1):
        places.append(len(written))
        written += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(written)
    written += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    written += b"".join(b"%010d 00000 n \n" % place for place in places)
    written += b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, start)
    return bytes(written)


def encrypted_pdf(password: str) -> bytes:
    """A PDF that opens with a password; with the empty one it opens for everybody."""
    writer = PdfWriter(clone_from=PdfReader(BytesIO(pdf())))
    writer.encrypt(password, owner_password="owner", algorithm="RC4-128")
    written = BytesIO()
    writer.write(written)
    return written.getvalue()


def docx(text: str = TEXT) -> bytes:
    """A Word file with the text in a paragraph and in a table."""
    document = Document()
    document.add_paragraph(text)
    document.add_table(rows=1, cols=1).rows[0].cells[0].text = f"In a table: {text}"
    written = BytesIO()
    document.save(written)
    return written.getvalue()


def docx_with(parts: dict[str, bytes]) -> bytes:
    """A Word file with parts added or replaced."""
    written = BytesIO()
    with ZipFile(BytesIO(docx())) as source, ZipFile(written, "w", ZIP_DEFLATED) as target:
        for name in source.namelist():
            target.writestr(name, parts.get(name) or source.read(name))
        for name in parts.keys() - set(source.namelist()):
            target.writestr(name, parts[name])
    return written.getvalue()


def content_types(addition: bytes) -> bytes:
    """The list of types of a Word file, with one more."""
    with ZipFile(BytesIO(docx())) as source:
        return source.read("[Content_Types].xml").replace(b"</Types>", addition + b"</Types>")


def picture(kind: str = "PNG", *, size: tuple[int, int] = (40, 30), mode: str = "RGB", **saving: object) -> bytes:
    """A picture of one colour, its left half of another."""
    drawn = Image.new(mode, size, 40)
    drawn.paste(200, (0, 0, size[0] // 2, size[1]))
    written = BytesIO()
    drawn.save(written, kind, **saving)
    return written.getvalue()


def flooding_png(side: int) -> bytes:
    """A PNG of a few kilobytes that unpacks to `side` × `side` pixels."""
    rows = zlib.compress(bytes((side // 8 + 1) * side), 9)
    header = struct.pack(">2I5B", side, side, 1, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", header) + _chunk(b"IDAT", rows) + _chunk(b"IEND", b"")


def _chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
