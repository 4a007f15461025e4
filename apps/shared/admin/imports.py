"""Files of rows at the desk: how far each is, and what was not taken, shown and sent back to be corrected."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path, reverse
from django.utils.http import content_disposition_header

from apps.shared.admin.pages import DocumentAdmin
from apps.shared.admin.transitions import TransitionAdmin
from apps.shared.gateways.tables import write_csv_in_parts
from apps.shared.models import FileOfRows

SHOWN = 100
STOP_POLLING = 286
"""htmx's own status: put this into the page, and do not ask again."""
_ROWS_AT_ONCE = 1_000


class ImportAdmin(DocumentAdmin, TransitionAdmin):
    """The pages of files of rows."""

    def progress_of(self, row: Any) -> str:
        """Return how far a file is, as a part of its page."""
        raise NotImplementedError

    def refusals_of(self, row: Any) -> QuerySet:
        """Return the rows that were not taken, in their order: each with `cells` and `problems`."""
        raise NotImplementedError

    def page(self, request: HttpRequest, row: Any) -> dict[str, Any]:
        refusals = list(self.refusals_of(row)[: SHOWN + 1])
        return {
            "progress": self.progress_of(row),
            "refusals": refusals[:SHOWN],
            "has_more": len(refusals) > SHOWN,
            "refused_url": self.address("refused", row),
        }

    def address(self, name: str, row: Any) -> str:
        """Return the address of what these pages ask for beside themselves."""
        return reverse(f"admin:{self._named(name)}", args=[row.pk])

    def _named(self, name: str) -> str:
        return f"{self.opts.app_label}_{self.opts.model_name}_{name}"

    def get_urls(self) -> list[URLPattern]:
        wrap = self.admin_site.admin_view
        return [
            path("<uuid:pk>/progress/", wrap(self.progress), name=self._named("progress")),
            path("<uuid:pk>/refused/", wrap(self.refused_rows), name=self._named("refused")),
            *super().get_urls(),
        ]

    def progress(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        """Send how far an import is; the page asks until it has ended, and is then loaded anew for its refused rows."""
        row = self._row(request, pk)
        is_over = row.state != FileOfRows.State.RUNNING
        answer = HttpResponse(self.progress_of(row), status=STOP_POLLING if is_over else 200)
        if is_over:
            answer["HX-Refresh"] = "true"
        return answer

    def refused_rows(self, request: HttpRequest, pk: UUID) -> StreamingHttpResponse:
        """Send what was not taken as it came, with what is wrong with it, in a table where no cell can act."""
        row = self._row(request, pk)
        name = f"refused-{row.file_name.rpartition('.')[0] or 'rows'}.csv"
        headers = {"Content-Disposition": content_disposition_header(True, name)}
        sent = write_csv_in_parts([*row.headers, "error"], self._refused(row))
        return StreamingHttpResponse(sent, content_type="text/csv; charset=utf-8", headers=headers)

    def _row(self, request: HttpRequest, pk: UUID) -> Any:
        if not self.has_view_permission(request):
            raise PermissionDenied
        return get_object_or_404(self.get_queryset(request), pk=pk)

    def _refused(self, row: Any) -> Iterator[list[str]]:
        width = len(row.headers)
        for refusal in self.refusals_of(row).iterator(_ROWS_AT_ONCE):
            said = "; ".join(f"{field} {problem}" for field, problem in refusal.problems.items())
            yield [*(refusal.cells + [""] * width)[:width], said]
