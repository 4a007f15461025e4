"""How many requests one access may send a minute, counted in Redis, and told with every answer."""

import logging
import time
from typing import Any

from django.conf import settings
from django.core.cache import cache
from redis.exceptions import RedisError
from rest_framework.permissions import SAFE_METHODS
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.throttling import BaseThrottle

from apps.shared.rest.access import Access

log = logging.getLogger(__name__)

WINDOW = 60
"""Seconds that a count runs for."""


class MinuteLimit(BaseThrottle):
    """Counts reads and writes apart, in windows of a minute; without Redis nobody is turned away."""

    def allow_request(self, request: Request, view: Any) -> bool:
        kind = "read" if request.method in SAFE_METHODS else "write"
        most = settings.PORTAL_LIMITS[kind]
        window, self.left_seconds = _window(time.time())
        try:
            count = _count(f"limit:{kind}:{self._whose(request)}:{window}")
        except (RedisError, OSError):
            log.warning("Requests are not counted: Redis does not answer", exc_info=True)
            return True
        request._request.limit_told = (kind, most, max(most - count, 0), self.left_seconds)
        return count <= most

    def wait(self) -> float:
        return self.left_seconds

    def _whose(self, request: Request) -> str:
        if isinstance(request.auth, Access):
            return str(request.auth.token_id or request.auth.membership_id)
        return self.get_ident(request)


def _window(now: float) -> tuple[int, int]:
    return int(now // WINDOW), int(WINDOW - now % WINDOW) + 1


def _count(key: str) -> int:
    cache.add(key, 0, timeout=WINDOW * 2)
    return cache.incr(key)


def tell_limit(request: Request, response: Response) -> None:
    """Put what is left of the minute on an answer, by the IETF's draft of RateLimit header fields (revision 8)."""
    told = getattr(request._request, "limit_told", None)
    if told:
        kind, most, left, seconds = told
        response["RateLimit-Policy"] = f'"{kind}";q={most};w={WINDOW}'
        response["RateLimit"] = f'"{kind}";r={left};t={seconds}'
