"""An erasure that is interrupted, or overtaken by work …"""

# ruff: noqa: F811  (a fixture is imported by its name)

import signal
import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from aicmo_site.tests.portal_marks import CANARY
from aicmo_site.tests.portal_world import World
from aicmo_site.tests.test_personal_data import MIA, OURS, erased, named_as_kept, places_of, quiet, request_of, world  # noqa: F401
from apps.billing.models import Invoice, Quote
from apps.cam.tests.factories import InboundEmailFactory, LeadFactory
from apps.identity import services
from apps.identity.models import Client, DataRequest, User
from apps.identity.tests.factories import UserFactory
from apps.learning import services as learning
from apps.learning.api import ports as learning_ports
from apps.learning.models import LessonEvidence, StoredArtifact
from apps.learning.tests.factories import (
    JudgedSectionFactory,
    LearningEventFactory,
    LessonFactory,
    StoredArtifactFactory,
)
from apps.observability.services import seal_audit
from apps.onboarding.tests.factories import IntakeFactory
from apps.orchestration.models import WorkflowRun
from apps.orchestration.services import erasing, proving
from apps.orchestration.services.data_requests import serve_data_requests
from apps.orchestration.tests.conftest import worker_environment
from apps.production.models import Draft


def test_of_a_client_leaves_the_name_that_a_kept_invoice_says_nowhere_itself(world: World) -> None:
    acme = quiet(world)
    name = f"{CANARY}Acme Ltd"
    Client.objects.filter(pk=acme.pk).update(name=name, contact_email="")
    bare = Invoice.objects.filter(client=acme, number__isnull=False).first()
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")  # as issued before documents were kept
        cursor.execute("DELETE FROM billing_issueddocument WHERE invoice_id = %s", [bare.pk])
        cursor.execute("SET LOCAL session_replication_role = DEFAULT")
    request = erased(request_of("ERASURE", client=acme))
    acme.refresh_from_db()
    assert (acme.name, acme.slug) == (name, f"erased-{acme.pk}")
    told = next(row for row in request.certificate["kept"] if row["table"] == "identity.client")
    assert (told["columns"], told["years"]) == (["name"], 10)
    assert "identity_client.name" in places_of(CANARY)


def kept_name(request: DataRequest) -> Any:
    return next((row for row in request.certificate["kept"] if row["table"] == "identity.client"), None)


@pytest.mark.parametrize("is_told", [True, False])
def test_of_a_client_leaves_the_name_to_whom_a_kept_quote_was_sent(world: World, is_told: bool) -> None:
    """It goes where an invoice of the quote names its recipient."""
    acme, quotes = quiet(world), Quote.objects.filter(number__isnull=False)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        issued = Invoice.objects.filter(client=acme, document__isnull=False).first()
        one = quotes.filter(client=acme).first()
        cursor.execute("UPDATE billing_invoice SET quote_id = NULL, quote_part = '' WHERE client_id = %s", [acme.pk])
        if is_told:
            cursor.execute(
                "UPDATE billing_invoice SET quote_id = %s, quote_part = 'REST' WHERE id = %s", [one.pk, issued.pk]
            )
        cursor.execute(
            "UPDATE billing_quote SET client_id = %s WHERE client_id = %s AND id <> %s",
            [world.clients["globex"].pk, acme.pk, one.pk],
        )
        cursor.execute("SET LOCAL session_replication_role = DEFAULT")
    request = erased(request_of("ERASURE", client=acme))
    acme.refresh_from_db()
    assert acme.name.startswith("erased-") == is_told
    told = kept_name(request)
    assert (told and (told["years"], told["until"])) == (None if is_told else (6, f"{timezone.now().year + 6}-12-31"))


def test_names_the_reason_of_its_confirmation_as_kept(db: None) -> None:
    LeadFactory(email=MIA, full_name="Mia Kade")
    request = erased(request_of("ERASURE", address=MIA))
    assert request.reason == "They asked."
    assert "identity_datarequest.reason" in named_as_kept(request)


def confirmed(client: Client) -> DataRequest:
    request = request_of("ERASURE", client=client)
    serve_data_requests(at=timezone.now())
    request.refresh_from_db()
    services.confirm_erasure(request, by=request.asked_by_id, reason="They asked.", at=timezone.now())
    return request


def test_ends_the_client_and_takes_what_was_begun_while_it_went_on(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    acme = quiet(world)
    request = confirmed(acme)
    acme.refresh_from_db()
    assert acme.status == "ENDED"
    end_sessions = erasing._end_sessions

    def go_on(work: Any) -> None:
        if not work.is_second_look:
            StoredArtifactFactory(client=acme, text=f"{CANARY}late")
            IntakeFactory(client=acme)
        end_sessions(work)

    monkeypatch.setattr(erasing, "_end_sessions", go_on)
    serve_data_requests(at=timezone.now())
    request.refresh_from_db()
    assert (request.state, request.error) == ("DONE", "")
    assert not StoredArtifact.objects.filter(client=acme).exists()
    assert places_of(f"{CANARY}late") == set()


def test_is_not_closed_over_work_that_was_begun_at_its_very_end(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    acme = quiet(world)
    request = confirmed(acme)
    prove = proving.prove

    def begin_work(*known: Any) -> Any:
        StoredArtifactFactory(client=acme, text=f"{CANARY}late")
        return prove(*known)

    monkeypatch.setattr(proving, "prove", begin_work)
    serve_data_requests(at=timezone.now())
    request.refresh_from_db()
    assert (request.state, "learning.storedartifact" in request.error) == ("CONFIRMED", True)
    monkeypatch.setattr(proving, "prove", prove)
    serve_data_requests(at=timezone.now() + timedelta(hours=2))
    request.refresh_from_db()
    assert (request.state, request.error) == ("DONE", "")
    assert places_of(f"{CANARY}late") == set()


def test_of_a_client_takes_the_words_of_its_lessons_wherever_they_went(world: World) -> None:
    acme, word = world.clients["acme"], "flywheelish"
    by = UserFactory(is_superuser=True).pk
    lesson = LessonFactory(client=acme, subject=word, claim=f"They dislike {word}.")
    observation = LearningEventFactory(client=acme, context={"reason": word})
    judged = JudgedSectionFactory(client=acme, observation=observation, text=word)
    LessonEvidence.objects.create(lesson=lesson, judged=judged, kind="NAMED")
    lesson.trials.create(draft_id=lesson.pk, sections=[word], tried_at=timezone.now())
    learning.activate_lesson(lesson, by=by, reason=f"No {word}.", at=timezone.now())
    guidance = learning_ports.find_guidance(client_id=acme.pk)
    assert guidance is not None
    handed = {"Guidance": guidance.model_dump(mode="json")}
    WorkflowRun.objects.filter(client=acme).update(inputs=handed)
    Draft._base_manager.filter(client=acme).update(lessons=handed)
    assert {"orchestration_workflowrun.inputs", "observability_auditentry.reason"} <= places_of(word)
    quiet(world)
    seal_audit()
    erased(request_of("ERASURE", client=acme))
    assert places_of(word) == set()
    assert not LessonEvidence.objects.filter(lesson=lesson).exists()


class Killed(BaseException):
    """What a process that dies looks like to its database."""


@pytest.mark.parametrize("place", ["cam.lead", "billing.invoice", "production.draft", "identity.user"])
def test_of_a_client_goes_on_behind_where_a_worker_died(
    world: World, monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    acme = quiet(world)
    User.objects.filter(pk=User.objects.filter(memberships__client=acme).first().pk).update(email=MIA)
    LeadFactory(email=MIA, full_name=f"{CANARY}Mia")
    apply = erasing._apply

    def die(work: Any, table: Any, *rest: Any) -> None:
        if table.label == place:
            raise Killed
        apply(work, table, *rest)

    request = request_of("ERASURE", client=acme)
    serve_data_requests(at=timezone.now())
    request.refresh_from_db()
    services.confirm_erasure(request, by=request.asked_by_id, reason="They asked.", at=timezone.now())
    monkeypatch.setattr(erasing, "_apply", die)
    with pytest.raises(Killed):
        serve_data_requests(at=timezone.now())
    monkeypatch.setattr(erasing, "_apply", apply)
    serve_data_requests(at=timezone.now() + services.LEASE)
    request.refresh_from_db()
    assert (request.state, request.error) == ("DONE", "")
    assert places_of(CANARY) - named_as_kept(request) - OURS == set()
    assert places_of(MIA) - named_as_kept(request) == set()


SERVE = """
import django
django.setup()
from datetime import timedelta
from django.utils import timezone
from apps.orchestration.services.data_requests import serve_data_requests
serve_data_requests(at=timezone.now() + timedelta(minutes=%d))
"""


def test_of_a_person_goes_on_behind_where_the_power_was_cut(transactional_db: None, tmp_path: Path) -> None:
    lead = LeadFactory(email=MIA, full_name="Mia Kade")
    InboundEmailFactory(lead=lead, matched_by="ADDRESS", from_address=MIA, text=f"I am {MIA}")
    request = request_of("ERASURE", address=MIA)
    serve_data_requests(at=timezone.now())
    request.refresh_from_db()
    services.confirm_erasure(request, by=request.asked_by_id, reason="They asked.", at=timezone.now())
    (tmp_path / "erasure.batch@cam.inboundemail person").write_text("kill")
    told = worker_environment() | {"AICMO_FAULTS_DIR": str(tmp_path)}
    ends = []
    for minutes in (0, 15):
        serve = [sys.executable, "-c", SERVE % minutes]
        ends.append(subprocess.run(serve, env=told, timeout=240, check=False).returncode)
        request.refresh_from_db()
        if len(ends) == 1:
            assert request.progress["place"][0] == "cam.inboundemail person"
            assert "cam_lead.email" in places_of(MIA)
    assert (ends, request.state, request.error) == ([-signal.SIGKILL, 0], "DONE", "")
    assert places_of(MIA) == set()
