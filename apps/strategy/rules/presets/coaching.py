"""Coaching, courses and advice: people buy a person and a change."""

from apps.strategy.rules.presets.preset import Channel, KpiIdea, Preset

_YOUTUBE = Channel(
    name="YouTube",
    kind="ORGANIC",
    names=("youtube", "video", "socialmedia"),
    weight=16,
    posts_per_week=1,
    role="Let {audience} sit in on the way {client} thinks, before anybody pays.",
    tactics=(
        (
            "Record one lesson a week that solves a small part of {pain} completely.",
            "Record one lesson a week that solves one small problem completely.",
        ),
        "Title each lesson as the question somebody would ask a friend.",
        "Invite viewers to one place only: the page for {offer}.",
        "Cut each lesson into two short clips for people who have not heard of {client}.",
        "Keep the manner {tone}, on camera as on paper.",
    ),
)
_WEBINAR = Channel(
    name="Live workshops",
    kind="OWNED",
    names=("webinar", "webinars", "workshop", "workshops", "events"),
    weight=18,
    posts_per_week=0,
    role="Give a first experience of the work, live, to people who are weighing {offer}.",
    tactics=(
        "Hold one workshop a month with a task people finish within the hour.",
        "Build the task around {outcome}.",
        "Take at most twenty people, so that {client} can answer each of them.",
        "Name the price of {offer} in the workshop, {price}, and for whom it is not made.",
        "Answer {objection} before questions are opened.",
        "Write to those who stayed to the end on the next morning, by hand, from {client}.",
    ),
)
_EMAIL = Channel(
    name="Email letters",
    kind="OWNED",
    names=("email", "newsletter"),
    weight=18,
    posts_per_week=1,
    role="Stay in conversation with people who are interested but not ready for {offer}.",
    tactics=(
        "Send one letter a week: a situation, what was tried, what came of it.",
        (
            "Begin a five-part introduction with {pain} and end it with an invitation.",
            "Begin a five-part introduction with the question people ask most and end it with an invitation.",
        ),
        "Start with the contacts there are: {contacts}.",
        "Ask new readers one question and answer every reply personally in the name of {client}.",
    ),
)
_SOCIAL_ADS = Channel(
    name="Workshop ads on Facebook and Instagram",
    kind="PAID",
    names=("meta", "metaads", "facebook", "instagram", "paidsocial", "socialads", "socialmedia"),
    weight=24,
    posts_per_week=0,
    role="Fill the seats of the live workshop with {audience}{where}, not the list with addresses.",
    tactics=(
        "Advertise the date and the task of the workshop, with a face and without a promise of results.",
        "Pay for registrations first, then for people who stayed to the end, as soon as {client} can count them.",
        "Speak to {pain} in one version and to {outcome} in the other.",
        "Stop the ads of {client} for a workshop when its seats are taken.",
    ),
)
_LINKEDIN = Channel(
    name="LinkedIn",
    kind="ORGANIC",
    names=("linkedin", "socialmedia"),
    weight=13,
    posts_per_week=3,
    role="Show the judgement of {client} in short pieces where {audience} spend their working day.",
    tactics=(
        "Write two observations a week from real sessions, anonymised and with consent.",
        "Plan around the person who writes: {spokesperson}.",
        "Discuss {objection} openly once a month.",
        "Comment on three posts a day by people {client} would like to work with.",
        "Move good conversations to a call about {offer} by asking, not by template.",
        "Turn the most frequent question of a workshop into the next piece.",
    ),
)
_REFERRALS = Channel(
    name="Referrals from past participants",
    kind="ORGANIC",
    names=("referrals", "referral", "partners", "wordofmouth"),
    weight=11,
    posts_per_week=0,
    role="Let people for whom it worked introduce the next ones to {client}.",
    tactics=(
        "Ask each participant at the end who else stands where they stood, and for leave to name them.",
        (
            "Write up one change a month with numbers and consent; the brief offers {proof}.",
            "Write up one change a month with numbers and consent.",
        ),
        "Give past participants of {offer} a seat for a guest in each workshop.",
    ),
)

COACHING = Preset(
    key="coaching",
    words=(
        "coach",
        "mentor",
        "course",
        "training",
        "workshop",
        "mastermind",
        "consulting",
        "tutor",
        "academy",
        "e-learning",
    ),
    model=(
        "{client} sells time and method: {offer} is bought by people who trust the person first, so "
        "places are few and each wrong participant costs two right ones."
    ),
    conversion_unknown=(
        "How many conversations end in a booking of {offer} is not in the brief; "
        "{client} will count the last twenty in week 1."
    ),
    maturity=(
        "Many offer something similar; people who ask {client} have also looked at {competitors}.",
        (
            "Many offer something similar and the brief names none of them; each first call of "
            "{client} gets the question where else somebody looked."
        ),
    ),
    white_space=(
        (
            "Most material in the field encourages. Little of it works through {pain} from "
            "start to end, which is what {client} does for a living."
        ),
        (
            "What others skip is not known: pain points are missing in the brief. {client} will "
            "note the first sentence of each enquiry for four weeks."
        ),
    ),
    never=(
        "No income or success figure that {client} cannot document.",
        "No pressure by deadlines that move.",
        "No free call without a question answered beforehand.",
    ),
    awareness=(
        "Problem-aware: {audience} know the trouble ({pain}) and doubt that another programme will change it.",
        "{audience} know that help of this kind exists; what they tried before is asked at registration with {client}.",
    ),
    objections=("Will it work for somebody like me?", "When should I find the time?", "I can read that in a book."),
    trust=(
        "People believe those who stood where they stand: {proof} is shown with its source.",
        (
            "People believe those who stood where they stand. The brief holds no such account yet; "
            "{client} asks five past participants in the first two weeks."
        ),
    ),
    sacrifice="{client} takes fewer people and says for whom {offer} is not made; reach is given up for fit.",
    tension=(
        "They have started more than once, alone; what is wanted is {outcome}, and the calendar is full.",
        "They have started more than once, alone, and the calendar is full.",
    ),
    enemy=(
        "The enemy is the next unfinished attempt: good advice that leaves {pain} as it was.",
        "The enemy is the next unfinished attempt: good advice that ends with the book.",
    ),
    repetition=(
        "One question per month runs through lesson, letter, workshop and posts "
        "of {client}, each time answered a step further."
    ),
    tone=("encouraging", "clear", "personal"),
    leading=(
        "Registrations for the live workshop of {client}",
        "Share of participants who stay to the end",
        "Replies to letters by {audience}",
    ),
    lagging=("{metric}, from the bookings", "Income per workshop", "Share of participants who recommend {offer}"),
    kpis=(
        KpiIdea("People reached by lessons and posts", "AWARENESS", "per month", "read from the platforms' reports"),
        KpiIdea("Workshop registrations", "ENGAGEMENT", "per workshop", "counted in the registration form"),
        KpiIdea("Registered people who attend", "ENGAGEMENT", "percent", "counted in the room"),
        KpiIdea("Conversations that become bookings", "CONVERSION", "percent", "counted in the calendar"),
        KpiIdea("Participants who recommend somebody", "RETENTION", "percent", "asked at the end"),
    ),
    channels=(_SOCIAL_ADS, _WEBINAR, _EMAIL, _YOUTUBE, _LINKEDIN, _REFERRALS),
)
