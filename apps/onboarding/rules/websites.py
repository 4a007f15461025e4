"""Addresses of web sites, as people type them."""

import re
from urllib.parse import urlsplit

from apps.onboarding.rules.answers import is_no_answer

MOST_CHARACTERS = 2000
_LABEL = r"[^\W_](?:[\w-]{0,61}[^\W_])?"
_HOST = re.compile(rf"(?:{_LABEL}\.)+(?:[^\W\d_]{{2,63}}|xn--[a-z0-9-]{{1,59}})\.?", re.IGNORECASE)
_OF_A_SITE = re.compile(r"[^\s<>\"'“”„»«]+")
_NOT_YET = re.compile(
    r"^(?:none|no|not|noch|keine?|pas|aucun|sin|ningun[oa]?|nenhum|não|ainda|nessun[oa]?|brak|jeszcze|geen|n/?a"
    r"|coming soon|under construction"
    r"|in progress|im aufbau|en construction|w budowie)(?=\s|[,;.!]\s|$)",
    re.IGNORECASE,
)


def read_website(text: str) -> str | None:
    """Return the first web address in a text with its scheme (https where none is given), or None."""
    return next((url for word in _OF_A_SITE.findall(text) if (url := _address(word))), None)


def is_none_yet(text: str) -> bool:
    """Tell whether a text says that there is no web site."""
    return is_no_answer(text) or bool(_NOT_YET.match(text.strip()))


def _address(word: str) -> str | None:
    bare = word.strip("()[]{},;:.!?*_").removeprefix("//")
    if len(bare) > MOST_CHARACTERS or "@" in bare or "\\" in bare:
        return None
    scheme, separator, rest = bare.partition("://")
    if not separator:
        scheme, rest = "https", bare
    try:
        parts = urlsplit(f"{scheme.casefold()}://{rest}")
        port = parts.port
        host = (parts.hostname or "").rstrip(".")
        host.encode("idna")
    except ValueError:  # an impossible port, bracket or label; UnicodeError is one, too
        return None
    if parts.scheme not in ("http", "https") or not _HOST.fullmatch(host.removeprefix("www.")):
        return None
    netloc = f"{host}:{port}" if port else host
    return parts._replace(netloc=netloc).geturl()
