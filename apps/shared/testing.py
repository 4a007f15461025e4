"""What tests of several modules do alike."""

import html
import re
from typing import Any

from django.test import Client as Browser

_CONFIRM = re.compile(r"Type “(.+?)” to confirm")
_SEEN = re.compile(r'name="seen"[^>]*value="([^"]*)"')


def send_dialog(browser: Browser, address: str, **said: str) -> Any:
    """Open a button's dialog as a page does, and send it off with what it asks to type; return the answer."""
    opened = browser.get(address, headers={"HX-Request": "true"})
    shown = html.unescape(opened.content.decode()) if opened.status_code == 200 else ""
    asked = {"confirm": _CONFIRM.search(shown), "seen": _SEEN.search(shown)}
    answers = {name: found[1] for name, found in asked.items() if found}
    return browser.post(address, {"_form_submitted": "1", **answers, **said}, headers={"HX-Request": "true"})
