"""Whose month is over and has no report yet, and who reads it."""

from datetime import date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Exists, OuterRef

from apps.identity.models import Client, Membership
from apps.reporting import rules
from apps.reporting.api.dtos import ReportPeriod
from apps.reporting.models import MetricPoint, Report

MADE_UP_FOR = 3
"""So many months back a report that nobody was awake to make is made."""


def months_to_report(at: datetime) -> list[ReportPeriod]:
    """List the months that are over where their clients are, of which something was measured and no report is made.

    Earlier months come first. A client of whom nothing was measured in a month gets no report of it.
    """
    zones = Client.objects.filter(status=Client.Status.ACTIVE).order_by("time_zone").values_list("time_zone", flat=True)
    found = [
        ReportPeriod(client_id=client_id, start_date=start, end_date=end)
        for zone in zones.distinct()
        for start, end in last_months(at.astimezone(ZoneInfo(zone)).date())
        for client_id in _unreported(zone, start, end)
    ]
    return sorted(found, key=lambda period: (period.start_date, str(period.client_id)))


def last_months(today: date) -> list[tuple[date, date]]:
    """Return the first and the last days of the last months that are over, the latest first."""
    months = []
    for _ in range(MADE_UP_FOR):
        end = today.replace(day=1) - timedelta(days=1)
        months.append((end.replace(day=1), end))
        today = end
    return months


def _unreported(zone: str, start: date, end: date) -> list[UUID]:
    since, until = rules.moments_of(start, end, zone)
    of_client = MetricPoint.objects.filter(client=OuterRef("pk"), at__gte=since, at__lt=until)
    points = of_client.exclude(name=rules.TAKEN_BACK)
    reports = Report.objects.filter(client=OuterRef("pk"), start_date=start, end_date=end)
    clients = Client.objects.filter(Exists(points), ~Exists(reports), status=Client.Status.ACTIVE, time_zone=zone)
    return list(clients.order_by("pk").values_list("pk", flat=True))


def readers_of(client_id: UUID) -> list[UUID]:
    """List the people of a client: all of them may read its reports."""
    people = Membership.objects.filter(client_id=client_id, user__is_active=True)
    return list(people.order_by("user_id").values_list("user_id", flat=True))
