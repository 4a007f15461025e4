"""What can be known of a lead from what it says already: only where that is sure, else nothing is put there."""

import re
import unicodedata
from dataclasses import dataclass

from apps.cam.rules.dialling import CALLING
from apps.cam.rules.domains import company_domain


def words_of(text: str) -> list[str]:
    """Return the words of a text in small letters, accents taken off: what two spellings share."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    return re.findall(r"[^\W_]+", "".join(each for each in plain if not unicodedata.combining(each)))


SENIORITIES = ("OWNER", "EXECUTIVE", "VP", "DIRECTOR", "MANAGER", "SENIOR", "STAFF", "JUNIOR")
"""From the top down."""

_RANKS = (
    # What makes somebody smaller, or only sounds large, is looked for first: who assists a chief is none.
    ("JUNIOR", "junior, assistant, trainee, intern, apprentice, working student, werkstudent, praktikant, stagiaire"),
    ("STAFF", "product owner, process owner, service owner, business partner, lead generation, individual contributor"),
    ("VP", "vp, vice president, svp, evp, avp"),
    ("OWNER", "owner, founder, co founder, cofounder, proprietor, inhaber, inhaberin, eigentümer, gründer, gründerin"),
    ("OWNER", "managing partner, founding partner, equity partner, senior partner"),
    ("EXECUTIVE", "ceo, cto, cfo, coo, cmo, cio, chro, cpo, cso, cro, chief, president, managing director, c suite"),
    ("EXECUTIVE", "c level, geschäftsführer, geschäftsführerin, general manager, gérant, director general, vorstand"),
    ("DIRECTOR", "director, head, direktor, leiter, leiterin, directeur, directora, diretor, diretora"),
    ("MANAGER", "manager, lead, supervisor, team leader, teamleiter, gerente, responsable"),
    ("SENIOR", "senior, principal, sr"),
)
_NAMES = [(rank, [" ".join(words_of(name)) for name in names.split(",")]) for rank, names in _RANKS]
_LEVELS = {"entry": "JUNIOR", "entry level": "JUNIOR", "staff": "STAFF", "partner": "OWNER", "executive": "EXECUTIVE"}
"""What is a rank where it is all that is said."""

_SHARED = frozenset({"US", "CA", "GB"})
"""+1 belongs to several countries, and so do Britain's mobiles."""
_UNREAD = frozenset({"CN", "HK", "TR"})
"""Nothing is said of a country by these: which parts of them are other territories was not looked into."""
_PREFIXES = {code: country for country, code in CALLING.items() if country not in _SHARED | _UNREAD}
_PREFIXES |= {"441": "GB", "442": "GB"}
"""Dialling codes of one country alone."""
_NOT_SURE = ("441481", "441534", "441624", "3906698", "4779", "35818", "618916")
"""Parts of those that are another territory: Guernsey, Jersey, Man, the Vatican, Svalbard, Åland, Christmas Island."""

_ENDINGS = {"no": "NO", "br": "BR", "co.jp": "JP", "co.kr": "KR"}
"""Endings that only who is registered in that country gets. Others, `.ie` for Northern Ireland too, tell less than the
law for a mail must know."""


@dataclass(frozen=True)
class Derived:
    """What was found out, by column, and how, in words."""

    columns: dict[str, str]
    because: tuple[str, ...]


def derive(
    *, email: str, full_name: str, title: str, seniority: str, phone: str, linkedin_url: str, country: str, website: str
) -> Derived:
    """Return what follows for sure from what a lead says; only a name's order is changed."""
    found: dict[str, str] = {}
    because = []
    if name := _name(full_name, email, linkedin_url):
        found["full_name"] = name[0]
        because.append(f"name {name[0]}: {name[1]}")
    if not seniority and (rank := seniority_of(title)):
        found["seniority"] = rank
        because.append(f"seniority {rank.lower()}: from the title {title}")
    domain = company_domain(email)
    if not website and domain:
        found["website"] = domain
        because.append(f"website {domain}: from the address")
    if not country and (place := country_of(phone, domain)):
        found["country"] = place[0]
        because.append(f"country {place[0]}: {place[1]}")
    return Derived(found, tuple(because))


def seniority_of(title: str) -> str:
    """Return the seniority that a title says, empty where there is no title. One without a word of rank is STAFF."""
    return rank_in(title) or ("STAFF" if words_of(title) else "")


def rank_in(text: str) -> str:
    """Return the seniority that some words name, empty where they name none."""
    words = " ".join(words_of(text))
    if level := _LEVELS.get(words):
        return level
    return next((rank for rank, names in _NAMES if any(f" {name} " in f" {words} " for name in names)), "")


def country_of(phone: str, domain: str) -> tuple[str, str] | None:
    """Return a country and how it is known: by the dialling code, or by who may have such a domain. None where the two
    disagree or neither is sure."""
    by_phone, by_domain = _country_of_phone(phone), _country_of_domain(domain)
    if by_phone and by_domain and by_phone != by_domain:
        return None
    if by_phone:
        return by_phone, "from the dialling code"
    return (by_domain, f"from the domain {domain}") if by_domain else None


def _country_of_phone(phone: str) -> str:
    if not phone.strip().startswith("+"):
        return ""
    digits = re.sub(r"\D", "", phone)
    if digits.startswith(_NOT_SURE):
        return ""
    return next((_PREFIXES[digits[:length]] for length in (3, 2) if digits[:length] in _PREFIXES), "")


def _country_of_domain(domain: str) -> str:
    labels = domain.split(".")
    return next((_ENDINGS[end] for end in (".".join(labels[-2:]), labels[-1]) if end in _ENDINGS), "")


def _name(full_name: str, email: str, linkedin_url: str) -> tuple[str, str] | None:
    """Return a name in its order, and how it is known: of “Byrne, Mia”, or where address and LinkedIn say the same."""
    if turned := re.fullmatch(r"([^\W\d_][\w'’ -]*), ([^\W\d_][\w'’ -]*)", full_name):
        return f"{turned[2]} {turned[1]}", "written with the family name first"
    if full_name:
        return None
    by_address = re.fullmatch(r"([^\W\d_]{2,})\.([^\W\d_]{2,})", email.partition("@")[0].casefold())
    by_page = re.search(r"linkedin\.com/in/([^\W\d_]{2,})-([^\W\d_]{2,})(?:-|/|$)", linkedin_url.casefold())
    if by_address and by_page and by_address.groups() == by_page.groups():
        return " ".join(part.capitalize() for part in by_address.groups()), "from address and LinkedIn, which agree"
    return None
