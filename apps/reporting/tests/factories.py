"""Measured values, files of them and reports for tests."""

import csv
from collections.abc import Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from io import BytesIO, StringIO
from typing import Any
from uuid import UUID

from uuid_utils.compat import uuid7

from apps.identity.models import Client
from apps.identity.tests.factories import UserFactory
from apps.reporting import queries, rules, services
from apps.reporting.api.dtos import MetricPoint
from apps.reporting.models import MetricImport, Report
from apps.reporting.rules.mapping import Mapping
from apps.reporting.services import imports
from apps.strategy.api.dtos import Kpi

AT = datetime(2026, 4, 2, 9, tzinfo=UTC)
MARCH = (date(2026, 3, 1), date(2026, 3, 31))


def point(name: str, value: Any = 1, *, day: int = 10, source: str = "", **fields: Any) -> MetricPoint:
    """Return a value measured at nine of a day in March 2026, of a row of its own where none is named."""
    at = datetime(2026, 3, day, 9, tzinfo=UTC)
    known = {"unit": "packages", "source": source or f"packages:{uuid7()}", "at": at}
    return MetricPoint(name=name, value=Decimal(value), **known | fields)


def kpi(name: str = "Enquiries", target: int | None = 40, unit: str = "enquiries", days: int = 90) -> Kpi:
    """Return a number of a strategy."""
    known = {"stage": "CONVERSION", "source": "brief: objective", "days": days}
    return Kpi(name=name, target=None if target is None else Decimal(target), unit=unit, **known)


def published(report: Report, *, by: UUID | None = None, at: datetime = AT) -> Report:
    """Publish a report, by some account manager."""
    return services.publish_report(report, by=by or UserFactory().pk, at=at)


def a_report(client: Client, *points: MetricPoint, **period: Any) -> Report:
    """Make the draft of a report on March 2026, with values measured just before."""
    services.collect_metrics(client.pk, points)
    start, end = period.get("days", MARCH)
    return services.generate_report(client.pk, start, end, at=period.get("at", AT))


def an_old_report(client: Client) -> Report:
    """Make the draft of a report on the client's next month since January 2025, with every kind of content."""
    months = Report.objects.filter(client=client).count()
    first = date(2025 + months // 12, months % 12 + 1, 1)
    measured = [
        point("packages_delivered"),
        point("days_to_delivery", 3, unit="days"),
        point("invoices_paid", unit="invoices", source=f"invoices:{uuid7()}"),
        point("Enquiries", 12, unit="enquiries", source="desk:phone"),
    ]
    content = rules.findings_of(measured, [kpi()], days=28).model_dump(mode="json")
    days = {"start_date": first, "end_date": first.replace(day=28)}
    return Report.objects.create(client=client, version=1, content=content, sha256="0" * 64, generated_at=AT, **days)


def a_published_report(client: Client) -> Report:
    """Publish such a report."""
    return published(an_old_report(client))


def a_stopped_import(client: Client) -> MetricImport:
    """Make an import whose file is gone."""
    read: dict[str, Any] = {"headers": ["Day", "Clicks"], "spec": {"columns": []}, "replaces": False, "rows_total": 2}
    told = {"file_name": "ads.csv", "mapping_name": "Ads", "state": "FAILED", "error": "The file is not kept any more."}
    return MetricImport.objects.create(client=client, key=uuid7().hex, sha256="0" * 64, **read, **told)


def csv_of(*rows: Sequence[object], separator: str = ",", encoding: str = "utf-8") -> bytes:
    """Return rows as a CSV file."""
    written = StringIO()
    csv.writer(written, delimiter=separator).writerows(rows)
    return written.getvalue().encode(encoding)


def an_import(
    client: Client, content: bytes, *, origin: str = "Ads", mapping: Mapping | None = None, **wish: Any
) -> MetricImport:
    """Import a file as its column names propose, on the day after the month of these tests."""
    at = wish.pop("at", AT)
    kept = imports.keep_file(BytesIO(content))
    proposed = queries.proposed_mapping(client, kept, at=at)[1]
    told = imports.Wish(kept, "metrics.csv", origin, mapping or proposed, **wish)
    return imports.start_import(client, told, by=None, at=at)[0]
