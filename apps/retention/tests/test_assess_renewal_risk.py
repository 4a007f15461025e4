"""Assessing how likely a client is to leave …"""

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import DatabaseError, transaction

from apps.identity.models import Client
from apps.retention import queries, rules, services
from apps.retention.api import ports
from apps.retention.models import HealthScore, Lifecycle, Signal
from apps.retention.tests.conftest import begin, named
from apps.retention.tests.factories import AT, in_danger, noted, run_at


def inputs(client: Client, **at: Any) -> dict[str, Decimal]:
    """Return what was measured of a client."""
    seen = queries.inputs_of(client, AT + timedelta(**at))
    return {name: value for name, value in seen.items() if value is not None}


def test_invents_nothing_where_nothing_was_measured(acme: Client) -> None:
    found = ports.assess_renewal_risk(client_id=acme.pk, at=AT)
    assert (found.score, found.level, found.measured_weight) == (None, "UNMEASURED", 0)
    assert {(each.value, each.risk, each.contribution) for each in found.factors} == {(None, None, 0)}


def test_counts_what_events_told_of_the_client_alone(acme: Client, globex: Client) -> None:
    in_danger(globex)
    noted(acme, "REVIEW_DECIDED", days_ago=20)
    noted(acme, "COMMENTED", days_ago=12)
    noted(acme, "QC_PASSED")
    noted(acme, "QC_FAILED", days_ago=89)
    noted(acme, "QC_FAILED", days_ago=91)
    for beyond in (0, 1, 2):
        noted(acme, "ROUND_PLANNED", value=beyond)
    acme.contract_end_date = AT.date() + timedelta(days=40)
    expected = {"DAYS_SINCE_ENGAGEMENT": 12, "QC_FAILS": 1, "ROUNDS_BEYOND_INCLUDED": 2, "DAYS_TO_CONTRACT_END": 40}
    assert inputs(acme) == expected


def test_forgets_what_was_taken_back(acme: Client) -> None:
    failed = noted(acme, "QC_FAILED")
    noted(acme, "QC_PASSED")
    noted(acme, "TAKEN_BACK", about_id=failed.about_id)
    assert inputs(acme) == {"QC_FAILS": 0}


def test_counts_each_invoice_that_is_overdue_until_it_is_settled(acme: Client) -> None:
    assert "OVERDUE_INVOICES" not in inputs(acme)
    noted(acme, "INVOICE_ISSUED", days_ago=400)
    assert inputs(acme) == {"OVERDUE_INVOICES": 0}
    late = noted(acme, "INVOICE_OVERDUE", days_ago=300)
    noted(acme, "INVOICE_OVERDUE", about_id=late.about_id)
    noted(acme, "INVOICE_OVERDUE")
    assert inputs(acme) == {"OVERDUE_INVOICES": 2}
    noted(acme, "INVOICE_SETTLED", about_id=late.about_id, days_ago=0)
    assert inputs(acme) == {"OVERDUE_INVOICES": 1}


def test_sees_the_newest_report_though_it_measured_no_target(acme: Client) -> None:
    noted(acme, "REPORT_PUBLISHED", days_ago=40, value=80)
    assert inputs(acme) == {"KPI_ATTAINMENT": 80}
    noted(acme, "REPORT_PUBLISHED", days_ago=2)
    assert inputs(acme) == {}


def test_sees_answers_of_the_last_year(acme: Client) -> None:
    noted(acme, "SURVEY_ANSWERED", days_ago=364, value=3)
    assert inputs(acme) == {"NPS": 3, "DAYS_SINCE_ENGAGEMENT": 364}
    assert inputs(acme, days=2) == {"DAYS_SINCE_ENGAGEMENT": 366}


def test_sees_nothing_that_came_later(acme: Client) -> None:
    in_danger(acme)
    assert inputs(acme, days=-71) == {}


def test_freezes_one_score_for_each_iso_week(acme: Client, published: list) -> None:
    first = ports.assess_renewal_risk(client_id=acme.pk, at=AT)
    in_danger(acme)
    sunday, monday = AT + timedelta(days=4), AT + timedelta(days=5)
    assert ports.assess_renewal_risk(client_id=acme.pk, at=sunday) == first
    second = ports.assess_renewal_risk(client_id=acme.pk, at=monday)
    assert [first.week_start_date, second.week_start_date] == [date(2026, 3, 9), date(2026, 3, 16)]
    assert second.level == "HIGH"
    assert len(named(published, "ClientAssessed")) == HealthScore.objects.count() == 2


def test_computes_the_same_number_from_what_was_frozen(acme: Client) -> None:
    in_danger(acme)
    row = services.assess_renewal_risk(acme.pk, at=AT)
    for _ in range(5):
        noted(acme, "QC_FAILED", days_ago=2)
    row.refresh_from_db()
    found = queries.recomputed(row)
    assert (found.score, found.level, found.measured_weight) == (row.score, row.level, row.measured_weight)
    assert row.score == Decimal("0.8462")
    assert queries.score_of(row).factors == found.factors


@pytest.mark.parametrize("change", [{"score": 0}, {"inputs": {}}])
def test_is_never_changed_afterwards(acme: Client, change: dict[str, Any]) -> None:
    row = services.assess_renewal_risk(acme.pk, at=AT)
    frozen = HealthScore.objects.filter(pk=row.pk)
    for deed in (lambda: frozen.update(**change), frozen.delete):
        with pytest.raises(DatabaseError, match="frozen"), transaction.atomic():
            deed()


def test_tells_once_of_each_rise_and_names_the_heaviest_factor_first(acme: Client, published: list) -> None:
    services.assess_renewal_risk(acme.pk, at=AT - timedelta(weeks=1))
    in_danger(acme)
    for week in range(3):
        services.assess_renewal_risk(acme.pk, at=AT + timedelta(weeks=week))
    (risen,) = named(published, "ChurnRiskDetected")
    assert (risen.level, risen.score, risen.client_id) == ("HIGH", Decimal("0.8462"), acme.pk)
    assert risen.factors[0] in ("OVERDUE_INVOICES", "DAYS_SINCE_ENGAGEMENT")
    assert set(risen.factors) == {"OVERDUE_INVOICES", "DAYS_SINCE_ENGAGEMENT", "NPS"}
    assert HealthScore.objects.filter(is_rise=True).count() == 1


def test_puts_the_client_at_risk_and_out_of_it_again(acme: Client) -> None:
    in_danger(acme)
    services.assess_renewal_risk(acme.pk, at=AT)
    assert Lifecycle.objects.get().stage == "AT_RISK"
    overdue = Signal.objects.filter(kind="INVOICE_OVERDUE").values_list("about_id", flat=True)
    for about_id in overdue:
        noted(acme, "INVOICE_SETTLED", about_id=about_id)
    noted(acme, "SURVEY_ANSWERED", days_ago=-6, value=10)
    row = services.assess_renewal_risk(acme.pk, at=AT + timedelta(weeks=1))
    assert (row.level, row.level_before, row.is_rise) == ("LOW", "HIGH", False)
    assert Lifecycle.objects.get().stage == "ACTIVE"


def test_is_done_for_everybody_who_is_with_us_and_has_no_score_this_week(acme: Client, globex: Client) -> None:
    in_danger(globex)
    Client.objects.create(name="Old", slug="old", status="ENDED")
    assert dict(services.assess_clients(run=run_at(AT))) == {"assessed": 2, "risen": 1}
    assert dict(services.assess_clients(run=run_at(AT))) == {"assessed": 0, "risen": 0}
    assert set(HealthScore.objects.values_list("client", flat=True)) == {acme.pk, globex.pk}


def test_is_done_for_the_others_when_one_breaks(acme: Client, globex: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    seen = queries.inputs_of

    def inputs_of(client: Client, at: datetime) -> dict[str, Decimal | None]:
        return seen(client, 1 / 0 if client == acme else at)

    monkeypatch.setattr(queries, "inputs_of", inputs_of)
    for _ in range(2):
        with pytest.raises(ExceptionGroup, match=f"1 broke: {acme.pk}: ZeroDivisionError"):
            services.assess_clients(run=run_at(AT))
    assert HealthScore.objects.get().client == globex
    assert Lifecycle.objects.filter(client=acme).exists(), "its contract's end is told of all the same"
    monkeypatch.undo()
    assert services.assess_clients(run=run_at(AT)).assessed == 1


def test_leaves_out_who_has_left(acme: Client) -> None:
    services.open_lifecycle(acme.pk)
    Lifecycle.objects.update(stage="CHURNED")
    assert services.assess_clients(run=run_at(AT)).assessed == 0


def test_costs_few_queries(acme: Client, asks_at_most: Any) -> None:
    in_danger(acme)
    services.open_lifecycle(acme.pk)
    with asks_at_most(40):
        services.assess_renewal_risk(acme.pk, at=AT)
    assert HealthScore.objects.get().formula_version == rules.NEWEST


@pytest.mark.django_db(transaction=True)
def test_waits_for_who_presses_a_button_of_the_client(acme: Client) -> None:
    in_danger(acme)
    lifecycle, levels = services.open_lifecycle(acme.pk), []
    with transaction.atomic():
        Lifecycle.objects.select_for_update().get(pk=lifecycle.pk)  # as the button does
        assessing = begin(lambda: levels.append(services.assess_renewal_risk(acme.pk, at=AT).level))
        services.assess_renewal_risk(acme.pk, at=AT)
    assessing.join(30)
    assert (levels, HealthScore.objects.count(), Lifecycle.objects.get().stage) == (["HIGH"], 1, "AT_RISK")
