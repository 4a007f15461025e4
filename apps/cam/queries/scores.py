"""What leads are judged by, and what another version of the rules would say."""

from dataclasses import dataclass, fields
from uuid import UUID

from django.db.models import F, QuerySet

from apps.cam.api import dtos
from apps.cam.models import Campaign, Lead, RuleBook
from apps.cam.rules.enriching import Derived, derive
from apps.cam.rules.rulebooks import Profile, Rules, read_profile
from apps.cam.rules.scoring import Known, rate

COMPARED = 500
EXAMPLES = 3
"""Leads that two versions of the rules are tried on, and how many of those judged otherwise are named."""


def live_book() -> RuleBook:
    """Return the rule book that leads are scored by. Raises ObjectDoesNotExist where somebody removed it."""
    return RuleBook.objects.live().get()


def profile_of(campaign: Campaign) -> Profile:
    """Return whom a campaign looks for; one that says nothing asks nothing."""
    return read_profile(campaign.profile)


def leads_to_rate(campaign: Campaign) -> QuerySet[Lead]:
    """Return the leads of a campaign that nobody has judged and that may be contacted, in no order: an order would
    cost a look at all of them for each slice."""
    waiting = Lead.objects.filter(campaign=campaign, state__in=["NEW", "ENRICHED", "SCORED"], contactability="OK")
    return waiting.defer("raw", "reasons", "rating").order_by()


def leads_in_review(campaign: Campaign) -> QuerySet[Lead]:
    """Return the leads of a campaign that wait for a person and may be contacted, those judged longest ago first."""
    waiting = Lead.objects.filter(campaign=campaign, state="MANUAL_REVIEW", contactability="OK")
    return waiting.defer("raw", "reasons", "rating").order_by(F("rated_at").asc(nulls_first=True), "pk")


def derived_of(lead: Lead) -> Derived:
    """Return what follows for sure from what a lead says."""
    names = ("email", "full_name", "title", "seniority", "phone", "linkedin_url", "country", "website")
    return derive(**{name: getattr(lead, name) for name in names})


def known_of(lead: Lead, derived: Derived) -> Known:
    """Return a lead as the rules look at it, with what was found out."""
    columns = {field.name: getattr(lead, field.name) for field in fields(Known)}
    found_out = {name: value for name, value in derived.columns.items() if name in columns}
    return Known(**columns | {"signals": tuple(map(str, lead.signals))} | found_out)


def qualification_of(lead: Lead) -> dtos.Qualification:
    """Return what was said of a lead that was judged."""
    said = {"score": lead.score, "grade": lead.grade, "verdict": (lead.rating or {}).get("verdict")}
    return dtos.Qualification(lead_id=lead.pk, reasons=tuple(map(str, lead.reasons or ())), **said)


@dataclass(frozen=True)
class Change:
    """How many leads would be judged otherwise, and the first of them."""

    before: str
    after: str
    count: int
    leads: list[Lead]

    @property
    def said_before(self) -> str:
        """The verdict now, as people read it."""
        return self.before.replace("_", " ").lower()

    @property
    def said_after(self) -> str:
        """The verdict then."""
        return self.after.replace("_", " ").lower()


@dataclass(frozen=True)
class Compared:
    """What other rules would say of the newest leads; of the others among them they say the same."""

    looked_at: int
    changes: list[Change]

    @property
    def count(self) -> int:
        """How many leads would be judged otherwise."""
        return sum(change.count for change in self.changes)


def compare_rules(before: Rules, after: Rules) -> Compared:
    """Return of how many of the newest leads other rules would say something else; both judge them as they are now."""
    leads = Lead.objects.select_related("campaign").defer("raw", "reasons", "rating").order_by("-id")[:COMPARED]
    profiles: dict[UUID, Profile] = {}
    found: dict[tuple[str, str], list[Lead]] = {}
    for lead in leads:
        profile = profiles.setdefault(lead.campaign_id, profile_of(lead.campaign))
        known = known_of(lead, derived_of(lead))
        was, now = (rate(known, rules, profile).verdict for rules in (before, after))
        if was != now:
            found.setdefault((was, now), []).append(lead)
    changes = [Change(was, now, len(found[was, now]), found[was, now][:EXAMPLES]) for was, now in sorted(found)]
    return Compared(len(leads), changes)
