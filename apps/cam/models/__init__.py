"""Campaigns, the leads in them, the deals with them, the files they came in, and the mails that came back."""

from apps.cam.models.campaigns import Campaign
from apps.cam.models.deals import Deal
from apps.cam.models.imports import ImportBatch, ImportRefusal
from apps.cam.models.leads import Lead
from apps.cam.models.mails import InboundEmail

__all__ = ["Campaign", "Deal", "ImportBatch", "ImportRefusal", "InboundEmail", "Lead"]
