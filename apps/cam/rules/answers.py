"""The words of an answer that a person writes to a reply: its subject, and what must not be in it."""

import re

from apps.cam.rules.templates import MOST_CHARACTERS, MOST_SUBJECT_CHARACTERS, TemplateRefused, is_one_line, left_over

_ANSWERS = re.compile(r"\s*(?:(?:re|aw|antw|antwort|sv|vs|odp|ynt|rif|rép|ref)\s*(?:\[\d+\])?\s*:\s*)+", re.IGNORECASE)
"""How subjects of answers begin, in the languages of mail programs."""


def answer_subject(subject: str) -> str:
    """Return the subject of an answer to a mail: one "Re:", however many it had, in one line and not too long."""
    line = " ".join("".join(each if each.isprintable() else " " for each in subject).split())
    beginning = _ANSWERS.match(line)
    rest = line[beginning.end() :] if beginning else line
    return f"Re: {rest or 'your mail'}"[:MOST_SUBJECT_CHARACTERS].rstrip()


def check_answer(subject: str, text: str, *, said: str) -> None:
    """Check the words of an answer. Raises TemplateRefused, naming every wrong field.

    What looks like something to fill in is refused, unless the mail that is answered had `said` it.
    """
    problems = {}
    for field, words, most in (("subject", subject, MOST_SUBJECT_CHARACTERS), ("text", text, MOST_CHARACTERS)):
        if problem := _problem(words, most, said):
            problems[field] = problem
    if "subject" not in problems and not is_one_line(subject):
        problems["subject"] = "is one line of visible characters; take the others out"
    if problems:
        raise TemplateRefused(problems)


def _problem(words: str, most: int, said: str) -> str:
    if not words.strip():
        return "is empty; write it"
    if len(words) > most:
        return f"has more than {most} characters; shorten it"
    left = [each for each in left_over(words) if each not in said]
    return f"still holds {left[0]!r}, which looks like something to fill in; write what is meant" if left else ""
