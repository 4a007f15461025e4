"""Reads of strategy."""

from datetime import datetime
from decimal import Decimal
from uuid import UUID

from django.db.models import Max, QuerySet

from apps.shared.dtos import Money
from apps.strategy import models
from apps.strategy.api import dtos


def get_strategy(strategy_id: UUID) -> dtos.Strategy:
    """Return one strategy with all its parts, in four queries. Raises models.Strategy.DoesNotExist."""
    return to_dto(with_parts(models.Strategy.objects).get(pk=strategy_id))


def find_approved_strategy(client_id: UUID, before: datetime) -> dtos.Strategy | None:
    """Return the strategy of a client that was approved last before a moment, with its parts."""
    decided = models.Strategy.objects.filter(client_id=client_id, decided_at__lt=before)
    row = with_parts(decided.filter(state__in=("APPROVED", "SUPERSEDED"))).order_by("-decided_at").first()
    return row and to_dto(row)


def to_dto(row: models.Strategy) -> dtos.Strategy:
    """Return a strategy that was loaded with its parts as others see it."""
    return dtos.Strategy(
        id=row.pk,
        brief_id=row.brief_id,
        client_id=row.client_id,
        version=row.version,
        state=row.state,
        preset=row.preset,
        executive_summary=row.executive_summary,
        layers=row.layers,
        budget=_money(row.budget_amount, row.budget_currency),
        kpis=kpis_of(row),
        channels=channels_of(row),
        milestones=milestones_of(row),
        start_date=row.start_date,
        end_date=row.end_date,
    )


def kpis_of(row: models.Strategy) -> tuple[dtos.Kpi, ...]:
    """Return the numbers a strategy is measured by, as others see them."""
    return tuple(_kpi(kpi) for kpi in row.kpis.all())


def channels_of(row: models.Strategy) -> tuple[dtos.ChannelPlan, ...]:
    """Return the channels of a strategy, as others see them."""
    return tuple(_channel(channel, row.budget_currency) for channel in row.channels.all())


def milestones_of(row: models.Strategy) -> tuple[dtos.Milestone, ...]:
    """Return the milestones of a strategy, as others see them."""
    return tuple(dtos.Milestone(week=m.week, date=m.date, name=m.name) for m in row.milestones.all())


def versions_of(row: models.Strategy) -> QuerySet[models.Strategy]:
    """Return all versions made for the same brief as a strategy, newest first; it is one of them."""
    return models.Strategy.objects.filter(brief_id=row.brief_id).order_by("-version")


def list_versions(brief_id: UUID) -> tuple[dtos.StrategyVersion, ...]:
    """Return the versions made for a brief, oldest first."""
    rows = models.Strategy.objects.filter(brief_id=brief_id).order_by("version")
    return tuple(
        dtos.StrategyVersion(id=pk, version=version, state=state)
        for pk, version, state in rows.values_list("pk", "version", "state")
    )


def next_version(brief_id: UUID) -> int:
    """Return the number a new version for a brief gets; sure only while the brief's lock is held."""
    highest = models.Strategy.objects.filter(brief_id=brief_id).aggregate(highest=Max("version"))["highest"]
    return (highest or 0) + 1


def with_parts(strategies: QuerySet[models.Strategy]) -> QuerySet[models.Strategy]:
    """Load what a strategy consists of along with it."""
    return strategies.prefetch_related("kpis", "channels", "milestones")


def _kpi(row: models.Kpi) -> dtos.Kpi:
    return dtos.Kpi(
        name=row.name,
        stage=row.stage,
        target=_plain(row.target),
        baseline=_plain(row.baseline),
        unit=row.unit,
        days=row.days,
        source=row.source,
    )


def _channel(row: models.ChannelPlan, currency: str) -> dtos.ChannelPlan:
    return dtos.ChannelPlan(
        channel=row.channel,
        budget_share_pct=_plain(row.budget_share_pct),
        budget=_money(row.budget_amount, currency),
        role=row.role,
        tactics=tuple(row.tactics),
        posts_per_week=row.posts_per_week,
    )


def _money(amount: Decimal | None, currency: str) -> Money | None:
    return None if amount is None else Money(amount=amount, currency=currency)


def _plain(number: Decimal | None) -> Decimal | None:
    # The column keeps two places; a reader wants "40 demos", not "40.00 demos".
    if number is None:
        return None
    return number.quantize(Decimal(1)) if number == number.to_integral_value() else number.normalize()
