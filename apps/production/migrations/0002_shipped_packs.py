"""Ship the packs that can be ordered."""

from django.db import migrations

# Section: key, heading, words, bullets, headings, form, labels. Benchmarks stand here in full, because a migration
# must do the same thing next year, whatever the rules say by then.
PACKS = (
    (
        "quick_social_basic",
        "Quick social",
        "A month of social content: message, calendar, hashtags, goals and a week-by-week plan.",
        (
            ("overview", "Overview", (120, 260), (3, 8), (1, 3), "PROSE", ("Brand", "Industry", "Primary Goal")),
            ("messaging_framework", "Messaging framework", (100, 300), (3, 10), (1, 3), "PROSE", ()),
            (
                "detailed_30_day_calendar",
                "Detailed 30-day calendar",
                (200, 1200),
                (0, 35),
                (1, 5),
                "TABLE",
                ("Day", "Platform"),
            ),
            ("content_buckets", "Content buckets", (100, 280), (4, 10), (3, 5), "LIST", ("Bucket",)),
            (
                "hashtag_strategy",
                "Hashtag strategy",
                (100, 300),
                (5, 35),
                (3, 5),
                "LIST",
                ("Brand Hashtags", "Industry Hashtags", "Campaign Hashtags", "Usage Guidelines"),
            ),
            ("kpi_plan_light", "KPI plan", (180, 400), (10, 20), (3, 6), "LIST", ("Reach", "Engagement")),
            ("execution_roadmap", "Execution roadmap", (180, 400), (8, 20), (3, 6), "LIST", ("Week 1",)),
            ("final_summary", "Final summary", (100, 260), (0, 8), (0, 2), "PROSE", ()),
        ),
    ),
    (
        "strategy_campaign_standard",
        "Strategy campaign, standard",
        "A whole campaign: idea, audiences, channels, creative work, calendar, budget, roadmap and review.",
        (
            ("overview", "Overview", (120, 280), (3, 8), (1, 3), "PROSE", ("Brand", "Industry", "Primary Goal")),
            (
                "campaign_objective",
                "Campaign objective",
                (180, 380),
                (3, 10),
                (2, 6),
                "LIST",
                ("Primary Objective", "Secondary Objectives", "Time Horizon"),
            ),
            (
                "core_campaign_idea",
                "Core campaign idea",
                (250, 700),
                (3, 14),
                (2, 6),
                "PROSE",
                ("Big Idea", "Creative Territory", "Why It Works"),
            ),
            (
                "messaging_framework",
                "Messaging framework",
                (200, 550),
                (4, 15),
                (2, 6),
                "PROSE",
                ("Core Message", "Key Themes"),
            ),
            (
                "channel_plan",
                "Channel plan",
                (350, 900),
                (6, 24),
                (3, 10),
                "PROSE",
                ("Priority Channels", "Role of Each Channel", "Key Tactics", "Budget Focus"),
            ),
            (
                "audience_segments",
                "Audience segments",
                (180, 500),
                (4, 15),
                (2, 6),
                "PROSE",
                ("Primary Audience", "Secondary Audience"),
            ),
            (
                "persona_cards",
                "Persona cards",
                (300, 900),
                (6, 24),
                (3, 10),
                "PROSE",
                ("Primary Persona", "Secondary Persona", "Pain Points", "Motivations"),
            ),
            (
                "creative_direction",
                "Creative direction",
                (260, 700),
                (6, 20),
                (3, 8),
                "PROSE",
                ("Visual Style", "Tone of Voice"),
            ),
            (
                "influencer_strategy",
                "Influencer strategy",
                (240, 700),
                (6, 20),
                (3, 8),
                "PROSE",
                ("Influencer Tiers", "Activation Strategy"),
            ),
            (
                "promotions_and_offers",
                "Promotions and offers",
                (240, 700),
                (6, 20),
                (2, 8),
                "PROSE",
                ("Promotional Strategy", "Offer Types"),
            ),
            (
                "detailed_30_day_calendar",
                "Detailed 30-day calendar",
                (350, 1200),
                (8, 30),
                (3, 12),
                "TABLE",
                ("Phase 1", "Phase 2", "Phase 3"),
            ),
            (
                "email_and_crm_flows",
                "Email and CRM flows",
                (280, 900),
                (8, 30),
                (4, 10),
                "TABLE",
                ("Welcome Series", "Nurture Flows"),
            ),
            ("ad_concepts", "Ad concepts", (280, 800), (8, 25), (3, 9), "PROSE", ("Ad Concepts", "Messaging")),
            (
                "kpi_and_budget_plan",
                "KPI and budget plan",
                (200, 500),
                (4, 14),
                (2, 6),
                "LIST",
                ("Budget Split by Channel", "Testing vs Always-On", "Guardrails"),
            ),
            (
                "execution_roadmap",
                "Execution roadmap",
                (260, 800),
                (8, 30),
                (3, 9),
                "TABLE",
                ("Phase 1", "Phase 2", "Key Milestones"),
            ),
            (
                "post_campaign_analysis",
                "Post-campaign analysis",
                (240, 700),
                (6, 20),
                (3, 8),
                "PROSE",
                ("Results", "Learnings"),
            ),
            ("final_summary", "Final summary", (180, 400), (3, 10), (1, 4), "PROSE", ("Key Takeaways",)),
        ),
    ),
)


def ship_packs(apps, schema_editor):
    pack_model, section_model = apps.get_model("production", "Pack"), apps.get_model("production", "PackSection")
    for key, title, description, sections in PACKS:
        pack = pack_model.objects.create(key=key, title=title, description=description)
        section_model.objects.bulk_create(
            section_model(
                pack=pack,
                key=section,
                position=position,
                heading=heading,
                renderer=section,
                prompt=f"production/prompts/{section}.txt",
                prompt_version="1",
                benchmark=_benchmark(section, words, bullets, headings, form, labels),
            )
            for position, (section, heading, words, bullets, headings, form, labels) in enumerate(sections)
        )


def _benchmark(section, words, bullets, headings, form, labels):
    return {
        "min_words": words[0],
        "max_words": words[1],
        "min_bullets": bullets[0],
        "max_bullets": bullets[1],
        "min_headings": headings[0],
        "max_headings": headings[1],
        "form": form,
        "labels": list(labels),
        "max_repeated_line_ratio": "0.35" if form == "TABLE" else "0.25",
        "max_average_sentence_words": 28 if section in ("overview", "final_summary") else 26,
    }


def remove_packs(apps, schema_editor):
    apps.get_model("production", "Pack").objects.filter(key__in=[key for key, *_ in PACKS]).delete()


class Migration(migrations.Migration):
    dependencies = [("production", "0001_packs_drafts_bundles")]

    operations = [migrations.RunPython(ship_packs, remove_packs)]
