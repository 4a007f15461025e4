"""A button pressed for several rows of a list: confirmed once, done one by one, and told of row by row."""

from collections.abc import Callable, Sequence
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.html import format_html, format_html_join
from unfold.widgets import UnfoldAdminTextareaWidget

from apps.shared.admin.buttons import Button, ConfirmField, RowMovedOn, press

MOST = 100
"""Rows that are changed within one request."""


def bulk_action(button: Button) -> Callable[[Any, HttpRequest, QuerySet], HttpResponse | None]:
    """Return a button as an action of the list: a page that says what will happen, and then what did, row by row."""

    def act(page: Any, request: HttpRequest, rows: QuerySet) -> HttpResponse | None:
        chosen = list(rows.order_by("pk")[: MOST + 1])
        if len(chosen) > MOST:
            messages.error(request, f"{button.label}: at most {MOST} at once.")
            return None
        fit = [row for row in chosen if button.offered(row)]
        form = _form(button, request, fit)
        if "press" not in request.POST or not form.is_valid():
            return _ask(page, request, button, form, fit, [row for row in chosen if row not in fit])
        _press_each(request, button, fit, form.cleaned_data.get("reason", ""))
        return None

    return act


def _form(button: Button, request: HttpRequest, fit: Sequence[Model]) -> forms.Form:
    """Return what is asked: why, and of what removes something the number of rows that it is done to."""
    form = forms.Form(request.POST if "press" in request.POST else None)
    if button.asks_reason:
        form.fields["reason"] = forms.CharField(
            widget=UnfoldAdminTextareaWidget, max_length=2000, label=button.question, required=not button.is_optional
        )
    if any(button.confirms(row) for row in fit):
        form.fields["confirm"] = ConfirmField(f"{len(fit)}")
    return form


def _ask(
    page: Any, request: HttpRequest, button: Button, form: forms.Form, fit: Sequence[Model], others: Sequence[Model]
) -> HttpResponse:
    context = {
        **page.admin_site.each_context(request),
        "opts": page.opts,
        "title": f"{button.label}: {len(fit)} of {len(fit) + len(others)}",
        "button": button,
        "form": form,
        "fit": fit,
        "others": others,
        "action": request.POST["action"],
        "checkbox": ACTION_CHECKBOX_NAME,
    }
    return TemplateResponse(request, "admin/press_several.html", context)


def _press_each(request: HttpRequest, button: Button, rows: Sequence[Model], reason: str) -> None:
    """Press the button for each row in a transaction of its own, and tell what became of each."""
    done: list[tuple[Any, Any]] = []
    refused: list[tuple[Any, Any]] = []
    for row in rows:
        try:
            result = press(button, type(row), row.pk, by=request.user.pk, reason=reason)
        except (RowMovedOn, type(row).DoesNotExist, *button.refusals) as refusal:
            refused.append((row, refusal))
        else:
            done.append((row, button.outcome(result)))
    for told, level in ((done, messages.SUCCESS), (refused, messages.ERROR)):
        if told:
            words = f"{button.label}, {len(told)} of {len(rows)}: "
            lines = format_html_join("; ", "{}: {}", told)
            messages.add_message(request, level, format_html("{}{}", words, lines))
