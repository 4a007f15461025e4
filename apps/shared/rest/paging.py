"""Lists in pages by cursor: stable while rows come in, and as quick on the last page as on the first."""

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from rest_framework.exceptions import NotFound, ValidationError
from rest_framework.pagination import CursorPagination
from rest_framework.request import Request
from rest_framework.views import APIView

ORDERINGS = {"created_at": "id", "-created_at": "-id"}
"""Keys are in the order of time, and no two rows share one."""


class NewestFirst(CursorPagination):
    """Pages of 25, or of `page_size` up to 100."""

    page_size = 25
    max_page_size = 100
    page_size_query_param = "page_size"
    invalid_cursor_message = "This cursor is none of ours; begin without one."

    def decode_cursor(self, request: Request) -> Any:
        cursor = super().decode_cursor(request)
        if cursor is not None and cursor.position is not None:
            try:
                UUID(cursor.position)
            except ValueError as error:  # somebody made it: our lists are ordered by keys
                raise NotFound(self.invalid_cursor_message) from error
        return cursor

    def get_ordering(self, request: Request, queryset: QuerySet, view: APIView) -> tuple[str]:
        asked = request.query_params.get("ordering", "-created_at")
        if asked not in ORDERINGS:
            raise ValidationError({"ordering": f"Choose one of: {', '.join(ORDERINGS)}."})
        return (ORDERINGS[asked],)

    def get_page_size(self, request: Request) -> int:
        asked = request.query_params.get(self.page_size_query_param)
        if asked is None:
            return self.page_size
        if not (asked.isascii() and asked.isdigit() and len(asked) < 4 and 1 <= int(asked) <= self.max_page_size):
            raise ValidationError({"page_size": f"Give a whole number from 1 to {self.max_page_size}."})
        return int(asked)

    def get_schema_operation_parameters(self, view: APIView) -> list[dict[str, Any]]:
        orders = {"type": "string", "enum": list(ORDERINGS), "default": "-created_at"}
        sizes = {"type": "integer", "minimum": 1, "maximum": self.max_page_size, "default": self.page_size}
        described = super().get_schema_operation_parameters(view)
        for parameter in described:
            if parameter["name"] == self.page_size_query_param:
                parameter["schema"] = sizes
        ordering = {"name": "ordering", "in": "query", "required": False, "schema": orders}
        return [*described, ordering | {"description": "By the time a row came to be, the newest first or last."}]
