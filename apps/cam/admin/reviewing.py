"""Leads to decide on, one after the other: read why, press a key, see the next."""

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django_fsm import TransitionNotAllowed

from apps.cam.models import Campaign, Lead
from apps.cam.services.leads import MoveRefused, advance_lead
from apps.shared.admin import ReadOnlyAdmin
from apps.shared.desk import MOST_COUNTED, list_of, page_of

KEYS = (("q", "Qualify the lead"), ("d", "Disqualify it; first say why"), ("s", "Leave it for later"))


class DecisionForm(forms.Form):
    """What becomes of which lead, and why."""

    lead = forms.UUIDField()
    verb = forms.ChoiceField(choices=[("qualify", "qualify"), ("disqualify", "disqualify")])
    reason = forms.CharField(required=False, max_length=2000)


def review_leads(page: ReadOnlyAdmin, request: HttpRequest, rating_of: Any) -> HttpResponse:
    """Show the next lead that waits for a person; a POST decides on one first.

    `?campaign=` narrows to one, `?after=` is the lead that was left for later. Who is put off is not shown.
    """
    if not request.user.has_perms(["cam.view_lead", "cam.advance_lead"]):
        raise PermissionDenied
    campaign = _campaign(request)
    if request.method == "POST":
        return _decide(page, request, campaign)
    waiting = _waiting(page, request, campaign)
    after = _uuid(request.GET.get("after", ""))
    lead = (waiting.filter(pk__gt=after) if after else waiting).first()
    chosen = _uuid(request.GET.get("lead", ""))
    lead = (waiting.filter(pk=chosen).first() if chosen else None) or lead
    context = {
        **page.admin_site.each_context(request),
        "opts": page.opts,
        "title": f"Leads of {campaign} to decide on" if campaign else "Leads to decide on",
        "lead": lead,
        "rating": rating_of(lead) if lead else None,
        "page_url": page_of(lead) if lead else "",
        "left": _in_words(waiting.order_by()[: MOST_COUNTED + 1].count()),
        "skip_url": _address(campaign, after=lead.pk) if lead else "",
        "first_url": _address(campaign),
        "list_url": list_of(Lead, needs="review"),
        "page_keys": KEYS,
    }
    return TemplateResponse(request, "admin/cam/review_leads.html", context)


def _waiting(page: ReadOnlyAdmin, request: HttpRequest, campaign: Campaign | None) -> QuerySet[Lead]:
    put_off = request.user.attention(timezone.now()).put_off.get("cam.lead", ())
    waiting = page.get_queryset(request).filter(state="MANUAL_REVIEW").exclude(pk__in=put_off)
    waiting = waiting.filter(campaign=campaign) if campaign else waiting
    return waiting.select_related("campaign").defer(None).defer("raw").order_by("pk")


def _decide(page: ReadOnlyAdmin, request: HttpRequest, campaign: Campaign | None) -> HttpResponse:
    """Decide on the lead that the form names, or say why not, and lead on to the next."""
    form = DecisionForm(request.POST)
    if not form.is_valid():
        messages.error(request, "Choose what becomes of the lead.")
        return HttpResponseRedirect(_address(campaign))
    said = form.cleaned_data
    try:
        with transaction.atomic():
            lead = get_object_or_404(page.get_queryset(request).select_for_update(of=("self",)), pk=said["lead"])
            advance_lead(lead, said["verb"], by=request.user.pk, reason=said["reason"], at=timezone.now())
    except MoveRefused as refusal:
        messages.error(request, str(refusal))
    except TransitionNotAllowed:
        messages.error(request, "Somebody else moved this lead in this moment.")
    except ValueError:
        messages.error(request, "Say why nobody should write to them.")
        return HttpResponseRedirect(_address(campaign, lead=said["lead"]))
    else:
        messages.success(request, f"{lead} is {lead.state.lower()}.")
    return HttpResponseRedirect(_address(campaign, after=said["lead"]))


def _address(campaign: Campaign | None, **narrowed: UUID) -> str:
    wanted = {"campaign": campaign.pk, **narrowed} if campaign else narrowed
    page = reverse("admin:cam_lead_review")
    return f"{page}?{urlencode(wanted)}" if wanted else page


def _campaign(request: HttpRequest) -> Campaign | None:
    said = request.GET.get("campaign", "")
    return get_object_or_404(Campaign, pk=_uuid(said)) if said else None


def _in_words(count: int) -> str:
    return str(count) if count <= MOST_COUNTED else f"more than {MOST_COUNTED}"


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
