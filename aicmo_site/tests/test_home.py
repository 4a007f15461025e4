"""The desk's first page …"""

import re
from collections.abc import Callable
from datetime import UTC, timedelta
from itertools import pairwise
from typing import Any

import pytest
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from uuid_utils.compat import uuid7

from aicmo_site.tests.conftest import desk_of
from aicmo_site.tests.factories import a_publication, a_report, a_run, a_run_of, a_strategy, all_sorts_of_work
from apps.identity.models import Client, User
from apps.onboarding.tests.factories import IntakeFactory, bakery_intake
from apps.shared.desk import MOST_COUNTED, SHOWN, Bar, Chart, Part

HOME = reverse("admin:index")
MOST_QUERIES = 97
QUOTES = {"Quotes to send", "Quotes waiting for an answer", "Quotes declined or expired"}
WORKLISTS = {
    "Runs stuck while being taken back",
    "Runs that only a person can move",
    "Runs that failed this week",
    "Intakes without a brief",
    "Intake invitations that may not have arrived",
    "Strategies to approve",
    "Drafts edited after their last check",
    "Drafts that quality control holds up",
    "Clients to remind of their review",
    "Revision rounds over the agreed number",
    "Changes clients asked for",
    "Publications that are not out",
    "Dead letters",
    "Bank lines without an invoice",
    "Overdue invoices",
    "Reminded three times and not paid",
    "Payments by card to look into",
    "Invoices to issue",
    *QUOTES,
    "Files of metrics that stopped",
    "Reports to publish",
    "Clients who became likelier to leave",
    "Contracts that end",
    "Who would not recommend us",
    "What clients could buy more",
    "Tasks of playbooks",
    "Lessons to decide",
    "Webhooks switched off because nothing arrived",
    "Data that somebody asks for",
}


def titles(home: Any) -> set[str]:
    return {worklist.title for worklist in home.context["worklists"]}


def test_says_when_nothing_needs_the_person_and_what_falls_due_next(desk: Browser, acme: Client) -> None:
    empty = desk.get(HOME)
    assert "Nothing needs you." in empty.content.decode()
    assert "Nothing falls due." in empty.content.decode()
    assert empty.context["charts"] == []
    due = timezone.now() + timedelta(days=2, minutes=1)
    for days in (5, 0):
        a_run(acme, "WAITING", waiting_for=["StrategyApproved"], wait_until=due + timedelta(days=days))
    home = desk.get(HOME)
    assert home.context["next"].at == due
    assert "It waits for strategy approved." in home.content.decode()
    assert "in 2\xa0days" in home.content.decode()


@pytest.mark.parametrize(
    ("role", "expected"),
    [
        ("Owner", WORKLISTS),
        (
            "Account manager",
            {
                "Runs that only a person can move",
                "Runs that failed this week",
                "Intakes without a brief",
                "Intake invitations that may not have arrived",
                "Drafts edited after their last check",
                "Clients to remind of their review",
                "Revision rounds over the agreed number",
                "Changes clients asked for",
                "Publications that are not out",
                "Files of metrics that stopped",
                "Reports to publish",
                "Clients who became likelier to leave",
                "Contracts that end",
                "Who would not recommend us",
                "What clients could buy more",
                "Tasks of playbooks",
                "Webhooks switched off because nothing arrived",
                *QUOTES,
            },
        ),
        (
            "Strategist",
            {
                "Runs that only a person can move",
                "Intakes without a brief",
                "Intake invitations that may not have arrived",
                "Strategies to approve",
                "Drafts edited after their last check",
                "Lessons to decide",
            },
        ),
        (
            "Producer",
            {
                "Runs that only a person can move",
                "Drafts edited after their last check",
                "Drafts that quality control holds up",
                "Changes clients asked for",
                "Publications that are not out",
            },
        ),
        (
            "QC reviewer",
            {
                "Runs that only a person can move",
                "Drafts edited after their last check",
                "Drafts that quality control holds up",
                "Lessons to decide",
            },
        ),
        ("Sales", set()),
        (
            "Finance",
            {
                "Bank lines without an invoice",
                "Overdue invoices",
                "Reminded three times and not paid",
                "Payments by card to look into",
                "Invoices to issue",
                *QUOTES,
            },
        ),
    ],
)
def test_shows_each_role_what_it_can_do_something_about(
    acme: Client, member_of: Callable[[str], User], role: str, expected: set[str]
) -> None:
    all_sorts_of_work(acme)
    home = desk_of(member_of(role)).get(HOME)
    assert titles(home) == expected
    assert ("Nothing needs you." in home.content.decode()) is (not expected)


def test_leads_from_each_count_to_the_list_of_the_same_rows(desk: Browser, acme: Client) -> None:
    for _ in range(2):
        all_sorts_of_work(acme)
    a_run(acme, "RUNNING")
    a_report(acme, "PASS", 96)
    a_publication(acme, state="PUBLISHED")
    worklists = desk.get(HOME).context["worklists"]
    assert {worklist.title for worklist in worklists} == WORKLISTS
    for worklist in worklists:
        shown = list(desk.get(worklist.url).context["cl"].result_list)
        assert len(shown) == worklist.count == 2, worklist.title
        assert all(any(str(row.pk) in entry.what for row in shown) for entry in worklist.entries)


def test_tells_what_each_thing_is_about_and_since_when(desk: Browser, acme: Client) -> None:
    sent = timezone.now() - timedelta(days=3, minutes=1)
    answers = bakery_intake().answers
    IntakeFactory(client=acme, answers=answers, submitted_at=sent)
    a_publication(acme, error="<b>full</b>")
    page = desk.get(HOME).content.decode()
    for words in ("Ask for: objective, target audience.", "for 3\xa0days", "&lt;b&gt;full&lt;/b&gt;", ">Acme</a>"):
        assert words in page
    assert "<b>full</b>" not in page


@pytest.mark.parametrize(
    ("fields", "is_shown"),
    [
        ({"state": "COMPENSATING"}, False),
        ({"state": "WAITING"}, True),
        ({"state": "WAITING", "waiting_for": []}, True),
        ({"state": "WAITING", "waiting_for": ["RoundDecided"]}, True),
        ({"state": "WAITING", "waiting_for": ["StrategyApproved"]}, False),
        ({"state": "RUNNING"}, False),
        ({"state": "RUNNING", "parked": "Version 9 is unknown here."}, True),
        ({"state": "COMPLETED", "parked": "Version 9 is unknown here."}, False),
    ],
)
def test_calls_a_person_to_runs_that_nothing_else_moves(
    desk: Browser, acme: Client, fields: dict[str, Any], is_shown: bool
) -> None:
    run = a_run(acme, **fields)
    assert run.needs_person <= is_shown
    assert titles(desk.get(HOME)) == ({"Runs that only a person can move"} if is_shown else set())


def test_tells_of_a_stuck_run_to_whoever_can_end_it(desk: Browser, acme: Client) -> None:
    a_run(acme, "STUCK")
    assert titles(desk.get(HOME)) == {"Runs stuck while being taken back"}


def test_forgets_failures_of_last_week(desk: Browser) -> None:
    a_run_of(timezone.now() - timedelta(days=8), "FAILED")
    assert titles(desk.get(HOME)) == set()
    a_run_of(timezone.now() - timedelta(days=5), "COMPENSATED")
    assert titles(desk.get(HOME)) == {"Runs that failed this week"}


@pytest.mark.parametrize("shared", ["draft_id", "run_id"])
def test_drops_a_report_when_a_later_one_of_the_same_work_is_there(desk: Browser, acme: Client, shared: str) -> None:
    work = {shared: uuid7()}
    a_report(acme, **work)
    assert titles(desk.get(HOME)) == {"Drafts that quality control holds up"}
    a_report(acme, "PASS", 96, sequence=2, **work)
    assert titles(desk.get(HOME)) == set()


def test_shows_five_and_counts_to_a_hundred(desk: Browser, acme: Client) -> None:
    oldest, *_ = [a_strategy(acme) for _ in range(SHOWN + 1)]
    (worklist,) = desk.get(HOME).context["worklists"]
    assert (len(worklist.entries), worklist.counted) == (SHOWN, "6")
    assert str(oldest.pk) in worklist.entries[0].what
    for _ in range(MOST_COUNTED):
        a_strategy(acme)
    assert "100 or more" in desk.get(HOME).content.decode()


def parts(chart: Chart) -> dict[tuple[str, str], Any]:
    return {(bar.label, part.name): part for bar in chart.bars for part in bar.parts if part.count}


def test_draws_the_runs_of_two_weeks_by_day_and_outcome(desk: Browser) -> None:
    noon = timezone.now().replace(hour=12, minute=0)
    made = [("COMPLETED", 1), ("COMPLETED", 1), ("FAILED", 1), ("STUCK", 1), ("CANCELLED", 13), ("COMPLETED", 14)]
    for count, (state, days) in enumerate(made):
        a_run_of(noon - timedelta(days=days, seconds=count), state)
    (chart,) = desk.get(HOME).context["charts"]
    assert len(chart.bars) == 14
    day, first_day = (f"{noon - timedelta(days=days):%-d %b}" for days in (1, 13))
    drawn = parts(chart)
    expected = {(day, "completed"): 2, (day, "failed"): 2, (first_day, "taken back"): 1}
    assert {key: part.count for key, part in drawn.items()} == expected
    for part in drawn.values():
        assert len(desk.get(part.url).context["cl"].result_list) == part.count


def test_ends_a_day_where_the_person_is(desk: Browser, owner: User) -> None:
    User.objects.filter(pk=owner.pk).update(time_zone="Pacific/Auckland")
    late = timezone.now().astimezone(UTC).replace(hour=11, minute=30) - timedelta(days=2)  # past midnight there
    a_run_of(late, "COMPLETED")
    (chart,) = desk.get(HOME).context["charts"]
    ((day, _),) = parts(chart)
    assert day == f"{late + timedelta(days=1):%-d %b}"


def test_draws_scores_by_verdict(desk: Browser, acme: Client) -> None:
    for score, verdict in ((96, "PASS"), (90, "PASS"), (100, "WARN"), (49, "FAIL"), (0, "FAIL"), (50, "FAIL")):
        a_report(acme, verdict, score)
    (chart,) = desk.get(HOME).context["charts"]
    drawn = parts(chart)
    counts = {("90–100", "pass"): 2, ("90–100", "warn"): 1, ("0–49", "fail"): 2, ("50–59", "fail"): 1}
    assert {key: part.count for key, part in drawn.items()} == counts
    for part in drawn.values():
        assert len(desk.get(part.url).context["cl"].result_list) == part.count


def test_gives_every_number_of_a_chart_as_text_with_its_link(desk: Browser, acme: Client) -> None:
    a_report(acme, "PASS", 96)
    home = desk.get(HOME)
    (part,) = parts(home.context["charts"][0]).values()
    address = part.url.replace("&", "&amp;")
    svg, table = re.search(r"<svg.*?</svg>.*?(<table.*?</table>)", home.content.decode(), re.DOTALL).group(0, 1)
    assert f'href="{address}" tabindex="-1"' in svg
    assert f'<a class="desk-link" href="{address}">1</a>' in table
    assert svg.startswith('<svg viewBox="0 0 240 156" aria-hidden="true"')


def test_draws_no_bar_higher_than_the_tallest() -> None:
    bars = [Bar("a", [Part("x", 1, "info", ""), Part("y", 0, "info", "")]), Bar("b", [Part("x", 999, "info", "")])]
    low, high = Chart("Chart", "Bar", bars).drawn()
    assert [part["height"] for part in low["parts"]] == [1]
    assert [(part["y"], part["height"]) for part in high["parts"]] == [(16, 119)]


def test_has_its_headings_in_order(desk: Browser, acme: Client) -> None:
    all_sorts_of_work(acme)
    page = desk.get(HOME).content.decode()
    main = page[page.index('id="main"') :]
    levels = [int(level) for level in re.findall(r"<h(\d)", main)]
    assert levels[0] == 1
    assert all(later - earlier <= 1 for earlier, later in pairwise(levels))


def test_asks_no_more_for_twenty_rows_than_for_six(desk: Browser, acme: Client) -> None:
    counts = []
    for more in (SHOWN + 1, 14):
        for _ in range(more):
            all_sorts_of_work(acme)
        with CaptureQueriesContext(connection) as queries:
            desk.get(HOME)
        counts.append(len(queries))
    assert counts[0] == counts[1] <= MOST_QUERIES
