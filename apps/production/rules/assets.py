"""Which visuals a calendar needs, and how each is specified."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from apps.production.api.dtos import CalendarItem

_SQUARE, _PORTRAIT, _UPRIGHT, _WIDE = (1080, 1080), (1080, 1350), (1080, 1920), (1200, 627)
_MOVING = ("reel", "story", "video", "talking head")
_SIZES: tuple[tuple[tuple[str, ...], tuple[int, int]], ...] = (
    (("instagram", "facebook", "meta", "pinterest"), _PORTRAIT),
    (("linkedin", "xing"), _WIDE),
    (("youtube",), (1920, 1080)),
    (("google business", "maps"), (1200, 900)),
    (("email", "e-mail", "newsletter", "crm"), (1200, 600)),
    (("blog", "website", "content", "seo", "organic search"), (1200, 630)),
)
"""Widths and heights in pixels, as the platforms recommend them for a single picture in the feed or page."""
_WITHOUT_PICTURE = ("search ads", "ppc", "paid search", "google ads")


@dataclass(frozen=True, slots=True)
class AssetSpec:
    """What a designer needs to make one visual."""

    kind: str
    name: str
    spec: str

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.spec.encode()).hexdigest()


def asset_specs(calendar: Sequence[CalendarItem]) -> tuple[AssetSpec, ...]:
    """Specify one visual per calendar entry that shows one: not for text ads, not for days of work on the page."""
    return tuple(_spec(item) for item in calendar if _has_picture(item))


def _has_picture(item: CalendarItem) -> bool:
    return item.format != "Engagement" and not any(name in item.platform.lower() for name in _WITHOUT_PICTURE)


def _spec(item: CalendarItem) -> AssetSpec:
    width, height = _size(item)
    kind = "video" if _moves(item) else "image"
    lines = (
        f"Platform: {item.platform}",
        f"Format: {item.format}",
        f"Size: {width} x {height} px",
        f"Goes out: {item.date.isoformat()}",
        f"Stage: {item.theme}",
        f"Text on the visual: {item.hook}",
        f"Caption: {item.caption}",
        f"Call to action: {item.call_to_action}",
        f"Alternative text: {item.platform} visual with the words: {item.hook}",
    )
    return AssetSpec(kind, f"{item.date.isoformat()} {item.platform} {item.format}", "\n".join(lines) + "\n")


def _moves(item: CalendarItem) -> bool:
    return any(word in item.format.lower() for word in _MOVING)


def _size(item: CalendarItem) -> tuple[int, int]:
    if _moves(item):
        return _UPRIGHT
    if item.format in ("Document", "Carousel"):
        return _PORTRAIT
    return next((size for names, size in _SIZES if any(name in item.platform.lower() for name in names)), _SQUARE)
