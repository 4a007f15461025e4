"""Looking for leads at the desk …"""

import json
from typing import Any

import pytest
from django.test import Client as Browser
from django.urls import reverse

from apps.cam.models import Campaign, DiscoveredProfile, DiscoveryJob, DiscoverySource
from apps.cam.tests.factories import DiscoverySourceFactory
from apps.cam.tests.test_discovery import FIELDS, a_job, done
from apps.identity.models import User
from apps.shared.desk import list_of, page_of

pytestmark = pytest.mark.django_db


def test_is_started_at_the_desk(desk: Browser, campaign: Campaign) -> None:
    config = '{"file": "directory.csv"}'
    made = desk.post(reverse("new-discovery-source"), {"name": "Sample", "kind": "OFFLINE", "config": config})
    source = DiscoverySource.objects.get()
    assert made.url == page_of(source)
    said = {"campaign": campaign.pk, "source": source.pk, "query": "dental", "country": "ie", "most": "50"}
    started = desk.post(reverse("new-discovery"), said)
    job = DiscoveryJob.objects.get()
    assert (started.url, job.criteria["country"], job.takes_all) == (page_of(job), "IE", False)
    done(job)
    assert "Who was found" in desk.get(page_of(job)).content.decode()


@pytest.mark.parametrize(
    ("kind", "config", "said"),
    [
        ("OFFLINE", {"file": "../settings.py"}, "without a path"),
        ("OFFLINE", {"file": "/etc/passwd"}, "without a path"),
        ("OFFLINE", {}, "required"),
        ("OFFLINE", {"path": "x"}, "Field required"),
        ("JSON", {"url": "https://{query}.example/", "fields": FIELDS}, "host without marks"),
        ("JSON", {"url": "https://x.example/{secret}", "fields": FIELDS}, "is no mark"),
        ("JSON", {"url": "https://x.example/", "fields": {"email": "a"}}, "external_id"),
        ("JSON", {"url": "https://x.example/", "fields": FIELDS | {"twitter": "t"}}, "no field of a profile"),
        ("JSON", {"url": "https://x.example/", "fields": FIELDS, "paging": "PAGE"}, "put {page}"),
        ("JSON", {"url": "https://x.example/", "fields": FIELDS, "paging": "CURSOR"}, "put {cursor}"),
        ("JSON", {"url": "https://x.example/", "fields": FIELDS, "headers": {"A": "b\r\nC: d"}}, "printable"),
        ("JSON", {"url": "https://x.example/", "fields": FIELDS, "headers": {"A": "{secret}"}}, "name one"),
        ("JSON", {"url": "https://x.example/", "fields": FIELDS, "verify": False}, "not permitted"),
        ("JSON", [1], "Write an object"),
        ("JSON", "{", "Enter a valid JSON"),
    ],
)
def test_is_told_what_is_wrong_with_a_source(desk: Browser, kind: str, config: Any, said: str) -> None:
    text = config if isinstance(config, str) else json.dumps(config)
    answer = desk.post(reverse("new-discovery-source"), {"name": "x", "kind": kind, "config": text})
    assert any(said in problem for problem in answer.context["form"].errors["config"])
    assert not DiscoverySource.objects.exists()


@pytest.mark.parametrize("model", [DiscoverySource, DiscoveryJob, DiscoveredProfile])
def test_says_what_comes_first_and_draws_lists_in_few_queries(
    desk: Browser, campaign: Campaign, model: type, django_assert_max_num_queries: Any
) -> None:
    assert (
        reverse("new-discovery-source" if model is DiscoverySource else "new-discovery")
        in desk.get(list_of(model)).content.decode()
    )
    done(a_job(DiscoverySourceFactory(), campaign, criteria={"query": "dental"}))
    with django_assert_max_num_queries(12):
        desk.get(list_of(model))


def test_is_for_those_who_may(client: Browser, reviewer: User) -> None:
    client.force_login(reviewer)
    for page in ("new-discovery", "new-discovery-source"):
        assert client.get(reverse(page)).status_code == 403
