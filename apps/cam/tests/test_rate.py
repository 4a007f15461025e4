"""rate …"""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.cam.rules.rulebooks import RulesRefused, read_rules
from apps.cam.rules.scoring import Known, Rating, is_role_account, rate
from apps.cam.tests.factories import FIRST_RULES, a_profile, the_rules

OWNER = {"email": "mia@clinic.example", "industry": "Dental Clinics", "country": "IE", "seniority": "OWNER"}


def lead(**changes: Any) -> Known:
    return Known(**{**OWNER, "employees": 20, "employees_most": 20, **changes})


def rated(profile: dict[str, Any] | None = None, **changes: Any) -> Rating:
    return rate(lead(**changes), the_rules(), a_profile(**profile or {}))


def test_is_the_sum_of_weights_times_values_by_hand() -> None:
    """Asked: size .30, industry .30, country .15, so 40 %, 40 % and 20 %; of the person seniority .25, signals .40."""
    rating = rated(country="GB")
    assert rating.fit.value == Decimal("0.8")  # (.30 + .30) / .75
    weights = {factor.name: (str(factor.weight), str(factor.points)) for factor in rating.fit.factors}
    assert weights == {
        "industry": ("0.400", "0.400"),
        "size": ("0.400", "0.400"),
        "revenue": ("0.000", "0.000"),
        "location": ("0.200", "0.000"),
    }
    assert rating.opportunity.value == Decimal("0.25") / Decimal("0.65")
    assert rating.score == Decimal("0.675")  # .7 x .8 + .3 x .384615
    assert (rating.tier, rating.grade, rating.verdict) == ("WARM", "B", "QUALIFIED")
    assert (rating.route, rating.route_reasons) == (
        "long_term_nurture",
        ("Score 67.5 %", "long_term_nurture from 50 %"),
    )


def test_says_of_what_a_campaign_leaves_out_that_it_was_not_asked() -> None:
    [revenue] = [factor for factor in rated().fit.factors if factor.name == "revenue"]
    assert (revenue.value, revenue.said) == (None, "not asked")


def test_adds_what_signals_add_to_the_route_and_not_to_the_score() -> None:
    rating = rated(country="GB", signals=("hiring", "raised funding in may", "new leadership"))
    assert rating.score == Decimal("0.768")  # .7 x .8 + .3 x (.25 + .40 x 3/6) / .65
    assert rating.route == "aggressive_close"  # .768 + .15
    assert rating.route_reasons[1] == "50 % of the signals seen: 91.8 %"


@pytest.mark.parametrize(
    ("signals", "grade"), [((), "B"), (("budget",), "B"), (("budget", "timeline"), "A"), (("timeline", "pain"), "B")]
)
def test_gives_an_a_only_with_a_budget_and_a_time(signals: tuple[str, ...], grade: str) -> None:
    assert rated(signals=signals).grade == grade


@pytest.mark.parametrize(
    ("fit", "signals", "grade"),
    [
        ("GB", (), "C"),
        ("GB", ("budget",), "B"),
        ("GB", ("pain",), "C"),
        ("IE", (), "D"),
        ("IE", ("budget",), "C"),
        ("", (), "E"),
    ],
)
def test_lifts_a_grade_by_what_is_known(fit: str, signals: tuple[str, ...], grade: str) -> None:
    """Size and industry alone are .40 each; a wanted country alone .20."""
    known = {
        "GB": {"country": "GB", "industry": "Retail", "employees": 20, "employees_most": 20},
        "IE": {"country": "IE", "industry": "Retail", "employees": 900, "employees_most": 900},
        "": {"country": "GB", "industry": "Retail", "employees": 900, "employees_most": 900},
    }[fit]
    wanted = {"GB": "0.4", "IE": "0.2", "": "0"}[fit]
    rating = rated(**known, signals=signals)
    assert rating.fit.value == Decimal(wanted)
    assert rating.grade == grade


@pytest.mark.parametrize(
    ("changes", "verdict", "words"),
    [
        ({}, "QUALIFIED", "industry Dental Clinics; 20 people; country IE"),
        ({"industry": "Retail"}, "DISQUALIFIED", "industry Retail is not wanted"),
        ({"industry": ""}, "MANUAL_REVIEW", "industry not known. Industry would decide."),
        ({"industry": "", "employees": None, "employees_most": None}, "MANUAL_REVIEW", "Industry and size would"),
        ({"employees": 51, "employees_most": 200}, "DISQUALIFIED", "51 to 200 people are not wanted"),
        ({"employees": 11, "employees_most": 200}, "MANUAL_REVIEW", "11 to 200 people, partly what is wanted"),
        ({"employees": 11, "employees_most": None}, "MANUAL_REVIEW", "11 or more people, partly"),
        ({"seniority": "JUNIOR"}, "MANUAL_REVIEW", "Opportunity 0 %, wanted 20 %"),
    ],
)
def test_decides_and_says_why(changes: dict[str, Any], verdict: str, words: str) -> None:
    rating = rated(**changes)
    assert rating.verdict == verdict
    assert words in " ".join(rating.reasons)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"email": "info@clinic.example"}, "info@ is nobody in particular"),
        ({"email": "mia@mail.rival.example"}, "rival.example is a competitor"),
        ({"email": "mia@other.example"}, "other.example is a competitor"),
        ({"email": "mia@casino-palace.example"}, "“casino”, a word of spam"),
        ({"company": "Payday Loan Friends"}, "“payday loan”, a word of spam"),
        ({"title": "Orthodontist"}, "“orthodontist”, which the campaign leaves out"),
        ({"email": "nobody"}, "The address is no e-mail address"),
    ],
)
def test_rules_out_whoever_nobody_should_write_to(changes: dict[str, Any], words: str) -> None:
    rating = rated({"competitor_domains": ["other.example"], "blocked_keywords": ["orthodontist"]}, **changes)
    assert (rating.verdict, rating.grade) == ("DISQUALIFIED", "F")
    assert words in rating.reasons[0]


@pytest.mark.parametrize(
    "local", ["info", "INFO", "info2", "no-reply", "noreply", "sales+spring", "info.uk", "sales-2"]
)
def test_knows_an_office_by_its_address(local: str) -> None:
    assert is_role_account(local, ["info", "sales", "no-reply"])


@pytest.mark.parametrize("local", ["infomar", "mia.sales", "sales.maria", "in.fo.rmer", "m"])
def test_takes_no_person_for_an_office(local: str) -> None:
    assert not is_role_account(local, ["info", "sales", "no-reply"])


def test_compares_no_money_of_two_currencies() -> None:
    asked = {"revenue_from": 1000, "revenue_currency": "EUR"}
    for currency, words in (("USD", "revenue in USD, not compared"), ("", "a currency that is not said")):
        rating = rated(asked, revenue=Decimal(5000), revenue_currency=currency)
        assert any(words in factor.said and factor.is_open for factor in rating.fit.factors)
    assert rated(asked, revenue=Decimal(5000), revenue_currency="EUR").fit.value == 1
    assert rated(asked, revenue=Decimal(500), revenue_currency="EUR").fit.value == Decimal("0.75")


def test_leaves_leads_of_a_campaign_that_asks_nothing_to_a_person() -> None:
    rating = rate(lead(), the_rules(), a_profile(industries=[], employees_from=None, employees_to=None, countries=[]))
    assert rating.verdict == "MANUAL_REVIEW"
    assert rating.reasons == ("The campaign does not say whom it looks for.",)
    assert rating.score == Decimal("0.385")


def test_takes_words_of_one_signal_only_for_one() -> None:
    assert rated(signals=("new office", "leadership course")).opportunity.factors[2].value == 0


# --- whatever is said -------------------------------------------------------------------------------------------------

WANTED = {"industries": ["dental"], "titles": ["owner"], "countries": ["IE"], "signals": ["hiring", "funding"]}
STEPS: dict[str, list[Any]] = {  # each from what fits worst to what fits best
    "industry": ["Retail", "Dental care"],
    "employees": [900, 20],
    "country": ["GB", "IE"],
    "title": ["Clerk", "Owner"],
    "seniority": ["JUNIOR", "STAFF", "SENIOR", "MANAGER", "DIRECTOR", "VP", "EXECUTIVE", "OWNER"],
    "signals": [(), ("hiring",), ("hiring", "funding")],
}
PLACES = st.fixed_dictionaries({name: st.integers(0, len(values) - 1) for name, values in STEPS.items()})
THOUSAND = 1000


@st.composite
def weights(draw: Any, names: tuple[str, ...]) -> dict[str, Decimal]:
    cuts = sorted(draw(st.lists(st.integers(0, THOUSAND), min_size=len(names) - 1, max_size=len(names) - 1)))
    parts = [high - low for low, high in zip([0, *cuts], [*cuts, THOUSAND], strict=True)]
    return {name: Decimal(part) / THOUSAND for name, part in zip(names, parts, strict=True)}


def at(places: dict[str, int]) -> Known:
    known = {name: STEPS[name][place] for name, place in places.items()}
    return lead(**known, employees_most=known["employees"])


@given(
    places=PLACES, name=st.sampled_from(sorted(STEPS)), asked=st.sets(st.sampled_from(sorted(WANTED))), data=st.data()
)
def test_never_falls_when_more_fits_and_stays_within_bounds(
    places: dict[str, int], name: str, asked: set[str], data: st.DataObject
) -> None:
    fit = data.draw(weights(("size", "industry", "revenue", "location")))
    rules = the_rules(fit=fit, opportunity=data.draw(weights(("title", "seniority", "signals"))))
    left_out = {each: [] for each in WANTED if each not in asked}
    profile = a_profile(**WANTED | left_out)
    better = {**places, name: min(places[name] + 1, len(STEPS[name]) - 1)}
    low, high = rate(at(places), rules, profile), rate(at(better), rules, profile)
    assert 0 <= low.score <= high.score <= 1
    verdicts = ("DISQUALIFIED", "MANUAL_REVIEW", "QUALIFIED")
    assert verdicts.index(low.verdict) <= verdicts.index(high.verdict)
    for part in (low.fit, low.opportunity):
        assert part.value is None or 0 <= part.value <= part.best <= 1
        assert part.value is None or abs(sum(each.points for each in part.factors) - part.value) < Decimal("0.003")


@given(st.builds(Known, email=st.text(), title=st.text(), industry=st.text(), signals=st.tuples(st.text())))
def test_takes_whatever_a_lead_says(known: Known) -> None:
    assert rate(known, the_rules(), a_profile(titles=["owner"])).verdict in ("DISQUALIFIED", "MANUAL_REVIEW")


# --- the rules as data ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "field", "words"),
    [
        ({"fit": {"size": ".3", "industry": ".3", "revenue": ".2", "location": ".1"}}, "fit", "100 %, not 90 %"),
        ({"tiers": {"hot": ".5", "warm": ".6", "cool": ".4"}}, "tiers", "must fall"),
        ({"boost": {"added": "1.5", "signals": ".5"}}, "boost.added", "at most 1"),
        ({"bars": {"fit": ".7", "opportunity": ".2", "mood": ".1"}}, "bars.mood", "no field"),
        ({"bars": {"fit": ".7"}}, "bars.opportunity", "is missing"),
        ({"competitor_domains": ["not a domain"]}, "competitor_domains", "“not a domain” is no domain"),
        ({"signals": []}, "signals", "is empty"),
        ({"magic": 1}, "magic", "no field"),
    ],
)
def test_takes_no_rules_that_make_no_sense_and_names_the_field(changes: Any, field: str, words: str) -> None:
    with pytest.raises(RulesRefused) as refusal:
        read_rules(FIRST_RULES | changes)
    assert list(refusal.value.problems) == [field]
    assert words in refusal.value.problems[field]


@pytest.mark.parametrize(
    ("changes", "field", "words"),
    [
        ({"employees_from": 51}, "all", "must not be below"),
        ({"revenue_from": 5}, "all", "both an amount and its currency"),
        ({"countries": ["Atlantis"]}, "countries", "is not known"),
        ({"mood": "good"}, "mood", "no field"),
    ],
)
def test_takes_no_profile_that_makes_no_sense(changes: Any, field: str, words: str) -> None:
    with pytest.raises(RulesRefused) as refusal:
        a_profile(**changes)
    assert list(refusal.value.problems) == [field]
    assert words in refusal.value.problems[field]
