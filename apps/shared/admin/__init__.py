"""The desk's bases: rows are read, and changed by buttons that call the service of the same name."""

from apps.shared.admin.buttons import MOVED_ON, Button, ReasonForm, RowMovedOn
from apps.shared.admin.compare import compare_texts, side_by_side
from apps.shared.admin.display import (
    NOTHING,
    STATE_COLOURS,
    admin_link,
    badge,
    bullets,
    client_link,
    json_column,
    link_column,
    list_link,
    readable,
    row_link,
    run_link,
    short_id,
    state_column,
    words,
)
from apps.shared.admin.filters import (
    CLIENT_FILTER,
    CREATED_FILTER,
    ClientFilter,
    DaysFilter,
    SpanFilter,
    declared_filter,
)
from apps.shared.admin.pages import (
    DocumentAdmin,
    ReadOnlyAdmin,
    ReadOnlyStackedInline,
    ReadOnlyTabularInline,
    row_of_page,
)
from apps.shared.admin.transitions import TransitionAdmin, WithButtons

__all__ = [
    "CLIENT_FILTER",
    "CREATED_FILTER",
    "MOVED_ON",
    "NOTHING",
    "STATE_COLOURS",
    "Button",
    "ClientFilter",
    "DaysFilter",
    "DocumentAdmin",
    "ReadOnlyAdmin",
    "ReadOnlyStackedInline",
    "ReadOnlyTabularInline",
    "ReasonForm",
    "RowMovedOn",
    "SpanFilter",
    "TransitionAdmin",
    "WithButtons",
    "admin_link",
    "badge",
    "bullets",
    "client_link",
    "compare_texts",
    "declared_filter",
    "json_column",
    "link_column",
    "list_link",
    "readable",
    "row_link",
    "row_of_page",
    "run_link",
    "short_id",
    "side_by_side",
    "state_column",
    "words",
]
