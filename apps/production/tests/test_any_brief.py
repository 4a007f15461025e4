"""The composer on briefs put together at random: any length, any gap, any sign."""

import random
from decimal import Decimal

import pytest

from apps.onboarding.api.dtos import Audience, BrandGuidelines, Brief, Budget, Objective, Offer
from apps.onboarding.tests.factories import dental_brief, saas_brief
from apps.production.rules.composer import compose
from apps.production.rules.packs import PACKS, QUICK_SOCIAL_BASIC
from apps.production.tests.test_compose import shortfalls
from apps.shared.dtos import Money
from apps.strategy.tests.factories import strategy_for

_PHRASE = """
we need more people to book evening visits, because nobody knows the price; our team (all 7) speaks “plain” English &
German — 24/7! Is it safe? Dr. Who says: “never again”. | pipes * stars # hash <b> émigré größer 🥐 it's fine
"""
WORDS = tuple(_PHRASE.split())
NAMES = ("A", "M&S", 'O\'Neill "Quick" Plumbing', "Fünf & Söhne GmbH & Co. KG", "🥐", "Cheap Flights", "123")
BANNED = ((), ("people", "question", "quality", "simple"), ("cheap", "best", "honest", "plain", "fact", "price"))
MONEY = Money(amount=Decimal("12.50"), currency="EUR")


class Chance(random.Random):
    def text(self, least: int, most: int) -> str:
        return " ".join(self.choice(WORDS) for _ in range(self.randint(least, most)))

    def texts(self, most: int, words: int = 40) -> tuple[str, ...]:
        return tuple(self.text(1, words) for _ in range(self.randint(0, most)))


def brief_by_chance(chance: Chance) -> Brief:
    return chance.choice([dental_brief, saas_brief])(
        client_name=chance.choice(NAMES),
        industry=chance.choice(["", chance.text(1, 30)]),
        geography=chance.choice(["", chance.text(1, 30)]),
        website=chance.choice([None, "https://x.test"]),
        offers=tuple(Offer(name=name, text="", price=chance.choice([None, MONEY])) for name in chance.texts(6)),
        objectives=tuple(
            Objective(text=text, metric=chance.choice(["", "new members"]), target=chance.choice([None, Decimal(12)]))
            for text in ("more of it", *chance.texts(2))
        ),
        audiences=tuple(Audience(text=text, name=text) for text in ("anybody", *chance.texts(3))),
        pain_points=chance.texts(8),
        desired_outcomes=chance.texts(8),
        objections=chance.texts(8),
        proof=chance.texts(6),
        facts=chance.texts(5),
        constraints=chance.texts(5),
        brand=BrandGuidelines(tone=chance.texts(5, words=6)),
        banned_words=chance.choice(BANNED),
        forbidden_claims=("No promise of a cure",),
        budget=chance.choice([None, Budget(amount=MONEY, cadence="MONTHLY")]),
    )


@pytest.mark.parametrize("pack", PACKS)
@pytest.mark.parametrize("seed", range(20))
def test_gives_sections_within_their_benchmarks(seed: int, pack: str) -> None:
    brief = brief_by_chance(Chance(seed))
    shared = {spec.key for spec in QUICK_SOCIAL_BASIC.sections}
    sections = compose(brief, strategy_for(brief), PACKS[pack]).sections
    assert [flaw for section in sections if section.key in shared for flaw in shortfalls(section)] == []


@pytest.mark.parametrize("seed", range(20))
def test_gives_thirty_different_hooks(seed: int) -> None:
    brief = brief_by_chance(Chance(seed))
    calendar = compose(brief, strategy_for(brief), QUICK_SOCIAL_BASIC).calendar
    assert len({item.hook for item in calendar}) == 30
