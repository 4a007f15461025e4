"""Posts that suit some businesses only: those that advise, those that ship, those that receive guests, and causes."""

import re
from typing import Literal

from apps.production.rules.facts import Facts
from apps.production.rules.posts import Post

Kind = Literal["advice", "shop", "guests", "cause"]

_KINDS: tuple[tuple[Kind, str], ...] = (
    ("cause", r"\bcharit|\bngos?\b|non-?profit|not-for-profit|\bfoundation\b|\bdonat|fundrais|\bgiving\b|\bvolunteer"),
    ("guests", r"restaurant|trattoria|\bcaf[eé]s?\b|bistro|\bbak(?:er|ing)|\bh[oô]tel|\bbars?\b|brew|brau|winer|\bspa\b"
               r"|museum|theat(?:re|er)|potter|poterie|\btours?\b|\bholiday|guest ?house|\bvenue\b|ice cream|catering"),
    ("shop", r"e-?commerce|\bd2c\b|\bdtc\b|online (?:shop|store|retail)|web ?shop|\bboxe?s?\b|apparel|fashion|cosmetics"
             r"|skincare|jewell?er|\btextiles?\b"),
)  # fmt: skip


def kind_of(facts: Facts) -> Kind:
    """Return what kind of business posts speak for: from the industry first, then from the offers."""
    for said in (facts.industry, " ".join(offer.name for offer in facts.offers)):
        for kind, words in _KINDS:
            if re.search(words, said, re.IGNORECASE):
                return kind
    return "advice"


_ADVICE: dict[str, tuple[Post, ...]] = {
    "A": (
        Post(
            "Worth knowing before you choose {offer}",
            "What should be different afterwards? How much time can you give it? Who decides with you? With these "
            "three answers every conversation gets shorter.",
        ),
        Post(
            "Words you meet when you read about {offer}",
            "Some of them sound more complicated than they are. Here they are in plain language. Which one have you "
            "always wondered about?",
        ),
        Post(
            "Quick poll: what counts most when you choose {offer}?",
            "Price, time, or the person you deal with? Vote and tell us why. The most frequent answer gets a post of "
            "its own.",
        ),
    ),
    "C": (
        Post(
            "How it works: {offer}, step by step",
            "You ask, we listen. You hear what is possible and what it costs. You decide in your own time. Then we "
            "agree on the next step.",
        ),
        Post(
            "What is included in {offer}, and what is not",
            "A clear yes or no saves both sides time. Tell us what you expect, and we say openly whether it is part "
            "of it.",
        ),
        Post(
            "Checklist: ask this before you choose {offer}",
            "What exactly do I get? What does it cost in total? How long does it take? Who is my contact? What if "
            "something goes wrong? Save the list for your next conversation.",
        ),
        Post(
            "When we advise against {offer}",
            "It is not for everybody, and we say so. If something else suits you better, you hear it from us first.",
        ),
        Post(
            "Now or later? A fair way to decide",
            "Write down what would have to be true for you to start with {offer}. If it is true already, you have "
            "your answer. If not, waiting is fine.",
        ),
        Post(
            "Do it yourself or ask {client}?",
            "Both can be right. One costs time, the other money. Count honestly, then choose; we help with the "
            "counting.",
        ),
        Post(
            "From wish to plan: {outcome}",
            "A wish becomes a plan with a first step and a date. Tell us where you stand today, and we name the first "
            "step.",
        ),
        Post(
            "This is what we check before we say yes",
            "Not every request fits. We look at your aim, your time and what has been tried before. Then you get an "
            "honest answer about {offer}.",
        ),
    ),
    "V": (
        Post(
            "It starts with one message: {outcome}",
            "Tell us what is in the way today. You hear what {client} can do about it, and what not.",
        ),
        Post(
            "Still undecided about {offer}? Talk to a person",
            "No script, no pressure. Bring the question that keeps you from deciding.",
        ),
        Post(
            "This week: time for your questions about {offer}",
            "We have kept some time free to answer properly. First come, first served.",
        ),
        Post(
            "Good to combine: {offer} and {other}",
            "Many start with one and add the other later. Ask us which order makes sense for you.",
        ),
    ),
}
_SHOP: dict[str, tuple[Post, ...]] = {
    "A": (
        Post(
            "From the first sketch to the parcel: {offer}",
            "Who makes it, what it is made of, and which step takes longest. Guess before you swipe.",
        ),
        Post(
            "Look closer: a detail of {offer}",
            "You would miss it in a product photo. Tell us what you think it is for; the answer is in the comments.",
        ),
        Post(
            "Packing day at {client}",
            "Tape, labels, a song that somebody always skips. Today we pack what you ordered.",
        ),
    ),
    "C": (
        Post(
            "How to choose: a short guide to {offer}",
            "Which version for whom, and when the simpler one is enough. Save it for the day you need it.",
        ),
        Post(
            "Care and use: get the most out of {offer}",
            "Small things keep it good for longer. Here is what we do with our own.",
        ),
        Post(
            "What goes into {offer}, and what stays out",
            "We list the contents in plain words. Ask about any of them, and we tell you where it comes from.",
        ),
        Post(
            "Sending it back: how that works",
            "Read it before you order, so that there is no surprise afterwards. Questions? Write to us.",
        ),
        Post(
            "One product, three homes",
            "The same {offer}, used in three different ways. Which one is closest to yours?",
        ),
        Post(
            "From your messages: what people ask before they order",
            "Delivery, size, materials: short answers to what you wrote to us. Something missing? Ask below.",
        ),
    ),
    "V": (
        Post(
            "In the shop now: {offer}",
            "Everything you need to know stands on the page: what it is, what it costs, when it arrives.",
        ),
        Post(
            "A present for somebody who has everything?",
            "Have a look at {offer}. If you are unsure, tell us who it is for, and we make a suggestion.",
        ),
        Post(
            "Goes well together: {offer} and {other}",
            "Our own favourite pair. Have a look at both before you decide.",
        ),
        Post(
            "Been thinking about {offer}?",
            "Take one more look at the details and the questions others asked. Then choose in peace.",
        ),
    ),
}
_GUESTS: dict[str, tuple[Post, ...]] = {
    "A": (
        Post(
            "The hour before we open",
            "This is what {client} looks like while nobody is watching. Who would you like to meet next?",
        ),
        Post(
            "A favourite corner at {client}",
            "Everybody on the team has one. Here is ours; which one is yours?",
        ),
        Post(
            "Where it comes from: the story behind {offer}",
            "Who had the idea, what went wrong at first, and why we kept at it. The whole story is in the pictures.",
        ),
        Post(
            "Who would you bring along?",
            "Tag the person you would share {offer} with. No further explanation needed.",
        ),
    ),
    "C": (
        Post(
            "Good to know before you come",
            "How to get here, when it is quiet, what to do with children or a dog. Save it for your visit.",
        ),
        Post(
            "First time with us? This is what to expect",
            "From the door to the goodbye: how {offer} goes, how long it takes, what you need to bring.",
        ),
        Post(
            "For an occasion: {offer}",
            "Birthday, visitors, a day off at last. Tell us how many you are and what you have in mind.",
        ),
        Post(
            "Ask the team: what do you recommend?",
            "We asked everybody at {client} the same question. The answers differ more than we thought.",
        ),
        Post(
            "What makes {offer} special for us",
            "Not a secret, only a lot of small things done with care. Here are the ones you can see.",
        ),
        Post(
            "In your words: guests about {client}",
            "A line from a guest made our week. What would you write about your last visit?",
        ),
    ),
    "V": (
        Post(
            "Next free dates for {offer}",
            "Have a look at the calendar, pick a day, tell us how many you are. The rest is our work.",
        ),
        Post(
            "Plans for the weekend?",
            "There is still room for {offer}. Let us know early if you come with more people.",
        ),
        Post(
            "A present that takes up no space: {offer}",
            "Give somebody a good time instead of another thing. Write to us, we prepare it.",
        ),
        Post(
            "See you soon at {client}?",
            "One message is enough: the day, the time, how many you are.",
        ),
    ),
}
_CAUSE: dict[str, tuple[Post, ...]] = {
    "A": (
        Post(
            "Why we do this",
            "Everybody at {client} has a first day they remember. Here is one of these stories. What is yours?",
        ),
        Post(
            "Out there with the team",
            "What a working day for {client} looks like, from the first hand to the last cup of tea.",
        ),
        Post(
            "Did you know? One fact about what we work on",
            "It surprised us, too. Tell somebody today, that is how it begins.",
        ),
        Post(
            "Faces of {client}: who helps, and why",
            "Today somebody who has been with us from early on tells how it started.",
        ),
    ),
    "C": (
        Post(
            "Where your support goes",
            "Step by step from the first contribution to the day something changes. Ask us about any step.",
        ),
        Post(
            "Three ways to help, one of them without money",
            "Give, join in, pass it on. Each of them counts, and you can begin with the smallest.",
        ),
        Post(
            "What we have learnt the hard way",
            "Not everything works at the first attempt. We tell you what we changed, and why.",
        ),
        Post(
            "Before and now: how one place has changed",
            "Pictures say it faster than we can. Swipe, and tell us what you notice first.",
        ),
        Post(
            "Questions people ask before they support {client}",
            "Who decides? How is it checked? Can I stop at any time? Short answers, in public.",
        ),
        Post(
            "A small contribution, followed all the way",
            "We take one and show where it went. Which part would you like to see in detail?",
        ),
    ),
    "V": (
        Post(
            "Join in: {offer}",
            "It takes a few minutes to begin, and you can stop whenever you like. Thank you for thinking about it.",
        ),
        Post(
            "One step today for this: {outcome}",
            "Nobody does it alone. Become one of those who make it possible.",
        ),
        Post(
            "Another way to help: {other}",
            "Time can be worth as much as money. Tell us what suits you.",
        ),
        Post(
            "If you have been meaning to help",
            "This is the reminder. {client} makes it easy to begin and easy to stop.",
        ),
    ),
}
BY_KIND: dict[Kind, dict[str, tuple[Post, ...]]] = {
    "advice": _ADVICE,
    "shop": _SHOP,
    "guests": _GUESTS,
    "cause": _CAUSE,
}
