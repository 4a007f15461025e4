"""The desk's bases: rows are read, and changed by buttons that call the service of the same name."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar
from uuid import UUID

from django import forms
from django.contrib import messages
from django.db import models, transaction
from django.http import HttpRequest, HttpResponse
from django.urls import NoReverseMatch, reverse
from django.utils.html import format_html
from django_fsm import TransitionNotAllowed
from unfold.admin import ModelAdmin, StackedInline, TabularInline
from unfold.decorators import action
from unfold.forms import BaseDialogForm
from unfold.widgets import UnfoldAdminTextareaWidget

LINK_CLASSES = "text-primary-600 dark:text-primary-500"


def admin_link(model: str, pk: UUID | None, label: str = "") -> str:
    """Return a link to the change page of a row of any module (`strategy.strategy`), drawn without loading it."""
    if pk is None:
        return "–"
    try:
        url = reverse(f"admin:{model.replace('.', '_')}_change", args=[pk])
    except NoReverseMatch:
        return label or str(pk)
    return format_html(
        '<a class="text-primary-600 dark:text-primary-500" href="{}">{}</a>', url, label or str(pk)[-12:]
    )


class _ReadOnly:
    """Rows are shown; nobody adds, edits or deletes them here."""

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class ReadOnlyAdmin(_ReadOnly, ModelAdmin):
    """A model's pages, read-only."""

    list_per_page = 50
    show_full_result_count = False


class ReadOnlyTabularInline(_ReadOnly, TabularInline):
    """Rows of a parent, as a table."""

    extra = 0
    show_change_link = True


class ReadOnlyStackedInline(_ReadOnly, StackedInline):
    """Rows of a parent, one below the other."""

    extra = 0
    show_change_link = True


class ReasonForm(BaseDialogForm):
    """Asks why; the answer goes into the audit."""

    reason = forms.CharField(widget=UnfoldAdminTextareaWidget, max_length=2000)


@dataclass(frozen=True)
class Button:
    """A state change offered on a row's page.

    `service(row, by=user_id, reason=...)` does it, in a transaction that holds the row's lock. `offered(row)` says
    whether it is legal now; `permission` (`strategy.approve_strategy`) who may.
    """

    name: str
    label: str
    service: Callable[..., Any]
    permission: str
    offered: Callable[[Any], bool]
    explanation: str
    asks_reason: bool = False
    refusals: tuple[type[Exception], ...] = (TransitionNotAllowed,)


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
        row = self.model.objects.filter(pk=object_id).first()
        return row is not None and button.offered(row)

    return has_permission


def _button_action(button: Button) -> Callable[..., HttpResponse]:
    def handle(self: TransitionAdmin, request: HttpRequest, form: BaseDialogForm, object_id: str) -> HttpResponse:
        reason = form.cleaned_data.get("reason", "")
        try:
            with transaction.atomic():
                row = self.model.objects.select_for_update(of=("self",)).get(pk=object_id)
                button.service(row, by=request.user.pk, reason=reason)
        except button.refusals as refusal:
            messages.error(request, f"{button.label}: not possible any more. {refusal}")
        else:
            messages.success(request, f"{button.label}: done.")
        # The dialog posts by htmx: a plain redirect would change the row but leave the page where it is.
        return HttpResponse(headers={"HX-Redirect": _change_url(self.model, object_id)})

    handle.__name__ = button.name  # before decorating: Unfold finds the permission hook by this name
    dialog = {
        "title": button.label,
        "description": button.explanation,
        "form_class": ReasonForm if button.asks_reason else BaseDialogForm,
        "form_submit_text": button.label,
    }
    return action(description=button.label, url_path=button.name, permissions=[button.name], dialog=dialog)(handle)


def _change_url(model: type[models.Model], pk: str) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_change", args=[pk])
