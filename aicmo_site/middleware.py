"""What the site does around every request."""

from collections.abc import Callable
from datetime import UTC

from django.http import HttpRequest, HttpResponse
from django.utils import timezone


def in_the_persons_time_zone(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Show times in the zone of whoever is logged in, in UTC to anybody else; stored they are in UTC."""

    def answer(request: HttpRequest) -> HttpResponse:
        with timezone.override(getattr(request.user, "zone", UTC)):
            return get_response(request)

    return answer
