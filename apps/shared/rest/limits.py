"""How many requests one access may send a minute, counted in Redis, and told with every answer."""

import logging
import time
from ipaddress import IPv6Address, ip_address, ip_network
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest
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
        most = self.limits()[kind]
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

    def limits(self) -> dict[str, int]:
        """Return how many a minute there may be of each kind."""
        return settings.PORTAL_LIMITS

    def _whose(self, request: Request) -> str:
        if isinstance(request.auth, Access):
            return str(request.auth.token_id or request.auth.membership_id)
        return self.get_ident(request)


def counted_address(remote: str, forwarded_for: str, proxies: int) -> str:
    """Return the network address that requests and tries are counted by; '' where it is none.

    Behind proxies of ours it is what the outermost of them saw, counted from the right of X-Forwarded-For: what stands
    further left, and all of it without proxies, was written by the stranger. Of IPv6 it is the network, of which one
    household has all 2^64 addresses.
    """
    seen = [part.strip() for part in forwarded_for.split(",") if part.strip()]
    text = seen[-proxies] if 0 < proxies <= len(seen) else remote
    try:
        address = ip_address(text)
    except ValueError:
        return ""
    if isinstance(address, IPv6Address):
        return str(address.ipv4_mapped or ip_network((address, 64), strict=False))
    return str(address)


def address_of(request: HttpRequest) -> str:
    """Return the network address by which a stranger's requests are counted."""
    forwarded_for = request.headers.get("X-Forwarded-For", "")
    return counted_address(request.META.get("REMOTE_ADDR", ""), forwarded_for, settings.PROXIES)


def is_within(name: str, most: int) -> bool:
    """Count one more request of this name, and tell whether that is no more than so many this minute."""
    window, _ = _window(time.time())
    try:
        return _count(f"limit:{name}:{window}") <= most
    except (RedisError, OSError):
        log.warning("Requests are not counted: Redis does not answer", exc_info=True)
        return True


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
