"""How an entry is made fit for storing, and how it is hashed."""

import hashlib
import json
import math
from collections.abc import Mapping
from typing import Any
from uuid import UUID

AGENCY_CHAIN = "agency"
FIRST_PREVIOUS_HASH = "0" * 64
MAX_TEXT = 100_000
"""Characters a single text keeps; a longer one is cut and names its length and SHA-256."""
MAX_DOCUMENT = 5_000_000
"""Characters one JSON document keeps; a longer one is replaced by its length and SHA-256."""
MAX_DEPTH = 50


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


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
