"""What machines ask: are you alive, can you serve, how do you fare."""

import secrets
import time
from ipaddress import ip_address

from django.conf import settings
from django.db import Error
from django.http import HttpRequest, HttpResponse, HttpResponseForbidden, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from apps.observability import queries
from apps.observability.gateways.servers import Question, listen

PAGE_WITHIN_SECONDS = 8.0
FORWARDED = ("HTTP_X_FORWARDED_FOR", "HTTP_X_FORWARDED_PROTO", "HTTP_X_REAL_IP", "HTTP_FORWARDED", "HTTP_VIA")

_numbers = Question(lambda: queries.all_metrics(timezone.now()))


@never_cache
@require_safe
def live(request: HttpRequest) -> HttpResponse:
    """Say that this process answers; it asks nobody, so that a server's outage gets no web process restarted."""
    return JsonResponse({"status": "live"})


@never_cache
@require_safe
def ready(request: HttpRequest) -> HttpResponse:
    """Say whether this process can serve, within two seconds: 200 when it can, 503 with the reason when not."""
    found = queries.readiness()
    checks = {"postgresql": found.postgresql, "migrations": found.migrations, "redis": found.redis}
    return JsonResponse({"status": found.status, "checks": checks}, status=200 if found.is_ready else 503)


@never_cache
@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """Serve the metrics page to whoever may read it: 503 where PostgreSQL, which holds the numbers, does not answer."""
    if not _may_read_metrics(request):
        return HttpResponseForbidden("Send the bearer token of AICMO_METRICS_TOKEN.\n", content_type="text/plain")
    from apps.observability.gateways.metrics import CONTENT_TYPE, metrics_page  # nobody else needs the vendor

    try:
        found = listen(_numbers.put(), time.monotonic() + PAGE_WITHIN_SECONDS)
    except (TimeoutError, Error):
        return HttpResponse("PostgreSQL does not answer.\n", content_type="text/plain", status=503)
    return HttpResponse(metrics_page(found), content_type=CONTENT_TYPE)


def _may_read_metrics(request: HttpRequest) -> bool:
    """Tell whether the request bears the token or, where none is set, comes straight from this machine.

    A proxy on this machine speaks for strangers: what it forwards comes from elsewhere.
    """
    if settings.METRICS_TOKEN is not None:
        scheme, _, token = request.headers.get("Authorization", "").partition(" ")
        return scheme.lower() == "bearer" and secrets.compare_digest(token.encode(), settings.METRICS_TOKEN.encode())
    is_forwarded = any(header in request.META for header in FORWARDED)
    return not is_forwarded and _is_loopback(request.META.get("REMOTE_ADDR", ""))


def _is_loopback(address: str) -> bool:
    try:
        return ip_address(address).is_loopback
    except ValueError:  # a unix socket has no address, and a proxy at its other end
        return False
