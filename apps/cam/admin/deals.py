"""Deals at the desk: what is being agreed on, what it all comes to, and what became of those that were won."""

from functools import partial
from typing import Any, ClassVar

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django_fsm import ConcurrentTransition, TransitionNotAllowed

from apps.cam import queries
from apps.cam.models import Deal
from apps.cam.rules.deals import missing_facts, say
from apps.cam.services import deals
from apps.cam.services.deals import DealRefused
from apps.identity.models import Client
from apps.shared.admin import (
    CREATED_FILTER,
    NOTHING,
    Button,
    DocumentAdmin,
    TransitionAdmin,
    admin_link,
    badge,
    bullets,
    state_column,
    words,
)
from apps.shared.desk import Need, needs_filter

_REFUSALS = (DealRefused, TransitionNotAllowed, ConcurrentTransition)
_BEGUN = (
    ("onboarding.view_workspace", "Onboarding", "admin:onboarding_workspace_changelist", "client_id"),
    ("onboarding.view_intakeinvitation", "Intake invitation", "admin:onboarding_intakeinvitation_changelist", "deal"),
    ("billing.view_invoice", "Deposit invoice", "admin:billing_invoice_changelist", "deal"),
)
"""What a won deal began in other modules: who may see it, its name, the list, and by which id it is found there."""


def _now(service: Any, deal: Deal, *, by: Any, reason: str) -> Deal:
    return service(deal, by=by, reason=reason, at=timezone.now())


def totals_said(found: QuerySet[Deal]) -> list[str]:
    """Return what deals come to, one text for each currency: the sum, and the part of it that is likely."""
    said = []
    for total in found.totals():
        likely = (
            "" if total["weighted"] is None else f", weighted {say(round(total['weighted'], 2), total['currency'])}"
        )
        said.append(f"{say(total['sum'], total['currency'])}{likely}")
    return said


def _what_winning_does(deal: Deal) -> SafeString:
    """Say what follows from winning a deal, or what stands in its way."""
    if problems := missing_facts(deal.terms):
        said = [f"{words(field)} {problem}." for field, problem in problems.items()]
        return format_html('<p class="desk-said">Not yet:</p>{}', bullets(said))
    deposit = deal.deposit
    follows = [
        f"{deal.company} becomes a client with a contract of {deal.said}.",
        f"{deal.contact_email} is invited to the portal, decides for the client there, and is asked for the intake.",
        f"An invoice for the deposit of {deposit} is drafted, which finance looks over and issues."
        if deposit.amount
        else "No deposit was agreed on: no invoice is drafted.",
    ]
    follows += [
        f"There is a client called {client.name} already ({client.slug}). This is another one, with a name of its own"
        " in addresses: if it is the same company, give the deal up and talk to its account manager."
        for client in queries.namesakes_of(deal)
    ]
    return format_html('<p class="desk-said">With that:</p>{}', bullets(follows))


@admin.display(description="lead")
def lead_link(deal: Deal) -> str:
    """Link to the lead of a deal, which the page's query has loaded along."""
    return admin_link("cam.lead", deal.lead_id, str(deal.lead))


@admin.display(description="value", ordering="value")
def value(deal: Deal) -> str:
    """Show what a deal is worth."""
    return deal.said


@admin.display(description="deposit")
def deposit(deal: Deal) -> str:
    """Show what the client pays before the work begins."""
    if not deal.deposit.amount:
        return "none"
    share = "" if deal.deposit_percent is None else f" ({deal.deposit_percent.normalize():f} %)"
    return f"{deal.deposit}{share}"


LATE = Need(
    key="late",
    title="Deals past their expected date",
    permissions=("cam.win_deal", "cam.lose_deal"),
    narrow=lambda rows: (
        rows.open()
        .filter(expected_close_date__lt=timezone.localdate())
        .select_related("lead")
        .order_by("expected_close_date", "pk")
    ),
    client=lead_link,
    why=lambda deal: f"{deal.said}, expected on {deal.expected_close_date:%d %b %Y}",
)


@admin.register(Deal)
class DealAdmin(DocumentAdmin, TransitionAdmin):
    empty_says = "Each is opened on the page of its lead."
    empty_leads_to = ("Leads", "admin:cam_lead_changelist", "cam.view_lead")
    needs = (LATE,)
    list_display = ("__str__", lead_link, state_column(), value, "probability", "expected_close_date", "created_at")
    list_filter = ("state", needs_filter(needs), CREATED_FILTER)
    list_select_related = ("lead",)
    search_fields = ("company", "contact_email")
    id_fields = ("pk", "lead_id")
    list_before_template = "admin/cam/deal_list.html"
    change_form_before_template = "admin/cam/deal.html"
    fieldsets = (
        (
            "Agreed",
            {
                "fields": (
                    *(value, deposit, "probability", "expected_close_date", "included_revision_rounds"),
                    *("contract_start_date", "contract_end_date"),
                )
            },
        ),
        ("Client", {"fields": ("company", "contact_name", "contact_email", "country", "time_zone", "language")}),
        ("Standing", {"fields": (lead_link, state_column(), "reason", "closed_at", "closed_by", "created_at")}),
    )
    buttons: ClassVar = (
        Button(
            name="win",
            label="Won",
            service=partial(_now, deals.win_deal),
            permission="cam.win_deal",
            offered=lambda deal: deal.is_open,
            explanation="The client has signed. This cannot be taken back here.",
            asks_reason=True,
            question="What was said",
            is_optional=True,
            preview=_what_winning_does,
            confirms=str,
            outcome=lambda deal: "the client is being opened.",
            refusals=_REFUSALS,
        ),
        Button(
            name="lose",
            label="Lost",
            service=partial(_now, deals.lose_deal),
            permission="cam.lose_deal",
            offered=lambda deal: deal.is_open,
            explanation="Say why it came to nothing. The lead is lost with it.",
            asks_reason=True,
            refusals=_REFUSALS,
        ),
    )

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        shown = {"totals": totals_said(Deal.objects.open())} if self.has_view_permission(request) else {}
        return super().changelist_view(request, {**(extra_context or {}), **shown})

    def page(self, request: HttpRequest, row: Deal) -> dict[str, Any]:
        client = queries.find_client_of(row) if row.state == Deal.State.WON else None
        may_change = row.is_open and request.user.has_perm("cam.change_deal")
        missing = missing_facts(row.terms) if row.is_open else {}
        return {
            "deal": row,
            "state": badge(row.state),
            "lead": lead_link(row),
            "deposit": deposit(row),
            "missing": [f"{words(field)} {problem}." for field, problem in missing.items()],
            "change_url": reverse("change-deal", args=[row.pk]) if may_change else "",
            "client": admin_link("identity.client", client.pk, client.name) if client else NOTHING,
            "begun": list(_links(request, row, client)) if client else [],
        }

    def desk_find(self, request: HttpRequest, term: str) -> QuerySet[Deal]:
        """Return the deals with companies that are called so."""
        return self.get_search_results(request, self.get_queryset(request), term)[0]


def _links(request: HttpRequest, deal: Deal, client: Client) -> Any:
    for permission, label, listed, by in _BEGUN:
        if request.user.has_perm(permission):
            yield label, f"{reverse(listed)}?q={client.pk if by == 'client_id' else deal.pk}"
