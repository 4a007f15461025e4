"""Tell what mails in files are: replies, bounces, automatic answers."""

import json
import mailbox
from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from apps.cam.rules.classify import Classification, classify
from apps.cam.rules.mails import MOST_BYTES, read_whatever


class Command(BaseCommand):
    help = "Print what each mail is; FILE is a raw message (.eml), an mbox, or a directory of them."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("files", nargs="+", metavar="FILE", help="a raw message, an mbox, or a directory")
        parser.add_argument("--json", action="store_true", help="print one JSON object a line and nothing else")

    def handle(self, *args: Any, **options: Any) -> None:
        at = timezone.now()
        unread = 0
        for path in (file for name in options["files"] for file in _files(Path(name))):
            try:
                for label, content in _mails(path):
                    found = classify(read_whatever(content), at=at)
                    self.stdout.write(_line(label, found, as_json=options["json"]))
            except OSError as error:
                unread += 1
                self.stderr.write(f"{path}: {error.strerror or error}. Name a file that can be read.")
        if unread:
            raise CommandError(f"{unread} of the files could not be read.", returncode=1)


def _files(path: Path) -> Iterator[Path]:
    """Yield the files that a name stands for, those of a directory in their order."""
    if path.is_dir():
        yield from sorted(file for file in path.rglob("*") if file.is_file() and not file.name.startswith("."))
    else:
        yield path


def _mails(path: Path) -> Iterator[tuple[str, bytes]]:
    """Yield each mail of a file with a label: the file's name, with #1, #2 … behind it for those of an mbox."""
    with path.open("rb") as file:
        head = file.read(MOST_BYTES)
    if path.suffix.lower() == ".eml" or not _is_mbox(path, head):
        yield str(path), head
        return
    with closing(mailbox.mbox(path, create=False)) as box:
        for number, key in enumerate(box.iterkeys(), start=1):
            yield f"{path}#{number}", box.get_bytes(key)


def _is_mbox(path: Path, head: bytes) -> bool:
    """Tell whether a file is an mbox: by its name, or because it begins as one and goes on as one."""
    if path.suffix.lower() == ".mbox":
        return True
    return head.startswith(b"From ") and b"\n\nFrom " in head.replace(b"\r\n", b"\n")


def _line(label: str, found: Classification, *, as_json: bool) -> str:
    if not as_json:
        kind = f"{found.kind} ({found.bounce})" if found.bounce else found.kind
        details = ", ".join(filter(None, (found.recipient, str(found.return_date or ""), "; ".join(found.because))))
        return f"{label}: {kind} {found.confidence:.2f} {details}".rstrip()
    return json.dumps(
        {
            "file": label,
            "class": found.kind,
            "bounce": found.bounce,
            "recipient": found.recipient or None,
            "return_date": found.return_date.isoformat() if found.return_date else None,
            "confidence": float(found.confidence),
            "because": list(found.because),
        },
        ensure_ascii=False,
    )
