"""Is the text finished, is it anybody's, is it clean?"""

import pytest

from apps.qc.rules.phrases import CLICHES
from apps.qc.tests.factories import OVERVIEW, findings, section

FILLER = "We write and answer, and then we look at what came of it together with everybody who took part. " * 6
OTHER = "Each Monday somebody reads what came in and writes down two things to keep doing."
SEEDS = [
    (
        "PLACEHOLDER",
        {"text": "Dear {{ first_name }}, welcome."},
        {"text": "Our price is your price: see [the list](https://brightharbour-dental.test)."},
    ),
    ("PLACEHOLDER_TAG", {"text": "Call <clinic phone> today."}, {"text": "Waiting time < 5 days and > 2 days."}),
    (
        "CLICHE",
        {"text": "Take it to the next level."},
        {"text": "A good level of care, and practice that is best for you."},
    ),
    ("GENERIC", {"text": FILLER}, {"text": FILLER + "Aligners for adults."}),
    (
        "DUPLICATE_SENTENCE",
        {"sections": [section(OVERVIEW, "a"), section(OTHER, "b"), section(OTHER, "c")]},
        {
            "sections": [
                section(OVERVIEW, "a"),
                section("Results vary. " * 2, "b"),
                section("Treatment suitability is assessed by a dentist. " * 2, "c"),
            ]
        },
    ),
    ("META_TEXT", {"text": "As an AI, I see teeth."}, {"text": "We use AI to sort messages, as patients asked."}),
    ("MACHINE_TELL", {"text": "A testament to patience."}, {"text": "A test of patience, and in the end a smile."}),
    ("BROKEN_TABLE", {"text": "| a | b |\n|---|---|\n| c |"}, {"text": "| a | b |\n|---|---|\n| c \\| d | e |"}),
    ("UNBALANCED", {"text": "Open (until eight."}, {"text": 'a) first, 6" wide, :) and (done)'}),
    ("HTML_MARKUP", {"text": "One<br>two"}, {"text": "Write `br` and 3 < 4."}),
    ("SCRIPT_MARKUP", {"text": "<script>alert(1)</script>"}, {"text": "A script for the phone, with an online form."}),
    (
        "DEAD_LINK",
        {"text": "See https://example.com/booking."},
        {"text": "See https://www.brightharbour-dental.test/ for example."},
    ),
    ("DOUBLED_WORD", {"text": "Book in the the evening."}, {"text": "We had had doubts about Bora Bora."}),
    ("SHOUTING", {"text": "Book now!!"}, {"text": "Book now! Or later?"}),
]


@pytest.mark.parametrize(("code", "broken"), [(code, broken) for code, broken, _ in SEEDS])
def test_a_fault_is_found(code, broken):
    assert code in findings(**broken)


@pytest.mark.parametrize(("code", "near_miss"), [(code, near_miss) for code, _, near_miss in SEEDS])
def test_a_near_miss_is_left_alone(code, near_miss):
    assert code not in findings(**near_miss)


@pytest.mark.parametrize(
    "text",
    ["[INSERT NAME]", "[Your city here]", "TODO: price", "TBD", "Lorem ipsum dolor", "Your brand here", "### Pillar 1",
     "leaders in your industry", "${price}", "[CLIENT NAME] opens", "<your name>"],
)  # fmt: skip
def test_holes_are_found(text):
    assert {"PLACEHOLDER", "PLACEHOLDER_TAG"} & set(findings(text))


@pytest.mark.parametrize(
    "text",
    ["Your smile, our evenings.", "### Pillar 1: evening hours", "Todo el mundo sonríe.",
     "Insert the aligner at night.", "A name we like: Bright Harbour.", "[Book](https://brightharbour-dental.test)"],
)  # fmt: skip
def test_plain_prose_is_no_hole(text):
    assert not {"PLACEHOLDER", "PLACEHOLDER_TAG"} & set(findings(text))


@pytest.mark.parametrize("phrase", CLICHES)
def test_each_worn_phrase_is_found(phrase):
    assert "CLICHE" in findings(f"So {phrase.upper()} it is.")


def test_forty_worn_phrases_are_known():
    assert len(set(CLICHES)) == 40


def test_the_clients_own_worn_phrase_is_left_alone():
    assert "CLICHE" not in findings("A one-stop shop.", brief={"proof": ("A one-stop shop since 2019",)})


@pytest.mark.parametrize("target", ["", "#", "http://localhost:8000/", "https://www.yourdomain.com/x"])
def test_a_link_target_that_leads_nowhere_is_found(target):
    assert "DEAD_LINK" in findings(f"[Book]({target})")


@pytest.mark.parametrize("markup", ["[x](javascript:alert)", '<img src="a" onerror="b">', "<iframe src='a'></iframe>"])
def test_active_markup_is_found(markup):
    found = findings(f"Words {markup} words")
    assert {"SCRIPT_MARKUP", "HTML_MARKUP"} & set(found)


@pytest.mark.parametrize(
    ("code", "text"),
    [("DEAD_LINK", "See https://example.com for times."), ("META_TEXT", "They call it the system prompt.")],
)
def test_what_the_client_wrote_itself_may_stand(code, text):
    assert code in findings(text)
    assert code not in findings(text, brief={"facts": (text,)})


def test_a_sentence_does_not_end_after_est():
    assert "UNBALANCED" not in findings("Ask the clinic (est. 1998) about it.")
