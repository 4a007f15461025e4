"""What the site does around every request."""

from collections.abc import Callable
from datetime import UTC

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.middleware.locale import LocaleMiddleware
from django.utils import timezone
from django.utils.translation import override

from aicmo_site import policies


def in_the_persons_time_zone(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Show times in the zone of whoever is logged in, in UTC to anybody else; stored they are in UTC."""

    def answer(request: HttpRequest) -> HttpResponse:
        with timezone.override(getattr(request.user, "zone", UTC)):
            return get_response(request)

    return answer


def in_the_clients_language(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Speak the language that a client's person chose, or a stranger's browser asks for; the desk speaks English."""
    translated = LocaleMiddleware(get_response)

    def answer(request: HttpRequest) -> HttpResponse:
        is_clients = request.path_info.startswith(("/portal/", "/account/", "/u/", "/forms/", "/survey/"))
        with override(settings.LANGUAGE_CODE):  # a thread keeps what was activated last, for whoever comes next
            return translated(request) if is_clients else get_response(request)

    return answer


def content_security(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Tell the browser what each page may load: of ours alone, and scripts only from files."""

    def answer(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        is_framed = response.get("X-Frame-Options") == "SAMEORIGIN"  # the view said so: the older header's word
        others = {name: getattr(response, name, ()) for name in ("framed_by", "leads_to")}
        policy = policies.content_security(request.path_info, is_framed=is_framed, **others)
        response.headers.setdefault("Content-Security-Policy", policy)
        return response

    return answer
