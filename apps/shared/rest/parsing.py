"""Reading bodies strictly: what PostgreSQL cannot store and what Python cannot read are refused at the door."""

import json
import re
from collections.abc import Mapping
from typing import IO, Any

from rest_framework.exceptions import ParseError
from rest_framework.parsers import BaseParser

DEEPEST = 20
MOST_KEYS = 1_000
_LONE_SURROGATE = re.compile("[\ud800-\udfff]")


class StrictJsonParser(BaseParser):
    """JSON in UTF-8: no key twice, no NaN, no NUL, nothing nested deeper than 20 levels."""

    media_type = "application/json"

    def parse(
        self, stream: IO[bytes], media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> Any:
        """Return the body's value. Raises ParseError, saying what is wrong with it."""
        try:
            text = stream.read().decode("utf-8")
            value = json.loads(text, object_pairs_hook=_object, parse_constant=_refuse_constant)
        except RecursionError as error:
            raise ParseError(_TOO_DEEP) from error
        except ValueError as error:  # of JSON and of UTF-8 both
            raise ParseError(f"The body is no JSON: {error}") from error
        _check(value, depth=0)
        return value


_TOO_DEEP = f"The body is nested deeper than {DEEPEST} levels."


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a key stands twice in one object")
    if len(found) > MOST_KEYS:
        raise ValueError(f"an object has more than {MOST_KEYS} keys")
    return found


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is no number")


def _check(value: Any, *, depth: int) -> None:
    if depth > DEEPEST:
        raise ParseError(_TOO_DEEP)
    match value:
        case str():
            if "\0" in value or _LONE_SURROGATE.search(value):
                raise ParseError("The body has a NUL or half a surrogate pair in a text; leave it out.")
        case dict():
            for key, inner in value.items():
                _check(key, depth=depth)
                _check(inner, depth=depth + 1)
        case list():
            for inner in value:
                _check(inner, depth=depth + 1)
