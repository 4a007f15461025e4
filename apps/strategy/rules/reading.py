"""A brief as the rules read it: tidied, shortened, and without what must not be repeated."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Self
from urllib.parse import urlsplit

from apps.onboarding.api.dtos import Brief, Objective, Offer
from apps.shared.dtos import Money
from apps.strategy.rules.exclusions import mentions_excluded
from apps.strategy.rules.facts import Facts, sort_facts
from apps.strategy.rules.wording import Wording, in_sentence, listed, quote, shorten, tidy

_WITHOUT_PREPOSITION = ("worldwide", "online", "nationwide", "globally", "remote", "in ", "across ", "throughout ")

_LEGAL_FORM = re.compile(
    r"(?<=\w)(?:,\s*|\s+)(?:GmbH|AG|UG|KG|SE|Ltd|Limited|LLC|LLP|Inc|PLC|SAS?|S\.A|SARL|S\.?L|Srl|B\.?V|Oy|AB|ApS|A/S|Lda"
    r"|Pty|e\.K|e\.V)\b\.?(?:\s*&\s*Co\.?(?:\s*KG(?:aA)?)?)?(?=\W|$)"
)
_RADIUS = re.compile(r"(?:\s*,|\s+and|\s+und)?\s+(?:about\s+|within\s+)*\d+\s*(?:km|miles?)\b.*$", re.IGNORECASE)
_UNNAMED = ("the people the brief names", "those it is made for", "future buyers", "readers")
_CASE = re.compile(r"\b(?:case|story|testimonial|pilot)\b|→", re.IGNORECASE)
_RULES_OUT = re.compile(r"\b(?:no|not|never|without|refuses?)\b|n['’]t\b", re.IGNORECASE)
_DENIAL = re.compile(r"(?:no|not|never|without)\b", re.IGNORECASE)


class StrategyImpossible(ValueError):
    """No strategy can be made of a brief, however often it is tried; the message names the field and the fix."""


@dataclass(frozen=True)
class Reading:
    """What a plan may use of a brief: lists in the client's order (proof with numbers first), fit to be repeated."""

    brief: Brief
    wording: Wording
    client: str
    objective: Objective
    metric: str | None
    pains: tuple[str, ...]
    outcomes: tuple[str, ...]
    objections: tuple[str, ...]
    competitors: tuple[str, ...]
    proof: tuple[str, ...]
    audiences: tuple[str, ...]
    offers: tuple[str, ...]
    facts: Facts

    @classmethod
    def of(cls, brief: Brief) -> Self:
        """Read a brief. Raises StrategyImpossible naming the field without which no strategy can be made."""
        for field in ("objectives", "audiences"):
            if not getattr(brief, field):
                raise StrategyImpossible(
                    f"brief.{field} is empty: a strategy needs at least one. Ask the client and brief again."
                )
        wording = Wording.of(brief.banned_words)

        def usable(texts: Iterable[str], limit: int = 140) -> tuple[str, ...]:
            tidied = (tidy(text) for text in texts)
            return tuple(dict.fromkeys(shorten(text, limit) for text in tidied if text and wording.is_clean(text)))

        return cls(
            brief=brief,
            wording=wording,
            client=shorten(wording.clean(_LEGAL_FORM.sub("", tidy(brief.client_name))), 60) or "the client",
            objective=brief.objectives[0],
            metric=next(iter(usable([brief.objectives[0].metric], 60)), None),
            pains=usable(brief.pain_points),
            outcomes=usable(brief.desired_outcomes),
            objections=usable(brief.objections),
            competitors=usable(brief.competitors, 60),
            proof=tuple(sorted(usable(brief.proof), key=_is_without_number)),
            audiences=usable((audience.name for audience in brief.audiences), 80),
            offers=usable((offer.name for offer in brief.offers), 80),
            facts=sort_facts(usable(_not_about_excluded(brief), 200)),
        )

    @property
    def goal(self) -> str | None:
        """The objective in the client's own words, shortened; None where they may not be repeated."""
        text = tidy(self.objective.text)
        return quote(text, 150) if text and self.wording.is_clean(text) else None

    @property
    def weeks(self) -> int:
        return max(1, self.brief.scope.timeline_weeks_max)

    @property
    def budget(self) -> Money | None:
        """The brief's budget to the cent; None where none, or nothing, may be spent."""
        if self.brief.budget is None or self.brief.budget.amount.amount <= 0:
            return None
        money = self.brief.budget.amount
        return Money(amount=round(money.amount, 2), currency=money.currency)

    @property
    def budget_period(self) -> str:
        return "a month" if self.brief.budget and self.brief.budget.cadence == "MONTHLY" else "in total"

    @property
    def lead_offer(self) -> Offer | None:
        return self.brief.offers[0] if self.brief.offers else None

    @cached_property
    def where(self) -> str:
        """Where the client works, to follow a noun: " in Galway", " worldwide"; no radius; empty where unknown."""
        place = shorten(self.wording.clean(tidy(self.brief.geography)), 80).rstrip(" .,;")
        place = re.sub(r"(?:,?\s+(?:only|for now|currently|at the moment))+$", "", place, flags=re.IGNORECASE)
        place = _RADIUS.sub("", place) or place
        if not place:
            return ""
        return f" {in_sentence(place)}" if place.lower().startswith(_WITHOUT_PREPOSITION) else f" in {place}"

    @property
    def _tones(self) -> list[str]:
        # "Keep the voice calm" is a sentence, "keep the voice no scare tactics" is not.
        tones = [tidy(tone) for tone in self.brief.brand.tone]
        return [tone for tone in tones if tone and self.wording.is_clean(tone) and not _DENIAL.match(tone)]

    @cached_property
    def blanks(self) -> dict[str, str | None]:
        """What templates may be filled with; None where the brief is silent."""
        brief = self.brief
        offers = [in_sentence(offer) for offer in self.offers]
        audiences = [in_sentence(audience) for audience in self.audiences]
        facts = {
            name: getattr(self.facts, name) for name in ("response", "hours", "contacts", "spokesperson", "lesson")
        }
        return {
            "client": self.client,
            "where": self.where,
            "weeks": "one week" if self.weeks == 1 else f"{self.weeks} weeks",
            "goal": self.goal,
            "metric": in_sentence(self.metric) if self.metric else "results",
            "one": singular(in_sentence(self.metric)) if self.metric else "result",
            "offer": _nth(offers, 0) or f"what {self.client} sells",
            "second_offer": _nth(offers, 1),
            "price": price_of(self.lead_offer),
            "audience": _nth(audiences, 0) or next(filter(self.wording.is_clean, _UNNAMED), _UNNAMED[-1]),
            "second_audience": _nth(audiences, 1),
            "site": _host(brief.website),
            "tone": listed(self._tones[:3]) if self._tones else None,
            "case": next((quote(text) for text in self.proof if _CASE.search(text)), None),
            "competitors": listed(list(self.competitors[:3]), "or") if self.competitors else None,
            **_numbered("pain", self.pains),
            **_numbered("outcome", self.outcomes),
            **_numbered("objection", self.objections),
            **_numbered("proof", self.proof),
            **{name: sentence and quote(sentence, 160) for name, sentence in facts.items()},
        }


def price_of(offer: Offer | None) -> str | None:
    """Return an offer's price as a phrase ("from 2,900 EUR", "490 EUR per month"), None where the client named none."""
    if offer is None or offer.price is None:
        return None
    unit = shorten(tidy(offer.unit), 30)
    return f"{'from ' if offer.is_price_from else ''}{offer.price}{f' {unit}' if unit else ''}"


def singular(phrase: str) -> str:
    """Return one of the things an English plural names: "booked consultations" becomes "booked consultation"."""
    if phrase.endswith("ies"):
        return phrase[:-3] + "y"
    if phrase.endswith(("sses", "ches", "shes", "xes")):
        return phrase[:-2]
    return phrase[:-1] if phrase.endswith("s") and not phrase.endswith(("ss", "us", "is")) else phrase


def _is_without_number(text: str) -> bool:
    return not any(letter.isdigit() for letter in text)


def _not_about_excluded(brief: Brief) -> list[str]:
    """Return the facts but those that count on a channel the client excludes; those that rule one out stay."""
    return [
        fact for fact in brief.facts if _RULES_OUT.search(fact) or not mentions_excluded(fact, brief.channels_excluded)
    ]


def _numbered(name: str, texts: tuple[str, ...]) -> dict[str, str | None]:
    quoted = [quote(text) for text in texts[:3]]
    return {f"{name}{number or ''}": _nth(quoted, index) for index, number in enumerate(("", 2, 3))}


def _nth(texts: list[str], index: int) -> str | None:
    return texts[index] if index < len(texts) else None


def _host(website: str | None) -> str | None:
    host = urlsplit(website).hostname if website else None
    return host.removeprefix("www.") if host else None
