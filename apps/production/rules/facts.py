"""What the sections of a draft are written from: brief and strategy, cleaned and cut to the size of a phrase."""

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TypeVar

from apps.onboarding.api.dtos import Brief, Budget, Objective, Offer
from apps.production.rules.bans import NEGATION, Bans, bans_of, speaks_of_excluded
from apps.production.rules.writing import clean, in_sentence, money, number, percent, shorten
from apps.strategy.api.dtos import ChannelPlan, Kpi, Layers, Milestone, Strategy

_LEGAL_FORM = re.compile(
    r"(?<=\w)(?:,\s*|\s+)(?:GmbH|AG|UG|KG|SE|Ltd|Limited|LLC|LLP|Inc|PLC|SAS?|S\.A|SARL|S\.?L|Srl|B\.?V|Oy|AB|ApS|A/S|Lda"
    r"|Pty|e\.K|e\.V)\b\.?(?:\s*&\s*Co\.?(?:\s*KG(?:aA)?)?)?(?=\W|$)"
)
_RADIUS = re.compile(
    r"(?:\s*,|\s+and|\s+und|\s+plus|\s*\+)?\s+(?:within\s+|about\s+|some\s+|ca\.?\s+|up to\s+|im Umkreis von\s+)*"
    r"\d+\s*(?:km|kilomet\w+|miles?|mi)\b.*$",
    re.IGNORECASE,
)
Option = TypeVar("Option")

_B2B = re.compile(
    r"\b(?:b2b|saas|enterprise|procurement|purchas\w+ manager|heads? of|directors?|managers?|cfos?|ctos?|ceos?"
    r"|founders?|wholesale\w*|manufactur\w+|industrial|team leads?|it teams?|distributors?"
    r"|employers?|companies|firms)\b",
    re.IGNORECASE,
)
_REQUESTS = (
    ("consult", "book a consultation"), ("demo", "book a demo"), ("appointment", "book an appointment"),
    ("reservation", "reserve a table"), ("booking", "book a place"), ("trial", "start a trial"),
    ("sign-up", "sign up"), ("signup", "sign up"), ("registration", "register"), ("subscri", "subscribe"),
    ("download", "get the download"), ("donation", "make a donation"), ("donor", "make a donation"),
    ("member", "become a member"), ("order", "place an order"), ("sale", "see the range"),
    ("application", "apply"), ("enrol", "enrol"), ("quote", "ask for a quote"), ("visit", "plan a visit"),
    ("lead", "ask for details"), ("enquir", "ask for details"), ("call", "ask for a call"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class OfferFact:
    """An offer in at most nine words. `price` is "from €2,900" or "€490 per month", "" where the brief names none."""

    name: str
    price: str

    @property
    def priced(self) -> str:
        """The name, with the price in brackets where there is one."""
        return f"{self.name} ({self.price})" if self.price else self.name

    @property
    def short(self) -> str:
        """The name without what qualifies it: "AP automation" for "AP automation for firms with 50-400 staff"."""
        return _first_part(self.name, "for|with|from|including|that|which") if len(self.name.split()) > 4 else self.name


@dataclass(frozen=True, slots=True)
class ChannelFact:
    """A channel of the strategy. `share` is "35%", `budget` "€1,750" or "" where the brief names no budget."""

    name: str
    share: str
    budget: str
    role: str
    tactics: tuple[str, ...]
    posts_per_week: int


@dataclass(frozen=True, slots=True)
class KpiFact:
    """A number to reach. `target` is "40 per month", or "" where it is measured first and then set."""

    name: str
    stage: str  # AWARENESS, ENGAGEMENT, CONVERSION, RETENTION
    target: str
    baseline: str
    days: int
    source: str


@dataclass(frozen=True)
class Facts:
    """All a section needs. Every text is one line, free of Markdown signs and of banned words; a list may be empty.

    Client wording has any grammar ("month-end crunch", "afraid of the price"): print it behind a colon or a dash or in
    quotes, never as a part of a sentence's grammar. Noun phrases that fit into a sentence are `client`, `offer.name`,
    `primary`, `secondary` and the channels' names. Competitors' names are for judging only; do not print them.
    """

    client: str  # as people say it, without its legal form
    company: str  # in full
    industry: str  # "" where unknown
    place: str  # geography without its radius, at most 9 words: "Galway city"; "" where unknown
    area: str  # the same with its radius: "Galway city and about 25 km around it"
    website: str
    offers: tuple[OfferFact, ...]  # at least one
    primary: str  # short name of the primary audience
    secondary: str  # "" where the brief has one audience
    audiences: tuple[str, ...]  # all, in at most 22 words each
    goal: str  # "40 booked consultations per month by the end of Q2"
    target: str  # "40", "" where the objective holds no number
    baseline: str  # "14", "" where unknown
    metric: str  # "booked consultations", "" where unknown
    goals: tuple[str, ...]  # all objectives, the first is the primary one
    request: str  # what readers are asked to do: "book a consultation" (lower case, an imperative)
    pains: tuple[str, ...]
    outcomes: tuple[str, ...]
    objections: tuple[str, ...]
    proof: tuple[str, ...]
    competitors: tuple[str, ...]
    tone: tuple[str, ...]  # how it sounds: "calm", "plain"
    tone_never: tuple[str, ...]  # how it never sounds: "scare tactics", "hype"
    languages: tuple[str, ...]
    extra_languages: tuple[str, ...]
    notes: tuple[str, ...]  # sentences from the discovery calls
    constraints: tuple[str, ...]
    tracking: str
    disclaimers: tuple[str, ...]  # in full
    compliance: tuple[str, ...]
    deliverables: tuple[str, ...]
    channels: tuple[ChannelFact, ...]  # at least one
    kpis: tuple[KpiFact, ...]
    milestones: tuple[Milestone, ...]
    budget: str  # "€5,000 per month", "" where unknown
    paid_share: str  # "60%", "" where unknown
    layers: Layers
    start: date
    end: date
    is_b2b: bool
    writes_mail: bool  # False where the client wants no e-mail
    unknown: tuple[str, ...]  # what the brief does not say: "the budget", "proof of results"
    seed: str
    bans: Bans

    @property
    def offer(self) -> OfferFact:
        return self.offers[0]

    @property
    def channel(self) -> ChannelFact:
        return self.channels[0]

    @property
    def readers(self) -> str:
        """The primary audience in the fewest words that still name it: "adults 25-45"."""
        core = _first_part(self.primary, r"who|that|with|in|from|of whom|looking|living|working")
        return _first_part(core, "and|or") if len(core.split()) > 5 else core

    def pick(self, options: Sequence[str], salt: str) -> str:
        """Choose one phrasing, always the same for the same client and salt; one with a banned word only if all have.

        Two clients mostly get different phrasings. Write each section with options of its own, so that no draft says a
        sentence twice.
        """
        ordered = self.shuffled(options, salt)
        return next((option for option in ordered if not self.is_banned(option)), ordered[0])

    def shuffled(self, options: Sequence[Option], salt: str) -> list[Option]:
        """Return the options in an order of the client's own: take the first few where several are needed."""
        return sorted(options, key=lambda option: hashlib.sha256(f"{self.seed}{salt}{option}".encode()).digest())

    def is_banned(self, text: str) -> bool:
        """Say whether text holds a banned word or makes a forbidden claim; the client's name and disclaimers may."""
        return self.bans.hold_in(text)

    def strike_banned(self, text: str) -> str:
        """Return text with only the banned words taken out."""
        return self.bans.strike(text)


def _first_part(phrase: str, joints: str) -> str:
    """Return what stands before the first of the joints, the whole phrase if that would leave less than two words."""
    part = re.split(rf"\s+(?:{joints})\s", phrase)[0].rstrip(",;:")
    return part if len(part.split()) > 1 else phrase


def facts_of(brief: Brief, strategy: Strategy) -> Facts:
    """Gather what the sections need from a brief and its strategy; the same contents give the same facts and seed."""
    words = _Words(brief)
    offers = tuple(_offer(offer, words) for offer in brief.offers if words.fine(offer.name))
    audiences = words.phrases([audience.text or audience.name for audience in brief.audiences], 22)
    names = [in_sentence(words.phrase(audience.name or audience.text, 11)) for audience in brief.audiences]
    objective = brief.objectives[0] if brief.objectives else Objective(text="")
    tone, never = _tone(brief.brand.tone, words)
    return Facts(
        client=short_name(brief.client_name) or "The client",
        company=clean(brief.client_name) or "The client",
        industry=words.phrase(brief.industry, 9),
        place=words.phrase(_RADIUS.sub("", brief.geography) or brief.geography, 9),
        area=words.phrase(brief.geography, 12),
        website=clean(brief.website or ""),
        offers=offers or (OfferFact(name="the main offer", price=""),),
        primary=next(filter(None, names), "the primary audience"),
        secondary=next(filter(None, names[1:]), ""),
        audiences=audiences,
        goal=_goal(objective, words) or "not named in the brief",
        target=number(objective.target) if objective.target is not None else "",
        baseline=number(objective.baseline) if objective.baseline is not None else "",
        metric=words.phrase(objective.metric, 6),
        goals=tuple(filter(None, (_goal(goal, words) for goal in brief.objectives))),
        request=_request(brief, words),
        pains=words.phrases(brief.pain_points),
        outcomes=words.phrases(brief.desired_outcomes),
        objections=words.phrases(brief.objections),
        proof=words.phrases(brief.proof),
        competitors=tuple(clean(name) for name in brief.competitors),
        tone=tone,
        tone_never=never,
        languages=words.phrases(brief.brand.languages, 3) or ("English",),
        extra_languages=words.phrases(brief.brand.extra_languages, 8),
        notes=words.phrases(brief.facts, 24),
        constraints=words.phrases(brief.constraints, 16),
        tracking=words.phrase(brief.tracking_status, 14),
        disclaimers=tuple(clean(text) for text in brief.disclaimers if text.strip()),
        compliance=words.phrases(brief.compliance_requirements, 16),
        deliverables=words.phrases(brief.scope.deliverables, 6),
        channels=tuple(_channel(plan, words) for plan in strategy.channels) or (_no_channel(),),
        kpis=tuple(_kpi(kpi, words) for kpi in strategy.kpis),
        milestones=tuple(strategy.milestones),
        budget=_budget(brief.budget),
        paid_share=percent(brief.budget.paid_share_pct) if brief.budget and brief.budget.paid_share_pct else "",
        layers=strategy.layers,
        start=strategy.start_date,
        end=strategy.end_date,
        is_b2b=_is_b2b(brief),
        writes_mail=not speaks_of_excluded("email", brief.channels_excluded),
        unknown=_unknown(brief),
        seed=_seed(brief),
        bans=words.bans,
    )


def short_name(client_name: str) -> str:
    """Return a client's name as people say it: "Ledgerly" for "Ledgerly GmbH"."""
    return " ".join(_LEGAL_FORM.sub("", clean(client_name)).split())


class _Words:
    """Turns client wording into phrases, and leaves out what holds a banned word or speaks of an excluded channel."""

    def __init__(self, brief: Brief) -> None:
        name = clean(brief.client_name)
        own = (name, short_name(name), *(clean(text) for text in brief.disclaimers))
        self.bans = bans_of(brief.banned_words, brief.forbidden_claims, own)
        self.excluded = brief.channels_excluded

    def fine(self, text: str) -> bool:
        text = clean(text)
        return bool(text) and not self.bans.hold_in(text) and not speaks_of_excluded(text, self.excluded)

    def phrase(self, text: str, words: int = 12) -> str:
        return shorten(clean(text), words) if self.fine(text) else ""

    def phrases(self, texts: Sequence[str], words: int = 12) -> tuple[str, ...]:
        """Clean and shorten each; drop the empty, the banned, and what says the same as one before."""
        phrases = (self.phrase(text, words) for text in texts)
        return tuple({phrase.lower(): phrase for phrase in reversed([p for p in phrases if p])}.values())[::-1]


def _offer(offer: Offer, words: _Words) -> OfferFact:
    price = ""
    if offer.price is not None:
        price = f"{'from ' if offer.is_price_from else ''}{money(offer.price)} {clean(offer.unit)}".strip()
    return OfferFact(name=in_sentence(words.phrase(offer.name, 9)), price=price)


def _goal(objective: Objective, words: _Words) -> str:
    text = words.phrase(objective.text, 22)
    if objective.target is None or not words.fine(objective.metric):
        return text
    parts = [number(objective.target), clean(objective.metric), clean(objective.unit), clean(objective.deadline)]
    return shorten(" ".join(part for part in parts if part), 22)


def _request(brief: Brief, words: _Words) -> str:
    said = " ".join(f"{objective.metric} {objective.text}" for objective in brief.objectives).lower()
    requests = (request for stem, request in _REQUESTS if re.search(rf"\b{stem}", said) and words.fine(request))
    return next(requests, "ask for details")


def _tone(adjectives: Sequence[str], words: _Words) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Split "calm, never hype" into what the voice is and what it never is."""
    cleaned = [clean(word).lower() for word in adjectives if words.fine(word)]
    never = tuple(shorten(NEGATION.sub("", word), 5) for word in cleaned if NEGATION.match(word))
    return tuple(shorten(word, 5) for word in cleaned if not NEGATION.match(word)), never


def _channel(plan: ChannelPlan, words: _Words) -> ChannelFact:
    return ChannelFact(
        name=clean(plan.channel),
        share=percent(plan.budget_share_pct),
        budget=money(plan.budget) if plan.budget else "",
        role=words.phrase(plan.role, 24),
        tactics=words.phrases(plan.tactics, 20),
        posts_per_week=plan.posts_per_week,
    )


def _no_channel() -> ChannelFact:
    return ChannelFact(name="Website", share="100%", budget="", role="", tactics=(), posts_per_week=3)


def _kpi(kpi: Kpi, words: _Words) -> KpiFact:
    def with_unit(value: Decimal | None) -> str:
        return "" if value is None else f"{number(value)} {clean(kpi.unit)}".strip()

    return KpiFact(
        name=words.phrase(kpi.name, 8) or kpi.stage.capitalize(),
        stage=kpi.stage,
        target=with_unit(kpi.target),
        baseline=with_unit(kpi.baseline),
        days=kpi.days,
        source=clean(kpi.source),
    )


def _budget(budget: Budget | None) -> str:
    if budget is None:
        return ""
    amount = money(budget.amount)
    if budget.amount_max:
        amount += f" to {money(budget.amount_max)}"
    return f"{amount} per month" if budget.cadence == "MONTHLY" else f"{amount} in total"


def _is_b2b(brief: Brief) -> bool:
    said = " ".join([brief.industry, *(audience.text for audience in brief.audiences[:1])])
    return bool(_B2B.search(said))


def _unknown(brief: Brief) -> tuple[str, ...]:
    priced = any(offer.price for offer in brief.offers)
    counted = any(objective.target is not None for objective in brief.objectives)
    known = {
        "the budget": brief.budget,
        "proof of results": brief.proof,
        "what holds buyers back": brief.pain_points,
        "what buyers hope for": brief.desired_outcomes,
        "prices": priced,
        "a number behind the goal": counted,
        "the tone of voice": brief.brand.tone,
        "what is tracked today": brief.tracking_status,
        "the website": brief.website,
    }
    return tuple(name for name, fact in known.items() if not fact)


def _seed(brief: Brief) -> str:
    """Hash the brief's content without its ids, so that the same brief is written the same way everywhere."""
    content = brief.model_dump_json(exclude={"id", "intake_id", "client_id"})
    return hashlib.sha256(content.encode()).hexdigest()
