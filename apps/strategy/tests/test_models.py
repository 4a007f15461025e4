"""The database itself."""

from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction

from apps.strategy.models import Strategy


@contextmanager
def _committing() -> Iterator[None]:
    # Deferred constraints are checked at the commit, which a test never reaches: ask for it at the end.
    with transaction.atomic():
        yield
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def test_refuses_shares_that_do_not_sum_to_100(drafted: Strategy) -> None:
    with pytest.raises(IntegrityError, match="must sum to 100"), _committing():
        drafted.channels.filter(position=1).update(budget_share_pct=Decimal(1))


def test_refuses_a_channel_more_on_top_of_100(drafted: Strategy) -> None:
    with pytest.raises(IntegrityError, match="must sum to 100"), _committing():
        drafted.channels.create(
            position=99, channel="One more", budget_share_pct=Decimal(1), role="r", tactics=[], posts_per_week=0
        )


def test_refuses_to_lose_the_channels_of_a_strategy_that_stays(drafted: Strategy) -> None:
    with pytest.raises(IntegrityError, match="sum to 0 percent"), _committing():
        drafted.channels.all().delete()


def test_lets_half_a_percent_of_rounding_pass(drafted: Strategy) -> None:
    with _committing():
        first = drafted.channels.get(position=1)
        drafted.channels.filter(pk=first.pk).update(budget_share_pct=first.budget_share_pct + Decimal("0.5"))
    with pytest.raises(IntegrityError), _committing():
        drafted.channels.filter(pk=first.pk).update(budget_share_pct=first.budget_share_pct + Decimal("0.51"))


def test_lets_shares_move_between_channels_within_a_transaction(drafted: Strategy) -> None:
    first, second = drafted.channels.all()[:2]
    with _committing():
        drafted.channels.filter(pk=first.pk).update(budget_share_pct=first.budget_share_pct - 5)
        drafted.channels.filter(pk=second.pk).update(budget_share_pct=second.budget_share_pct + 5)


def test_lets_a_strategy_go_with_its_channels(drafted: Strategy) -> None:
    with _committing():
        drafted.delete()
    assert not Strategy.objects.exists()


@pytest.mark.parametrize(
    ("change", "constraint"),
    [
        ({"state": "APPROVED"}, "strategy_approval_names_who_and_when"),
        ({"state": "REJECTED"}, "strategy_rejection_says_why"),
        ({"budget_currency": ""}, "strategy_budget_has_currency"),
        ({"end_date": "2020-01-01"}, "strategy_ends_after_start"),
    ],
)
def test_refuses_a_row_that_contradicts_itself(drafted: Strategy, change: dict, constraint: str) -> None:
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        Strategy.objects.filter(pk=drafted.pk).update(**change)
