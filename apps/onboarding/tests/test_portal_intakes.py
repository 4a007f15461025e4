"""An intake in the portal …"""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from django.test import Client as Browser
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries, DjangoCaptureOnCommitCallbacks

from apps.identity.models import Client
from apps.identity.tests.factories import MembershipFactory, Portal
from apps.onboarding import services
from apps.onboarding.gateways import files
from apps.onboarding.models import DraftAttachment, Intake, IntakeAttachment, IntakeDraft
from apps.onboarding.services import drafts
from apps.onboarding.tests import samples
from apps.onboarding.tests.factories import DiscoveryNoteFactory, IntakeFactory
from apps.shared.events import AuditNote, Event, event_published

pytestmark = pytest.mark.django_db

ANSWERS = {
    "objective": "120 booked consultations a month by June",
    "target_audience": "Adults 25-45 with an office job",
    "primary_offer": "Clear aligners from EUR 2,900",
}


@pytest.fixture
def portal(acme: Client) -> Portal:
    return Portal(MembershipFactory(client=acme, role="APPROVER"))


@pytest.fixture
def told() -> Iterator[list[tuple[Event, AuditNote]]]:
    """What was told so far, with what the audit is given of it."""
    found: list[tuple[Event, AuditNote]] = []

    def note_down(event: Event, note: AuditNote, **_: object) -> None:
        found.append((event, note))

    event_published.connect(note_down)
    yield found
    event_published.disconnect(note_down)


def begin(portal: Portal, answers: dict[str, Any] | None = None) -> tuple[str, str]:
    """Begin an intake; return its address and its ETag."""
    begun = portal.post("intakes", {"answers": ANSWERS if answers is None else answers})
    assert begun.status_code == 201, begun.content
    return f"intakes/{begun.json()['id']}", begun["ETag"]


def problems(answer: Any) -> dict[str, str]:
    assert answer["Content-Type"] == "application/problem+json"
    return {each["field"]: each["message"] for each in answer.json().get("errors", [])}


def files_in(media: Path) -> list[Path]:
    return [file for file in media.rglob("*") if file.is_file()]


def test_is_saved_as_it_goes(portal: Portal) -> None:
    path, tag = begin(portal, {"objective": "More bookings"})
    assert portal.get(path).json()["unanswered"] == ["target_audience", "primary_offer"]
    saved = portal.patch(path, {"answers": {"target_audience": "Adults", "tone": "warm"}}, If_Match=tag)
    assert saved.json()["answers"] == {"objective": "More bookings", "target_audience": "Adults", "tone": "warm"}
    taken = portal.patch(path, {"answers": {"tone": None}}, If_Match=saved["ETag"])
    assert taken.json()["answers"] == {"objective": "More bookings", "target_audience": "Adults"}
    assert taken.json()["state"] == "DRAFT"


def test_takes_other_names_of_a_question_as_that_question(portal: Portal) -> None:
    path, tag = begin(portal, {"goals": "More bookings"})
    saved = portal.patch(path, {"answers": {"objective": "Fewer no-shows"}}, If_Match=tag)
    assert saved.json()["answers"] == {"objective": "Fewer no-shows"}


def test_names_every_answer_that_no_question_asks_for(portal: Portal) -> None:
    wrong = {"answers": {"objektive": "x", "goal": "a", "aims": "b", "tone": {"a": [[[[[[[[[[["deep"]]]]]]]]]]]}}}
    found = problems(portal.post("intakes", wrong))
    assert set(found) == {"answers.objektive", "answers.aims", "answers.tone"}
    assert "target_audience" in found["answers.objektive"]
    assert not IntakeDraft.objects.exists()


def test_is_not_saved_over_what_somebody_else_saved(portal: Portal) -> None:
    path, tag = begin(portal)
    assert portal.patch(path, {"answers": {"tone": "warm"}}).status_code == 428
    portal.patch(path, {"answers": {"tone": "warm"}}, If_Match=tag)
    assert portal.patch(path, {"answers": {"tone": "cold"}}, If_Match=tag).status_code == 412
    assert portal.get(path).json()["answers"]["tone"] == "warm"


def test_is_not_saved_over_what_is_saved_this_moment(portal: Portal) -> None:
    path, tag = begin(portal)
    draft = IntakeDraft.objects.get()
    lock = drafts._lock

    def save_first(row: IntakeDraft) -> IntakeDraft:
        IntakeDraft.objects.filter(pk=draft.pk).update(version=7)
        return lock(row)

    with patch.object(drafts, "_lock", save_first):
        assert portal.patch(path, {"answers": {"tone": "cold"}}, If_Match=tag).status_code == 412


def test_is_submitted_once(portal: Portal, acme: Client, told: list[tuple[Event, AuditNote]]) -> None:
    path, _ = begin(portal)
    first = portal.post(f"{path}/submit")
    again = portal.post(f"{path}/submit", {})
    assert (first.status_code, again.status_code) == (200, 200)
    assert first.json() == again.json() == portal.get(path).json()
    intake = Intake.objects.get()
    assert (str(intake.pk), intake.source, intake.client) == (first.json()["id"], "PORTAL", acme)
    assert intake.answers == ANSWERS
    assert not IntakeDraft.objects.exists()
    captured = [note.actor_id for event, note in told if event.name == "IntakeCaptured"]
    assert captured == [portal.membership.user_id]


def test_is_not_submitted_while_a_needed_answer_is_missing(portal: Portal) -> None:
    path, _ = begin(portal, {"objective": "tbd"})
    answer = portal.post(f"{path}/submit")
    assert answer.status_code == 400
    assert set(problems(answer)) == {"answers.objective", "answers.target_audience", "answers.primary_offer"}
    assert not Intake.objects.exists()


def test_never_changes_once_it_is_submitted(portal: Portal) -> None:
    path, _ = begin(portal)
    attached = portal.upload(f"{path}/attachments", "notes.txt", b"words").json()["id"]
    tag = portal.post(f"{path}/submit")["ETag"]
    answers = [
        portal.patch(path, {"answers": {"tone": "x"}}, If_Match=tag),
        portal.delete(path),
        portal.upload(f"{path}/attachments", "more.txt", b"more"),
        portal.delete(f"{path}/attachments/{attached}"),
    ]
    assert [answer.status_code for answer in answers] == [409] * 4
    assert Intake.objects.get().answers == ANSWERS
    assert IntakeAttachment.objects.count() == 1


def test_is_what_the_desk_sees_as_a_need(portal: Portal, admin_client: Browser) -> None:
    path, _ = begin(portal)
    needs = f"{reverse('admin:onboarding_intake_changelist')}?needs=brief"
    assert path[-12:] not in admin_client.get(needs).content.decode()
    portal.post(f"{path}/submit")
    assert path.removeprefix("intakes/") in admin_client.get(needs).content.decode()


def test_keeps_its_files_when_it_is_submitted(portal: Portal, media: Path) -> None:
    path, _ = begin(portal)
    sent = portal.upload(f"{path}/attachments", "Angebot.pdf", samples.pdf())
    assert sent.status_code == 201
    again = portal.upload(f"{path}/attachments", "copy.pdf", samples.pdf())
    assert again.json() == sent.json()
    assert [each["id"] for each in portal.get(f"{path}/attachments").json()] == [sent.json()["id"]]
    portal.post(f"{path}/submit")
    assert portal.get(f"{path}/attachments").json()[0]["name"] == "Angebot.pdf"
    attached = IntakeAttachment.objects.get()
    assert (str(attached.pk), attached.extracted_text) == (sent.json()["id"], samples.LATIN_TEXT)
    services.sweep_attachments(at=datetime.now(UTC) + timedelta(days=1))
    got = portal.get(f"{path}/attachments/{attached.pk}/file")
    assert (got.content, len(files_in(media))) == (samples.pdf(), 1)


def test_hands_its_files_out_so_that_nothing_in_them_runs(portal: Portal) -> None:
    path, _ = begin(portal)
    attached = portal.upload(f"{path}/attachments", 'Größe "a"; b\r\n.txt', b"<b>words</b>").json()
    got = portal.get(f"{path}/attachments/{attached['id']}/file")
    assert got["Content-Disposition"].startswith("attachment; filename")
    assert "\n" not in got["Content-Disposition"]
    assert got["X-Content-Type-Options"] == "nosniff"
    assert got["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert got["Cache-Control"] == "private, no-store"


def test_loses_files_one_by_one_or_with_itself(
    portal: Portal, media: Path, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    path, _ = begin(portal)
    for number in range(3):
        portal.upload(f"{path}/attachments", "a.txt", f"text {number}".encode())
    first = portal.get(path).json()["attachments"][0]["id"]
    with django_capture_on_commit_callbacks(execute=True):
        assert portal.delete(f"{path}/attachments/{first}").status_code == 204
    assert len(files_in(media)) == 2
    with django_capture_on_commit_callbacks(execute=True):
        assert portal.delete(path).status_code == 204
    assert (files_in(media), portal.get(path).status_code) == ([], 404)


@pytest.mark.django_db(transaction=True)
def test_leaves_no_file_of_an_answer_that_was_taken_back(portal: Portal, media: Path) -> None:
    path, _ = begin(portal)
    away = patch.object(drafts, "_count_up", side_effect=OSError("the database is away"))
    with away, pytest.raises(OSError, match="away"):
        portal.upload(f"{path}/attachments", "a.txt", b"words")
    assert not DraftAttachment.objects.exists()
    services.sweep_attachments(at=datetime.now(UTC) + timedelta(hours=2))
    assert files_in(media) == []


def test_is_no_place_for_more_than_its_quota(portal: Portal, monkeypatch: pytest.MonkeyPatch) -> None:
    path, _ = begin(portal)
    monkeypatch.setattr(services.attachments, "MOST_BYTES_IN_ALL", 10)
    assert portal.upload(f"{path}/attachments", "a.txt", b"a" * 10).status_code == 201
    over = portal.upload(f"{path}/attachments", "b.txt", b"b")
    assert over.status_code == 400
    assert "in all" in problems(over)["file"]


def test_takes_exactly_one_file_at_a_time(portal: Portal) -> None:
    path, _ = begin(portal)
    assert set(problems(portal.upload(f"{path}/attachments", "a.txt", b"a", colour="red"))) == {"colour"}
    assert portal.post(f"{path}/attachments", {"file": "a"}).status_code == 415
    assert not DraftAttachment.objects.exists()


def test_is_refused_when_there_are_too_many_under_way(portal: Portal, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(drafts, "MOST_DRAFTS", 1)
    begin(portal)
    assert portal.post("intakes", {}).status_code == 409


def test_holds_no_more_than_100_kilobytes(portal: Portal) -> None:
    path, tag = begin(portal)
    for question in ("tone", "proof", "pricing", "competitors", "objections"):
        answer = portal.patch(path, {"answers": {question: ["a" * 11_000] * 2}}, If_Match=tag)
        tag = answer.get("ETag", "")
    assert answer.status_code == 400
    assert "attach a file" in problems(answer)["answers"]


def test_is_listed_by_its_state(portal: Portal, acme: Client) -> None:
    IntakeFactory(client=acme)
    path, _ = begin(portal)
    listed = portal.get("intakes").json()["results"]
    assert [each["state"] for each in listed] == ["SUBMITTED"]
    under_way = portal.get("intakes?state=DRAFT").json()["results"]
    assert [each["id"] for each in under_way] == [path.removeprefix("intakes/")]
    assert portal.get("intakes?state=NEITHER").status_code == 400


def test_shows_nothing_that_staff_noted_on_calls(portal: Portal, acme: Client) -> None:
    intake = IntakeFactory(client=acme)
    DiscoveryNoteFactory(intake=intake, notes="The owner is difficult.")
    assert b"difficult" not in portal.get(f"intakes/{intake.pk}").content


def test_of_another_client_does_not_exist(portal: Portal, globex: Client) -> None:
    theirs = Portal(MembershipFactory(client=globex, role="APPROVER"))
    path, tag = begin(theirs)
    attached = theirs.upload(f"{path}/attachments", "a.txt", b"words").json()["id"]
    missing = "intakes/019a0000-0000-7000-8000-000000000000"
    for method, end, body in (
        ("GET", "", None),
        ("PATCH", "", {"answers": {"tone": "x"}}),
        ("DELETE", "", None),
        ("POST", "/submit", {}),
        ("GET", "/attachments", None),
        ("DELETE", f"/attachments/{attached}", None),
        ("GET", f"/attachments/{attached}/file", None),
    ):
        foreign, unknown = (portal.send(method, each + end, body, If_Match=tag) for each in (path, missing))
        assert (foreign.status_code, foreign.content) == (unknown.status_code, unknown.content), (method, end)
        assert foreign.status_code == 404
    assert IntakeDraft.objects.get().version == 2


def test_is_written_by_approvers_only(acme: Client) -> None:
    viewer = Portal(MembershipFactory(client=acme, role="VIEWER"))
    assert viewer.post("intakes", {}).status_code == 403
    assert viewer.get("intakes?state=DRAFT").status_code == 200


def test_is_told_apart_by_its_etag(portal: Portal) -> None:
    path, tag = begin(portal)
    assert portal.get(path, If_None_Match=f'"other", W/{tag}').status_code == 304
    portal.upload(f"{path}/attachments", "a.txt", b"words")
    assert portal.get(path, If_None_Match=tag).status_code == 200


def test_costs_few_queries(portal: Portal, django_assert_max_num_queries: DjangoAssertNumQueries) -> None:
    path, _ = begin(portal)
    portal.upload(f"{path}/attachments", "a.txt", b"words")
    with django_assert_max_num_queries(10):
        portal.get(path)
    for number in range(12):
        begin(portal, {"tone": str(number)})
    with django_assert_max_num_queries(10):
        assert len(portal.get("intakes?state=DRAFT").json()["results"]) == 13


def test_loses_its_file_when_the_storage_does_not_take_it(portal: Portal, media: Path) -> None:
    path, _ = begin(portal)
    full = patch.object(files, "write", side_effect=OSError(28, "No space left on device"))
    with full, pytest.raises(OSError, match="No space"):
        portal.upload(f"{path}/attachments", "a.txt", b"words")
    assert not DraftAttachment.objects.exists()


def test_tells_who_did_what_but_not_what_was_answered(portal: Portal, told: list[tuple[Event, AuditNote]]) -> None:
    path, tag = begin(portal)
    portal.patch(path, {"answers": {"tone": "secret sauce"}}, If_Match=tag)
    portal.delete(path)
    of_draft = [(event, note) for event, note in told if f"intakes/{event.aggregate_id}" == path]
    assert [event.name for event, _ in of_draft] == ["IntakeDraftOpened", "IntakeDraftSaved", "IntakeDraftDiscarded"]
    assert {note.actor_id for _, note in of_draft} == {portal.membership.user_id}
    assert "secret sauce" not in str(of_draft)
