"""Whether the time that a refused log-in takes tells who has an account: known names beside unknown ones."""

import statistics
import time
from collections.abc import Iterator
from datetime import timedelta
from itertools import count

from django.contrib.auth.hashers import make_password
from django.test import Client, override_settings
from django.urls import reverse
from django.utils import timezone

from aicmo_site.settings import PASSWORD_HASHERS
from apps.identity.models import LoginTries, User
from apps.identity.rules import COOL_OFF, MOST_TRIES
from apps.identity.services.tries import name_hash
from bench.goals import Figure
from bench.stage import CannotRun

TIMES = 200
WARM_UP = 10
CLOSE = 1.10
"""Within a tenth: over a network, of which each answer's time differs by more, that takes thousands of tries."""
WAYS = ("password", "locked out", "link")
SAID = {"password": "Some of this is wrong", "locked out": "Too many tries", "link": "mail"}


def login_figures() -> Iterator[Figure]:
    """Ask as known and as unknown people in turn; print the medians, and yield how far apart each pair is."""
    with override_settings(PASSWORD_HASHERS=PASSWORD_HASHERS, ALLOWED_HOSTS=["*"]):
        spent = _asked()
    print(f"{'refused':<14}{'known, ms':>12}{'unknown, ms':>13}")
    for way in WAYS:
        known, unknown = (statistics.median(spent[way, is_known]) * 1000 for is_known in (True, False))
        print(f"{way:<14}{known:>12.2f}{unknown:>13.2f}")
        yield Figure(f"refused log-in, {way}: known to unknown name", _apart(known, unknown), CLOSE)


def _apart(one: float, other: float) -> float:
    return max(one, other) / min(one, other)


def _asked() -> dict[tuple[str, bool], list[float]]:
    names = {
        is_known: [f"{'known' if is_known else 'unknown'}{n}@acme.test" for n in range(TIMES)]
        for is_known in (True, False)
    }
    hashed = make_password("quite another password")
    User.objects.bulk_create(User(email=name, password=hashed) for name in names[True])
    spent: dict[tuple[str, bool], list[float]] = {(way, is_known): [] for way in WAYS for is_known in (True, False)}
    addresses = (f"10.{n >> 16 & 255}.{n >> 8 & 255}.{n & 255}" for n in count(1))
    for n in range(-WARM_UP, TIMES):
        for way in WAYS:
            for is_known in (True, False) if n % 2 else (False, True):
                took = _ask(way, names[is_known][n], next(addresses))
                if n >= 0:
                    spent[way, is_known].append(took)
    return spent


def _ask(way: str, name: str, address: str) -> float:
    """Return how long one refusal took, in seconds; each comes from another address."""
    if way == "locked out":
        until_then = {"count": MOST_TRIES, "last_at": timezone.now() - COOL_OFF + timedelta(minutes=5)}
        LoginTries.objects.create(kind=LoginTries.Kind.LOGIN, name_hash=name_hash(name), address=address, **until_then)
    path, said = (
        ("ask-for-link", {"email": name})
        if way == "link"
        else ("account-login", {"username": name, "password": "wrong"})
    )
    browser = Client(REMOTE_ADDR=address)
    began = time.perf_counter()
    answer = browser.post(reverse(path), said)
    took = time.perf_counter() - began
    if SAID[way] not in answer.content.decode():
        raise CannotRun(f"A refusal for {way} says {answer.status_code} and not {SAID[way]!r}.")
    return took
