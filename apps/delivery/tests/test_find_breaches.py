"""The output gate."""

from dataclasses import replace

import pytest
from uuid_utils.compat import uuid7

from apps.delivery.rules.contract import FileFacts, find_breaches, find_unfit, page_bounds
from apps.delivery.tests.factories import HEADINGS, job_for, passed_report

REPORT = job_for().document()
NUMBERED = tuple(f"{number} {heading}" for number, heading in enumerate(HEADINGS, start=1))
GOOD = {
    "strategy-report.pdf": FileFacts("strategy-report.pdf", 500_000, pages=22, headings=NUMBERED),
    "strategy-report.docx": FileFacts("strategy-report.docx", 50_000, words=4000, headings=NUMBERED),
    "strategy-deck.pptx": FileFacts("strategy-deck.pptx", 90_000, slides=20, shortest_note=60),
    "draft.md": FileFacts("draft.md", 30_000, text="See [our page](https://acme.test), priced {as agreed}."),
    "package.zip": FileFacts("package.zip", 200_000, entries=("draft.md", "verify.txt"), unpacked_size=700_000),
}


def breaches_with(name: str, **facts) -> list[str]:
    files = GOOD | {name: replace(GOOD[name], **facts)}
    return [f"{breach.file}: {breach.rule}" for breach in find_breaches(REPORT, files)]


def test_lets_a_good_package_pass():
    assert find_breaches(REPORT, GOOD) == []


@pytest.mark.parametrize(
    "name, facts, rule",
    [
        ("strategy-report.pdf", {"pages": 7}, "pages"),
        ("strategy-report.pdf", {"pages": 81}, "pages"),
        ("strategy-report.pdf", {"headings": NUMBERED[:-1]}, "sections"),
        ("strategy-report.pdf", {"size": 11 * 1024 * 1024}, "size"),
        ("strategy-report.docx", {"headings": NUMBERED[1:]}, "sections"),
        ("strategy-report.docx", {"words": 2549}, "words"),
        ("strategy-report.docx", {"size": 0}, "size"),
        ("strategy-deck.pptx", {"slides": 9}, "slides"),
        ("strategy-deck.pptx", {"slides": 31}, "slides"),
        ("strategy-deck.pptx", {"shortest_note": 49}, "speaker notes"),
        ("package.zip", {"entries": ("../draft.md",)}, "entry name"),
        ("package.zip", {"entries": ("/etc/passwd",)}, "entry name"),
        ("package.zip", {"unpacked_size": 101 * 1024 * 1024}, "unpacked size"),
    ],
)
def test_names_the_file_and_the_rule(name, facts, rule):
    assert f"{name}: {rule}" in breaches_with(name, **facts)


@pytest.mark.parametrize(
    "leftover",
    [
        "Dear {{client}},",
        "{% if x %}",
        "${name}",
        "{client_name}",
        "[Insert price here]",
        "[CLIENT NAME]",
        "TODO: write",
        "FIXME",
        "Lorem ipsum dolor",
        "placeholder text",
        "mail us at jane@example.com",
    ],
)
def test_finds_what_was_never_filled_in(leftover):
    assert breaches_with("draft.md", text=f"A sentence. {leftover} Another.") == ["draft.md: leftover"]


@pytest.mark.parametrize(
    "text",
    ["todo el mundo", "[date night ideas](https://a.test)", "a {set} of 3", "[1]", "stock photos as placeholders"],
)
def test_leaves_ordinary_words_alone(text):
    found = breaches_with("draft.md", text=text)
    assert found == ([] if text != "a {set} of 3" else ["draft.md: leftover"])


def test_refuses_a_file_that_no_package_holds():
    files = GOOD | {"../evil.exe": FileFacts("../evil.exe", 10)}
    assert {breach.rule for breach in find_breaches(REPORT, files)} == {"name"}


def test_allows_the_standard_pack_8_to_80_pages():
    assert page_bounds(17) == (8, 80)


def test_finds_a_draft_unfit_when_the_report_failed_it_or_is_of_another():
    job = job_for()
    assert find_unfit(job.draft, job.report) == []
    failed = passed_report(job.draft, verdict="FAIL", score=40)
    assert [breach.rule for breach in find_unfit(job.draft, failed)] == ["quality"]
    foreign = passed_report(job.draft, draft_id=uuid7())
    assert [breach.rule for breach in find_unfit(job.draft, foreign)] == ["checked"]
