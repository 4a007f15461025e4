"""Rows one by one: one that breaks stops none of the others, and does not go unheard."""

import logging
from collections.abc import Callable, Iterable
from types import TracebackType
from typing import Self, TypeVar
from uuid import UUID

log = logging.getLogger(__name__)

Given = TypeVar("Given")
MOST_NAMED = 10


class OneByOne:
    """Does deeds to rows, each by itself. At the end of its block it raises an ExceptionGroup of what broke.

    So what calls it fails as it would by the first of them, but when all others are done. A deed must be a transaction
    of its own and change nothing the second time: then whoever tries again takes every row that is still due.
    """

    def __init__(self) -> None:
        self._broken: list[tuple[UUID, Exception]] = []

    def do(self, deed: Callable[[UUID], Given], keys: Iterable[UUID]) -> list[Given]:
        """Return what the deed gave for each row that it did not break at."""
        given = []
        for key in keys:
            try:
                given.append(deed(key))
            except Exception as error:
                log.exception("Row %s broke", key)
                self._broken.append((key, error))
        return given

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None) -> None:
        if self._broken and error is None:
            named = "; ".join(f"{key}: {type(why).__name__}: {why}" for key, why in self._broken[:MOST_NAMED])
            raise ExceptionGroup(f"{len(self._broken)} broke: {named}", [why for _, why in self._broken])
