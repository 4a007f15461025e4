"""Alerts at the desk: those that nobody has seen, and whom each was told."""

from functools import partial
from typing import Any, ClassVar

from django.contrib import admin
from django.http import HttpRequest
from django.utils import timezone
from django_fsm import TransitionNotAllowed

from apps.cam.admin.leads import campaign_link
from apps.cam.models import Alert
from apps.cam.services import alerts
from apps.shared.admin import CREATED_FILTER, Button, DocumentAdmin, TransitionAdmin, admin_link, badge, state_column
from apps.shared.desk import Need, needs_filter

ABOUT = {
    Alert.Kind.POSITIVE_REPLY: ("cam.inboundemail", "The reply"),
    Alert.Kind.STEP_FAILING: ("cam.cyclerun", "The cycle"),
    Alert.Kind.MAIL_UNKNOWN: ("cam.mailbox", "The mailbox"),
}
"""What an alert's subject is, by its kind."""


def _now(service: Any, alert: Alert, **arguments: Any) -> Alert:
    return service(alert, at=timezone.now(), **arguments)


UNSEEN = Need(
    key="unseen",
    title="Alerts",
    permissions=("cam.see_alert",),
    narrow=lambda rows: rows.unseen().select_related("campaign").order_by("pk"),
    client=campaign_link,
    why=lambda alert: " ".join(alert.message.split())[:140],
)


@admin.register(Alert)
class AlertAdmin(DocumentAdmin, TransitionAdmin):
    empty_says = "They come with what cannot wait: a positive reply, a campaign that a rule has paused."
    empty_leads_to = ("New campaign", "new-campaign", "cam.create_campaign")
    needs = (UNSEEN,)
    list_display = ("title", "kind", state_column(), campaign_link, "seen_by", "created_at")
    list_filter = (needs_filter(needs), "kind", "state", CREATED_FILTER)
    list_select_related = ("campaign", "seen_by")
    search_fields = ("title",)
    id_fields = ("pk", "subject_id", "campaign_id")
    change_form_before_template = "admin/cam/alert.html"
    fieldsets = (
        (None, {"fields": ("kind", campaign_link, "created_at", "seen_by", "seen_at")}),
        ("Mail", {"fields": (state_column(), "attempts", "error", "sent_at")}),
    )
    buttons: ClassVar = (
        Button(
            name="see",
            label="Seen",
            service=partial(_now, alerts.see_alert),
            permission="cam.see_alert",
            offered=lambda alert: alert.seen_at is None,
            explanation="You have seen it, and see to it: it leaves everybody's list.",
            in_bulk=True,
        ),
        Button(
            name="send_again",
            label="Send again",
            service=partial(_now, alerts.send_alert_again),
            permission="cam.see_alert",
            offered=lambda alert: alert.state == Alert.State.FAILED,
            explanation="It reached nobody. Mend the cause; it is mailed with the next cycle.",
            refusals=(TransitionNotAllowed,),
        ),
    )

    def page(self, request: HttpRequest, row: Alert) -> dict[str, Any]:
        model, label = ABOUT.get(row.kind, ("", ""))
        links = [admin_link(model, row.subject_id, label)] if model and row.subject_id else []
        links += [admin_link("cam.lead", row.lead_id, "The lead")] if row.lead_id else []
        links += [admin_link("cam.campaign", row.campaign_id, "The campaign")] if row.campaign_id else []
        told = [(address, address in row.told) for address in row.recipients]
        return {"alert": row, "state": badge(row.state), "links": links, "told": told}
