"""The desk of those who win clients."""

from apps.cam.admin.alerts import AlertAdmin
from apps.cam.admin.campaigns import CampaignAdmin
from apps.cam.admin.cycles import CycleRunAdmin
from apps.cam.admin.imports import ImportBatchAdmin
from apps.cam.admin.leads import LeadAdmin
from apps.cam.admin.mailboxes import MailboxAdmin
from apps.cam.admin.metrics import CampaignSnapshotAdmin, PauseRuleAdmin
from apps.cam.admin.outbound import OutboundEmailAdmin
from apps.cam.admin.replies import InboundEmailAdmin
from apps.cam.admin.sequences import MessageTemplateAdmin, SequenceAdmin
from apps.cam.admin.wishes import ConsentAdmin, SuppressionAdmin

__all__ = [
    "AlertAdmin",
    "CampaignAdmin",
    "CampaignSnapshotAdmin",
    "ConsentAdmin",
    "CycleRunAdmin",
    "ImportBatchAdmin",
    "InboundEmailAdmin",
    "LeadAdmin",
    "MailboxAdmin",
    "MessageTemplateAdmin",
    "OutboundEmailAdmin",
    "PauseRuleAdmin",
    "SequenceAdmin",
    "SuppressionAdmin",
]
