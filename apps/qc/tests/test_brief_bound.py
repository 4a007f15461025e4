"""What the brief demands and forbids."""

from decimal import Decimal

import pytest

from apps.onboarding.api.dtos import BrandGuidelines, Budget
from apps.qc.tests.factories import OVERVIEW, findings, section
from apps.shared.dtos import Money

SEEDS = [
    ("BANNED_WORD", {"text": "A cheaper way to straight teeth."}, {"text": "Cheapside is a street near the clinic."}),
    (
        "FORBIDDEN_CLAIM",
        {"text": "We post before-and-after pictures of aligner cases."},
        {"text": "We show before/after photos only with written consent on file."},
    ),
    (
        "FORBIDDEN_CLAIM_NEAR",
        {"text": "Take photos the week before, and again a week after."},
        {"text": "Photos of the team. Before opening we call; after closing we write."},
    ),
    (
        "CLAIM_UNREADABLE",
        {"brief": {"forbidden_claims": ("no price promises",)}},
        {"brief": {"forbidden_claims": ("no earnings claims", "never promise a lower price", "")}},
    ),
    (
        "COMPETITOR_NAMED",
        {"text": "No waiting for SmileDirect parcels.", "key": "ad_concepts"},
        {"text": "SmileDirect sells by mail; we do not.", "key": "competitor_analysis"},
    ),
    (
        "DISCLAIMER_MISSING",
        {"sections": [section("Bright Harbour Dental: results vary.")]},
        {
            "sections": [
                section("Bright Harbour Dental: **Results vary.**\n\n- Treatment suitability is assessed by a dentist.")
            ]
        },
    ),
    ("EXCLUDED_CHANNEL", {"text": "Short videos for TikTok."}, {"text": "TikTok stays out, as the owner asked."}),
    (
        "EXCLUDED_CHANNEL_PLANNED",
        {"calendar": {3: {"platform": "TikTok"}}},
        {"calendar": {3: {"hook": "Why our owner has no account on that app"}}},
    ),
    (
        "CLIENT_RARELY_NAMED",
        {"sections": [section(OVERVIEW.replace("Bright Harbour Dental", "The clinic"))]},
        {"sections": [section(OVERVIEW)]},
    ),
    ("WRONG_CURRENCY", {"text": "Aligners start at $2,900."}, {"text": "Aligners start at 2,900 EUR."}),
    (
        "WRONG_LANGUAGE",
        {"text": "Wir sind für die da, die mit dem Preis nicht zu uns kommen, und auch für die Kinder. " * 4},
        {"text": "We are there for those who do not come because of the price, and for the children too. " * 4},
    ),
]


@pytest.mark.parametrize(("code", "broken"), [(code, broken) for code, broken, _ in SEEDS])
def test_a_broken_demand_is_found(code, broken):
    assert code in findings(**broken)


@pytest.mark.parametrize(("code", "near_miss"), [(code, near_miss) for code, _, near_miss in SEEDS])
def test_a_near_miss_is_left_alone(code, near_miss):
    assert code not in findings(**near_miss)


@pytest.mark.parametrize(
    ("banned", "text"),
    [
        ("cheap", "CHEAPEST offer"),
        ("guaranteed", "We guarantee it."),
        ("game-changer", "Two game changers."),
        ("easy", "It works easily."),
        ("große Ersparnis", "GROSSE Ersparnisse? Nein: Große Ersparnis!"),
        ("painless", "It is **pain**less."),
        ("naïve", "Nai\u0308ve plans"),
    ],
)
def test_a_banned_word_is_found_in_any_form(banned, text):
    assert "BANNED_WORD" in findings(text, brief={"banned_words": (banned,)})


@pytest.mark.parametrize(
    ("banned", "text"),
    [("limited", "The limits of the budget."), ("ease", "A disease of teams."), ("art", "Start the party.")],
)
def test_a_banned_word_is_not_found_inside_another(banned, text):
    assert "BANNED_WORD" not in findings(text, brief={"banned_words": (banned,)})


def test_a_banned_word_may_stand_in_the_clients_name_and_disclaimer():
    brief = {"banned_words": ("bright", "vary")}
    assert "BANNED_WORD" not in findings(brief=brief)


def test_a_banned_word_is_quoted_in_its_place():
    finding = findings("Ask us about a way to straight teeth that is cheap, calm and quick to book online.")[
        "BANNED_WORD"
    ]
    assert finding.section == "notes"
    assert finding.evidence == "…way to straight teeth that is ‹cheap›, calm and quick to book onlin…"
    assert (finding.severity, finding.status) == ("BLOCKER", "FAIL")


def test_a_banned_word_in_a_post_belongs_to_the_calendar():
    finding = findings(calendar={2: {"caption": "A cheap thing to say in a caption."}})["BANNED_WORD"]
    assert finding.section == "detailed_30_day_calendar"


@pytest.mark.parametrize(
    "text",
    [
        "We never post before/after photos without consent.",
        "Before/after photos are fine once consent is signed.",
        "### What we leave out\n\nNever in this plan:\n\n- before/after photos",
        "| Avoid | Why |\n|---|---|\n| before/after photos | consent |",
    ],
)
def test_a_forbidden_claim_may_be_ruled_out_or_conditioned(text):
    assert not {"FORBIDDEN_CLAIM", "FORBIDDEN_CLAIM_NEAR"} & set(findings(text))


def test_a_condition_that_is_not_met_does_not_help():
    assert "FORBIDDEN_CLAIM" in findings("We show before/after photos without asking for consent.")


@pytest.mark.parametrize(
    ("text", "is_found"),
    [
        ("Safer than SmileDirect.", True),
        ("SmileDirect sells by mail.", False),
        ("We plan better than last year.", False),
        ("Evening slots are easier to keep than in Salthill.", False),
    ],
)
def test_a_comparison_needs_a_comparing_word_and_a_named_competitor(text, is_found):
    assert ("FORBIDDEN_CLAIM" in findings(text)) is is_found


@pytest.mark.parametrize(
    ("claim", "text"),
    [
        ("no medical claims", "This cures gum disease."),
        ("Do not promise guaranteed results", "Results guaranteed in six weeks."),
        ('Never say "risk free"', "It is entirely risk-free."),
        ("Don't claim that we are the oldest clinic", "The oldest clinic in Galway."),
    ],
)
def test_a_forbidden_claim_in_other_wordings_is_found(claim, text):
    assert "FORBIDDEN_CLAIM" in findings(text, brief={"forbidden_claims": (claim,)})


@pytest.mark.parametrize(
    ("text", "is_found"),
    [
        ("Cold calls to firms.", True),
        ("Cold-calling on Mondays.", True),
        ("We do no cold calling.", False),
        ("A cold day: call us.", False),
        ("No more waiting? We do cold calls!", True),
        ("Mail is fine – cold calls stay out, as agreed.", False),
        ("No brochures, but cold calls.", True),
        ("E-mails instead of cold calls.", False),
        ("Don't miss our cold calls.", True),
    ],
)
def test_an_excluded_channel_is_found_inflected(text, is_found):
    assert ("EXCLUDED_CHANNEL" in findings(text, brief={"channels_excluded": ("no cold calling",)})) is is_found


@pytest.mark.parametrize(
    ("channel", "text", "is_found"),
    [
        ("door to door", "Open the door to let people see a door.", False),
        ("door to door", "Door-to-door in Salthill.", True),
        ("X", "Post on X at noon.", True),
        ("X", "A picture of 1080 x 1350.", False),
        ("Facebook and Instagram", "Reels on Instagram.", True),
    ],
)
def test_an_excluded_channel_is_found_under_its_name(channel, text, is_found):
    assert ("EXCLUDED_CHANNEL" in findings(text, brief={"channels_excluded": (channel,)})) is is_found


def test_more_hits_in_a_section_are_one_finding_with_their_quotes():
    finding = findings("Cheap one. Cheap two. Cheap three. Cheap four.")["BANNED_WORD"]
    assert finding.evidence.count("‹") == 3
    assert finding.evidence.endswith("(+1 more)")


@pytest.mark.parametrize("name", ["Nord*Stern | {Labs}", "“Nordstern”", "<b>Nordstern</b>", "Nordstern 🚀"])
def test_a_client_is_recognised_without_the_signs_in_its_name(name):
    printed = name.translate(str.maketrans({"*": "", "|": "/", "{": "(", "}": ")", "<": "‹", ">": "›"}))
    brief = {"client_name": name, "disclaimers": ()}
    assert "CLIENT_RARELY_NAMED" not in findings(sections=[section(f"{printed} is open.")], brief=brief)


def test_the_currency_of_the_clients_own_budget_may_stand():
    budget = Budget(amount=Money(amount=Decimal(9000), currency="USD"), cadence="TOTAL")
    assert "WRONG_CURRENCY" not in findings("The plan has $9,000, at most $3,000 a month.", brief={"budget": budget})


def test_the_english_of_the_offline_composer_is_one_warning():
    brand = BrandGuidelines(languages=("German",))
    text = "We are there for those who do not come because of the price, and for the children too. " * 4
    found = findings(sections=[section(text, "one"), section(text, "two")], brief={"brand": brand})["WRONG_LANGUAGE"]
    assert (found.status, found.section) == ("WARN", "")
