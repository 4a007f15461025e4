"""The labelled replies in data/replies.jsonl as raw mails; bench/ reads them too."""

import json
from email.message import EmailMessage
from pathlib import Path
from typing import Any

DATA = Path(__file__).parent / "data"
WRITTEN = "Tue, 10 Mar 2026 09:15:00 +0100"


def labelled_replies() -> list[dict[str, Any]]:
    """Return the labelled replies. Those `held_out` were written last, and no rule was written or changed for them."""
    return [json.loads(line) for line in (DATA / "replies.jsonl").read_text(encoding="utf-8").splitlines()]


def raw_mail(reply: dict[str, Any]) -> bytes:
    """Return a labelled reply as it would come from an IMAP server."""
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = reply["from"], "jonas@agency.example", reply["subject"]
    mail["Date"] = WRITTEN
    for header in reply["headers"]:
        name, _, value = header.partition(": ")
        mail[name] = value
    if "html" in reply:
        mail.set_content(reply["html"], subtype="html")
    else:
        mail.set_content(reply["text"])
    return mail.as_bytes()
