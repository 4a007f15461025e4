"""Of a lead that is erased …"""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, transaction
from django.db.models import JSONField
from django.db.utils import DatabaseError
from django.utils import timezone
from uuid_utils.compat import uuid7

from aicmo_site.tests.test_personal_data import MIA, erased, named_as_kept, places_of, request_of
from apps.cam.models import Lead
from apps.cam.tests import factories as cam
from apps.identity.models import DataRequest
from apps.orchestration.models import OutboxEvent
from apps.orchestration.queries import personal
from apps.orchestration.services.data_requests import serve_data_requests
from apps.orchestration.workflows.personal_data import POLICY
from apps.shared.gateways import proof

NEEDLE = "NEEDLE"
KEYS = ("email_key", "identity_key", "profile_key", "phone_key", "colleague_key")
"""By which a person is found: hashes, without which nobody would be."""
BY_CAM: dict[str, Callable[[Lead], Any]] = {
    "cam.consent": lambda lead: cam.ConsentFactory(lead=lead),
    "cam.alert": lambda lead: cam.AlertFactory(lead=lead),
    "cam.deal": lambda lead: cam.DealFactory(lead=lead, state="LOST", reason="They said so.", closed_at=timezone.now()),
    "cam.discoveredprofile": lambda lead: cam.DiscoveredProfileFactory(lead=lead, state="ACCEPTED"),
    "cam.duplicatepair": lambda lead: cam.DuplicatePairFactory(lead=lead),
    "cam.inboundemail": lambda lead: cam.InboundEmailFactory(lead=lead, matched_by="ADDRESS", from_address=lead.email),
    "cam.leadmerge": lambda lead: cam.LeadMergeFactory(survivor=lead),
    "cam.leadsubmission": lambda lead: cam.LeadSubmissionFactory(lead=lead),
    "cam.outboundemail": lambda lead: cam.OutboundEmailFactory(lead=lead),
}


def fill(lead: Lead) -> set[str]:
    """Put a needle into every text that the rows of a lead hold and nobody has called plain; return those columns."""
    filled = set()
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        subject = personal.Subject(leads={lead.pk}, addresses={MIA})
        for table in (table for table in POLICY if table.label.startswith("cam.") and table.person):
            skipped = {*getattr(table.person, "plain", ()), *table.address, *KEYS}
            for row in personal.persons_rows(table, subject):
                for column in personal.text_columns(table.model):
                    needle = {"said": NEEDLE} if isinstance(column, JSONField) else NEEDLE
                    if column.name not in skipped and is_set(row, column, needle):
                        filled.add(f"{table.label}.{column.name}")
        cursor.execute("SET LOCAL session_replication_role = DEFAULT")
    return filled


def is_set(row: Any, column: Any, value: Any) -> bool:
    value = value.encode() if column.get_internal_type() == "BinaryField" else value
    try:
        with transaction.atomic():
            type(row)._base_manager.filter(pk=row.pk).update(**{column.attname: value})
    except DatabaseError:
        return False  # a constraint holds it to something else
    return True


def test_no_word_is_left_but_what_the_certificate_names(db: None) -> None:
    lead = cam.LeadFactory(email=MIA, full_name="Mia Kade")
    for make in BY_CAM.values():
        make(lead)
    filled = fill(lead)
    assert {name.rsplit(".", 1)[0] for name in filled} == {*BY_CAM, "cam.lead"}
    assert len(filled) > 50
    request = erased(request_of("ERASURE", address=MIA))
    assert places_of(MIA) == set()
    assert places_of(NEEDLE) - named_as_kept(request) == set()
    assert places_of("They said so.") == set()


def signed() -> OutboxEvent:
    told = {"contact_name": "Mia Kade", "company": "Kade's bakery", "contact_email": MIA}
    about = {"name": "ClientSigned", "aggregate": "cam.deal", "aggregate_id": uuid7(), "occurred_at": timezone.now()}
    return OutboxEvent.objects.create(id=uuid7(), payload=told, **about)


def test_events_lose_their_words_once_they_were_told(db: None) -> None:
    cam.LeadFactory(email=MIA, full_name="Mia Kade")
    event = signed()
    request = request_of("ERASURE", address=MIA)
    serve_data_requests(at=timezone.now())
    request.refresh_from_db()
    assert [words for words in request.preview["blocked"] if "events of people" in words]
    DataRequest.objects.filter(pk=request.pk).update(state="REFUSED")
    OutboxEvent.objects.update(dispatched_at=timezone.now())
    erased(request_of("ERASURE", address=MIA))
    event.refresh_from_db()
    assert event.payload == {}
    assert places_of("Kade's bakery") == set()


def test_what_proof_mode_wrote_to_it_is_removed(db: None, settings: Any, tmp_path: Path) -> None:
    settings.PROOF_FOLDER = tmp_path
    cam.LeadFactory(email=MIA)
    for name, to in (("hers", MIA), ("another's", f"sa{MIA}")):
        proof.write_proof(kind="mail", key=name, content=f"To: {to}\n\nDear …".encode(), at=timezone.now())
    erased(request_of("ERASURE", address=MIA))
    left = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert len(left) == 2
    assert not [path for path in left if b": mia" in path.read_bytes()]


@pytest.mark.parametrize("state", ["ASKED", "PREPARING"])
def test_nothing_goes_while_a_copy_is_not_made(db: None, state: str) -> None:
    cam.LeadFactory(email=MIA)
    copy, request = request_of("EXPORT", address=MIA), request_of("ERASURE", address=MIA)
    DataRequest.objects.filter(pk=copy.pk).update(state=state, next_at=timezone.now() + timedelta(hours=1))
    serve_data_requests(at=timezone.now())
    request.refresh_from_db()
    assert [words for words in request.preview["blocked"] if "copies are asked for" in words]
