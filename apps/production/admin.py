"""Packs, drafts and bundles at the desk."""

from typing import ClassVar

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.template.loader import render_to_string
from markdown_it import MarkdownIt

from apps.production.models import Bundle, BundleAsset, CalendarItem, Draft, Pack, PackSection
from apps.production.rules.writing import count_words
from apps.shared.admin import ReadOnlyAdmin, ReadOnlyStackedInline, ReadOnlyTabularInline, admin_link

_markdown = MarkdownIt("commonmark", {"html": False}).enable("table")


class PackSectionInline(ReadOnlyTabularInline):
    model = PackSection
    fields = ("position", "key", "heading", "renderer", "prompt", "prompt_version")


@admin.register(Pack)
class PackAdmin(ReadOnlyAdmin):
    list_display = ("title", "key", "is_active", "description")
    list_filter = ("is_active",)
    inlines: ClassVar = [PackSectionInline]


class CalendarItemInline(ReadOnlyTabularInline):
    model = CalendarItem
    fields = ("date", "platform", "theme", "format", "hook", "call_to_action")


@admin.register(Draft)
class DraftAdmin(ReadOnlyAdmin):
    """A draft to read: its sections as the client will see them, its calendar below."""

    list_display = ("pack_title", "client", "round", "state", "provider", "created_at")
    list_filter = ("state", "pack", "provider")
    search_fields = ("client__name",)
    list_select_related = ("client",)
    fields = (
        ("client", "pack_title"),
        ("round", "state", "provider"),
        ("brief", "strategy", "assets"),
        "run_id",
        "created_at",
        "text",
    )
    inlines: ClassVar = [CalendarItemInline]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Draft]:
        return super().get_queryset(request).select_related("bundle")

    @admin.display(description="Brief")
    def brief(self, draft: Draft) -> str:
        return admin_link("onboarding.brief", draft.brief_id)

    @admin.display(description="Strategy")
    def strategy(self, draft: Draft) -> str:
        return admin_link("strategy.strategy", draft.strategy_id)

    @admin.display(description="Assets")
    def assets(self, draft: Draft) -> str:
        bundle = getattr(draft, "bundle", None)
        return admin_link("production.bundle", bundle.pk if bundle else None)

    @admin.display(description="Sections")
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
    list_display = ("id", "draft", "created_at")
    list_select_related = ("draft",)
    fields = ("draft_link", "run_id", "created_at")
    inlines: ClassVar = [BundleAssetInline]

    @admin.display(description="Draft")
    def draft_link(self, bundle: Bundle) -> str:
        return admin_link("production.draft", bundle.draft_id, str(bundle.draft))
