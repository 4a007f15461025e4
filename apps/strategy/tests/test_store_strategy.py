"""store_strategy, and generate_strategy on top of it."""

import threading

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.identity.tests.factories import ClientFactory
from apps.onboarding.api.dtos import Brief
from apps.onboarding.tests.factories import dental_brief, saas_brief
from apps.shared.events import AuditNote, Event
from apps.shared.workflow import StepRefused
from apps.strategy import services
from apps.strategy.api import ports
from apps.strategy.models import Strategy
from apps.strategy.rules import compose_strategy
from apps.strategy.tests.conftest import Store
from apps.strategy.tests.factories import run_context


def test_numbers_the_versions_of_a_brief_from_1(brief: Brief, store: Store) -> None:
    assert [store(brief).version for _ in range(3)] == [1, 2, 3]


def test_numbers_each_brief_for_itself(brief: Brief, store: Store) -> None:
    store(brief)
    assert store(dental_brief(client_id=brief.client_id)).version == 1


def test_starts_as_a_draft_of_the_run_that_made_it(brief: Brief, store: Store) -> None:
    run = run_context(brief)
    strategy = store(brief, run=run)
    assert (strategy.state, strategy.run_id, strategy.client_id) == ("DRAFT", run.id, brief.client_id)


@pytest.mark.parametrize("make", [dental_brief, saas_brief])
def test_returns_the_same_strategy_that_is_read_back_later(brief: Brief, make: type) -> None:
    brief = make(client_id=brief.client_id)
    run = run_context(brief)
    given = ports.generate_strategy(brief=brief, prepared=services.compose(brief=brief, run=run), run=run)
    read = ports.get_strategy(strategy_id=given.id)
    assert read == given
    assert str(read.channels[0].budget_share_pct) == str(given.channels[0].budget_share_pct)
    assert [str(kpi.target) for kpi in read.kpis] == [str(kpi.target) for kpi in given.kpis]


def test_stores_a_strategy_without_a_budget(brief: Brief, store: Store) -> None:
    strategy = store(brief.model_copy(update={"budget": None}))
    assert ports.get_strategy(strategy_id=strategy.pk).budget is None


def test_tells_that_it_was_generated(brief: Brief, store: Store, published: list[tuple[Event, AuditNote]]) -> None:
    strategy = store(brief)
    [(event, note)] = published
    assert (event.name, event.aggregate_id, event.brief_id, event.version) == (
        "StrategyGenerated",
        strategy.pk,
        brief.id,
        1,
    )
    assert note.after["state"] == "DRAFT"


def test_needs_the_same_number_of_queries_however_much_is_planned(brief: Brief) -> None:
    plan, counts = compose_strategy(brief), []
    for kpis in (plan.kpis[:1], plan.kpis):
        with CaptureQueriesContext(connection) as queries:
            services.store_strategy(brief, plan.model_copy(update={"kpis": kpis}), run=run_context(brief))
        counts.append(len(queries))
    assert counts[0] == counts[1]


@pytest.mark.django_db(transaction=True)
def test_gives_two_at_once_two_different_versions() -> None:
    brief = dental_brief(client_id=ClientFactory().pk)
    plan, barrier, versions = compose_strategy(brief), threading.Barrier(4), []

    def work() -> None:
        barrier.wait()
        try:
            versions.append(services.store_strategy(brief, plan, run=run_context(brief)).version)
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(versions) == [1, 2, 3, 4]
    assert Strategy.objects.filter(brief_id=brief.id).count() == 4


def test_is_a_step_that_can_be_taken_back() -> None:
    spec = ports.generate_strategy.spec
    assert (spec.queue, spec.prepare, spec.compensate) == ("thinking", services.compose, ports.withdraw_strategy)


@pytest.mark.parametrize("field", ["objectives", "audiences"])
def test_is_refused_at_once_for_a_brief_no_strategy_can_be_made_of(brief: Brief, field: str) -> None:
    impossible = brief.model_copy(update={field: ()})
    with pytest.raises(StepRefused, match=rf"brief\.{field} is empty"):
        services.compose(brief=impossible, run=run_context(brief))
