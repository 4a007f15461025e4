"""Rule books at the desk: read in plain words, edited as a form, tried on the newest leads before they count."""

from typing import Any, ClassVar
from uuid import UUID

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.loader import render_to_string
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.safestring import SafeString
from django_fsm import ConcurrentTransition, TransitionNotAllowed

from apps.cam import queries
from apps.cam.forms import ProfileForm, RulesForm
from apps.cam.models import RuleBook
from apps.cam.rules.rulebooks import Rules, RulesRefused, told
from apps.cam.services import rulebooks
from apps.cam.services.rulebooks import WritingRefused
from apps.shared.admin import Button, DocumentAdmin, TransitionAdmin, badge, compare_texts, state_column
from apps.shared.desk import page_of

OTHERS = 10
MOST_LINES = 10
"""Of a list; a longer one is shown as a text."""
_REFUSALS = (TransitionNotAllowed, ConcurrentTransition, WritingRefused, RulesRefused)


def _is_draft(book: RuleBook) -> bool:
    return book.state == RuleBook.State.DRAFT


def _lines(text: str) -> list[str]:
    lines = text.splitlines()
    return lines if len(lines) <= MOST_LINES else [", ".join(lines)]


def what_would_change(rules: Rules) -> SafeString:
    """Show what rules would say otherwise of the newest leads than those that count now."""
    compared = queries.compare_rules(queries.live_book().rules, rules)
    return render_to_string("admin/cam/rules_compared.html", {"compared": compared})


def _address(name: str, *keys: UUID) -> str:
    return reverse(f"admin:cam_rulebook_{name}", args=keys)


@admin.register(RuleBook)
class RuleBookAdmin(DocumentAdmin, TransitionAdmin):
    """The rules that leads are scored by, version by version."""

    empty_says = "The site ships the first one: ask whoever runs it to migrate the database."
    empty_leads_to = None
    list_display = ("__str__", state_column(), "reason", "author", "created_at")
    list_filter = ("state",)
    list_select_related = ("author", "based_on")
    search_fields = ("reason",)
    change_form_before_template = "admin/cam/rulebook.html"
    fieldsets = ((None, {"fields": ("author", "reason", "based_on", "created_at", "updated_at")}),)
    buttons: ClassVar = (
        Button(
            name="put_live",
            label="Put live",
            service=rulebooks.put_live,
            permission="cam.edit_rulebook",
            offered=_is_draft,
            explanation="Leads are scored by this version from now on. Those scored before stay as they are.",
            preview=lambda book: what_would_change(book.rules),
            asks_reason=True,
            is_optional=True,
            refusals=_REFUSALS,
        ),
        Button(
            name="discard",
            label="Discard",
            service=rulebooks.discard_rules,
            permission="cam.edit_rulebook",
            offered=_is_draft,
            explanation="This draft can still be read, and never counts.",
            asks_reason=True,
            is_optional=True,
            refusals=_REFUSALS,
        ),
    )

    def page(self, request: HttpRequest, row: RuleBook) -> dict[str, Any]:
        others = RuleBook.objects.filter(name=row.name).exclude(pk=row.pk).defer("content").order_by("-version")
        return {
            "book": row,
            "state": badge(row.state),
            "parts": [(title, _lines(text)) for title, text in told(row.rules).items()],
            "compared": what_would_change(row.rules) if _is_draft(row) else "",
            "edit_url": _address("edit", row.pk) if request.user.has_perm("cam.edit_rulebook") else "",
            "others": [(each, _address("compare", row.pk, each.pk)) for each in others[:OTHERS]],
        }

    def get_urls(self) -> list[URLPattern]:
        wrap = self.admin_site.admin_view
        return [
            path("<uuid:pk>/edit/", wrap(self.edit), name="cam_rulebook_edit"),
            path("<uuid:pk>/compare/<uuid:other>/", wrap(self.compare), name="cam_rulebook_compare"),
            *super().get_urls(),
        ]

    def compare(self, request: HttpRequest, pk: UUID, other: UUID) -> HttpResponse:
        """Show two versions side by side, the older on the left."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        chosen = get_object_or_404(RuleBook, pk=pk)
        against = get_object_or_404(RuleBook, pk=other, name=chosen.name)
        before, after = sorted((chosen, against), key=lambda book: book.version)
        context = {"before": before, "after": after, "title": "Two versions of the rules", "opts": self.opts}
        context["compared"] = compare_texts(told(before.rules), told(after.rules))
        return TemplateResponse(request, "admin/compare.html", {**self.admin_site.each_context(request), **context})

    def edit(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        """Show what other rules would change, and store them as the next version's draft once that is wanted."""
        if not request.user.has_perms(["cam.view_rulebook", "cam.edit_rulebook"]):
            raise PermissionDenied
        book = get_object_or_404(RuleBook, pk=pk)
        form = RulesForm(request.POST or None, stored=book.rules)
        compared: SafeString | str = ""
        if form.is_valid():
            if "save" in request.POST and (draft := _written(request, book, form)):
                return HttpResponseRedirect(page_of(draft))
            compared = what_would_change(form.checked)
        context = {**self.admin_site.each_context(request), "opts": self.opts, "title": f"Edit {book}", "form": form}
        context |= {"book": book, "compared": compared, "back_url": page_of(book)}
        return TemplateResponse(request, "admin/cam/edit_rules.html", context)


def _written(request: HttpRequest, book: RuleBook, form: RulesForm) -> RuleBook | None:
    """Store the next version, or say on the form why not."""
    try:
        draft = rulebooks.write_rules(book, form.content, by=request.user.pk, reason=form.cleaned_data["reason"])
    except WritingRefused as refusal:
        form.add_error("reason", str(refusal))
        return None
    messages.success(request, f"Version {draft.version} is a draft. It counts once it is put live.")
    return draft


def edit_profile(page: DocumentAdmin, request: HttpRequest, pk: UUID) -> HttpResponse:
    """Show and store whom a campaign looks for; what is wrong is said beside the field."""
    if not request.user.has_perms(["cam.view_campaign", "cam.edit_profile"]):
        raise PermissionDenied
    campaign = get_object_or_404(page.get_queryset(request), pk=pk)
    form = ProfileForm(request.POST or None, stored=queries.profile_of(campaign))
    if form.is_valid():
        try:
            rulebooks.edit_profile(campaign, form.content, by=request.user.pk)
        except WritingRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, "Leads that come in from now on are scored by this.")
            return HttpResponseRedirect(page_of(campaign))
    context = {**page.admin_site.each_context(request), "opts": page.opts, "form": form, "campaign": campaign}
    context |= {"title": f"Whom {campaign} looks for", "back_url": page_of(campaign)}
    return TemplateResponse(request, "admin/cam/edit_profile.html", context)
