"""Briefs of many kinds of client, good and poor, that every section must be able to serve."""

from decimal import Decimal
from typing import Any

from apps.onboarding.api.dtos import Audience, BrandGuidelines, Brief, Budget, Objective, Offer
from apps.onboarding.tests.factories import dental_brief, saas_brief
from apps.shared.dtos import Money

_BARE: dict[str, Any] = {
    "pain_points": (),
    "desired_outcomes": (),
    "objections": (),
    "competitors": (),
    "proof": (),
    "banned_words": (),
    "forbidden_claims": (),
    "disclaimers": (),
    "compliance_requirements": (),
    "channels_excluded": (),
    "constraints": (),
    "tracking_status": "",
    "facts": (),
    "brand": BrandGuidelines(),
}


def _money(amount: str, currency: str = "EUR") -> Money:
    return Money(amount=Decimal(amount), currency=currency)


def shop_brief(**changes: Any) -> Brief:
    """A direct-to-consumer shop for refillable cleaning products, in pounds, with an odd amount."""
    return dental_brief(
        **_BARE
        | {
            "client_name": "Foam & Fern 🌿",
            "country": "GB",
            "currency": "GBP",
            "website": "https://foamfern.test",
            "industry": "E-commerce / refillable cleaning products",
            "geography": "UK",
            "offers": (
                Offer(name="starter kit", text="starter kit £24", price=_money("24", "GBP")),
                Offer(name="refill tablets", text="refills £6", price=_money("6.50", "GBP"), unit="per pack"),
            ),
            "objectives": (
                Objective(
                    text="600 first orders in 60 days", metric="first orders", target=Decimal(600), unit="in 60 days"
                ),
            ),
            "audiences": (
                Audience(text="Households in flats who are tired of plastic bottles", name="flat households"),
            ),
            "pain_points": ("plastic bottles under the sink", "does it really clean?", "delivery costs"),
            "desired_outcomes": ("less plastic without more work",),
            "objections": ("tablets may leave residue",),
            "proof": ("1,140 reviews, 4.7 stars", "certified compostable packaging"),
            "budget": Budget(amount=_money("7333.33", "GBP"), cadence="MONTHLY", months=3),
            "brand": BrandGuidelines(tone=("playful", "honest")),
            "banned_words": ("eco-friendly", "miracle"),
        }
        | changes
    )


def coaching_brief(**changes: Any) -> Brief:
    """A coach for managers who change their job, with one audience and quotes in the name."""
    return dental_brief(
        **_BARE
        | {
            "client_name": 'Núria "Second Wind" Coaching',
            "country": "ES",
            "industry": "Career coaching",
            "geography": "Spain, online",
            "website": None,
            "offers": (
                Offer(name="eight-week programme", text="eight weeks, €1,450", price=_money("1450")),
                Offer(name="first conversation", text="first conversation"),
            ),
            "objectives": (
                Objective(text="Fill the autumn group: 12 participants", metric="participants", target=Decimal(12)),
            ),
            "audiences": (Audience(text="Managers over 40 who think about leaving", name="managers over 40"),),
            "pain_points": ("stuck in a job that looks good from outside", "afraid of losing income"),
            "objections": ("coaching is for people who cannot decide",),
            "budget": Budget(amount=_money("1800"), cadence="TOTAL"),
            "brand": BrandGuidelines(tone=("warm", "no hype"), languages=("Spanish", "English")),
            "facts": ("Newsletter has 640 subscribers.",),
        }
        | changes
    )


def bare_brief(**changes: Any) -> Brief:
    """Only what a brief must have, and no number in it."""
    return dental_brief(
        **_BARE
        | {
            "client_name": "Möbelwerk Süd",
            "website": None,
            "industry": "furniture",
            "geography": "",
            "offers": (Offer(name="tables", text="tables"),),
            "objectives": (Objective(text="more customers"),),
            "audiences": (Audience(text="families", name="families"),),
            "budget": None,
        }
        | changes
    )


def wordy_brief(**changes: Any) -> Brief:
    """Answers of many words, in great number, with signs that Markdown and tables would act on."""
    long = "we have been told again and again by many people, at fairs and on the phone, that " * 3
    return saas_brief(
        client_name="Ströbel | Söhne *GmbH* & Co. {KG}",
        industry="Industrial pumps | valves <b>and</b> maintenance for manufacturing firms",
        offers=tuple(Offer(name=f"pump series {n} | {long}", text=long, price=_money("990.50")) for n in range(9)),
        pain_points=tuple(f"{long} pump number {n} | stops" for n in range(9)),
        desired_outcomes=tuple(f"{long} line {n} runs" for n in range(6)),
        objections=tuple(f"{long} objection {n}" for n in range(6)),
        proof=tuple(f"{long} proof {n}" for n in range(6)),
        constraints=tuple(f"{long} limit {n}" for n in range(6)),
        compliance_requirements=tuple(f"{long} rule {n}" for n in range(6)),
        disclaimers=("Technical changes reserved. Figures under laboratory conditions." * 3,),
        competitors=("Grundpump AG",),
        facts=tuple(f"Sales can answer at most {n} requests, says {long}" for n in range(1, 6)),
        brand=BrandGuidelines(tone=("precise", "expert", "plain", "calm", "honest", "never loud")),
        banned_words=("guaranteed", "best"),
        **changes,
    )


def charity_brief(**changes: Any) -> Brief:
    """A charity: neither shop nor clinic, budget in a currency without a symbol, many banned words."""
    return bare_brief(
        client_name="Ølands Bibliotek's Friends",
        currency="SEK",
        country="SE",
        industry="Non-profit library association",
        geography="Öland",
        offers=(Offer(name="membership", text="membership 250 SEK", price=_money("250", "SEK"), unit="per year"),),
        objectives=(Objective(text="200 new members this year", metric="new members", target=Decimal(200)),),
        audiences=(
            Audience(text="families with small children", name="families with small children"),
            Audience(text="retired teachers", name="retired teachers"),
        ),
        pain_points=("do not know which evenings are open to all",),
        proof=("founded 1931",),
        budget=Budget(amount=_money("9999.99", "SEK"), cadence="TOTAL"),
        banned_words=("campaign money", "cheap", "people", "question", "page"),
        **changes,
    )


BRIEFS: dict[str, Brief] = {
    "clinic": dental_brief(),
    "software": saas_brief(),
    "shop": shop_brief(),
    "coaching": coaching_brief(),
    "nothing but the musts": bare_brief(),
    "many words": wordy_brief(),
    "charity": charity_brief(),
    "clinic without budget and proof": dental_brief(budget=None, proof=(), competitors=(), facts=()),
    "clinic without pains": dental_brief(pain_points=(), desired_outcomes=(), audiences=dental_brief().audiences[:1]),
    "software with range": saas_brief(
        budget=Budget(amount=_money("3000"), amount_max=_money("4500"), cadence="MONTHLY"), facts=(), objections=()
    ),
    "shop without anything to say": shop_brief(
        pain_points=(), objections=(), proof=(), desired_outcomes=(), budget=None
    ),
    "coaching without a number": coaching_brief(
        objectives=(Objective(text="become better known"),), budget=None, pain_points=()
    ),
}
