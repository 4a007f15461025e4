"""Facts of production."""

from typing import ClassVar
from uuid import UUID

from apps.shared.events import Event


class DraftReady(Event):
    """A draft was written."""

    aggregate: ClassVar[str] = "production.draft"
    strategy_id: UUID
    pack: str
    round: int


class AssetGenerated(Event):
    """An asset of a draft's bundle was specified."""

    aggregate: ClassVar[str] = "production.bundleasset"
    draft_id: UUID
    kind: str


class AssetWithdrawn(Event):
    """An asset went with its draft, which a run took back."""

    aggregate: ClassVar[str] = "production.bundleasset"
    draft_id: UUID
    kind: str


class DraftRevised(Event):
    """Some sections of a draft were written anew; the others stayed as they were, byte by byte."""

    aggregate: ClassVar[str] = "production.draft"
    strategy_id: UUID
    round: int
    sections: tuple[str, ...]


class DraftShown(Event):
    """A draft may be seen by its client from now on."""

    aggregate: ClassVar[str] = "production.draft"
    strategy_id: UUID
    round: int


class DraftChecked(Event):
    """Quality control judged a draft as a person had edited it."""

    aggregate: ClassVar[str] = "production.draft"
    strategy_id: UUID
    round: int
    verdict: str


class DraftCheckForgotten(Event):
    """The only report on a draft that a person had edited was taken back: it counts as not checked again."""

    aggregate: ClassVar[str] = "production.draft"
    strategy_id: UUID
    round: int


class DraftWithdrawn(Event):
    """A run took its draft back."""

    aggregate: ClassVar[str] = "production.draft"
    strategy_id: UUID
    round: int


class DraftSuperseded(Event):
    """A later round took a draft's place."""

    aggregate: ClassVar[str] = "production.draft"
    strategy_id: UUID
    round: int


class DraftReinstated(Event):
    """A draft holds again, because the round that had taken its place was withdrawn."""

    aggregate: ClassVar[str] = "production.draft"
    strategy_id: UUID
    round: int
