"""Refusals as RFC 9457 problem documents: what is wrong, in which field, and what to do about it."""

from collections.abc import Iterator, Mapping, Sequence
from http import HTTPStatus
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse, JsonResponse
from rest_framework import exceptions, status
from rest_framework.exceptions import APIException, ErrorDetail
from rest_framework.response import Response

CONTENT_TYPE = "application/problem+json"

_SAID: dict[int, str] = {
    400: "The request is not as the description of the API says.",
    401: "Log in, or send a token that is valid: Authorization: Bearer <token>.",
    403: "You may not do this.",
    404: "There is nothing here, or nothing that you may see.",
    405: "This address does not take that method.",
    413: "That is more than this address takes at once.",
    429: "Too many requests; wait a little.",
    500: "Something went wrong on our side. Nothing was changed; send the request again.",
}


class Conflict(APIException):
    """The state of things does not allow it (any more)."""

    status_code = status.HTTP_409_CONFLICT
    default_code = "conflict"


class ComeBackLater(APIException):
    """Something that the request needs is away; the same request may do in some minutes."""

    status_code = status.HTTP_503_SERVICE_UNAVAILABLE
    default_code = "come_back_later"


class PreconditionFailed(APIException):
    """The version that the request speaks of (If-Match) is not the present one."""

    status_code = status.HTTP_412_PRECONDITION_FAILED
    default_code = "precondition_failed"


class PreconditionRequired(APIException):
    """The request has to name the version it speaks of."""

    status_code = status.HTTP_428_PRECONDITION_REQUIRED
    default_code = "precondition_required"
    default_detail = "Send the ETag of the version you saw as If-Match."


def answer_refusal(error: Exception, context: Mapping[str, Any]) -> Response | None:
    """Return the answer to a refusal; None for an exception that is none, and becomes a 500.

    The transaction around the request ends by the answer's status (`apps.identity.middleware`).
    """
    match error:
        case Http404():
            error = exceptions.NotFound(_SAID[404])
        case PermissionDenied():
            error = exceptions.PermissionDenied()
        case APIException():
            pass
        case _:
            return None
    headers = {}
    if getattr(error, "auth_header", None):
        headers["WWW-Authenticate"] = error.auth_header
    if getattr(error, "wait", None):
        headers["Retry-After"] = f"{error.wait:.0f}"
    fields = list(_fields(error.detail)) if isinstance(error, exceptions.ValidationError) else []
    document = problem(error.status_code, "" if fields else str(error.detail), fields=fields)
    return Response(document, status=error.status_code, headers=headers, content_type=CONTENT_TYPE)


def problem(code: int, detail: str = "", *, fields: Sequence[Mapping[str, str]] = ()) -> dict[str, Any]:
    """Return a problem document; a refusal of fields lists them."""
    document: dict[str, Any] = {"type": "about:blank", "title": HTTPStatus(code).phrase, "status": code}
    if fields:
        return document | {"detail": "Some fields are not right.", "errors": list(fields)}
    return document | {"detail": detail or _SAID.get(code, HTTPStatus(code).description)}


def as_problem(response: HttpResponse) -> HttpResponse:
    """Put a problem document in place of a page that says no: what Django answers itself is HTML."""
    answer = JsonResponse(problem(response.status_code), status=response.status_code, content_type=CONTENT_TYPE)
    for name in ("Allow", "Retry-After", "WWW-Authenticate"):
        if name in response:
            answer[name] = response[name]
    return answer


def _fields(detail: Any, path: tuple[str, ...] = ()) -> Iterator[dict[str, str]]:
    """Yield each refused field by its path in the body, such as `requests.0.section`."""
    match detail:
        case ErrorDetail():
            yield {"field": ".".join(path), "message": str(detail), "code": detail.code}
        case Mapping():
            for name, inner in detail.items():
                yield from _fields(inner, path if name == "non_field_errors" else (*path, str(name)))
        case list():
            one_field = all(isinstance(inner, ErrorDetail) for inner in detail)
            for index, inner in enumerate(detail):
                yield from _fields(inner, path if one_field else (*path, str(index)))
