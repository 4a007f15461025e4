"""Pages of the desk for where leads come from, and for those who are one."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from apps.cam import queries
from apps.cam.forms import DiscoveryForm, MergeForm, NewFormForm, NewKeyForm, SourceForm
from apps.cam.models import DiscoveryJob, DiscoverySource, DuplicatePair, Lead, LeadForm, LeadKey
from apps.cam.services import discovery, doors, merges
from apps.cam.views.pages import desk_page, read_uuid
from apps.shared.desk import list_of, page_of


@require_http_methods(["GET", "HEAD", "POST"])
def merge_leads(request: HttpRequest) -> HttpResponse:
    """Show two leads (`?a=`, `?b=`) side by side with what a merge would touch, and merge them once that is chosen."""
    if not request.user.has_perms(["cam.merge_leads", "cam.view_lead"]):
        raise PermissionDenied
    leads = Lead.objects.select_related("campaign")
    a, b = (get_object_or_404(leads, pk=read_uuid(request.GET.get(name, ""))) for name in "ab")
    if a == b:
        raise Http404
    form = MergeForm(a, b, request.POST or None)
    if form.is_valid():
        survivor, merged, chosen = form.choice
        options = {"chosen": chosen, "by": request.user.pk, "reason": form.cleaned_data["reason"]}
        try:
            merge = merges.merge_leads(survivor, merged, **options, at=timezone.now())
        except merges.MergeRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, f"{merged.email} is part of {survivor.email} now.")
            return HttpResponseRedirect(page_of(merge))
    sides = [{"lead": lead, "url": page_of(lead)} for lead in (a, b)]
    context = {"title": "Merge two leads", "form": form, "sides": sides, "facts": _facts(a, b)}
    return desk_page(request, "admin/cam/compare.html", context | {"back_url": list_of(DuplicatePair, needs="merge")})


def _facts(*leads: Lead) -> list[tuple[str, list[str]]]:
    """Return what a merge does not ask about, and how many rows it would touch, of each lead."""
    told = [
        ("Address", [lead.email for lead in leads]),
        ("Campaign", [str(lead.campaign) for lead in leads]),
        ("State", [lead.state for lead in leads]),
        ("Contact", [lead.contactability for lead in leads]),
        ("Came in", [f"{lead.created_at:%d %B %Y}, {lead.get_source_display()}" for lead in leads]),
    ]
    counts = queries.rows_of(leads, merges.MOVED)
    return told + [(label.capitalize(), list(map(str, of))) for label, of in counts.items()]


@require_http_methods(["GET", "HEAD", "POST"])
def new_form(request: HttpRequest) -> HttpResponse:
    """Open a web form for a campaign."""
    if not request.user.has_perm("cam.open_form"):
        raise PermissionDenied
    form = NewFormForm(request.POST or None, initial={"campaign": request.GET.get("campaign")})
    if form.is_valid():
        try:
            opened = doors.open_form(**form.cleaned_data, by=request.user.pk)
        except doors.DoorClosed as closed:
            form.add_error("campaign", str(closed))
        else:
            messages.success(request, "The form is open. Its address is below.")
            return HttpResponseRedirect(page_of(opened))
    context = {"title": "New web form", "form": form, "submit": "Open", "back_url": list_of(LeadForm)}
    return desk_page(request, "admin/cam/form.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def new_key(request: HttpRequest) -> HttpResponse:
    """Make a key by which another system sends leads, and show its secret this once."""
    if not request.user.has_perm("cam.make_key"):
        raise PermissionDenied
    form = NewKeyForm(request.POST or None, initial={"campaign": request.GET.get("campaign")})
    context = {"title": "New key for leads", "form": form, "submit": "Make it", "back_url": list_of(LeadKey)}
    if form.is_valid():
        try:
            key, secret = doors.make_key(**form.cleaned_data, by=request.user.pk)
        except doors.DoorClosed as closed:
            form.add_error("campaign", str(closed))
        else:
            shown = {"key": key, "key_url": page_of(key), "secret": secret, "door": reverse("send-lead")}
            return desk_page(request, "admin/cam/new_key.html", context | shown)
    return desk_page(request, "admin/cam/form.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def new_source(request: HttpRequest) -> HttpResponse:
    """Say where leads can be looked for."""
    if not request.user.has_perm("cam.make_source"):
        raise PermissionDenied
    form = SourceForm(request.POST or None)
    if form.is_valid():
        try:
            source = discovery.make_source(**form.cleaned_data, by=request.user.pk)
        except discovery.DiscoveryRefused as refusal:
            form.add_error("config", str(refusal))
        else:
            messages.success(request, "The source is known. Start a discovery in it.")
            return HttpResponseRedirect(page_of(source))
    context = {"title": "New source of leads", "form": form, "submit": "Save", "back_url": list_of(DiscoverySource)}
    return desk_page(request, "admin/cam/form.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def new_discovery(request: HttpRequest) -> HttpResponse:
    """Start looking for leads of a campaign."""
    if not request.user.has_perm("cam.start_discovery"):
        raise PermissionDenied
    form = DiscoveryForm(request.POST or None, initial={"campaign": request.GET.get("campaign")})
    if form.is_valid():
        said = form.cleaned_data
        options = {"criteria": form.criteria, "takes_all": said["takes_all"], "by": request.user.pk}
        try:
            job = discovery.start_discovery(said["campaign"], said["source"], **options)
        except discovery.DiscoveryRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, "It is looked for in the background.")
            return HttpResponseRedirect(page_of(job))
    context = {"title": "Start a discovery", "form": form, "submit": "Start", "back_url": list_of(DiscoveryJob)}
    return desk_page(request, "admin/cam/form.html", context)
