"""A report …"""

import threading
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from uuid_utils.compat import uuid7

from apps.identity.models import Client, User
from apps.observability.api import ports as observability
from apps.onboarding.tests.factories import dental_brief
from apps.reporting import queries, rules
from apps.reporting.api import ports
from apps.reporting.api.dtos import MetricPoint, Report
from apps.reporting.models import Report as Row
from apps.reporting.tests.factories import AT, MARCH, a_report, kpi, point, published
from apps.strategy.api import ports as strategy
from apps.strategy.api.dtos import Kpi, Strategy, StrategyPlan
from apps.strategy.tests.factories import run_context, strategy_for


def collect(client: Client, *points: MetricPoint) -> None:
    ports.collect_metrics(client_id=client.pk, points=points)


def generate(client: Client, start: date = MARCH[0], end: date = MARCH[1], at: datetime = AT) -> Report:
    return ports.generate_report(client_id=client.pk, start_date=start, end_date=end, at=at)


def values(report: Report) -> dict[str, Decimal | None]:
    return {each.name: each.value for each in report.findings.metrics}


def test_says_of_what_was_not_recorded_that_it_has_no_number(acme: Client) -> None:
    report = generate(acme)
    assert set(values(report).values()) == {None}
    assert all(each.sources == () for each in report.findings.metrics)
    assert (report.findings.insights, report.findings.kpis) == ((), ())
    assert (report.state, report.version, report.strategy_id) == ("DRAFT", 1, None)


def test_adds_up_the_rows_of_its_days_and_cites_them(acme: Client, globex: Client) -> None:
    """Two packages, after 3 and 4.5 days: 7.5 / 2 = 3.75; of three decisions, one approval."""
    one, two = f"packages:{uuid7()}", f"packages:{uuid7()}"
    days = [point("days_to_delivery", value, unit="days", source=source) for source, value in ((one, 3), (two, "4.5"))]
    decisions = ("drafts_approved", "changes_requested", "drafts_rejected")
    collect(acme, *(point("packages_delivered", source=source) for source in (one, two)), *days)
    collect(acme, *(point(name, source=f"reviews:{uuid7()}") for name in decisions))
    collect(globex, point("packages_delivered"))
    report = generate(acme)
    told = values(report)
    assert (told["packages_delivered"], told["days_to_delivery"]) == (2, Decimal("3.75"))
    assert [told[name] for name in decisions] == [1, 1, 1]
    assert [f"{each.kind}:{each.id}" for each in report.findings.metrics[0].sources] == [one, two]
    delivered, decided = report.findings.insights
    assert delivered.text == "Delivered in this period: 2. From brief to delivery: 3.75 days on average."
    assert {each.id for each in delivered.sources} == {each.partition(":")[2] for each in (one, two)}
    assert decided.text == "Decisions in reviews: 3, of them approvals: 1."
    assert len(decided.sources) == 3


def test_takes_the_days_as_the_client_s_clock_has_them(acme: Client) -> None:
    """In Auckland, 13 hours ahead in March 2026, the first of March begins at 11:00 UTC of the day before."""
    Client.objects.filter(pk=acme.pk).update(time_zone="Pacific/Auckland")
    begins, ends = datetime(2026, 2, 28, 11, tzinfo=UTC), datetime(2026, 3, 31, 11, tzinfo=UTC)
    moments = (begins - timedelta(seconds=1), begins, ends - timedelta(seconds=1), ends)
    collect(acme, *(point("packages_delivered", source=f"packages:{n}", at=at) for n, at in enumerate(moments)))
    assert [each.id for each in generate(acme).findings.metrics[0].sources] == ["1", "2"]


def test_leaves_out_what_was_taken_back_in_whichever_order_it_was_told(acme: Client) -> None:
    late, early, stands = (f"packages:{n}" for n in ("late", "early", "stands"))
    collect(acme, point(rules.TAKEN_BACK, source=early, day=20))
    collect(acme, *(point("packages_delivered", source=source) for source in (late, early, stands)))
    collect(acme, point(rules.TAKEN_BACK, source=late, at=AT))
    assert [each.id for each in generate(acme).findings.metrics[0].sources] == ["stands"]


# --- against the strategy ---------------------------------------------------------------------------------------------


def test_holds_numbers_against_the_targets_of_the_strategy_that_held_then(acme: Client, strategist: User) -> None:
    """40 in 90 days are 40 * 31 / 90 = 13.78 in March, of which 12 are 87.1 %; the other one nobody has measured."""
    held = approved(acme, strategist, datetime(2026, 2, 1, tzinfo=UTC), kpi(), kpi("Bookings", unit="bookings"))
    approved(acme, strategist, datetime(2026, 4, 1, 12, tzinfo=UTC), kpi(target=1))
    collect(acme, *(point("enquiries", value, unit="Enquiries", source=f"desk:{value}") for value in (5, 7)))
    collect(acme, point("Enquiries", 99, unit="percent"), point("Enquiries", 99, unit="enquiries", at=AT))
    report = generate(acme)
    assert report.strategy_id == held.id
    first, second = report.findings.kpis
    assert (first.value, first.target, first.days) == (12, 40, 90)
    assert (first.due, first.attainment_pct) == (Decimal("13.78"), Decimal("87.1"))
    assert [each.value for each in first.sources] == [5, 7]
    assert (second.name, second.value, second.attainment_pct, second.sources) == ("Bookings", None, None, ())
    assert [each.text for each in report.findings.insights] == [
        "Enquiries: 12. The target of 40 enquiries in 90 days comes to 13.78 in this period.",
        "Not measured in this period: Bookings.",
    ]
    (advised,) = report.findings.recommendations
    assert (advised.action, advised.metrics) == ("Measure Bookings", ("Bookings",))


def approved(client: Client, by: User, at: datetime, *kpis: Kpi) -> Strategy:
    brief = dental_brief(client_id=client.pk, id=uuid7())
    plan = dict(strategy_for(brief)) | {"kpis": kpis}
    prepared = StrategyPlan(**{name: plan[name] for name in StrategyPlan.model_fields})
    row = strategy.generate_strategy(brief=brief, prepared=prepared, run=run_context(brief))
    return strategy.approve_strategy(strategy_id=row.id, by=by.pk, at=at)


@pytest.mark.parametrize(
    ("unit", "target", "value", "reached"),
    [("enquiries", None, 30, None), ("enquiries", 0, 30, None), ("% of visits", 8, 4, 50)],
)
def test_reaches_a_part_of_a_target_only_where_there_is_one_and_adds_no_shares_up(
    unit: str, target: int | None, value: int, reached: int | None
) -> None:
    measured = [point("Enquiries", each, unit=unit, day=day) for day, each in ((9, 26), (20, 4))]
    (result,) = rules.findings_of(measured, [kpi(target=target, unit=unit)], days=31).kpis
    assert (result.value, result.attainment_pct) == (value, reached)


@pytest.mark.parametrize("unit", ["percent", "hours, median", "times", "per order", "%"])
def test_takes_the_newest_of_what_does_not_add_up(unit: str) -> None:
    """The strategies' own units: a month of 80 percent a day is 80 percent, and against all of the target."""
    measured = [point("Shown up", 80, unit=unit, source=f"files:desk/{day}", day=day) for day in (9, 10, 11)]
    (result,) = rules.findings_of(measured, [kpi("Shown up", 100, unit)], days=31).kpis
    assert (result.value, result.due, result.attainment_pct) == (80, 100, 80)


def test_takes_no_part_s_share_for_that_of_the_whole() -> None:
    parts = [point("CTR", value, unit="%", source=f"files:ads/{value}") for value in (5, 1)]
    (result,) = rules.findings_of(parts, [kpi("CTR", 4, "%")], days=31).kpis
    assert (result.value, result.attainment_pct, result.sources) == (None, None, ())


@pytest.mark.parametrize(("cost", "reached", "code"), [("50", "80", "above"), ("40", "100", None), ("20", "200", None)])
def test_reaches_a_limit_from_below(cost: str, reached: str, code: str | None) -> None:
    limit = kpi("Cost per enquiry, at most", 40, "EUR")
    measured = [point(limit.name, each, unit="EUR", day=day) for day, each in ((9, "99"), (20, cost))]
    findings = rules.findings_of(measured, [limit], days=31)
    assert (findings.kpis[0].value, findings.kpis[0].due) == (Decimal(cost), 40)
    assert findings.kpis[0].attainment_pct == Decimal(reached)
    assert findings.insights[0].text == f"Cost per enquiry, at most: {cost} EUR, where the limit is 40."
    assert [each.code for each in findings.recommendations] == ([code] if code else [])


def test_adds_many_rows_up_by_the_client_s_days_and_origin(acme: Client, strategist: User) -> None:
    """Three days of 41 campaigns and one pushed value: four rows of the report stand for 124, and come to the same."""
    Client.objects.filter(pk=acme.pk).update(time_zone="Pacific/Auckland")
    kpis = (kpi("Clicks", unit="clicks"), kpi("CTR", unit="%"), kpi("Calls", unit="calls"))
    approved(acme, strategist, datetime(2026, 2, 1, tzinfo=UTC), *kpis)
    begins = datetime(2026, 3, 9, 11, tzinfo=UTC)
    for day, n in ((day, n) for day in range(3) for n in range(41)):
        known = {"source": f"files:ads/{day}/{n}", "at": begins + timedelta(days=day)}
        collect(acme, point("clicks", n, unit="Clicks", **known), point("CTR", 2, unit="%", **known))
    collect(acme, point("clicks", 7, unit="Clicks", source="push:crm:1", at=begins), point("Calls", 3, unit="calls"))
    clicks, ctr, calls = generate(acme).findings.kpis
    assert [(f"{each.kind}:{each.id}", each.value) for each in clicks.sources] == [
        ("files_by_day:ads/2026-03-10", 820),
        ("push_by_day:2026-03-10", 7),
        ("files_by_day:ads/2026-03-11", 820),
        ("files_by_day:ads/2026-03-12", 820),
    ]
    assert (clicks.value, ctr.value, calls.value) == (2467, 2, 3)
    assert (len(ctr.sources), len(calls.sources)) == (2, 1)


# --- beside the time before -------------------------------------------------------------------------------------------


def test_sets_numbers_beside_those_of_the_month_before_and_says_what_changed_most(acme: Client) -> None:
    february, march = ([datetime(2026, month, day, 9, tzinfo=UTC) for day in (3, 4, 5, 6)] for month in (2, 3))
    collect(acme, *(point("packages_delivered", at=at) for at in (*february[:2], *march[:3])))
    collect(acme, *(point("reviews_sent", unit="reviews", at=at) for at in (*february, march[0])))
    collect(acme, point("drafts_approved", unit="drafts", at=march[0]))
    collect(acme, *(point("invoices_paid", unit="invoices", at=at) for at in (february[0], *march)))
    findings = generate(acme).findings
    compared = {each.name: (each.value, each.before, each.change_pct) for each in findings.metrics}
    assert compared["packages_delivered"] == (3, 2, 50)
    assert compared["reviews_sent"] == (1, 4, -75)
    assert compared["drafts_approved"] == (1, None, None)
    assert compared["drafts_rejected"] == (None, None, None)
    changes = [each for each in findings.insights if each.code == "change"]
    assert [each.text for each in changes] == [
        "packages delivered: 3, after 2 in the time before (50.0 %).",
        "reviews sent: 1, after 4 in the time before (-75.0 %).",
    ]
    assert [len(each.sources) for each in changes] == [3, 1]


def test_is_read_as_it_was_when_its_numbers_were_compared_with_nothing(acme: Client) -> None:
    report = a_report(acme, point("packages_delivered"))
    content = {name: each for name, each in report.content.items() if name != "recommendations"}
    for each in content["metrics"]:
        del each["before"], each["change_pct"]
    Row.objects.filter(pk=report.pk).update(content=content)
    findings = queries.get_report(report.pk).findings
    assert (findings.metrics[0].value, findings.metrics[0].before, findings.recommendations) == (1, None, ())
    assert queries.shown_content(Row.objects.get(), ("read",))["recommendations"] == []


# --- once -------------------------------------------------------------------------------------------------------------


def test_is_made_once_of_the_same_numbers(acme: Client) -> None:
    collect(acme, point("packages_delivered"))
    first = generate(acme)
    assert generate(acme, at=AT + timedelta(days=1)) == first
    assert Row.objects.count() == 1
    assert len(observability.list_entries(object_type="reporting.report", object_id=first.id)) == 1


def test_is_brought_up_to_date_while_it_is_a_draft(acme: Client) -> None:
    first = generate(acme)
    collect(acme, point("packages_delivered"))
    again = generate(acme)
    assert (again.id, again.version) == (first.id, 1)
    assert values(again)["packages_delivered"] == 1
    entries = observability.list_entries(object_type="reporting.report", object_id=first.id)
    assert sorted(entry.facts["version"] for entry in entries) == [1, 1]


def test_stays_as_it_was_published_when_numbers_come_late(acme: Client) -> None:
    collect(acme, point("packages_delivered", source="packages:1"))
    before = ports.get_report(report_id=published(Row.objects.get(pk=generate(acme).id)).pk)
    assert generate(acme) == before
    collect(acme, point("packages_delivered", source="packages:2"), point(rules.TAKEN_BACK, source="packages:1"))
    collect(acme, point("packages_delivered", source="packages:3"))
    later = generate(acme)
    assert (later.version, later.state, values(later)["packages_delivered"]) == (2, "DRAFT", 2)
    assert ports.get_report(report_id=before.id) == before
    assert values(before)["packages_delivered"] == 1


@pytest.mark.parametrize(
    ("start", "end", "field"),
    [
        (date(2026, 3, 31), date(2026, 3, 1), "end_date"),
        (date(2026, 4, 1), date(2026, 4, 2), "end_date"),
        (date(2025, 1, 1), date(2026, 3, 31), "start_date"),
        (date(1, 1, 1), date(1, 1, 31), "start_date"),
    ],
)
def test_is_refused_of_days_that_are_none_not_over_or_too_many(
    acme: Client, start: date, end: date, field: str
) -> None:
    with pytest.raises(rules.ReportRefused) as refusal:
        generate(acme, start, end)
    assert refusal.value.field == field
    assert generate(acme, date(2026, 4, 1), date(2026, 4, 1)).version == 1
    assert generate(acme, date(2025, 4, 1), date(2026, 3, 31)).version == 1


@pytest.mark.django_db(transaction=True)
def test_is_made_once_when_four_ask_at_the_same_moment(acme: Client) -> None:
    barrier, ids = threading.Barrier(4), []

    def race() -> None:
        barrier.wait()
        ids.append(generate(acme).id)
        connection.close()

    threads = [threading.Thread(target=race) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert ids == [Row.objects.get().pk] * 4
