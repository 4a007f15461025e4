"""Reads one attached file in a process of its own, limited in time and memory; run by `gateways.extraction`.

The job comes as a JSON argument, the file by standard input. A document's text goes to standard output as it is read,
so that what was read before a limit struck is not lost; a picture goes there anew, with nothing but its pixels. The
exit status is an `Outcome`. It imports nothing of the project, so that it starts quickly and holds no secrets.
"""

import json
import resource
import sys
from collections.abc import Iterable, Iterator
from enum import IntEnum
from io import BytesIO

JPEG_QUALITY = 90


class Outcome(IntEnum):
    """How it went; every other status is a failure."""

    WHOLE = 0
    SHORTENED = 3
    ENCRYPTED = 4
    TOO_MANY_PIXELS = 5
    FIRST_FRAME = 6


def main() -> int:
    job = json.loads(sys.argv[1])
    limit(memory_bytes=job["memory_bytes"], cpu_seconds=job["cpu_seconds"])
    content = sys.stdin.buffer.read()
    match job["format"]:
        case "PDF":
            return read_pdf(content, job["most_bytes"])
        case "DOCX":
            return write_text(docx_texts(content), job["most_bytes"])
        case picture:
            return rewrite_picture(content, picture, job["most_pixels"])


def limit(*, memory_bytes: int, cpu_seconds: int) -> None:
    """Bound the process: no memory or time beyond the given, no files, no children."""
    for kind, most in (
        (resource.RLIMIT_AS, memory_bytes),
        (resource.RLIMIT_CPU, cpu_seconds),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_NPROC, 0),
    ):
        resource.setrlimit(kind, (most, most))


def read_pdf(content: bytes, most_bytes: int) -> Outcome:
    """Write the text of a PDF page by page; one that opens without a password is not encrypted to us."""
    from pypdf import PdfReader
    from pypdf.errors import DependencyError, FileNotDecryptedError

    try:
        reader = PdfReader(BytesIO(content))
        return write_text((page.extract_text() + "\n\n" for page in reader.pages), most_bytes)
    except (DependencyError, FileNotDecryptedError):
        return Outcome.ENCRYPTED


def docx_texts(content: bytes) -> Iterator[str]:
    """Yield the text of a Word file's body in reading order: paragraphs, tables, form fields, text boxes."""
    from docx import Document
    from docx.oxml.ns import qn

    body = Document(BytesIO(content)).element.body
    # A text box stands there twice, the second time for programs that cannot draw the first.
    twins = list(body.iter("{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"))
    for twin in twins:
        twin.getparent().remove(twin)
    breaks = {qn("w:p"): "\n", qn("w:br"): "\n", qn("w:cr"): "\n", qn("w:tab"): "\t"}
    for element in body.iter(qn("w:t"), *breaks):
        yield breaks.get(element.tag) or element.text or ""


def write_text(texts: Iterable[str], most_bytes: int) -> Outcome:
    """Write texts until there are enough of them."""
    left = most_bytes
    for text in texts:
        encoded = text.encode(errors="ignore")
        sys.stdout.buffer.write(encoded[:left])
        sys.stdout.buffer.flush()
        left -= len(encoded)
        if left < 0:
            return Outcome.SHORTENED
    return Outcome.WHOLE


def rewrite_picture(content: bytes, name: str, most_pixels: int) -> Outcome:
    """Decode a picture whole and write it anew, upright: no metadata, no second file hidden behind the first."""
    from PIL import Image, ImageOps

    Image.MAX_IMAGE_PIXELS = None  # ours is lower, and is checked before anything is decoded
    with Image.open(BytesIO(content), formats=[name]) as picture:
        if picture.width * picture.height > most_pixels:
            return Outcome.TOO_MANY_PIXELS
        is_animation = name != "JPEG" and getattr(picture, "is_animated", False)
        picture.load()
        upright = ImageOps.exif_transpose(picture)
    upright.info = {key: value for key, value in upright.info.items() if key == "transparency"}
    written = BytesIO()
    upright.save(written, name, quality=JPEG_QUALITY)
    sys.stdout.buffer.write(written.getbuffer())
    return Outcome.FIRST_FRAME if is_animation else Outcome.WHOLE


if __name__ == "__main__":
    sys.exit(main())
