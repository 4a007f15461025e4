"""The base of the portal's endpoints."""

import hashlib
import json
from collections.abc import Sequence
from typing import Any, ClassVar

from django.db.models import Model, QuerySet
from django_filters.rest_framework import DjangoFilterBackend
from rest_framework import status
from rest_framework.exceptions import ValidationError
from rest_framework.mixins import ListModelMixin, RetrieveModelMixin
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from apps.shared.rest.access import Access, access_of
from apps.shared.rest.limits import tell_limit
from apps.shared.rest.paging import NewestFirst
from apps.shared.rest.problems import PreconditionFailed, PreconditionRequired
from apps.shared.rest.schema import PortalSchema
from apps.shared.scope import path_to_client


class StrictFilterBackend(DjangoFilterBackend):
    """Filters by what a view names, and refuses a parameter it does not know instead of answering everything."""

    def filter_queryset(self, request: Request, queryset: QuerySet, view: Any) -> QuerySet:
        filters = self.get_filterset_class(view, queryset)
        known = {"cursor", "page_size", "ordering", *(filters.base_filters if filters else ())}
        wrong = dict.fromkeys(sorted(set(request.query_params) - known), "There is no such parameter.")
        wrong |= {name: "Give a value, or leave it out." for name, value in request.query_params.items() if not value}
        wrong |= {name: "Give it once." for name, values in request.query_params.lists() if len(values) > 1}
        if wrong:
            raise ValidationError(wrong)
        return super().filter_queryset(request, queryset, view)


class PortalViewSet(GenericViewSet):
    """Rows of the client that the request is for; those of others do not exist here.

    `queryset` names the rows, `visible` narrows to those that clients are meant to see, and `scope` or `scopes` says
    what an access needs.
    """

    schema = PortalSchema()
    pagination_class = NewestFirst
    filter_backends = (StrictFilterBackend,)
    filterset_fields: ClassVar[Sequence[str]] = ()

    @property
    def access(self) -> Access:
        """Who asks, and for which client."""
        return access_of(self.request)

    def get_queryset(self) -> QuerySet:
        rows = super().get_queryset()
        if getattr(self, "swagger_fake_view", False):
            return rows.none()
        return self.visible(of_client(rows, self.access.client_id))

    def visible(self, rows: QuerySet) -> QuerySet:
        """Narrow a client's rows to those that it is meant to see."""
        return rows

    def finalize_response(self, request: Request, response: Response, *args: Any, **options: Any) -> Response:
        answer = super().finalize_response(request, response, *args, **options)
        tell_limit(self.request, answer)
        answer.setdefault("Cache-Control", "private, no-store")
        return answer


class ListAndDetail(ListModelMixin, RetrieveModelMixin, PortalViewSet):
    """Rows to read, in pages and one by one; each by itself with the ETag of what it shows."""

    def retrieve(self, request: Request, *args: Any, **options: Any) -> Response:
        return self.answer_with(self.get_object())

    def answer_with(self, row: Model, code: int = status.HTTP_200_OK) -> Response:
        """Return the answer that shows a row; one without a body (304) to who has it already."""
        shown = self.get_serializer(row).data
        tag = _digest(shown) if self.tags_all else self.etag_of(row)
        if self.tags_all and self.request.method == "GET" and tag in self._known_tags():
            return Response(status=status.HTTP_304_NOT_MODIFIED, headers={"ETag": tag})
        return Response(shown, status=code, headers={"ETag": tag})

    def etag_of(self, row: Model) -> str:
        """Return what names the version of a row, in quotes: a digest of what is shown of it."""
        return _digest(self.get_serializer(row).data)

    def require_match(self, row: Model) -> None:
        """Refuse a request about another version than the present one, or about none (428, 412)."""
        seen = self.request.headers.get("If-Match")
        if seen is None:
            raise PreconditionRequired
        if seen != (tag := self.etag_of(row)):
            raise PreconditionFailed(f"What you saw has changed since; look at it again. Its ETag is {tag}.")

    @property
    def tags_all(self) -> bool:
        """Whether a tag names all that is shown; a view's own may name only what is decided on."""
        return type(self).etag_of is ListAndDetail.etag_of

    def _known_tags(self) -> list[str]:
        known = self.request.headers.get("If-None-Match", "")
        return [each.strip().removeprefix("W/") for each in known.split(",")]


def _digest(shown: Any) -> str:
    # In one order of keys: PostgreSQL gives those of an object back in another than it was sent them.
    told = json.dumps(json.loads(JSONRenderer().render(shown)), sort_keys=True)
    return f'"{hashlib.sha256(told.encode()).hexdigest()[:32]}"'


def of_client(rows: QuerySet, client_id: object) -> QuerySet:
    """Narrow rows to one client's. Raises TypeError for rows that belong to no client: they are not the portal's."""
    path = path_to_client(rows.model)
    if path is None:
        raise TypeError(f"{rows.model._meta.label} has no client; the portal cannot show it.")
    return rows.filter(**{path: client_id})


def refuse_parameters(request: Request) -> None:
    """Refuse every query parameter: an address that knows none would seem to heed it."""
    if request.query_params:
        raise ValidationError(dict.fromkeys(sorted(request.query_params), "There is no such parameter."))
