"""Pages of the desk on which messages and sequences are written."""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_http_methods

from apps.cam import queries
from apps.cam.forms import SequenceForm, TemplateForm
from apps.cam.models import MessageTemplate, Sequence
from apps.cam.rules.sequences import ROUTES, SequenceRefused
from apps.cam.rules.templates import TemplateRefused
from apps.cam.services import sequences, templates
from apps.cam.views.pages import desk_page, read_uuid, show_problems
from apps.shared.desk import list_of, page_of


@require_http_methods(["GET", "HEAD", "POST"])
def write_template(request: HttpRequest, pk: UUID | None = None) -> HttpResponse:
    """Write a message template, or the next version of one; what is wrong is said beside the field."""
    if not request.user.has_perm("cam.write_template"):
        raise PermissionDenied
    old = get_object_or_404(MessageTemplate, pk=pk) if pk else None
    initial = {"subject": old.subject, "text": old.text} if old else None
    form = TemplateForm(request.POST or None, is_revision=old is not None, initial=initial)
    if form.is_valid():
        said, by = form.cleaned_data, request.user.pk
        try:
            if old:
                kept = templates.revise_template(old, said["subject"], said["text"], by=by, reason=said["reason"])
            else:
                kept = templates.write_template(said["name"], said["subject"], said["text"], by=by)
        except TemplateRefused as refusal:
            show_problems(form, refusal.problems)
        else:
            messages.success(request, f"{kept} is kept. Sequences name the version that they send.")
            return HttpResponseRedirect(page_of(kept))
    title = f"Write {old.name} anew" if old else "New message template"
    context = {
        "title": title,
        "form": form,
        "submit": "Keep",
        "back_url": page_of(old) if old else list_of(MessageTemplate),
    }
    return desk_page(request, "admin/cam/form.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def write_sequence(request: HttpRequest) -> HttpResponse:
    """Plan the messages of a campaign's route, as a draft; `?like=` begins with those of another version."""
    if not request.user.has_perm("cam.write_sequence"):
        raise PermissionDenied
    like = get_object_or_404(Sequence, pk=read_uuid(request.GET["like"])) if request.GET.get("like") else None
    route = like.name if like else request.GET.get("route", "")
    initial = {"campaign": like.campaign_id if like else request.GET.get("campaign"), "name": route or "cold_outreach"}
    waits = ROUTES.get(route, ROUTES["regular_nurture"])
    form = SequenceForm(
        request.POST or None, waits=waits, steps=queries.steps_as_planned(like) if like else (), initial=initial
    )
    if form.is_valid():
        said = form.cleaned_data
        try:
            kept = sequences.write_sequence(said["campaign"], said["name"], form.plans, by=request.user.pk)
        except SequenceRefused as refusal:
            show_problems(form, refusal.problems)
        else:
            messages.success(request, "The sequence is a draft. Read what it says to a lead, then start it.")
            return HttpResponseRedirect(page_of(kept))
    context = {"title": f"Next version of {like}" if like else "New sequence", "form": form}
    return desk_page(request, "admin/cam/sequence_form.html", context)
