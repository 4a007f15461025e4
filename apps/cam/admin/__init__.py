"""The desk of those who win clients."""

from apps.cam.admin.campaigns import CampaignAdmin
from apps.cam.admin.discovery import DiscoveredProfileAdmin, DiscoveryJobAdmin, DiscoverySourceAdmin
from apps.cam.admin.doors import LeadFormAdmin, LeadKeyAdmin, LeadSubmissionAdmin
from apps.cam.admin.imports import ImportBatchAdmin
from apps.cam.admin.leads import LeadAdmin
from apps.cam.admin.merges import DuplicatePairAdmin, LeadMergeAdmin
from apps.cam.admin.replies import InboundEmailAdmin

__all__ = [
    "CampaignAdmin",
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
]
