"""Posts about what troubles buyers, by topic: one that names the matter, and one that helps with it.

They say in the client's voice what a quotation from the brief cannot say well; what belongs to no topic is quoted.
"""

from typing import NamedTuple

from apps.production.rules.posts import Post
from apps.production.rules.reading import Topic


class TopicPosts(NamedTuple):
    """One post that names a matter, and one that helps with it."""

    naming: Post
    helping: Post


PEOPLE: dict[Topic, TopicPosts] = {
    "price": TopicPosts(
        Post(
            "“What will it be in the end?” is a fair first question",
            "You should not have to commit to {offer} to find out what it costs. Ask us what is included and what "
            "might be added before you decide anything.",
        ),
        Post(
            "Three questions for any price",
            "What is included? What could be added later? Until when does it hold? Take them along wherever you ask, "
            "and ask us the same about {offer}.",
        ),
    ),
    "hours": TopicPosts(
        Post(
            "A full week is no reason to put it off",
            "Most people who ask about {offer} fit it in between everything else. Tell us which times suit you, and we "
            "look for one that works.",
        ),
        Post(
            "Finding a time without taking a day off",
            "Send us two or three times that would suit you. You hear what is free, and you choose.",
        ),
    ),
    "deadline": TopicPosts(
        Post(
            "No time? That is the normal case",
            "Hardly anybody has a free afternoon. Tell us how much time you really have, and we say what can be done "
            "in it.",
        ),
        Post(
            "Ten quiet minutes are enough to begin",
            "Write down what you want, what you have tried, and by when it should be done. That is all {client} needs "
            "for a first answer.",
        ),
    ),
    "order": TopicPosts(
        Post(
            "Where was that again?",
            "Paper here, a message there, the rest in your head. There is an easier way to keep things together, and "
            "it starts with one list.",
        ),
        Post(
            "One list instead of five",
            "Put everything that concerns {offer} in one place: dates, papers, questions. Bring it along, and we go "
            "through it together.",
        ),
    ),
    "effort": TopicPosts(
        Post(
            "It should not be this complicated",
            "If something takes three attempts, the fault is rarely yours. We show how {client} keeps {offer} simple.",
        ),
        Post(
            "What you can leave to us",
            "Some steps only you can take, the rest need not be your work. Here is who does what with {offer}.",
        ),
    ),
    "waste": TopicPosts(
        Post(
            "What is left when it is used up?",
            "Packaging, remains, transport: we show what goes into {offer} and what happens to it afterwards. No green "
            "decoration.",
        ),
        Post(
            "Green promise? Check it in two minutes",
            "Who says so? Since when? Where can you look it up? Three questions that work for every label, ours "
            "included.",
        ),
    ),
    "fit": TopicPosts(
        Post(
            "“Will it suit me?” stands behind most questions",
            "Tell us what you know already: size, habits, what did not work last time. We say honestly whether {offer} "
            "fits.",
        ),
        Post(
            "Right for you or not? How to find out",
            "Start with what must not happen. It rules out more than any list of advantages, and it makes asking us "
            "easy.",
        ),
    ),
    "risk": TopicPosts(
        Post(
            "“And if I change my mind?” belongs in the first talk",
            "Ask how long you are bound and how you get out before you ask anything else. At {client} that question is "
            "welcome.",
        ),
        Post(
            "Read this before you sign anything",
            "Term, notice, extra costs: three places to look at in every agreement. Ask us to show you ours.",
        ),
    ),
    "confidence": TopicPosts(
        Post(
            "You need not feel ready to ask a question",
            "Many people wait for the right moment. A first message to {client} commits you to nothing, and you decide "
            "how far you go.",
        ),
        Post(
            "Your first ten minutes with us",
            "Somebody greets you, asks what brings you here, and listens. Everything after that is up to you.",
        ),
    ),
    "trust": TopicPosts(
        Post(
            "Don't take our word for it",
            "Ask people who know us, read what they write, and bring your doubts. We would rather answer a hard "
            "question today than disappoint you later.",
        ),
        Post(
            "Loud or good? How to tell the difference",
            "Look for names, dates and prices. See how complaints are answered. Ask what they do not do. Then ask us "
            "the same.",
        ),
    ),
    "choice": TopicPosts(
        Post(
            "Too many options? Two are easier",
            "You need not know the whole market. Tell us what matters most to you, and {client} says where to look "
            "first.",
        ),
        Post(
            "One question that sorts the options",
            "What should be different afterwards? Write it down before you compare. Most options drop out by "
            "themselves.",
        ),
    ),
    "growth": TopicPosts(
        Post(
            "Stuck at the same point for months?",
            "Doing more of everything rarely helps. {client} looks for the one place where it stops, and begins there.",
        ),
        Post(
            "Before you do more, find where it stops",
            "Follow one case from the first contact to the end and mark the longest wait. That is where {offer} has to "
            "prove itself.",
        ),
    ),
}
FIRMS: dict[Topic, TopicPosts] = PEOPLE | {
    "deadline": TopicPosts(
        Post(
            "The last two days before a deadline tell you everything",
            "When all the work lands on the same dates, overtime makes up for it. {client} works on the weeks "
            "before, so that the last day is an ordinary one.",
        ),
        Post(
            "Before the next deadline: a list worth making",
            "What always arrives late? Who waits for it? What could come earlier? With these answers a first talk "
            "about {offer} gets to the point.",
        ),
    ),
    "order": TopicPosts(
        Post(
            "Who has it right now?",
            "Things get lost where several people pass them on: in an inbox, on a desk, in somebody's head. If that "
            "question takes a phone call, {offer} is worth a look.",
        ),
        Post(
            "One case, followed from start to end",
            "Take one from last week and write down every stop it made. The longest wait is seldom where you expect "
            "it. Send us the list, and we look at it with you.",
        ),
    ),
    "effort": TopicPosts(
        Post(
            "Nobody was hired to type things twice",
            "Copying from one system into the next feels quick until you count. Make a mark each time for a week, then "
            "ask us what {offer} takes over.",
        ),
        Post(
            "Which manual step to remove first",
            "Begin with the one that is done most often and needs the least thinking. It is the easiest to hand over, "
            "and everybody notices.",
        ),
    ),
    "risk": TopicPosts(
        Post(
            "Nobody wants a new project on top of the old ones",
            "A change has to fit between everything that is running already. So the first question at {client} is what "
            "must not be disturbed.",
        ),
        Post(
            "Clear this up before the first meeting",
            "Who has to agree? Which data is involved? How do you get out again? Three answers that make every talk "
            "about {offer} shorter.",
        ),
    ),
    "confidence": TopicPosts(
        Post(
            "A question is not a commitment",
            "You may ask about {offer} long before there is a budget or a project. We answer all the same.",
        ),
        Post(
            "What the first call covers",
            "Your situation, your constraints, and whether {offer} fits at all. If it does not, the call ends early.",
        ),
    ),
}
