"""The desk's bases: rows are read, and changed by buttons that call the service of the same name."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, ClassVar
from uuid import UUID

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.utils import flatten_fieldsets
from django.db import models, transaction
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.urls import NoReverseMatch, reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django_fsm import TransitionNotAllowed
from unfold.admin import StackedInline, TabularInline
from unfold.contrib.filters.admin import AutocompleteSelectFilter, RangeDateFilter
from unfold.contrib.filters.forms import AutocompleteDropdownForm
from unfold.decorators import action
from unfold.enums import ActionVariant
from unfold.forms import BaseDialogForm
from unfold.widgets import UnfoldAdminTextareaWidget

from apps.shared.scope import ScopedAdmin, in_scope


class _ClientFilterForm(AutocompleteDropdownForm):
    """Names no client that the person may not see, whatever id stands in the address."""

    def __init__(self, request: HttpRequest, name: str, **options: Any) -> None:
        super().__init__(request=request, name=name, **options)
        self.fields[name].queryset = in_scope(self.fields[name].queryset.all(), request.user)


class ClientFilter(AutocompleteSelectFilter):
    """Narrows a list to a client that is looked up by its name."""

    form_class = _ClientFilterForm


NOTHING = "–"
CLIENT_FILTER = ("client", ClientFilter)
CREATED_FILTER = ("created_at", RangeDateFilter)

_STATES_BY_COLOUR = {
    "success": "COMPLETED SUCCEEDED APPROVED READY PASS PUBLISHED COMPLETE ACTIVE DONE",
    "info": "RUNNING DRAFT QUEUED PUBLISHING INTAKE DISCOVERY BRIEF_REVIEW WORKSPACE_SETUP PROSPECT MINOR",
    "primary": "WAITING",
    "warning": "COMPENSATING COMPENSATED CANCELLED RETRYING WARN MAJOR ON",
    "danger": "STUCK SILENT FAILED FAIL REJECTED BLOCKER DEAD",
}
STATE_COLOURS = {state: colour for colour, states in _STATES_BY_COLOUR.items() for state in states.split()}
"""One colour for one meaning on every page; what is over without a verdict (SUPERSEDED, ENDED, …) stays grey."""


def admin_link(model: str, pk: UUID | None, label: str = "") -> str:
    """Return a link to the change page of a row of any module (`strategy.strategy`), drawn without loading it."""
    if pk is None:
        return NOTHING
    try:
        url = reverse(f"admin:{model.replace('.', '_')}_change", args=[pk])
    except NoReverseMatch:
        return label or str(pk)
    return list_link(url, label or short_id(pk))


def row_link(model: str, pk: UUID) -> str:
    """Return a link to any row by its table's name, labelled with what it is."""
    names = (known._meta.verbose_name for known in admin.site._registry if known._meta.label_lower == model)
    return admin_link(model, pk, f"{words(str(next(names, model)))} {short_id(pk)}")


def list_link(url: str, label: str) -> SafeString:
    """Return a link to any page of the desk."""
    return format_html('<a class="desk-link" href="{}">{}</a>', url, label)


def short_id(pk: UUID) -> str:
    """Return the end of a key, enough to tell two rows on one screen apart."""
    return str(pk)[-6:]


def badge(state: str) -> SafeString:
    """Return a state, verdict or severity as a coloured label."""
    label = {"type": STATE_COLOURS.get(state), "text": state.replace("_", " ")}
    return render_to_string("unfold/helpers/label.html", label)


def state_column(field: str = "state") -> Callable[[models.Model], SafeString]:
    """Make a column, or a field of a page, that shows a state as a coloured label."""

    @admin.display(description=field, ordering=field)
    def labelled(row: models.Model) -> SafeString:
        return badge(getattr(row, field))

    return labelled


def link_column(model: str, field: str) -> Callable[[models.Model], str]:
    """Make a column, or a field of a page, that links to the row of another module whose id stands in `field`."""
    name = field.removesuffix("_id")

    @admin.display(description=name)
    def linked(row: models.Model) -> str:
        pk = getattr(row, field)
        return NOTHING if pk is None else admin_link(model, pk, f"{words(name)} {short_id(pk)}")

    return linked


@admin.display(description="client", ordering="client__name")
def client_link(row: Any) -> str:
    """Link to a row's client, which the page's query has loaded along."""
    return admin_link("identity.client", row.client_id, str(row.client))


run_link = link_column("orchestration.workflowrun", "run_id")


def words(name: str) -> str:
    """Return a field's name as a person would write it."""
    return name.replace("_", " ").capitalize()


def bullets(items: Iterable[Any]) -> SafeString | str:
    """Return texts as a list, a dash when there are none."""
    rows = format_html_join("", "<li>{}</li>", ((item,) for item in items))
    return format_html('<ul class="desk-list">{}</ul>', rows) if rows else NOTHING


def readable(value: Any) -> SafeString | str:
    """Return a JSON value as text to read: objects as named facts, lists as bullets, all of it escaped."""
    match value:
        case None | "":
            return NOTHING
        case bool():
            return "yes" if value else "no"
        case dict():
            facts = ((words(name), readable(item)) for name, item in value.items())
            rows = format_html_join("", "<dt>{}</dt><dd>{}</dd>", facts)
            return format_html('<dl class="desk-facts">{}</dl>', rows) if rows else NOTHING
        case list():
            return bullets(readable(item) for item in value)
    return str(value)


def declared_filter(column: str, known: Callable[[], Iterable[str]], title: str = "") -> type[admin.SimpleListFilter]:
    """Make a filter on a text column whose choices come from the code.

    Django would ask the table which values it holds: half a second on a million rows, for each page of the list.
    """

    class DeclaredFilter(admin.SimpleListFilter):
        parameter_name = column

        def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
            return [(value, words(value)) for value in sorted(set(known()))]

        def queryset(self, request: HttpRequest, queryset: models.QuerySet) -> models.QuerySet:
            return queryset.filter(**{column: self.value()}) if self.value() else queryset

    DeclaredFilter.title = title or column.replace("_", " ")
    return DeclaredFilter


def json_column(field: str, description: str | None = None) -> Callable[[models.Model], SafeString | str]:
    """Make a field of a page that shows a JSON column as text to read; without a description, over the whole width."""

    @admin.display(description=field.replace("_", " ") if description is None else description)
    def read(row: models.Model) -> SafeString | str:
        return readable(getattr(row, field))

    return read


class _ReadOnly:
    """Rows are shown; nobody adds, edits or deletes them here."""

    fields: Any = None
    fieldsets: Any = None

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        """Return all that the page names, so that what is computed need not be listed twice."""
        return flatten_fieldsets(self.fieldsets or [(None, {"fields": self.fields or ()})])


class ReadOnlyAdmin(_ReadOnly, ScopedAdmin):
    """A model's pages, read-only. A search for an id finds the rows that carry it in one of `id_fields`."""

    id_fields: ClassVar[tuple[str, ...]] = ("pk",)
    search_help_text = "An id, or words"
    list_per_page = 50
    list_filter_submit = True

    def get_search_results(
        self, request: HttpRequest, queryset: models.QuerySet, search_term: str
    ) -> tuple[models.QuerySet, bool]:
        try:
            wanted = UUID(search_term.strip())
        except ValueError:
            return super().get_search_results(request, queryset, search_term)
        carries_it = models.Q(*((field, wanted) for field in self.id_fields), _connector=models.Q.OR)
        return queryset.filter(carries_it), False


class ReadOnlyTabularInline(_ReadOnly, TabularInline):
    """Rows of a parent, as a table."""

    extra = 0
    hide_title = True


class ReadOnlyStackedInline(_ReadOnly, StackedInline):
    """Rows of a parent, one below the other."""

    extra = 0


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
    shows it, and sent off after that has changed nothing is done.
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
        row = _row_of_page(self, request, object_id)
        is_pressed = request.method == "POST"
        return row is not None and ((button.explains and is_pressed) or button.offered(row))

    return has_permission


def _row_of_page(page: TransitionAdmin, request: HttpRequest, pk: str | None) -> models.Model | None:
    """Return the row that a page is about, loaded once for all its buttons."""
    rows = vars(request).setdefault("rows_with_buttons", {})
    if (page, pk) not in rows:
        rows[page, pk] = page.get_object(request, pk)
    return rows[page, pk]


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
            row = next((row for (_, pk), row in rows.items() if pk == object_id), None)
            if "seen" in self.fields and row is not None:
                self.fields["seen"].initial = self.fields["reason"].help_text = button.seen(row)

    return Form


def _change_url(model: type[models.Model], pk: str) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_change", args=[pk])
