"""Starting a run at the desk."""

import json
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client as Browser
from django.urls import reverse

from apps.identity.models import Client, User
from apps.identity.tests.factories import ClientFactory
from apps.onboarding.models import Intake
from apps.orchestration.forms import MOST_BYTES
from apps.orchestration.models import WorkflowRun
from apps.orchestration.tests.conftest import browser_of

SAMPLES = Path(__file__).resolve().parents[3] / "samples"
DENTIST, BAKERY = (SAMPLES / f"intake_{name}.json" for name in ("dental_clinic", "bakery_incomplete"))
PACK = "quick_social_basic"

pytestmark = pytest.mark.django_db


@pytest.fixture
def manager() -> Browser:
    """An account manager's browser."""
    return browser_of("Account manager")


def _send(browser: Browser, content: bytes | str, button: str = "look") -> HttpResponse:
    file = SimpleUploadedFile("intake.json", content if isinstance(content, bytes) else content.encode())
    return browser.post(reverse("start-run"), {"file": file, "pack": PACK, button: ""}, follow=True)


def _errors(answer: HttpResponse) -> dict[str, Any]:
    return answer.context["form"].errors


def test_shows_first_what_was_understood_and_stores_nothing(manager: Browser) -> None:
    page = _send(manager, DENTIST.read_bytes()).content.decode()
    assert "Start the run" in page
    assert json.loads(DENTIST.read_text())["client"]["name"] in page
    assert "Unclear or missing" in page
    assert (Client.objects.count(), Intake.objects.count(), WorkflowRun.objects.count()) == (0, 0, 0)


def test_starts_the_run_that_was_looked_at_once_however_often_it_is_confirmed(manager: Browser) -> None:
    text = _send(manager, DENTIST.read_bytes()).context["text"]
    for _ in range(2):
        answer = manager.post(reverse("start-run"), {"text": text, "pack": PACK, "start": ""})
        run = WorkflowRun.objects.get()
        assert answer.url == reverse("admin:orchestration_workflowrun_change", args=[run.pk])
    assert (run.workflow, run.started_by) == ("client_to_delivery", User.objects.get())
    assert run.inputs["PackChoice"] == {"pack": PACK}
    assert Intake.objects.get().source == "STAFF"


def test_starts_the_workflow_that_is_chosen(manager: Browser) -> None:
    looked = _send(manager, DENTIST.read_bytes())
    assert '<option value="client_to_delivery_reviewed">' in looked.content.decode()
    wishes = {"text": looked.context["text"], "pack": PACK, "start": ""}
    for workflow in ("client_to_delivery_reviewed", "client_to_delivery"):
        manager.post(reverse("start-run"), wishes | {"workflow": workflow})
    assert set(WorkflowRun.objects.values_list("workflow", flat=True)) == {
        "client_to_delivery_reviewed",
        "client_to_delivery",
    }


def test_says_which_questions_are_open_and_offers_no_start(manager: Browser) -> None:
    answer = _send(manager, BAKERY.read_bytes(), "start")
    page = answer.content.decode()
    assert "No brief can be made of this intake" in page
    assert "target_audience" in page
    assert "Start the run" not in page
    assert not Client.objects.exists()


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("{", "no JSON"),
        ("", "empty"),
        (b"\xff\xfe{}", "no JSON"),
        ('{"client": {"name": ""}, "surprise": 1}', "surprise"),
        ("[" * 100_000, "no JSON"),
        (b" " * (MOST_BYTES + 1), "at most"),
    ],
)
def test_says_what_is_wrong_with_a_file_beside_the_field(manager: Browser, content: bytes | str, words: str) -> None:
    answer = _send(manager, content)
    assert answer.status_code == 200
    assert words in " ".join(_errors(answer)["file"])


def test_asks_for_a_file_or_a_text_and_for_a_pack_that_exists(manager: Browser) -> None:
    answer = manager.post(reverse("start-run"), {"text": "", "pack": "nonsense", "look": ""})
    assert set(_errors(answer)) == {"pack"}
    answer = manager.post(reverse("start-run"), {"text": "", "pack": PACK, "look": ""})
    assert "choose a file, or paste its text" in " ".join(_errors(answer)["text"])


def test_makes_no_html_of_what_a_client_wrote(manager: Browser) -> None:
    data = json.loads(DENTIST.read_text())
    data["client"]["name"] = "<script>alert(1)</script>"
    data["answers"]["primary_objective"] = "<img src=x onerror=alert(2)> more patients"
    page = _send(manager, json.dumps(data)).content.decode()
    assert "<script>alert(1)" not in page
    assert "<img src=x" not in page


@pytest.mark.parametrize("role", ["Finance", "Producer", "QC reviewer", "Sales"])
def test_is_refused_to_those_who_start_no_runs(role: str) -> None:
    browser = browser_of(role)
    assert browser.get(reverse("start-run")).status_code == 403
    assert _send(browser, DENTIST.read_bytes(), "start").status_code == 403
    assert "Start a run" not in browser.get(reverse("admin:index")).content.decode()


def test_stands_in_the_menu_of_those_who_do(manager: Browser) -> None:
    assert reverse("start-run") in manager.get(reverse("admin:index")).content.decode()


def test_takes_from_a_limited_manager_what_is_of_their_own_clients_alone(manager: Browser, settings: Any) -> None:
    settings.OWN_CLIENTS_ONLY = True
    answer = _send(manager, DENTIST.read_bytes(), "start")
    assert "is no client of yours" in str(answer.context["form"].non_field_errors())
    assert not WorkflowRun.objects.exists()
    name = json.loads(DENTIST.read_text())["client"]["name"]
    ClientFactory(name=name, slug="theirs", account_manager=User.objects.get())
    assert "Start the run" in _send(manager, DENTIST.read_bytes()).content.decode()


def test_shows_what_was_looked_at_at_an_address_of_its_own_for_its_sender_alone(manager: Browser) -> None:
    answer = _send(manager, DENTIST.read_bytes())
    ((address, status),) = answer.redirect_chain
    name = json.loads(DENTIST.read_text())["client"]["name"]
    assert status == 302
    assert manager.get(address).context["facts"] == answer.context["facts"]
    other = browser_of("Account manager").get(address).content.decode()
    assert name not in other
    assert "is not kept any more" in other


def test_shows_no_more_what_is_no_client_of_theirs_now(manager: Browser, settings: Any) -> None:
    ((address, _),) = _send(manager, DENTIST.read_bytes()).redirect_chain
    settings.OWN_CLIENTS_ONLY = True
    answer = manager.get(address)
    assert "is no client of yours" in str(answer.context["form"].non_field_errors())
    assert "Start the run" not in answer.content.decode()
