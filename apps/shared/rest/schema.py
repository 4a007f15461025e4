"""How the API is described: what all its operations have in common is said once, here."""

from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import OpenApiParameter

from apps.shared.rest.access import SCOPES
from apps.shared.rest.guards import scope_of
from apps.shared.rest.problems import CONTENT_TYPE

IDEMPOTENCY_KEY = OpenApiParameter(
    "Idempotency-Key",
    {"type": "string", "minLength": 1, "maxLength": 255, "pattern": r"^[\x20-\x7e]+$"},
    OpenApiParameter.HEADER,
    description=(
        "Names this one request, so that sending it again does nothing again: the same key and body give the stored "
        "answer back for a day; another body is refused (422), and so is one beside the first (409)."
    ),
)
IF_MATCH = OpenApiParameter(
    "If-Match", str, OpenApiParameter.HEADER, required=True, description="The ETag of the version that you saw."
)
IF_NONE_MATCH = OpenApiParameter(
    "If-None-Match", str, OpenApiParameter.HEADER, description="The ETag of the version that you have already."
)

_REFUSALS = {
    "400": "Something in the request is not right; `errors` names the fields.",
    "401": "Nobody is logged in, and the token opens nothing.",
    "403": "This access lacks the scope.",
    "404": "There is nothing here, or nothing that you may see.",
    "429": "Too many requests this minute.",
}
_REFUSALS_OF_WRITES = {
    "409": "The state of things does not allow it, or the same request is under way.",
    "413": "The body is too large.",
    "415": "The body is of no type that this address takes.",
    "422": "The Idempotency-Key was used with another request.",
}
_REFUSALS_OF_DECISIONS = {
    "412": "What was seen has changed since.",
    "428": "If-Match is missing.",
}
_PROBLEM = {
    "type": "object",
    "description": "A refusal (RFC 9457).",
    "required": ["type", "title", "status", "detail"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["field", "message", "code"],
                "properties": {name: {"type": "string"} for name in ("field", "message", "code")},
            },
        },
    },
}


class PortalSchema(AutoSchema):
    """Describes the header that every POST takes, and which scope an operation needs; names verbs as we do."""

    def get_override_parameters(self) -> list[Any]:
        if getattr(self.view, "action", None) == "retrieve":
            return [IF_NONE_MATCH] if getattr(self.view, "tags_all", False) else []
        return [IDEMPOTENCY_KEY] if self.method == "POST" else []

    def get_operation_id(self) -> str:
        verb = getattr(self.view, "action", None)
        if verb in (None, "list", "retrieve", "create", "partial_update", "destroy"):
            return super().get_operation_id()
        return f"{self.view.basename.removeprefix('api-')}_{verb}".replace("-", "_")

    def get_description(self) -> str:
        return f"{super().get_description()}\n\nNeeds the `{scope_of(self.view)}` scope.".strip()


class PortalLogins(OpenApiAuthenticationExtension):
    """A token, or the session of somebody who is logged in to the portal's pages."""

    target_class = "apps.shared.rest.guards.PortalAuthentication"
    name: Any = ("token", "session")

    def get_security_requirement(self, auto_schema: AutoSchema) -> Any:
        return [{name: []} for name in self.name]

    def get_security_definition(self, auto_schema: AutoSchema) -> Any:
        scopes = ", ".join(SCOPES)
        return [
            {"type": "http", "scheme": "bearer", "description": f"A token of a membership. Scopes: {scopes}."},
            {"type": "apiKey", "in": "cookie", "name": "sessionid"},
        ]


def describe_refusals(result: dict[str, Any], **_: Any) -> dict[str, Any]:
    """Add to every operation the refusals that it may answer with, as problem documents."""
    result["components"]["schemas"]["Problem"] = _PROBLEM
    for operations in result["paths"].values():
        for method, operation in operations.items():
            if _takes(operation, IF_NONE_MATCH):
                operation["responses"]["304"] = {"description": "What you have is what there is."}
            for status, description in _refusals(method, operation).items():
                said = {"description": description, "content": {CONTENT_TYPE: {"schema": _REFERENCE}}}
                operation["responses"].setdefault(status, said)
    return result


_REFERENCE = {"$ref": "#/components/schemas/Problem"}


def _refusals(method: str, operation: dict[str, Any]) -> dict[str, str]:
    found = dict(_REFUSALS)
    if method not in ("get", "head"):
        found |= _REFUSALS_OF_WRITES
    if _takes(operation, IF_MATCH):
        found |= _REFUSALS_OF_DECISIONS
    return found


def _takes(operation: dict[str, Any], header: OpenApiParameter) -> bool:
    return any(each["name"] == header.name for each in operation.get("parameters", ()))
