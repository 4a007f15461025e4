"""The desk of those who win clients."""

from apps.cam.admin.alerts import AlertAdmin
from apps.cam.admin.campaigns import CampaignAdmin
from apps.cam.admin.cycles import CycleRunAdmin
from apps.cam.admin.imports import ImportBatchAdmin
from apps.cam.admin.leads import LeadAdmin
from apps.cam.admin.metrics import CampaignSnapshotAdmin, PauseRuleAdmin
from apps.cam.admin.replies import InboundEmailAdmin

__all__ = [
    "AlertAdmin",
    "CampaignAdmin",
    "CampaignSnapshotAdmin",
    "CycleRunAdmin",
    "ImportBatchAdmin",
    "InboundEmailAdmin",
    "LeadAdmin",
    "PauseRuleAdmin",
]
