"""The big switches: whether anything may leave the house at all right now.

A gateway that sends something which cannot be taken back asks `why_halted()` in the transaction that decides on it.
Who knows the switches is higher up, where `register_halt` is called.
"""

from collections.abc import Callable

from apps.shared.workflow import TransientFailure


class HaltUnknown(TransientFailure):
    """Nobody could say whether everything is stopped: nothing is sent, and it will be tried again."""


def _never() -> str:
    return ""


_ask: Callable[[], str] = _never


def register_halt(provider: Callable[[], str]) -> None:
    """Let this function say from now on what stops everything, in words; nothing where nothing does."""
    global _ask
    _ask = provider


def why_halted() -> str:
    """Return what stops everything, empty where nothing does.

    Raises HaltUnknown when that cannot be found out: an effect whose permission is unknown does not happen.
    """
    try:
        return _ask()
    except Exception as error:
        raise HaltUnknown(f"It is not known whether everything is stopped ({error}); nothing was sent.") from error
