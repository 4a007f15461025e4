"""Channels that a client does not want."""

import re

from apps.onboarding.rules import lists

# The name a plan uses, and how people write it.
_CHANNELS = {
    "TikTok": r"tik[\s-]?tok", "Instagram": r"instagram|insta", "Facebook": r"facebook", "LinkedIn": r"linked[\s-]?in",
    "YouTube": r"you[\s-]?tube", "Pinterest": r"pinterest", "Snapchat": r"snapchat", "Threads": r"threads",
    "X": r"twitter(?:/x)?|x/twitter", "WhatsApp": r"whats[\s-]?app", "Telegram": r"telegram", "Reddit": r"reddit",
    "XING": r"xing", "Google Ads": r"google[\s-]ads|adwords", "Meta Ads": r"meta[\s-]ads", "SEO": r"seo",
    "cold calling": r"cold[\s-]?calls?|cold[\s-]?calling|kaltakquise|telesales|telemarketing",
    "cold e-mail": r"cold[\s-]?e?-?mails?|cold[\s-]?e-?mailing", "e-mail marketing": r"e-?mail marketing",
    "newsletter": r"newsletters?", "influencers": r"influencers?(?: marketing)?", "podcasts": r"podcasts?",
    "radio": r"radio(?: ads| spots)?", "TV": r"tv(?: ads| spots)?|television", "print": r"print(?: ads)?",
    "billboards": r"billboards?|out[\s-]of[\s-]home", "direct mail": r"direct mail|leaflets?|flyers?", "SMS": r"sms",
    "display ads": r"display(?: ads| advertising| banners)", "webinars": r"webinars?",
}  # fmt: skip
_CHANNEL = "|".join(f"(?P<c{place}>{words})" for place, words in enumerate(_CHANNELS.values()))
_NAME = re.compile(rf"(?<!\w)(?:{_CHANNEL})(?!\w)", re.IGNORECASE)
_ANY = "|".join(_CHANNELS.values())
# "no TikTok account yet" says what is missing, "not only TikTok" what is not all: neither rules a channel out.
_RULED_OUT = re.compile(
    rf"\b(?:no|not|never|don't|doesn't|don’t|doesn’t|won't|without"
    r"|avoid(?:s|ing)?|excludes?|skip|nothing on|stay(?:s)? (?:off|away from)"
    rf"|keep (?:off|away from)|refuses?|rejects?"
    rf"|hates?|against|keine?[nrs]?|nicht|niemals|ohne|pas de|jamais de|sans|sin|nada de|sem|nenhum|niente|senza"
    rf"|bez|żadn\w+|geen|zonder|ingen)\s+"
    rf"(?!only|just|nur)(?:(?:any|more|want|do|use|using|to|be on|on|the|auf|über|any kind of|into)\s+){{0,3}}"
    rf"(?P<list>(?:{_ANY})(?!\w)(?:(?:\s*,\s*|\s+)(?:(?:or|and|nor|oder|und|ni|y|ou|et|e|lub|i|no"
    rf"|keine?)\s+)?(?:{_ANY})(?!\w))*)"
    r"(?!\s+(?:accounts?|pages?|profiles?|presence|pixel|budget|history|followers?|yet|experience|results?|konto"
    r"|seite|noch|agency|shop|feed)\b)"
    rf"|(?P<out>(?:{_ANY}))(?!\w)\s+(?:is|are|ist|sind)\s+(?:out\b|off the table|a no-?go|banned|excluded"
    rf"|not wanted|tabu|ausgeschlossen)"
    rf"|(?P<answered>(?:{_ANY}))\s*[:–-]\s*(?:no|never|nein|nie|non)\b",
    re.IGNORECASE,
)


def ruled_out_in_notes(texts: list[str]) -> tuple[str, ...]:
    """Return the known channels that notes of a call rule out: "Owner wants no TikTok", "no cold calling or radio"."""
    found = (
        match["list"] or match["out"] or match["answered"] for text in texts for match in _RULED_OUT.finditer(text)
    )
    return lists.distinct(name for words in found for name in _names_in(words))


def names_channel(text: str, channel: str) -> bool:
    """Tell whether a text names a channel in any spelling."""
    return channel.casefold() in (name.casefold() for name in _names_in(text)) or channel.casefold() in text.casefold()


def _names_in(text: str) -> list[str]:
    known = list(_CHANNELS)
    return [known[int(match.lastgroup[1:])] for match in _NAME.finditer(text) if match.lastgroup]
