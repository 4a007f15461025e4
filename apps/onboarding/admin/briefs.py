"""Briefs at the desk: what was understood of what a client sent, and its corrections."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.safestring import SafeString
from unfold.decorators import action

from apps.onboarding import queries, services
from apps.onboarding.forms import BriefForm
from apps.onboarding.models import Brief
from apps.onboarding.rules.revision import RevisionRefused
from apps.shared.admin import (
    CLIENT_FILTER,
    CREATED_FILTER,
    NOTHING,
    DocumentAdmin,
    ReadOnlyTabularInline,
    admin_link,
    bullets,
    client_link,
    declared_filter,
    row_of_page,
    run_link,
    short_id,
)


def _money(money: dict[str, Any] | None) -> str:
    return f"{money['amount']} {money['currency']}" if money else ""


def _weeks(brief: Brief) -> str:
    least, most = brief.timeline_weeks_min, brief.timeline_weeks_max
    return str(least) if least == most else f"{least}–{most}"


class BriefInline(ReadOnlyTabularInline):
    model = Brief
    fields = ("brief", "version", "weeks", "start_date", run_link, "created_at")

    @admin.display(description="brief")
    def brief(self, row: Brief) -> str:
        return admin_link("onboarding.brief", row.pk, f"Brief {short_id(row.pk)}")

    @admin.display(description="weeks")
    def weeks(self, row: Brief) -> str:
        return _weeks(row)


def _as_list(field: str) -> Callable[[Brief], SafeString | str]:
    @admin.display(description=field.replace("_", " "))
    def shown(row: Brief) -> SafeString | str:
        return bullets(getattr(row, field))

    return shown


_AUDIENCE_LISTS = tuple(map(_as_list, ("pain_points", "desired_outcomes", "objections", "competitors")))
_OFFER_LISTS = tuple(map(_as_list, ("selling_points", "proof")))
_SCOPE_LISTS = tuple(map(_as_list, ("deliverables", "exclusions")))
_VOICE_LISTS = tuple(map(_as_list, ("tone", "languages", "extra_languages")))
_LIMIT_LISTS = tuple(
    map(
        _as_list,
        (
            "banned_words",
            "forbidden_claims",
            "disclaimers",
            "compliance_requirements",
            "channels_excluded",
            "constraints",
        ),
    )
)
_FACT_LISTS = (_as_list("facts"),)


def _brief_url(pk: UUID) -> str:
    return reverse("admin:onboarding_brief_change", args=[pk])


def _version(brief: Brief) -> str:
    return f"version {brief.version} of the brief of {brief.client_name}"


def _version_link(pk: UUID | None, number: int) -> str:
    return admin_link("onboarding.brief", pk, f"Version {number}")


def _revise(request: HttpRequest, brief: Brief, form: BriefForm) -> Brief | None:
    """Store the next version, or say on the form why not."""
    try:
        revised = services.revise_brief(brief, form.wording, reason=form.cleaned_data["reason"], by=request.user.pk)
    except RevisionRefused as refusal:
        form.refuse(refusal)
        return None
    kept = f"Version {brief.version} stays as it was, and so does all that was made of it."
    messages.success(request, f"Version {revised.version} is stored. {kept}")
    return revised


@admin.register(Brief)
class BriefAdmin(DocumentAdmin):
    empty_says = "A run makes one of each intake."
    list_display = (
        *("name", "version", client_link, "start_date", "weeks", "budget", "warning_count", run_link, "created_at"),
    )
    client_tab = "Intakes and briefs"
    list_filter = (declared_filter("budget_cadence", lambda: ("MONTHLY", "TOTAL")), CLIENT_FILTER, CREATED_FILTER)
    search_fields = ("client_name", "client__name", "industry", "geography")
    id_fields = ("pk", "run_id", "intake_id", "client_id")
    actions_detail = ("revise_brief",)
    change_form_before_template = "admin/deeds.html"
    fieldsets = (
        (None, {"fields": (client_link, "intake_page", "client_name", "website", "industry", "geography")}),
        ("Unclear or missing", {"fields": ("unclear",)}),
        ("Aim", {"fields": ("objectives_shown", "success")}),
        ("Audience", {"fields": ("audiences_shown", *_AUDIENCE_LISTS)}),
        ("Offer", {"fields": ("offers_shown", "pricing", *_OFFER_LISTS)}),
        ("Scope", {"fields": (*_SCOPE_LISTS, "weeks", "start_date", "budget", "budget_text")}),
        ("Voice", {"fields": (*_VOICE_LISTS, "brand_kit")}),
        ("Limits", {"fields": _LIMIT_LISTS}),
        ("Facts", {"fields": (*_FACT_LISTS, "tracking_status")}),
        (
            "Origin",
            {"fields": ("version", "version_before", "version_after", "author", "reason", run_link, "created_at")},
        ),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Brief]:
        return super().get_queryset(request).select_related("client", "author")

    def page(self, request: HttpRequest, row: Brief) -> dict[str, Any]:
        return {"deeds": self.admin_site.deeds_about(request, row)}

    def has_revise_brief_permission(self, request: HttpRequest, object_id: str | None = None) -> bool:
        return self.has_view_permission(request) and request.user.has_perm("onboarding.revise_brief")

    def get_actions_detail(self, request: HttpRequest, object_id: int | str | None = None) -> list[Any]:
        """Offer to edit the version that holds; on one that was replaced it would lead nowhere."""
        row = row_of_page(self, request, object_id)
        is_replaced = row is not None and queries.find_next_version(row) is not None
        return [] if is_replaced else super().get_actions_detail(request, object_id)

    @action(description="Edit", url_path="revise", permissions=["revise_brief"])
    def revise_brief(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Take corrections and why, and store them as the next version; whatever forbids it is said in words."""
        brief = self.get_object(request, object_id)
        if brief is None:
            raise Http404
        form = BriefForm(brief.as_dto(), request.POST or None)
        if form.is_valid() and (revised := _revise(request, brief, form)):
            return HttpResponseRedirect(_brief_url(revised.pk))
        context = self.admin_site.each_context(request) | {"opts": self.opts, "form": form, "brief": brief}
        context |= {"title": f"Edit {_version(brief)}", "successor": queries.find_next_version(brief)}
        return TemplateResponse(request, "admin/onboarding/revise_brief.html", context)

    @admin.display(description="revises")
    def version_before(self, row: Brief) -> str:
        return _version_link(row.revises_id, row.version - 1)

    @admin.display(description="replaced by")
    def version_after(self, row: Brief) -> str:
        later = queries.find_next_version(row)
        return _version_link(later and later.pk, row.version + 1)

    @admin.display(description="brief", ordering="id")
    def name(self, row: Brief) -> str:
        return f"Brief {short_id(row.pk)}"

    @admin.display(description="intake")
    def intake_page(self, row: Brief) -> str:
        return admin_link("onboarding.intake", row.intake_id, f"Intake {short_id(row.intake_id)}")

    @admin.display(description="weeks")
    def weeks(self, row: Brief) -> str:
        return _weeks(row)

    @admin.display(description="budget", ordering="budget_amount")
    def budget(self, row: Brief) -> str:
        budget = row.as_dto().budget
        if budget is None:
            return NOTHING
        until = f" to {budget.amount_max}" if budget.amount_max else ""
        return f"{budget.amount}{until} {'a month' if budget.cadence == 'MONTHLY' else 'in total'}"

    @admin.display(description="warnings")
    def warning_count(self, row: Brief) -> int:
        return len(row.warnings)

    @admin.display(description="warnings")
    def unclear(self, row: Brief) -> SafeString | str:
        return bullets([f"{warning['field']}: {warning['message']}" for warning in row.warnings])

    @admin.display(description="objectives")
    def objectives_shown(self, row: Brief) -> SafeString | str:
        return bullets([objective["text"] for objective in row.objectives])

    @admin.display(description="audiences")
    def audiences_shown(self, row: Brief) -> SafeString | str:
        return bullets([audience["text"] for audience in row.audiences])

    @admin.display(description="offers")
    def offers_shown(self, row: Brief) -> SafeString | str:
        return bullets(
            [" · ".join(filter(None, (offer["text"], _money(offer["price"]), offer["unit"]))) for offer in row.offers]
        )
