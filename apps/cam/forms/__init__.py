"""What the desk takes in: campaigns, deals, files of leads and what their columns are, mails as files."""

from apps.cam.forms.answers import AnswerForm
from apps.cam.forms.campaigns import (
    CampaignChangeForm,
    CampaignForm,
    MailboxForm,
    MailboxSettingsForm,
    PauseRuleForm,
    SequenceForm,
    StepForm,
    TemplateForm,
)
from apps.cam.forms.files import ImportForm, MappingForm, ReplyForm
from apps.cam.forms.leads import Choice, ConsentForm, DealForm, MergeForm, SuppressionForm
from apps.cam.forms.rules import DtoForm, ProfileForm, RulesForm
from apps.cam.forms.sources import DiscoveryForm, NewFormForm, NewKeyForm, SourceForm, VisitorForm

__all__ = [
    "AnswerForm",
    "CampaignChangeForm",
    "CampaignForm",
    "Choice",
    "ConsentForm",
    "DealForm",
    "DiscoveryForm",
    "DtoForm",
    "ImportForm",
    "MailboxForm",
    "MailboxSettingsForm",
    "MappingForm",
    "MergeForm",
    "NewFormForm",
    "NewKeyForm",
    "PauseRuleForm",
    "ProfileForm",
    "ReplyForm",
    "RulesForm",
    "SequenceForm",
    "SourceForm",
    "StepForm",
    "SuppressionForm",
    "TemplateForm",
    "VisitorForm",
]
