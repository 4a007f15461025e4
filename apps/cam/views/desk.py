"""Pages of the desk that take something in: campaigns, leads, replies, deals."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from apps.cam import queries
from apps.cam.forms import CampaignChangeForm, CampaignForm, DealForm, ImportForm, MappingForm, ReplyForm
from apps.cam.gateways.files import seal
from apps.cam.models import Campaign, Deal, ImportBatch, InboundEmail, Lead
from apps.cam.rules.columns import MappingRefused, check_mapping
from apps.cam.rules.mails import MailRefused
from apps.cam.services import campaigns, deals, imports, inbox, processing, replies
from apps.cam.views.pages import desk_page, read_uuid, show_problems
from apps.shared.desk import list_of, page_of
from apps.shared.gateways.long_tables import MOST_BYTES, MOST_ROWS, MOST_SHEET_ROWS

DEEDS = (
    ("1", "POSITIVE", "Says yes"),
    ("2", "NEGATIVE", "Says no"),
    ("3", "OUT_OF_OFFICE", "Is away"),
    ("4", "UNSUBSCRIBE", "Wants no mail"),
    ("5", "BOUNCE", "Came back"),
    ("e", "DISMISS", "Needs no answer"),
)
"""What is done to a reply by a key, and what is said of it."""
KEYS = (
    *((key, label) for key, _, label in DEEDS),
    ("y", "Go by the model's opinion"),
    ("a", "Answer it"),
    ("s", "Leave it for later"),
)
"""What the page's list of keys says."""


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
            show_problems(form, refusal.problems)
        else:
            messages.success(request, "The campaign is a draft. Import its leads, then activate it.")
            return HttpResponseRedirect(page_of(campaign))
    context = {"title": "New campaign", "form": form, "submit": "Create", "back_url": list_of(Campaign)}
    return desk_page(request, "admin/cam/form.html", context)


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
            show_problems(form, refusal.problems)
        else:
            messages.success(request, "The campaign goes by this from now on.")
            return HttpResponseRedirect(page_of(campaign))
    context = {"title": f"Change {campaign}", "form": form, "submit": "Save", "back_url": page_of(campaign)}
    return desk_page(request, "admin/cam/form.html", context)


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
    context = {"title": "Import leads", "form": form, "of_whom": form["campaign"], **limits, **shown}
    return desk_page(request, "admin/cam/import.html", context)


def _look(form: ImportForm) -> dict[str, Any]:
    """Return what would become of the table's rows, or what stands in the way."""
    kept, mapping, campaign = (form.cleaned_data[name] for name in ("kept", "mapping", "campaign"))
    shown = {
        "kept": kept,
        "seen": seal(kept, form.cleaned_data["file_name"]),
        "owner": campaign,
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
    options = {"file_name": said["file_name"], "mapping": said["mapping"], "by": request.user.pk}
    try:
        batch, is_new = imports.start_import(said["campaign"], said["kept"], **options)
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
    lead = get_object_or_404(Lead, pk=read_uuid(request.GET["lead"])) if request.GET.get("lead") else None
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
    return desk_page(request, "admin/cam/form.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def triage(request: HttpRequest) -> HttpResponse:
    """Show the replies that a person has to see to one after the other (`?after=`), and do what a key says."""
    if not request.user.has_perm("cam.answer_reply"):
        raise PermissionDenied
    after = read_uuid(request.GET.get("after", ""))
    if request.method == "POST":
        reply = get_object_or_404(InboundEmail, pk=read_uuid(request.POST.get("reply", "")))
        _settle(request, reply, request.POST.get("deed", ""))
        return HttpResponseRedirect(f"{reverse('triage')}?after={reply.pk}")
    shown = queries.next_to_triage(after)
    context = {"title": "Triage of replies", "left": queries.count_to_triage(), "shown": shown, "page_keys": KEYS}
    if shown:
        context |= {"next_url": f"{reverse('triage')}?after={shown.reply.pk}", "deeds": DEEDS}
        context |= {"opinion": shown.opinion, "agreement": queries.agreement(at=timezone.now())}
    return desk_page(request, "admin/cam/triage.html", context)


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
        said = next((label for _, name, label in DEEDS if name == deed), deed)
        messages.success(request, f"{reply}: {said.lower()}.")


@require_http_methods(["GET", "HEAD", "POST"])
def open_deal(request: HttpRequest) -> HttpResponse:
    """Write down what is being agreed on with a lead (`?lead=`); what is known of the lead stands there already."""
    if not request.user.has_perm("cam.open_deal"):
        raise PermissionDenied
    lead = get_object_or_404(Lead, pk=read_uuid(request.GET.get("lead", "")))
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
    return desk_page(request, "admin/cam/form.html", {"form": form, **shown})
