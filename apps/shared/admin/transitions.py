"""Pages with buttons for the state machine: only legal and permitted ones are shown, all act by POST."""

from collections.abc import Callable
from typing import Any, ClassVar

from django.contrib import messages
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from unfold.decorators import action
from unfold.forms import BaseDialogForm

from apps.shared.admin.bulk import bulk_action
from apps.shared.admin.buttons import Button, RowMovedOn, press
from apps.shared.admin.pages import ReadOnlyAdmin, row_of_page


class WithButtons:
    """What a page with buttons adds to an admin: only legal and permitted ones are shown, all act by POST."""

    buttons: ClassVar[tuple[Button, ...]] = ()

    def __init_subclass__(cls, **options: Any) -> None:
        super().__init_subclass__(**options)
        cls.actions_detail = [button.name for button in cls.buttons]
        for button in cls.buttons:
            setattr(cls, button.name, _button_action(button))
            setattr(cls, f"has_{button.name}_permission", _button_permission(button))

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        """Offer for several rows at once the buttons that make sense there, to whom may press them."""
        offered = (button for button in self.buttons if button.in_bulk and request.user.has_perm(button.permission))
        named = {f"{button.name}_several": button for button in offered}
        several = {name: (bulk_action(button), name, button.label) for name, button in named.items()}
        return {**super().get_actions(request), **several}


class TransitionAdmin(WithButtons, ReadOnlyAdmin):
    """A read-only page with buttons for the state machine."""


def _button_permission(button: Button) -> Callable[..., bool]:
    def has_permission(self: Any, request: HttpRequest, object_id: str | None = None) -> bool:
        if not request.user.has_perm(button.permission):
            return False
        row = row_of_page(self, request, object_id)
        is_pressed = request.method == "POST"
        return row is not None and ((button.explains and is_pressed) or button.offered(row))

    return has_permission


def _button_action(button: Button) -> Callable[..., HttpResponse]:
    def handle(self: Any, request: HttpRequest, form: BaseDialogForm, object_id: str) -> HttpResponse:
        said = {name: form.cleaned_data.get(name, "") for name in ("reason", "seen")}
        try:
            result = press(button, self.model, object_id, by=request.user.pk, **said)
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
