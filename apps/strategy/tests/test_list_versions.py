"""list_versions and get_strategy."""

import pytest
from uuid_utils.compat import uuid7

from apps.onboarding.api.dtos import Brief
from apps.strategy.api import ports
from apps.strategy.models import Strategy
from apps.strategy.tests.conftest import Store


def test_lists_the_versions_oldest_first(brief: Brief, store: Store) -> None:
    first, second = store(brief), store(brief)
    versions = ports.list_versions(brief_id=brief.id)
    assert [(version.id, version.version, version.state) for version in versions] == [
        (first.pk, 1, "DRAFT"),
        (second.pk, 2, "DRAFT"),
    ]


@pytest.mark.django_db
def test_is_empty_for_a_brief_without_any() -> None:
    assert ports.list_versions(brief_id=uuid7()) == ()


def test_reads_one_with_all_its_parts_in_four_queries(drafted: Strategy, django_assert_num_queries: object) -> None:
    with django_assert_num_queries(4):
        strategy = ports.get_strategy(strategy_id=drafted.pk)
    assert strategy.kpis
    assert strategy.channels
    assert strategy.milestones


@pytest.mark.django_db
def test_raises_for_a_strategy_that_does_not_exist() -> None:
    with pytest.raises(Strategy.DoesNotExist):
        ports.get_strategy(strategy_id=uuid7())
