"""What lists can be narrowed by, everywhere alike."""

from datetime import UTC, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django_filters.fields import IsoDateTimeField
from django_filters.rest_framework import FilterSet, IsoDateTimeFilter


class MomentField(IsoDateTimeField):
    """A moment in UTC: PostgreSQL knows no offset of 16 hours and more, RFC 3339 does."""

    def clean(self, value: Any) -> datetime | None:
        moment = super().clean(value)
        try:
            return moment and moment.astimezone(UTC)
        except OverflowError as error:
            raise ValidationError("This is beyond the years 1 to 9999.") from error


class MomentFilter(IsoDateTimeFilter):
    """Narrows by a moment."""

    field_class = MomentField


class CreatedFilter(FilterSet):
    """Narrows rows to those of a time."""

    created_after = MomentFilter("created_at", lookup_expr="gte", label="At this moment (RFC 3339) or later.")
    created_before = MomentFilter("created_at", lookup_expr="lt", label="Before this moment (RFC 3339).")
