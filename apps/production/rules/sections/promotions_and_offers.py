"""Promotions and offers: the real offers at their real prices, framed honestly; never an invented reduction."""

import re

from apps.production.api.dtos import Benchmark
from apps.production.rules.facts import Facts, OfferFact
from apps.production.rules.reading import Trade, day, fill, filled, middle, note, proof_for, trade, unknown, worries
from apps.production.rules.sections import section
from apps.production.rules.writing import Block, bullet, capital, fit, heading, paragraph, prose_list, quoted, table

_CONCESSION = re.compile(r"\bfree\b|discount|% off|\btrial\b|bundle|reduced|voucher|coupon", re.IGNORECASE)
_STANCE: dict[Trade, tuple[str, str]] = {
    "local": (
        "The promotion is clarity: what {offer} includes, when there is time, and how one asks. People in {place} "
        "compare quietly, "
        "and whoever lays things open is compared first",
        "Empty hours are filled by pointing at them, not by lowering a price that regular visitors pay in full",
    ),
    "business": (
        "Firms do not buy {offer} because of a rebate; they buy when effort, risk and price can be put on one page",
        "A concession, should one ever be made, is tied to something in return, such as a term or a joint case report",
    ),
    "shop": (
        "The range sells by being understood. {client} promotes the right first product rather than a lower price "
        "on any product",
        "Each promotion has a start, an end and a reason that may be printed on the page",
    ),
    "coaching": (
        "What is promoted is the first step, because nobody can judge the whole way beforehand",
        "There is no countdown: a place is free or taken, and {client} says which",
    ),
    "general": (
        "The offer of {client} is promoted as it is, with its use, its limits and its next step",
        "A good reason to act now has to exist outside the advertisement, otherwise it is left out",
    ),
}
_TYPES: dict[Trade, tuple[tuple[str, str], ...]] = {
    "local": (
        ("Entry", "a first appointment to {request}, with length, content and cost stated before the date is chosen"),
        ("Time", "free hours of the current week, named individually and removed once they are taken"),
        ("Companion", "a hint for regular visitors that {client} has room for members of the household too"),
    ),
    "business": (
        ("Proof before purchase", "a conversation on the firm's own documents, with a written finding afterwards"),
        ("Timing", "a start date that respects running projects, fixed when people {request}"),
        ("Papers", "a folder for the internal decision: price sheet, data protection, contract, open questions"),
    ),
    "shop": (
        ("Starter", "one product recommended for the first order, with the reason in a sentence"),
        ("Together", "items that are used together shown together, each at its own price"),
        ("Occasion", "gift dates with the last day for ordering, calculated from real delivery times"),
    ),
    "coaching": (
        ("Sample", "a piece of real work to read or hear, before anybody is asked to {request}"),
        ("Fit", "a first talk in which both sides may say no, described in advance"),
        ("Group", "dates with the true number of places, closed when they are taken"),
    ),
    "general": (
        ("First step", "the smallest useful version of {offer}, with its scope in one sentence"),
        ("Decision aid", "one page on whom it suits and whom it does not"),
        ("Return", "a reason for earlier customers of {client} to get in touch again"),
    ),
}
_NEEDS: dict[Trade, tuple[str, ...]] = {
    "local": (
        "Prices on the page, at the desk and in the ad are compared each Monday",
        "Staff can explain every offer without a sheet",
    ),
    "business": (
        "Sales and website quote the same version of the price sheet",
        "Special terms are recorded with the name of whoever agreed",
    ),
    "shop": (
        "A crossed-out price appears only where it was asked for beforehand, as the law demands",
        "Stock is checked before the post",
    ),
    "coaching": (
        "What a place costs is said before the talk, not in it",
        "Refund terms are on the page where people decide",
    ),
    "general": (
        "One person keeps the list of valid offers",
        "An offer that has ended disappears from every page the same day",
    ),
}

_TIMING: dict[Trade, str] = {
    "local": "Offers appear when they can be taken up: in the evening for the next days, before holidays for the "
    "time after. Two offers never run at once, otherwise the desk of {client} explains instead of arranging",
    "business": "Offers appear where budgets are discussed: after half-year figures, before a rule changes, when "
    "a contract elsewhere ends. {client} asks for such dates in every conversation and notes them",
    "shop": "Offers appear in step with deliveries: a product is promoted when it is on the shelf and taken down "
    "before the last piece is gone. Waiting lists are honest or they are not opened",
    "coaching": "Offers appear twice in the period and rest in between. During the rest {client} publishes work, "
    "answers letters and does not mention places at all",
    "general": "Offers appear on set dates, announced once, recalled once and then closed. Between them {client} "
    "publishes knowledge without a price tag",
}


@section("promotions_and_offers")
def promotions_and_offers(facts: Facts, benchmark: Benchmark) -> str:
    """Say how the client's own offers are promoted, in which forms, and by which rules."""
    kind = trade(facts)
    stance, second = filled(_STANCE[kind], facts)
    needs = filled(_NEEDS[kind], facts)
    return fit(
        [
            Block(heading("Promotional Strategy")),
            Block(paragraph(stance, second)),
            Block(
                table(
                    ("Offer", "Price in the brief", "How it is framed"),
                    [_row(facts, item) for item in enumerate(facts.offers[:5])],
                )
            ),
            Block(paragraph(_prices(facts))),
            Block(heading("Offer Types")),
            *(Block(bullet(f"**{name}:** {fill(text, facts)}")) for name, text in _TYPES[kind]),
            *_from_brief(facts),
            Block(paragraph(fill(_TIMING[kind], facts)), 4),
            Block(heading("Rules for Every Promotion")),
            Block(paragraph(_open(facts)), 3),
            Block(paragraph(_verdict(facts)), 5),
            Block(bullet(f"{facts.client} approves wording and price in writing before anything is published")),
            Block(bullet(_reductions(facts))),
            *(Block(bullet(text)) for text in needs),
            *_rules(facts),
        ],
        benchmark,
        facts,
    )


def _reductions(facts: Facts) -> str:
    if any(_CONCESSION.search(offer.name) for offer in facts.offers):
        return (
            "What is free or reduced in the list above is offered exactly as the brief words it, and nothing is added"
        )
    return "No reduction, bundle or free extra appears in this plan, since the brief grants none"


def _row(facts: Facts, item: tuple[int, OfferFact]) -> tuple[str, str, str]:
    index, offer = item
    if index == 0:
        frame = f"the lead of the campaign, leads to “{capital(facts.request)}”"
    elif offer.price:
        frame = ("a reason to come again, mentioned after the lead", "named where it is asked for")[index % 2]
    else:
        frame = "shown with the way to ask; the price is supplied before release"
    return capital(offer.name), offer.price or "not given", frame


def _prices(facts: Facts) -> str:
    open_prices = [offer.name for offer in facts.offers[:5] if not offer.price]
    if not open_prices:
        return f"All prices above come from the brief and are printed by {facts.client} in full, extras included"
    return (
        f"Without a price so far: {prose_list(open_prices)}. Ads for it wait until {facts.client} has named "
        "one or decided against it"
    )


def _from_brief(facts: Facts) -> list[Block]:
    blocks = []
    if worries(facts):
        worry = worries(facts)[0]
        proof = proof_for(facts, worry)
        beside = f", placed beside {quoted(proof)}" if proof else ""
        blocks.append(Block(bullet(f"**Reassurance:** an answer to {quoted(worry)}{beside}"), 1))
    if facts.outcomes:
        blocks.append(Block(bullet(f"**Convenience:** the offer page makes room for {quoted(facts.outcomes[-1])}"), 2))
    hours = note(facts, "hours")
    if hours:
        blocks.append(
            Block(bullet(f"**Real times:** the call supplied what can be offered at once: {quoted(hours)}"), 1)
        )
    known = note(facts, "list")
    if known:
        blocks.append(Block(bullet(f"**First to know:** new dates go first to those who asked for news ({known})"), 2))
    return blocks


def _open(facts: Facts) -> str:
    missing = unknown(facts, "prices", "the budget", "what buyers hope for")
    if not missing:
        return ""
    return (
        f"Waiting for an answer from {facts.client}: {missing}. Until then offers are "
        "described by content and next step, "
        "and nothing is promised around them"
    )


def _verdict(facts: Facts) -> str:
    return facts.pick(
        (
            "An offer is judged by uptake and by the reasons of those who declined; both belong on the same sheet. "
            f"If {facts.client} cannot name a reason for a refusal, the next five who decline are asked politely",
            f"{facts.client} notes for each offer how many took it up, who did not, and why as far as they said. "
            "Without these three lines no offer is repeated, even one that felt like a success",
        ),
        "offer verdict",
    )


def _rules(facts: Facts) -> list[Block]:
    blocks = [Block(bullet(f"Printed next to each offer: {quoted(text)}"), 1) for text in facts.disclaimers[:1]]
    if facts.compliance:
        blocks.append(Block(bullet(f"Legal check of every offer against: {'; '.join(facts.compliance[:3])}"), 2))
    blocks.append(
        Block(bullet(f"{day(middle(facts))}: offers that nobody asked about are taken out and the reason is noted"), 1)
    )
    if "prices" in facts.unknown:
        blocks.append(
            Block(bullet("Price communication is tested only after prices exist; the brief leaves them open"), 2)
        )
    return blocks
