"""What a person wrote in a mail: without what they quote, sign with, and what their device adds.

Line by line, so that no text takes longer than its length; see docs/decisions/0012 for why no library does this.
"""

import re

from apps.cam.rules.languages import LANGUAGES, folded, phrases
from apps.cam.rules.mails import Mail, text_of_html

MOST_LINES = 2_000
MOST_LINE_CHARACTERS = 2_000
MOST_SIGNATURE_LINES = 12

_HTML_QUOTE = re.compile(
    r"<(?:blockquote|[a-z]{1,10}\b[^<>]{0,300}?\b(?:class|id|name)\s*=\s*[\"']?(?:[^\"'<>]{0,60}\s)?"
    r"(?:gmail_quote|gmail_attr|yahoo_quoted|moz-cite-prefix|divrplyfwdmsg|appendonsend|mail-quote|protonmail_quote|replysplit|quoted))",
    re.IGNORECASE,
)
_QUOTE = phrases("quote")
_QUOTE_BEGINS = re.compile(r"^(?:on|am|le|el|em|no dia)\b.{4,120}$")
_QUOTE_ENDS = re.compile(r"\b(?:wrote|schrieb\b.{0,80}|a ecrit|escribio|escreveu)\s*:$")
_HEADER = re.compile(
    r"^[*>\s]{0,6}(?:"
    + "|".join(sorted({name for language in LANGUAGES for name in language.from_header}))
    + r")\s?:\*?\s?\S"
)
_RULE = re.compile(r"^[_=]{10,}$|^-{20,}$")
_MARK = re.compile(r"^-{2}\s?$|^__\s?$")
_CLOSING = re.compile(
    r"^(?:"
    + "|".join(phrase for language in LANGUAGES for phrase in language.closing)
    + r")\s?[,.!]{0,3}(?:\s[\w.'-]{1,20}){0,3}[,.!]?$"
)
_DEVICE = re.compile(r"^(?:" + "|".join(phrase for language in LANGUAGES for phrase in language.device) + r")")


def words_of(mail: Mail) -> str:
    """Return what the person wrote. A mail of HTML alone is cut where its quote begins."""
    text = mail.text
    if mail.html and text == text_of_html(mail.html):
        quote = _HTML_QUOTE.search(mail.html)
        if quote and (own := text_of_html(mail.html[: quote.start()])):
            text = own
    elif mail.returned and not mail.notice:
        return ""  # it only brings back another mail
    return without_quotes(text)


def without_quotes(text: str) -> str:
    """Return a text without quotes, signature and footers, in any of the languages known."""
    lines = [line.rstrip()[:MOST_LINE_CHARACTERS] for line in text.replace("\r", "").split("\n")[:MOST_LINES]]
    plain = [folded(line.strip()) for line in lines]
    own = _before_quote(lines, plain)
    kept = [index for index in own if not plain[index].startswith(">")]
    return "\n".join(lines[index] for index in _before_signature(kept, plain)).strip()


def _before_quote(lines: list[str], plain: list[str]) -> list[int]:
    """Return the numbers of the lines before the mail that is answered."""
    for index, line in enumerate(plain):
        if not line:
            continue
        if _QUOTE.search(line) or _is_wrapped_quote(plain, index) or _is_header_block(plain, index):
            return list(range(index))
    return list(range(len(lines)))


def _is_wrapped_quote(plain: list[str], index: int) -> bool:
    """Tell whether “On … wrote:” stands here, broken into two or three lines."""
    if not _QUOTE_BEGINS.match(plain[index]):
        return False
    following = plain[index + 1 : index + 3]
    return any(_QUOTE_ENDS.search(line) for line in following) and not any(line == "" for line in following[:1])


def _is_header_block(plain: list[str], index: int) -> bool:
    """Tell whether the headers of the mail that is answered begin here: three of them, or two under a ruled line."""
    if _RULE.match(plain[index]):
        return sum(bool(_HEADER.match(line)) for line in plain[index + 1 : index + 6]) >= 2
    if not _HEADER.match(plain[index]):
        return False
    return sum(bool(_HEADER.match(line)) for line in plain[index : index + 6]) >= 3


def _before_signature(kept: list[int], plain: list[str]) -> list[int]:
    """Return the numbers of the lines before a signature. What would leave nothing is no signature."""
    for place, index in enumerate(kept):
        line = plain[index]
        has_words = any(plain[before] for before in kept[:place])
        if _MARK.match(line) or (_DEVICE.match(line) and (has_words or len(line) < 60)):
            return kept[:place]
        below = sum(bool(plain[after]) for after in kept[place + 1 :])
        if has_words and len(line) < 80 and below <= MOST_SIGNATURE_LINES and _CLOSING.match(line):
            return kept[:place]
    return kept
