"""Retainers at the desk: started by a form, paused, resumed and ended, with the periods that come and those billed."""

from typing import Any, ClassVar
from uuid import UUID

from django.conf import settings
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils import timezone

from apps.billing import rules
from apps.billing.admin.desk import deed_of_audit, invoice_name
from apps.billing.forms import RetainerForm
from apps.billing.models import Retainer
from apps.billing.rules import BillingRefused
from apps.billing.services import retainers
from apps.identity.models import Client
from apps.shared.admin import (
    CLIENT_FILTER,
    CREATED_FILTER,
    Button,
    DocumentAdmin,
    TransitionAdmin,
    badge,
    client_link,
    link_column,
    state_column,
)
from apps.shared.desk import Need, needs_filter, page_link, page_of


def _pause(retainer: Retainer, *, by: UUID, reason: str) -> Retainer:
    return retainers.pause_retainer(retainer.pk, reason=reason, by=by, at=timezone.now())


def _resume(retainer: Retainer, *, by: UUID, reason: str) -> Retainer:
    return retainers.resume_retainer(retainer.pk, reason=reason, by=by, at=timezone.now())


def _end(retainer: Retainer, *, by: UUID, reason: str) -> Retainer:
    return retainers.end_retainer(retainer.pk, reason=reason, by=by, at=timezone.now())


def _what_stopping_leaves(retainer: Retainer) -> str:
    left = retainers.unbilled_once_stopped(retainer, at=timezone.now()) if retainer.state == "ACTIVE" else None
    if left is None:
        return ""
    begins, ends = left
    period = f"{begins:%-d %b %Y} to {ends:%-d %b %Y}"
    return f"It is billed when a period is over: {period} has begun and is not billed then. Write an invoice by hand."


OF_ENDED = Need(
    key="ended",
    title="Retainers of clients whose work has ended",
    permissions=("billing.end_retainer",),
    narrow=lambda rows: (
        rows.filter(state=Retainer.State.ACTIVE, client__status=Client.Status.ENDED)
        .select_related("client")
        .order_by("next_date", "pk")
    ),
    why=lambda row: f"{rules.say(row.price, row.currency)} is billed again for {row.next_date:%-d %b %Y}. End it.",
)


def _choose_credit(retainer: Retainer, *, by: UUID, reason: str) -> Retainer:
    return retainers.choose_credit(retainer.pk, uses_credit=not retainer.uses_credit, by=by)


def _credit_button(name: str, label: str, explanation: str, *, uses_credit: bool) -> Button:
    return Button(
        name=name,
        label=label,
        service=_choose_credit,
        permission="billing.start_retainer",
        offered=lambda retainer: retainer.state != "ENDED" and retainer.uses_credit != uses_credit,
        explanation=explanation,
    )


def _button(name: str, service: Any, permission: str, states: tuple[str, ...], explanation: str) -> Button:
    return Button(
        name=name,
        label=name.capitalize(),
        service=service,
        permission=f"billing.{permission}",
        offered=lambda retainer: retainer.state in states,
        preview=_what_stopping_leaves,
        explanation=explanation,
        asks_reason=True,
        explains=True,
        refusals=(BillingRefused,),
    )


@admin.register(Retainer)
class RetainerAdmin(DocumentAdmin, TransitionAdmin):
    empty_says = "A retainer bills a client every month, quarter or year by itself."
    empty_leads_to = ("New retainer", "admin:billing_retainer_new", "billing.start_retainer")
    list_display = ("__str__", client_link, state_column(), "price_said", "every_months", "next_date", "end_date")
    client_tab = "Invoices"
    needs = (OF_ENDED,)
    list_filter = ("state", needs_filter(needs), "every_months", CLIENT_FILTER, CREATED_FILTER)
    list_select_related = ("client",)
    search_fields = ("description", "client__name")
    id_fields = ("pk", "client_id")
    change_form_before_template = "admin/billing/retainer.html"
    fieldsets = (
        ("Links", {"fields": (client_link, link_column("billing.quote", "quote_id"), "created_at", "updated_at")}),
    )
    buttons: ClassVar = (
        _button(
            "pause", _pause, "pause_retainer", ("ACTIVE",), "What is due is drafted first, and then nothing any more."
        ),
        _button(
            "resume",
            _resume,
            "pause_retainer",
            ("PAUSED",),
            "The periods that begin from today on are billed; those that began meanwhile are not.",
        ),
        _button(
            "end", _end, "end_retainer", ("ACTIVE", "PAUSED"), "What is due is drafted first. It cannot begin anew."
        ),
        _credit_button(
            "use_credit",
            "Use credit first",
            "What the client has in credit is put to each invoice in the moment it is issued.",
            uses_credit=True,
        ),
        _credit_button("keep_credit", "Keep credit", "Its credit is put to an invoice by a person.", uses_credit=False),
    )

    def get_urls(self) -> list[URLPattern]:
        new = path("new/", self.admin_site.admin_view(self.start), name="billing_retainer_new")
        return [new, *super().get_urls()]

    @admin.display(description="price", ordering="price")
    def price_said(self, retainer: Retainer) -> str:
        return rules.say(retainer.price, retainer.currency)

    def start(self, request: HttpRequest) -> HttpResponse:
        """Take in what is agreed, and have it billed from then on."""
        if not request.user.has_perms(("billing.view_retainer", "billing.start_retainer")):
            raise PermissionDenied
        first = {"client": request.GET.get("client"), "payment_days": settings.PAYMENT_DAYS, "day": 1}
        form = RetainerForm(request.POST or None, initial=first, user=request.user, today=timezone.localdate())
        if form.is_bound and form.is_valid():
            try:
                client, at = form.cleaned_data["client"], timezone.now()
                retainer = retainers.start_retainer(client, form.terms(), by=request.user.pk, at=at)
            except BillingRefused as refusal:
                form.refuse(refusal)
            else:
                messages.success(request, "The retainer is started. Below are the periods that come.")
                return HttpResponseRedirect(page_of(retainer))
        desk = {**self.admin_site.each_context(request), "opts": self.opts}
        shown = {"title": "New retainer", "form": form, "media": form.media}
        return TemplateResponse(request, "admin/billing/retainer_form.html", desk | shown)

    def page(self, request: HttpRequest, row: Retainer) -> dict[str, Any]:
        """Show what is agreed, the periods that come, and the invoices of those that are billed."""
        return {
            "retainer": row,
            "state": badge(row.state),
            "price": self.price_said(row),
            "upcoming": [] if row.state == Retainer.State.PAUSED else retainers.upcoming(row),
            "billed": [
                (page_link(each.invoice, invoice_name(each.invoice)), each, badge(each.invoice.state))
                for each in row.periods.select_related("invoice")[:24]
            ],
            "deeds": list(deed_of_audit(request, row)),
        }
