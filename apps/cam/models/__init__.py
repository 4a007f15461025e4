"""Campaigns, the leads in them and the files they came in; mailboxes, sequences, and mails in both directions."""

from apps.cam.models.alerts import Alert
from apps.cam.models.campaigns import Campaign
from apps.cam.models.cycles import CycleRun, CycleStep
from apps.cam.models.imports import ImportBatch, ImportRefusal
from apps.cam.models.leads import Lead
from apps.cam.models.mailboxes import Mailbox
from apps.cam.models.mails import InboundEmail
from apps.cam.models.metrics import CampaignSnapshot, PauseRule, VariantSnapshot
from apps.cam.models.outbound import OutboundEmail
from apps.cam.models.sequences import MessageTemplate, Sequence, SequenceStep
from apps.cam.models.wishes import Consent, Suppression

__all__ = [
    "Alert",
    "Campaign",
    "CampaignSnapshot",
    "Consent",
    "CycleRun",
    "CycleStep",
    "ImportBatch",
    "ImportRefusal",
    "InboundEmail",
    "Lead",
    "Mailbox",
    "MessageTemplate",
    "OutboundEmail",
    "PauseRule",
    "Sequence",
    "SequenceStep",
    "Suppression",
    "VariantSnapshot",
]
