"""State changes at the desk: a button calls the service of the same name."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar

from django import forms
from django.contrib import messages
from django.db import models, transaction
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django_fsm import TransitionNotAllowed
from unfold.decorators import action
from unfold.enums import ActionVariant
from unfold.forms import BaseDialogForm
from unfold.widgets import UnfoldAdminTextareaWidget

from apps.shared.admin.pages import ReadOnlyAdmin, row_of_page


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
    happen.
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

    seen: Callable[[Any], str] = lambda row: ""
    preview: Callable[[Any], SafeString | str] = lambda row: ""

    @property
    def form(self) -> type[BaseDialogForm]:
        """The form of its dialog."""
        if not self.asks_reason:
            return BaseDialogForm
        return ReasonForm.asking(self.question, is_optional=self.is_optional)

    def is_stale(self, form: BaseDialogForm, row: Any) -> bool:
        """Tell whether the row has moved on since the dialog was opened."""
        seen = form.cleaned_data.get("seen", "")
        return bool(seen) and seen != self.seen(row)


class TransitionAdmin(ReadOnlyAdmin):
    """A read-only page with buttons for the state machine: only legal and permitted ones are shown, all act by POST."""

    buttons: ClassVar[tuple[Button, ...]] = ()

    def __init_subclass__(cls, **options: Any) -> None:
        super().__init_subclass__(**options)
        cls.actions_detail = [button.name for button in cls.buttons]
        for button in cls.buttons:
            setattr(cls, button.name, _button_action(button))
            setattr(cls, f"has_{button.name}_permission", _button_permission(button))


def _button_permission(button: Button) -> Callable[..., bool]:
    def has_permission(self: TransitionAdmin, request: HttpRequest, object_id: str | None = None) -> bool:
        if not request.user.has_perm(button.permission):
            return False
        row = row_of_page(self, request, object_id)
        is_pressed = request.method == "POST"
        return row is not None and ((button.explains and is_pressed) or button.offered(row))

    return has_permission


def _button_action(button: Button) -> Callable[..., HttpResponse]:
    def handle(self: TransitionAdmin, request: HttpRequest, form: BaseDialogForm, object_id: str) -> HttpResponse:
        reason = form.cleaned_data.get("reason", "")
        try:
            with transaction.atomic():
                row = self.model.objects.select_for_update(of=("self",)).get(pk=object_id)
                if button.is_stale(form, row):
                    raise RowMovedOn("It has moved on since you opened this. Look at it again.")
                result = button.service(row, by=request.user.pk, reason=reason)
        except (RowMovedOn, *button.refusals) as refusal:
            messages.error(request, f"{button.label}: not possible any more. {refusal}")
        else:
            messages.success(request, format_html("{}: {}", button.label, button.outcome(result)))
        # The dialog posts by htmx: a plain redirect would change the row but leave the page where it is.
        return HttpResponse(headers={"HX-Redirect": _change_url(self.model, object_id)})

    handle.__name__ = button.name  # before decorating: Unfold finds the permission hook by this name
    dialog = {
        "title": button.label,
        "description": button.explanation,
        "form_class": _form_that_remembers(button),
        "form_submit_text": button.label,
    }
    offer = action(
        description=button.label,
        url_path=button.name,
        permissions=[button.name],
        dialog=dialog,
        variant=button.variant,
    )
    return offer(handle)


def _form_that_remembers(button: Button) -> type[BaseDialogForm]:
    """Return a button's form with what the person sees as its hidden field."""

    class Form(button.form):  # type: ignore[misc,name-defined]
        def __init__(self, request: HttpRequest, object_id: str | None = None, *args: Any, **kwargs: Any) -> None:
            super().__init__(request, object_id, *args, **kwargs)
            rows = vars(request).get("rows_with_buttons", {})
            self.row = next((row for (_, pk), row in rows.items() if pk == object_id), None)
            if "seen" in self.fields and self.row is not None:
                self.fields["seen"].initial = self.fields["reason"].help_text = button.seen(self.row)

        def render_before_template(self) -> SafeString | str:
            return "" if self.row is None else button.preview(self.row)

    return Form


def _change_url(model: type[models.Model], pk: str) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_change", args=[pk])
