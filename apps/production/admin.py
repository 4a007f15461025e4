"""Packs, drafts and bundles at the desk."""

from typing import ClassVar

from django.contrib import admin
from django.template.loader import render_to_string
from markdown_it import MarkdownIt

from apps.production.models import Bundle, BundleAsset, CalendarItem, Draft, Pack, PackSection
from apps.production.rules.writing import count_words
from apps.shared.admin import (
    CLIENT_FILTER,
    NOTHING,
    ReadOnlyAdmin,
    ReadOnlyStackedInline,
    ReadOnlyTabularInline,
    admin_link,
    client_link,
    link_column,
    run_link,
    short_id,
    state_column,
)

_markdown = MarkdownIt("commonmark", {"html": False}).enable("table")


class PackSectionInline(ReadOnlyTabularInline):
    model = PackSection
    fields = ("position", "key", "heading", "renderer", "prompt", "prompt_version")


@admin.register(Pack)
class PackAdmin(ReadOnlyAdmin):
    list_display = ("title", "key", "is_active", "description")
    list_filter = ("is_active",)
    search_fields = ("title", "key", "description")
    fields = ("title", "key", "is_active", "description")
    inlines: ClassVar = [PackSectionInline]


class CalendarItemInline(ReadOnlyTabularInline):
    model = CalendarItem
    fields = ("date", "platform", "theme", "format", "hook", "call_to_action")


@admin.register(Draft)
class DraftAdmin(ReadOnlyAdmin):
    """A draft to read: its sections as the client will see them, its calendar below."""

    list_display = ("pack_title", client_link, "round", state_column(), "provider", run_link, "created_at")
    client_tab = "Drafts"
    list_filter = ("state", "pack", "provider", CLIENT_FILTER)
    search_fields = ("client__name", "pack_title")
    id_fields = ("pk", "run_id", "strategy_id", "brief_id", "client_id")
    date_hierarchy = "created_at"
    list_select_related = ("client",)
    fieldsets = (
        (None, {"fields": (client_link, "pack_title", "round", state_column(), "provider")}),
        (
            "Links",
            {
                "fields": (
                    *(link_column("onboarding.brief", "brief_id"), link_column("strategy.strategy", "strategy_id")),
                    *("assets", run_link, "created_at"),
                )
            },
        ),
        ("Text", {"fields": ("text",)}),
    )
    inlines: ClassVar = [CalendarItemInline]

    @admin.display(description="Assets")
    def assets(self, draft: Draft) -> str:
        bundle = getattr(draft, "bundle", None)
        return admin_link("production.bundle", bundle.pk, "Assets") if bundle else NOTHING

    @admin.display(description="")
    def text(self, draft: Draft) -> str:
        sections = [
            {
                "heading": section.heading,
                "key": section.key,
                "provider": section.provider,
                "words": count_words(section.markdown),
                "html": _markdown.render(section.markdown),
            }
            for section in draft.sections.all()
        ]
        return render_to_string("admin/production/sections.html", {"sections": sections})


class BundleAssetInline(ReadOnlyStackedInline):
    model = BundleAsset
    fields = ("kind", "name", "spec", "file", "sha256")


@admin.register(Bundle)
class BundleAdmin(ReadOnlyAdmin):
    list_display = ("name", "of_draft", run_link, "created_at")
    list_select_related = ("draft__client",)
    search_fields = ("draft__client__name", "draft__pack_title")
    id_fields = ("pk", "run_id", "draft_id")
    ordering = ("-created_at",)
    fields = ("of_draft", run_link, "created_at")
    inlines: ClassVar = [BundleAssetInline]

    @admin.display(description="assets", ordering="id")
    def name(self, bundle: Bundle) -> str:
        return f"Assets {short_id(bundle.pk)}"

    @admin.display(description="draft")
    def of_draft(self, bundle: Bundle) -> str:
        return admin_link("production.draft", bundle.draft_id, f"{bundle.draft.client} · {bundle.draft}")
