"""Looking for leads …"""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.db import connection
from django.test import Client as Browser
from django.urls import reverse
from django.utils import timezone
from django_fsm import TransitionNotAllowed

from apps.cam.models import Campaign, DiscoveredProfile, DiscoveryJob, DiscoverySource, Lead
from apps.cam.services import discovery
from apps.cam.services.discovery import DiscoveryRefused
from apps.cam.tests.conftest import AT
from apps.cam.tests.factories import CampaignFactory, DiscoverySourceFactory, LeadFactory
from apps.cam.tests.test_admin import press
from apps.identity.models import User
from apps.shared.desk import list_of, page_of
from apps.shared.events import AuditNote, Event
from apps.shared.resilience import breaker
from apps.shared.tests.receiver import Receiver, Request, listening

pytestmark = pytest.mark.django_db

FIELDS = {
    "external_id": "id",
    "full_name": "person.name",
    "email": "contact.mails.0",
    "company": "firm",
    "country": "land",
}
LATER = timedelta(minutes=2)


@pytest.fixture(autouse=True)
def _on_loopback(settings: Any) -> None:
    settings.WEBHOOK_PRIVATE, settings.VENDOR_RETRIES = True, False


@pytest.fixture(autouse=True)
def _well_breaker() -> Iterator[None]:
    breaker.BREAKERS["discovery"].close()
    yield
    breaker.BREAKERS["discovery"].close()


@pytest.fixture
def directory() -> Iterator[Receiver]:
    """Somebody's directory on loopback."""
    with listening() as receiver:
        yield receiver


def item(number: int, **said: Any) -> dict[str, Any]:
    mails = {"mails": [f"p{number}@x.example"]} if number % 3 else {}
    return {"id": number, "person": {"name": f"Mia {number}"}, "firm": "Acme", "land": "IE", "contact": mails} | said


def in_pages(count: int, size: int = 10) -> Callable[[Request], bytes]:
    """Answer as a directory of so many people does, by the number of the page."""

    def answer(request: Request) -> bytes:
        page = int(parse_qs(urlsplit(request.path).query)["page"][0])
        people = [item(number) for number in range(count)][(page - 1) * size : page * size]
        return json.dumps({"data": {"people": people}}).encode()

    return answer


def source_of(directory: Receiver, **config: Any) -> DiscoverySource:
    url = directory.url.replace("/hooks", "/search?q={query}&page={page}")
    how = {"url": url, "list_path": "data.people", "fields": FIELDS, "paging": "PAGE"} | config
    return discovery.make_source(name=f"Directory {directory.url}", kind="JSON", config=how, by=None)


def a_job(source: DiscoverySource, campaign: Campaign, **wishes: Any) -> DiscoveryJob:
    criteria = {"query": "acme", "most": 100} | wishes.pop("criteria", {})
    return discovery.start_discovery(campaign, source, criteria=criteria, by=None, **wishes)


def done(job: DiscoveryJob) -> DiscoveryJob:
    discovery.continue_discovery(at=timezone.now() + LATER)
    job.refresh_from_db()
    return job


# --- a file -----------------------------------------------------------------------------------------------------------


def test_finds_in_the_sample_file_who_fits_and_says_why(
    campaign: Campaign, published: list[tuple[Event, AuditNote]]
) -> None:
    source = discovery.make_source(name="Sample", kind="OFFLINE", config={"file": "directory.csv"}, by=None)
    job = done(a_job(source, campaign, criteria={"query": "dental", "country": "IE"}))
    assert (job.state, job.found, job.new, job.ingested) == ("DONE", 4, 4, 0)
    reasons = DiscoveredProfile.objects.get(external_id="d-001").reasons
    assert {"company has “dental”", "country is IE"} <= set(reasons)
    assert [event.name for event, _ in published] == ["DiscoverySourceMade", "DiscoveryStarted", "DiscoveryFinished"]
    assert not Lead.objects.exists()


def test_keeps_who_has_no_address_and_makes_none_up(campaign: Campaign) -> None:
    source = DiscoverySourceFactory()
    job = done(a_job(source, campaign, criteria={"query": "riverside"}, takes_all=True))
    profile = DiscoveredProfile.objects.get()
    assert (profile.email, profile.problem, profile.state) == ("", "It has no address.", "NEW")
    assert (job.new, job.ingested, Lead.objects.count()) == (1, 0, 0)
    with pytest.raises(DiscoveryRefused, match="no address"):
        discovery.accept_profile(profile, by=None)


def test_goes_through_a_long_file_in_pages(campaign: Campaign, settings: Any, tmp_path: Path) -> None:
    settings.DISCOVERY_FOLDER = tmp_path
    rows = [{"external_id": f"{n}", "company": "Acme", "email": f"p{n}@x.example", "size": n} for n in range(130)]
    (tmp_path / "people.json").write_text(json.dumps(rows))
    job = done(a_job(DiscoverySourceFactory(config={"file": "people.json"}), campaign, criteria={"most": 120}))
    assert (job.state, job.pages, job.found, job.new) == ("DONE", 3, 120, 120)
    assert DiscoveredProfile.objects.get(external_id="7").raw["size"] == 7


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("none.csv", None, "There is no none.csv"),
        ("bad.json", "{", "cannot be read"),
        ("bad.json", '{"a": 1}', "no list of objects"),
        ("bad.csv", b"external_id,email\n\xff\xfe", "cannot be read"),
    ],
)
def test_says_what_is_wrong_with_a_file(
    campaign: Campaign, settings: Any, tmp_path: Path, name: str, content: Any, said: str
) -> None:
    settings.DISCOVERY_FOLDER = tmp_path
    if content is not None:
        (tmp_path / name).write_bytes(content if isinstance(content, bytes) else content.encode())
    job = done(a_job(DiscoverySourceFactory(config={"file": name}), campaign))
    assert (job.state, said in job.error) == ("FAILED", True)


# --- an address -------------------------------------------------------------------------------------------------------


def test_reads_a_directory_page_by_page_and_each_person_once(directory: Receiver, campaign: Campaign) -> None:
    directory.answer = in_pages(25)
    source = source_of(directory)
    job = done(a_job(source, campaign, takes_all=True))
    assert (job.state, job.found, job.new, job.pages) == ("DONE", 25, 25, 4)
    assert job.ingested == Lead.objects.count() == 16
    assert all("q=acme" in request.path for request in directory.requests)
    again = done(a_job(source, CampaignFactory(), takes_all=True))
    assert (again.found, again.new, again.ingested) == (25, 0, 0)
    lead = Lead.objects.get(email_key="p1@x.example")
    assert (lead.source, lead.full_name, lead.country, lead.raw["firm"]) == ("DISCOVERY", "Mia 1", "IE", "Acme")


def test_follows_a_cursor_to_its_end(directory: Receiver, campaign: Campaign) -> None:
    answers = {"": ([1], "a/b&c"), "a/b&c": ([2], "last"), "last": ([4], None)}

    def answer(request: Request) -> bytes:
        people, cursor = answers[parse_qs(urlsplit(request.path).query, keep_blank_values=True)["after"][0]]
        return json.dumps({"items": [item(number) for number in people], "meta": {"next": cursor}}).encode()

    directory.answer = answer
    url = directory.url.replace("/hooks", "/p?after={cursor}&n={page_size}")
    config = {"url": url, "list_path": "items", "paging": "CURSOR", "cursor_path": "meta.next"}
    job = done(a_job(source_of(directory, **config), campaign))
    assert (job.state, job.found, job.pages) == ("DONE", 3, 3)


def test_ends_where_a_directory_turns_in_circles(directory: Receiver, campaign: Campaign) -> None:
    directory.answer = lambda request: json.dumps({"items": [item(1)], "next": "same"}).encode()
    url = directory.url.replace("/hooks", "/p?after={cursor}")
    config = {"url": url, "list_path": "items", "paging": "CURSOR", "cursor_path": "next"}
    job = done(a_job(source_of(directory, **config), campaign))
    assert (job.state, job.pages, job.new) == ("DONE", 2, 1)


def test_stops_at_as_many_as_were_asked_for(directory: Receiver, campaign: Campaign) -> None:
    directory.answer = in_pages(100)
    job = done(a_job(source_of(directory), campaign, criteria={"most": 15}))
    assert (job.state, job.found, DiscoveredProfile.objects.count()) == ("DONE", 15, 15)


def test_sends_a_secret_to_its_own_host_alone(directory: Receiver, campaign: Campaign, settings: Any) -> None:
    directory.answer = in_pages(1)
    wishes = {"headers": {"X-Key": "Key {secret}"}, "secret": "apollo"}
    source = source_of(directory, **wishes)
    assert "has no “apollo”" in done(a_job(source, campaign)).error
    settings.DISCOVERY_SECRETS = {"apollo": SimpleNamespace(host="api.apollo.example", secret="s3cret")}
    failed = done(a_job(source, campaign))
    assert ("is sent nowhere else" in failed.error, directory.requests) == (True, [])
    settings.DISCOVERY_SECRETS = {"apollo": SimpleNamespace(host="127.0.0.1", secret="s3cret")}
    assert done(a_job(source, campaign)).state == "DONE"
    assert directory.requests[0].headers["x-key"] == "Key s3cret"
    assert "s3cret" not in json.dumps([row.config for row in DiscoverySource.objects.all()])


@pytest.mark.parametrize("host", ["10.0.0.1", "169.254.169.254", "[::1]", "localhost", "internal.local"])
def test_reaches_nothing_of_our_own_network(directory: Receiver, campaign: Campaign, settings: Any, host: str) -> None:
    settings.WEBHOOK_PRIVATE = False
    job = done(a_job(source_of(directory, url=f"http://{host}/?page={{page}}"), campaign))
    assert (job.state, job.pages) == ("FAILED", 0)


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (b"<html>", "no JSON"),
        (b'{"data": {"people": {}}}', "no list at"),
        (b'{"data": {"people": [{"name": "x"}]}}', "its key"),
        (404, "answers 404"),
        ((302, {"Location": "http://169.254.169.254/"}), "answers 302"),
        (b"[" * 100_000, "no JSON"),
    ],
)
def test_stops_where_a_directory_answers_otherwise(
    directory: Receiver, campaign: Campaign, answer: Any, said: str, desk: Browser
) -> None:
    directory.answer = lambda request: answer
    job = done(a_job(source_of(directory), campaign))
    assert (job.state, said in job.error) == ("FAILED", True)
    titles = [worklist.title for worklist in desk.get(reverse("admin:index")).context["worklists"]]
    assert "Discoveries that stopped" in titles


def test_waits_for_an_ill_directory_and_goes_on_where_it_was(
    directory: Receiver, campaign: Campaign, salesperson: User
) -> None:
    well = in_pages(25)
    directory.answer = lambda request: well(request) if "page=3" not in request.path else 503
    job = done(a_job(source_of(directory), campaign))
    assert (job.state, job.pages, job.strikes) == ("RUNNING", 2, 1)
    assert discovery.continue_discovery(at=timezone.now()) == 0, "it is left alone for a while"
    for _ in range(discovery.MOST_STRIKES - 1):
        job = done(job)
    assert (job.state, "10 times running" in job.error) == ("FAILED", True)
    directory.answer = well
    breaker.BREAKERS["discovery"].close()
    discovery.retry_discovery(job, by=salesperson.pk)
    directory.requests.clear()
    job = done(job)
    assert (job.state, job.found, job.new) == ("DONE", 25, 25)
    assert "page=3" in directory.requests[0].path


@pytest.mark.parametrize("misdeed", ["cut", "nonsense", "wrong_length", "huge"])
def test_takes_nothing_of_an_answer_that_is_not_whole(directory: Receiver, campaign: Campaign, misdeed: str) -> None:
    directory.answer = lambda request: misdeed
    job = done(a_job(source_of(directory), campaign))
    assert (job.strikes, job.pages, DiscoveredProfile.objects.count()) == (1, 0, 0)


def test_keeps_what_a_directory_says_as_text(directory: Receiver, campaign: Campaign, desk: Browser) -> None:
    nasty = item(
        1, person={"name": "<script>alert(1)</script>\0" + "x" * 900}, firm=["no", "text"], land=True, id="a b"
    )
    directory.answer = lambda request: json.dumps([nasty]).encode()
    fields = FIELDS | {"url": "home"}
    nasty["home"] = "javascript:alert(1)"
    done(a_job(source_of(directory, paging="NONE", list_path="", url=directory.url, fields=fields), campaign))
    profile = DiscoveredProfile.objects.get()
    assert (profile.company, profile.country, len(profile.full_name)) == ("", "", 200)
    page = desk.get(page_of(profile)).content.decode()
    assert ("<script>alert(1)" in page, 'href="javascript' in page) == (False, False)


def test_is_not_done_twice_by_two_processes(directory: Receiver, campaign: Campaign) -> None:
    directory.answer = in_pages(25)
    job = a_job(source_of(directory), campaign)
    other = DiscoveryJob.objects.get(pk=job.pk)
    discovery.look_on(job)
    discovery.look_on(other)
    stored = DiscoveryJob.objects.get()
    assert (stored.state, stored.found, DiscoveredProfile.objects.count()) == ("DONE", 25, 25)


@pytest.mark.django_db(transaction=True)
def test_goes_on_after_a_kill_between_two_pages(directory: Receiver, settings: Any) -> None:
    campaign, well, children = CampaignFactory(), in_pages(45), []

    def deadly(request: Request) -> Any:
        if "page=3" in request.path and not children[0].poll():
            os.kill(children[0].pid, signal.SIGKILL)
        return well(request)

    directory.answer = deadly
    job = a_job(source_of(directory), campaign, takes_all=True)
    code = "import django; django.setup(); from apps.cam.tasks import continue_discovery; continue_discovery()"
    database = connection.settings_dict
    host = database["HOST"].replace("/", "%2F")
    env = os.environ | {
        "DJANGO_SETTINGS_MODULE": "aicmo_site.settings_test",
        "DATABASE_URL": f"postgresql://{database['USER']}@{host}/{database['NAME']}",
        "CELERY_BROKER_URL": settings.CELERY_BROKER_URL,
        "SECRET_KEY": settings.SECRET_KEY,
        "AICMO_WEBHOOK_PRIVATE": "1",
    }
    children.append(subprocess.Popen([sys.executable, "-c", code], env=env))
    assert children[0].wait(timeout=60) == -signal.SIGKILL
    job.refresh_from_db()
    assert (job.state, job.pages, job.found, Lead.objects.count()) == ("RUNNING", 2, 20, 13)
    directory.answer = well
    job = done(job)
    assert (job.state, job.found, job.new, DiscoveredProfile.objects.count()) == ("DONE", 45, 45, 45)
    assert job.ingested == Lead.objects.count() == 30


def test_fails_no_job_that_another_process_went_on_with(directory: Receiver, campaign: Campaign) -> None:
    directory.answer = lambda request: 404
    behind = a_job(source_of(directory), campaign)
    DiscoveryJob.objects.update(state="RUNNING", pages=1)
    discovery.look_on(behind)
    assert (DiscoveryJob.objects.get().state, behind.pages) == ("RUNNING", 1)


def test_does_the_other_jobs_when_one_breaks(campaign: Campaign, caplog: pytest.LogCaptureFixture) -> None:
    broken = a_job(DiscoverySourceFactory(), campaign, criteria={"query": "dental"})
    DiscoveryJob.objects.update(criteria={"most": "many"})
    well = a_job(DiscoverySourceFactory(), campaign, criteria={"query": "dental"})
    assert done(well).state == "DONE"
    for _ in range(discovery.MOST_STRIKES - 1):
        broken = done(broken)
    assert (broken.state, broken.strikes) == ("FAILED", discovery.MOST_STRIKES - 1)
    assert ("It broke: ValidationError" in broken.error, "broke" in caplog.text) == (True, True)


# --- judging ----------------------------------------------------------------------------------------------------------


def test_is_judged_person_by_person_or_several_at_once(directory: Receiver, campaign: Campaign, desk: Browser) -> None:
    directory.answer = in_pages(6)
    LeadFactory(campaign=campaign, email_key="p1@x.example")
    done(a_job(source_of(directory), campaign))
    rows = list(DiscoveredProfile.objects.order_by("external_id"))
    chosen = {"action": "accept_several", "_selected_action": [str(row.pk) for row in rows], "press": "1"}
    desk.post(list_of(DiscoveredProfile), chosen)
    states = dict(DiscoveredProfile.objects.values_list("external_id", "state"))
    assert states == {"0": "NEW", "1": "ACCEPTED", "2": "ACCEPTED", "3": "NEW", "4": "ACCEPTED", "5": "ACCEPTED"}
    assert Lead.objects.count() == 4, "one of them the campaign had"
    press(desk, rows[0], "ignore", "a competitor")
    assert DiscoveredProfile.objects.get(pk=rows[0].pk).state == "IGNORED"
    with pytest.raises(TransitionNotAllowed):
        discovery.accept_profile(DiscoveredProfile.objects.get(external_id="1"), by=None)


def test_says_why_no_lead_can_be_made(directory: Receiver, campaign: Campaign) -> None:
    directory.answer = lambda request: json.dumps([item(1, contact={"mails": ["a@x.example, b@x.example"]})]).encode()
    done(a_job(source_of(directory, paging="NONE", list_path="", url=directory.url), campaign, takes_all=True))
    profile = DiscoveredProfile.objects.get()
    assert (profile.state, "more than one address" in profile.problem) == ("NEW", True)


def test_looks_for_somebody_and_in_a_campaign_that_goes_on(campaign: Campaign) -> None:
    source = DiscoverySourceFactory()
    for criteria in ({}, {"query": "x", "most": 0}, {"query": "x", "country": "Ireland"}, {"query": "x", "age": 7}):
        with pytest.raises(DiscoveryRefused):
            discovery.start_discovery(campaign, source, criteria=criteria, by=None)
    with pytest.raises(DiscoveryRefused, match="is completed"):
        discovery.start_discovery(CampaignFactory(state="COMPLETED"), source, criteria={"query": "x"}, by=None)


def test_begins_at_once(campaign: Campaign) -> None:
    a_job(DiscoverySourceFactory(), campaign)
    assert discovery.continue_discovery(at=AT) == 1
