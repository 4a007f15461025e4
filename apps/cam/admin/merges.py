"""Leads that may be one person, at the desk: compared, merged, and made two again."""

from functools import partial
from typing import Any, ClassVar

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString
from django_fsm import ConcurrentTransition, TransitionNotAllowed

from apps.cam.models import DuplicatePair, LeadMerge
from apps.cam.rules.merging import MERGED_FIELDS
from apps.cam.services import merges
from apps.shared.admin import (
    NOTHING,
    Button,
    DocumentAdmin,
    TransitionAdmin,
    admin_link,
    badge,
    list_link,
    state_column,
)
from apps.shared.desk import Need, needs_filter


def _now(service: Any, row: Any, **arguments: Any) -> Any:
    return service(row, at=timezone.now(), **arguments)


def _compare(pair: DuplicatePair, label: str) -> SafeString:
    return list_link(f"{reverse('merge-leads')}?a={pair.lead_id}&b={pair.other_id}", label)


@admin.display(description="one")
def one(pair: DuplicatePair) -> str:
    """Link to the lead that came first."""
    return admin_link("cam.lead", pair.lead_id, f"{pair.lead} ({pair.lead.email})")


@admin.display(description="other")
def other(pair: DuplicatePair) -> str:
    """Link to the lead that came second."""
    return admin_link("cam.lead", pair.other_id, f"{pair.other} ({pair.other.email})")


def _campaigns(pair: DuplicatePair) -> str:
    names = dict.fromkeys((str(pair.lead.campaign), str(pair.other.campaign)))
    return " and ".join(names)


TO_MERGE = Need(
    key="merge",
    title="Suspected duplicates",
    permissions=("cam.merge_leads",),
    narrow=lambda rows: (
        rows.filter(state=DuplicatePair.State.OPEN, lead__merged_into=None, other__merged_into=None)
        .select_related("lead__campaign", "other__campaign")
        .order_by("pk")
    ),
    client=_campaigns,
    why=lambda pair: f"They share {pair.shares}.",
)


@admin.register(DuplicatePair)
class DuplicatePairAdmin(DocumentAdmin, TransitionAdmin):
    needs = (TO_MERGE,)
    list_display = ("__str__", one, other, "shared", state_column(), "compare", "created_at")
    list_filter = ("state", needs_filter(needs))
    list_select_related = ("lead__campaign", "other__campaign")
    sortable_by = ()
    search_fields = ("lead__email_key", "other__email_key")
    id_fields = ("pk", "lead_id", "other_id")
    empty_says = "No suspected duplicates. Leads are compared with one another as they come in."
    empty_leads_to = ("Import leads", "import-leads", "cam.import_leads")
    list_before_template = "admin/cam/duplicate_list.html"
    change_form_before_template = "admin/cam/duplicate.html"
    fieldsets = (
        ("Leads", {"fields": (one, other, "shared")}),
        ("Standing", {"fields": (state_column(), "decided_by", "decided_at", "created_at")}),
    )
    buttons: ClassVar = (
        Button(
            name="dismiss",
            label="Two people",
            service=partial(_now, merges.dismiss_duplicate),
            permission="cam.merge_leads",
            offered=lambda pair: pair.state == DuplicatePair.State.OPEN,
            explanation="They are two people, and are not suspected again.",
            in_bulk=True,
            refusals=(TransitionNotAllowed, ConcurrentTransition),
        ),
    )

    def page(self, request: HttpRequest, row: DuplicatePair) -> dict[str, Any]:
        is_open = row.state == DuplicatePair.State.OPEN and request.user.has_perm("cam.merge_leads")
        return {
            "pair": row,
            "state": badge(row.state),
            "compare": _compare(row, "Compare and merge") if is_open else "",
        }

    @admin.display(description="share")
    def shared(self, pair: DuplicatePair) -> str:
        return pair.shares

    @admin.display(description="")
    def compare(self, pair: DuplicatePair) -> SafeString | str:
        return _compare(pair, "Compare") if pair.state == DuplicatePair.State.OPEN else NOTHING


@admin.display(description="survivor")
def survivor(merge: LeadMerge) -> str:
    """Link to the lead that the other became part of."""
    return admin_link("cam.lead", merge.survivor_id, f"{merge.survivor} ({merge.survivor.email})")


@admin.display(description="merged into it")
def merged(merge: LeadMerge) -> str:
    """Link to the lead that became part of the other."""
    return admin_link("cam.lead", merge.merged_id, f"{merge.merged} ({merge.merged.email})")


@admin.display(description="state", ordering="undone_at")
def standing(merge: LeadMerge) -> SafeString:
    """Show whether a merge stands, or was taken back."""
    return badge("UNDONE" if merge.undone_at else "MERGED")


@admin.register(LeadMerge)
class LeadMergeAdmin(DocumentAdmin, TransitionAdmin):
    list_display = ("__str__", survivor, merged, standing, "merged_by", "created_at")
    list_filter = (("undone_at", admin.EmptyFieldListFilter),)
    list_select_related = ("survivor", "merged", "merged_by", "undone_by")
    sortable_by = ()
    search_fields = ("survivor__email_key", "merged__email_key")
    id_fields = ("pk", "survivor_id", "merged_id")
    empty_says = "No leads were merged. Suspected duplicates are compared first."
    empty_leads_to = ("Import leads", "import-leads", "cam.import_leads")
    list_before_template = "admin/cam/duplicate_list.html"
    change_form_before_template = "admin/cam/merge.html"
    fieldsets = (
        ("Leads", {"fields": (survivor, merged, standing)}),
        ("Who and why", {"fields": ("merged_by", "created_at", "reason", "undone_by", "undone_at")}),
    )
    buttons: ClassVar = (
        Button(
            name="undo",
            label="Undo the merge",
            service=partial(_now, merges.undo_merge),
            permission="cam.merge_leads",
            offered=lambda merge: merge.undone_at is None,
            explanation="The leads are two again, both as they were. Who has opted out since stays out.",
            asks_reason=True,
            is_optional=True,
            refusals=(merges.MergeRefused,),
        ),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[LeadMerge]:
        return super().get_queryset(request).defer("before", "after")

    def page(self, request: HttpRequest, row: LeadMerge) -> dict[str, Any]:
        changed = [MERGED_FIELDS[name] for name, of in row.chosen.items() if of == "merged"]
        moved = {relation.split(".")[1]: len(keys) for relation, keys in row.moved.items()}
        return {"merge": row, "state": standing(row), "changed": changed, "moved": moved}
