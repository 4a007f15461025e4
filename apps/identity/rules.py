"""How a client's name becomes a slug, what each staff role may do, and in which zone a person reads times."""

import hashlib
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta, tzinfo
from itertools import count
from uuid import UUID
from zoneinfo import ZoneInfo

MAX_SLUG_STEM = 72  # of the column's 80 characters: room for a suffix

BUSINESS_MODULES = frozenset(
    {
        "cam",
        "onboarding",
        "strategy",
        "production",
        "qc",
        "client_review",
        "delivery",
        "billing",
        "reporting",
        "retention",
        "learning",
    }
)
"""What everybody on the staff may look at; billing is for those who work in it."""

ACCOUNT_MANAGER = "Account manager"
WORKS_IN: dict[str, frozenset[str]] = {
    ACCOUNT_MANAGER: frozenset({"onboarding", "client_review", "delivery", "reporting", "retention"}),
    "Strategist": frozenset({"onboarding", "strategy", "learning"}),
    "Producer": frozenset({"production", "delivery"}),
    "QC reviewer": frozenset({"qc", "learning"}),
    "Sales": frozenset({"cam"}),
    "Finance": frozenset({"billing"}),
}
OWNER = "Owner"
ROLES = (OWNER, *WORKS_IN)
CLIENTS_ARE_EDITED_BY = frozenset({ACCOUNT_MANAGER})
RUNS_ARE_SEEN_BY = frozenset(WORKS_IN)
_HELP_RUNS_ON = frozenset({"decide_round", "retry_step", "resume_run"})
RUNS_ARE_COMMANDED_BY: dict[str, frozenset[str]] = {
    ACCOUNT_MANAGER: _HELP_RUNS_ON
    | {"start_run", "cancel_run", "compensate_run", "rerun_run", "skip_step"}
    | {"disable_webhook", "enable_webhook", "redeliver_webhook"},
    "Strategist": _HELP_RUNS_ON | {"start_run"},
    "Producer": _HELP_RUNS_ON,
    "QC reviewer": _HELP_RUNS_ON,
}
"""The commands each role may give a run, or a webhook; what is broken in the engine itself, and its switches, are the
owner's."""
OWNERS_ALONE = frozenset({("cam", "lift_suppression")})
"""What nobody else does, though they work in the module: who asked to be left alone must not be forgotten lightly."""
BILLS_ARE_SEEN_BY = frozenset({ACCOUNT_MANAGER, "Finance"})
QUOTES_ARE_MADE_BY: dict[str, frozenset[str]] = {
    ACCOUNT_MANAGER: frozenset({"draft_quote", "send_quote", "withdraw_quote"}),
}
"""Who makes quotes without working in billing."""

TOKEN_PREFIX = "aicmo_"  # noqa: S105 — how every token begins
"""So that people, and scanners for leaked secrets, see what it is."""
LONGEST_TOKEN = timedelta(days=366)
LINK_LIFETIME = timedelta(minutes=15)
INVITATION_LIFETIME = timedelta(days=7)

MOST_TRIES = 5
"""Failures of one name from one address before it has to wait."""
MOST_TRIES_OF_ADDRESS = 50
"""The same of all names together: one who tries one password on everybody."""
COOL_OFF = timedelta(minutes=15)

LONGEST_SESSION = timedelta(hours=12)
IDLE_STAFF, IDLE_CLIENT = timedelta(minutes=30), timedelta(hours=2)
"""A desk is left unlocked in an office, and shows everybody's work; a client fills in an intake between other work."""

CHOSEN_CLIENT = "portal_client"
"""Where the session remembers for which of its clients a person acts."""

BEGAN = "began_at"
"""Where a session remembers when its person logged in, in seconds."""
LOGIN_PROVES_FOR = timedelta(minutes=15)
"""As long as a log-in, by a password or a mailed link, shows that it is the person who asks, and no open browser."""
MOST_REQUESTS_A_DAY = 5
"""For a copy or an erasure of data, that one person may make."""

LANGUAGES = ("en", "de")
"""Of the portal and its mails; the first one where nothing is known."""

_SCOPES_OF = {
    "VIEWER": frozenset({"read"}),
    "APPROVER": frozenset({"read", "review", "intake", "billing", "metrics"}),
}


def scopes_of(membership_role: str) -> frozenset[str]:
    """Return what a membership's role may do in the portal."""
    return _SCOPES_OF[membership_role]


def has_just_logged_in(began_at: float, at: datetime) -> bool:
    """Return whether a session began so shortly ago that nobody else will sit before it."""
    return at.timestamp() - began_at < LOGIN_PROVES_FOR.total_seconds()


def digest_of(secret: str) -> str:
    """Return the SHA-256 under which a random secret is stored: it has 256 bits, so a slow hash would add nothing."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


def comparable_address(email: str) -> str:
    """Return an e-mail address as accounts are found by it: whatever letter case and blanks people type."""
    return email.strip().lower()


def may(role: str, app_label: str, codename: str) -> bool:
    """Return whether a staff role holds a permission: the owner all; others nearly all in the modules they work in.

    Elsewhere they look. Accounts, groups, the audit and the switches of the engine are the owner's.
    """
    if role == OWNER:
        return True
    if app_label in WORKS_IN[role]:
        return (app_label, codename) not in OWNERS_ALONE
    is_view = codename.startswith("view_")
    match app_label:
        case "identity":
            of_clients = codename.endswith(("_client", "_membership", "_apitoken"))
            return of_clients and (is_view or role in CLIENTS_ARE_EDITED_BY)
        case "orchestration":
            is_command = codename in RUNS_ARE_COMMANDED_BY.get(role, ())
            return is_command or (is_view and role in RUNS_ARE_SEEN_BY)
        case "billing":
            return codename in QUOTES_ARE_MADE_BY.get(role, ()) or (is_view and role in BILLS_ARE_SEEN_BY)
        case _:
            return is_view and app_label in BUSINESS_MODULES


@dataclass(frozen=True)
class DeskRow:
    """A row of whatever module that somebody sees to: its table (`strategy.strategy`), its id, and whose it is."""

    table: str
    id: UUID
    client_id: UUID | None


LATER = {"hour": "In an hour", "tomorrow": "Tomorrow at 9:00", "monday": "On Monday at 9:00"}
"""Until when somebody may put work off."""
DAYS_OF_AN_ASSIGNMENT = 90


def put_off_until(key: str, at: datetime, zone: tzinfo) -> datetime:
    """Return the moment that a key of LATER means for somebody who puts work off at a moment, in their zone."""
    if key == "hour":
        return at + timedelta(hours=1)
    today = at.astimezone(zone).date()
    days = {"tomorrow": 1, "monday": 7 - today.weekday()}[key]
    return datetime.combine(today + timedelta(days=days), time(9), tzinfo=zone).astimezone(UTC)


def zone_of(name: str) -> tzinfo:
    """Return the time zone of an IANA name; UTC for a name that is none."""
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):  # unknown, no path that may be, a folder of names such as Europe
        return UTC


def slug_candidates(name: str) -> Iterator[str]:
    """Yield `stem`, `stem-2`, `stem-3` … for a name, without end; a name in no Latin letters has its hash as stem."""
    ascii_name = unicodedata.normalize("NFKD", _comparable(name)).encode("ascii", "ignore").decode()
    stem = re.sub(r"[^a-z0-9]+", "-", ascii_name).strip("-")[:MAX_SLUG_STEM].rstrip("-")
    if not stem:
        stem = "client-" + hashlib.sha256(_comparable(name).encode()).hexdigest()[:10]
    yield stem
    yield from (f"{stem}-{number}" for number in count(2))


def is_same_name(one: str, other: str) -> bool:
    """Return whether two names mean one client: letter case, spaces and Unicode's variants make no difference."""
    return _comparable(one) == _comparable(other)


def _comparable(name: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())
