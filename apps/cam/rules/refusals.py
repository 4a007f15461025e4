"""What a mail server means by refusing a mail: that there is no such mailbox, or that it does not want our mail."""

import re

_ENHANCED = re.compile(r"\b5\.(\d{1,3})\.(\d{1,3})\b")
_NO_MAILBOX = frozenset({"1.1", "1.2", "1.3", "1.6", "1.10", "2.1", "4.4"})
"""RFC 3463 and the IANA registry: no such mailbox, system or syntax; moved; null MX; disabled; no route."""
_NOBODY = re.compile(
    r"no such (user|mailbox|recipient|address)|user (is )?unknown|unknown (user|recipient|local|mailbox)|"
    r"(mailbox|recipient|user|address|account)( \S+)?( was| is)? (not found|unavailable|disabled|inactive)|"
    r"doesn'?t exist|does not exist|not a (valid|known) (mailbox|user|recipient)|invalid (mailbox|recipient|user)",
    re.IGNORECASE,
)
_POLICY = re.compile(
    r"spam|polic|block|blacklist|denied|reputation|dmarc|\bspf\b|relay|authenticat|listed|banned", re.IGNORECASE
)


def means_no_mailbox(code: int, words: str) -> bool:
    """Tell whether a refusal for good says that the address does not work; a refusal of our mail does not."""
    if found := _ENHANCED.search(words):
        return f"{found[1]}.{found[2]}" in _NO_MAILBOX
    if _POLICY.search(words):
        return False
    return code in (550, 551, 553) and bool(_NOBODY.search(words))
