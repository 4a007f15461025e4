"""What a rule book of scoring, and a campaign's profile, may say: data that people edit, never taken unchecked."""

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from itertools import pairwise
from typing import Annotated, Any, Self, TypeVar

from pydantic import AfterValidator, BeforeValidator, Field, ValidationError, model_validator
from pydantic.fields import FieldInfo
from pydantic_core import PydanticCustomError

from apps.cam.rules.rows import country_code
from apps.shared.dtos import CountryCode, CurrencyCode, Dto

SCORING = "scoring"
"""The name of the rule book that leads are scored by."""
MOST_ENTRIES = 500
BUDGET, TIMELINE = "budget", "timeline"
"""Signals without which nobody gets an A: the lead has money for it, and a date."""

Kind = TypeVar("Kind", bound=Dto)
Share = Annotated[Decimal, Field(ge=0, le=1, max_digits=4, decimal_places=3)]


class RulesRefused(ValueError):
    """Rules cannot be so. `problems` maps each wrong field (`fit.industry`) to what is wrong and how to mend it."""

    def __init__(self, problems: dict[str, str]) -> None:
        super().__init__("; ".join(f"{field}: {problem}" for field, problem in problems.items()))
        self.problems = problems


def _folded(value: Any) -> Any:
    """Return texts in small letters with single spaces, each once; what is no list of texts is left to be refused."""
    if not isinstance(value, list | tuple) or not all(isinstance(each, str) for each in value):
        return value
    return tuple(dict.fromkeys(text for each in value if (text := " ".join(each.casefold().split()))))


def _codes(value: Any) -> Any:
    """Return countries by their codes; what is none is left to be refused."""
    if not isinstance(value, list | tuple):
        return value
    return tuple(dict.fromkeys(country_code(each) or each if isinstance(each, str) else each for each in value))


def _domains(value: tuple[str, ...]) -> tuple[str, ...]:
    for each in value:
        if not re.fullmatch(r"([^\W_]([\w-]*[^\W_])?\.)+[^\W\d_]{2,}", each):
            raise PydanticCustomError(
                "domain", "“{domain}” is no domain; write it like agency.example", {"domain": each}
            )
    return value


Words = Annotated[
    tuple[Annotated[str, Field(max_length=100)], ...], BeforeValidator(_folded), Field(max_length=MOST_ENTRIES)
]
Domains = Annotated[Words, AfterValidator(_domains)]


class _Weights(Dto):
    """Parts of one whole."""

    @model_validator(mode="after")
    def _make_one(self) -> Self:
        total = sum(dict(self).values(), Decimal(0))
        if total != 1:
            percent = f"{total * 100:f}".rstrip("0").rstrip(".")
            raise PydanticCustomError("weights", "together must make 100 %, not {percent} %", {"percent": percent})
        return self


class _Steps(Dto):
    """Thresholds, each below the one before."""

    @model_validator(mode="after")
    def _descend(self) -> Self:
        values = list(dict(self).values())
        if any(later >= earlier for earlier, later in pairwise(values)):
            raise PydanticCustomError("steps", "must fall from the first to the last")
        return self


class FitWeights(_Weights):
    """How much each part of a company counts for how well it fits."""

    size: Share = Field(title="Number of people")
    industry: Share = Field(title="Industry")
    revenue: Share = Field(title="Revenue")
    location: Share = Field(title="Country")


class OpportunityWeights(_Weights):
    """How much each thing about the person counts for what could come of it."""

    title: Share = Field(title="Job title")
    seniority: Share = Field(title="Seniority")
    signals: Share = Field(title="Signals that they may buy")


class SeniorityValues(Dto):
    """What each seniority is worth. It need not be somebody at the top who decides."""

    owner: Share = Field(title="Owner, founder, partner")
    executive: Share = Field(title="Chief, managing director, president")
    vp: Share = Field(title="Vice president")
    director: Share = Field(title="Director, head of")
    manager: Share = Field(title="Manager, lead")
    senior: Share = Field(title="Senior, principal")
    staff: Share = Field(title="Others with a title")
    junior: Share = Field(title="Junior, assistant, trainee")


class Tiers(_Steps):
    """From which score a lead is what; below the last it is cold."""

    hot: Share = Field(title="Hot from")
    warm: Share = Field(title="Warm from")
    cool: Share = Field(title="Cool from")


class Grades(_Steps):
    """From which fit, with what lifts it, a lead has which grade; below the last it is E, and F is ruled out."""

    a: Share = Field(title="A from", description="An A needs a known budget and a known time, too.")
    b: Share = Field(title="B from")
    c: Share = Field(title="C from")
    d: Share = Field(title="D from")


class Lifts(Dto):
    """What lifts the grade where it is among the lead's signals."""

    budget: Share = Field(title="“budget”")
    timeline: Share = Field(title="“timeline”")
    pain: Share = Field(title="“pain”")


class Bars(Dto):
    """What a lead must reach to be qualified."""

    fit: Share = Field(
        title="Least fit", description="One who cannot reach it is disqualified; who might goes to a person."
    )
    opportunity: Share = Field(title="Least opportunity", description="One below it goes to a person.")


class Routes(_Steps):
    """From which score a qualified lead gets which sequence; below the last it is cold_outreach."""

    aggressive_close: Share = Field(title="aggressive_close from")
    regular_nurture: Share = Field(title="regular_nurture from")
    long_term_nurture: Share = Field(title="long_term_nurture from")


class Boost(Dto):
    """What is added to the score before a sequence is chosen, where enough signals are seen."""

    added: Share = Field(title="Added to the score")
    signals: Share = Field(title="Where this many of the signals are seen")


class Rules(Dto):
    """The content of a rule book of scoring."""

    fit: FitWeights = Field(title="How well the company fits")
    opportunity: OpportunityWeights = Field(title="What could come of it")
    seniority: SeniorityValues = Field(title="What each seniority is worth")
    fit_share: Share = Field(
        title="Fit in the score", description="How much of the score is fit; the rest of it is opportunity."
    )
    tiers: Tiers = Field(title="Hot, warm, cool")
    grades: Grades = Field(title="Grades")
    lifts: Lifts = Field(title="What lifts a grade")
    bars: Bars = Field(title="Qualified")
    routes: Routes = Field(title="Which sequence")
    boost: Boost = Field(title="What signals add")
    signals: Words = Field(
        title="Signals", min_length=1, description="What to look for among a lead's signals, one in a line."
    )
    role_accounts: Words = Field(
        title="Addresses of nobody in particular", description="What stands before the @, one in a line."
    )
    spam_words: Words = Field(title="Words of spam", description="In address, name, company or title, one in a line.")
    competitor_domains: Domains = Field(title="Competitors", description="Their domains, one in a line.")


class Profile(Dto):
    """Whom a campaign looks for. What it leaves out it does not ask, and nobody is better or worse for it."""

    industries: Words = Field(default=(), title="Industries", description="One in a line.")
    employees_from: int | None = Field(default=None, ge=1, le=10_000_000, title="People, from")
    employees_to: int | None = Field(default=None, ge=1, le=10_000_000, title="People, to")
    revenue_from: Decimal | None = Field(default=None, ge=0, max_digits=16, decimal_places=2, title="Revenue, from")
    revenue_to: Decimal | None = Field(default=None, ge=0, max_digits=16, decimal_places=2, title="Revenue, to")
    revenue_currency: CurrencyCode | None = Field(
        default=None, title="Currency of the revenue", description="Such as EUR. Other currencies are not compared."
    )
    countries: Annotated[tuple[CountryCode, ...], BeforeValidator(_codes)] = Field(
        default=(), max_length=300, title="Countries", description="IE or Ireland, one in a line."
    )
    titles: Words = Field(
        default=(),
        title="Job titles",
        description="Words of a title in a line: “marketing manager” finds a senior one.",
    )
    signals: Words = Field(
        default=(), title="Signals", description="One in a line; without any, those of the rule book."
    )
    competitor_domains: Domains = Field(
        default=(), title="Competitors", description="Domains, one in a line, beside those of the rule book."
    )
    blocked_keywords: Words = Field(
        default=(), title="Nobody with these words", description="In address, name, company, title or industry."
    )

    @model_validator(mode="after")
    def _spans(self) -> Self:
        for low, high in ((self.employees_from, self.employees_to), (self.revenue_from, self.revenue_to)):
            if low is not None and high is not None and high < low:
                raise PydanticCustomError("span", "“to” must not be below “from”")
        if (self.revenue_from is not None or self.revenue_to is not None) != (self.revenue_currency is not None):
            raise PydanticCustomError("revenue", "revenue needs both an amount and its currency")
        return self

    @property
    def asks(self) -> bool:
        """Whether it says anything of whom the campaign looks for, beside whom it does not."""
        return any(
            (
                *(self.industries, self.countries, self.titles),
                *(self.employees_from, self.employees_to, self.revenue_from, self.revenue_to),
            )
        )


def read_rules(content: Mapping[str, Any]) -> Rules:
    """Return the rules in a rule book's content. Raises RulesRefused, naming every wrong field."""
    return _read(Rules, content)


def read_profile(content: Mapping[str, Any]) -> Profile:
    """Return the profile in a campaign's column. Raises RulesRefused, naming every wrong field."""
    return _read(Profile, content)


def _read(kind: type[Kind], content: Mapping[str, Any]) -> Kind:
    try:
        return kind.model_validate(content)
    except ValidationError as refusal:
        raise RulesRefused({_place(error["loc"]): _said(error) for error in refusal.errors()}) from refusal


def _place(loc: tuple[int | str, ...]) -> str:
    """Return where an error is: the field, not the place in a list."""
    return ".".join(str(part) for part in loc if isinstance(part, str)) or "all"


_IN_WORDS = {
    "extra_forbidden": "is no field of it; leave it out",
    "missing": "is missing; write it",
    "greater_than_equal": "must be at least {ge}",
    "less_than_equal": "must be at most {le}",
    "decimal_max_places": "has too many digits behind the point",
    "too_short": "is empty; write something",
    "too_long": "has too many lines",
    "string_too_long": "has a line of more than {max_length} characters; shorten it",
    "string_pattern_mismatch": "is not known; write a country such as IE or Ireland, a currency such as EUR",
}


def _said(error: Any) -> str:
    template = _IN_WORDS.get(error["type"])
    return template.format(**error.get("ctx", {})) if template else error["msg"][:1].lower() + error["msg"][1:]


def told(content: Dto) -> dict[str, str]:
    """Return rules or a profile as lines to read and to compare, by the heading they stand under."""
    return dict(_told(content))


def _told(content: Dto) -> Iterator[tuple[str, str]]:
    single = []
    for name, field in type(content).model_fields.items():
        value, title = getattr(content, name), field.title or name
        if isinstance(value, Dto):
            yield title, "\n".join(_line(value, key, each) for key, each in type(value).model_fields.items())
        elif isinstance(value, tuple):
            yield title, "\n".join(value)
        else:
            single.append(_line(content, name, field))
    if single:
        yield "The rest", "\n".join(single)


def _line(content: Dto, name: str, field: FieldInfo) -> str:
    value = getattr(content, name)
    said = "not asked" if value is None else percent(value) if is_share(field) else f"{value}"
    return f"{field.title}: {said}"


def percent(value: Decimal) -> str:
    """Return a share as a percentage without needless digits: `12.5 %`."""
    text = f"{value * 100:f}"
    return f"{text.rstrip('0').rstrip('.') if '.' in text else text} %"


def is_share(field: FieldInfo) -> bool:
    """Tell whether a field of rules is a share of one, which people write as a percentage."""
    return field.annotation is Decimal and any(getattr(each, "le", None) == 1 for each in field.metadata)
