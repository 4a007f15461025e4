"""How leads are scored, graded, qualified and routed: pure decisions, each with what it stands on.

Every function takes the rules as data (`rulebooks.Rules`), because sales edits them; the numbers named here are those
of version 1, which are the agency's own from before. A value is a share of one, computed in `Decimal`.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache

from apps.cam.rules.addresses import AddressRefused, normalise_address
from apps.cam.rules.enriching import words_of
from apps.cam.rules.rulebooks import BUDGET, TIMELINE, Profile, Rules, percent

ZERO, ONE = Decimal(0), Decimal(1)
COLD_OUTREACH = "cold_outreach"
"""The sequence of whoever reaches no other."""
RULED_OUT = "F"
THOUSANDTH = Decimal("0.001")


@dataclass(frozen=True)
class Known:
    """What is known of a lead. Empty and None mean that it is not known."""

    email: str
    full_name: str = ""
    company: str = ""
    title: str = ""
    seniority: str = ""
    industry: str = ""
    employees: int | None = None
    employees_most: int | None = None
    revenue: Decimal | None = None
    revenue_currency: str = ""
    country: str = ""
    signals: tuple[str, ...] = ()


@dataclass(frozen=True)
class Factor:
    """One thing looked at. `value` is None where it was not asked; `points` is its weight, as shared, times its value.

    `is_open` says that it was asked and is not known: it counts nothing, and might count all.
    """

    name: str
    weight: Decimal
    value: Decimal | None
    points: Decimal
    said: str
    is_open: bool = False


@dataclass(frozen=True)
class Part:
    """Factors that make one value: None where nothing was asked. `best` is what it would be if all were known well."""

    value: Decimal | None
    best: Decimal | None
    factors: tuple[Factor, ...]


@dataclass(frozen=True)
class Rating:
    """What the rules say of a lead, and why. `verdict` is QUALIFIED, MANUAL_REVIEW or DISQUALIFIED."""

    score: Decimal
    tier: str
    grade: str
    verdict: str
    reasons: tuple[str, ...]
    route: str
    route_reasons: tuple[str, ...]
    fit: Part
    opportunity: Part


@dataclass(frozen=True)
class _Finding:
    """What was found about one factor, before its weight counts."""

    value: Decimal | None
    said: str
    is_open: bool = field(default=False)


def rate(lead: Known, rules: Rules, profile: Profile) -> Rating:
    """Return what a rule book and a campaign's profile say of a lead."""
    fit, opportunity = fit_of(lead, rules, profile), opportunity_of(lead, rules, profile)
    score = score_of(fit.value, opportunity.value, rules)
    ruled_out = tuple(_ruled_out(lead, rules, profile))
    verdict, reasons = qualify(fit, opportunity, rules, ruled_out)
    route, route_reasons = choose_route(score, _signals_share(lead, rules, profile), rules)
    return Rating(
        score=score,
        tier=tier_of(score, rules),
        grade=RULED_OUT if ruled_out else grade_of(score if fit.value is None else fit.value, lead.signals, rules),
        verdict=verdict,
        reasons=reasons,
        route=route,
        route_reasons=route_reasons,
        fit=fit,
        opportunity=opportunity,
    )


def weigh(findings: Mapping[str, _Finding], weights: Mapping[str, Decimal]) -> Part:
    """Return the part that findings make: the sum of weight x value over what was asked, divided by those weights.

    The weight of what was not asked is shared among the others in proportion, which that division does; where nothing
    was asked there is no value. Source: a weighted mean with missing terms left out, never filled in.
    """
    asked = sum((weights[name] for name, found in findings.items() if found.value is not None), ZERO)
    factors = []
    for name, found in findings.items():
        share = weights[name] / asked if asked and found.value is not None else ZERO
        points = share * (found.value or ZERO)
        factors.append(Factor(name, _rounded(share), found.value, _rounded(points), found.said, found.is_open))
    if not asked:
        return Part(None, None, tuple(factors))
    value = sum((weights[name] * (found.value or ZERO) for name, found in findings.items()), ZERO) / asked
    opened = sum((weights[name] for name, found in findings.items() if found.is_open), ZERO) / asked
    return Part(value, value + opened, tuple(factors))


def fit_of(lead: Known, rules: Rules, profile: Profile) -> Part:
    """Return how well a company fits: size .30, industry .30, revenue .25, country .15 of what the campaign asks."""
    findings = {
        "industry": _industry(lead, profile),
        "size": _size(lead, profile),
        "revenue": _revenue(lead, profile),
        "location": _location(lead, profile),
    }
    return weigh(findings, dict(rules.fit))


def opportunity_of(lead: Known, rules: Rules, profile: Profile) -> Part:
    """Return what could come of a person: title .35, seniority .25, signals .40.

    A title is asked where the campaign wants some. Seniority is worth what the rules say of its rank; signals the share
    of the wanted ones that were seen.
    """
    findings = {
        "title": _title(lead, profile),
        "seniority": _seniority(lead, rules),
        "signals": _signals(lead, rules, profile),
    }
    return weigh(findings, dict(rules.opportunity))


def score_of(fit: Decimal | None, opportunity: Decimal | None, rules: Rules) -> Decimal:
    """Return the score: .7 x fit + .3 x opportunity, in thousandths; of one alone where the other was not asked.

    The shares are those by which a conversion was foretold from fit and engagement: before the first mail, opportunity
    is all that is known of engagement.
    """
    if fit is None or opportunity is None:
        return _rounded(fit if opportunity is None else opportunity) if (fit or opportunity) else _rounded(ZERO)
    return _rounded(rules.fit_share * fit + (ONE - rules.fit_share) * opportunity)


def tier_of(score: Decimal, rules: Rules) -> str:
    """Return HOT from .85, WARM from .65, COOL from .40, else COLD."""
    return next((name.upper() for name, least in dict(rules.tiers).items() if score >= least), "COLD")


def grade_of(fit: Decimal, signals: Iterable[str], rules: Rules) -> str:
    """Return the grade of a fit, lifted by .2 for a known budget, .1 for a time and .1 for a pain: A from .8, then B
    from .6, C from .4, D from .2, else E. An A needs both a budget and a time: without them it is a B.

    Where a campaign asks nothing there is no fit, and the score stands for it.
    """
    seen = set(signals)
    lifted = fit + sum((value for name, value in dict(rules.lifts).items() if name in seen), ZERO)
    grade = next((name.upper() for name, least in dict(rules.grades).items() if lifted >= least), "E")
    return "B" if grade == "A" and not {BUDGET, TIMELINE} <= seen else grade


def qualify(fit: Part, opportunity: Part, rules: Rules, ruled_out: tuple[str, ...] = ()) -> tuple[str, tuple[str, ...]]:
    """Return a verdict and why.

    DISQUALIFIED: ruled out, or a fit below .70 that nothing unknown could lift there. MANUAL_REVIEW: a fit that could
    be enough if what is unknown were known, a campaign that asks nothing, or an opportunity below .20. Else QUALIFIED.
    """
    if ruled_out:
        return "DISQUALIFIED", ruled_out
    least = rules.bars.fit
    if fit.value is None or fit.best is None:
        return "MANUAL_REVIEW", ("The campaign does not say whom it looks for.",)
    told = f"Fit {percent(_rounded(fit.value))}, wanted {percent(least)}"
    if fit.best < least:
        return "DISQUALIFIED", (f"{told}: {_against(fit)}.",)
    if fit.value < least:
        return "MANUAL_REVIEW", (f"{told}: {_against(fit)}. {_unknown(fit)} would decide.",)
    if opportunity.value is not None and opportunity.value < rules.bars.opportunity:
        chance = f"Opportunity {percent(_rounded(opportunity.value))}, wanted {percent(rules.bars.opportunity)}"
        return "MANUAL_REVIEW", (f"{told}.", f"{chance}: {_against(opportunity)}.")
    return "QUALIFIED", (f"{told}: {_in_favour(fit)}.",)


def choose_route(score: Decimal, signals: Decimal, rules: Rules) -> tuple[str, tuple[str, ...]]:
    """Return the name of a lead's sequence and why: aggressive_close from .85, regular_nurture from .70,
    long_term_nurture from .50, else cold_outreach. Where half of the signals are seen, .15 is added to the score first.
    """
    boosted = min(ONE, score + rules.boost.added) if signals > ZERO and signals >= rules.boost.signals else score
    why = [f"Score {percent(score)}"]
    if boosted != score:
        why.append(f"{percent(_rounded(signals))} of the signals seen: {percent(boosted)}")
    for name, least in dict(rules.routes).items():
        if boosted >= least:
            return name, (*why, f"{name} from {percent(least)}")
    return COLD_OUTREACH, (*why, f"below {percent(rules.routes.long_term_nurture)}")


# --- fit --------------------------------------------------------------------------------------------------------------

NOT_ASKED = _Finding(None, "not asked")


def _yes_or_no(is_so: bool, said: str) -> _Finding:
    return _Finding(ONE if is_so else ZERO, said)


def _unknown_of(said: str) -> _Finding:
    return _Finding(ZERO, said, is_open=True)


def _industry(lead: Known, profile: Profile) -> _Finding:
    if not profile.industries:
        return NOT_ASKED
    if not lead.industry:
        return _unknown_of("industry not known")
    found = _first_within(profile.industries, (lead.industry,))
    return _yes_or_no(bool(found), f"industry {lead.industry}" + ("" if found else " is not wanted"))


def _size(lead: Known, profile: Profile) -> _Finding:
    """A band that lies partly within what is wanted is neither a yes nor a no."""
    low, high = profile.employees_from, profile.employees_to
    if low is None and high is None:
        return NOT_ASKED
    if lead.employees is None:
        return _unknown_of("size not known")
    most = lead.employees_most
    said = span(lead.employees, most) + " people"
    if (high is not None and lead.employees > high) or (low is not None and most is not None and most < low):
        return _Finding(ZERO, f"{said} are not wanted")
    is_within = (low is None or lead.employees >= low) and (high is None or (most is not None and most <= high))
    return _Finding(ONE, said) if is_within else _unknown_of(f"{said}, partly what is wanted")


def span(least: int, most: int | None) -> str:
    """Return a band of numbers in words."""
    return f"{least} or more" if most is None else f"{least}" if most == least else f"{least} to {most}"


def _revenue(lead: Known, profile: Profile) -> _Finding:
    """Money in another currency, or in none that is said, is not compared: no rate is made up."""
    low, high, currency = profile.revenue_from, profile.revenue_to, profile.revenue_currency
    if currency is None:
        return NOT_ASKED
    if lead.revenue is None:
        return _unknown_of("revenue not known")
    if lead.revenue_currency != currency:
        return _unknown_of(f"revenue in {lead.revenue_currency or 'a currency that is not said'}, not compared")
    is_within = (low is None or lead.revenue >= low) and (high is None or lead.revenue <= high)
    said = f"revenue {lead.revenue:,.0f} {currency}"
    return _yes_or_no(is_within, said if is_within else f"{said} is not wanted")


def _location(lead: Known, profile: Profile) -> _Finding:
    if not profile.countries:
        return NOT_ASKED
    if not lead.country:
        return _unknown_of("country not known")
    is_wanted = lead.country in profile.countries
    return _yes_or_no(is_wanted, f"country {lead.country}" + ("" if is_wanted else " is not wanted"))


# --- opportunity ------------------------------------------------------------------------------------------------------


def _title(lead: Known, profile: Profile) -> _Finding:
    if not profile.titles:
        return NOT_ASKED
    if not lead.title:
        return _unknown_of("title not known")
    found = _first_within(profile.titles, (lead.title,))
    return _yes_or_no(bool(found), f"title {lead.title}" + ("" if found else " is not wanted"))


def _seniority(lead: Known, rules: Rules) -> _Finding:
    if not lead.seniority:
        return _unknown_of("seniority not known")
    value = getattr(rules.seniority, lead.seniority.lower(), None)
    return _unknown_of("seniority not known") if value is None else _Finding(value, lead.seniority.lower())


def _signals(lead: Known, rules: Rules, profile: Profile) -> _Finding:
    seen = sorted(_seen(lead, rules, profile))
    wanted = len(profile.signals or rules.signals)
    said = f"{len(seen)} of {wanted} signals" + (f": {', '.join(seen)}" if seen else "")
    return _Finding(_signals_share(lead, rules, profile), said, is_open=not lead.signals)


def _signals_share(lead: Known, rules: Rules, profile: Profile) -> Decimal:
    wanted = profile.signals or rules.signals
    return Decimal(len(_seen(lead, rules, profile))) / len(wanted) if wanted else ZERO


def _seen(lead: Known, rules: Rules, profile: Profile) -> set[str]:
    wanted = profile.signals or rules.signals
    return {each for each in wanted if _first_within((each,), lead.signals)} if lead.signals else set()


# --- ruled out --------------------------------------------------------------------------------------------------------


def _ruled_out(lead: Known, rules: Rules, profile: Profile) -> Iterator[str]:
    """Give every reason why nobody should write to this address, whatever the score."""
    try:
        address = normalise_address(lead.email)
    except AddressRefused as refusal:
        yield f"The address {refusal}."
        return
    local, _, domain = address.lower().rpartition("@")
    if is_role_account(local, rules.role_accounts):
        yield f"{local}@ is nobody in particular."
    if rival := next(
        (each for each in (*rules.competitor_domains, *profile.competitor_domains) if _of(domain, each)), ""
    ):
        yield f"{rival} is a competitor."
    said = (local, domain, lead.full_name, lead.company, lead.title)
    if spam := _first_within(rules.spam_words, said):
        yield f"It says “{spam}”, a word of spam."
    if blocked := _first_within(profile.blocked_keywords, (*said, lead.industry)):
        yield f"It says “{blocked}”, which the campaign leaves out."


def is_role_account(local: str, roles: Iterable[str]) -> bool:
    """Tell whether what stands before the @ is an office and not a person: `info`, `no-reply`, `sales+x`, `info.uk`."""
    name = local.partition("+")[0].casefold()
    plain = re.sub(r"[\W_\d]", "", name)
    first, _, rest = name.replace("-", ".").replace("_", ".").partition(".")
    known = {re.sub(r"[\W_]", "", role) for role in roles}
    return plain in known or (first in known and (len(rest) == 2 or rest.isdigit()))


def _of(domain: str, owner: str) -> bool:
    return domain == owner or domain.endswith(f".{owner}")


# --- words ------------------------------------------------------------------------------------------------------------


def _first_within(wanted: Iterable[str], texts: Iterable[str]) -> str:
    """Return the first of what is wanted all words of which stand in one of some texts, in any order; else nothing."""
    held = [words for text in texts if text and (words := _words(text))]
    return next((each for each in wanted if (sought := _words(each)) and any(sought <= words for words in held)), "")


@lru_cache(maxsize=4096)
def _words(text: str) -> frozenset[str]:
    return frozenset(words_of(text))


def _against(part: Part) -> str:
    """Return in words what keeps a value down; what was asked and fully met does not."""
    low = [each.said for each in part.factors if each.value is not None and each.value < ONE]
    return "; ".join(low) or "all is as wanted"


def _in_favour(part: Part) -> str:
    return "; ".join(each.said for each in part.factors if each.value is not None and each.value > ZERO)


def _unknown(part: Part) -> str:
    names = [each.name for each in part.factors if each.is_open]
    text = " and ".join(filter(None, (", ".join(names[:-1]), names[-1])))
    return text[0].upper() + text[1:]


def _rounded(value: Decimal | None) -> Decimal:
    return (value or ZERO).quantize(THOUSANDTH, ROUND_HALF_UP)
