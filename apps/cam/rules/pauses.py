"""When a campaign is paused without anybody asking: in numbers, which the reason repeats."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

DEFAULTS: dict[str, tuple[bool, Decimal, int]] = {
    "BOUNCES": (True, Decimal("0.05"), 20),
    "COMPLAINTS": (True, Decimal("0.003"), 100),
    "FEW_REPLIES": (False, Decimal("0.1"), 50),
    "POSITIVE_TARGET": (False, Decimal(10), 0),
    "MEETING_TARGET": (False, Decimal(5), 0),
    "LOST": (True, Decimal("0.5"), 10),
    "NOBODY_NEW": (True, Decimal(90), 0),
}
"""Of each kind: whether it is on, its limit, and from how many mails or leads on it is looked at.

Bounces: mail services look closer at five in a hundred, and stop at ten; complaints: Gmail wants less than 0.1 % and
never 0.3 % (Email sender guidelines, https://support.google.com/mail/answer/81126).
"""


@dataclass(frozen=True)
class Standing:
    """How a campaign stands: counts since its beginning, and for how many days no lead has qualified."""

    sent: int = 0
    bounced_hard: int = 0
    complaints: int = 0
    contacted: int = 0
    replied: int = 0
    positive: int = 0
    meetings: int = 0
    lost: int = 0
    silent_days: int = 0


@dataclass(frozen=True)
class Rule:
    """One rule of one campaign. What it fired on before, `settled`, is not held against the campaign again."""

    kind: str
    limit: Decimal
    after: int
    settled: Mapping[str, int] = field(default_factory=dict)


def reason_to_pause(rule: Rule, standing: Standing) -> str:
    """Say why a rule pauses a campaign, with the numbers; empty where it does not."""

    def new(name: str) -> int:
        return max(0, getattr(standing, name) - rule.settled.get(name, 0))

    match rule.kind:
        case "BOUNCES":
            return _too_many(rule, new("bounced_hard"), new("sent"), "mails bounced")
        case "COMPLAINTS":
            return _too_many(rule, new("complaints"), new("sent"), "mails were called spam")
        case "LOST":
            return _too_many(rule, new("lost"), new("contacted"), "leads that were written to are lost", strictly=True)
        case "FEW_REPLIES":
            return _too_few(rule, new("replied"), new("contacted"))
        case "POSITIVE_TARGET":
            return _reached(rule, new("positive"), "positive reply", "positive replies")
        case "MEETING_TARGET":
            return _reached(rule, new("meetings"), "meeting", "meetings")
        case "NOBODY_NEW":
            days = standing.silent_days
            return f"No lead has qualified for {days} days, more than {rule.limit.normalize():f}." * (days > rule.limit)
    raise ValueError(f"There is no rule {rule.kind!r}.")


def percent(share: Decimal) -> str:
    """Return a share as people write it."""
    return f"{(share * 100).quantize(Decimal('0.01')).normalize():f} %"


def _too_many(rule: Rule, part: int, whole: int, what: str, *, strictly: bool = False) -> str:
    is_enough = whole > rule.after if strictly else whole >= rule.after
    if not (whole and is_enough and Decimal(part) / whole > rule.limit):
        return ""
    return f"{part} of {whole} {what}: {percent(Decimal(part) / whole)}, more than {percent(rule.limit)}."


def _too_few(rule: Rule, part: int, whole: int) -> str:
    if not (whole and whole >= rule.after and Decimal(part) / whole < rule.limit):
        return ""
    return f"{part} of {whole} people answered: {percent(Decimal(part) / whole)}, less than {percent(rule.limit)}."


def _reached(rule: Rule, count: int, one: str, many: str) -> str:
    what = one if count == 1 else many
    return f"The target is reached: {count} {what} of {rule.limit.normalize():f}." if count >= rule.limit else ""
