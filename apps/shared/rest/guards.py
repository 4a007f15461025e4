"""Who is let in, and to what."""

from typing import Any

from rest_framework.authentication import SessionAuthentication
from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from apps.shared.rest.access import Access, Scope


class PortalAuthentication(SessionAuthentication):
    """Takes whom the portal's middleware has recognised; a session proves by CSRF token that its page asks."""

    def authenticate(self, request: Request) -> tuple[Any, Access] | None:
        access = getattr(request._request, "access", None)
        if access is None:
            return None
        if access.token_id is None:
            self.enforce_csrf(request)
        return access.user, access

    def authenticate_header(self, request: Request) -> str:
        return 'Bearer realm="aicmo"'


class HasScope(BasePermission):
    """Lets in whoever holds the scope that the view names: `scope`, or `scopes` by action where they differ."""

    message = "This needs the {scope!r} scope: ask an approver of your company, or take a token that has it."

    def has_permission(self, request: Request, view: Any) -> bool:
        if not isinstance(request.auth, Access):
            return False
        scope = scope_of(view)
        self.message = type(self).message.format(scope=scope)
        return scope in request.auth.scopes


def scope_of(view: Any) -> Scope:
    """Return the scope that a view's action needs."""
    return getattr(view, "scopes", {}).get(getattr(view, "action", None), getattr(view, "scope", "read"))
