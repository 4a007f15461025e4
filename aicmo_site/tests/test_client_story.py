"""A client, in a real browser …"""

import hashlib
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect

from aicmo_site.tests.browsing import PASSWORD, PATIENCE, grave_violations
from aicmo_site.tests.test_browser import RUN_TAKES
from aicmo_site.tests.test_login_in_a_browser import is_wider_than_the_phone, phone  # noqa: F401
from apps.billing.tests.factories import an_overdue_invoice
from apps.client_review.models import Comment, Review
from apps.delivery.models import Artifact
from apps.identity.models import Client, User
from apps.identity.tests.factories import MembershipFactory
from apps.onboarding import services as onboarding
from apps.onboarding.api.ports import get_intake
from apps.onboarding.models import DraftAttachment, Intake, IntakeDraft
from apps.onboarding.tests import samples
from apps.onboarding.tests.factories import DENTAL_ANSWERS
from apps.orchestration.models import StepRun, WorkflowRun
from apps.orchestration.services.start import start_run
from apps.orchestration.tests.conftest import shipped, worker  # noqa: F401
from apps.orchestration.tests.test_client_to_delivery_reviewed import approve_strategy, on, submit
from apps.orchestration.workflows import get_workflow
from apps.production.api.dtos import PackChoice

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

ANSWERS = {
    "What do you sell above all?": "Invisible aligners from EUR 2,900\nHygiene visits EUR 85",
    "Who should buy from you?": "Adults 25-45 with an office job who dislike their front teeth",
    "What should be reached?": "40 booked consultations a month by the end of June, today 14",
    "What troubles these people?": "The price is not clear upfront\nNo appointments after 5pm",
    "How should your texts sound?": "calm\nplain",
}


@pytest.fixture
def media(settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of files that the site and its workers share."""
    settings.MEDIA_ROOT = tmp_path / "media"
    monkeypatch.setenv("AICMO_MEDIA_ROOT", str(settings.MEDIA_ROOT))
    return settings.MEDIA_ROOT


@pytest.fixture
def anna(transactional_db: None) -> User:
    """Somebody at a client who may decide."""
    return MembershipFactory(user__email="anna@brightharbour.test", client__name="Bright Harbour Dental").user


def log_in_as_client(page: Page, live_server: Any, person: User) -> None:
    page.goto(f"{live_server.url}{reverse('portal-home')}")
    page.locator("#id_username").fill(person.email)
    page.locator("#id_password").fill(PASSWORD)
    page.get_by_role("button", name="Log in", exact=True).click()
    expect(page.get_by_role("heading", name="Your work with us")).to_be_visible()


def wait_until_it_waits_for(run: WorkflowRun, event: str, *, round_: int = 1) -> None:
    """Wait until the worker has brought a run there."""
    deadline = time.monotonic() + RUN_TAKES / 1000
    while True:
        run.refresh_from_db()
        if event in (run.waiting_for or ()) and run.round == round_:
            return
        assert time.monotonic() < deadline, (run.state, run.waiting_for, run.error)
        time.sleep(0.2)


@pytest.mark.worker
@pytest.mark.timeout(400)
def test_tells_reviews_has_changed_and_receives_everything_on_a_phone(
    shipped: None,  # noqa: F811
    worker: Callable,  # noqa: F811
    media: Path,
    anna: User,
    strategist: User,
    phone: Page,  # noqa: F811
    live_server: Any,
    tmp_path: Path,
    complaints: list[str],
) -> None:
    worker()
    log_in_as_client(phone, live_server, anna)
    answers_and_sends(phone, tmp_path)
    run = started_by_staff(Intake.objects.get())
    wait_until_it_waits_for(run, "StrategyApproved")
    approve_strategy(run, strategist)
    wait_until_it_waits_for(run, "ReviewDecided")
    first = Review.objects.get(round=1)
    phone.goto(f"{live_server.url}{reverse('portal-home')}")
    phone.get_by_role("link", name=first.content["title"]).click()
    remarks_on_a_sentence(phone, first)
    word = asks_for_another_word(phone, first)
    wait_until_it_waits_for(run, "ReviewDecided", round_=2)
    second = Review.objects.get(round=2)
    changed = [a["key"] for a, b in zip(first.content["sections"], second.content["sections"], strict=True) if a != b]
    assert changed == ["overview"]
    phone.goto(f"{live_server.url}{reverse('portal-home')}")
    phone.get_by_role("link", name=first.content["title"]).click()
    since = phone.locator("section", has=phone.get_by_role("heading", name="Changed since round 1"))
    expect(since.get_by_role("listitem")).to_have_count(1)
    expect(phone.locator("#overview .document")).to_contain_text(f"{word}ish")
    phone.get_by_role("button", name="Approve this version").click()
    expect(phone.get_by_text("you have approved this version")).to_be_visible()
    downloads_what_was_delivered(phone, live_server, run)
    complaints[:] = [each for each in complaints if "400 (Bad Request)" not in each]  # the file that was refused


def answers_and_sends(page: Page, folder: Path) -> None:
    """Fill in the intake, each answer saved by itself; attach a PDF, and send all."""
    page.get_by_role("link", name="Tell us about your business").click()
    page.get_by_role("button", name="Begin").click()
    for label, said in ANSWERS.items():
        box = page.get_by_label(label)
        box.fill(said)
        box.blur()
        expect(page.locator(".question", has=box).get_by_text("Saved")).to_be_visible()
    assert len(IntakeDraft.objects.get().answers) == 1 + len(ANSWERS)
    (folder / "prices.pdf").write_bytes(samples.pdf("Aligners from EUR 2,900"))
    page.get_by_label("Attach a file").set_input_files(folder / "prices.pdf")
    expect(page.get_by_role("link", name="prices.pdf")).to_be_visible()
    page.get_by_label("Attach a file").set_input_files({"name": "x.exe", "mimeType": "", "buffer": b"MZ"})
    expect(page.get_by_text("x.exe was not taken")).to_be_visible()
    assert not is_wider_than_the_phone(page)
    page.get_by_role("button", name="Save and send").click()
    expect(page.get_by_role("heading", name="What happens next")).to_be_visible()


def started_by_staff(intake: Intake) -> WorkflowRun:
    inputs = (get_intake(intake_id=intake.pk), PackChoice(pack="quick_social_basic"))
    workflow = get_workflow("client_to_delivery_reviewed")
    return start_run(workflow, inputs, key="story", at=timezone.now(), client_id=intake.client_id)


def remarks_on_a_sentence(page: Page, review: Review) -> None:
    """Remark on a sentence of the overview, and see it marked."""
    section = page.locator("#overview")
    sentence = section.locator(".document p").first.inner_text().split(".")[0]
    section.get_by_text("Remark on “").click()
    section.get_by_label("The words it is about (optional)").fill(sentence)
    section.get_by_label("Your remark").fill("Good, but too long.")
    section.get_by_role("button", name="Store the remark").click()
    expect(page.locator("#overview mark").first).to_be_visible()
    assert Comment.objects.get(review=review).quote == sentence


def asks_for_another_word(page: Page, review: Review) -> str:
    """Ask for one word of the overview to be another; return the old one."""
    text = next(each["markdown"] for each in review.content["sections"] if each["key"] == "overview")
    heading = next(each["heading"] for each in review.content["sections"] if each["key"] == "overview")
    word = next(word for word in text.split() if word.isalpha() and word.islower() and len(word) > 7)
    page.get_by_role("link", name="Ask for changes").click()
    part = page.locator("details", has=page.locator("summary", has_text=heading))
    part.locator("summary").click(position={"x": 20, "y": 10})
    part.get_by_label("What should be different?").fill(f'Replace "{word}" with "{word}ish"')
    assert not is_wider_than_the_phone(page)
    page.get_by_role("button", name="Send the changes").click()
    expect(page.get_by_text("we change what you named")).to_be_visible()
    return word


def downloads_what_was_delivered(page: Page, live_server: Any, run: WorkflowRun) -> None:
    """See the work done on the first page, and download the PDF that was delivered."""
    expect(page.get_by_text("Approved", exact=True).first).to_be_visible()
    page.goto(f"{live_server.url}{reverse('portal-home')}")
    ready = page.locator("section", has=page.get_by_role("heading", name="Ready for you"))
    ready.get_by_role("link").click(timeout=RUN_TAKES)  # the page brings it by itself
    with page.expect_download() as download:
        page.get_by_role("link", name="Download strategy-report.pdf").click()
    content = download.value.path().read_bytes()
    artifact = Artifact.objects.get(package__run_id=run.pk, name="strategy-report.pdf")
    assert hashlib.sha256(content).hexdigest() == artifact.sha256
    run.refresh_from_db()
    assert run.state == "COMPLETED"


@pytest.fixture
def in_review(shipped: None, strategist: User, media: Path) -> WorkflowRun:  # noqa: F811
    """A run whose first round is in front of the client."""
    run = on(submit())
    approve_strategy(run, strategist)
    return on(run)


@pytest.fixture
def pages(in_review: WorkflowRun, live_server: Any) -> dict[str, str]:
    """Addresses of the pages that clients use most, with something on each."""
    client: Client = in_review.client
    draft = onboarding.open_draft(client_id=client.pk, answers=DENTAL_ANSWERS, by=None)
    onboarding.attach_to_draft(draft, name="prices.txt", content=b"words", by=None)
    invoice = an_overdue_invoice(client)
    return {
        "home": reverse("portal-home"),
        "intakes": reverse("portal-intakes"),
        "intake": reverse("portal-intake", args=[draft.pk]),
        "sent": reverse("portal-intake", args=[Intake.objects.get().pk]),
        "reviews": reverse("portal-reviews"),
        "review": reverse("portal-review", args=[Review.objects.get().pk]),
        "changes": reverse("portal-review-changes", args=[Review.objects.get().pk]),
        "strategy": reverse(
            "portal-strategy", args=[StepRun.objects.get(name="generate_strategy", run=in_review).outcome["id"]]
        ),
        "packages": reverse("portal-packages"),
        "invoices": reverse("portal-invoices"),
        "invoice": reverse("portal-invoice", args=[invoice.pk]),
        "tokens": reverse("tokens"),
        "missing": "/portal/nowhere",
    }


@pytest.mark.timeout(300)
def test_meets_no_barrier_by_day_or_by_night_and_never_scrolls_sideways(
    in_review: WorkflowRun,
    pages: dict[str, str],
    page: Page,
    live_server: Any,
    complaints: list[str],
) -> None:
    log_in_as_client(page, live_server, MembershipFactory(client=in_review.client).user)
    found = []
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        for width in (390, 1280):
            page.set_viewport_size({"width": width, "height": 844})
            for name, address in pages.items():
                page.goto(live_server.url + address)
                found += [f"{name} {scheme} {width}: {each}" for each in grave_violations(page)]
                found += [f"{name} {width} scrolls sideways"] if is_wider_than_the_phone(page) else []
    assert found == []
    complaints[:] = [each for each in complaints if "/portal/nowhere" not in each]


@pytest.mark.timeout(300)
def test_is_told_that_an_answer_is_not_saved_and_keeps_it(
    anna: User,
    phone: Page,  # noqa: F811
    live_server: Any,
    complaints: list[str],
) -> None:
    log_in_as_client(phone, live_server, anna)
    phone.get_by_role("link", name="Tell us about your business").click()
    phone.get_by_role("button", name="Begin").click()
    Session.objects.all().delete()
    box = phone.get_by_label("How should your texts sound?")
    box.fill("calm")
    box.blur()
    expect(phone.get_by_text("Not saved: you are offline, or logged out.")).to_be_visible()
    expect(box).to_have_value("calm")
    complaints[:] = [each for each in complaints if " 401 " not in each]


@pytest.fixture
def plain(chromium: Browser) -> Iterator[Page]:
    """A page on a phone that runs no scripts."""
    context = chromium.new_context(viewport={"width": 390, "height": 844}, locale="en-IE", java_script_enabled=False)
    page = context.new_page()
    page.set_default_timeout(PATIENCE)
    yield page
    context.close()


@pytest.mark.timeout(300)
def test_saves_and_sends_an_intake_and_decides_a_review_without_a_script(
    in_review: WorkflowRun, plain: Page, live_server: Any, tmp_path: Path
) -> None:
    log_in_as_client(plain, live_server, MembershipFactory(client=in_review.client).user)
    plain.goto(live_server.url + reverse("portal-intakes"))
    plain.get_by_role("button", name="Begin with new questions").click()
    plain.get_by_label("What should be reached?").fill("40 booked consultations a month")
    plain.get_by_role("button", name="Save", exact=True).click()
    expect(plain.get_by_text("Your answers are saved.")).to_be_visible()
    plain.get_by_label("Attach a file").set_input_files({"name": "a.txt", "mimeType": "", "buffer": b"words"})
    plain.get_by_role("button", name="Attach", exact=True).click()
    expect(plain.get_by_role("link", name="a.txt")).to_be_visible()
    plain.get_by_role("button", name="Save and send").click()
    expect(plain.get_by_text("2 answers are needed before this can be sent.")).to_be_visible()
    for label in list(ANSWERS)[:2]:
        plain.get_by_label(label).fill(ANSWERS[label])
    plain.get_by_role("button", name="Save and send").click()
    expect(plain.get_by_role("heading", name="What happens next")).to_be_visible()
    assert (Intake.objects.count(), DraftAttachment.objects.count()) == (2, 0)
    plain.get_by_role("link", name="To the overview").click()
    plain.get_by_role("link", name=Review.objects.get().content["title"]).click()
    plain.get_by_role("button", name="Approve this version").click()
    expect(plain.get_by_text("you have approved this version")).to_be_visible()
    assert Review.objects.get().state == "APPROVED"
