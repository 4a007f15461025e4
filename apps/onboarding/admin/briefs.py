"""Briefs at the desk: what was understood of what a client sent."""

from collections.abc import Callable
from typing import Any

from django.contrib import admin
from django.utils.safestring import SafeString

from apps.onboarding.models import Brief
from apps.shared.admin import (
    CLIENT_FILTER,
    CREATED_FILTER,
    NOTHING,
    ReadOnlyAdmin,
    admin_link,
    bullets,
    client_link,
    declared_filter,
    run_link,
    short_id,
)


def weeks(brief: Brief) -> str:
    """Return how long the work takes."""
    least, most = brief.timeline_weeks_min, brief.timeline_weeks_max
    return str(least) if least == most else f"{least}–{most}"


def _money(money: dict[str, Any] | None) -> str:
    return f"{money['amount']} {money['currency']}" if money else ""


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


@admin.register(Brief)
class BriefAdmin(ReadOnlyAdmin):
    list_display = ("name", client_link, "start_date", "weeks", "budget", "warning_count", run_link, "created_at")
    client_tab = "Intakes and briefs"
    list_filter = (declared_filter("budget_cadence", lambda: ("MONTHLY", "TOTAL")), CLIENT_FILTER, CREATED_FILTER)
    list_select_related = ("client",)
    search_fields = ("client_name", "client__name", "industry", "geography")
    id_fields = ("pk", "run_id", "intake_id", "client_id")
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
        ("Origin", {"fields": (run_link, "created_at")}),
    )

    @admin.display(description="brief", ordering="id")
    def name(self, row: Brief) -> str:
        return f"Brief {short_id(row.pk)}"

    @admin.display(description="intake")
    def intake_page(self, row: Brief) -> str:
        return admin_link("onboarding.intake", row.intake_id, f"Intake {short_id(row.intake_id)}")

    @admin.display(description="weeks")
    def weeks(self, row: Brief) -> str:
        return weeks(row)

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
