"""Numbers beside those of the time before."""

from calendar import monthrange
from datetime import date, timedelta
from decimal import Decimal


def period_before(start: date, end: date) -> tuple[date, date]:
    """Return the days that a period is compared with: as many months where it is whole months, else as many days."""
    last = start - timedelta(days=1)
    if start.day == 1 and end.day == monthrange(end.year, end.month)[1]:
        months = (end.year - start.year) * 12 + end.month - start.month + 1
        year, month = divmod(start.year * 12 + start.month - 1 - months, 12)
        return date(year, month + 1, 1), last
    return last - (end - start), last


def change_pct(value: Decimal | None, before: Decimal | None) -> Decimal | None:
    """Return by how many percent a number differs from the one before; None where one is missing, or that was 0."""
    if value is None or not before:
        return None
    return ((value - before) * 100 / before).quantize(Decimal("0.1"))
