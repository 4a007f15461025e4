"""What runs offer on the pages of briefs and drafts: to go on from what a person edited there."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.exceptions import ObjectDoesNotExist, PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.views.decorators.http import require_http_methods
from unfold.forms import BaseDialogForm
from unfold.widgets import UnfoldAdminSelectWidget

from apps.identity.api.ports import ClientEnded
from apps.onboarding.api import ports as onboarding
from apps.onboarding.api.dtos import Brief
from apps.onboarding.api.ports import NotCorrected
from apps.orchestration.models import WorkflowRun
from apps.orchestration.queries.edits import find_last_run, find_run_from
from apps.orchestration.services.edits import Begun, NothingToWorkFrom, deliver_draft, work_from_brief
from apps.orchestration.services.intake import DEFAULT_PACK, UnknownPack
from apps.orchestration.services.start import KeyReused
from apps.production.api import ports as production
from apps.production.api.dtos import Draft
from apps.production.api.ports import NotEdited
from apps.shared.admin import admin_link, badge, short_id
from apps.shared.desk import Deed

WORK_FROM_BRIEF, DELIVER_DRAFT = "Work from this brief", "Check and deliver this version"
WORKS = "A strategy, a draft and a package are made of this version. What was made of earlier versions stays."
DELIVERS = "Quality control judges this version, and its package is made. Packages of earlier versions stay."
NOT_YOURS = "Account managers and strategists start that."
REFUSALS = (NothingToWorkFrom, UnknownPack, KeyReused, ClientEnded)


class PackForm(BaseDialogForm):
    """Asks which pack a brief is to become."""

    pack = forms.ChoiceField(widget=UnfoldAdminSelectWidget, initial=DEFAULT_PACK)

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.fields["pack"].choices = [(pack.key, pack.title) for pack in production.list_packs()]


@dataclass(frozen=True)
class _Start:
    """How work starts from a kind of row: by which dialog and workflow, with which keys, and what of it is legal."""

    name: str
    label: str
    explanation: str
    workflow: str
    kind: type[Brief] | type[Draft]
    key: str
    is_legal: Callable[[UUID], bool]


def _is_corrected(pk: UUID) -> bool:
    try:
        onboarding.require_corrected(brief_id=pk)
    except NotCorrected:
        return False
    return True


def _is_edited(pk: UUID) -> bool:
    try:
        production.require_edited(draft_id=pk)
    except NotEdited:
        return False
    return True


STARTS = {
    "onboarding.brief": _Start(
        "work_from_brief", WORK_FROM_BRIEF, WORKS, "brief_to_delivery", Brief, "brief", _is_corrected
    ),
    "production.draft": _Start(
        "deliver_draft", DELIVER_DRAFT, DELIVERS, "draft_to_delivery", Draft, "draft", _is_edited
    ),
}


def deeds_about(request: HttpRequest, row: Any) -> list[Deed]:
    """Return what a person may have done next with a brief or a draft; nothing where no run would start from it."""
    start = STARTS.get(row._meta.label_lower)
    if start is None or not start.is_legal(row.pk):
        return []
    under_way = find_run_from(start.workflow, start.kind, row.pk, row.client_id)
    if under_way is not None:
        return [Deed("Under way", format_html("Run {} works from this version.", _link(under_way)))]
    last = find_last_run(start.workflow, f"{start.key}:{row.pk}", row.client_id)
    before = format_html(" Run {} did so before: {}.", _link(last), badge(last.state)) if last else ""
    if not request.user.has_perm("orchestration.start_run"):
        return [Deed(start.label, format_html("{}{} {}", start.explanation, before, NOT_YOURS))]
    dialog = reverse(f"admin:orchestration_workflowrun_{start.name}", args=[row.pk])
    return [Deed(start.label, format_html("{}{}", start.explanation, before), dialog)]


def _link(run: WorkflowRun) -> str:
    return admin_link("orchestration.workflowrun", run.pk, short_id(run.pk))


@require_http_methods(["GET", "HEAD", "POST"])
def work_from_brief_view(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Ask for the pack, and start the run of a corrected brief."""
    _require(request, "onboarding.view_brief", lambda: onboarding.get_brief(brief_id=pk))
    form = PackForm(request, pk, data=request.POST or None)
    if not form.is_valid():
        return _dialog(request, form, WORK_FROM_BRIEF, WORKS)
    wishes = {"pack": form.cleaned_data["pack"], "at": timezone.now(), "by": request.user.pk}
    return _led_to(request, "onboarding_brief", pk, lambda: work_from_brief(pk, **wishes))


@require_http_methods(["GET", "HEAD", "POST"])
def deliver_draft_view(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Ask once more, and start the run of an edited draft."""
    _require(request, "production.view_draft", lambda: production.get_draft(draft_id=pk))
    form = BaseDialogForm(request, pk, data=request.POST or None)
    if not form.is_valid():
        return _dialog(request, form, DELIVER_DRAFT, DELIVERS)
    return _led_to(request, "production_draft", pk, lambda: deliver_draft(pk, at=timezone.now(), by=request.user.pk))


def _require(request: HttpRequest, permission: str, load: Callable[[], Brief | Draft]) -> None:
    """Refuse who may not look, or not start; to whom may not see the client, there is no such row."""
    if not (request.user.has_perm(permission) and request.user.has_perm("orchestration.start_run")):
        raise PermissionDenied
    try:
        noun = load()
    except ObjectDoesNotExist as gone:
        raise Http404 from gone
    sees_all = request.user.sees_every_client
    if not sees_all and not request.user.visible_clients().filter(pk=noun.client_id).exists():
        raise Http404


def _dialog(request: HttpRequest, form: BaseDialogForm, title: str, description: str) -> HttpResponse:
    shown = {"dialog": {"title": title, "description": description}, "form": form, "form_submit_text": title}
    return render(request, "unfold/helpers/dialog.html", shown)


def _led_to(request: HttpRequest, page: str, pk: UUID, begin: Callable[[], Begun]) -> HttpResponse:
    """Begin, and lead to the run; where it cannot begin, back to the page with why."""
    try:
        begun = begin()
    except REFUSALS as refusal:
        messages.error(request, f"Not possible: {refusal}")
        return HttpResponse(headers={"HX-Redirect": reverse(f"admin:{page}_change", args=[pk])})
    if begun.is_new:
        messages.success(request, "The run has begun. This page follows it.")
    elif begun.run.state in WorkflowRun.ENDED:
        messages.warning(request, "This was asked for before: this is its run. “Run again” makes another.")
    else:
        messages.warning(request, "This was asked for before: this is the run that is under way.")
    return HttpResponse(headers={"HX-Redirect": reverse("admin:orchestration_workflowrun_change", args=[begun.run.pk])})
