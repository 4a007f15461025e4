import pytest
from django.db import IntegrityError, transaction
from uuid_utils.compat import uuid7

from apps.learning.api.dtos import Guidance, LessonInForce
from apps.onboarding.api.dtos import Brief
from apps.production import queries, services
from apps.production.api import ports
from apps.production.api.dtos import PackChoice
from apps.production.api.events import DraftReady
from apps.production.models import CalendarItem, Draft, DraftSection
from apps.production.tests.conftest import Store
from apps.shared.workflow import RunContext, StepRefused
from apps.strategy.api.dtos import Strategy

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(("pack", "count"), [("quick_social_basic", 8), ("strategy_campaign_standard", 17)])
def test_returns_what_it_stored(brief: Brief, strategy: Strategy, run: RunContext, pack: str, count: int) -> None:
    choice = PackChoice(pack=pack)
    prepared = services.compose_draft(brief=brief, strategy=strategy, pack=choice, run=run)
    draft = ports.generate_draft(brief=brief, strategy=strategy, pack=choice, prepared=prepared, run=run)
    assert queries.get_draft(draft.id) == draft
    assert (len(draft.sections), len(draft.calendar), draft.round) == (count, 30, 1)


def test_refuses_an_unknown_pack_and_names_the_known(brief: Brief, strategy: Strategy, run: RunContext) -> None:
    with pytest.raises(StepRefused, match=r"'gold'.*quick_social_basic, strategy_campaign_standard"):
        services.compose_draft(brief=brief, strategy=strategy, pack=PackChoice(pack="gold"), run=run)


def test_leaves_out_what_a_lesson_bans_and_remembers_which(brief: Brief, strategy: Strategy, run: RunContext) -> None:
    lesson = LessonInForce(id=uuid7(), version=2, claim="They objected.", words=("evening",))
    work = {"brief": brief, "strategy": strategy, "pack": PackChoice(pack="quick_social_basic"), "run": run}
    plain, guided = (services.compose_draft(**work, guidance=each) for each in (None, Guidance(lessons=(lesson,))))
    assert "evening" in plain.model_dump_json()
    assert "evening" not in guided.model_copy(update={"lessons": ()}).model_dump_json()
    draft = ports.generate_draft(**work, prepared=guided)
    assert queries.get_draft(draft.id).lessons == (lesson,)
    assert plain.lessons == ()


def test_marks_its_text_as_written_offline(store: Store) -> None:
    draft = store()
    assert draft.provider == "offline"
    assert {section.provider for section in draft.sections.all()} == {"offline"}


def test_tells_that_the_draft_is_ready(store: Store, run: RunContext, published: list) -> None:
    draft = store()
    (event, note) = published[-1]
    assert isinstance(event, DraftReady)
    assert (event.aggregate_id, event.run_id, event.client_id) == (draft.pk, run.id, draft.client_id)
    assert note.after == {"pack": "quick_social_basic", "round": 1, "state": "READY", "provider": "offline"}


def test_gives_a_second_draft_the_next_round_and_supersedes_the_first(store: Store) -> None:
    first, second = store(), store()
    first.refresh_from_db()
    assert (first.round, first.state) == (1, "SUPERSEDED")
    assert (second.round, second.state) == (2, "READY")


def test_counts_rounds_of_each_pack_on_its_own(store: Store) -> None:
    store()
    assert store(pack="strategy_campaign_standard").round == 1


def test_cannot_store_one_round_twice(store: Store) -> None:
    draft = store()
    copy = Draft(client_id=draft.client_id, brief_id=draft.brief_id, strategy_id=draft.strategy_id, pack=draft.pack)
    copy.round = draft.round
    with pytest.raises(IntegrityError, match="draft_"), transaction.atomic():
        copy.save()


def test_writes_children_in_one_statement_each(store: Store, django_assert_max_num_queries) -> None:
    with django_assert_max_num_queries(30) as captured:
        store()
    inserts = [query["sql"] for query in captured if query["sql"].startswith("INSERT")]
    for model in (DraftSection, CalendarItem):
        assert sum(model._meta.db_table in sql for sql in inserts) == 1


def test_draft_reads_in_three_queries(store: Store, django_assert_num_queries) -> None:
    draft = store()
    with django_assert_num_queries(3):
        ports.get_draft(draft_id=draft.pk)
