"""The daily check of who may leave …"""

from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest
from django.utils import timezone

from apps.identity.models import Client
from apps.orchestration.models import OutboxEvent, WorkflowRun
from apps.orchestration.services import cycles
from apps.orchestration.tests.conftest import finish
from apps.retention.models import HealthScore, Lifecycle, Opportunity, Renewal
from apps.retention.services import renewals
from apps.retention.tests.factories import SignalFactory

pytestmark = pytest.mark.django_db(transaction=True)

NOON = datetime.combine(timezone.now().date(), time(12), UTC)


def check(at: datetime = NOON) -> WorkflowRun:
    return finish(cycles.start_renewal_check(at=at))


@pytest.fixture(autouse=True)
def _ends_soon(acme: Client, globex: Client) -> None:
    Client.objects.filter(pk=acme.pk).update(contract_end_date=NOON.date() + timedelta(days=50))


def test_freezes_scores_and_tells_of_contracts_that_end(acme: Client) -> None:
    run = check()
    assert run.state == "COMPLETED", run.error
    assert (HealthScore.objects.count(), Lifecycle.objects.count(), Renewal.objects.get().client) == (2, 2, acme)
    assert OutboxEvent.objects.filter(name="RenewalDue").count() == 1


def test_finds_what_clients_could_buy_more(globex: Client) -> None:
    for _ in range(3):
        SignalFactory(client=globex, kind="DELIVERED", at=NOON - timedelta(days=1))
    check()
    assert [(each.client, each.kind) for each in Opportunity.objects.all()] == [(globex, "RETAINER")]
    assert OutboxEvent.objects.filter(name="UpsellSuggested").count() == 1


def test_is_one_run_a_day_and_repeats_nothing() -> None:
    first = check()
    assert check(NOON + timedelta(hours=9)) == first
    assert check(NOON + timedelta(days=1)) != first
    assert HealthScore.objects.count() == 2
    assert OutboxEvent.objects.filter(name="RenewalDue").count() == 1


def test_freezes_scores_although_renewals_fail_and_names_whose(acme: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: Any, **__: Any) -> None:
        raise ValueError("no")

    monkeypatch.setattr(renewals, "check_renewal", refuse)
    run = check()
    assert HealthScore.objects.count() == 2
    assert f"1 broke: {acme.pk}: ValueError: no" in run.step_runs.get(name="check_renewals").error
    assert not Renewal.objects.exists()
