"""What a section still has to say when a brief is silent or bans so many words that the section falls short."""

from apps.production.api.dtos import Benchmark
from apps.production.rules.facts import Facts
from apps.production.rules.reading import fill
from apps.production.rules.writing import bullet, count_bullets, count_words

_RESERVES: dict[str, tuple[str, ...]] = {
    "overview": (
        "{client} signs off every text before it is published",
        "Questions about {offer} go to one named person, who answers in writing",
    ),
    "campaign_objective": (
        "Every request for {offer} is logged with its source and date, so that progress can be read at any time",
        "A request counts once, however often the same person writes to {client}",
        "Progress is shown in one chart that {client} can open without asking anybody",
        "Requests that do not fit {offer} are counted apart and passed on politely",
        "A month without movement leads to a new opening line first and to a new channel last",
    ),
    "core_campaign_idea": (
        "The idea needs no studio: {client} can show it with the people and rooms it already has",
        "It leaves room for several months, because every real question about {offer} becomes the next episode",
        "It is easy to tell apart from stock pictures and slogans, since nothing in it could come from another firm",
        "Should one scene fall flat, the next one replaces it; the thought behind {offer} stays",
        "It works in one line on a phone and in a whole evening on a stage",
        "New colleagues at {client} understand it at first hearing and can go on telling it",
    ),
    "messaging_framework": (
        "Each text makes one point about {offer} and ends with one request",
        "Claims about {offer} are used only with a source that a stranger can check",
        "Headlines name the situation of {primary}, body copy the answer of {client}",
    ),
    "channel_plan": (
        "Each channel has one person at {client} who answers within the agreed time",
        "A channel that brings no request in four weeks is paused and its share moved to the strongest one",
        "Landing page, profile texts and price details are brought in line before the first post",
    ),
    "audience_segments": (
        "Who asks and who pays may be two people; the first call with {client} finds out",
        "Segments are checked against real requests once a month",
        "People who have asked before are addressed apart from those who are new to {offer}",
        "Anyone outside these groups gets a friendly reply from {client}, but no paid reach",
        "Age, income and taste are left out unless {client} knows them from its own files",
        "A group too small to be seen in the figures is merged with the next one",
        "Every month {client} names one conversation that did not fit any group",
    ),
    "persona_cards": (
        "Both cards are read again after the first twenty real conversations",
        "What {client} hears on the phone replaces what is assumed here",
    ),
    "creative_direction": (
        "Type is large enough to be read on a phone in daylight, and contrast is checked before release",
        "One colour is kept for the request alone, so that it is found at a glance",
        "Captions are burned into every video, since most people watch without sound",
        "Names, places and dates in pictures of {client} are true, or they are left out",
        "Series keep the same frame and light, so that a feed can be recognised without the name",
        "Music stays off by default; where it is used, the licence is on file with {client}",
        "Screens, tools and hands are shown close up, crowds and skylines hardly ever",
        "Each picture has a second crop for tall screens from the beginning",
        "Drafts are looked at in grey first: what works without colour works with it",
    ),
    "influencer_strategy": (
        "Partners are chosen by the questions their audience asks, and less by its size",
        "Every paid mention of {client} is labelled as advertising, at the beginning and in plain sight",
        "Partners see {offer} for themselves before they speak about it",
    ),
    "promotions_and_offers": (
        "Every offer shows price, scope and end date in the same place",
        "An offer ends on the day it names; an extension would punish those who acted in time",
        "The team at {client} knows each offer before the public does",
    ),
    "email_and_crm_flows": (
        "Each message to {primary} has one subject and one link",
        "Whoever has bought {offer} receives help with it before anything else is offered",
        "Subject lines say what is inside, in fewer than fifty characters",
    ),
    "ad_concepts": (
        "Two openings per concept run side by side, and the weaker one is replaced after two weeks",
        "The page behind each ad repeats its headline, so that nobody wonders whether the click was right",
        "Ads pause while nobody at {client} can answer",
    ),
    "kpi_and_budget_plan": (
        "Figures are read on the same weekday each time, by the same person",
        "Spending on a channel rises only after two good weeks in a row",
        "Production costs are listed apart from media, so that {client} sees what each of them buys",
    ),
    "execution_roadmap": (
        "Open points are listed with a name and a date, and read out at the start of each call with {client}",
        "Nothing is published in the week in which its approval is still open",
    ),
    "post_campaign_analysis": (
        "Numbers come from the same sources as in the first report, so that both can be laid side by side",
        "{client} receives the raw figures as well, not only the conclusions",
    ),
    "final_summary": (
        "One decision is needed from {client} to begin: who approves texts, and within how many days",
        "The first two weeks show whether the questions of {primary} were understood",
    ),
}


def fill_up(text: str, key: str, benchmark: Benchmark, facts: Facts) -> str:
    """Return a section with as many further points as it needs to reach its fewest words and bullets."""
    lines = [text.strip()]
    for template in _RESERVES.get(key, ()):
        words, bullets = count_words("\n".join(lines)), count_bullets("\n".join(lines))
        point = bullet(fill(template, facts))
        is_enough = words >= benchmark.min_words and bullets >= benchmark.min_bullets
        if not is_enough and not facts.is_banned(point):
            lines.append(point)
    return ("\n" if _ends_in_list(text) else "\n\n").join((lines[0], "\n".join(lines[1:]))).strip()


def _ends_in_list(text: str) -> bool:
    return text.strip().rpartition("\n")[2].startswith("- ")
