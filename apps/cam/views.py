"""Pages that take something in: at the desk campaigns, leads, replies, words; from a stranger their wish."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from apps.cam import queries
from apps.cam.forms import (
    CampaignChangeForm,
    CampaignForm,
    ImportForm,
    MappingForm,
    ReplyForm,
    SequenceForm,
    TemplateForm,
    seal,
)
from apps.cam.gateways.tables import MOST_BYTES, MOST_ROWS, MOST_SHEET_ROWS
from apps.cam.models import Campaign, ImportBatch, InboundEmail, Lead, MessageTemplate, Sequence
from apps.cam.rules.columns import MappingRefused, check_mapping
from apps.cam.rules.mails import MailRefused
from apps.cam.rules.sequences import ROUTES, SequenceRefused
from apps.cam.rules.templates import TemplateRefused
from apps.cam.services import campaigns, imports, inbox, processing, replies, sequences, templates, wishes
from apps.shared.desk import list_of, page_of


@require_http_methods(["GET", "HEAD", "POST"])
def new_campaign(request: HttpRequest) -> HttpResponse:
    """Write a campaign down as a draft; what is wrong is said beside the field."""
    if not request.user.has_perm("cam.create_campaign"):
        raise PermissionDenied
    form = CampaignForm(request.POST or None)
    if form.is_valid():
        try:
            campaign = campaigns.create_campaign(form.plan, by=request.user.pk)
        except campaigns.CampaignRefused as refusal:
            _show_problems(form, refusal.problems)
        else:
            messages.success(request, "The campaign is a draft. Import its leads, then activate it.")
            return HttpResponseRedirect(page_of(campaign))
    context = {"title": "New campaign", "form": form, "submit": "Create", "back_url": list_of(Campaign)}
    return _page(request, "admin/cam/form.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def change_campaign(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Plan a campaign otherwise; what is wrong is said beside the field."""
    if not request.user.has_perm("cam.create_campaign"):
        raise PermissionDenied
    campaign = get_object_or_404(Campaign, pk=pk)
    form = CampaignChangeForm(request.POST or None, initial=CampaignForm.of(campaign))
    if form.is_valid():
        try:
            reason = form.cleaned_data["reason"]
            campaigns.change_campaign(campaign, form.plan, by=request.user.pk, reason=reason)
        except campaigns.CampaignRefused as refusal:
            _show_problems(form, refusal.problems)
        else:
            messages.success(request, "The campaign goes by this from now on.")
            return HttpResponseRedirect(page_of(campaign))
    context = {"title": f"Change {campaign}", "form": form, "submit": "Save", "back_url": page_of(campaign)}
    return _page(request, "admin/cam/form.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def import_leads(request: HttpRequest) -> HttpResponse:
    """Take in a table of leads, show what would become of each row, and import it once that is confirmed."""
    if not request.user.has_perm("cam.import_leads"):
        raise PermissionDenied
    initial = {"campaign": request.GET.get("campaign")}
    form = ImportForm(request.POST or None, request.FILES or None, initial=initial)
    shown: dict[str, Any] = {}
    if form.is_valid():
        if "import" in request.POST and (batch := _import(request, form)):
            return HttpResponseRedirect(page_of(batch))
        shown = _look(form)
    limits = {"most_megabytes": MOST_BYTES // 1_000_000, "most_rows": MOST_ROWS, "most_sheet_rows": MOST_SHEET_ROWS}
    limits["most_shown"] = queries.SHOWN
    return _page(request, "admin/cam/import.html", {"title": "Import leads", "form": form, **limits, **shown})


def _look(form: ImportForm) -> dict[str, Any]:
    """Return what would become of the table's rows, or what stands in the way."""
    kept, mapping, campaign = (form.cleaned_data[name] for name in ("kept", "mapping", "campaign"))
    shown = {
        "kept": kept,
        "seen": seal(kept, form.cleaned_data["file_name"]),
        "campaign": campaign,
        "file_name": form.cleaned_data["file_name"],
        "columns": MappingForm(kept.headers, mapping=mapping),
        "before": ImportBatch.objects.filter(campaign=campaign, sha256=kept.sha256).first(),
    }
    try:
        check_mapping(mapping, len(kept.headers))
        return {**shown, "preview": queries.preview_import(campaign, kept, mapping)}
    except MappingRefused as refusal:
        return {**shown, "wrong_columns": str(refusal)}


def _import(request: HttpRequest, form: ImportForm) -> ImportBatch | None:
    """Start the import, or say on the page why it was not."""
    said = form.cleaned_data
    wishes = {"file_name": said["file_name"], "mapping": said["mapping"], "by": request.user.pk}
    try:
        batch, is_new = imports.start_import(said["campaign"], said["kept"], **wishes)
    except ValueError as refusal:
        form.add_error(None, str(refusal))
        return None
    if not is_new:
        messages.info(request, f"This file was imported into {said['campaign']} before: it is the same import.")
    return batch


@require_http_methods(["GET", "HEAD", "POST"])
def add_reply(request: HttpRequest) -> HttpResponse:
    """Take a reply in from a file; on a lead's behalf (`?lead=`) it is that lead's, else who wrote it is found out."""
    if not request.user.has_perm("cam.receive_reply"):
        raise PermissionDenied
    lead = get_object_or_404(Lead, pk=_uuid(request.GET["lead"])) if request.GET.get("lead") else None
    form = ReplyForm(request.POST or None, request.FILES or None)
    if form.is_valid():
        try:
            reply, is_new = inbox.receive_reply(form.content, by=request.user.pk, at=timezone.now(), lead=lead)
        except MailRefused as refusal:
            form.add_error("file", str(refusal))
        else:
            messages.success(request, "The reply is added." if is_new else "This mail is known: nothing was added.")
            return HttpResponseRedirect(page_of(reply))
    title = f"Add a reply of {lead}" if lead else "Add a reply"
    back = page_of(lead) if lead else list_of(InboundEmail)
    context = {"title": title, "form": form, "submit": "Add", "back_url": back, "is_upload": True}
    return _page(request, "admin/cam/form.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def triage(request: HttpRequest) -> HttpResponse:
    """Show the replies that a person has to see to one after the other (`?after=`), and do what a key says."""
    if not request.user.has_perm("cam.answer_reply"):
        raise PermissionDenied
    after = _uuid(request.GET.get("after", ""))
    if request.method == "POST":
        reply = get_object_or_404(InboundEmail, pk=_uuid(request.POST.get("reply", "")))
        _settle(request, reply, request.POST.get("deed", ""))
        return HttpResponseRedirect(f"{reverse('triage')}?after={reply.pk}")
    shown = queries.next_to_triage(after)
    context = {"title": "Triage of replies", "left": queries.count_to_triage(), "shown": shown}
    if shown:
        context |= {"next_url": f"{reverse('triage')}?after={shown.reply.pk}", "deeds": DEEDS}
    return _page(request, "admin/cam/triage.html", context)


def _settle(request: HttpRequest, reply: InboundEmail, deed: str) -> None:
    """Do to a reply what was pressed, and say what that led to."""
    by, at = request.user.pk, timezone.now()
    try:
        if deed == "DISMISS":
            replies.dismiss_reply(reply, by=by, reason="Seen; it needs no answer.", at=at)
        else:
            processing.settle_reply(reply, kind=deed, by=by, at=at)
    except replies.ReplyRefused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, f"{reply}: {dict(DEEDS_SAID).get(deed, deed.lower())}.")


DEEDS = (
    ("1", "POSITIVE", "Says yes"),
    ("2", "NEGATIVE", "Says no"),
    ("3", "OUT_OF_OFFICE", "Is away"),
    ("4", "UNSUBSCRIBE", "Wants no mail"),
    ("5", "BOUNCE", "Came back"),
    ("e", "DISMISS", "Needs no answer"),
)
"""What a key does to a reply."""
DEEDS_SAID = [(deed, label.lower()) for _, deed, label in DEEDS]


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
            _show_problems(form, refusal.problems)
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
    return _page(request, "admin/cam/form.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def write_sequence(request: HttpRequest) -> HttpResponse:
    """Plan the messages of a campaign's route, as a draft; `?like=` begins with those of another version."""
    if not request.user.has_perm("cam.write_sequence"):
        raise PermissionDenied
    like = get_object_or_404(Sequence, pk=_uuid(request.GET["like"])) if request.GET.get("like") else None
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
            _show_problems(form, refusal.problems)
        else:
            messages.success(request, "The sequence is a draft. Read what it says to a lead, then start it.")
            return HttpResponseRedirect(page_of(kept))
    context = {"title": f"Next version of {like}" if like else "New sequence", "form": form}
    return _page(request, "admin/cam/sequence_form.html", context)


def _show_problems(form: forms.Form, problems: dict[str, str]) -> None:
    """Say what is wrong beside its field, or above them all where it is no field of the form's own."""
    for field, problem in problems.items():
        if field in form.fields:
            form.add_error(field, f"It {problem}.")
        else:
            form.add_error(None, f"{field.replace('.', ' ').replace('_', ' ').capitalize()} {problem}.")


@csrf_exempt  # a mail program presses the button (RFC 8058): it has no cookie, and no page that it read before
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    """Show the one button and change nothing; a POST takes the wish down at once, whatever stands in it.

    A token that is nobody's is answered alike: the page tells nobody who had a mail of ours.
    """
    if request.method == "POST" and (mail := queries.find_by_token(token)):
        wishes.unsubscribe(mail.to_address, at=timezone.now(), note=f"By the link in the message “{mail}”")
    return render(request, "cam/unsubscribe.html", {"is_done": request.method == "POST"})


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _page(request: HttpRequest, template: str, context: dict[str, Any]) -> HttpResponse:
    return TemplateResponse(request, template, {**admin.site.each_context(request), **context})
