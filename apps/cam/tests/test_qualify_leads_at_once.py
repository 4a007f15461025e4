"""Two workers that score the same leads at once …"""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from django.db import connections

from apps.cam.models import Campaign, Lead, RuleBook
from apps.cam.services import ratings
from apps.cam.tests.conftest import AT
from apps.cam.tests.factories import CampaignFactory, LeadFactory, RuleBookFactory
from apps.shared.events import event_published

pytestmark = pytest.mark.django_db(transaction=True)


def test_share_them_and_judge_nobody_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    if not RuleBook.objects.live().exists():  # a flush took away what a migration ships
        RuleBookFactory(version=1, state="LIVE")
    monkeypatch.setattr(ratings, "SLICE", 4)
    campaign = CampaignFactory(profile={"countries": ["IE"]})
    LeadFactory.create_batch(24, campaign=campaign, title="Owner")
    both, store, told = Barrier(2), ratings._store, []

    def store_while_the_other_holds_a_slice(*arguments: Any) -> None:
        if len(told) == 0:
            both.wait(timeout=30)
        store(*arguments)

    def hear(event: Any, **_: Any) -> None:
        if event.name == "LeadQualified":
            told.append(event.aggregate_id)

    def work(_: int) -> int:
        try:
            return ratings.qualify_leads(Campaign.objects.get(pk=campaign.pk), at=AT).total()
        finally:
            connections.close_all()

    monkeypatch.setattr(ratings, "_store", store_while_the_other_holds_a_slice)
    event_published.connect(hear, weak=False)
    try:
        with ThreadPoolExecutor(2) as pool:
            counts = list(pool.map(work, range(2)))
    finally:
        event_published.disconnect(hear)
    assert sum(counts) == 24
    assert min(counts) >= 4
    assert sorted(told) == sorted(Lead.objects.values_list("pk", flat=True))
    assert not Lead.objects.exclude(state="QUALIFIED").exists()
