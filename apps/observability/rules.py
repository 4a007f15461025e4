"""How an entry is made fit for storing, how it is hashed, and how secrets are kept out of logs and traces."""

import hashlib
import json
import math
import re
from collections.abc import Callable, Iterable, Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID

AGENCY_CHAIN = "agency"
FIRST_PREVIOUS_HASH = "0" * 64
MAX_TEXT = 100_000
"""Characters a single text keeps; a longer one is cut and names its length and SHA-256."""
MAX_DOCUMENT = 5_000_000
"""Characters one JSON document keeps; a longer one is replaced by its length and SHA-256."""
MAX_DEPTH = 50

HEARTBEAT = timedelta(seconds=10)
"""How often a worker says that it is alive."""
SILENT_AFTER = timedelta(seconds=45)
"""After four missed heartbeats a worker is taken for gone: one late beat is a busy machine."""
FORGOTTEN_AFTER = timedelta(days=7)
"""A worker not heard of for a week will not come back under its name."""


def chain_of(client_id: UUID | None) -> str:
    """Return the name of the chain that an entry of this client belongs to."""
    return str(client_id) if client_id else AGENCY_CHAIN


def storable_text(text: str) -> str:
    """Return a text PostgreSQL takes: NUL and lone surrogates become U+FFFD, and what is too long is cut."""
    clean = text.replace("\x00", "\ufffd").encode("utf-8", "surrogatepass").decode("utf-8", "replace")
    if len(clean) <= MAX_TEXT:
        return clean
    return f"{clean[:MAX_TEXT]}… [cut: {len(clean)} characters, sha256 {_sha256(clean)}]"


def storable_document(document: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """Return a JSON document PostgreSQL takes, whatever its values are: an audit must never refuse the change it is of.

    What JSON has no word for (a decimal, a date, NaN) is stored as text.
    """
    if document is None:
        return None
    clean = {storable_text(str(key)): _storable(value, depth=1) for key, value in document.items()}
    text = json.dumps(clean)
    return clean if len(text) <= MAX_DOCUMENT else {"cut": True, "characters": len(text), "sha256": _sha256(text)}


def _storable(value: Any, *, depth: int) -> Any:
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, int):
        return value if value.bit_length() <= 64 else hex(value)
    if isinstance(value, float):
        return value if math.isfinite(value) else str(value)
    if depth < MAX_DEPTH and isinstance(value, Mapping):
        return {storable_text(str(key)): _storable(item, depth=depth + 1) for key, item in value.items()}
    if depth < MAX_DEPTH and isinstance(value, list | tuple | set | frozenset):
        return [_storable(item, depth=depth + 1) for item in value]
    return storable_text(str(value))


def seal_hash(previous_hash: str, content: Mapping[str, Any]) -> str:
    """Return the SHA-256, in hex, of the previous seal's hash followed by the entry's canonical JSON.

    Canonical: keys sorted, no spaces, ASCII only, identifiers and times as text.
    """
    canonical = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=True, default=str)
    return _sha256(previous_hash + canonical)


REDACTED_BY = "AuditRedacted"
"""The action of the entry that says which batch of entries lost its words, and by what digest the batch is known."""


def content_sha256(content: Mapping[str, Any]) -> str:
    """Return the SHA-256 of what is left of a redacted entry."""
    return seal_hash("", content)


def batch_digest(entries: Iterable[tuple[UUID, str, str]]) -> str:
    """Return by what a batch of redactions is known: the entries' ids, hashes of their seals, and what is left."""
    lines = sorted(" ".join(map(str, each)) for each in entries)
    return _sha256("\n".join(lines))


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


# --- secrets ----------------------------------------------------------------------------------------------------------

REDACTED = "[redacted]"
SHORTEST_SECRET = 6
"""Characters from which on a known secret is looked for in texts: shorter ones are parts of common words."""

_NAME = r"[\w.-]*(?:passw|secret|token(?!s)|api[_-]?key|private[_-]?key|session[_-]?key|credential|dsn|{more})[\w.-]*"
_NAMES = re.compile(_NAME.format(more="authorization|cookie"), re.IGNORECASE)
_VALUE = r"""(?:"[^"\n]*"|'[^'\n]*'|[^\s,;&)}\]]+)"""
_IN_TEXT = (
    # scheme://user:password@host
    (re.compile(r"(\w://[^\s/:@]*:)[^\s@]+(?=@)"), r"\1" + REDACTED),
    # a header with all that follows it on its line
    (re.compile(r"((?:authorization|cookie)[\"']?\s*[:=]\s*[\"']?)[^\n\"']+", re.IGNORECASE), r"\1" + REDACTED),
    # a link to log in by, and a token of the portal's API
    (re.compile(r"(/account/link/)[\w-]{8,}"), r"\1" + REDACTED),
    (re.compile(r"\b(aicmo_)[\w-]{30,}"), r"\1" + REDACTED),
    (re.compile(r"\b((?:bearer|basic)\s+)[\w.~+/=-]{6,}", re.IGNORECASE), r"\1" + REDACTED),
    # password=…, "api_key": "…", secret_key='…'; not the parameter of a statement, which has no value in it
    (
        re.compile(rf"({_NAME.format(more='passphrase')}[\"']?\s*[:=]\s*)(?!%s){_VALUE}", re.IGNORECASE),
        r"\1" + REDACTED,
    ),
)


def redactor(secrets: Iterable[str]) -> Callable[[Any], Any]:
    """Make a function that returns a text, or JSON of texts, without secrets: the known ones, and what looks like one.

    Looks like one: a password in a URL, an Authorization or Cookie header, the value beside a name such as `password`,
    `token` or `api_key`.
    """
    known = sorted({secret for secret in secrets if len(secret) >= SHORTEST_SECRET}, key=len, reverse=True)
    exact = re.compile("|".join(map(re.escape, known))) if known else None

    def redacted(value: Any) -> Any:
        if value is None or isinstance(value, bool | int | float):
            return value
        if isinstance(value, Mapping):
            return {str(name): REDACTED if _NAMES.fullmatch(str(name)) else redacted(value[name]) for name in value}
        if isinstance(value, list | tuple | set | frozenset):
            return [redacted(item) for item in value]
        return _without_lookalikes(exact.sub(REDACTED, str(value)) if exact else str(value))

    return redacted


def _without_lookalikes(text: str) -> str:
    for pattern, replacement in _IN_TEXT:
        text = pattern.sub(replacement, text)
    return text
