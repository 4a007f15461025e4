"""The desk of those who win clients."""

from apps.cam.admin.campaigns import CampaignAdmin
from apps.cam.admin.imports import ImportBatchAdmin
from apps.cam.admin.leads import LeadAdmin
from apps.cam.admin.replies import InboundEmailAdmin
from apps.cam.admin.rulebooks import RuleBookAdmin

__all__ = ["CampaignAdmin", "ImportBatchAdmin", "InboundEmailAdmin", "LeadAdmin", "RuleBookAdmin"]
