from dataclasses import replace

import pytest
from uuid_utils.compat import uuid7

from apps.production import services
from apps.production.api import ports
from apps.production.api.dtos import SectionChange
from apps.production.api.events import AssetGenerated, AssetWithdrawn, DraftReinstated, DraftWithdrawn
from apps.production.models import Bundle, BundleAsset, CalendarItem, Draft, DraftSection
from apps.production.tests.conftest import Store
from apps.shared.workflow import RunContext

pytestmark = pytest.mark.django_db


@pytest.fixture
def other_run(run: RunContext) -> RunContext:
    return replace(run, id=uuid7())


def test_removes_the_draft_with_all_its_parts(store: Store, run: RunContext) -> None:
    services.assemble_bundle(store())
    ports.withdraw_draft(run=run)
    for model in (Draft, DraftSection, CalendarItem, Bundle, BundleAsset):
        assert not model.objects.exists()


def test_keeps_what_other_runs_made(store: Store, run: RunContext, other_run: RunContext) -> None:
    kept = store(run=other_run, pack="strategy_campaign_standard")
    store()
    ports.withdraw_draft(run=run)
    assert [draft.pk for draft in Draft.objects.all()] == [kept.pk]
    assert kept.sections.count() == 17


def test_lets_the_round_before_hold_again(
    store: Store, run: RunContext, other_run: RunContext, published: list
) -> None:
    first = store(run=other_run)
    store()
    ports.withdraw_draft(run=run)
    first.refresh_from_db()
    assert first.state == "READY"
    assert isinstance(published[-1][0], DraftReinstated)


def test_takes_back_a_draft_and_its_revision_of_one_run(store: Store, run: RunContext) -> None:
    change = SectionChange(key="overview", markdown="### Anew\n\nShort.\n")
    services.revise_draft(store(), [change], reason="too long", run_id=run.id)
    ports.withdraw_draft(run=run)
    assert not Draft.objects.exists()


def test_keeps_the_state_of_earlier_rounds_when_a_later_one_holds(
    store: Store, run: RunContext, other_run: RunContext
) -> None:
    first = store(run=other_run)
    store()
    last = store(run=replace(run, id=uuid7()))
    ports.withdraw_draft(run=run)
    first.refresh_from_db()
    last.refresh_from_db()
    assert (first.state, last.state) == ("SUPERSEDED", "READY")


def test_notes_in_the_audit_what_was_removed(store: Store, run: RunContext, published: list) -> None:
    draft = store()
    ports.withdraw_draft(run=run)
    event, note = published[-1]
    assert isinstance(event, DraftWithdrawn)
    assert note.before["id"] == str(draft.pk)
    assert (len(note.before["sections"]), len(note.before["calendar"])) == (8, 30)


def test_tells_of_every_asset_that_went_with_it(store: Store, run: RunContext, published: list) -> None:
    services.assemble_bundle(store())
    made = [event.aggregate_id for event, _ in published if isinstance(event, AssetGenerated)]
    ports.withdraw_draft(run=run)
    gone = [event.aggregate_id for event, _ in published if isinstance(event, AssetWithdrawn)]
    assert made == gone != []


def test_does_nothing_the_second_time(store: Store, run: RunContext, published: list) -> None:
    store()
    ports.withdraw_draft(run=run)
    count = len(published)
    ports.withdraw_draft(run=run)
    assert len(published) == count
