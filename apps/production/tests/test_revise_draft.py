import pytest

from apps.identity.tests.factories import UserFactory
from apps.production import queries
from apps.production.api import ports
from apps.production.api.dtos import SectionChange
from apps.production.api.events import DraftRevised
from apps.production.models import Draft
from apps.production.tests.conftest import Store

pytestmark = pytest.mark.django_db

NEW = SectionChange(key="overview", markdown="### Anew\n\nAs the client asked.\n")


def test_changes_only_the_named_sections(store: Store) -> None:
    old = queries.get_draft(store().pk)
    new = ports.revise_draft(draft_id=old.id, changes=(NEW,), reason="client request")
    assert new.sections[0].markdown == NEW.markdown
    assert new.sections[0].provider == "person"
    assert [section.model_dump_json() for section in new.sections[1:]] == [
        section.model_dump_json() for section in old.sections[1:]
    ]
    assert new.calendar == old.calendar


def test_is_a_new_round_and_supersedes_the_old(store: Store) -> None:
    old = store()
    new = ports.revise_draft(draft_id=old.pk, changes=(NEW,), reason="client request")
    old.refresh_from_db()
    assert (new.round, old.state) == (2, Draft.State.SUPERSEDED)
    assert queries.get_draft(old.pk).sections[0].markdown != NEW.markdown


def test_tells_which_sections_changed_and_why(store: Store, published: list) -> None:
    by = UserFactory().pk
    new = ports.revise_draft(draft_id=store().pk, changes=(NEW,), reason="too long", by=by)
    event, note = published[-1]
    assert isinstance(event, DraftRevised)
    assert event.sections == ("overview",)
    assert (note.actor_id, note.reason) == (by, "too long")
    row = Draft.objects.get(pk=new.id)
    assert (row.author_id, row.reason) == (by, "too long")


def test_refuses_a_round_that_was_replaced(store: Store) -> None:
    old = store()
    ports.revise_draft(draft_id=old.pk, changes=(NEW,), reason="first")
    with pytest.raises(ValueError, match="Round 1 was replaced"):
        ports.revise_draft(draft_id=old.pk, changes=(NEW,), reason="second")


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ((), "none given"),
        ((NEW, NEW), "named twice"),
        ((SectionChange(key="persona_cards", markdown="x"),), "no section persona_cards"),
        ((SectionChange(key="detailed_30_day_calendar", markdown="x"),), "calendar: give it"),
        ((SectionChange(key="overview", markdown=" \n"),), "overview would be empty"),
    ],
)
def test_refuses_changes_that_cannot_be_made(store: Store, changes: tuple[SectionChange, ...], message: str) -> None:
    draft = store()
    with pytest.raises(ValueError, match=message):
        ports.revise_draft(draft_id=draft.pk, changes=changes, reason="")
    assert Draft.objects.count() == 1


def test_refuses_a_change_that_changes_nothing(store: Store) -> None:
    old = queries.get_draft(store().pk)
    same = SectionChange(key="overview", markdown=old.sections[0].markdown)
    with pytest.raises(ValueError, match="stands there already"):
        ports.revise_draft(draft_id=old.id, changes=(same,), reason="")


def test_takes_a_new_calendar_with_its_section(store: Store) -> None:
    old = queries.get_draft(store().pk)
    calendar = (old.calendar[0].model_copy(update={"hook": "Another opening"}), *old.calendar[1:])
    change = SectionChange(key="detailed_30_day_calendar", markdown="| Day |\n| --- |\n| 1 |\n")
    new = ports.revise_draft(draft_id=old.id, changes=(change,), calendar=calendar, reason="hook")
    assert new.calendar == calendar
