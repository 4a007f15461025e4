"""How the API's addresses are made: flat, by UUID, without a slash at the end."""

from typing import Any

from django.urls import URLPattern
from rest_framework.routers import SimpleRouter


def routes(**views: Any) -> list[URLPattern]:
    """Return the addresses of view sets, each under its name: `routes(intakes=Intakes)`."""
    router = SimpleRouter(trailing_slash=False, use_regex_path=False)
    for name, view in views.items():
        view.lookup_value_converter = "uuid"
        router.register(name.replace("_", "-"), view, basename=f"api-{name}")
    return router.urls
