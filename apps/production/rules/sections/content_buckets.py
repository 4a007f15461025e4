"""Content buckets: the four kinds of entries the calendar is filled from."""

from collections import Counter

from apps.production.api.dtos import Benchmark
from apps.production.rules.calendar import calendar_of
from apps.production.rules.facts import Facts
from apps.production.rules.sections import section
from apps.production.rules.writing import Block, bullet, fit, heading, lead, paragraph, quoted, shorten


@section("content_buckets")
def content_buckets(facts: Facts, benchmark: Benchmark) -> str:
    """Write one heading per bucket: what goes in, an example, how often it comes up."""
    days = Counter(item.theme for item in calendar_of(facts) if item.format != "Engagement")
    return fit(
        [
            Block(paragraph(_introduction(facts))),
            Block(heading(f"Bucket 1: {facts.pick(['What people worry about', 'Said out loud'], 'bucket 1')}")),
            Block(bullet(lead("Goes in", _worries(facts)))),
            Block(bullet(lead("How often", f"{days['Awareness']} of the thirty days, most of them early")), 1),
            Block(heading(f"Bucket 2: {facts.pick(['How it works', 'From the inside'], 'bucket 2')}")),
            Block(bullet(lead("Explains", _workings(facts)))),
            Block(bullet(lead("Frequency", f"{days['Consideration']} days, once the subject is known")), 1),
            Block(heading(f"Bucket 3: {facts.pick(['Facts that can be checked', 'Evidence'], 'bucket 3')}")),
            Block(bullet(lead("Shows", _evidence(facts)))),
            Block(bullet(lead("Rule", _evidence_rule(facts))), 2),
            Block(heading(f"Bucket 4: {facts.pick(['The next step', 'Getting in touch'], 'bucket 4')}")),
            Block(bullet(lead("Invites", _invitation(facts)))),
            Block(bullet(lead("Timing", f"{days['Conversion']} days, nearly all in the last third")), 1),
            Block(paragraph(_mixing(facts)), 3),
        ],
        benchmark,
        facts,
    )


def _introduction(facts: Facts) -> str:
    return facts.pick(
        [
            f"Everything {facts.client} publishes in this month falls into one of four buckets",
            f"Four buckets keep the page of {facts.client} varied without losing its thread",
            f"Ideas for {facts.client} are sorted into four buckets, and one that fits none is left out",
        ],
        "buckets introduction",
    )


def _worries(facts: Facts) -> str:
    if not facts.pains:
        return f"questions that {facts.readers} ask before they know {facts.client}, collected from calls and comments"
    return f"whatever keeps {facts.readers} from acting. First example: {quoted(shorten(facts.pains[0], 12))}"


def _workings(facts: Facts) -> str:
    return facts.pick(
        [
            f"{facts.offer.short} from first contact to finish, what is part of it and what is not",
            f"the stages of {facts.offer.short}, the people behind them and what the customer has to bring",
            f"what {facts.client} does on an ordinary day and why it is done in this order",
        ],
        "buckets workings",
    )


def _evidence(facts: Facts) -> str:
    if not facts.proof:
        return f"the work itself, photographed or described, because {facts.client} has not supplied figures yet"
    return f"what {facts.client} can document, word for word: {quoted(shorten(facts.proof[-1], 12))}"


def _evidence_rule(facts: Facts) -> str:
    return f"no number appears that {facts.client} did not supply, and no customer is quoted without written consent"


def _invitation(facts: Facts) -> str:
    where = f" at {facts.website}" if facts.website else ""
    return f"readers who know enough to {facts.request}{where}, with the price or the scope in view"


def _mixing(facts: Facts) -> str:
    return (
        f"If one of them draws clearly "
        f"more replies from {facts.readers}, it lends its form to the weakest one in the month that follows"
    )
