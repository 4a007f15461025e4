"""The account manager's desk: what clients sent, and what was understood."""

from collections.abc import Callable
from typing import Any, ClassVar

from django.contrib import admin
from django.db.models import Count, QuerySet
from django.http import HttpRequest
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from apps.onboarding import services
from apps.onboarding.models import Brief, DiscoveryNote, Intake, Workspace
from apps.shared.admin import Button, ReadOnlyAdmin, ReadOnlyStackedInline, ReadOnlyTabularInline, TransitionAdmin
from apps.shared.admin import admin_link as link


def _bullets(items: Any) -> SafeString | str:
    rows = format_html_join("", "<li>{}</li>", ((item,) for item in items))
    return format_html('<ul class="list-disc pl-4">{}</ul>', rows) if items else "–"


def _said(value: Any) -> SafeString | str:
    """Show a JSON value as a client would read it."""
    match value:
        case dict():
            pairs = ((key, _said(item)) for key, item in value.items())
            return format_html("<dl>{}</dl>", format_html_join("", "<dt><b>{}</b></dt><dd>{}</dd>", pairs))
        case list():
            return _bullets([_said(item) for item in value])
        case None | "":
            return "–"
    return str(value)


def _money(money: dict[str, Any] | None) -> str:
    return f"{money['amount']} {money['currency']}" if money else ""


class DiscoveryNoteInline(ReadOnlyStackedInline):
    model = DiscoveryNote
    fields = ("call_date", "notes", "clarified")
    readonly_fields = ("clarified",)

    @admin.display(description="clarifications")
    def clarified(self, row: DiscoveryNote) -> SafeString | str:
        return _said(row.clarifications)


class BriefInline(ReadOnlyTabularInline):
    model = Brief
    fields = ("client_name", "start_date", "timeline_weeks_max", "run_id", "created_at")
    readonly_fields = ("run_id", "created_at")


@admin.register(Intake)
class IntakeAdmin(ReadOnlyAdmin):
    list_display = ("__str__", "client", "source", "form_version", "submitted_at", "brief_count")
    list_filter = ("source", "form_version", "client")
    list_select_related = ("client",)
    search_fields = ("client__name", "submission_key", "answers")
    date_hierarchy = "submitted_at"
    inlines = (DiscoveryNoteInline, BriefInline)
    readonly_fields = ("said", "client_page")
    fieldsets = (
        (None, {"fields": ("client_page", "source", "form_version", "submitted_at", "submission_key")}),
        ("Answers", {"fields": ("said",)}),
        ("Origin", {"fields": ("run_id", "created_at")}),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Intake]:
        return super().get_queryset(request).annotate(briefs_made=Count("briefs"))

    @admin.display(description="briefs", ordering="briefs_made")
    def brief_count(self, row: Any) -> int:
        return row.briefs_made

    @admin.display(description="client")
    def client_page(self, row: Intake) -> str:
        return link("identity.client", row.client_id, row.client.name)

    @admin.display(description="answers")
    def said(self, row: Intake) -> SafeString | str:
        return _said(row.answers)


@admin.register(DiscoveryNote)
class DiscoveryNoteAdmin(ReadOnlyAdmin):
    list_display = ("call_date", "intake", "notes")
    list_select_related = ("intake__client",)
    search_fields = ("notes", "intake__client__name")
    date_hierarchy = "call_date"


def _shown_as_list(field: str) -> Callable[[Brief], SafeString | str]:
    @admin.display(description=field.replace("_", " "))
    def shown(row: Brief) -> SafeString | str:
        return _bullets(getattr(row, field))

    return shown


_AUDIENCE_LISTS = tuple(map(_shown_as_list, ("pain_points", "desired_outcomes", "objections", "competitors")))
_OFFER_LISTS = tuple(map(_shown_as_list, ("selling_points", "proof")))
_SCOPE_LISTS = tuple(map(_shown_as_list, ("deliverables", "exclusions")))
_VOICE_LISTS = tuple(map(_shown_as_list, ("tone", "languages", "extra_languages")))
_LIMIT_LISTS = tuple(
    map(
        _shown_as_list,
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
_FACT_LISTS = (_shown_as_list("facts"),)


@admin.register(Brief)
class BriefAdmin(ReadOnlyAdmin):
    list_display = ("__str__", "client", "start_date", "weeks", "budget", "warning_count", "created_at")
    list_filter = ("budget_cadence", "client")
    list_select_related = ("client",)
    search_fields = ("client_name", "client__name", "industry", "geography", "run_id")
    date_hierarchy = "created_at"
    readonly_fields = (
        *("client_page", "intake_page", "unclear", "objectives_shown", "audiences_shown", "offers_shown"),
        *(
            "weeks",
            "budget",
            *_AUDIENCE_LISTS,
            *_OFFER_LISTS,
            *_SCOPE_LISTS,
            *_VOICE_LISTS,
            *_LIMIT_LISTS,
            *_FACT_LISTS,
        ),
    )
    fieldsets = (
        (None, {"fields": ("client_page", "intake_page", "client_name", "website", "industry", "geography")}),
        ("Unclear or missing", {"fields": ("unclear",)}),
        ("Aim", {"fields": ("objectives_shown", "success")}),
        ("Audience", {"fields": ("audiences_shown", *_AUDIENCE_LISTS)}),
        ("Offer", {"fields": ("offers_shown", "pricing", *_OFFER_LISTS)}),
        ("Scope", {"fields": (*_SCOPE_LISTS, "weeks", "start_date", "budget", "budget_text")}),
        ("Voice", {"fields": (*_VOICE_LISTS, "brand_kit")}),
        ("Limits", {"fields": _LIMIT_LISTS}),
        ("Facts", {"fields": (*_FACT_LISTS, "tracking_status")}),
        ("Origin", {"fields": ("run_id", "created_at")}),
    )

    @admin.display(description="client")
    def client_page(self, row: Brief) -> str:
        return link("identity.client", row.client_id, row.client.name)

    @admin.display(description="intake")
    def intake_page(self, row: Brief) -> str:
        return link("onboarding.intake", row.intake_id)

    @admin.display(description="weeks")
    def weeks(self, row: Brief) -> str:
        least, most = row.timeline_weeks_min, row.timeline_weeks_max
        return str(least) if least == most else f"{least}–{most}"

    @admin.display(description="budget", ordering="budget_amount")
    def budget(self, row: Brief) -> str:
        budget = row.as_dto().budget
        if budget is None:
            return "–"
        until = f" to {budget.amount_max}" if budget.amount_max else ""
        return f"{budget.amount}{until} {'a month' if budget.cadence == 'MONTHLY' else 'in total'}"

    @admin.display(description="warnings")
    def warning_count(self, row: Brief) -> int:
        return len(row.warnings)

    @admin.display(description="warnings")
    def unclear(self, row: Brief) -> SafeString | str:
        return _bullets([f"{warning['field']}: {warning['message']}" for warning in row.warnings])

    @admin.display(description="objectives")
    def objectives_shown(self, row: Brief) -> SafeString | str:
        return _bullets([objective["text"] for objective in row.objectives])

    @admin.display(description="audiences")
    def audiences_shown(self, row: Brief) -> SafeString | str:
        return _bullets([audience["text"] for audience in row.audiences])

    @admin.display(description="offers")
    def offers_shown(self, row: Brief) -> SafeString | str:
        return _bullets(
            [" · ".join(filter(None, (offer["text"], _money(offer["price"]), offer["unit"]))) for offer in row.offers]
        )


def _may(transition: str) -> Any:
    def offered(workspace: Workspace) -> bool:
        return any(found.name == transition for found in workspace.get_available_state_transitions())

    return offered


def _button(name: str, label: str, explanation: str) -> Button:
    service = getattr(services, name)
    return Button(name, label, service, "onboarding.advance_workspace", _may(name), explanation)


@admin.register(Workspace)
class WorkspaceAdmin(TransitionAdmin):
    list_display = ("slug", "client", "state", "url", "created_at")
    list_filter = ("state",)
    list_select_related = ("client",)
    search_fields = ("slug", "client__name", "url")
    buttons: ClassVar = (
        _button("start_discovery", "Start discovery", "The client has answered; the calls begin."),
        _button("review_brief", "Review the brief", "A brief was made; it is looked over with the client."),
        _button("set_up", "Set the workspace up", "The brief holds; the place of work is prepared."),
        _button("complete", "Complete", "The workspace is ready; the client can be invited."),
    )
