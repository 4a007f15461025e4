"""The desk of those who win clients."""

from apps.cam.admin.alerts import AlertAdmin
from apps.cam.admin.campaigns import CampaignAdmin
from apps.cam.admin.cycles import CycleRunAdmin
from apps.cam.admin.deals import DealAdmin
from apps.cam.admin.discovery import DiscoveredProfileAdmin, DiscoveryJobAdmin, DiscoverySourceAdmin
from apps.cam.admin.doors import LeadFormAdmin, LeadKeyAdmin, LeadSubmissionAdmin
from apps.cam.admin.imports import ImportBatchAdmin
from apps.cam.admin.leads import LeadAdmin
from apps.cam.admin.mailboxes import MailboxAdmin
from apps.cam.admin.merges import DuplicatePairAdmin, LeadMergeAdmin
from apps.cam.admin.metrics import CampaignSnapshotAdmin, PauseRuleAdmin
from apps.cam.admin.outbound import OutboundEmailAdmin
from apps.cam.admin.replies import InboundEmailAdmin
from apps.cam.admin.rulebooks import RuleBookAdmin
from apps.cam.admin.sequences import MessageTemplateAdmin, SequenceAdmin
from apps.cam.admin.wishes import ConsentAdmin, SuppressionAdmin

__all__ = [
    "AlertAdmin",
    "CampaignAdmin",
    "CampaignSnapshotAdmin",
    "ConsentAdmin",
    "CycleRunAdmin",
    "DealAdmin",
    "DiscoveredProfileAdmin",
    "DiscoveryJobAdmin",
    "DiscoverySourceAdmin",
    "DuplicatePairAdmin",
    "ImportBatchAdmin",
    "InboundEmailAdmin",
    "LeadAdmin",
    "LeadFormAdmin",
    "LeadKeyAdmin",
    "LeadMergeAdmin",
    "LeadSubmissionAdmin",
    "MailboxAdmin",
    "MessageTemplateAdmin",
    "OutboundEmailAdmin",
    "PauseRuleAdmin",
    "RuleBookAdmin",
    "SequenceAdmin",
    "SuppressionAdmin",
]
