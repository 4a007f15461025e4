"""Briefs and intakes for tests, as the two good samples give them."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import factory
from uuid_utils.compat import uuid7

from apps.identity.tests.factories import ClientFactory
from apps.onboarding import models
from apps.onboarding.api.dtos import (
    Audience,
    BrandGuidelines,
    Brief,
    Budget,
    DiscoveryNote,
    Intake,
    Objective,
    Offer,
    Scope,
)
from apps.shared.dtos import Money
from apps.shared.workflow import RunContext


def dental_brief(**changes: Any) -> Brief:
    """The brief of a dental clinic: local service, monthly budget, a 12-16 week range, three banned words."""
    brief = Brief(
        id=uuid7(),
        intake_id=uuid7(),
        client_id=uuid7(),
        client_name="Bright Harbour Dental",
        country="IE",
        currency="EUR",
        time_zone="Europe/Dublin",
        website="https://www.brightharbour-dental.test/",
        industry="Healthcare / dental clinic",
        geography="Galway city and about 25 km around it",
        offers=(
            Offer(
                name="Invisible aligners",
                text="Invisible aligners (from €2,900)",
                price=Money(amount=Decimal(2900), currency="EUR"),
                is_price_from=True,
            ),
            Offer(name="hygiene visits", text="hygiene visits €85", price=Money(amount=Decimal(85), currency="EUR")),
            Offer(name="emergency appointments same day", text="emergency appointments same day"),
        ),
        objectives=(
            Objective(
                text="Fill the aligner consultations calendar: 40 booked consultations a month by the end of Q2 "
                "(today about 14)",
                metric="booked consultations",
                target=Decimal(40),
                baseline=Decimal(14),
                unit="per month",
                deadline="by the end of Q2",
            ),
        ),
        audiences=(
            Audience(
                text="Adults 25-45 with an office job who have always disliked their front teeth",
                name="adults 25-45 with an office job",
            ),
            Audience(text="parents of teenagers", name="parents of teenagers"),
        ),
        pain_points=(
            "afraid of the price not being clear upfront",
            "no appointments after 5pm elsewhere",
            "embarrassed to smile in photos",
        ),
        desired_outcomes=("Book online, in the evening", "know the total price before the first visit"),
        competitors=("SmileDirect style mail-order", "two clinics in Salthill"),
        proof=("4.9 on Google (312 reviews)", "860 aligner cases finished since 2019"),
        scope=Scope(deliverables=("PDF", "PPTX", "ZIP"), timeline_weeks_min=12, timeline_weeks_max=16),
        budget=Budget(
            amount=Money(amount=Decimal(5000), currency="EUR"),
            cadence="MONTHLY",
            months=12,
            includes_ads=True,
            text="5,000 EUR per month all in, 12 months",
        ),
        brand=BrandGuidelines(
            tone=("calm", "plain", "no scare tactics"), extra_languages=("Polish for the landing page",)
        ),
        banned_words=("painless", "guaranteed", "cheap"),
        forbidden_claims=(
            "No before/after photos without consent on file",
            "no comparative claims against named clinics",
        ),
        disclaimers=("Results vary. Treatment suitability is assessed by a dentist.",),
        channels_excluded=("TikTok",),
        tracking_status="GA4 yes, Meta pixel no",
        facts=(
            "Owner (Dr. Aoife Ní Bhriain) wants no TikTok.",
            "Evening slots are Tue/Thu until 20:30.",
            "Last agency only posted stock photos.",
            "Reception answers web leads the next morning at the earliest: response time is a real bottleneck.",
        ),
        start_date=date(2026, 3, 9),
    )
    return brief.model_copy(update=changes)


def saas_brief(**changes: Any) -> Brief:
    """The brief of an accounts-payable software company: B2B, total budget, 90 days, excluded channel."""
    brief = Brief(
        id=uuid7(),
        intake_id=uuid7(),
        client_id=uuid7(),
        client_name="Ledgerly GmbH",
        country="DE",
        currency="EUR",
        time_zone="Europe/Berlin",
        website="https://ledgerly.co.test",
        industry="B2B SaaS – accounts payable automation",
        geography="DACH only for now",
        offers=(
            Offer(
                name="AP automation for firms with 50–400 staff",
                text="AP automation for firms with 50–400 staff; €490/month base + €0.35 per invoice; "
                "average contract €11,400 a year",
                price=Money(amount=Decimal(490), currency="EUR"),
                unit="per month",
            ),
        ),
        objectives=(
            Objective(
                text="Launch the e-invoicing module before the mandate: 120 qualified demos in 90 days, "
                "CAC under 1.900 €",
                metric="qualified demos",
                target=Decimal(120),
                unit="in 90 days",
            ),
        ),
        audiences=(
            Audience(
                text="Heads of finance and AP team leads in manufacturing and wholesale, 50-400 employees",
                name="heads of finance and AP team leads",
            ),
        ),
        pain_points=(
            "month-end crunch",
            "invoices lost in inboxes",
            "auditors asking for paper trail",
            "DATEV import by hand",
        ),
        desired_outcomes=("close the month 3 days earlier", "no invoice untouched for more than 48 h"),
        objections=("ERP project running until autumn", "security review takes 6 weeks"),
        competitors=("Candis", "Spendesk", "doing nothing"),
        proof=("TÜV-certified", "214 customers", "case study Hartmann Metallbau: 11 → 4 days"),
        scope=Scope(deliverables=("PDF", "PowerPoint"), timeline_weeks_min=13, timeline_weeks_max=13),
        budget=Budget(
            amount=Money(amount=Decimal(45000), currency="EUR"),
            cadence="TOTAL",
            paid_share_pct=Decimal(60),
            text="45.000 EUR in total, 60% paid",
        ),
        brand=BrandGuidelines(tone=("precise", "a little dry", "never hype")),
        banned_words=("revolutionary", "game-changer", "seamless"),
        compliance_requirements=(
            "GDPR",
            "UWG §7 – no cold e-mail to consumers",
            "e-invoicing statements must cite the law",
        ),
        channels_excluded=("no cold calling",),
        facts=(
            "Sales: 3 people, can take 12 demos a week each at most.",
            "Webinar list of 2,300 contacts with opt-in.",
            "Founder will do LinkedIn himself twice a week if drafts arrive by Monday noon.",
        ),
        start_date=date(2026, 3, 23),
    )
    return brief.model_copy(update=changes)


def intake(**changes: Any) -> Intake:
    """A captured intake with the least that makes a brief: one offer, one objective, one audience."""
    fields = {
        "id": uuid7(),
        "client_id": uuid7(),
        "client_name": "Acme",
        "country": "IE",
        "currency": "EUR",
        "time_zone": "Europe/Dublin",
        "form_version": "2026-02",
        "source": "IMPORT",
        "submitted_at": datetime(2026, 3, 5, 10, tzinfo=UTC),
        "answers": LEAST_ANSWERS,
    }
    return Intake(**(fields | changes))


def answered(**answers: Any) -> Intake:
    """An intake with the least that makes a brief and some more answers."""
    return intake(answers=LEAST_ANSWERS | answers)


LEAST_ANSWERS = {
    "primary_offer": "guided kayak tours",
    "objective": "60 booked tours a month by September",
    "target_audience": "couples on a weekend trip",
}

DENTAL_ANSWERS = {
    "brand_name": "Bright Harbour Dental",
    "website": "https://www.brightharbour-dental.test/",
    "industry": "Healthcare / dental clinic",
    "geography_served": "Galway city and about 25 km around it",
    "primary_offers": "Invisible aligners (from €2,900), hygiene visits €85, emergency appointments same day",
    "primary_objective": "Fill the aligner consultations calendar: 40 booked consultations a month by the end of Q2 "
    "(today about 14)",
    "target_audience": "Adults 25-45 with an office job who have always disliked their front teeth; "
    "second group: parents of teenagers",
    "pain_points": [
        "afraid of the price not being clear upfront",
        "no appointments after 5pm elsewhere",
        "embarrassed to smile in photos",
    ],
    "desired_outcomes": "Book online, in the evening, know the total price before the first visit",
    "competitors": "SmileDirect style mail-order, two clinics in Salthill",
    "proof": "4.9 on Google (312 reviews), 860 aligner cases finished since 2019",
    "timeline": "12-16 weeks",
    "budget": "€5k/month incl. ads, maybe 6 if it works",
    "tone": "calm, plain, no scare tactics",
    "banned_words": ["painless", "guaranteed", "cheap"],
    "disclaimers": "Results vary. Treatment suitability is assessed by a dentist.",
    "forbidden_claims": "No before/after photos without consent on file; no comparative claims against named clinics",
    "languages": ["English", "Polish for the landing page"],
    "tracking_status": "GA4 yes, Meta pixel no",
    "outputs_wanted": ["PDF", "PPTX", "ZIP"],
}


def dental_intake() -> Intake:
    """The intake that `dental_brief` is made of: a monthly budget, which a call made clear."""
    note = DiscoveryNote(
        call_date=datetime(2026, 3, 4, 16, 30, tzinfo=UTC),
        notes="Owner (Dr. Aoife Ní Bhriain) wants no TikTok. Evening slots are Tue/Thu until 20:30. Last agency only "
        "posted stock photos. Reception answers web leads the next morning at the earliest: response time is a real "
        "bottleneck.",
        clarifications={"budget": "5,000 EUR per month all in, 12 months"},
    )
    return intake(client_name="Bright Harbour Dental", answers=DENTAL_ANSWERS, discovery_notes=(note,))


def saas_intake() -> Intake:
    """The intake that `saas_brief` is made of: other field names, European numbers, a call that narrows the place."""
    answers = {
        "client_name": "Ledgerly GmbH",
        "website": "ledgerly.co.test",
        "industry": "B2B SaaS – accounts payable automation",
        "geography": "DACH, English-speaking Nordics later",
        "primary_offer": "AP automation for firms with 50–400 staff; €490/month base + €0.35 per invoice; "
        "average contract €11,400 a year",
        "objective": "Launch the e-invoicing module before the mandate: 120 qualified demos in 90 days, "
        "CAC under 1.900 €",
        "target_audience": "Heads of finance and AP team leads in manufacturing and wholesale, 50-400 employees",
        "pain_points": "month-end crunch; invoices lost in inboxes; auditors asking for paper trail; "
        "DATEV import by hand",
        "desired_outcomes": ["close the month 3 days earlier", "no invoice untouched for more than 48 h"],
        "objections": "ERP project running until autumn; security review takes 6 weeks",
        "proof_assets": "TÜV-certified, 214 customers, case study Hartmann Metallbau: 11 → 4 days",
        "timeline": "90 Tage",
        "budget": "45.000 EUR in total, 60% paid",
        "tone": "precise, a little dry, never hype",
        "banned_words": "revolutionary, game-changer, seamless",
        "compliance_requirements": "GDPR; UWG §7 – no cold e-mail to consumers; "
        "e-invoicing statements must cite the law",
        "competitors": ["Candis", "Spendesk", "doing nothing"],
        "channels_excluded": "no cold calling",
        "outputs_wanted": "PDF and PowerPoint",
    }
    notes = (
        DiscoveryNote(
            call_date=datetime(2026, 3, 18, 8, 30, tzinfo=UTC), clarifications={"geography": "DACH only for now"}
        ),
        DiscoveryNote(
            call_date=datetime(2026, 3, 11, 8, tzinfo=UTC),
            notes="Sales: 3 people, can take 12 demos a week each at most. Webinar list of 2,300 contacts with opt-in. "
            "Founder will do LinkedIn himself twice a week if drafts arrive by Monday noon.",
        ),
    )
    return intake(
        client_name="Ledgerly GmbH",
        country="DE",
        time_zone="Europe/Berlin",
        submitted_at=datetime(2026, 3, 19, 12, tzinfo=UTC),
        answers=answers,
        discovery_notes=notes,
    )


def bakery_intake() -> Intake:
    """An intake no brief can be made of: nothing to reach, and nobody."""
    answers = {
        "brand_name": "Padaria São Bento 🥐",
        "website": "none yet",
        "industry": "local food",
        "primary_offers": "pão de fermentação natural, pastéis, encomendas para festas",
        "target_audience": "",
        "timeline": "asap",
        "budget": "depends",
        "tone": "acolhedor",
    }
    return intake(client_name="Padaria São Bento", country="PT", time_zone="Europe/Lisbon", answers=answers)


class IntakeFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = models.Intake

    client = factory.SubFactory(ClientFactory)
    form_version = "2026-02"
    source = models.Intake.Source.IMPORT
    answers = factory.LazyFunction(lambda: dict(DENTAL_ANSWERS))
    submitted_at = datetime(2026, 3, 5, 10, tzinfo=UTC)


class DiscoveryNoteFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = models.DiscoveryNote

    intake = factory.SubFactory(IntakeFactory)
    call_date = datetime(2026, 3, 4, 16, 30, tzinfo=UTC)
    notes = "Owner wants no TikTok."


class WorkspaceFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = models.Workspace

    client = factory.SubFactory(ClientFactory)
    slug = factory.SelfAttribute("client.slug")
    url = "https://drive.example.test/acme"


class IntakeInvitationFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = models.IntakeInvitation

    client = factory.SubFactory(ClientFactory)
    deal_id = factory.LazyFunction(uuid7)
    intake_id = factory.LazyFunction(uuid7)
    email = "mia@clinic.example"
    full_name = "Mia Byrne"
    language = "en"


def run_context(run_id: UUID | None = None) -> RunContext:
    """The context of a run's first step."""
    return RunContext(id=run_id or uuid7(), client_id=None, position=0, round=0, at=datetime(2026, 3, 6, 9, tzinfo=UTC))
