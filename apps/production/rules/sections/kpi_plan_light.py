"""KPI plan of the quick pack: what is counted at each stage, against which target, and when it is read."""

from apps.production.api.dtos import Benchmark
from apps.production.rules.facts import Facts, KpiFact
from apps.production.rules.sections import section
from apps.production.rules.writing import Block, bullet, fit, heading, lead, lower_first, paragraph, prose_list

_STAGE_DEFAULTS = {
    "AWARENESS": (
        ("People reached", "different people who saw an entry, per channel and week"),
        ("Profile and page visits", "how many of them wanted to know who {client} is"),
    ),
    "ENGAGEMENT": (
        ("Saves and shares", "entries that {primary} keep or pass on"),
        ("Questions received", "comments and messages that ask something about {offer}"),
        ("Reply time", "from a question to the first answer of {client}, in working hours"),
    ),
    "CONVERSION": (
        ("Clicks to the contact page", "readers who follow the invitation to {request}"),
        ("Contacts by source", "each new contact is asked which entry or channel led to it"),
    ),
}


@section("kpi_plan_light")
def kpi_plan_light(facts: Facts, benchmark: Benchmark) -> str:
    """Write reach, engagement and contacts with their targets; what has no target is measured first."""
    return fit(
        [
            Block(paragraph(_introduction(facts))),
            Block(heading("Reach")),
            *_stage(facts, "AWARENESS"),
            Block(heading("Engagement")),
            *_stage(facts, "ENGAGEMENT"),
            Block(heading(facts.pick(["Contacts and results", "From reader to contact", "In the end"], "kpi"))),
            *_stage(facts, "CONVERSION", "RETENTION"),
            Block(heading(facts.pick(["Reading the numbers", "Rhythm", "How we decide"], "kpi rhythm"))),
            Block(bullet(lead("Each Monday", f"one look at the past week of {facts.client}, kept short"))),
            Block(bullet(lead("After two weeks", _first_reading(facts)))),
            Block(bullet(lead("After thirty days", _last_reading(facts)))),
            Block(bullet(lead("Tracking", _tracking(facts))), 1),
            Block(paragraph(_honesty(facts)), 2),
            Block(paragraph(_small_numbers(facts)), 3),
        ],
        benchmark,
        facts,
    )  # fmt: skip


def _introduction(facts: Facts) -> str:
    start = f", from about {facts.baseline} today" if facts.baseline else ""
    return facts.pick(
        [
            f"All numbers serve one goal of {facts.client}: {facts.goal}{start}",
            f"The number that decides is set by the brief: {facts.goal}{start}",
            f"Success for {facts.client} is measured by one thing above others: {facts.goal}{start}",
        ],
        "kpi introduction",
    )


def _stage(facts: Facts, *stages: str) -> list[Block]:
    """List the strategy's numbers of a stage, then the standing ones that it does not name, at least three in all."""
    known = [kpi for kpi in facts.kpis if kpi.stage in stages][:3]
    blocks = [Block(bullet(lead(kpi.name, _reading(facts, kpi)))) for kpi in known]
    names = {kpi.name.lower() for kpi in known}
    standing = [(name, text) for name, text in _STAGE_DEFAULTS[stages[0]] if name.lower() not in names]
    for name, text in standing:
        filled = text.format(client=facts.client, primary=facts.readers, offer=facts.offer.short, request=facts.request)
        blocks.append(Block(bullet(lead(name, filled)), 0 if len(blocks) < 3 else 1))
    return blocks


def _reading(facts: Facts, kpi: KpiFact) -> str:
    if kpi.target:
        start = f", starting from {kpi.baseline}" if kpi.baseline else ""
        return f"target {kpi.target}{start}; read over {kpi.days} days"
    options = [
        "counted in the first two weeks, then given a target",
        "no target in the brief; the first two weeks show what is normal",
        "measured before anything is promised, target after two weeks",
        "the starting value comes first, the target follows from it",
    ]
    return facts.pick(options, f"kpi {kpi.name}")


def _first_reading(facts: Facts) -> str:
    return facts.pick(
        [
            f"set the missing targets together with {facts.client} and write them down here",
            f"compare channels and move effort to the one that {facts.readers} answer on",
            f"choose the two entries that worked for {facts.readers} and repeat their form",
        ],
        "kpi first reading",
    )


def _last_reading(facts: Facts) -> str:
    target = (
        f"compare contacts with the target of {facts.target}" if facts.target else "compare contacts with the start"
    )
    return f"{target}, keep what led to them, drop what did not"


def _tracking(facts: Facts) -> str:
    if facts.tracking:
        return f"state of things according to the brief: {facts.tracking}"
    return f"the brief does not say what is tracked, so {facts.client} checks this before the first entry goes out"


def _honesty(facts: Facts) -> str:
    missing = [lower_first(kpi.name) for kpi in facts.kpis if not kpi.target]
    if missing:
        later = f"{facts.client} gets a figure once there is something to base it on"
        return f"Without a target for now: {prose_list(missing[:4])}. {later}"
    return f"All targets of {facts.client} come from the brief or the strategy; none was added here"


def _small_numbers(facts: Facts) -> str:
    return (
        f"In a single month numbers are small, and one good day can tilt them. Therefore {facts.client} reads "
        f"directions before decimals, and decides on nothing that rests on a single entry"
    )
