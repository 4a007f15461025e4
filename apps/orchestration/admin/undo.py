"""What the dialogs that take a run back list before anybody confirms: each row, each file, and what stays."""

from typing import Any

from django.apps import apps
from django.template.defaultfilters import pluralize
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from apps.orchestration.models import WorkflowRun
from apps.orchestration.queries.undo import Part, Rows, Undo, preview_undo
from apps.shared.admin import admin_link, short_id, words

PLACES = {"PUBLISHED": "published", "PROOF": "proof"}


def undo_in_words(undo: Undo) -> str:
    """Say how much would go, and by which mark to know this very list."""
    if not undo.is_known:
        return "No release running here knows what would go."
    rows, files = undo.row_count, len(undo.files)
    if not rows and not files:
        return "There is nothing to take back."
    return f"{rows} row{pluralize(rows)} and {files} file{pluralize(files)} would go (list {undo.digest})."


def undo_of(run: WorkflowRun) -> Undo:
    """Return what taking a run back would remove, asked once for all that a dialog says of it."""
    known = vars(run)
    if "undo" not in known:
        known["undo"] = preview_undo(run)
    return known["undo"]


def to_type(run: WorkflowRun) -> str:
    """Return what somebody types before a run is taken back: its client, or itself; nothing where nothing goes."""
    undo = undo_of(run)
    if undo.is_known and not (undo.row_count or undo.files or undo.left):
        return ""
    return str(run.client or f"run {short_id(run.pk)}")


def undo_panel(run: WorkflowRun) -> SafeString:
    """Return the list of what taking a run back would remove, in that order, and of what would stay."""
    undo = undo_of(run)
    shown = {
        "summary": undo_in_words(undo),
        "parts": [_part(part) for part in undo.parts],
        "stays": [_table(rows) for rows in undo.stays],
        "left": undo.left,
    }
    return render_to_string("admin/orchestration/undo.html", shown)


def _part(part: Part) -> dict[str, Any]:
    return {
        "module": apps.get_app_config(part.module).verbose_name,
        "steps": ", ".join(words(name) for name in dict.fromkeys(part.steps)),
        "tables": [_table(rows) for rows in part.rows],
        "files": [{"path": file.path, "place": PLACES.get(file.place, "")} for file in part.files],
        "held_by": [_table(rows) for rows in part.held_by],
    }


def _table(rows: Rows) -> dict[str, Any]:
    """Return a table's rows with a link each, where the desk has a page for them."""
    meta, count = rows.model._meta, len(rows.ids)
    return {
        "count": count,
        "name": meta.verbose_name if count == 1 else meta.verbose_name_plural,
        "rows": [admin_link(meta.label_lower, pk, short_id(pk)) for pk in rows.ids],
    }
