"""Campaigns, the leads in them, the files they came in, and the mails that came back."""

from apps.cam.models.campaigns import Campaign
from apps.cam.models.imports import ImportBatch, ImportRefusal
from apps.cam.models.leads import Lead
from apps.cam.models.mails import InboundEmail
from apps.cam.models.merges import DuplicatePair, LeadMerge

__all__ = ["Campaign", "DuplicatePair", "ImportBatch", "ImportRefusal", "InboundEmail", "Lead", "LeadMerge"]
