"""Pages that take something in: at the desk campaigns, leads, replies, words; from a stranger their wish."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from apps.cam import queries
from apps.cam.forms import (
    CampaignChangeForm,
    CampaignForm,
    DealForm,
    DiscoveryForm,
    ImportForm,
    MappingForm,
    MergeForm,
    NewFormForm,
    NewKeyForm,
    ReplyForm,
    SequenceForm,
    SourceForm,
    TemplateForm,
    VisitorForm,
    seal,
)
from apps.cam.gateways.tables import MOST_BYTES, MOST_ROWS, MOST_SHEET_ROWS
from apps.cam.models import (
    Campaign,
    Deal,
    DiscoveryJob,
    DiscoverySource,
    DuplicatePair,
    ImportBatch,
    InboundEmail,
    Lead,
    LeadForm,
    LeadKey,
    MessageTemplate,
    Sequence,
)
from apps.cam.rules.columns import MappingRefused, check_mapping
from apps.cam.rules.mails import MailRefused
from apps.cam.rules.sequences import ROUTES, SequenceRefused
from apps.cam.rules.templates import TemplateRefused
from apps.cam.services import (
    campaigns,
    deals,
    discovery,
    doors,
    imports,
    inbox,
    merges,
    processing,
    replies,
    sequences,
    templates,
    wishes,
)
from apps.shared.desk import list_of, page_of
from apps.shared.rest import limits as limit


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
def merge_leads(request: HttpRequest) -> HttpResponse:
    """Show two leads (`?a=`, `?b=`) side by side with what a merge would touch, and merge them once that is chosen."""
    if not request.user.has_perms(["cam.merge_leads", "cam.view_lead"]):
        raise PermissionDenied
    a, b = (get_object_or_404(Lead.objects.select_related("campaign"), pk=_uuid(request.GET.get(k, ""))) for k in "ab")
    if a == b:
        raise Http404
    form = MergeForm(a, b, request.POST or None)
    if form.is_valid():
        survivor, merged, chosen = form.wish
        wishes = {"chosen": chosen, "by": request.user.pk, "reason": form.cleaned_data["reason"]}
        try:
            merge = merges.merge_leads(survivor, merged, **wishes, at=timezone.now())
        except merges.MergeRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, f"{merged.email} is part of {survivor.email} now.")
            return HttpResponseRedirect(page_of(merge))
    sides = [{"lead": lead, "url": page_of(lead)} for lead in (a, b)]
    context = {"title": "Merge two leads", "form": form, "sides": sides, "facts": _facts(a, b)}
    return _page(request, "admin/cam/compare.html", context | {"back_url": list_of(DuplicatePair, needs="merge")})


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


# --- doors ------------------------------------------------------------------------------------------------------------


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
    return _page(request, "admin/cam/form.html", context)


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
            return _page(request, "admin/cam/new_key.html", context | shown)
    return _page(request, "admin/cam/form.html", context)


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
    return _page(request, "admin/cam/form.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def new_discovery(request: HttpRequest) -> HttpResponse:
    """Start looking for leads of a campaign."""
    if not request.user.has_perm("cam.start_discovery"):
        raise PermissionDenied
    form = DiscoveryForm(request.POST or None, initial={"campaign": request.GET.get("campaign")})
    if form.is_valid():
        said = form.cleaned_data
        wishes = {"criteria": form.criteria, "takes_all": said["takes_all"], "by": request.user.pk}
        try:
            job = discovery.start_discovery(said["campaign"], said["source"], **wishes)
        except discovery.DiscoveryRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, "It is looked for in the background.")
            return HttpResponseRedirect(page_of(job))
    context = {"title": "Start a discovery", "form": form, "submit": "Start", "back_url": list_of(DiscoveryJob)}
    return _page(request, "admin/cam/form.html", context)


@csrf_exempt  # it heeds no session: what a forged page could send, anybody may send (docs/decisions/0013)
@xframe_options_exempt  # which sites may frame it stands in the policy
@require_http_methods(["GET", "HEAD", "POST"])
def visit_form(request: HttpRequest, token: str) -> HttpResponse:
    """Show a web form to whoever has its address, and take in what they send; every address is answered the same."""
    form = get_object_or_404(LeadForm.objects.select_related("campaign"), token=token)
    if not form.is_open:
        return _for_visitors(request, form, {"problem": "closed"}, status=410)
    if request.method != "POST":
        return _for_visitors(request, form, {"form": VisitorForm(form)})
    if not _comes_from(request, form):
        return _for_visitors(request, form, {"problem": "foreign"}, status=403)
    limits, whence = settings.FORM_LIMITS, limit.address_of(request)
    is_within = limit.is_within(f"form-from:{whence}", limits["address"])
    if not (is_within and limit.is_within(f"form:{form.pk}", limits["form"])):  # who floods uses up nobody else's
        answer = _for_visitors(request, form, {"problem": "busy"}, status=429)
        answer["Retry-After"] = str(limit.WINDOW)
        return answer
    sent = VisitorForm(form, request.POST)
    if not sent.is_valid():
        return _for_visitors(request, form, {"form": sent}, status=422)
    if not sent.is_of_a_machine:
        doors.submit_form(form, sent.wish(get_language() or ""), at=timezone.now())
    return HttpResponseRedirect(reverse("lead-form-thanks", args=[token]))


@xframe_options_exempt
@require_safe
def thank_visitor(request: HttpRequest, token: str) -> HttpResponse:
    """Thank whoever sent a web form."""
    form = get_object_or_404(LeadForm.objects.select_related("campaign"), token=token)
    return _for_visitors(request, form, {"is_sent": True})


def _comes_from(request: HttpRequest, form: LeadForm) -> bool:
    """Tell whether a page of ours or of a site that the form names sent this; browsers say so, machines need not."""
    origin = request.headers.get("Origin")
    return origin is None or origin in (f"{request.scheme}://{request.get_host()}", *form.origins)


def _for_visitors(request: HttpRequest, form: LeadForm, context: dict[str, Any], status: int = 200) -> HttpResponse:
    shown = {"lead_form": form, "agency": settings.AGENCY_NAME, **context}
    answer = render(request, "forms/form.html", shown, status=status)
    answer.framed_by = form.origins  # read by aicmo_site.middleware.content_security
    answer["Cache-Control"] = "no-store"
    return answer


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


def open_deal(request: HttpRequest) -> HttpResponse:
    """Write down what is being agreed on with a lead (`?lead=`); what is known of the lead stands there already."""
    if not request.user.has_perm("cam.open_deal"):
        raise PermissionDenied
    lead = get_object_or_404(Lead, pk=_uuid(request.GET.get("lead", "")))
    known = {"company": lead.company, "contact_name": lead.full_name[:150], "contact_email": lead.email}
    form = DealForm(request.POST or None, initial=known | {"country": lead.country})

    def open_it() -> Deal:
        return deals.open_deal(lead, form.terms, by=request.user.pk, at=timezone.now())

    return _agree(request, form, open_it, title=f"Open a deal with {lead}", submit="Open", back_url=page_of(lead))


@require_http_methods(["GET", "HEAD", "POST"])
def change_deal(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Change what is being agreed on in an open deal."""
    if not request.user.has_perm("cam.change_deal"):
        raise PermissionDenied
    deal = get_object_or_404(Deal, pk=pk)
    form = DealForm(request.POST or None, initial=Deal.columns_of(deal.terms))

    def change_it() -> Deal:
        return deals.change_deal(deal, form.terms, by=request.user.pk)

    return _agree(request, form, change_it, title=f"Change the deal with {deal}", submit="Save", back_url=page_of(deal))


def _agree(request: HttpRequest, form: DealForm, do: Callable[[], Deal], **shown: Any) -> HttpResponse:
    if form.is_valid():
        try:
            return HttpResponseRedirect(page_of(do()))
        except deals.DealRefused as refusal:
            form.refuse(refusal.problems)
    return _page(request, "admin/cam/form.html", {"form": form, **shown})


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _page(request: HttpRequest, template: str, context: dict[str, Any]) -> HttpResponse:
    return TemplateResponse(request, template, {**admin.site.each_context(request), **context})
