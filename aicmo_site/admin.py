"""The one admin site staff work in, its pages grouped by work instead of by module."""

from typing import Any

from django.contrib.admin.apps import AdminConfig
from django.http import HttpRequest
from django.template.response import TemplateResponse
from django.urls import reverse
from unfold.sites import UnfoldAdminSite

GROUPS: dict[str, dict[str, str]] = {
    "Clients": {"identity.client": "storefront", "onboarding.workspace": "workspaces"},
    "Work": {
        "orchestration.workflowrun": "play_circle",
        "onboarding.intake": "inbox",
        "onboarding.brief": "description",
        "strategy.strategy": "strategy",
        "production.draft": "edit_note",
        "qc.qcreport": "fact_check",
        "delivery.package": "package_2",
    },
    "Details": {
        "onboarding.discoverynote": "call",
        "onboarding.intakeattachment": "attach_file",
        "strategy.channelplan": "campaign",
        "strategy.kpi": "monitoring",
        "strategy.milestone": "flag",
        "production.bundle": "perm_media",
        "delivery.publication": "outbound",
    },
    "Engine": {
        "orchestration.steprun": "steps",
        "orchestration.outboxevent": "bolt",
        "orchestration.eventreceipt": "mark_email_unread",
        "orchestration.controlflag": "toggle_on",
        "observability.workerheartbeat": "memory",
        "production.pack": "stacks",
    },
    "People": {"identity.user": "person", "identity.membership": "group", "auth.group": "badge"},
    "Audit": {"observability.auditentry": "history", "learning.learningevent": "school"},
}
"""Every model of the desk under its heading, with its symbol; one that is forgotten here shows under OTHER."""

PAGES: dict[str, tuple[dict[str, str], ...]] = {
    "Work": (
        {"title": "Start a run", "url": "start-run", "icon": "rocket_launch", "permission": "orchestration.start_run"},
        {
            "title": "Import intakes",
            "url": "import-intakes",
            "icon": "upload_file",
            "permission": "onboarding.import_intakes",
        },
    ),
    "Engine": (
        {"title": "Breakers", "url": "breakers", "icon": "power", "permission": "orchestration.view_controlflag"},
    ),
}
"""Pages of the desk that show no table, under the same headings."""

OTHER = "More"


class AgencyAdminSite(UnfoldAdminSite):
    site_title = "AICMO"
    site_header = "AICMO"
    index_title = "The agency's desk"
    index_template = "admin/desk.html"

    def index(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> TemplateResponse:
        """Show above the list of pages what their admins offer, banners before panels, to whom may see it."""
        offered = [
            getattr(page, kind)()
            for kind in ("desk_banner", "desk_panel")
            for page in self._registry.values()
            if hasattr(page, kind) and page.has_view_permission(request)
        ]
        return super().index(request, {**(extra_context or {}), "desk_panels": offered})

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> list[dict[str, Any]]:
        """Return the groups, with what the user may see in each; for one module's page, that module."""
        modules = super().get_app_list(request, app_label)
        if app_label is not None:
            return modules
        seen = {entry["model"]._meta.label_lower: entry for module in modules for entry in module["models"]}
        grouped = {title: [seen.pop(label) for label in group if label in seen] for title, group in GROUPS.items()}
        grouped[OTHER] = list(seen.values())
        return [_group(title, entries) for title, entries in grouped.items() if entries]

    def get_sidebar_list(self, request: HttpRequest) -> list[dict[str, Any]]:
        """Return the same groups as Unfold's navigation."""
        return [_navigation(group, request) for group in self.get_app_list(request)]


def _group(title: str, entries: list[dict[str, Any]]) -> dict[str, Any]:
    return {"name": title, "app_label": title.lower(), "app_url": "", "has_module_perms": True, "models": entries}


def _navigation(group: dict[str, Any], request: HttpRequest) -> dict[str, Any]:
    icons = GROUPS.get(group["name"], {})
    linked = [
        (entry["name"], icons.get(entry["model"]._meta.label_lower, "table"), entry["admin_url"])
        for entry in group["models"]
    ]
    linked += [
        (page["title"], page["icon"], reverse(page["url"]))
        for page in PAGES.get(group["name"], ())
        if request.user.has_perm(page["permission"])
    ]
    items = [
        {"title": title, "icon": icon, "link": link, "active": request.path.startswith(link), "has_permission": True}
        for title, icon, link in linked
    ]
    return {"title": group["name"], "items": items}


class AgencyAdminConfig(AdminConfig):
    default_site = "aicmo_site.admin.AgencyAdminSite"
