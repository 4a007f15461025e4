"""Any other business: nothing is presumed that the brief does not say."""

from apps.strategy.rules.presets.preset import Channel, KpiIdea, Preset

_SEARCH_ADS = Channel(
    name="Search ads",
    kind="PAID",
    names=("googleads", "google", "bing", "adwords", "searchads", "ppc", "sem"),
    weight=24,
    posts_per_week=0,
    role="Meet people{where} at the moment they look for {offer}, and learn which words they use.",
    tactics=(
        "Begin with twenty search terms around {offer} and add or drop by what they bring.",
        "Take up {pain} in the first line of the ad.",
        "Name the price before the click: {price}.",
        "Send all clicks to one page of {client} until the numbers say what a second page should answer.",
        "Review spend by search term every two weeks.",
    ),
)
_ARTICLES = Channel(
    name="Articles for organic search",
    kind="ORGANIC",
    names=("seo", "organicsearch", "blog", "articles", "content"),
    weight=18,
    posts_per_week=1,
    role="Answer in writing what {audience} ask before they get in touch with {client}.",
    tactics=(
        "Collect thirty questions from mail, calls and reviews, and answer one a week on the site of {client}.",
        "Put the article on {pain} first.",
        "Close each article with one clear way to ask for {offer}.",
        "Bring older pages up to date before writing new ones.",
    ),
)
_EMAIL = Channel(
    name="Email newsletter",
    kind="OWNED",
    names=("email", "newsletter"),
    weight=16,
    posts_per_week=1,
    role="Keep in touch with people who asked {client} once and gave leave to write.",
    tactics=(
        "Begin with the contacts that are there: {contacts}.",
        "Write one letter a week with one idea about {offer} and one way to reply.",
        "Sort readers by what they clicked, and write the next letter for the larger group.",
        "Ask {client} for every address with date and source of consent before the first letter.",
    ),
)
_LINKEDIN = Channel(
    name="LinkedIn",
    kind="ORGANIC",
    names=("linkedin", "socialmedia"),
    weight=14,
    posts_per_week=2,
    role="Give {client} a face for {audience} and for the people who advise them.",
    tactics=(
        "Build the rhythm on what is possible: {spokesperson}.",
        "Show work in progress twice a week, with what it is for.",
        "Tell {proof} once as a story and then as a single number.",
        "Invite readers to ask about {offer} in the comments, and answer within a day.",
        "Write each post for one reader among {audience} whom {client} knows by name.",
    ),
)
_SITE = Channel(
    name="Website",
    kind="OWNED",
    names=("website", "landingpage", "site"),
    weight=16,
    posts_per_week=0,
    role="Explain {offer} on one page so that a stranger knows what to do next.",
    tactics=(
        "Write the page in the order in which people decide: what it is, for whom, what it costs, how to begin.",
        "Use {outcome} as the heading of the first section.",
        "Place {proof} where the decision falls.",
        "Offer one way of contact to {client} and answer within one working day.",
        "Count every enquiry with its source from the first day.",
    ),
)
_PARTNERS = Channel(
    name="Partner referrals",
    kind="ORGANIC",
    names=("partners", "partnerships", "referrals"),
    weight=12,
    posts_per_week=0,
    role="Come recommended by those whom {audience} ask anyway.",
    tactics=(
        "List fifteen people or firms{where} who meet the same audience, and visit five a month.",
        "Give them half a page on {offer} in words they can repeat.",
        "Note who sent whom, and thank them.",
    ),
)
_SOCIAL_ADS = Channel(
    name="Social media ads",
    kind="PAID",
    names=("meta", "metaads", "facebook", "instagram", "paidsocial", "socialads", "socialmedia"),
    weight=16,
    posts_per_week=0,
    role="Test in small steps which message makes {audience}{where} look twice at {offer}.",
    tactics=(
        "Run three messages at a time with the same picture, so that only the words differ.",
        "Let one of them begin with {pain}.",
        "End a test when the difference is larger than chance would make it, not when the week is over.",
        "Carry the winning words over to the website of {client}.",
    ),
)

GENERAL = Preset(
    key="general",
    words=(),
    model=(
        "{client} lives from selling {offer}{where}; how often people buy again "
        "is not said in the brief and will be asked."
    ),
    conversion_unknown=(
        "What part of the {metric} turns into income for {client} is not in the brief; "
        "past invoices and enquiries are matched in week 1."
    ),
    maturity=(
        (
            "People who consider {offer} also consider {competitors}; why they choose "
            "one or the other is asked in five conversations."
        ),
        (
            "How settled the market for {offer} is cannot be read from the brief, which names no competitor. Ten "
            "searches and five conversations in the first two weeks will show what {client} is compared with."
        ),
    ),
    white_space=(
        (
            "The brief points to a gap: {pain}. Whoever answers that first and "
            "plainly is remembered; {client} starts there."
        ),
        (
            "No gap can be named honestly yet, since the brief has no pain point; the first five "
            "buyers of {client} are asked what nearly kept them away."
        ),
    ),
    never=(
        "No claim about {offer} that cannot be shown.",
        "No new channel before the first ones of {client} have been measured for four weeks.",
    ),
    awareness=(
        "{audience} know the problem in their own words ({pain}); whether they know a solution is to be tested.",
        (
            "Unknown: the brief does not say what {audience} know about {offer}; "
            "search terms and first questions will tell."
        ),
    ),
    objections=("Is this meant for me?", "What does it cost altogether?", "What happens if it does not suit me?"),
    trust=(
        "What others have experienced carries further than what {client} says: {proof} is shown with its source.",
        (
            "The brief gives no proof. {client} asks the last ten buyers for a "
            "sentence each, and shows it with name and date."
        ),
    ),
    sacrifice=(
        "{client} does less at once: one offer, {offer}, one page and a handful of channels, each kept up properly."
    ),
    tension=(
        "What is wanted sounds simple: {outcome}. So far it takes more effort than people will make.",
        "People would like the matter settled, and finding out about {offer} takes more effort than they will make.",
    ),
    enemy=(
        "The enemy is what stands behind {pain}: effort without an answer.",
        "The enemy is effort without an answer, before anybody has even seen {offer}.",
    ),
    repetition=(
        "The same three sentences about {offer} stand in every place {client} appears in, for at least a quarter."
    ),
    tone=("clear", "friendly", "factual"),
    leading=(
        "Enquiries about {offer} by source",
        "Visitors of the page who look at the price",
        "Replies within one working day",
    ),
    lagging=("{metric}, by source", "Income from {offer}", "Cost per enquiry at {client}"),
    kpis=(
        KpiIdea("New visitors of the website", "AWARENESS", "per month", "read from web analytics"),
        KpiIdea("Enquiries", "ENGAGEMENT", "per month", "counted with their source"),
        KpiIdea("Enquiries that become sales", "CONVERSION", "percent", "sales divided by enquiries"),
        KpiIdea("Buyers who come back", "RETENTION", "percent", "from invoices of the last year"),
    ),
    channels=(_SEARCH_ADS, _ARTICLES, _EMAIL, _SITE, _LINKEDIN, _SOCIAL_ADS, _PARTNERS),
)
