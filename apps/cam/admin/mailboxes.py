"""Mailboxes at the desk: added, changed, paused, and tried without a mail being sent."""

from typing import Any, ClassVar
from uuid import UUID

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils import timezone
from django.views.decorators.http import require_POST

from apps.cam.forms import MailboxForm, MailboxSettingsForm
from apps.cam.models import Mailbox
from apps.cam.rules.caps import day_cap
from apps.cam.services import mailbox_settings
from apps.cam.services.mailbox_settings import EDITED, MailboxRefused
from apps.shared.admin import Button, DocumentAdmin, TransitionAdmin, badge
from apps.shared.desk import Need, list_of, needs_filter, page_of

RIGHT = "cam.run_mailbox"

ILL = Need(
    key="ill",
    title="Mailboxes that do not work",
    permissions=(RIGHT,),
    narrow=lambda rows: rows.exclude(Q(send_error="") & Q(poll_error="")).order_by("pk"),
    client=lambda mailbox: "",
    why=lambda mailbox: mailbox.send_error or mailbox.poll_error,
    since=lambda mailbox: mailbox.updated_at,
)


@admin.display(description="state")
def standing(mailbox: Mailbox) -> str:
    """Show whether a mailbox sends."""
    if mailbox.pause_reason:
        return badge("PAUSED")
    return badge("FAILED" if mailbox.send_error else "ACTIVE")


@admin.register(Mailbox)
class MailboxAdmin(DocumentAdmin, TransitionAdmin):
    needs = (ILL,)
    empty_says = "A campaign writes from one."
    empty_leads_to = ("Add a mailbox", "admin:cam_mailbox_new", RIGHT)
    list_display = ("__str__", "sender_name", standing, "daily_cap", "hourly_cap", "warm_up_from", "polled_at")
    list_filter = (needs_filter(needs),)
    search_fields = ("address", "sender_name")
    list_before_template = "admin/cam/mailbox_list.html"
    change_form_before_template = "admin/cam/mailbox.html"
    fieldsets = (
        (None, {"fields": ("address", "sender_name", "postal_address", "server")}),
        ("How much", {"fields": ("daily_cap", "hourly_cap", "warm_up_from", "warm_up_start", "warm_up_step")}),
        ("Standing", {"fields": ("pause_reason", "polled_at", "created_at", "updated_at")}),
    )
    buttons: ClassVar = (
        Button(
            name="pause",
            label="Pause",
            service=mailbox_settings.pause_mailbox,
            permission=RIGHT,
            offered=lambda mailbox: not mailbox.pause_reason,
            explanation="Nothing is sent from it until somebody lets it go on.",
            asks_reason=True,
            refusals=(ValueError,),
        ),
        Button(
            name="resume",
            label="Resume",
            service=mailbox_settings.resume_mailbox,
            permission=RIGHT,
            offered=lambda mailbox: bool(mailbox.pause_reason),
            explanation="It sends again.",
            preview=lambda mailbox: f"It was paused because: {mailbox.pause_reason}",
        ),
    )

    def get_urls(self) -> list[URLPattern]:
        views = (
            ("new/", self.add, "new"),
            ("<uuid:pk>/settings/", self.change, "settings"),
            ("<uuid:pk>/try/", require_POST(self.try_connection), "try"),
        )
        wrap = self.admin_site.admin_view
        return [
            *(path(route, wrap(view), name=f"cam_mailbox_{name}") for route, view, name in views),
            *super().get_urls(),
        ]

    def page(self, request: HttpRequest, row: Mailbox) -> dict[str, Any]:
        today = timezone.now().date()
        return {
            "mailbox": row,
            "state": standing(row),
            "cap_today": day_cap(row.daily_cap, row.warm_up_from, row.warm_up_start, row.warm_up_step, today),
        }

    @admin.display(description="mail server")
    def server(self, mailbox: Mailbox) -> str:
        return f"where AICMO_MAILBOX_{mailbox.key}_SMTP_URL says"

    def add(self, request: HttpRequest) -> HttpResponse:
        """Take in a mailbox to write from."""
        _require(request)
        form = MailboxForm(request.POST or None)
        if form.is_valid() and (
            row := _saved(form, mailbox_settings.add_mailbox, form.cleaned_data, by=request.user.pk)
        ):
            messages.success(request, "The mailbox is added. Test its connection, then choose it for a campaign.")
            return HttpResponseRedirect(page_of(row))
        return self._form_page(request, "New mailbox", form, "Add", list_of(Mailbox))

    def change(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        """Take in who writes from a mailbox, and how much."""
        _require(request)
        row = get_object_or_404(Mailbox, pk=pk)
        form = MailboxSettingsForm(request.POST or None, initial={name: getattr(row, name) for name in EDITED})
        if form.is_valid() and _saved(
            form, mailbox_settings.change_mailbox, row, form.cleaned_data, by=request.user.pk
        ):
            messages.success(request, "The mailbox is changed.")
            return HttpResponseRedirect(page_of(row))
        return self._form_page(request, f"Settings of {row}", form, "Save", page_of(row))

    def try_connection(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        """Log in to the mail server and go again; say what came of it."""
        _require(request)
        row = get_object_or_404(Mailbox, pk=pk)
        if problem := mailbox_settings.try_mailbox(row):
            messages.error(request, f"The mail server could not be used: {problem}")
        else:
            messages.success(request, "The mail server took our log-in. Nothing was sent.")
        return HttpResponseRedirect(page_of(row))

    def _form_page(self, request: HttpRequest, title: str, form: Any, submit: str, back_url: str) -> HttpResponse:
        context = {"title": title, "form": form, "submit": submit, "back_url": back_url}
        return TemplateResponse(request, "admin/cam/form.html", {**self.admin_site.each_context(request), **context})


def _require(request: HttpRequest) -> None:
    if not request.user.has_perm(RIGHT):
        raise PermissionDenied


def _saved(form: MailboxForm, service: Any, *arguments: Any, by: UUID) -> Mailbox | None:
    """Return what a service made of a form; where it refuses, say so beside the fields."""
    try:
        return service(*arguments, by=by)
    except MailboxRefused as refusal:
        for field, problem in refusal.problems.items():
            form.add_error(field, f"It {problem}.")
        return None
