"""Characters of the tests."""

import pytest

from apps.identity.models import Client, User
from apps.identity.tests.factories import ClientFactory, UserFactory

pytest_plugins = ["aicmo_site.tests.statements", "aicmo_site.tests.browsing"]


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
