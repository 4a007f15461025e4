"""Addresses that nobody in particular reads, or that are laid out to catch senders."""

import re

_ROLES = """
    abuse accounting accounts admin administrator all billing contact enquiries everyone feedback ftp help helpdesk
    hostmaster hr info information inquiries jobs legal list mail mailer-daemon marketing media news no-reply noreply
    do-not-reply donotreply noc office orders postmaster press privacy dataprotection datenschutz reception root sales
    security service spam staff subscribe support team unsubscribe usenet uucp webmaster www kontakt buero rechnung
    bewerbung empfang contacto contact-us bonjour accueil
"""
ROLES = frozenset(_ROLES.split())
"""Before the @ of addresses that many read, or nobody: RFC 2142 and what companies add to it."""
_TRAP = re.compile(r"spam-?trap|honey-?pot|(^|[-_.])trap([-_.]|$)|^[0-9a-f]{24,}$|nospam|no-spam|dont-?spam")
_PLAIN = re.compile(r"[\x21-\x7e]+")


_MACHINES = frozenset(
    {"abuse", "bounce", "bounces", "daemon", "mailer-daemon", "postmaster", "no-reply", "noreply"}
    | {"do-not-reply", "donotreply"}
)
"""Before the @ of addresses at which no person reads an answer."""


def why_not_answered(address: str) -> str:
    """Return why no answer goes to an address that somebody wrote from, empty where one may: people share addresses."""
    local = address.rpartition("@")[0].lower()
    if local.partition("+")[0] in _MACHINES:
        return f"{local}@ is read by nobody."
    return _why_not_plain(local)


def why_not_written_to(address: str) -> str:
    """Return why no mail goes to an address, whoever's it is; empty where one may."""
    local = address.rpartition("@")[0].lower()
    bare = local.partition("+")[0]
    if bare in ROLES:
        return f"{bare}@ is read by nobody in particular; find the person's own address."
    if _TRAP.search(local):
        return "The address looks like one that is laid out to catch senders."
    return _why_not_plain(local)


def _why_not_plain(local: str) -> str:
    if not _PLAIN.fullmatch(local):
        return "Before the @ it has letters that most mail servers do not take; ask for another address."
    return ""
