"""Reports in the reader's language: a report keeps sentences in English, and their numbers to say them in another."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from babel.numbers import format_decimal
from django.utils.formats import date_format
from django.utils.translation import get_language, gettext_noop
from django.utils.translation import gettext as _

from apps.reporting.api.dtos import Insight, Recommendation

METRICS = {
    "packages_delivered": gettext_noop("Packages delivered"),
    "days_to_delivery": gettext_noop("Days from brief to delivery, on average"),
    "qc_pass_rate": gettext_noop("Quality checks passed, in percent"),
    "reviews_sent": gettext_noop("Drafts sent for review"),
    "drafts_approved": gettext_noop("Drafts approved"),
    "changes_requested": gettext_noop("Changes requested"),
    "drafts_rejected": gettext_noop("Drafts rejected"),
    "survey_answers": gettext_noop("Survey answers"),
    "quotes_accepted": gettext_noop("Quotes accepted"),
    "invoices_issued": gettext_noop("Invoices issued"),
    "invoices_paid": gettext_noop("Invoices paid"),
    "payments_received": gettext_noop("Payments received"),
}
INSIGHTS = {
    "delivered": gettext_noop("Delivered in this period: %(count)s. From brief to delivery: %(days)s days on average."),
    "decisions": gettext_noop("Decisions in reviews: %(decided)s, of them approvals: %(approved)s."),
    "kpi": gettext_noop(
        "%(name)s: %(value)s. The target of %(target)s %(unit)s in %(days)s days comes to %(due)s in this period."
    ),
    "ceiling": gettext_noop("%(name)s: %(value)s %(unit)s, where the limit is %(due)s."),
    "change": gettext_noop("%(name)s: %(value)s, after %(before)s in the time before (%(change_pct)s %%)."),
    "unmeasured": gettext_noop("Not measured in this period: %(names)s."),
}
"""What reports say of numbers (`rules.INSIGHTS`)."""
ADVICE = {
    "behind": (
        gettext_noop("Decide what to change for %(name)s"),
        gettext_noop("It reached %(value)s of the %(due)s %(unit)s that were due: %(attainment_pct)s %%."),
        gettext_noop("%(missing)s %(unit)s more would have reached the target."),
    ),
    "ahead": (
        gettext_noop("Set a higher target for %(name)s"),
        gettext_noop("It reached %(value)s where %(due)s %(unit)s were due: %(attainment_pct)s %%."),
        gettext_noop("A target that says again whether the work pays."),
    ),
    "above": (
        gettext_noop("Decide how to bring “%(name)s” down"),
        gettext_noop("It was %(value)s %(unit)s where the limit is %(due)s."),
        gettext_noop("%(missing)s %(unit)s less would be within the limit."),
    ),
    "measure": (
        gettext_noop("Measure %(name)s"),
        gettext_noop(
            "The strategy sets a target of %(target)s %(unit)s in %(days)s days, and nothing was measured now."
        ),
        gettext_noop("The next report says how much of the target was reached."),
    ),
    "rounds": (
        gettext_noop("Agree on what good looks like before the next draft"),
        gettext_noop("Changes were asked for %(changes)s times; %(approved)s drafts were approved."),
        gettext_noop("Fewer rounds until a draft is approved."),
    ),
    "slower": (
        gettext_noop("Find out what holds deliveries up"),
        gettext_noop("From brief to delivery it took %(value)s days on average, and %(before)s in the time before."),
        gettext_noop("%(missing)s days less would be as fast as before."),
    ),
}
"""What reports advise (`rules.ADVICE`): what to do, why, and what it should bring."""
EFFORTS = {
    "LOW": gettext_noop("little effort"),
    "MEDIUM": gettext_noop("some effort"),
    "HIGH": gettext_noop("much effort"),
}
WORDS = {"name", "names", "unit"}
"""What of these is no number."""


@dataclass(frozen=True)
class Said:
    """A piece of advice in the reader's language."""

    action: str
    rationale: str
    expected_effect: str
    effort: str


def metric(name: str) -> str:
    """Return what a metric is called."""
    return _(METRICS.get(name, name))


def period(start: date, end: date) -> str:
    """Return the days of a report."""
    return " – ".join(map(date_format, (start, end)))


def number(value: Any) -> str:
    """Return a number as it is written; "" where there is none."""
    return "" if value is None else format_decimal(value, locale=get_language() or "en")


def percent(value: Decimal | None) -> str:
    """Return a share in percent as it is written; "" where there is none."""
    return "" if value is None else f"{number(value)} %"


def change(value: Decimal | None) -> str:
    """Return by how many percent a number changed, with its sign; "" where nothing is compared."""
    return "" if value is None else f"{signed(value)} %"


def signed(value: Decimal) -> str:
    """Return a number as it is written, with its sign: 50 percent may be more as well as less."""
    return format_decimal(value, "+#,##0.#;-#,##0.#", locale=get_language() or "en")


def insight(said: Insight) -> str:
    """Return what the numbers show; in English where this version does not know it any more."""
    return _(INSIGHTS[said.code]) % _numbers(said.numbers) if said.code in INSIGHTS else said.text


def advice(said: Recommendation) -> Said:
    """Return what is advised; in English where this version does not know it any more."""
    texts = (said.action, said.rationale, said.expected_effect)
    if said.code in ADVICE:
        numbers = _numbers(said.numbers)
        texts = tuple(_(text) % numbers for text in ADVICE[said.code])
    return Said(*texts, effort=_(EFFORTS[said.effort]))


def _numbers(said: Mapping[str, str]) -> dict[str, str]:
    numbers = {name: each if name in WORDS else number(Decimal(each)) for name, each in said.items()}
    if "change_pct" in said:
        numbers["change_pct"] = signed(Decimal(said["change_pct"]))
    return numbers | ({"name": metric(numbers["name"])} if "name" in numbers else {})
