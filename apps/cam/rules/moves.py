"""How leads go from state to state: one table, read by the transitions, the database's trigger, board and buttons."""

from dataclasses import dataclass

STATES = (
    *("NEW", "ENRICHED", "SCORED", "MANUAL_REVIEW", "QUALIFIED", "ROUTED", "CONTACTED", "REPLIED"),
    *("MEETING", "PROPOSAL", "WON", "LOST", "DISQUALIFIED"),
)
"""In the order of the board."""
NOT_WRITTEN_TO = STATES[: STATES.index("CONTACTED")]
"""States of leads that no message has gone out to."""


@dataclass(frozen=True)
class Move:
    """A change of a lead's state; one that `reaches_out` needs a lead who may be contacted.

    One that comes `by_deal` is nobody's to make: winning the lead's deal makes it.
    """

    verb: str
    sources: tuple[str, ...]
    target: str
    label: str
    explanation: str
    asks_reason: bool = False
    reaches_out: bool = False
    in_bulk: bool = False
    by_deal: bool = False


MOVES = (
    Move("enrich", ("NEW",), "ENRICHED", "Enriched", "What can be known of the lead is known."),
    Move("rate", ("ENRICHED",), "SCORED", "Scored", "The lead was compared with whom the campaign looks for."),
    Move(
        "send_to_review", ("SCORED",), "MANUAL_REVIEW", "Send to review", "A person decides on the lead.", in_bulk=True
    ),
    Move("qualify", ("SCORED", "MANUAL_REVIEW"), "QUALIFIED", "Qualify", "The lead is worth writing to.", in_bulk=True),
    Move(
        "disqualify",
        ("SCORED", "MANUAL_REVIEW"),
        "DISQUALIFIED",
        "Disqualify",
        "Say why nobody should write to them.",
        asks_reason=True,
        in_bulk=True,
    ),
    Move(
        "route",
        ("QUALIFIED",),
        "ROUTED",
        "Route",
        "The lead waits for its first message.",
        reaches_out=True,
        in_bulk=True,
    ),
    Move("contact", ("ROUTED",), "CONTACTED", "Contacted", "A first message went out.", reaches_out=True),
    Move("reply", ("CONTACTED",), "REPLIED", "Replied", "The lead has answered."),
    Move("meet", ("REPLIED",), "MEETING", "Meeting", "A meeting is agreed."),
    Move("propose", ("MEETING",), "PROPOSAL", "Proposal", "A proposal went out."),
    Move("win", ("PROPOSAL",), "WON", "Won", "The lead has said yes.", by_deal=True),
    Move(
        "lose",
        ("CONTACTED", "REPLIED", "MEETING", "PROPOSAL"),
        "LOST",
        "Lost",
        "Say why it came to nothing.",
        asks_reason=True,
        in_bulk=True,
    ),
)
MOVE_OF = {move.verb: move for move in MOVES}


def moves_from(state: str, *, is_contactable: bool = True) -> list[Move]:
    """Return what people can make of a lead in a state; nobody is written to who must not be."""
    legal = (move for move in MOVES if state in move.sources and not move.by_deal)
    return [move for move in legal if is_contactable or not move.reaches_out]


def move_to(state: str, target: str) -> Move | None:
    """Return the move from one state to another, None where there is none."""
    return next((move for move in moves_from(state) if move.target == target), None)
