"""Pages with buttons for the state machine: only legal and permitted ones are shown, all act by POST."""

from collections.abc import Callable
from typing import Any, ClassVar

from django.contrib import messages
from django.db import models
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import format_html
from django.utils.http import urlencode
from django.utils.safestring import SafeString
from django_fsm import TransitionNotAllowed
from unfold.decorators import action

from apps.shared.admin.bulk import bulk_action
from apps.shared.admin.buttons import MOVED_ON, NOT_NOW, Button, ConfirmField, PressForm, RowMovedOn, press, version_of
from apps.shared.admin.display import relative
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

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, obj: Any = None, **options: Any
    ) -> HttpResponse:
        """Let each button's address say which version of the row its page shows."""
        for offered in context.get("actions_detail", ()) if obj is not None else ():
            offered["path"] += "?" + urlencode({"seen": version_of(obj)})
        return super().render_change_form(request, context, *args, obj=obj, **options)


class TransitionAdmin(WithButtons, ReadOnlyAdmin):
    """A read-only page with buttons for the state machine."""


def _button_permission(button: Button) -> Callable[..., bool]:
    """Tell whether a page shows a button; its dialog opens for whoever may press it, and says if it is too late."""

    def has_permission(self: Any, request: HttpRequest, object_id: str | None = None) -> bool:
        if not request.user.has_perm(button.permission):
            return False
        row = row_of_page(self, request, object_id)
        return row is not None and (_is_of_dialog(self, request, button) or button.offered(row))

    return has_permission


def _is_of_dialog(page: Any, request: HttpRequest, button: Button) -> bool:
    route = getattr(request, "resolver_match", None)
    return route is not None and route.url_name == f"{page.opts.app_label}_{page.opts.model_name}_{button.name}"


def _button_action(button: Button) -> Callable[..., HttpResponse]:
    dialog = {
        "title": button.label,
        "description": button.explanation,
        "form_class": _form_that_remembers(button),
        "form_submit_text": button.label,
    }

    def handle(self: Any, request: HttpRequest, form: Any, object_id: str) -> HttpResponse:
        said = {name: form.cleaned_data.get(name, "") for name in ("reason", "seen")}
        try:
            result = press(button, self.model, object_id, by=request.user.pk, **said)
        except (RowMovedOn, *button.refusals) as refusal:
            why = NOT_NOW if isinstance(refusal, TransitionNotAllowed) else refusal
            form.show_anew(self.get_object(request, object_id), f"{button.label}: not done. {why}")
            context = {"dialog": dialog, "form": form, "form_submit_text": button.label}
            return render(request, "unfold/helpers/dialog.html", context)
        messages.success(request, format_html("{}: {}", button.label, button.outcome(result)))
        page = _change_url(self.model, object_id)
        if "HX-Request" in request.headers:  # a plain redirect would change the row but leave the page where it is
            return HttpResponse(headers={"HX-Redirect": page})
        return HttpResponseRedirect(page)

    handle.__name__ = button.name  # before decorating: Unfold finds the permission hook by this name
    offer = action(
        description=button.label,
        url_path=button.name,
        permissions=[button.name],
        dialog=dialog,
        variant=button.variant,
    )
    return offer(handle)


class _Remembering(PressForm):
    """A button's form with what the person sees as its hidden field, and what they must type to confirm it."""

    button: ClassVar[Button]

    def __init__(self, request: HttpRequest, object_id: str | None = None, *args: Any, **kwargs: Any) -> None:
        super().__init__(request, object_id, *args, **kwargs)
        self.page, self.row = _page_and_row(request, object_id)
        self.problem: SafeString | str = ""
        if self.row is not None:
            self._ask(request.GET.get("seen", "")[:200])

    def _ask(self, version_of_page: str = "") -> None:
        """Ask about the row; where the page that was left is older than the row, say so."""
        shown, now = self.button.seen(self.row), self.button.version(self.row)
        version_of_page = now if shown or not version_of_page else version_of_page
        self.fields["seen"].initial = version_of_page
        if "reason" in self.fields:
            self.fields["reason"].help_text = shown
        if words := self.button.confirms(self.row):
            self.fields["confirm"] = ConfirmField(words)
        if not self.is_bound and not self.button.offered(self.row):
            self.tell(NOT_NOW)
        elif not self.is_bound and version_of_page != now:
            self.tell(MOVED_ON)

    def show_anew(self, row: Any, problem: str) -> None:
        """Ask once more, about the row as it is now; what was written stays, but for the confirmation."""
        self.row = row
        if row is not None:
            self._ask()
            self.data: Any = {**self.data.dict(), "seen": self.button.version(row), "confirm": ""}
        self.tell(problem)

    def tell(self, problem: str) -> None:
        """Say above the question what has come between, who did it and when, and offer the page as it is now."""
        change = None if self.row is None else self.page.admin_site.last_change(self.row)
        context = {
            "problem": problem,
            "change": change,
            "ago": "" if change is None else relative(change.at),
            "url": "" if self.row is None else _change_url(type(self.row), self.row.pk),
        }
        self.problem = render_to_string("admin/moved_on.html", context)

    @property
    def look(self) -> dict[str, Any]:
        """How the desk looks, for a dialog that is a page of its own."""
        return {} if self.page is None else self.page.admin_site.each_context(self.request)

    def render_before_template(self) -> SafeString | str:
        shown = "" if self.row is None else self.button.preview(self.row)
        return format_html("{}{}", self.problem, shown)


def _form_that_remembers(button: Button) -> type[PressForm]:
    return type("DialogForm", (_Remembering, button.form), {"button": button})


def _page_and_row(request: HttpRequest, object_id: str | None) -> tuple[Any, Any]:
    rows = vars(request).get("rows_with_buttons", {})
    return next(((page, row) for (page, pk), row in rows.items() if pk == object_id), (None, None))


def _change_url(model: type[models.Model], pk: str) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_change", args=[pk])
