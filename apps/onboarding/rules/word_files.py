"""What makes a ZIP archive a Word file that is safe to keep."""

import re
import stat
import struct
import zlib
from collections.abc import Sequence
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from apps.shared.text import gettext_noop

MOST_UNPACKED_BYTES = 100_000_000
MOST_DIRECTORY_BYTES = 500_000
"""Size of an archive's list of entries, about 5,000 of them; longer ones only serve to exhaust memory."""

_MOST_PART_BYTES = 1_000_000
_REQUIRED = frozenset({"[Content_Types].xml", "word/document.xml"})
_END = struct.Struct("<4s4H2LH")  # the ZIP's end record: signature, disks, counts, directory size and place, comment
_ENCRYPTED = 0x1
_UNREADABLE = (BadZipFile, ValueError, NotImplementedError, RuntimeError, EOFError, OSError, zlib.error, struct.error)
_ELEMENT = re.compile(rb"<[A-Za-z_]")
_RELATION = re.compile(rb"<(?:\w+:)?Relationship\s[^>]*>")
_LOADED_ON_OPENING = re.compile(rb'Type="[^"]*/(?:attachedTemplate|oleObject|frame|subDocument)"')
_ON_THE_NETWORK = re.compile(rb'Target="(?:https?:|ftp:|file://(?!/)|\\\\)', re.IGNORECASE)


def word_file_problem(content: bytes) -> str:
    """Return why a ZIP archive is not accepted as a Word file, with a place for its name; empty when it is."""
    if not _has_plain_end(content):
        return gettext_noop("%(name)s is damaged or no Word file; open it in Word and save it again as .docx.")
    try:
        with ZipFile(BytesIO(content)) as archive:
            return _entries_problem(archive.infolist()) or _parts_problem(archive)
    except _UNREADABLE:
        return gettext_noop("%(name)s is damaged; open it in Word and save it again as .docx.")


def _has_plain_end(content: bytes) -> bool:
    """Tell whether the archive ends with its end record and lists no more than a Word file would."""
    start = content.rfind(b"PK\x05\x06", -_END.size - 0xFFFF)
    if start < 0 or start + _END.size > len(content):
        return False
    *_, directory_bytes, _, comment_bytes = _END.unpack_from(content, start)
    return start + _END.size + comment_bytes == len(content) and directory_bytes <= MOST_DIRECTORY_BYTES


def _entries_problem(entries: Sequence[ZipInfo]) -> str:
    names = [entry.filename for entry in entries]
    if not set(names) >= _REQUIRED:
        return gettext_noop("%(name)s is no Word file; send a .docx as Word saves it.")
    if len(set(names)) < len(names) or any(map(_leads_outside, entries)):
        return gettext_noop("%(name)s has parts that lie outside it; open it in Word and save it again.")
    if any(entry.flag_bits & _ENCRYPTED or entry.compress_type not in (ZIP_STORED, ZIP_DEFLATED) for entry in entries):
        return gettext_noop("%(name)s is locked or packed in an unusual way; save it in Word without a password.")
    if sum(entry.file_size for entry in entries) > MOST_UNPACKED_BYTES:
        return gettext_noop("%(name)s unpacks to more than %(most)s MB; shrink its pictures.")
    return ""


def _leads_outside(entry: ZipInfo) -> bool:
    parts = entry.filename.split("/")
    is_link = stat.S_ISLNK(entry.external_attr >> 16)
    return is_link or ".." in parts or parts[0] == "" or "\\" in entry.filename or ":" in entry.filename


def _parts_problem(archive: ZipFile) -> str:
    types = _read(archive, "[Content_Types].xml")
    # Only somebody who hides a type writes it in UTF-16, with character references or a document type of its own.
    if b"\0" in types or b"&#" in types or b"<!" in types:
        return gettext_noop("%(name)s does not say plainly what it holds; open it in Word and save it again.")
    names = [name.lower() for name in archive.namelist()]
    if re.search(rb"macroenabled|vbaproject|activex", types, re.IGNORECASE) or any(map(_is_code, names)):
        return gettext_noop("%(name)s contains macros; save it as .docx without macros.")
    xml = (name for name in archive.namelist() if name.lower().endswith((".xml", ".rels")))
    if any(_has_document_type(_read(archive, name)) for name in xml):
        return gettext_noop("%(name)s declares entities, which Word never does; open it in Word and save it again.")
    if any(_loads_from_network(_read(archive, name)) for name in archive.namelist() if name.endswith(".rels")):
        return gettext_noop("%(name)s loads parts of itself from the network; embed them and save it again.")
    return ""


def _has_document_type(part: bytes) -> bool:
    """Tell whether an XML part defines names of its own, in narrow or wide letters, or hides its beginning."""
    narrow = part.replace(b"\0", b"")
    return b"<!DOCTYPE" in narrow or b"<!ENTITY" in narrow or (bool(part) and not _ELEMENT.search(narrow))


def _is_code(name: str) -> bool:
    return name.rpartition("/")[2].startswith("vba") or name.startswith("word/activex/")


def _loads_from_network(relations: bytes) -> bool:
    found = _RELATION.findall(relations)
    return any(_LOADED_ON_OPENING.search(tag) and _ON_THE_NETWORK.search(tag) for tag in found)


def _read(archive: ZipFile, name: str) -> bytes:
    with archive.open(name) as part:
        return part.read(_MOST_PART_BYTES)
