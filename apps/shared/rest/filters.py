"""What lists can be narrowed by, everywhere alike."""

from django_filters.rest_framework import FilterSet, IsoDateTimeFilter


class CreatedFilter(FilterSet):
    """Narrows rows to those of a time."""

    created_after = IsoDateTimeFilter("created_at", lookup_expr="gte", label="At this moment (RFC 3339) or later.")
    created_before = IsoDateTimeFilter("created_at", lookup_expr="lt", label="Before this moment (RFC 3339).")
