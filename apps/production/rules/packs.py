"""The packs we sell: their sections in order, each with what it must measure.

Widths are those our quality control works with; `SC` sections of the campaign pack are longer than their namesakes in
the quick pack. Tables may repeat themselves a little more, overviews and summaries may run in longer sentences.
"""

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from apps.production.api.dtos import Benchmark

Form = Literal["PROSE", "TABLE", "LIST"]
Range = tuple[int, int]


@dataclass(frozen=True, slots=True)
class SectionSpec:
    """One section of a pack: its key, its heading, its benchmark, who writes it and by which version of the prompt."""

    key: str
    heading: str
    benchmark: Benchmark
    renderer: str
    prompt_version: str = "1"


@dataclass(frozen=True, slots=True)
class PackSpec:
    """A pack: what a client buys, section by section."""

    key: str
    title: str
    description: str
    sections: tuple[SectionSpec, ...]


def _spec(
    heading: str, words: Range, bullets: Range, headings: Range, *labels: str, form: Form = "PROSE", key: str = ""
) -> SectionSpec:
    key = key or heading.lower().replace(" & ", " and ").replace("-", " ").replace(" ", "_")
    benchmark = Benchmark(
        min_words=words[0],
        max_words=words[1],
        min_bullets=bullets[0],
        max_bullets=bullets[1],
        min_headings=headings[0],
        max_headings=headings[1],
        form=form,
        labels=labels,
        max_repeated_line_ratio=Decimal("0.35") if form == "TABLE" else Decimal("0.25"),
        max_average_sentence_words=28 if key in ("overview", "final_summary") else 26,
    )
    return SectionSpec(key, heading, benchmark, renderer=key)


QUICK_SOCIAL_BASIC = PackSpec(
    key="quick_social_basic",
    title="Quick social",
    description="A month of social content: message, calendar, hashtags, goals and a week-by-week plan.",
    sections=(
        _spec("Overview", (120, 260), (3, 8), (1, 3), "Brand", "Industry", "Primary Goal"),
        _spec("Messaging framework", (100, 300), (3, 10), (1, 3)),
        _spec("Detailed 30-day calendar", (200, 1200), (0, 35), (1, 5), "Day", "Platform", form="TABLE"),
        _spec("Content buckets", (100, 280), (4, 10), (3, 5), "Bucket", form="LIST"),
        _spec(
            "Hashtag strategy", (100, 300), (5, 35), (3, 5),
            "Brand Hashtags", "Industry Hashtags", "Campaign Hashtags", "Usage Guidelines", form="LIST",
        ),
        _spec("KPI plan", (180, 400), (10, 20), (3, 6), "Reach", "Engagement", form="LIST", key="kpi_plan_light"),
        _spec("Execution roadmap", (180, 400), (8, 20), (3, 6), "Week 1", form="LIST"),
        _spec("Final summary", (100, 260), (0, 8), (0, 2)),
    ),
)  # fmt: skip

STRATEGY_CAMPAIGN_STANDARD = PackSpec(
    key="strategy_campaign_standard",
    title="Strategy campaign, standard",
    description="A whole campaign: idea, audiences, channels, creative work, calendar, budget, roadmap and review.",
    sections=(
        _spec("Overview", (120, 280), (3, 8), (1, 3), "Brand", "Industry", "Primary Goal"),
        _spec(
            "Campaign objective", (180, 380), (3, 10), (2, 6),
            "Primary Objective", "Secondary Objectives", "Time Horizon", form="LIST",
        ),
        _spec("Core campaign idea", (250, 700), (3, 14), (2, 6), "Big Idea", "Creative Territory", "Why It Works"),
        _spec("Messaging framework", (200, 550), (4, 15), (2, 6), "Core Message", "Key Themes"),
        _spec(
            "Channel plan", (350, 900), (6, 24), (3, 10),
            "Priority Channels", "Role of Each Channel", "Key Tactics", "Budget Focus",
        ),
        _spec("Audience segments", (180, 500), (4, 15), (2, 6), "Primary Audience", "Secondary Audience"),
        _spec(
            "Persona cards", (300, 900), (6, 24), (3, 10),
            "Primary Persona", "Secondary Persona", "Pain Points", "Motivations",
        ),
        _spec("Creative direction", (260, 700), (6, 20), (3, 8), "Visual Style", "Tone of Voice"),
        _spec("Influencer strategy", (240, 700), (6, 20), (3, 8), "Influencer Tiers", "Activation Strategy"),
        _spec("Promotions and offers", (240, 700), (6, 20), (2, 8), "Promotional Strategy", "Offer Types"),
        _spec(
            "Detailed 30-day calendar", (350, 1200), (8, 30), (3, 12), "Phase 1", "Phase 2", "Phase 3", form="TABLE",
        ),
        _spec("Email and CRM flows", (280, 900), (8, 30), (4, 10), "Welcome Series", "Nurture Flows", form="TABLE"),
        _spec("Ad concepts", (280, 800), (8, 25), (3, 9), "Ad Concepts", "Messaging"),
        _spec(
            "KPI and budget plan", (200, 500), (4, 14), (2, 6),
            "Budget Split by Channel", "Testing vs Always-On", "Guardrails", form="LIST",
        ),
        _spec(
            "Execution roadmap", (260, 800), (8, 30), (3, 9), "Phase 1", "Phase 2", "Key Milestones", form="TABLE",
        ),
        _spec("Post-campaign analysis", (240, 700), (6, 20), (3, 8), "Results", "Learnings"),
        _spec("Final summary", (180, 400), (3, 10), (1, 4), "Key Takeaways"),
    ),
)  # fmt: skip

PACKS = {pack.key: pack for pack in (QUICK_SOCIAL_BASIC, STRATEGY_CAMPAIGN_STANDARD)}
