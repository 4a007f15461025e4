"""Characters of the tests."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.identity.models import Client, User
from apps.identity.tests.factories import ClientFactory, UserFactory

OF_TRANSACTIONS = ("SAVEPOINT", "RELEASE", "BEGIN", "COMMIT")

pytest_plugins = [
    "aicmo_site.tests.statements",
    "aicmo_site.tests.template",
    "aicmo_site.tests.browsing",
    "apps.shared.tests.mailbox",
]


@pytest.fixture
def acme(db: None) -> Client:
    """A client."""
    return ClientFactory(name="Acme", slug="acme")


@pytest.fixture
def globex(db: None) -> Client:
    """Another client, who must see nothing of acme's."""
    return ClientFactory(name="Globex", slug="globex")


@pytest.fixture
def strategist(db: None) -> User:
    """A person of the staff who writes strategies."""
    return UserFactory(email="strategist@aicmo.test", full_name="Sam Strategist")


@pytest.fixture
def reviewer(db: None) -> User:
    """A person of the staff who reviews."""
    return UserFactory(email="reviewer@aicmo.test", full_name="Robin Reviewer")


@pytest.fixture
def asks_at_most() -> Callable[[int], AbstractContextManager[None]]:
    """Fails a block that puts more queries; the beginnings and ends of transactions are none."""

    @contextmanager
    def watch(most: int) -> Iterator[None]:
        with CaptureQueriesContext(connection) as seen:
            yield
        asked = [
            each["sql"] for each in seen if not each["sql"].startswith(("SAVEPOINT", "RELEASE", "BEGIN", "COMMIT"))
        ]
        assert len(asked) <= most, "\n".join(asked)

    return watch
