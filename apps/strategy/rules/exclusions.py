"""Which channels a client does not want, however it is put: "no cold calling", "TikTok", "wants no Tik Tok"."""

import re
from collections.abc import Iterable

from apps.strategy.rules.presets import PRESETS, Channel

_ADVERTISING = frozenset({"ad", "ads", "advert", "adverts", "advertising", "paid", "ppc"})
_STEM_LENGTH = 5

_PLATFORMS = frozenset(name for preset in PRESETS for channel in preset.channels for name in channel.names)


def is_excluded(channel: Channel, exclusions: Iterable[str]) -> bool:
    """Whether any exclusion means this channel.

    Cold outreach is in no plan, so "no cold e-mail" leaves a newsletter alone; "no LinkedIn ads" leaves posts alone;
    "no paid ads" means everything paid.
    """
    return any(_means(exclusion, channel) for exclusion in exclusions)


def mentions_excluded(text: str, exclusions: Iterable[str]) -> bool:
    """Whether a text speaks of a platform that an exclusion names."""
    return any(_named(exclusion) & _named(text) for exclusion in exclusions if not _is_about_cold_outreach(exclusion))


def _means(exclusion: str, channel: Channel) -> bool:
    if _is_about_cold_outreach(exclusion):
        return False
    named = _named(exclusion) | _mentioned(exclusion, [_squash(channel.name)])
    is_about_ads = bool(_ADVERTISING & set(_words(exclusion)))
    if is_about_ads and channel.kind != "PAID":
        return False
    if is_about_ads and not named:
        return True
    return bool(named & {*channel.names, _squash(channel.name)})


def _is_about_cold_outreach(exclusion: str) -> bool:
    return any(word.startswith(("cold", "unsolicited")) for word in _words(exclusion))


def _named(text: str) -> set[str]:
    return _mentioned(text, _PLATFORMS)


def _mentioned(text: str, names: Iterable[str]) -> set[str]:
    words = _words(text)
    # People write "Tik Tok", "e-mail" and "Google Ads": neighbours are read together too.
    spans = {"".join(words[start : start + size]) for size in range(1, 5) for start in range(len(words))}
    return {
        name
        for name in names
        if name in spans or (len(name) >= _STEM_LENGTH and any(span.startswith(name) for span in spans))
    }


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", text.casefold())


def _squash(name: str) -> str:
    return "".join(_words(name))
