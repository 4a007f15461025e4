"""Pages that take something in: at the desk campaigns, leads, replies, words; from a stranger their wish."""

from apps.cam.views.answers import answer_lead
from apps.cam.views.desk import add_reply, change_campaign, change_deal, import_leads, new_campaign, open_deal, triage
from apps.cam.views.sources import merge_leads, new_discovery, new_form, new_key, new_source
from apps.cam.views.visitors import thank_visitor, unsubscribe, visit_form
from apps.cam.views.words import write_sequence, write_template

__all__ = [
    "add_reply",
    "answer_lead",
    "change_campaign",
    "change_deal",
    "import_leads",
    "merge_leads",
    "new_campaign",
    "new_discovery",
    "new_form",
    "new_key",
    "new_source",
    "open_deal",
    "thank_visitor",
    "triage",
    "unsubscribe",
    "visit_form",
    "write_sequence",
    "write_template",
]
