"""On the portal's pages, an intake …"""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client as Browser
from django.urls import reverse

from apps.identity.models import Client
from apps.identity.tests.factories import MembershipFactory
from apps.onboarding import services
from apps.onboarding.models import DraftAttachment, Intake, IntakeDraft
from apps.onboarding.rules.answers import ALIASES
from apps.onboarding.rules.attachments import MOST_BYTES
from apps.onboarding.tests.factories import IntakeFactory
from apps.onboarding.views.questions import QUESTIONS, version_of

pytestmark = pytest.mark.django_db

NEEDED = {
    "objective": "120 booked consultations a month by June",
    "target_audience": "Adults 25-45 with an office job",
    "primary_offer": "Clear aligners from EUR 2,900",
}


def browser_of(client: Client, role: str = "APPROVER") -> Browser:
    browser = Browser()
    browser.force_login(MembershipFactory(client=client, role=role).user)
    return browser


@pytest.fixture
def browser(acme: Client) -> Browser:
    return browser_of(acme)


@pytest.fixture
def draft(acme: Client) -> IntakeDraft:
    return services.open_draft(client_id=acme.pk, answers={"tone": "calm"}, by=None)


def at(draft: IntakeDraft, deed: str = "") -> str:
    return reverse("portal-intake" + (f"-{deed}" if deed else ""), args=[draft.pk])


def answers_of(draft: IntakeDraft) -> dict[str, Any]:
    return IntakeDraft.objects.get(pk=draft.pk).answers


def whole_form(draft: IntakeDraft, **typed: str) -> dict[str, str]:
    """Return what a browser without scripts sends: every box, as the page shows it now unless typed otherwise."""
    shown = {name: question.written(answers_of(draft).get(name)) for name, question in QUESTIONS.items()}
    return {f"was-{name}": version_of(text) for name, text in shown.items()} | shown | typed


def test_asks_every_question_that_is_read() -> None:
    assert set(QUESTIONS) == set(ALIASES)


def test_is_begun_with_what_is_known(browser: Browser, acme: Client) -> None:
    page = browser.post(reverse("portal-intake-begin"), follow=True)
    assert IntakeDraft.objects.get().answers == {"client_name": acme.name}
    assert "What should be reached?" in page.content.decode()


def test_is_saved_whole_by_a_button(browser: Browser, draft: IntakeDraft) -> None:
    sent = whole_form(draft, tone="calm\r\n plain \r\n\r\n", objective=" More bookings ")
    page = browser.post(at(draft, "save"), sent, follow=True)
    assert answers_of(draft) == {"tone": ["calm", "plain"], "objective": "More bookings"}
    assert "Your answers are saved." in page.content.decode()


def test_is_saved_box_by_box_and_tells_how_complete_it_is(browser: Browser, draft: IntakeDraft) -> None:
    sent = {"question": "objective", "objective": "More bookings", "was-objective": version_of("")}
    told = browser.post(at(draft, "save"), sent, headers={"HX-Request": "true"}).content.decode()
    assert answers_of(draft) == {"tone": "calm", "objective": "More bookings"}
    assert ("Saved" in told, f"2 of {len(QUESTIONS)}" in told, version_of("More bookings") in told) == (
        True,
        True,
        True,
    )
    assert ("#q-primary_offer" in told, "#q-objective" in told) == (True, False)


def test_loses_an_answer_that_was_emptied(browser: Browser, draft: IntakeDraft) -> None:
    browser.post(at(draft, "save"), whole_form(draft, tone=" "))
    assert answers_of(draft) == {}


def test_keeps_what_somebody_else_wrote_in_another_box(browser: Browser, draft: IntakeDraft) -> None:
    sent = whole_form(draft, objective="More bookings")
    services.save_answers(draft, {"budget": "5,000 EUR"}, seen=1, by=None)
    browser.post(at(draft, "save"), sent)
    assert answers_of(draft) == {"tone": "calm", "objective": "More bookings", "budget": "5,000 EUR"}


@pytest.mark.parametrize("is_whole", [True, False])
def test_tells_what_somebody_else_wrote_in_the_same_box(browser: Browser, draft: IntakeDraft, is_whole: bool) -> None:
    sent = whole_form(draft, tone="loud")
    services.save_answers(draft, {"tone": "<b>warm</b>"}, seen=1, by=None)
    headers = {} if is_whole else {"HX-Request": "true"}
    page = browser.post(at(draft, "save"), sent | {"question": "tone"}, headers=headers)
    told = page.content.decode()
    assert (page.status_code, answers_of(draft)) == (200, {"tone": "<b>warm</b>"})
    assert "Somebody else has changed this meanwhile" in told
    assert ("&lt;b&gt;warm" in told, "<b>warm" in told) == (True, False)
    assert (">loud</textarea>" in told) is is_whole
    browser.post(at(draft, "save"), sent | {"was-tone": version_of("<b>warm</b>")})
    assert answers_of(draft) == {"tone": "loud"}


def test_is_saved_beside_one_who_saves_in_the_same_moment(
    browser: Browser, draft: IntakeDraft, monkeypatch: pytest.MonkeyPatch
) -> None:
    save, others = services.save_answers, iter([{"budget": "5,000 EUR"}])

    def late(draft: IntakeDraft, answers: Any, *, seen: int, by: Any) -> IntakeDraft:
        for each in others:
            save(draft, each, seen=seen, by=None)
        return save(draft, answers, seen=seen, by=by)

    monkeypatch.setattr(services, "save_answers", late)
    browser.post(at(draft, "save"), whole_form(draft, objective="More bookings"))
    assert answers_of(draft) == {"tone": "calm", "objective": "More bookings", "budget": "5,000 EUR"}


def test_tells_of_an_answer_that_is_too_long_and_keeps_what_was_typed(browser: Browser, draft: IntakeDraft) -> None:
    page = browser.post(at(draft, "save"), whole_form(draft, objective="long " * 20_000))
    assert (page.status_code, answers_of(draft)) == (400, {"tone": "calm"})
    assert "Your answers are too long" in page.content.decode()
    assert "long long" in page.content.decode()


def test_says_what_is_needed_and_stores_what_was_typed_before_it_can_be_sent(
    browser: Browser, draft: IntakeDraft
) -> None:
    page = browser.post(at(draft, "save"), whole_form(draft, objective=NEEDED["objective"], send="1"))
    told = page.content.decode()
    assert "2 answers are needed before this can be sent." in told
    assert told.count("Please answer this first.") == 2
    assert answers_of(draft)["objective"] == NEEDED["objective"]


def test_is_sent_with_its_files_and_says_what_happens_next(browser: Browser, draft: IntakeDraft, acme: Client) -> None:
    services.attach_to_draft(draft, name="prices.txt", content=b"words", by=None)
    page = browser.post(at(draft, "save"), whole_form(draft, **NEEDED, send="1"), follow=True)
    told = page.content.decode()
    for words in ("Thank you: your answers have been sent.", "What happens next", NEEDED["objective"], "prices.txt"):
        assert words in told
    assert [(each.pk, each.client_id) for each in Intake.objects.all()] == [(draft.pk, acme.pk)]
    again = browser.post(at(draft, "save"), {"objective": "Another"})
    assert (again.status_code, again.url) == (302, at(draft))
    assert Intake.objects.get().answers["objective"] == NEEDED["objective"]


def test_is_not_sent_for_a_client_that_has_ended(browser: Browser, draft: IntakeDraft, acme: Client) -> None:
    Client.objects.filter(pk=acme.pk).update(status="ENDED")
    page = browser.post(at(draft, "save"), whole_form(draft, **NEEDED, send="1"))
    assert "Your contract has ended" in page.content.decode()
    assert browser.post(f"/api/v1/intakes/{draft.pk}/submit", content_type="application/json").status_code == 409
    assert not Intake.objects.exists()


def test_shows_what_staff_took_in_under_other_names(browser: Browser, acme: Client) -> None:
    taken_in = IntakeFactory(client=acme, answers={"Brand name": "Acme Dental", "goals": ["More <b>smiles</b>"]})
    page = browser.get(reverse("portal-intake", args=[taken_in.pk])).content.decode()
    assert ("Acme Dental" in page, "More &lt;b&gt;smiles" in page) == (True, True)


def test_takes_files_and_gives_them_back(browser: Browser, draft: IntakeDraft) -> None:

    browser.post(at(draft, "attach"), {"file": SimpleUploadedFile("prices.txt", b"words")})
    kept = DraftAttachment.objects.get()
    assert "prices.txt" in browser.get(at(draft)).content.decode()
    sent = browser.get(reverse("portal-intake-file", args=[draft.pk, kept.pk]))
    assert (sent.content, sent["Content-Disposition"]) == (b"words", 'attachment; filename="prices.txt"')
    browser.post(reverse("portal-intake-remove", args=[draft.pk, kept.pk]))
    assert not DraftAttachment.objects.exists()


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("run.exe", b"MZ", "run.exe was not taken"),
        ("long.txt", b"a" * (MOST_BYTES + 1), "larger than 10 MB"),
        (None, b"", "Choose a file first."),
    ],
)
def test_says_why_a_file_was_not_taken(
    browser: Browser, draft: IntakeDraft, name: str | None, content: bytes, words: str
) -> None:

    page = browser.post(at(draft, "attach"), {"file": SimpleUploadedFile(name, content)} if name else {})
    assert page.status_code == 400
    assert words in page.content.decode()
    assert not DraftAttachment.objects.exists()


def test_says_why_in_the_client_s_language(browser: Browser, draft: IntakeDraft) -> None:
    german = {"Accept-Language": "de"}
    page = browser.post(at(draft, "attach"), {"file": SimpleUploadedFile("a.pdf", b"words")}, headers=german)
    assert "a.pdf endet auf .pdf, der Inhalt ist aber reiner Text" in page.content.decode()


def test_says_on_a_page_that_a_file_is_far_too_large(browser: Browser, draft: IntakeDraft, settings: Any) -> None:
    settings.PORTAL_MOST_UPLOAD_BYTES = 10

    page = browser.post(at(draft, "attach"), {"file": SimpleUploadedFile("a.txt", b"words")})
    assert page.status_code == 413
    assert "too large" in page.content.decode()


def test_is_discarded(browser: Browser, draft: IntakeDraft) -> None:
    page = browser.post(at(draft, "discard"), follow=True)
    assert not IntakeDraft.objects.exists()
    assert "The answers are discarded." in page.content.decode()


def test_is_on_the_first_page_until_it_is_sent(browser: Browser, acme: Client) -> None:
    home = reverse("portal-home")
    assert "Tell us about your business" in browser.get(home).content.decode()
    draft = services.open_draft(client_id=acme.pk, answers={"tone": "calm"}, by=None)
    told = browser.get(home).content.decode()
    assert (f"1 of {len(QUESTIONS)} questions are answered." in told, at(draft) in told) == (True, True)
    assert "Tell us about your business" not in told
    services.discard_draft(draft, by=None)
    IntakeFactory(client=acme)
    assert "Tell us" not in browser.get(home).content.decode()


def test_is_read_by_viewers_and_closed_to_other_clients(draft: IntakeDraft, acme: Client, globex: Client) -> None:
    kept = services.attach_to_draft(draft, name="prices.txt", content=b"words", by=None)
    viewer, stranger = browser_of(acme, "VIEWER"), browser_of(globex)
    file = reverse("portal-intake-file", args=[draft.pk, kept.pk])
    listed, shown, got = (viewer.get(address) for address in (reverse("portal-intakes"), at(draft), file))
    assert (at(draft) in listed.content.decode(), reverse("portal-intake-begin") in listed.content.decode()) == (
        True,
        False,
    )
    assert ("calm" in shown.content.decode(), "prices.txt" in shown.content.decode()) == (True, True)
    assert ("<textarea" in shown.content.decode(), 'type="file"' in shown.content.decode()) == (False, False)
    assert got.content == b"words"
    assert "Tell us" not in viewer.get(reverse("portal-home")).content.decode()
    assert (stranger.get(at(draft)).status_code, stranger.get(file).status_code) == (404, 404)
    remove = reverse("portal-intake-remove", args=[draft.pk, kept.pk])
    for address in (at(draft, "save"), at(draft, "discard"), at(draft, "attach"), remove):
        stranger.post(address, {"tone": "loud"})
        assert viewer.post(address, {"tone": "loud"}).status_code == 403
    assert answers_of(draft) == {"tone": "calm"}
    assert DraftAttachment.objects.exists()


def test_is_shown_and_listed_by_few_questions(
    browser: Browser, draft: IntakeDraft, acme: Client, django_assert_max_num_queries: Any
) -> None:
    for number in range(3):
        services.attach_to_draft(draft, name=f"{number}.txt", content=b"words %d" % number, by=None)
        IntakeFactory(client=acme)
    sent = reverse("portal-intake", args=[Intake.objects.first().pk])
    for address in (reverse("portal-intakes"), at(draft), sent):
        with django_assert_max_num_queries(12):
            assert browser.get(address).status_code == 200
