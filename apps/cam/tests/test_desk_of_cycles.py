"""At the desk of client acquisition …"""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from apps.cam.models import Alert, CampaignSnapshot, CycleRun, PauseRule, VariantSnapshot
from apps.cam.tests.factories import (
    AlertFactory,
    CampaignSnapshotFactory,
    CycleRunFactory,
    PauseRuleFactory,
    SequenceStepFactory,
)
from apps.cam.tests.test_admin import HOME, MOST_QUERIES, press
from apps.cam.tests.test_cycles import ended
from apps.identity.models import User
from apps.shared.desk import list_of, page_of

pytestmark = pytest.mark.django_db


def _text(browser: Browser, address: str) -> str:
    return browser.get(address).content.decode()


def _worklists(browser: Browser) -> dict[str, int]:
    return {worklist.title: worklist.count for worklist in browser.get(HOME).context["worklists"]}


def test_the_last_cycle_is_told_with_what_failed(desk: Browser) -> None:
    assert "Last cycle" not in _text(desk, HOME)
    ended("OK", at=timezone.now() - timedelta(minutes=3))
    home = _text(desk, HOME).replace("\xa0", " ")
    assert "3 minutes ago, all steps well" in home
    ended("OK", "FAILED", at=timezone.now())
    assert "Poll inbox failed: away" in _text(desk, HOME)


def test_a_step_that_keeps_failing_is_on_the_list(desk: Browser) -> None:
    for _ in range(2):
        ended("OK", "FAILED", at=timezone.now())
    assert _worklists(desk) == {}
    ended("OK", "FAILED", at=timezone.now())
    assert _worklists(desk) == {"Steps of the cycle that keep failing": 1}
    assert "Poll inbox failed three times running: away" in _text(desk, HOME)


def test_a_cycle_that_does_not_come_is_on_the_list(desk: Browser) -> None:
    ended("OK", at=timezone.now() - timedelta(minutes=14))
    assert _worklists(desk) == {}
    CycleRun.objects.update(finished_at=timezone.now() - timedelta(minutes=16))
    assert _worklists(desk) == {"No cycle has ended for 15 minutes": 1}


def test_a_cycles_page_shows_each_step(desk: Browser) -> None:
    page = _text(desk, page_of(ended("OK", "FAILED", "SKIPPED")))
    assert "1 failed" in page
    assert page.index("Send queued") < page.index("Poll inbox") < page.index("Dispatch alerts")
    assert "away" in page


def test_cycles_are_narrowed_to_those_that_went_wrong(desk: Browser) -> None:
    well, ill = ended("OK"), ended("FAILED")
    for said, expected in (("failed", [ill]), ("well", [well]), ("", [ill, well])):
        assert list(desk.get(list_of(CycleRun), {"steps": said}).context["cl"].result_list) == expected


def test_an_alert_is_on_the_list_until_somebody_has_seen_it(desk: Browser, salesperson: User) -> None:
    alert = AlertFactory(title="Mia <b>answered</b>")
    assert _worklists(desk) == {"Alerts": 1}
    assert "Mia &lt;b&gt;answered&lt;/b&gt;" in _text(desk, page_of(alert))
    press(desk, alert, "see")
    alert.refresh_from_db()
    assert (alert.seen_by, _worklists(desk)) == (salesperson, {})


def test_an_alert_that_reached_nobody_is_sent_again_by_a_button(desk: Browser) -> None:
    alert = AlertFactory(state="FAILED", error="full", attempts=8)
    press(desk, alert, "send_again")
    alert.refresh_from_db()
    assert (alert.state, alert.attempts) == ("PENDING", 0)


def test_a_snapshots_page_compares_the_two_subjects_of_a_step(desk: Browser) -> None:
    snapshot = CampaignSnapshotFactory(sent=1000, contacted=1000, replied=90, positive=10)
    step = SequenceStepFactory(sequence__campaign=snapshot.campaign)
    for variant, replied in (("A", 60), ("B", 30)):
        VariantSnapshot.objects.create(snapshot=snapshot, step=step, variant=variant, sent=500, replied=replied)
    page = _text(desk, page_of(snapshot))
    assert "9 % (90 of 1000)" in page
    assert "12 % (60 of 500)" in page
    assert "Subject A is answered more often" in page
    VariantSnapshot.objects.filter(variant="B").update(replied=55)
    assert "more mails with each subject" in _text(desk, page_of(snapshot))


def test_a_rule_is_switched_and_set(desk: Browser) -> None:
    rule = PauseRuleFactory()
    press(desk, rule, "switch_off", reason="old addresses, we know")
    rule.refresh_from_db()
    assert not rule.is_on
    address = reverse("admin:cam_pauserule_set", args=[rule.pk])
    assert desk.post(address, {"limit": "0", "after": "5", "reason": "x"}).status_code == 200
    assert desk.post(address, {"limit": "0.02", "after": "50", "reason": "stricter"}).status_code == 302
    rule.refresh_from_db()
    assert (float(rule.limit), rule.after) == (0.02, 50)


def test_a_rule_is_set_by_nobody_who_may_not(client: Browser) -> None:
    from apps.identity.tests.factories import UserFactory

    client.force_login(UserFactory(is_staff=True))
    address = reverse("admin:cam_pauserule_set", args=[PauseRuleFactory().pk])
    assert client.post(address, {"limit": "1", "after": "1", "reason": "x"}).status_code == 403


@pytest.mark.parametrize(
    ("factory", "model"),
    [
        (AlertFactory, Alert),
        (CycleRunFactory, CycleRun),
        (CampaignSnapshotFactory, CampaignSnapshot),
        (PauseRuleFactory, PauseRule),
    ],
)
def test_a_list_costs_the_same_however_long_it_is(desk: Browser, factory: Any, model: Any) -> None:
    for _ in range(3):
        factory()
    desk.get(list_of(model))
    with CaptureQueriesContext(connection) as captured:
        assert desk.get(list_of(model)).status_code == 200
    assert len(captured) <= MOST_QUERIES
    table = f'"{model._meta.db_table}"'
    assert not [q for q in captured if "COUNT(*)" in q["sql"] and table in q["sql"] and "LIMIT" not in q["sql"]]
