"""The bases of pages: rows are read."""

from typing import Any, ClassVar
from uuid import UUID

from django.contrib.admin.utils import flatten_fieldsets
from django.contrib.admin.views.main import ChangeList
from django.db import models
from django.http import HttpRequest
from django.urls import reverse
from unfold.admin import StackedInline, TabularInline
from unfold.paginator import InfinitePaginator

from apps.shared.admin.count import count_of_rows
from apps.shared.admin.display import moment_column
from apps.shared.scope import ScopedAdmin


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
    """A model's pages, read-only. A search for an id finds the rows that carry it in one of `id_fields`.

    A list is paged without counting its rows, and has no `date_hierarchy`: both read a whole table for each page. How
    many rows there are is said of a list that is not narrowed: by their number while they are few, else about.
    """

    paginator = InfinitePaginator
    show_full_result_count = False

    id_fields: ClassVar[tuple[str, ...]] = ("pk",)
    search_help_text = "An id, or words"
    list_per_page = 50
    empty_says: ClassVar[str] = "They come with the work."
    empty_leads_to: ClassVar[tuple[str, str, str] | None] = ("Start a run", "start-run", "orchestration.start_run")
    """What an empty list says of what comes first; and the words, the page and the right of the button that does it."""
    list_filter_submit = True

    def get_changelist_instance(self, request: HttpRequest) -> ChangeList:
        found = super().get_changelist_instance(request)
        is_narrowed = bool(found.query or found.get_filters_params())
        label, page, right = self.empty_leads_to or ("", "", "")
        found.first_deed = {"label": label, "url": reverse(page)} if page and request.user.has_perm(right) else None
        found.counted = "" if is_narrowed else count_of_rows(self.model, request.user)
        return found

    def get_list_display(self, request: HttpRequest) -> list[Any]:
        """Return the columns, those of moments relative to now where that says more."""
        moments = {field.name: field for field in self.opts.fields if isinstance(field, models.DateTimeField)}
        return [
            moment_column(moments[name]) if isinstance(name, str) and name in moments else name
            for name in super().get_list_display(request)
        ]

    def get_search_results(
        self, request: HttpRequest, queryset: models.QuerySet, search_term: str
    ) -> tuple[models.QuerySet, bool]:
        try:
            wanted = UUID(search_term.strip())
        except ValueError:
            if not self.search_fields and search_term.strip():  # Django would find every row
                return queryset.none(), False
            return super().get_search_results(request, queryset, search_term)
        carries_it = models.Q(*((field, wanted) for field in self.id_fields), _connector=models.Q.OR)
        return queryset.filter(carries_it), False


class DocumentAdmin(ReadOnlyAdmin):
    """A row to read: `change_form_before_template` stands above Django's form and is filled by `page(request, row)`."""

    def change_view(self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None) -> Any:
        row = row_of_page(self, request, object_id)
        shown = self.page(request, row) if row is not None and self.has_view_permission(request, row) else {}
        return super().change_view(request, object_id, form_url, {**(extra_context or {}), **shown})

    def page(self, request: HttpRequest, row: Any) -> dict[str, Any]:
        """Return what the template shows of the row."""
        raise NotImplementedError


def row_of_page(page: ReadOnlyAdmin, request: HttpRequest, pk: str | None) -> models.Model | None:
    """Return the row that a page is about, loaded once for what it shows and all its buttons."""
    rows = vars(request).setdefault("rows_with_buttons", {})
    if (page, pk) not in rows:
        rows[page, pk] = page.get_object(request, pk)
    return rows[page, pk]


class ReadOnlyTabularInline(_ReadOnly, TabularInline):
    """Rows of a parent, as a table."""

    extra = 0
    hide_title = True


class ReadOnlyStackedInline(_ReadOnly, StackedInline):
    """Rows of a parent, one below the other."""

    extra = 0
