"""Software sold to firms: several people decide, and it takes a while."""

from apps.strategy.rules.presets.preset import Channel, KpiIdea, Preset

_LINKEDIN = Channel(
    name="LinkedIn",
    kind="ORGANIC",
    names=("linkedin", "socialmedia"),
    weight=18,
    posts_per_week=3,
    role="Let {audience} hear from a named person at {client}, in their own feed, long before they talk to sales.",
    tactics=(
        "Plan the posts around this: {spokesperson}. Drafts go out a working day earlier.",
        "Publish one worked example a week of how {pain} comes about and what it costs in hours.",
        "Tell {case} as a sequence of decisions, with the person who made them.",
        "Answer {objection} in public, so that sales can send a link instead of a paragraph.",
        "Have two employees of {client} comment where {audience} already talk.",
        "Close each third post with one invitation: see {offer} with your own documents.",
        "Answer each comment by somebody of the right title within a working day.",
    ),
)
_LINKEDIN_ADS = Channel(
    name="LinkedIn ads",
    kind="PAID",
    names=("linkedinads", "linkedin", "paidsocial", "socialads"),
    weight=28,
    posts_per_week=0,
    role=(
        "Put the case for {offer} before {audience}{where} by job title and size of firm, where search demand is thin."
    ),
    tactics=(
        "Narrow the audience by title and headcount to the firms the brief names; leave job seekers and students out.",
        "Advertise documents that help without a call, such as a checklist against {pain}.",
        "Retarget only visitors who read about {offer} for more than thirty seconds.",
        "Say {proof} in the first line, with its source.",
        "Stop an ad after 1,000 views by the right titles if nobody opened the page.",
        "Show {objection} and its answer to people who were on the page for {offer} twice.",
    ),
)
_SEARCH_ADS = Channel(
    name="Search ads",
    kind="PAID",
    names=("googleads", "google", "bing", "adwords", "searchads", "ppc", "sem"),
    weight=24,
    posts_per_week=0,
    role="Catch firms{where} that search for a way out of the problem {offer} addresses, in the week they compare.",
    tactics=(
        "Group keywords by problem: one ad group for {pain}, one for {pain2}, each with its own page.",
        "Exclude searches for jobs, training and definitions from the first day.",
        "Write the price into the ad ({price}), so that firms outside the range do not click.",
        "Count {metric} that sales accepted, imported weekly from the pipeline of {client}, and bid on those.",
        "Leave alone the searches that {client} already answers well without paying.",
    ),
)
_EMAIL = Channel(
    name="Email to opted-in contacts",
    kind="OWNED",
    names=("email", "newsletter", "mailing"),
    weight=12,
    posts_per_week=1,
    role="Keep {offer} in mind with people who agreed to be written to, until their project has a date.",
    tactics=(
        "Start with the people who are there already: {contacts}.",
        "Write three messages, one question each: {pain}, then {pain2}, then what others did about it.",
        "Send readers who clicked on {objection} the document that settles it.",
        "Let sales of {client} write a personal line to those who opened three times.",
        "Keep consent, source and date with each contact, and delete whoever asks.",
        "Send the short version of each new article to {audience}, with one link to {offer}.",
    ),
)
_WEBINAR = Channel(
    name="Webinars",
    kind="OWNED",
    names=("webinar", "webinars", "onlineevents"),
    weight=10,
    posts_per_week=0,
    role="Show {offer} at work to people who have to convince colleagues, and leave them a recording to pass on.",
    tactics=(
        ("Hold one session a month on a single task: {pain3}.", "Hold one session a month on a single task: {pain}."),
        "Invite the list first: {contacts}.",
        "Have a customer tell the part that was hard; the brief offers {case}.",
        "Ask one question at registration, when the decision is due, and sort the follow-up by it.",
        "Offer times for {metric} in the last five minutes and on the page of the recording.",
        "Keep the slides to ten, and show {offer} live for at least half of the time.",
    ),
)
_SEARCH = Channel(
    name="Expert articles for search",
    kind="ORGANIC",
    names=("seo", "organicsearch", "blog", "articles"),
    weight=12,
    posts_per_week=1,
    role="Be the page {audience} cite when they explain the problem to their management.",
    tactics=(
        "Write the guide {audience} would otherwise put together themselves, with sources, beginning at {pain2}.",
        "Publish a page per objection; the first is {objection2}.",
        "Show what it takes to get there: {outcome}.",
        "Compare ways of working, old and new, without naming other vendors.",
        "Have each statement on law or standards checked and linked to its source before it appears.",
        "Link every article to one page of {client}, the one about {offer}.",
    ),
)
_PARTNERS = Channel(
    name="Advisers and integration partners",
    kind="ORGANIC",
    names=("partners", "partnerships", "resellers", "referrals"),
    weight=8,
    posts_per_week=0,
    role="Come recommended by the advisers and system houses that {audience} ask first.",
    tactics=(
        "Choose ten advisers who serve firms like those in the brief, and show them {offer} for half an hour.",
        "Give each partner a one-page summary with {proof} and the conditions of {client}.",
        "Count {metric} by partner and drop whoever brings none in two quarters.",
        "Prepare an answer to {objection} that a partner can send on.",
        "Tell each partner within a week what became of a recommendation to {client}.",
    ),
)

B2B_SAAS = Preset(
    key="b2b_saas",
    words=(
        "saas",
        "software",
        "b2b",
        "platform",
        "api",
        "automation",
        "cloud",
        "erp",
        "crm",
        "cybersecurity",
        "fintech",
    ),
    model=(
        "{client} sells {offer} to firms{where} as a subscription; income grows "
        "with customers who stay, so a wrong fit costs twice."
    ),
    conversion_unknown=(
        "The share of {metric} that become customers of {client} is missing from the brief; sales will name "
        "the figure of the last two quarters in week 1, before any money is moved."
    ),
    maturity=(
        (
            "Buyers have seen products of this kind; when they compare {offer}, "
            "the alternatives they name are {competitors}."
        ),
        (
            "Products of this kind are known{where}, the need to act is not: the brief names nobody {client} "
            "loses to, so the reasons of the last ten lost offers are collected first."
        ),
    ),
    white_space=(
        ("Vendors speak about features. Few show, step by step, how a team gets rid of {pain}; {client} can."),
        (
            "Vendors speak about features. What daily trouble they leave to the buyer is unknown here: the "
            "brief of {client} names no pain point, and five calls with users will."
        ),
    ),
    never=(
        "No message that names another vendor; {client} compares ways of working instead.",
        "No gated form longer than four fields in front of material on {offer}.",
        "No demo for firms outside the size and region in the brief of {client}.",
    ),
    awareness=(
        "Problem-aware rather than solution-aware: {audience} live with {pain} and count it as part of the job.",
        (
            "Not established: the brief does not say what {audience} already tried. The first "
            "ten conversations of {client} are noted with that question."
        ),
    ),
    objections=(
        "We have another project first.",
        "IT has to review it.",
        "The switch will cost us more time than it saves.",
    ),
    trust=(
        (
            "Trust passes from firm to firm: a head of department believes another one. "
            "{proof2} and {proof} are shown with their sources."
        ),
        "Trust passes from firm to firm: a head of department believes another one. {proof} comes with its source.",
        (
            "There is no case or certificate in the brief. Two customers of {client} are asked for a documented "
            "result in the first month; until then the product is shown, not praised."
        ),
    ),
    sacrifice=(
        "{client} turns firms away that do not fit, and leaves topics beside {offer} to "
        "others: fewer conversations, each with somebody who can decide."
    ),
    tension=(
        "Each month it goes on costs hours nobody books, while the aim sounds modest: {outcome}.",
        "Each month it goes on costs hours nobody books, and nobody in the firm owns the problem.",
    ),
    enemy=(
        "The enemy is the workaround: what a team has built around {pain} looks free, until somebody counts the hours.",
        "The enemy is the workaround that looks free because nobody counts the hours spent around {offer}.",
    ),
    repetition=(
        "Every piece opens with a moment from the month of {audience} and ends with the same sentence "
        "on {offer}; the moment changes, the sentence stays for a quarter."
    ),
    tone=("precise", "calm", "to the point"),
    leading=(
        "Visits to the page for {offer} from firms of the right size",
        "Registrations by {audience} for a session or document",
        "Share of {metric} that sales of {client} accepts",
        "Replies to messages that deal with an objection",
    ),
    lagging=(
        "{metric}, counted when sales has accepted them",
        "Cost per accepted conversation, by channel",
        "New contracts for {offer} and the time from first contact to signature",
    ),
    kpis=(
        KpiIdea("Visitors from firms of the right size", "AWARENESS", "per month", "read from web analytics by firm"),
        KpiIdea("Document and session registrations", "ENGAGEMENT", "per month", "counted in the form tool"),
        KpiIdea(
            "Registrations that become a conversation", "CONVERSION", "percent", "both counted in the sales pipeline"
        ),
        KpiIdea("Conversations that become customers", "CONVERSION", "percent", "from the sales pipeline, by month"),
        KpiIdea("Customers active after 90 days", "RETENTION", "percent", "from product usage"),
    ),
    channels=(_LINKEDIN_ADS, _SEARCH_ADS, _LINKEDIN, _EMAIL, _SEARCH, _WEBINAR, _PARTNERS),
)
