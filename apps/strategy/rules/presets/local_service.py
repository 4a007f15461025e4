"""A practice, salon, workshop or studio that people come to, or that comes to them."""

from apps.strategy.rules.presets.preset import Channel, KpiIdea, Preset

_PROFILE = Channel(
    name="Google Business Profile",
    kind="OWNED",
    names=("googlebusiness", "googlemaps", "maps", "gmb", "localsearch"),
    weight=16,
    posts_per_week=1,
    role="Be found, and look open, when somebody nearby searches for {offer}{where}.",
    tactics=(
        "List {offer} as a service of its own on the profile, priced as the brief has it: {price}.",
        "Show the opening times people ask about: {hours}.",
        "Ask every satisfied visitor for a review within a day and answer each one; the stock to build on is {proof}.",
        "Post one answered question a week, starting with {pain}.",
        "Check name, address and categories of {client} in the main directories, and correct what differs.",
        "Put the booking link of {site} on the profile with its own tracking tag.",
        "Add photographs of the rooms and the team of {client}, taken on site.",
        "Answer the questions people put on the profile in the name of {client} within a day.",
    ),
)
_SEARCH_ADS = Channel(
    name="Google search ads",
    kind="PAID",
    names=("googleads", "adwords", "google", "searchads", "ppc", "sem"),
    weight=26,
    posts_per_week=0,
    role="Reach people who search for {offer}{where} in the week they decide.",
    tactics=(
        (
            "Bid only on searches that name {offer} together with a place{where}; "
            "leave general health or advice searches out."
        ),
        "Lead the ad text with the price as the brief states it: {price}.",
        "Run the ads in the hours in which somebody answers, because of this: {response}.",
        "Send each click to a page that answers {pain} in its first paragraph.",
        "Read the search terms every Friday and exclude those that brought no {metric}.",
        "Keep {second_offer} in a campaign of its own, so that its cost shows separately.",
        "Count a click as worth its money only when it ends in {metric}, not in a page view.",
    ),
)
_META_ADS = Channel(
    name="Facebook and Instagram ads",
    kind="PAID",
    names=("meta", "metaads", "facebook", "instagram", "paidsocial", "socialads", "socialmedia"),
    weight=18,
    posts_per_week=0,
    role="Put {client} in front of {audience}{where} before they search.",
    tactics=(
        "Show a member of the team answering {pain} in under thirty seconds, filmed on site.",
        "Limit the delivery to the catchment area{where}, and each person to three views a week.",
        "Offer one next step, a booking for {offer}, and no prize draw or newsletter beside it.",
        "Test two openings against each other: {outcome} and {pain}.",
        "Tell {second_audience} separately what changes for them.",
        "Start with the smallest daily amount the platform allows until {metric} can be counted back to an ad.",
    ),
)
_INSTAGRAM = Channel(
    name="Instagram",
    kind="ORGANIC",
    names=("instagram", "insta", "reels", "socialmedia"),
    weight=13,
    posts_per_week=3,
    role="Show {audience} who will look after them at {client}, so that the first visit feels less strange.",
    tactics=(
        "Film real rooms and real staff only; the client says of the past: {lesson}.",
        "Take one worry a week and answer it in plain words, first {pain}, then {pain2}.",
        "Put the booking link and the price of {offer} where a thumb finds them.",
        "Keep the voice {tone}, in captions as in replies.",
        "Answer every comment and message on the day it comes.",
        "Introduce one member of the team of {client} every second week, with a question they hear often.",
    ),
)
_SITE = Channel(
    name="Website and booking page",
    kind="OWNED",
    names=("website", "landingpage", "bookingpage", "site"),
    weight=15,
    posts_per_week=0,
    role="Turn a visit to the page for {offer} into one of the {metric} {client} wants.",
    tactics=(
        "Open the page for {offer} with what people hope for: {outcome}.",
        "State the price above the fold as the brief gives it, {price}, and what it covers.",
        "Offer these times in the online calendar: {hours}.",
        "Confirm each enquiry at once and name the time of the answer, since today this holds: {response}.",
        "Place {proof} next to the booking button, with its source.",
        "Ask for no more than name, number and preferred time in the booking form of {client}.",
        "Show who works at {client}, with names and faces.",
        "Let people book {offer} from a phone in no more than three steps.",
    ),
)
_EMAIL = Channel(
    name="Email and text reminders",
    kind="OWNED",
    names=("email", "sms", "text", "whatsapp", "newsletter"),
    weight=12,
    posts_per_week=1,
    role="Bring people who asked {client} once back to a booked time, and visitors back when they are due.",
    tactics=(
        (
            "Write to everybody who asked about {offer} and did not book: a short "
            "answer on day one, a question on day four."
        ),
        "Remind by text on the day before the visit, with a link to move it.",
        "Tell past visitors about {second_offer} when their own interval is due.",
        "Answer {pain2} in the second message, before it is asked.",
        "Write only to people who agreed to it, and let {client} keep the proof of that.",
    ),
)
_PARTNERS = Channel(
    name="Neighbourhood partnerships",
    kind="ORGANIC",
    names=("partners", "partnerships", "events", "sponsoring", "flyers", "referrals"),
    weight=8,
    posts_per_week=0,
    role="Borrow the trust that employers, schools and clubs{where} already have with {audience}.",
    tactics=(
        "Offer three employers or clubs{where} an information hour about {offer}, held by staff of {client}.",
        "Give each partner a card and link of its own, so that {metric} can be counted back.",
        "Thank people who send somebody, within the rules of the trade.",
        "Begin with partners who meet {second_audience} every week.",
    ),
)

LOCAL_SERVICE = Preset(
    key="local_service",
    words=(
        "clinic",
        "dental",
        "dentist",
        "salon",
        "plumb",
        "restaurant",
        "gym",
        "physio",
        "garage",
        "repair",
        "hairdress",
        "barber",
        "cafe",
        "hotel",
        "veterinar",
        "cleaning",
        "electrician",
        "practice",
        "studio",
        "healthcare",
        "spa",
        "bakery",
        "roof",
        "landscap",
        "optician",
        "pharmacy",
        "local service",
        "childcare",
        "driving school",
    ),
    model=(
        "{client} earns by booked visits{where}, first of all for {offer}; "
        "each empty slot is income that does not come back."
    ),
    conversion_unknown=(
        "How many of the {metric} become paid visits at {client} is not in the brief; the "
        "booking calendar of the last three months will show it in week 1."
    ),
    maturity=(
        "The category is mature: people know of {offer} and compare {client} with {competitors}.",
        (
            "The category is mature{where}: people know what {offer} is for and choose by nearness, price and trust. "
            "Whom they compare {client} with is not in the brief; ten new visitors will be asked."
        ),
    ),
    white_space=(
        (
            "Two things people say at once stay unanswered: {pain} and {pain2}. {client} "
            "can answer both before the first visit, in public."
        ),
        "One worry stays unanswered: {pain}. {client} can answer it before the first visit, in public.",
        (
            "Which worry others leave unanswered is not known: the brief names none. Reading the lowest-rated "
            "reviews of the trade{where} in week 1 will give {client} a first list."
        ),
    ),
    never=(
        "No stock photographs: people near {client} recognise a room that is not theirs.",
        "No discount on {offer} to fill a weak week; it teaches people to wait.",
        "No advertising in hours in which nobody at {client} answers.",
    ),
    awareness=(
        "Problem-aware: {audience} know what bothers them ({pain}) and put the first step off.",
        "Solution-aware, as far as the brief tells: {audience} know of {offer} and look for a place they trust.",
    ),
    objections=("What will it cost in the end?", "Will it hurt, or be unpleasant?", "Is there a time that suits me?"),
    trust=(
        "People trust neighbours first: {proof} and {proof2} stand on every page where somebody decides.",
        "People trust neighbours first: {proof} stands on every page where somebody decides.",
        (
            "The brief holds no proof yet. Until {client} has collected twenty reviews, "
            "trust comes from faces, prices and times shown openly."
        ),
    ),
    sacrifice=(
        "{client} gives up being present everywhere, so that each enquiry about "
        "{offer} meets a person, a price and a time."
    ),
    tension=(
        "The longer the step is put off, the heavier it gets; and what is wished for is simple: {outcome}.",
        "The longer the step is put off, the heavier it gets, and nobody nearby says plainly how it goes.",
    ),
    enemy=(
        "The enemy is the open question. People stay at home because of {pain}, not because they do not want {offer}.",
        "The enemy is the open question about {offer}: what it costs, how long it takes, who does it.",
    ),
    repetition=(
        "One worry a month: it is answered first on the website of {client}, then in posts, ads "
        "and reminders in the same words, until the desk hears it less."
    ),
    tone=("warm", "plain", "unhurried"),
    leading=(
        "Calls and route requests from the business profile of {client}",
        "Share of enquiries about {offer} answered on the same day",
        "Visits to the page for {offer} and the share that opens the calendar",
        "New reviews a week that mention a reason",
    ),
    lagging=(
        "{metric} a month, by source",
        "Share of {metric} that turn up",
        "Income from {offer} in the months of the plan",
    ),
    kpis=(
        KpiIdea("Views of the business profile", "AWARENESS", "per month", "read in the profile's own report"),
        KpiIdea("Reply time to web enquiries", "ENGAGEMENT", "hours, median", "logged at the desk for every enquiry"),
        KpiIdea("Visitors of the booking page who book", "CONVERSION", "percent", "bookings divided by visitors"),
        KpiIdea("Booked people who turn up", "CONVERSION", "percent", "counted in the calendar"),
        KpiIdea("New public reviews", "RETENTION", "per month", "counted on the business profile"),
    ),
    channels=(_SEARCH_ADS, _META_ADS, _PROFILE, _SITE, _INSTAGRAM, _EMAIL, _PARTNERS),
)
