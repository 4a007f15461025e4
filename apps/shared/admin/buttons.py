"""State changes at the desk: a button calls the service of the same name."""

import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django import forms
from django.db import models, transaction
from django.utils.safestring import SafeString
from django_fsm import TransitionNotAllowed
from unfold.enums import ActionVariant
from unfold.forms import BaseDialogForm
from unfold.widgets import UnfoldAdminTextareaWidget, UnfoldAdminTextInputWidget

MOVED_ON = "It has moved on since you opened this."
NOT_NOW = "That is not possible any more."
UNSEEN = "nothing"
"""What somebody has seen who sends off what asks for a typed confirmation without having been shown it."""


class RowMovedOn(Exception):
    """A button was pressed for something that has changed since."""


class PressForm(BaseDialogForm):
    """Remembers what the person saw."""

    seen = forms.CharField(widget=forms.HiddenInput, max_length=200, required=False)

    def clean_seen(self) -> str:
        return self.cleaned_data["seen"] or (UNSEEN if "confirm" in self.fields else "")


class ReasonForm(PressForm):
    """Asks why; the answer goes into the audit."""

    reason = forms.CharField(widget=UnfoldAdminTextareaWidget, max_length=2000)

    @classmethod
    def asking(cls, question: str, *, is_optional: bool) -> "type[ReasonForm]":
        """Make a form that asks this instead, or that takes silence for an answer."""
        field = forms.CharField(
            widget=UnfoldAdminTextareaWidget, max_length=2000, label=question, required=not is_optional
        )
        return type("QuestionForm", (cls,), {"reason": field})


class ConfirmField(forms.CharField):
    """Asks to type some words before something is removed; letter case and spaces make no difference."""

    def __init__(self, words: str) -> None:
        widget = UnfoldAdminTextInputWidget(attrs={"autocomplete": "off", "spellcheck": "false"})
        super().__init__(widget=widget, max_length=300, label=f"Type “{words}” to confirm")
        self.words = words

    def clean(self, value: str) -> str:
        typed = super().clean(value)
        if _comparable(typed) != _comparable(self.words):
            raise forms.ValidationError(f"This is not “{self.words}”. Nothing was done.")
        return typed


def _comparable(words: str) -> str:
    return "".join(unicodedata.normalize("NFKC", words).casefold().split())


@dataclass(frozen=True)
class Button:
    """A state change offered on a row's page.

    `service(row, by=user_id, reason=...)` does it, in a transaction that holds the row's lock. `offered(row)` says
    whether it is legal now; `permission` (`strategy.approve_strategy`) who may. `outcome(result)` says what it led to.
    A service that `explains` its refusals is asked even where the button is not offered: who presses it on a page that
    has gone stale reads why it is too late. `seen(row)` says what the person decides on: the dialog
    shows it, and sent off after that has changed nothing is done; `moved_on(row, seen)` says then what has. Without
    it, that is the row as its page showed it. `preview(row)` shows above the question what would happen; one that
    removes something `confirms(row)` with words that the person must type. One that makes sense for several rows at
    once is `in_bulk` an action of the list, too.
    """

    name: str
    label: str
    service: Callable[..., Any]
    permission: str
    offered: Callable[[Any], bool]
    explanation: str
    asks_reason: bool = False
    question: str = "Reason"
    is_optional: bool = False
    refusals: tuple[type[Exception], ...] = (TransitionNotAllowed,)
    explains: bool = False
    outcome: Callable[[Any], str] = lambda result: "done."
    variant: ActionVariant = ActionVariant.DEFAULT
    in_bulk: bool = False

    seen: Callable[[Any], str] = lambda row: ""
    preview: Callable[[Any], SafeString | str] = lambda row: ""
    moved_on: Callable[[Any, str], str] = lambda row, seen: MOVED_ON
    confirms: Callable[[Any], str] = lambda row: ""

    @property
    def form(self) -> type[PressForm]:
        """The form of its dialog."""
        if not self.asks_reason:
            return PressForm
        return ReasonForm.asking(self.question, is_optional=self.is_optional)

    def version(self, row: Any) -> str:
        """Return by what to know later that somebody decided on the row as it is now."""
        return self.seen(row) or version_of(row)


def version_of(row: Any) -> str:
    """Return a mark that changes whenever a row is saved; empty for rows that do not keep when they were."""
    updated_at = getattr(row, "updated_at", None)
    return updated_at.isoformat() if updated_at else ""


def press(button: Button, model: type[models.Model], pk: Any, *, by: UUID, reason: str, seen: str = "") -> Any:
    """Do to a row what a button says, and return what its service does.

    Raises RowMovedOn when the row is not any more what the person has `seen` or does not take this now, and what the
    service refuses with.
    """
    with transaction.atomic():
        row = model._default_manager.select_for_update(of=("self",)).get(pk=pk)
        if not (button.explains or button.offered(row)):
            raise RowMovedOn(NOT_NOW)
        if seen and seen != button.version(row):
            raise RowMovedOn(button.moved_on(row, seen))
        return button.service(row, by=by, reason=reason)
