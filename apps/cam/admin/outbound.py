"""Messages at the desk: what went out, what waits and why, what is in doubt; and all of it for one address."""

from functools import partial
from typing import Any, ClassVar

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.http import urlencode
from django_fsm import TransitionNotAllowed

from apps.cam import queries
from apps.cam.admin.leads import campaign_link, is_id
from apps.cam.admin.replies import lead_link
from apps.cam.models import Lead, OutboundEmail
from apps.cam.rules.addresses import AddressRefused, normalise_address
from apps.cam.services import outbound
from apps.cam.services.outbound import SettlingRefused
from apps.shared.admin import (
    CREATED_FILTER,
    NOTHING,
    Button,
    DocumentAdmin,
    TransitionAdmin,
    admin_link,
    badge,
    state_column,
)
from apps.shared.desk import Need, needs_filter, page_of

_REFUSALS = (TransitionNotAllowed, SettlingRefused)
State = OutboundEmail.State


def proof_url(address: str) -> str:
    """Return the address of the page that proves what was sent to somebody."""
    return f"{reverse('admin:cam_outboundemail_proof')}?{urlencode({'q': address})}"


@admin.display(description="answers")
def of_reply(mail: OutboundEmail) -> str:
    """Link to the reply that a person answered with a message."""
    return admin_link("cam.inboundemail", mail.answers_id, "Their reply") if mail.answers_id else NOTHING


def _now(service: Any, mail: OutboundEmail, **arguments: Any) -> OutboundEmail:
    return service(mail, at=timezone.now(), **arguments)


def _is_in_doubt(mail: OutboundEmail) -> bool:
    return mail.state == State.UNKNOWN


def _settling(name: str, label: str, service: Any, explanation: str) -> Button:
    return Button(
        name=name,
        label=label,
        service=partial(_now, service),
        permission="cam.settle_mail",
        offered=_is_in_doubt,
        explanation=explanation,
        asks_reason=True,
        question="How you know",
        refusals=_REFUSALS,
    )


IN_DOUBT = Need(
    key="doubt",
    title="Mails in doubt",
    permissions=("cam.settle_mail",),
    narrow=lambda rows: rows.filter(state=State.UNKNOWN).select_related("lead").defer("text").order_by("pk"),
    client=lead_link,
    why=lambda mail: mail.answer or "Nobody can tell whether it went out.",
    since=lambda mail: mail.reserved_at or mail.created_at,
)


@admin.register(OutboundEmail)
class OutboundEmailAdmin(DocumentAdmin, TransitionAdmin):
    needs = (IN_DOUBT,)
    empty_says = "They come with the sequences of active campaigns."
    empty_leads_to = ("Campaigns", "admin:cam_campaign_changelist", "cam.view_campaign")
    list_display = (
        "__str__",
        "to_address",
        "number",
        campaign_link,
        state_column(),
        "held_because",
        "due_at",
        "sent_at",
    )
    list_filter = ("state", needs_filter(needs), "campaign", "mailbox", CREATED_FILTER)
    list_select_related = ("campaign", "lead", "mailbox", "written_by")
    sortable_by = ()
    search_fields = ("to_address",)
    search_help_text = "An id, or a whole address"
    id_fields = ("pk", "lead_id", "campaign_id", "run_id")
    list_before_template = "admin/cam/outbound_list.html"
    change_form_before_template = "admin/cam/outbound.html"
    fieldsets = (
        (None, {"fields": (lead_link, campaign_link, "mailbox", "step", of_reply, "number", "variant", "message_id")}),
        ("Course", {"fields": ("created_at", "due_at", "reserved_at", "sent_at", "attempts", "is_proof")}),
    )
    buttons: ClassVar = (
        _settling("went_out", "It went out", outbound.went_out, "The sequence goes on behind it."),
        _settling(
            "queue_again",
            "It did not: queue it again",
            outbound.queue_again,
            "It is checked anew and sent. If it did go out, they get it twice.",
        ),
        _settling("leave", "Leave it", outbound.leave_it, "Nobody will know, and it is not sent again."),
        Button(
            name="cancel",
            label="Cancel",
            service=partial(_now, outbound.cancel_waiting),
            permission="cam.settle_mail",
            offered=lambda mail: mail.state == State.QUEUED,
            explanation="It is not sent.",
            asks_reason=True,
            in_bulk=True,
            refusals=_REFUSALS,
        ),
    )

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet, search_term: str
    ) -> tuple[QuerySet[OutboundEmail], bool]:
        """Look an address up by its lead; anything else than an address or an id is found nowhere."""
        try:
            address = normalise_address(search_term)
        except AddressRefused:
            found, has_doubles = super().get_search_results(request, queryset, search_term)
            is_nonsense = search_term.strip() and not is_id(search_term)
            return (found.none(), False) if is_nonsense else (found, has_doubles)
        return queryset.filter(lead__in=Lead.objects.of_person(address)), False

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.contact_proof)
        return [path("proof/", view, name="cam_outboundemail_proof"), *super().get_urls()]

    def page(self, request: HttpRequest, row: OutboundEmail) -> dict[str, Any]:
        return {
            "mail": row,
            "state": badge(row.state),
            "lead": lead_link(row),
            "proof_url": proof_url(row.to_address),
        }

    def contact_proof(self, request: HttpRequest) -> HttpResponse:
        """Show all that was considered, sent and held back for one address, and why."""
        if not request.user.has_perms(["cam.view_outboundemail", "cam.view_lead"]):
            raise PermissionDenied
        term, problem, proof = request.GET.get("q", "").strip()[:300], "", None
        if term:
            try:
                proof = queries.contact_proof(normalise_address(term))
            except AddressRefused as refusal:
                problem = f"This {refusal}."
        context = {
            **self.admin_site.each_context(request),
            "title": "Contact proof",
            "term": term,
            "problem": problem,
            "proof": proof,
            "leads": [_lead_row(request, lead) for lead in proof.leads] if proof else [],
            "mails": [(badge(mail.state), mail, page_of(mail)) for mail in proof.mails] if proof else [],
        }
        return TemplateResponse(request, "admin/cam/proof.html", context)


def _lead_row(request: HttpRequest, lead: Lead) -> dict[str, Any]:
    history = f"{reverse('admin:observability_auditentry_changelist')}?q={lead.pk}"
    return {
        "lead": lead,
        "url": page_of(lead),
        "state": badge(lead.state),
        "contact": badge(lead.contactability) if not lead.is_contactable else NOTHING,
        "history": history if request.user.has_perm("observability.view_auditentry") else "",
    }
