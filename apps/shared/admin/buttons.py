"""State changes at the desk: a button calls the service of the same name."""

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
from unfold.widgets import UnfoldAdminTextareaWidget


class RowMovedOn(Exception):
    """A button was pressed for something that has changed since."""


class ReasonForm(BaseDialogForm):
    """Asks why; the answer goes into the audit."""

    reason = forms.CharField(widget=UnfoldAdminTextareaWidget, max_length=2000)
    seen = forms.CharField(widget=forms.HiddenInput, max_length=200, required=False)

    @classmethod
    def asking(cls, question: str, *, is_optional: bool) -> "type[ReasonForm]":
        """Make a form that asks this instead, or that takes silence for an answer."""
        field = forms.CharField(
            widget=UnfoldAdminTextareaWidget, max_length=2000, label=question, required=not is_optional
        )
        return type("QuestionForm", (cls,), {"reason": field})


@dataclass(frozen=True)
class Button:
    """A state change offered on a row's page.

    `service(row, by=user_id, reason=...)` does it, in a transaction that holds the row's lock. `offered(row)` says
    whether it is legal now; `permission` (`strategy.approve_strategy`) who may. `outcome(result)` says what it led to.
    A service that `explains` its refusals is asked even where the button is not offered: who presses it on a page that
    has gone stale reads why it is too late. `seen(row)` says what the person decides on: the dialog
    shows it, and sent off after that has changed nothing is done. `preview(row)` shows above the question what would
    happen. One that makes sense for several rows at once is `in_bulk` an action of the list, too.
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

    @property
    def form(self) -> type[BaseDialogForm]:
        """The form of its dialog."""
        if not self.asks_reason:
            return BaseDialogForm
        return ReasonForm.asking(self.question, is_optional=self.is_optional)


def press(button: Button, model: type[models.Model], pk: Any, *, by: UUID, reason: str, seen: str = "") -> Any:
    """Do to a row what a button says, and return what its service does.

    Raises RowMovedOn when the row is not any more what the person has `seen`, and what the service refuses with.
    """
    with transaction.atomic():
        row = model._default_manager.select_for_update(of=("self",)).get(pk=pk)
        if seen and seen != button.seen(row):
            raise RowMovedOn("It has moved on since you opened this. Look at it again.")
        return button.service(row, by=by, reason=reason)
