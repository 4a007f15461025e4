"""How people say things in mails, by language: data for the classifier.

Every phrase is a regular expression over text in lower case without accents (`folded`). Phrases of all languages are
tried on every mail, so a mail in two languages is read whole and no language has to be guessed first.
"""

import re

from apps.cam.rules.languages.english import ENGLISH
from apps.cam.rules.languages.french import FRENCH
from apps.cam.rules.languages.german import GERMAN
from apps.cam.rules.languages.phrases import Language, any_of, folded
from apps.cam.rules.languages.portuguese import PORTUGUESE
from apps.cam.rules.languages.spanish import SPANISH

LANGUAGES = (ENGLISH, GERMAN, FRENCH, SPANISH, PORTUGUESE)


def phrases(name: str) -> re.Pattern[str]:
    """Return a pattern that finds what all languages have under a name, such as “interest”."""
    return any_of(phrase for language in LANGUAGES for phrase in getattr(language, name))


__all__ = ["LANGUAGES", "Language", "any_of", "folded", "phrases"]
