"""A draft is revised as it was wished …"""

import pytest

from apps.onboarding.tests.factories import dental_brief
from apps.production.api.dtos import Draft, Wish
from apps.production.rules.wishes import CALENDAR_SECTION, Revision, revise
from apps.production.tests.factories import draft_for
from apps.strategy.tests.factories import strategy_for

OVERVIEW = "We help adults smile. We help them soon.\n"


@pytest.fixture
def base() -> Draft:
    """A draft whose overview is known word by word."""
    brief = dental_brief()
    draft = draft_for(brief, strategy_for(brief))
    return with_text(draft, "overview", OVERVIEW)


def with_text(draft: Draft, key: str, text: str) -> Draft:
    sections = (each.model_copy(update={"markdown": text}) if each.key == key else each for each in draft.sections)
    return draft.model_copy(update={"sections": tuple(sections)})


def wish(change: str, section: str = "overview", priority: str = "MUST") -> Wish:
    return Wish(section=section, change=change, priority=priority)


def text_of(revision: Revision, key: str = "overview") -> str:
    return next(each.markdown for each in revision.sections if each.key == key)


@pytest.mark.parametrize(
    ("change", "text"),
    [
        ('Replace "help" with "serve".', "We serve adults smile. We serve them soon.\n"),
        ("please change “smile” to “laugh”", "We help adults laugh. We help them soon.\n"),
        ('Say "at once" instead of "soon"', "We help adults smile. We help them at once.\n"),
        ('Remove "We help them soon."', "We help adults smile.\n"),
    ],
)
def test_to_the_letter_where_a_wish_names_its_words(base: Draft, change: str, text: str) -> None:
    revision = revise(base, base, [wish(change)])
    assert text_of(revision) == text
    assert (revision.changed, revision.open, revision.waits_for_writer) == (("overview",), (), False)


def test_and_everything_else_stays_byte_by_byte(base: Draft) -> None:
    revision = revise(base, base, [wish('Replace "soon" with "at once"')])
    others = [(old, new) for old, new in zip(base.sections, revision.sections, strict=True) if old.key != "overview"]
    assert all(old.model_dump_json() == new.model_dump_json() for old, new in others)
    assert revision.calendar == base.calendar


@pytest.mark.parametrize(
    "change", ["Make it warmer.", 'Replace "teeth" with "dentures"', f'Remove "{OVERVIEW.strip()}"']
)
def test_or_waits_for_a_writer(base: Draft, change: str) -> None:
    revision = revise(base, base, [wish(change)])
    assert (revision.changed, [each.change for each in revision.open]) == ((), [change])
    assert revision.waits_for_writer


def test_by_the_text_that_somebody_wrote_for_it(base: Draft) -> None:
    edited = with_text(base, "overview", "Warmly: we help adults smile soon.\n")
    revision = revise(base, edited, [wish("Make it warmer."), wish('Replace "soon" with "at once"')])
    assert text_of(revision) == "Warmly: we help adults smile at once.\n"
    assert not revision.waits_for_writer


def test_without_an_edit_that_nobody_wished_for(base: Draft) -> None:
    other = base.sections[1].key
    edited = with_text(base, other, "Something nobody asked for.\n")
    revision = revise(base, edited, [wish('Replace "soon" with "at once"')])
    assert text_of(revision, other) == base.sections[1].markdown


def test_and_a_wish_that_may_be_left_out_holds_nothing_up(base: Draft) -> None:
    revision = revise(base, base, [wish('Replace "soon" with "at once"'), wish("A joke?", priority="COULD")])
    assert [each.change for each in revision.open] == ["A joke?"]
    assert not revision.waits_for_writer


def test_in_the_posts_of_the_calendar_as_in_its_table(base: Draft) -> None:
    brief = dental_brief()
    draft = draft_for(brief, strategy_for(brief), "strategy_campaign_standard")
    theme = draft.calendar[0].theme
    revision = revise(draft, draft, [wish(f'Replace "{theme}" with "Another theme"', CALENDAR_SECTION)])
    assert revision.changed == (CALENDAR_SECTION,)
    assert "Another theme" in text_of(revision, CALENDAR_SECTION)
    assert revision.calendar[0].theme == "Another theme"
