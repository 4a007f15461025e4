"""Campaigns, the leads in them and the files they came in; mailboxes, sequences, and mails in both directions."""

from apps.cam.models.alerts import Alert
from apps.cam.models.campaigns import Campaign
from apps.cam.models.cycles import CycleRun, CycleStep
from apps.cam.models.deals import Deal
from apps.cam.models.discovery import DiscoveredProfile, DiscoveryJob, DiscoverySource
from apps.cam.models.doors import LeadAnswer, LeadForm, LeadKey, LeadSubmission
from apps.cam.models.imports import ImportBatch, ImportRefusal
from apps.cam.models.leads import Lead
from apps.cam.models.mailboxes import Mailbox
from apps.cam.models.mails import InboundEmail
from apps.cam.models.merges import DuplicatePair, LeadMerge
from apps.cam.models.metrics import CampaignSnapshot, PauseRule, VariantSnapshot
from apps.cam.models.opinions import ReplyOpinion
from apps.cam.models.outbound import OutboundEmail
from apps.cam.models.rulebooks import RuleBook
from apps.cam.models.sequences import MessageTemplate, Sequence, SequenceStep
from apps.cam.models.wishes import Consent, Suppression

__all__ = [
    "Alert",
    "Campaign",
    "CampaignSnapshot",
    "Consent",
    "CycleRun",
    "CycleStep",
    "Deal",
    "DiscoveredProfile",
    "DiscoveryJob",
    "DiscoverySource",
    "DuplicatePair",
    "ImportBatch",
    "ImportRefusal",
    "InboundEmail",
    "Lead",
    "LeadAnswer",
    "LeadForm",
    "LeadKey",
    "LeadMerge",
    "LeadSubmission",
    "Mailbox",
    "MessageTemplate",
    "OutboundEmail",
    "PauseRule",
    "ReplyOpinion",
    "RuleBook",
    "Sequence",
    "SequenceStep",
    "Suppression",
    "VariantSnapshot",
]
