"""The one admin site staff work in, its pages grouped by work instead of by module."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from time import monotonic
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Model
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import slugify
from django.utils.timezone import localtime
from django.views.decorators.http import require_http_methods
from unfold.dataclasses import SearchResult
from unfold.sites import UnfoldAdminSite

from aicmo_site.desk_menu import GROUPS, OTHER, PAGES, TABS
from apps.shared.admin import row_link
from apps.shared.desk import MOST_FOUND, Deed, Entry, LastChange, Worklist, page_of, rows_of_client, worklist_of
from apps.shared.scope import CLIENT, in_scope, path_to_client

ASKED = ("GET", "HEAD", "POST")
MOST_ASKED = 100
"""Characters of a search that are looked for; a client's name is shorter."""


@dataclass(frozen=True)
class Tab:
    """A tab of a client's page."""

    title: str
    url: str
    is_open: bool


class AgencyAdminSite(UnfoldAdminSite):
    site_title = "AICMO"
    site_header = "AICMO"
    index_title = "The agency's desk"
    index_template = "admin/desk.html"
    login_template = "admin/log_in.html"

    def index(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> TemplateResponse:
        """Show what needs the person, how the work goes, and below it the list of pages."""
        attended = request.user.attention(timezone.now())
        worklists = self._worklists(request, attended)
        shown = {
            "desk_banners": list(self._offered(request, "desk_banner")),
            "worklists": worklists,
            "put_off": _put_off(attended),
            "next": None if worklists else self._next(request),
            "charts": [chart for charts in self._offered(request, "desk_charts") for chart in charts],
            "desk_panels": list(self._offered(request, "desk_panel")),
        }
        return super().index(request, {**(extra_context or {}), **shown})

    def password_change(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Lead to the page of everybody's account, which audits it."""
        return redirect("change-password")

    def _pages(self, request: HttpRequest) -> Iterator[Any]:
        """Give the admins whose rows the person may view, in the order of the groups."""
        places = [label for group in GROUPS.values() for label in group]
        by_label = {model._meta.label_lower: page for model, page in self._registry.items()}
        for label in [*places, *(label for label in by_label if label not in places)]:
            if label in by_label and by_label[label].has_view_permission(request):
                yield by_label[label]

    def _offered(self, request: HttpRequest, hook: str) -> Iterator[Any]:
        """Give what the admins that have a hook of this name answer it."""
        return (getattr(page, hook)(request) for page in self._pages(request) if hasattr(page, hook))

    def _worklists(self, request: HttpRequest, attended: Any) -> list[Worklist]:
        needs = ((page.model, need) for page in self._pages(request) for need in getattr(page, "needs", ()))
        theirs = ((model, need) for model, need in needs if need.is_for(request.user))
        worklists = (worklist_of(model, need, request.user, attended) for model, need in theirs)
        return _with_assignees(list(filter(None, worklists)), request.user)

    def _next(self, request: HttpRequest) -> Entry | None:
        """Return what falls due first."""
        entries = filter(None, self._offered(request, "desk_next"))
        return min(entries, key=lambda entry: entry.at, default=None)

    def deeds_about(self, request: HttpRequest, row: Model) -> list[Deed]:
        """Return what other admins offer to do about the row of a page."""
        pages = (page for page in self._pages(request) if hasattr(page, "desk_deeds"))
        return [deed for page in pages for deed in page.desk_deeds(request, row)]

    def last_change(self, row: Model) -> LastChange | None:
        """Return who changed a row last, and when; None where no admin knows. Whoever may see a row may know that."""
        told = (page.last_change(row) for page in self._registry.values() if hasattr(page, "last_change"))
        return next(filter(None, told), None)

    def extra_urls(self) -> list[URLPattern]:
        """Give a client's tabs their addresses, and what is done with an entry of a worklist."""
        tab, attend = self.admin_view(self.client_tab), self.admin_view(require_http_methods(ASKED)(self.attend))
        return [
            path("clients/<uuid:client_id>/<slug:slug>/", tab, name="client_tab"),
            path("attend/<str:table>/<uuid:pk>/", attend, name="attend"),
        ]

    def attend(self, request: HttpRequest, table: str, pk: UUID) -> HttpResponse:
        """Let a person put a row of a worklist off, take it, or give it to a colleague: where they may act on it."""
        page = next((page for model, page in self._registry.items() if model._meta.label_lower == table), None)
        needs = [need for need in getattr(page, "needs", ()) if need.is_for(request.user)]
        if page is None or not getattr(page, "needs", ()):
            raise Http404
        if not needs or not page.has_view_permission(request):
            raise PermissionDenied
        rows = in_scope(page.model._default_manager.filter(pk=pk), request.user)
        narrowed = ((need, need.narrow(rows).first()) for need in needs)
        need, row = next(((need, row) for need, row in narrowed if row is not None), (None, None))
        if need is None and request.method != "POST":
            raise Http404
        if need is None:
            messages.error(request, "It does not need anybody any more.")
            return HttpResponseRedirect(reverse("admin:index"))
        to_client = path_to_client(page.model)
        client_id = rows.values_list(to_client, flat=True).first() if to_client else None
        people = next(page for page in self._registry.values() if hasattr(page, "attend"))
        return people.attend(request, (table, pk, client_id), need.name(row), need)

    def client_tab(self, request: HttpRequest, client_id: UUID, slug: str) -> TemplateResponse:
        """Show one client's rows of the models that share a tab, and nothing of the other tabs."""
        page = next(page for model, page in self._registry.items() if model._meta.label_lower == CLIENT)
        client = page.get_object(request, str(client_id)) if page.has_view_permission(request) else None
        pages = [page for page in self._pages(request) if slugify(getattr(page, "client_tab", "")) == slug]
        if client is None or not pages:
            raise Http404
        context = {
            **self.each_context(request),
            **self.client_tabs(request, client, slug),
            "title": f"{client}: {pages[0].client_tab.lower()}",
            "tables": [rows_of_client(page, request, client_id) for page in pages],
        }
        return TemplateResponse(request, "admin/client_tab.html", context)

    def client_tabs(self, request: HttpRequest, client: Model, slug: str = "") -> dict[str, Any]:
        """Return what stands above each tab of a client's page: the tabs that the person may open."""
        offered = {getattr(page, "client_tab", "") for page in self._pages(request)}
        addresses = {title: reverse("admin:client_tab", args=[client.pk, slugify(title)]) for title in TABS}
        tabs = [Tab(title, url, slugify(title) == slug) for title, url in addresses.items() if title in offered]
        return {"client": client, "client_tabs": [Tab("Profile", page_of(client), not slug), *tabs]}

    def search(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Answer the command palette: pages by their name, then what admins find; nothing older than the question.

        Unfold's own would search whole tables, and keep the answers of somebody whose rights have changed since.
        """
        began, term = monotonic(), request.GET.get("s", "").strip()[:MOST_ASKED]
        if len(term) < 2:
            return HttpResponse()
        tables = self._search_apps(self.get_app_list(request), term.lower())
        results = [*tables, *_found_pages(request, term.lower()), *self._found(request, term)]
        everything = Paginator(results, max(len(results), 1))
        context = {"page_obj": everything, "results": everything.page(1), "page_counter": 0}
        context["execution_time"] = monotonic() - began
        return TemplateResponse(
            request, "unfold/helpers/command_results.html", context, headers={"HX-Trigger": "search"}
        )

    def _found(self, request: HttpRequest, term: str) -> Iterator[SearchResult]:
        for page in self._pages(request):
            if hasattr(page, "desk_find"):
                for row in page.desk_find(request, term)[:MOST_FOUND]:
                    yield _result(row)

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> list[dict[str, Any]]:
        """Return the groups, with what the user may see in each; for one module's page, that module."""
        modules = super().get_app_list(request, app_label)
        if app_label is not None:
            return modules
        seen = {entry["model"]._meta.label_lower: entry for module in modules for entry in module["models"]}
        grouped = {title: [seen.pop(label) for label in group if label in seen] for title, group in GROUPS.items()}
        grouped[OTHER] = list(seen.values())
        return [_group(title, entries) for title, entries in grouped.items() if entries]

    def get_sidebar_list(self, request: HttpRequest) -> list[dict[str, Any]]:
        """Return the same groups as Unfold's navigation."""
        return [_navigation(group, request) for group in self.get_app_list(request)]


def _with_assignees(worklists: list[Worklist], person: Any) -> list[Worklist]:
    """Add to the entries of worklists whose they are."""
    shown = [entry.row[1] for worklist in worklists for entry in worklist.entries if entry.row]
    assigned = person.assignees(shown) if shown else {}
    whose = {pk: "you" if each == person else str(each) for pk, each in assigned.items()}
    return [
        replace(
            worklist,
            entries=[
                replace(entry, whose=whose.get(entry.row[1], "")) if entry.row else entry for entry in worklist.entries
            ],
        )
        for worklist in worklists
    ]


def _put_off(attended: Any) -> list[dict[str, Any]]:
    """Return what a person has put off, the soonest first, to be shown again before its time."""
    by_time = sorted((until, table, pk) for table, rows in attended.put_off.items() for pk, until in rows.items())
    return [{"what": row_link(table, pk), "until": until, "table": table, "pk": pk} for until, table, pk in by_time]


def _result(row: Any) -> SearchResult:
    """Return a row as a line of the palette: what it is, whose and since when."""
    label = row._meta.label_lower
    icon = next((icons[label] for icons in GROUPS.values() if label in icons), "table")
    whose = [str(row.client)] if getattr(row, "client", None) else []
    since = date_format(localtime(row.created_at))
    described = ", ".join([str(row._meta.verbose_name).capitalize(), *whose, since])
    return SearchResult(title=str(row), description=described, link=page_of(row), icon=icon)


def _pages_in(group: str, request: HttpRequest) -> list[dict[str, str]]:
    """Return the pages under a heading that show no table, as far as the person may open them."""
    return [page for page in PAGES.get(group, ()) if request.user.has_perm(page["permission"])]


def _found_pages(request: HttpRequest, term: str) -> Iterator[SearchResult]:
    """Give the pages that show no table and have a term in their name, as lines of the palette."""
    for group in PAGES:
        for page in _pages_in(group, request):
            if term in page["title"].lower():
                yield SearchResult(page["title"], description=group, link=reverse(page["url"]), icon=page["icon"])


def _group(title: str, entries: list[dict[str, Any]]) -> dict[str, Any]:
    return {"name": title, "app_label": title.lower(), "app_url": "", "has_module_perms": True, "models": entries}


def _navigation(group: dict[str, Any], request: HttpRequest) -> dict[str, Any]:
    icons = GROUPS.get(group["name"], {})
    linked = [
        (entry["name"], icons.get(entry["model"]._meta.label_lower, "table"), entry["admin_url"])
        for entry in group["models"]
    ]
    linked += [(page["title"], page["icon"], reverse(page["url"])) for page in _pages_in(group["name"], request)]
    items = [
        {"title": title, "icon": icon, "link": link, "active": request.path.startswith(link), "has_permission": True}
        for title, icon, link in linked
    ]
    return {"title": group["name"], "items": items}
