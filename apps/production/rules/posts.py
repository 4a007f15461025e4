"""Posts for the content calendar by stage of the buyer's road: an opening line and the text under it.

They speak in the client's own voice, ready to be published after a look at the facts. A slot in braces is filled with
a fact; `{pain}`, `{outcome}` and `{objection}` arrive in quotes, because client wording has any grammar. A post whose
fact is missing is not used. Each begins in its own way, so that a month of them does not sound like one. `WORK` lists
what is done on days without a post.
"""

from typing import NamedTuple


class Post(NamedTuple):
    """An opening line and the text under it; both are templates."""

    hook: str
    body: str


AWARENESS = (
    Post(
        "Hello, we are {client}",
        "This page is for {readers}. In the coming weeks you meet the people behind {offer} and get answers to what we "
        "are asked most. What would you like to know first?",
    ),
    Post(
        "Behind the scenes at {client}",
        "A look at the part of our day that usually stays out of sight. Which corner should we show next?",
    ),
    Post(
        "Picture it: {outcome}",
        "That is what people have in mind when they come to {client}. We start there and work backwards to the first "
        "step.",
    ),
    Post(
        "First word that comes to mind: {offer}",
        "Write it in a comment, there are no wrong answers. We reply to the one that surprises us most.",
    ),
    Post(
        "Who answers when you write to {client}?",
        "A person with a name. Today we introduce the one who reads your messages, and the question they like best.",
    ),
    Post(
        "In one minute: how {client} began",
        "The short version is in the pictures. Ask us for the long one, we like telling it.",
    ),
    Post(
        "Around the corner: {client} in {place}",
        "Our work happens in {place}, and so do our stories. Where should we take the next picture?",
    ),
    Post(
        "Not only for {readers}: {secondary} are in the right place, too",
        "The questions differ a little, the people who answer are the same. Tell us what you would like to read here.",
    ),
    Post(
        "Your question, our next post",
        "What do you want to know about {offer}? Ask below, in your own words. We answer one question each week.",
    ),
    Post(
        "A day at {client}, told in five pictures",
        "Morning, first task, coffee, the tricky part, the moment it works. Swipe through and guess which picture was "
        "the hardest to take.",
    ),
)
CONSIDERATION = (
    Post(
        "Facts instead of adjectives: {proof}",
        "Numbers do not decide for you, but they help you compare. Ask us how this one came about.",
    ),
    Post(
        "Look it up: {proof}",
        "We like claims that can be checked. Start with this one, then ask us about the rest.",
    ),
    Post(
        "After you {request}: what happens next",
        "We get in touch, ask a few questions and suggest a next step. You may stop at any point.",
    ),
    Post(
        "Same question, different answer: what {secondary} ask about",
        "Their starting point is another one, so the advice is too. Here is what we tell them first.",
    ),
    Post(
        "Question hour: anything about {offer}",
        "Leave your question below. We answer in public where it helps others, and in private where it is personal.",
    ),
    Post(
        "Myth or fact? Three sentences about {offer}",
        "Guess first, then read on. The answers are in the comments, with a short reason for each.",
    ),
)
CONVERSION = (
    Post(
        "What it costs: {priced}",
        "Here is the price, before you have to ask. Want to know what is included? Write to us.",
    ),
    Post(
        "Price at a glance: {priced}",
        "Compare it, sleep on it, and come back with your questions.",
    ),
    Post(
        "Ready when you are",
        "One message is enough: what you need and when we may answer. {client} comes back to you with the next step.",
    ),
    Post(
        "Also at {client}: {other}",
        "Often the second thing people ask about. Happy to tell you more.",
    ),
    Post(
        "Decide with facts: {proof}",
        "If that is what you were missing, the next step is short.",
    ),
    Post(
        "Three lines to {client}",
        "Your name, your question, a good time to reach you. We take it from there.",
    ),
)
RETENTION = (
    Post(
        "Already with us? Tell us how it is going",
        "A line is enough, praise and complaints alike. What you write helps {client} to do better.",
    ),
    Post(
        "Thank you for your questions this month",
        "The ones about {offer} kept us busy. Keep them coming, we read every one.",
    ),
    Post(
        "Know somebody who is looking for {offer}?",
        "Send them this post. They can ask us anything, exactly as you did.",
    ),
    Post(
        "What should we explain next?",
        "You know {client} by now. Name the topic you would like to read about, and we put it on the list.",
    ),
)
QUOTED_PAINS = (
    Post(
        "We hear this often: {pain}",
        "If you know the feeling, you are not alone. Tell us what has helped you so far, and what has not.",
    ),
    Post(
        "Does this sound like you? {pain}",
        "It is one of the reasons {client} exists. In the next posts we show what can be done about it.",
    ),
    Post(
        "Let's talk about this one: {pain}",
        "Few people say it out loud, many think it. We begin, and you are welcome to join in.",
    ),
    Post(
        "Somebody had to say it: {pain}",
        "True for you as well? Write to us how it shows in your daily life. We collect the answers for a post.",
    ),
)
QUOTED_HELP = (
    Post(
        "Today's subject: {pain}",
        "We take up what people tell us, one thing at a time. Here is what {client} does about this one.",
    ),
    Post(
        "What can be done about it: {pain}",
        "Some of it is in your hands, some of it in ours. Read both lists and tell us what is missing.",
    ),
    Post(
        "You told us, we listened: {pain}",
        "This is how {client} deals with it. Let us know whether it goes far enough.",
    ),
)
QUOTED_DOUBTS = (
    Post(
        "You ask, we answer: {objection}",
        "A fair point. Here is how {client} deals with it, with what is possible and what is not.",
    ),
    Post(
        "A doubt we take seriously: {objection}",
        "We would rather answer it before you decide than after. Tell us about your own case.",
    ),
    Post(
        "Honest answer to a hard question: {objection}",
        "There is no trick and no small print here. Read what we say to everybody who brings it up.",
    ),
    Post(
        "Let us take this one apart: {objection}",
        "What lies behind it, what you can do yourself, and where {offer} helps. Three short parts, one post.",
    ),
)
WORK = (
    "Answer every open comment and message",
    "Note the question about {offer} that comes up most often",
    "Prepare next week's visuals and send them to {client} for approval",
    "Reply in person to new followers",
    "Look at which posts were saved most and plan a sequel",
    "Check the profile text and the link to {request}",
    "Collect two post ideas from this week's calls and e-mails",
    "Read the week's numbers and choose one post to repeat",
    "Check facts, prices and approvals for the coming posts",
    "Thank people who have recommended {client}",
    "Write a second opening line for the weakest post so far",
    "Take one real photograph at {client} for later use",
    "Tidy highlights and pinned posts about {offer}",
    "Write down the doubts heard this week, word for word",
    "Test the way from post to contact on a phone",
    "Settle open points in a short call with {client}",
    "File pictures with names, dates and rights of use",
    "Draft answers to the questions that come in late at night",
)
