"""Which characters and values of a submission can be stored."""

import math
import re
from typing import Any

# PostgreSQL's jsonb refuses NUL and lone surrogates; other control characters only hide things from readers.
_UNSTORABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")

MOST_LEVELS = 10
"""How deeply lists and objects may be nested in an answer; what lies deeper is no answer of a person."""


def clean(value: Any, levels: int = MOST_LEVELS) -> Any:
    """Return a JSON value without what cannot be stored: control characters, lone surrogates, NaN, endless nesting."""
    if isinstance(value, str):
        return _UNSTORABLE.sub("", value.replace("\r\n", "\n").replace("\r", "\n"))
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, dict):
        return {clean(str(key)): clean(item, levels - 1) for key, item in value.items()} if levels else None
    if isinstance(value, list | tuple):
        return [clean(item, levels - 1) for item in value] if levels else None
    return value
