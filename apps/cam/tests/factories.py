"""Campaigns, leads and mails for tests."""

import csv
from collections.abc import Sequence as Several
from datetime import UTC, date, datetime, time
from decimal import Decimal
from io import StringIO
from typing import Any

import factory
from uuid_utils.compat import uuid7

from apps.cam.api.dtos import CampaignPlan
from apps.cam.models import (
    Alert,
    Campaign,
    CampaignSnapshot,
    Consent,
    CycleRun,
    Deal,
    DiscoveredProfile,
    DiscoveryJob,
    DiscoverySource,
    DuplicatePair,
    ImportBatch,
    InboundEmail,
    Lead,
    LeadForm,
    LeadKey,
    LeadMerge,
    LeadSubmission,
    Mailbox,
    MessageTemplate,
    OutboundEmail,
    PauseRule,
    RuleBook,
    Sequence,
    SequenceStep,
    Suppression,
)
from apps.cam.models.hashes import address_hash
from apps.cam.rules.rulebooks import Profile, Rules, read_profile, read_rules
from apps.cam.services.identity import identity_columns


class CampaignFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Campaign

    name = factory.Sequence(lambda n: f"Dentists {n}")
    niche = "Dental clinics in Ireland"
    goal = "Ten first calls a month"
    daily_cap = 20
    window_opens = time(9)
    window_closes = time(17)
    time_zone = "Europe/Dublin"


class LeadFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Lead

    campaign = factory.SubFactory(CampaignFactory)
    email_key = factory.Sequence(lambda n: f"person{n}@clinic.example")
    email = factory.SelfAttribute("email_key")
    full_name = factory.Sequence(lambda n: f"Mia Person {n}")
    company = "Bright Smiles"
    country = "IE"
    source = "MANUAL"
    phone = linkedin_url = ""
    identity_key = factory.LazyAttribute(lambda lead: identity_columns(lead)["identity_key"])
    profile_key = factory.LazyAttribute(lambda lead: identity_columns(lead)["profile_key"])
    phone_key = factory.LazyAttribute(lambda lead: identity_columns(lead)["phone_key"])
    colleague_key = factory.LazyAttribute(lambda lead: identity_columns(lead)["colleague_key"])


class DealFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Deal

    lead = factory.SubFactory(LeadFactory, state="PROPOSAL")
    value = Decimal(12000)
    currency = "EUR"
    deposit_percent = Decimal(30)
    company = factory.SelfAttribute("lead.company")
    contact_name = factory.SelfAttribute("lead.full_name")
    contact_email = factory.SelfAttribute("lead.email")
    country = "IE"
    time_zone = "Europe/Dublin"


class ImportBatchFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = ImportBatch

    campaign = factory.SubFactory(CampaignFactory)
    sha256 = factory.Sequence(lambda n: f"{n:064x}")
    file_name = "leads.csv"
    headers: Several[str] = ["Email"]
    mapping: Any = factory.LazyFunction(lambda: {"email": 0})
    rows_total = 1
    state = "COMPLETED"


class DiscoverySourceFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = DiscoverySource

    name = factory.Sequence(lambda n: f"Sample file {n}")
    kind = "OFFLINE"
    config: Any = factory.LazyFunction(lambda: {"file": "directory.csv"})


class DiscoveryJobFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = DiscoveryJob

    campaign = factory.SubFactory(CampaignFactory)
    source = factory.SubFactory(DiscoverySourceFactory)
    criteria: Any = factory.LazyFunction(lambda: {"query": "dental"})


class DiscoveredProfileFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = DiscoveredProfile

    job = factory.SubFactory(DiscoveryJobFactory)
    source = factory.SelfAttribute("job.source")
    external_id = factory.Sequence(lambda n: f"d-{n}")
    full_name = "Mia Byrne"


class DuplicatePairFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = DuplicatePair

    lead = factory.SubFactory(LeadFactory)
    other = factory.SubFactory(LeadFactory)
    reasons: Any = factory.LazyFunction(lambda: ["ADDRESS"])


class LeadMergeFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = LeadMerge

    survivor = factory.SubFactory(LeadFactory)
    merged = factory.SubFactory(LeadFactory)
    chosen: Any = factory.LazyFunction(dict)
    before: Any = factory.LazyFunction(dict)
    after: Any = factory.LazyFunction(dict)
    moved: Any = factory.LazyFunction(dict)


class LeadFormFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = LeadForm

    campaign = factory.SubFactory(CampaignFactory)
    name = "Talk to us"
    intro = "We fill the free chairs of clinics."


class LeadKeyFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = LeadKey

    campaign = factory.SubFactory(CampaignFactory)
    name = "Web shop"
    digest = factory.Sequence(lambda n: f"{n:064x}")


class LeadSubmissionFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = LeadSubmission

    form = factory.SubFactory(LeadFormFactory)
    lead = factory.SubFactory(LeadFactory)
    is_new = True
    said: Any = factory.LazyFunction(dict)
    message = "Call me."


class MailboxFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Mailbox

    key = factory.Sequence(lambda n: f"BOX{n}")
    address = factory.Sequence(lambda n: f"nora{n}@agency.example")
    sender_name = "Nora of the agency"
    postal_address = "Agency Ltd, 1 Main Street, Dublin 2, Ireland"
    daily_cap = 100
    hourly_cap = 100


class MessageTemplateFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = MessageTemplate

    name = factory.Sequence(lambda n: f"First letter {n}")
    subject = "More patients for {{ company }}"
    text = "Hello {{ first_name }},\n\nwe fill the free chairs of clinics. May I call you?"


class SequenceFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Sequence

    campaign = factory.SubFactory(CampaignFactory)
    name = "cold_outreach"
    state = "LIVE"


class SequenceStepFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = SequenceStep

    sequence = factory.SubFactory(SequenceFactory)
    position = 1
    template = factory.SubFactory(MessageTemplateFactory)


class OutboundEmailFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = OutboundEmail

    lead = factory.SubFactory(LeadFactory)
    campaign = factory.SelfAttribute("lead.campaign")
    mailbox = factory.SubFactory(MailboxFactory)
    step = factory.SubFactory(SequenceStepFactory, sequence__campaign=factory.SelfAttribute("...lead.campaign"))
    number = 1
    to_address = factory.SelfAttribute("lead.email")
    subject = "More patients"
    text = "May I call you?"
    message_id = factory.Sequence(lambda n: f"<out{n}@agency.example>")
    due_at = datetime(2026, 3, 2, 9, tzinfo=UTC)


class SuppressionFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Suppression

    kind = "ADDRESS"
    shown = factory.Sequence(lambda n: f"silent{n}@clinic.example")
    key_hash = factory.LazyAttribute(lambda row: address_hash(row.shown))
    reason = "MANUAL"
    note = "They asked on the telephone."


class ConsentFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Consent

    lead = factory.SubFactory(LeadFactory)
    basis = "CONSENT"
    source = "Form on our site"
    given_at = datetime(2026, 2, 2, 9, tzinfo=UTC)


class InboundEmailFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = InboundEmail

    mailbox = "UPLOADED"
    provider_uid = factory.Sequence(lambda n: f"{n:064x}")
    lead = factory.SubFactory(LeadFactory)
    matched_by = "PERSON"
    from_address = "person@clinic.example"
    subject = "Re: more patients"
    headers: Several[Any] = []
    text = "Call me on Monday."


class AlertFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Alert

    key = factory.Sequence(lambda n: f"alert-{n}")
    kind = "CAMPAIGN_PAUSED"
    title = "Dentists is paused"
    message = "3 of 40 mails bounced."
    campaign = factory.SubFactory(CampaignFactory)
    next_at = datetime(2026, 3, 2, 9, tzinfo=UTC)


class CycleRunFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = CycleRun

    started_at = datetime(2026, 3, 2, 9, tzinfo=UTC)
    finished_at = datetime(2026, 3, 2, 9, 1, tzinfo=UTC)
    failed_count = 0


class CampaignSnapshotFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = CampaignSnapshot

    campaign = factory.SubFactory(CampaignFactory)
    day = date(2026, 3, 2)
    counted_at = datetime(2026, 3, 2, 9, tzinfo=UTC)
    mark = factory.LazyFunction(uuid7)


class PauseRuleFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = PauseRule

    campaign = factory.SubFactory(CampaignFactory)
    kind = "BOUNCES"
    limit = Decimal("0.05")


def a_plan(**changes: Any) -> CampaignPlan:
    """Return a campaign that could be created."""
    plan = {
        "name": "Dentists of Cork",
        "niche": "Dental clinics in Cork",
        "goal": "Ten first calls a month",
        "mode": "PROOF",
        "daily_cap": 20,
        "window_opens": time(9),
        "window_closes": time(17),
        "time_zone": "Europe/Dublin",
    }
    return CampaignPlan.model_validate(plan | changes)


def csv_of(*rows: Several[str], separator: str = ",") -> bytes:
    """Return rows as a CSV file."""
    written = StringIO()
    csv.writer(written, delimiter=separator).writerows(rows)
    return written.getvalue().encode()


def eml(
    text: str = "Call me on Monday.",
    *,
    sender: str = "Mia <mia@clinic.example>",
    message_id: str = "<1@clinic.example>",
    answers: str = "",
) -> bytes:
    """Return a mail as a file."""
    headers = {"From": sender, "To": "us@agency.example", "Subject": "Re: more patients", "Message-ID": message_id}
    headers |= {"Date": "Mon, 02 Mar 2026 10:00:00 +0000", "In-Reply-To": answers}
    lines = [f"{name}: {value}" for name, value in headers.items() if value]
    return "\r\n".join([*lines, "Content-Type: text/plain; charset=utf-8", "", text]).encode()


FIRST_RULES: dict[str, Any] = {
    "fit": {"size": "0.30", "industry": "0.30", "revenue": "0.25", "location": "0.15"},
    "opportunity": {"title": "0.35", "seniority": "0.25", "signals": "0.40"},
    "seniority": {"owner": 1, "executive": 1, "vp": "0.9", "director": "0.8"}
    | {"manager": "0.6", "senior": "0.4", "staff": "0.2", "junior": 0},
    "fit_share": "0.70",
    "tiers": {"hot": "0.85", "warm": "0.65", "cool": "0.40"},
    "grades": {"a": "0.80", "b": "0.60", "c": "0.40", "d": "0.20"},
    "lifts": {"budget": "0.20", "timeline": "0.10", "pain": "0.10"},
    "bars": {"fit": "0.70", "opportunity": "0.20"},
    "routes": {"aggressive_close": "0.85", "regular_nurture": "0.70", "long_term_nurture": "0.50"},
    "boost": {"added": "0.15", "signals": "0.50"},
    "signals": ["hiring", "funding", "expansion", "new leadership", "new website", "advertising"],
    "role_accounts": ["info", "sales", "no-reply"],
    "spam_words": ["casino", "payday loan"],
    "competitor_domains": ["rival.example"],
}
"""The rules of the first version, with few words."""


def the_rules(**changes: Any) -> Rules:
    """Return the rules of the first version, some of them changed."""
    return read_rules(FIRST_RULES | changes)


def a_profile(**changes: Any) -> Profile:
    """Return whom a campaign for Irish dentists looks for."""
    wanted = {"industries": ["dental"], "employees_from": 5, "employees_to": 50, "countries": ["IE"]}
    return read_profile(wanted | changes)


class RuleBookFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = RuleBook

    version = factory.Sequence(lambda n: n + 2)
    content: Any = factory.LazyFunction(lambda: the_rules().model_dump(mode="json"))
