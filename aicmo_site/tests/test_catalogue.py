"""The German of the portal …"""

import pytest
from django.utils import translation

from aicmo_site.tests.catalogue import MO, compiled, said, translated

REFRESH = "run `python -m aicmo_site.tests.catalogue` and translate what it adds"


def test_has_every_sentence_that_a_page_says() -> None:
    known = {message.id for message in translated() if message.id and all(_texts(message.string))}
    missing = sorted({str(message.id) for message in said() if message.id and message.id not in known})
    assert not missing, REFRESH


def test_has_no_sentence_that_no_page_says() -> None:
    sentences = {message.id for message in said()}
    assert not [message.id for message in translated() if message.id not in sentences], REFRESH


def test_keeps_the_places_of_values() -> None:
    wrong = [error for message in translated() if message.id for error in message.check()]
    assert not wrong


def test_is_compiled() -> None:
    assert MO.read_bytes() == compiled(translated()), REFRESH


@pytest.mark.parametrize(("language", "word"), [("en", "Files"), ("de", "Dateien"), ("fr", "Files")])
def test_is_spoken_to_who_chose_it(language: str, word: str) -> None:
    with translation.override(language):
        assert translation.gettext("Files") == word


def _texts(string: str | tuple[str, ...]) -> tuple[str, ...]:
    return string if isinstance(string, tuple) else (string,)
