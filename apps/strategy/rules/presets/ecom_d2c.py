"""Goods sold to people directly, over a shop of one's own."""

from apps.strategy.rules.presets.preset import Channel, KpiIdea, Preset

_META = Channel(
    name="Facebook and Instagram ads",
    kind="PAID",
    names=("meta", "metaads", "facebook", "instagram", "paidsocial", "socialads", "socialmedia"),
    weight=26,
    posts_per_week=0,
    role="Bring {audience} to the product page of {offer} for the first time, at a cost the basket can carry.",
    tactics=(
        "Film {offer} in use at a kitchen table or on a walk, in daylight, with the sound of the place.",
        "Open one version with {pain} and one with {outcome}, and keep what sells, not what is liked.",
        "Show the full price in the picture: {price}.",
        "Leave out everybody who bought from {client} in the last sixty days.",
        "Set the cost ceiling by the margin of {client}, once it is known, and pause what goes above it for a week.",
    ),
)
_SHOPPING = Channel(
    name="Shopping ads",
    kind="PAID",
    names=("googleshopping", "googleads", "google", "shoppingads", "shopping", "ppc"),
    weight=20,
    posts_per_week=0,
    role="Stand in the row of pictures when somebody searches for the thing {client} makes.",
    tactics=(
        "Name {offer} in the feed the way people search for it, material and size first.",
        "Split the feed by margin, so that clicks on a thin product do not eat the budget of a good one.",
        "Give {second_offer} a listing of its own.",
        "Add the ratings the shop of {client} has earned, with their number.",
        "Check price, stock and delivery time in the feed every morning.",
    ),
)
_EMAIL = Channel(
    name="Email to customers and subscribers",
    kind="OWNED",
    names=("email", "newsletter", "sms"),
    weight=16,
    posts_per_week=2,
    role="Win the second order, which pays for the first one's advertising.",
    tactics=(
        "Write a welcome in three parts: how {offer} came about, how to use it, what others ask.",
        (
            "Remind people of an abandoned basket twice, the second time with an answer to {objection}.",
            "Remind people of an abandoned basket twice, then leave them alone.",
        ),
        "Send the note on reordering when the last order of {offer} should be used up.",
        "Begin with this list: {contacts}.",
        "Ask for a review ten days after delivery and thank for a critical one by hand.",
    ),
)
_CREATORS = Channel(
    name="Creator samples",
    kind="ORGANIC",
    names=("influencer", "influencers", "creators", "creator", "ugc"),
    weight=12,
    posts_per_week=1,
    role="Let people whom {audience} already follow try {offer} and say what they think, marked as advertising.",
    tactics=(
        "Send twenty samples to small accounts in the field, without a script, and ask for honest pictures.",
        "License what turned out well for the ads of {client}, in writing.",
        "Give each creator a code, so that orders can be counted back.",
        "Ask three of them to take up {pain} in their own words.",
    ),
)
_TIKTOK = Channel(
    name="TikTok",
    kind="ORGANIC",
    names=("tiktok", "shortvideo", "socialmedia"),
    weight=8,
    posts_per_week=3,
    role="Find out in public, at little cost, which view of {offer} makes people stop.",
    tactics=(
        "Post three short clips a week from the making and packing at {client}, each with one idea.",
        (
            "Answer comments with a clip when the question is about {pain}.",
            "Answer the most frequent comment of the week with a clip.",
        ),
        "Hand openings that hold half the viewers for five seconds to the ads.",
    ),
)
_PINTEREST = Channel(
    name="Pinterest",
    kind="ORGANIC",
    names=("pinterest", "socialmedia"),
    weight=7,
    posts_per_week=4,
    role="Be saved while {audience} plan, and found again when they buy.",
    tactics=(
        "Make boards by occasion and fill them with pictures that show {offer} in its place.",
        "Link each pin to the product page, never to the front page of {client}.",
        "Prepare seasonal boards ten weeks before the season.",
    ),
)
_SHOP = Channel(
    name="Shop and product pages",
    kind="OWNED",
    names=("website", "shop", "landingpage", "onlineshop", "seo", "organicsearch"),
    weight=11,
    posts_per_week=1,
    role="Let a visitor decide about {offer} without leaving the page to look something up.",
    tactics=(
        "Answer {pain} directly below the price.",
        "Put size, material, delivery time and returns on the first screen of a phone.",
        "Show {proof} beside the basket button.",
        "Write a page for each question people type into search about {offer}.",
        "Measure loading on an old phone each month and remove what slows {site}.",
        "Offer the payment methods that are usual{where} before any other change to the checkout of {client}.",
    ),
)

ECOM_D2C = Preset(
    key="ecom_d2c",
    words=(
        "e-commerce",
        "ecommerce",
        "d2c",
        "dtc",
        "direct-to-consumer",
        "shop",
        "store",
        "retail",
        "fashion",
        "skincare",
        "cosmetic",
        "apparel",
        "jewel",
        "furniture",
        "food brand",
        "subscription box",
        "consumer goods",
        "shopify",
    ),
    model=(
        "{client} makes money on the basket, and more on the second one: {offer} has to pay for "
        "goods, delivery and the advertising that brought the order."
    ),
    conversion_unknown=(
        "Margin, returns and the share of second orders are not in the brief; {client} "
        "will export the last twelve months of orders in week 1."
    ),
    maturity=(
        "A crowded shelf: people who look for {offer} also see {competitors} on the same screen.",
        (
            "A crowded shelf{where}, most likely; the brief names nobody people buy from "
            "instead of {client}. A question after the checkout will tell."
        ),
    ),
    white_space=(
        "Product pages praise. Hardly one takes up {pain}; the page of {client} does, with pictures.",
        (
            "Where other shops leave people alone is open: the brief lists no pain point. Returns and "
            "one-star reviews in the category will give {client} the first five."
        ),
    ),
    never=(
        "No standing discount: it becomes the price people know of {offer}.",
        "No countdown or stock message that is not true at that moment.",
        "No picture of {offer} that the parcel does not keep.",
    ),
    awareness=(
        "Solution-aware: {audience} know such products and stumble over {pain}.",
        "Solution-aware by the look of the category; what {audience} doubt is asked after checkout at {client}.",
    ),
    objections=(
        "Will it look and feel as in the picture?",
        "What if I have to send it back?",
        "Is it worth the price?",
    ),
    trust=(
        (
            "Strangers with the same need are believed before a brand: {proof} "
            "stands beside the basket, with its source."
        ),
        (
            "Strangers with the same need are believed before a brand, and the brief has no rating or count of "
            "{client} to show; asking every buyer ten days after delivery begins in week 1."
        ),
    ),
    sacrifice=(
        "{client} lets go of a broad range in its advertising: {offer} gets the pictures, the "
        "budget and the first screen, everything else has to be found."
    ),
    tension=(
        "People have bought the wrong thing before and have not forgotten it; what they want is {outcome}.",
        (
            "People have bought the wrong thing before and have not forgotten it, so "
            "they look at {offer} twice and close the tab."
        ),
    ),
    enemy=(
        "The enemy is the disappointing parcel, everything that lies behind {pain}.",
        "The enemy is the disappointing parcel; {offer} has to answer for others that came before.",
    ),
    repetition=(
        "One use of {offer} per fortnight, shown in ads, clips, mail and on the product "
        "page of {client} with the same picture and the same line."
    ),
    tone=("lively", "honest", "close to the product"),
    leading=(
        "Share of visitors who put {offer} in the basket",
        "Cost per first order, by ad and week",
        "Subscribers {client} wins who have not bought yet",
    ),
    lagging=(
        "{metric}, as the shop records them",
        "Contribution per order after advertising",
        "Share of second orders in 60 days",
    ),
    kpis=(
        KpiIdea("New visitors of product pages", "AWARENESS", "per month", "read from web analytics"),
        KpiIdea("Visitors who fill a basket", "ENGAGEMENT", "percent", "read from the shop"),
        KpiIdea("Return on advertising spend", "CONVERSION", "times", "order value divided by spend, by channel"),
        KpiIdea("Average order value", "CONVERSION", "per order", "read from the shop"),
        KpiIdea("Second orders within 60 days", "RETENTION", "percent", "from the order history"),
    ),
    channels=(_META, _SHOPPING, _EMAIL, _CREATORS, _SHOP, _TIKTOK, _PINTEREST),
)
