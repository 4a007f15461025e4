"""The questions as clients are asked them, and how an answer is read from its box and written into it."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from apps.onboarding import rules
from apps.onboarding.rules.answers import fold_key, question_of, texts

Kind = Literal["line", "text", "list"]


@dataclass(frozen=True)
class Question:
    """One question: a short line, a text, or a list with one thing a line."""

    name: str
    label: str | Promise
    help: str | Promise = ""
    kind: Kind = "list"

    def written(self, answer: Any) -> str:
        """Return an answer as it stands in the box."""
        return self._tidy("\n".join(texts(answer)))

    def read(self, typed: str) -> Any:
        """Return the answer that somebody typed; None where nothing was."""
        text = self._tidy(rules.clean(typed))
        lines = text.split("\n")
        return (lines if self.kind == "list" and len(lines) > 1 else text) if text else None

    def _tidy(self, text: str) -> str:
        if self.kind == "list":
            return "\n".join(line for each in text.splitlines() if (line := each.strip()))
        return text.strip()


@dataclass(frozen=True)
class Group:
    """Questions that belong together."""

    key: str
    title: str | Promise
    questions: tuple[Question, ...]


GROUPS = (
    Group(
        "business",
        _("Your business"),
        (
            Question("client_name", _("What is your business called?"), _("As your customers know it."), "line"),
            Question(
                "website",
                _("Your website"),
                _("Such as https://www.example.com. Leave it empty if you have none."),
                "line",
            ),
            Question(
                "industry",
                _("What line of business are you in?"),
                _("Such as: dental clinic, accounting software."),
                "line",
            ),
            Question("geography", _("Where do you sell?"), _("Towns, regions or countries."), "line"),
        ),
    ),
    Group(
        "offer",
        _("What you sell"),
        (
            Question(
                "primary_offer",
                _("What do you sell above all?"),
                _("With the price, if there is one: Clear aligners from EUR 2,900."),
            ),
            Question("secondary_offers", _("What else do you sell?")),
            Question(
                "pricing", _("How are your prices made?"), _("Packages, subscriptions, instalments, discounts."), "text"
            ),
            Question("selling_points", _("Why do people choose you?"), _("What others do not have.")),
            Question(
                "proof",
                _("How can you prove it?"),
                _("Reviews, figures, certificates. We claim nothing that you cannot prove."),
            ),
        ),
    ),
    Group(
        "audience",
        _("Whom you want to reach"),
        (
            Question(
                "target_audience",
                _("Who should buy from you?"),
                _("Age, occupation, situation: as you would describe them to a friend."),
            ),
            Question("secondary_audience", _("Who else?")),
            Question("pain_points", _("What troubles these people?")),
            Question("desired_outcomes", _("What do they hope for?")),
            Question("objections", _("What keeps them from buying?")),
            Question("competitors", _("Whom do they compare you with?"), _("Competitors, or doing nothing at all.")),
        ),
    ),
    Group(
        "goal",
        _("What should come of it"),
        (
            Question(
                "objective",
                _("What should be reached?"),
                _("If possible with a number and a date: 40 booked consultations a month by June, today 14."),
            ),
            Question("secondary_objectives", _("What else should be reached?")),
            Question("success", _("How will you tell that it worked?"), "", "text"),
            Question("timeline", _("How long should it run?"), _("Such as: 12 weeks."), "line"),
            Question("start", _("When should it start?"), _("A day or a month."), "line"),
            Question(
                "budget",
                _("What may it cost?"),
                _("Such as: 5,000 EUR a month for 12 months, advertising included."),
                "line",
            ),
            Question("outputs_wanted", _("Which files do you want?"), _("Such as PDF, PPTX, ZIP.")),
            Question("exclusions", _("What is not part of the work?")),
            Question(
                "tracking_status",
                _("What do you measure already?"),
                _("Such as: Google Analytics yes, Meta pixel no."),
                "line",
            ),
        ),
    ),
    Group(
        "voice",
        _("How you sound, and what must not be said"),
        (
            Question("tone", _("How should your texts sound?"), _("Such as: calm, plain, no scare tactics.")),
            Question("languages", _("In which languages?")),
            Question(
                "brand_kit",
                _("Where are your logo, colours and fonts?"),
                _("A link, or attach the files below."),
                "text",
            ),
            Question("banned_words", _("Which words should we avoid?")),
            Question("forbidden_claims", _("What must we not claim?")),
            Question("disclaimers", _("Which notices are required?"), _("Word for word, as they must be printed.")),
            Question("compliance_requirements", _("Which rules does your industry have?")),
            Question("channels_excluded", _("Where should we not appear?"), _("Such as: TikTok.")),
            Question("constraints", _("What else should we heed?")),
        ),
    ),
)
QUESTIONS = {question.name: question for group in GROUPS for question in group.questions}


def version_of(text: str) -> str:
    """Return what names the text of a box, so that a change by somebody else is noticed."""
    return hashlib.sha256(text.encode()).hexdigest()[:16]


@dataclass
class Box:
    """A question on the page: what is stored, what is typed, and which text that began from."""

    question: Question
    stored: str
    typed: str
    began_from: str
    is_needed: bool = False
    is_missing: bool = False

    @property
    def is_changed(self) -> bool:
        """Whether something is typed that is not stored."""
        return self.typed != self.stored

    @property
    def is_contested(self) -> bool:
        """Whether somebody else has changed what this change began from."""
        return self.is_changed and self.began_from != self.version

    @property
    def is_untouched(self) -> bool:
        """Whether the box still holds what it began from."""
        return version_of(self.typed) == self.began_from

    @property
    def version(self) -> str:
        """Names the stored text, which the next change begins from."""
        return version_of(self.stored)


def boxes_of(answers: Mapping[str, Any], sent: Mapping[str, str]) -> dict[str, Box]:
    """Return the boxes by question: what was sent with a form where it was, else what is stored.

    A box that nobody touched shows what is stored now, even where somebody else has changed it since.
    """
    found, said = {}, _by_question(answers)
    for name, question in QUESTIONS.items():
        stored = question.written(said.get(name))
        typed = question.written(question.read(sent[name])) if name in sent else stored
        box = Box(question, stored, typed, sent.get(f"was-{name}", version_of(stored)))
        if box.is_untouched:
            box.typed = stored
        found[name] = box
    return found


def _by_question(answers: Mapping[str, Any]) -> dict[str, Any]:
    """Return answers by question: what staff took in or imported may stand under other names of it."""
    named = ((question_of(fold_key(name)), value) for name, value in answers.items())
    return {question: value for question, value in named if question} | dict(answers)
