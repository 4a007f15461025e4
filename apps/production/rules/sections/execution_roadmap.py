"""Execution roadmap: four weeks as lists in the quick pack, two phases as tables in the campaign pack."""

from datetime import timedelta

from apps.production.api.dtos import Benchmark
from apps.production.rules.facts import Facts
from apps.production.rules.sections import section
from apps.production.rules.writing import (
    Block,
    bullet,
    clean,
    fit,
    heading,
    lead,
    paragraph,
    possessive,
    prose_list,
    quoted,
    shorten,
    table,
)


@section("execution_roadmap")
def execution_roadmap(facts: Facts, benchmark: Benchmark) -> str:
    """Write who does what by when."""
    return fit(_phases(facts) if "Phase 1" in benchmark.labels else _weeks(facts), benchmark, facts)


def _weeks(facts: Facts) -> list[Block]:
    starts = [f"{facts.start + timedelta(weeks=week):%-d %B}" for week in range(4)]
    return [
        Block(paragraph(_opening(facts))),
        Block(heading(f"Week 1, from {starts[0]}: get ready and begin")),
        Block(bullet(lead("Agency", f"hand over texts and visuals of the first ten entries to {facts.client}"))),
        Block(bullet(lead("Client", f"name one person at {facts.client} who approves within two working days"))),
        Block(bullet(lead("Both", _first_check(facts))), 1),
        Block(heading(f"Week 2, from {starts[1]}: listen")),
        Block(bullet(lead("Answers", _listening(facts)))),
        Block(bullet(lead("Numbers", f"note where {facts.readers} reacted and set the missing targets")), 1),
        Block(bullet(lead("Supply", f"prepare the entries up to day thirty, with {_second_offer(facts)} among them"))),
        Block(heading(f"Week 3, from {starts[2]}: answer")),
        Block(bullet(lead("Doubts", _doubts(facts)))),
        Block(bullet(lead("Evidence", _evidence(facts)))),
        Block(bullet(lead("Channels", f"give more room to the channel that led people to {facts.client}")), 1),
        Block(heading(f"Week 4, from {starts[3]}: ask")),
        Block(bullet(lead("Invitation", f"put the request to {facts.request} in front, on {_channel_names(facts)}"))),
        Block(bullet(lead("Reading", f"compare the month with the goal: {facts.goal}"))),
        Block(bullet(lead("Decision", f"agree with {facts.client} what is kept, changed and stopped"))),
        Block(paragraph(_note(facts)), 2),
        Block(paragraph(_slack(facts)), 3),
    ]


def _opening(facts: Facts) -> str:
    return facts.pick(
        [
            f"Four weeks, each with one job, carry {facts.client} from preparation to a decision",
            f"The month for {facts.client} is cut into four weeks with one purpose each",
            f"Work for {facts.client} follows a simple order: prepare, listen, answer, ask",
        ],
        "roadmap opening",
    )


def _first_check(facts: Facts) -> str:
    if facts.website:
        return f"test the way to {facts.request} on {facts.website} with a phone, as a stranger would"
    return f"agree where readers {facts.request}, since the brief names no website"


def _listening(facts: Facts) -> str:
    if facts.pains:
        return f"collect replies to {quoted(shorten(facts.pains[0], 9))} word for word; they are material for later"
    return f"ask {facts.primary} what keeps them from deciding, and write the replies down unshortened"


def _second_offer(facts: Facts) -> str:
    return shorten(facts.offers[1].name, 8) if len(facts.offers) > 1 else facts.offer.short


def _doubts(facts: Facts) -> str:
    if facts.objections:
        return f"reply in public to {quoted(shorten(facts.objections[0], 9))} and link to the reply from then on"
    return f"reply in public to the doubt heard most so far about {facts.offer.short}"


def _evidence(facts: Facts) -> str:
    if facts.proof:
        return f"show where {quoted(shorten(facts.proof[0], 9))} can be checked"
    return f"ask {facts.client} for a first documented fact, with permission to use it"


def _channel_names(facts: Facts) -> str:
    return prose_list([channel.name for channel in facts.channels[:3]])


def _note(facts: Facts) -> str:
    if facts.notes:
        return f"Heard in the calls with {facts.client}, and planned for: {quoted(shorten(facts.notes[-1], 20))}"
    return f"No calls with {facts.client} are on record, so the first week begins with a short one"


def _slack(facts: Facts) -> str:
    return (
        f"If an approval is late, the entry moves to the next quiet day and nothing else shifts. If facts change at "
        f"{facts.client}, prices above all, the entries concerned are held back until they are corrected"
    )


def _phases(facts: Facts) -> list[Block]:
    middle = facts.start + (facts.end - facts.start) / 3
    return [
        Block(paragraph(_campaign_opening(facts))),
        Block(heading(f"Phase 1: build and begin, {facts.start:%-d %B} to {middle:%-d %B %Y}")),
        Block(_first_table(facts)),
        Block(bullet(lead("Owner", f"the agency writes, {facts.client} approves within two working days"))),
        Block(bullet(lead("Done when", f"the first ten entries are out, each with a way to {facts.request}"))),
        Block(bullet(lead("Watch", _bottleneck(facts)))),
        Block(bullet(lead("From the calls", _from_calls(facts))), 1),
        Block(heading(f"Phase 2: answer, ask and learn, {middle + timedelta(days=1):%-d %B} to {facts.end:%-d %B %Y}")),
        Block(_second_table(facts)),
        Block(bullet(lead("Responsible", f"both; {facts.client} brings what customers say, the agency what they do"))),
        Block(bullet(lead("Complete when", f"each open question about {facts.offer.short} has a public reply"))),
        Block(bullet(lead("Measure", f"the goal alone decides: {facts.goal}"))),
        Block(heading("Key Milestones")),
        Block(_milestones(facts)),
        Block(bullet(lead("Review", f"each milestone is checked on its date, with a yes or a no from {facts.client}"))),
        Block(bullet(lead("Delay", f"a missed milestone moves only what depends on it, and {facts.client} hears why"))),
        Block(heading(facts.pick(["If plans change", "Detours", "In case of delay"], "roadmap detours")), 1),
        Block(bullet(lead("Approval late", f"the entry waits for the next quiet day of {facts.client}")), 1),
        Block(bullet(lead("Price or offer changes", f"entries on {facts.offer.short} stop until they are correct")), 1),
        Block(bullet(lead("More replies than expected", f"{facts.client} answers first and publishes later")), 2),
        Block(paragraph(_closing(facts)), 3),
    ]  # fmt: skip


def _campaign_opening(facts: Facts) -> str:
    weeks = max(((facts.end - facts.start).days + 1) // 7, 1)
    return facts.pick(
        [
            f"{possessive(facts.client)} campaign takes {weeks} weeks: a third to build, the rest to answer and ask",
            f"The {weeks} weeks until {facts.end:%-d %B %Y} are divided so that {facts.client} is heard before it asks",
            f"For {facts.client} the work is laid out over {weeks} weeks, in two phases with one table each",
        ],
        "roadmap campaign",
    )


def _first_table(facts: Facts) -> str:
    first = facts.start
    rows = (
        (f"{first:%-d %b}", f"Kick-off: goal, approvals, access for {_channel_names(facts)}", "Agency, client"),
        (f"{first + timedelta(days=3):%-d %b}", _tracking(facts), "Agency"),
        (f"{first + timedelta(days=7):%-d %b}", f"Texts on {facts.offer.short} approved", "Client"),
        (f"{first + timedelta(days=14):%-d %b}", f"First reading: where {facts.readers} react", "Agency"),
    )  # fmt: skip
    return table(("From", "What happens", "Who"), rows)


def _second_table(facts: Facts) -> str:
    first = facts.start + (facts.end - facts.start) / 3 + timedelta(days=1)
    doubt = quoted(shorten(facts.objections[0], 8)) if facts.objections else "the doubt heard most"
    rows = (
        (f"{first:%-d %b}", f"Public reply to {doubt}", f"Agency, checked by {facts.client}"),
        (f"{first + timedelta(days=7):%-d %b}", f"Invitation to {facts.request} on all channels", "Agency"),
        (f"{first + timedelta(days=14):%-d %b}", "Budget and effort moved to what works", "Both"),
        (f"{facts.end:%-d %b}", f"Review with {facts.client}: keep, change, stop", "Both"),
    )
    return table(("Date", "Work", "By"), rows)


def _milestones(facts: Facts) -> str:
    rows = [
        (f"{milestone.date:%-d %B %Y}", str(milestone.week), shorten(clean(milestone.name), 26))
        for milestone in facts.milestones[:8]
    ]
    rows = rows or [(f"{facts.end:%-d %B %Y}", "last", "Review of the campaign")]
    return table(("Due", "Week", "Milestone"), rows)


def _tracking(facts: Facts) -> str:
    state = f"today: {facts.tracking}" if facts.tracking else "state unknown, check it first"
    return f"Tracking tested ({state})"


def _bottleneck(facts: Facts) -> str:
    name = facts.layers.business_reality.bottleneck.lower()
    return f"the strategy sees the narrow point at {name}; if it shows here already, tell {facts.client} at once"


def _from_calls(facts: Facts) -> str:
    if facts.notes:
        return quoted(shorten(facts.notes[-1], 20))
    return f"none on record yet, so the kick-off asks what {facts.client} learned from earlier campaigns"


def _closing(facts: Facts) -> str:
    return (
        f"For {facts.offer.short}, the roadmap says what is done and when, not how it turns out. What {facts.client} "
        f"learns on the way is written into the next version, together with the date and the reason for each change"
    )
