"""How campaigns do, at the desk: day by day, by step and subject, and what pauses them."""

from decimal import Decimal
from itertools import pairwise
from typing import Any, ClassVar
from uuid import UUID

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.decorators import method_decorator
from django.views.decorators.http import require_http_methods

from apps.cam.admin.leads import campaign_link
from apps.cam.forms import PauseRuleForm
from apps.cam.models import CampaignSnapshot, PauseRule, VariantSnapshot
from apps.cam.models.metrics import Counts
from apps.cam.rules.pauses import percent
from apps.cam.rules.significance import compare
from apps.cam.services import pauses
from apps.shared.admin import NOTHING, Button, DocumentAdmin, TransitionAdmin
from apps.shared.desk import page_of


def share(part: int, whole: int) -> str:
    """Return a share with what it is of, such as `4.5 % (3 of 67)`."""
    return f"{percent(Decimal(part) / whole)} ({part} of {whole})" if whole else NOTHING


@admin.display(description="answered")
def answered(counts: Counts) -> str:
    """Say how many of those written to have answered: of a step, of its mails."""
    return share(counts.replied, counts.contacted if isinstance(counts, CampaignSnapshot) else counts.sent)


@admin.display(description="positive")
def positive(counts: Counts) -> str:
    """Say how many of them answered positively."""
    return share(counts.positive, counts.contacted if isinstance(counts, CampaignSnapshot) else counts.sent)


@admin.display(description="bounced")
def bounced(counts: Counts) -> str:
    """Say how many of the mails bounced for good."""
    return share(counts.bounced_hard, counts.sent)


def in_words(a: VariantSnapshot, b: VariantSnapshot) -> str:
    """Say whether one of a step's two subjects does better, or how much more it takes to tell."""
    compared = compare(a.replied, a.sent, b.replied, b.sent)
    if compared.better:
        return f"Subject {compared.better} is answered more often, and hardly by chance (p = {compared.p:.3f})."
    if compared.needs is None:
        return "No difference is seen."
    return f"It may be chance (p = {compared.p:.2f}): this needs {compared.needs} more mails with each subject."


@admin.register(CampaignSnapshot)
class CampaignSnapshotAdmin(DocumentAdmin):
    empty_says = "A cycle takes one of each campaign that runs, each day."
    empty_leads_to = ("New campaign", "new-campaign", "cam.create_campaign")
    list_display = (campaign_link, "day", "sent", answered, positive, bounced, "complaints", "meetings", "won")
    list_filter = ("campaign", "day")
    list_select_related = ("campaign",)
    id_fields = ("pk", "campaign_id")
    change_form_before_template = "admin/cam/snapshot.html"
    fieldsets = ((None, {"fields": (campaign_link, "day", "counted_at", "qualified", "lost")}),)

    def page(self, request: HttpRequest, row: CampaignSnapshot) -> dict[str, Any]:
        parts = list(row.parts.select_related("step__sequence").order_by("step__sequence", "step__position", "variant"))
        compared = [(a.step, in_words(a, b)) for a, b in pairwise(parts) if a.step_id == b.step_id]
        return {
            "snapshot": row,
            "rates": [("Answered", answered(row)), ("Positive", positive(row)), ("Bounced", bounced(row))],
            "parts": [(part, answered(part), positive(part), bounced(part)) for part in parts],
            "compared": compared,
        }


@admin.register(PauseRule)
class PauseRuleAdmin(DocumentAdmin, TransitionAdmin):
    empty_says = "A campaign has its rules from the first cycle after it began."
    empty_leads_to = ("New campaign", "new-campaign", "cam.create_campaign")
    list_display = ("__str__", campaign_link, "is_on", "limit", "after", "fired_at")
    list_filter = ("campaign", "kind", "is_on")
    list_select_related = ("campaign",)
    id_fields = ("pk", "campaign_id")
    change_form_before_template = "admin/cam/pause_rule.html"
    fieldsets = ((None, {"fields": (campaign_link, "kind", "is_on", "limit", "after", "fired_at", "fired_on")}),)
    buttons: ClassVar = (
        Button(
            name="switch_on",
            label="Switch on",
            service=pauses.switch_on,
            permission="cam.set_pause_rule",
            offered=lambda rule: not rule.is_on,
            explanation="From the next cycle on it pauses its campaign when its numbers are reached.",
            asks_reason=True,
            refusals=(ValueError,),
        ),
        Button(
            name="switch_off",
            label="Switch off",
            service=pauses.switch_off,
            permission="cam.set_pause_rule",
            offered=lambda rule: rule.is_on,
            explanation="It pauses its campaign no more. A mail service may take that amiss before you do.",
            asks_reason=True,
            refusals=(ValueError,),
        ),
    )

    def page(self, request: HttpRequest, row: PauseRule) -> dict[str, Any]:
        return {"rule": row, "set_url": reverse("admin:cam_pauserule_set", args=[row.pk])}

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.set_numbers)
        return [path("<uuid:pk>/set/", view, name="cam_pauserule_set"), *super().get_urls()]

    @method_decorator(require_http_methods(["GET", "HEAD", "POST"]))
    def set_numbers(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        """Ask for a rule's numbers, and set them."""
        if not request.user.has_perm("cam.set_pause_rule"):
            raise PermissionDenied
        rule = get_object_or_404(self.get_queryset(request), pk=pk)
        form = PauseRuleForm(request.POST or None, initial={"limit": rule.limit.normalize(), "after": rule.after})
        if form.is_valid():
            pauses.set_pause_rule(rule, by=request.user.pk, **form.cleaned_data)
            return HttpResponseRedirect(page_of(rule))
        shown = {"title": str(rule), "form": form, "submit": "Set", "back_url": page_of(rule)}
        return TemplateResponse(request, "admin/cam/form.html", {**self.admin_site.each_context(request), **shown})
