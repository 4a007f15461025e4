"""Packs, drafts and bundles at the desk."""

from collections.abc import Iterable
from typing import Any, ClassVar
from uuid import UUID

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from apps.production import services
from apps.production.api import dtos
from apps.production.forms import MOST_CHARACTERS, CalendarForm, SectionForm
from apps.production.models import Bundle, BundleAsset, Draft, DraftSection, Pack, PackSection
from apps.production.queries import find_successor, frame_of_calendar, list_other_drafts, to_dto, with_parts
from apps.production.rules.month import lay_out
from apps.production.rules.sections.detailed_30_day_calendar import redraw
from apps.production.rules.writing import count_words
from apps.shared.admin import (
    CLIENT_FILTER,
    CREATED_FILTER,
    NOTHING,
    DocumentAdmin,
    ReadOnlyAdmin,
    ReadOnlyStackedInline,
    ReadOnlyTabularInline,
    admin_link,
    badge,
    client_link,
    compare_texts,
    declared_filter,
    link_column,
    list_link,
    run_link,
    short_id,
    state_column,
)
from apps.shared.admin.highlight import highlight, rendered
from apps.shared.desk import Need, needs_filter
from apps.shared.scope import in_scope

_POST_FIELDS = ("platform", "theme", "format", "hook", "caption", "call_to_action")
_MOST_QUOTES, _LONGEST_QUOTE = 10, 600  # of what a request may ask to be marked


class PackSectionInline(ReadOnlyTabularInline):
    model = PackSection
    fields = ("position", "key", "heading", "renderer", "prompt", "prompt_version")


@admin.register(Pack)
class PackAdmin(ReadOnlyAdmin):
    empty_says = "The site ships some: ask whoever runs it to migrate the database."
    empty_leads_to = None
    list_display = ("title", "key", "is_active", "description")
    list_filter = ("is_active",)
    search_fields = ("title", "key", "description")
    fields = ("title", "key", "is_active", "description")
    inlines: ClassVar = [PackSectionInline]


def _draft_page(draft: Draft, *, may_revise: bool) -> dict[str, Any]:
    """Return what the page of a draft shows: its sections and its calendar, as the client will read them."""
    content = to_dto(draft)
    is_open = may_revise and draft.state == Draft.State.READY
    sections = [{**_shown(section), "edit_url": is_open and _edit_url(draft, section)} for section in content.sections]
    return {
        "draft": draft,
        "state": badge(draft.state),
        "sections": sections,
        "words": sum(section["words"] for section in sections),
        "months": lay_out(content.calendar),
        "others": [(other, _compare_url(draft, other)) for other in list_other_drafts(draft)],
    }


def _shown(section: dtos.DraftSection) -> dict[str, Any]:
    return {
        "key": section.key,
        "heading": section.heading,
        "provider": section.provider,
        "words": count_words(section.markdown),
        "html": rendered(section.markdown),
    }


def _edit_url(draft: Draft, section: dtos.DraftSection) -> str:
    return reverse("admin:production_draft_edit", args=[draft.pk, section.key])


def _compare_url(draft: Draft, other: Draft) -> str:
    return reverse("admin:production_draft_compare", args=[draft.pk, other.pk])


def _texts(draft: dtos.Draft) -> dict[str, str]:
    """Return a draft as plain texts to compare, one per section (headings alone may repeat), its calendar last."""
    posts = (
        " · ".join((f"{post.date:%a %d %b}", *(getattr(post, name) for name in _POST_FIELDS)))
        for post in draft.calendar
    )
    sections = {f"{section.heading} ({section.key})": section.markdown for section in draft.sections}
    return {**sections, "Content calendar": "\n".join(posts)}


def _pack_keys() -> Iterable[str]:
    return Pack.objects.values_list("key", flat=True)


def _may_revise(request: HttpRequest) -> bool:
    return request.user.has_perm("production.revise_draft")


def _revise(request: HttpRequest, draft: Draft, key: str, form: SectionForm | CalendarForm) -> Draft | None:
    """Store the next round, or say on the form why not."""
    why = {"reason": form.cleaned_data["reason"], "by": request.user.pk}
    try:
        if isinstance(form, CalendarForm):
            revised = services.revise_calendar(draft, form.calendar, **why)
        else:
            change = dtos.SectionChange(key=key, markdown=form.cleaned_data["markdown"])
            revised = services.revise_draft(draft, [change], **why)
    except services.RevisionRefused as refusal:
        form.add_error(None, str(refusal))
        return None
    except Draft.DoesNotExist:
        form.add_error(None, "The run that had written this draft was taken back meanwhile, and the draft with it.")
        return None
    link = list_link(_compare_url(draft, revised), f"Compare it with round {draft.round}")
    messages.success(request, format_html("<p>Round {} is stored, and not checked yet. {}</p>", revised.round, link))
    return revised


def _form_of(draft: Draft, section: DraftSection, request: HttpRequest) -> tuple[SectionForm | CalendarForm, str]:
    """Return the form by which a section is edited, and its page: of the calendar the entries, of another the text."""
    if section.key != services.CALENDAR_SECTION:
        return SectionForm.of(section.markdown, request.POST), "admin/production/edit_section.html"
    form = CalendarForm.of(to_dto(draft).calendar, frame_of_calendar(draft), request.POST)
    return form, "admin/production/edit_calendar.html"


def _text_of(form: SectionForm | CalendarForm, section: DraftSection) -> str:
    """Return what a form would make of its section; of entries that are not valid, what stands there now."""
    if isinstance(form, SectionForm):
        return form["markdown"].value() or ""
    is_whole = form.posts.is_bound and form.posts.is_valid()
    return redraw(section.markdown, form.calendar) if is_whole else section.markdown


EDITED = Need(
    key="edited",
    title="Drafts edited after their last check",
    permissions=("orchestration.start_run", "qc.change_qcreport", "production.revise_draft"),
    narrow=lambda drafts: drafts.edited_and_unchecked().select_related("client", "author").order_by("pk"),
    why=lambda draft: f"{draft.author}: {draft.reason[:120]}",
)


@admin.register(Draft)
class DraftAdmin(DocumentAdmin):
    """A draft to read: its sections as the client will see them, its calendar by months, and beside another draft."""

    empty_says = "A run writes one for each strategy."
    list_display = ("pack_title", client_link, "round", state_column(), "provider", run_link, "created_at")
    needs = (EDITED,)
    client_tab = "Drafts"
    list_filter = ("state", needs_filter(needs), declared_filter("pack", _pack_keys), CLIENT_FILTER, CREATED_FILTER)
    search_fields = ("client__name", "pack_title")
    id_fields = ("pk", "run_id", "strategy_id", "brief_id", "client_id")
    list_select_related = ("client",)
    change_form_before_template = "admin/production/draft.html"
    fieldsets = (
        (
            "Links",
            {
                "fields": (
                    *(client_link, link_column("onboarding.brief", "brief_id")),
                    *(
                        link_column("strategy.strategy", "strategy_id"),
                        "assets",
                        "followed_lessons",
                        run_link,
                        "created_at",
                    ),
                )
            },
        ),
    )

    @admin.display(description="Lessons it was written by")
    def followed_lessons(self, draft: Draft) -> SafeString | str:
        links = (
            (admin_link("learning.lesson", UUID(each["id"]), f"{', '.join(each['words'])} (v{each['version']})"),)
            for each in draft.lessons
        )
        return format_html_join(", ", "{}", links) or "none"

    @admin.display(description="Assets")
    def assets(self, draft: Draft) -> str:
        bundle = getattr(draft, "bundle", None)
        return admin_link("production.bundle", bundle.pk, "Assets") if bundle else NOTHING

    def page(self, request: HttpRequest, row: Draft) -> dict[str, Any]:
        deeds = self.admin_site.deeds_about(request, row)
        return {**_draft_page(row, may_revise=_may_revise(request)), "deeds": deeds}

    def get_urls(self) -> list[URLPattern]:
        views = (
            ("<uuid:pk>/compare/<uuid:other>/", self.compare, "compare"),
            ("<uuid:pk>/sections/<slug:key>/", self.section, "section"),
            ("<uuid:pk>/sections/<slug:key>/edit/", self.edit, "edit"),
        )
        ours = [
            path(route, self.admin_site.admin_view(view), name=f"production_draft_{name}")
            for route, view, name in views
        ]
        return [*ours, *super().get_urls()]

    def compare(self, request: HttpRequest, pk: UUID, other: UUID) -> HttpResponse:
        """Show two drafts for one strategy side by side, the older on the left."""
        self._require_view(request)
        drafts = with_parts(self.get_queryset(request).select_related("client"))
        chosen = get_object_or_404(drafts, pk=pk)
        against = get_object_or_404(drafts, pk=other, strategy_id=chosen.strategy_id)
        before, after = sorted((chosen, against), key=lambda draft: draft.created_at)
        shown = {
            "before": before,
            "after": after,
            "compared": compare_texts(_texts(to_dto(before)), _texts(to_dto(after))),
        }
        desk = {**self.admin_site.each_context(request), "opts": self.opts, "title": f"Two drafts for {chosen.client}"}
        return TemplateResponse(request, "admin/compare.html", {**desk, **shown})

    def section(self, request: HttpRequest, pk: UUID, key: str) -> HttpResponse:
        """Send one section for another page to show, with the words of each `quote=…‹words›…` marked in their place."""
        self._require_view(request)
        section = get_object_or_404(in_scope(DraftSection.objects.all(), request.user), draft_id=pk, key=key)
        quotes = [quote[:_LONGEST_QUOTE] for quote in request.GET.getlist("quote")[:_MOST_QUOTES]]
        text, places = highlight(rendered(section.markdown), quotes)
        context = {"html": text, "is_lost": bool(quotes) and not places}
        return TemplateResponse(request, "admin/production/section.html", context)

    def edit(self, request: HttpRequest, pk: UUID, key: str) -> HttpResponse:
        """Take a section's new text and why, and store both as the next round; whatever forbids it is said in words.

        A look stores nothing. Text written for a round that was replaced meanwhile can be taken along to its successor.
        """
        self._require_view(request)
        if not _may_revise(request):
            raise PermissionDenied
        draft = get_object_or_404(self.get_queryset(request).select_related("client"), pk=pk)
        section = get_object_or_404(draft.sections, key=key)
        form, template = _form_of(draft, section, request)
        is_to_be_saved = "save" in request.POST and form.is_valid()
        if is_to_be_saved and (revised := _revise(request, draft, key, form)):
            return HttpResponseRedirect(reverse("admin:production_draft_change", args=[revised.pk]))
        shown = {"draft": draft, "section": section, "form": form, "successor": find_successor(draft)}
        shown["html"] = rendered(_text_of(form, section)[:MOST_CHARACTERS])
        desk = {**self.admin_site.each_context(request), "opts": self.opts, "title": f"Edit “{section.heading}”"}
        return TemplateResponse(request, template, {**desk, **shown})

    def _require_view(self, request: HttpRequest) -> None:
        if not self.has_view_permission(request):
            raise PermissionDenied


class BundleAssetInline(ReadOnlyStackedInline):
    model = BundleAsset
    fields = ("kind", "name", "spec", "file", "sha256")


@admin.register(Bundle)
class BundleAdmin(ReadOnlyAdmin):
    empty_says = "They are put together from a draft that has one."
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
