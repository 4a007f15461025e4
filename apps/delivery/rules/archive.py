"""Zip files whose bytes depend on their contents alone."""

import re
from collections.abc import Mapping
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

_EPOCH = (1980, 1, 1, 0, 0, 0)  # the earliest time a zip entry can carry
_STAMP = re.compile(rb"(<dcterms:(?:created|modified)[^>]*>)[^<]*(<)")
_FIXED_STAMP = rb"\g<1>1980-01-01T00:00:00Z\g<2>"


def pack(files: Mapping[str, bytes]) -> bytes:
    """Return a zip of the files, in their order, with fixed times and permissions."""
    target = BytesIO()
    with ZipFile(target, "w", ZIP_DEFLATED, compresslevel=6) as archive:
        for name, content in files.items():
            entry = ZipInfo(name, date_time=_EPOCH)
            entry.compress_type = ZIP_DEFLATED
            entry.create_system = 3
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, content)
    return target.getvalue()


def repack(content: bytes) -> bytes:
    """Return an office document with the time of writing taken out; workbooks inside a chart are treated alike."""
    with ZipFile(BytesIO(content)) as archive:
        return pack({name: _without_time(name, archive.read(name)) for name in archive.namelist()})


def _without_time(name: str, content: bytes) -> bytes:
    if not name.endswith(".xlsx"):
        return content
    with ZipFile(BytesIO(content)) as workbook:
        parts = {part: workbook.read(part) for part in workbook.namelist()}
    parts["docProps/core.xml"] = _STAMP.sub(_FIXED_STAMP, parts["docProps/core.xml"])
    return pack(parts)
