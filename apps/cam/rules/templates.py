"""The words of a message: placeholders that are known, all of them filled, and nothing left over.

A placeholder is `{{ first_name }}`, or `{{ first_name | there }}` with what to say instead where the lead's is unknown.
Whatever else looks like something somebody meant to fill in refuses the message: better one mail too few than one that
begins with "Dear [name]".
"""

import re
from collections.abc import Mapping

PLACEHOLDERS = {
    "first_name": "The lead's first name",
    "full_name": "The lead's whole name",
    "company": "The lead's company",
    "title": "What the lead is there",
    "sender_name": "Who writes, as the mailbox says",
}
"""What a message may say of its lead and its sender."""

MOST_CHARACTERS = 10_000
MOST_SUBJECT_CHARACTERS = 200

_PLACEHOLDER = re.compile(r"\{\{\s*([^{}|]*?)\s*(?:\|\s*([^{}|]*?)\s*)?\}\}")
_LEFT_OVER = re.compile(
    r"\{\{|\}\}|\{%|%\}|\[[^\]\n]{0,80}\]|<[^>\n]{1,80}>|\b(?:TODO|TBD|FIXME|XXX|LOREM IPSUM)\b|_{4,}", re.IGNORECASE
)


class TemplateRefused(ValueError):
    """Words cannot be a message. `problems` maps each wrong field to what is wrong and how to mend it."""

    def __init__(self, problems: dict[str, str]) -> None:
        super().__init__("; ".join(f"{field} {problem}" for field, problem in problems.items()))
        self.problems = problems


def check_words(subject: str, text: str) -> None:
    """Check the words of a template. Raises TemplateRefused, naming every wrong field."""
    problems = {}
    for field, words, most in (("subject", subject, MOST_SUBJECT_CHARACTERS), ("text", text, MOST_CHARACTERS)):
        if problem := _problem(words, most):
            problems[field] = problem
    if "subject" not in problems and not is_one_line(subject):
        problems["subject"] = "is one line; take the line break out"
    if problems:
        raise TemplateRefused(problems)


def is_one_line(words: str) -> bool:
    """Tell whether words can stand in a header: nothing in them ends a line or hides."""
    return all(character.isprintable() for character in words)


def placeholders_in(words: str) -> list[str]:
    """Return the names between double braces, in their order, known or not."""
    return [name for name, _ in _PLACEHOLDER.findall(words)]


def fill(words: str, values: Mapping[str, str]) -> str:
    """Return words with their placeholders filled.

    Raises TemplateRefused where one is unknown or has no value for this lead and no words to say instead, and where
    something is left that looks like a placeholder: in the words, or in what a lead's own name brought in.
    """
    missing = [name for name, instead in _PLACEHOLDER.findall(words) if not (values.get(name, "").strip() or instead)]
    if missing:
        raise TemplateRefused(dict.fromkeys(missing, "is not known of this lead; write it down, or halt the lead"))
    filled = _PLACEHOLDER.sub(lambda found: _value(found, values), words)
    if left := left_over(filled):
        raise TemplateRefused({"text": f"still holds {left[0]!r}, which looks like something to fill in"})
    return filled


def left_over(words: str) -> list[str]:
    """Return what looks as if somebody had meant to fill it in."""
    return [found.group() for found in _LEFT_OVER.finditer(words)]


def _value(found: re.Match[str], values: Mapping[str, str]) -> str:
    return " ".join(values.get(found[1], "").split()) or found[2]


def _problem(words: str, most: int) -> str:
    if not words.strip():
        return "is empty; write it"
    if len(words) > most:
        return f"has more than {most} characters; shorten it"
    if unknown := [name for name in placeholders_in(words) if name not in PLACEHOLDERS]:
        return f"has the unknown placeholder {unknown[0]!r}; known are {', '.join(PLACEHOLDERS)}"
    if left := left_over(_PLACEHOLDER.sub(lambda found: found[2] or "", words)):
        return (
            f"holds {left[0]!r}, which looks like something to fill in; use a placeholder such as {{{{ first_name }}}}"
        )
    return ""
