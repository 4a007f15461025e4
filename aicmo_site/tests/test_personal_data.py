"""What is kept of a client or a person …"""

import io
import json
import zipfile
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.contrib.auth.hashers import make_password
from django.core.files.storage import default_storage
from django.db import connection
from django.db.models import Model
from django.utils import timezone

from aicmo_site.tests import portal_marks
from aicmo_site.tests.portal_marks import CANARY, mark, text_columns
from aicmo_site.tests.portal_world import World, fingerprint, made
from apps.cam.models import InboundEmail, Lead, Suppression
from apps.cam.services.wishes import suppression_of
from apps.cam.tests.factories import InboundEmailFactory, LeadFactory
from apps.identity import services
from apps.identity.models import Client, DataRequest, User
from apps.identity.tests.factories import UserFactory
from apps.observability import queries as audit
from apps.observability.models import AuditEntry
from apps.observability.services import seal_audit
from apps.orchestration.queries import personal
from apps.orchestration.services.data_requests import serve_data_requests
from apps.orchestration.workflows.personal_data import POLICY, Anonymise, Keep, Nobody
from apps.shared.scope import path_to_client

BY_TABLE = {table.label: table for table in POLICY}
OF_TESTS = {"probe"}


def models() -> list[type[Model]]:
    found = apps.get_models(include_auto_created=True)
    return [model for model in found if model._meta.app_label not in OF_TESTS]


# --- the declaration --------------------------------------------------------------------------------------------------


def test_is_declared_for_every_table() -> None:
    assert {model._meta.label_lower for model in models()} == set(BY_TABLE)
    assert len(POLICY) == len(BY_TABLE)


def test_is_declared_for_every_row_that_belongs_to_a_client() -> None:
    exempt = {"observability.auditentry", "observability.auditseal", "observability.auditredaction"}
    of_clients = {model._meta.label_lower for model in models() if path_to_client(model)} - exempt
    assert [label for label in sorted(of_clients) if isinstance(BY_TABLE[label].client, Nobody | None)] == []


def undeclared(table: Any) -> Iterator[str]:
    for fate in (table.client, table.person):
        if isinstance(fate, Keep | Anonymise):
            named = {*fate.holds, *fate.plain, *getattr(fate, "blank", ()), *(getattr(fate, "also", None) or ())}
            named |= {*getattr(fate, "names", ()), *getattr(fate, "addresses", ())}
            yield from (f"{table.label}.{c.name}" for c in personal.text_columns(table.model) if c.name not in named)


def test_is_declared_for_every_column_of_text_that_stays() -> None:
    assert sorted({name for table in POLICY for name in undeclared(table)}) == []


def test_names_columns_that_exist() -> None:
    for table in POLICY:
        known = {column.name for column in table.model._meta.get_fields()} | {
            column.attname for column in table.model._meta.concrete_fields
        }
        for fate in (table.client, table.person):
            for part in ("blank", "names", "addresses", "holds", "plain", "unlink"):
                assert set(getattr(fate, part, ())) <= known, table.label
        assert {*table.files, *table.hidden, *table.says, *table.mentions} <= known, table.label


# --- a client ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def world(db: None, monkeypatch: pytest.MonkeyPatch) -> World:
    world = made()
    acme = world.clients["acme"]
    keys = {(table, path): keys_of(table, path, acme) for table in POLICY for path in table.files}
    mark(acme)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        for (table, path), rows in keys.items():  # marked, no file would be found
            for pk, key in rows.items():
                table.model._base_manager.filter(pk=pk).update(**{path: key})
        cursor.execute("SET LOCAL session_replication_role = DEFAULT")
    monkeypatch.setattr(portal_marks, "CANARY", "GLOBEX-")
    monkeypatch.setattr(portal_marks, "SHORT", "GLBX")
    mark(world.clients["globex"])
    return world


QUIET = (
    ("orchestration_workflowrun", "state = 'COMPLETED', finished_at = now(), wake_at = NULL, lease_until = NULL", ""),
    ("billing_invoice", "state = 'PAID', paid = total - credited", "number IS NOT NULL"),
    ("billing_retainer", "state = 'ENDED', next_date = NULL", ""),
    ("billing_checkout", "state = 'PAID'", ""),
    ("onboarding_intakeinvitation", "state = 'SENT'", ""),
    ("retention_survey", "state = 'SENT'", ""),
    ("billing_quoteletter", "state = 'SENT'", ""),
    ("billing_reminderletter", "state = 'SENT'", ""),
    ("reporting_reportletter", "state = 'SENT'", ""),
    ("client_review_notice", "state = 'SENT'", ""),
    ("orchestration_outboxevent", "dispatched_at = now()", ""),
)


def quiet(world: World) -> Client:
    """End what forbids an erasure: nobody pays, runs or writes to acme any more."""
    acme = world.clients["acme"]
    tables = {table.model._meta.db_table: table.model for table in POLICY}
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        for table, what, which in QUIET:
            path = path_to_client(tables[table]) or "client_id"
            rows = tables[table]._base_manager.filter(**{path: acme.pk})
            where = f"id = ANY(%s) {which and 'AND'} {which}"
            cursor.execute(f"UPDATE {table} SET {what} WHERE {where}", [list(rows.values_list("pk", flat=True))])
        cursor.execute("SET LOCAL session_replication_role = DEFAULT")
    return acme


def request_of(kind: str, *, client: Client | None = None, address: str = "") -> DataRequest:
    DataRequest.objects.filter(client=client, state="ASKED").update(state="REFUSED")  # the world's own
    by = UserFactory(is_superuser=True).pk
    said = {"kind": kind, "client": client, "address": address, "note": "By letter."}
    return services.open_datarequest(**said, by=by, at=timezone.now())


def erased(request: DataRequest) -> DataRequest:
    serve_data_requests(at=timezone.now())
    request.refresh_from_db()
    assert request.preview["blocked"] == []
    services.confirm_erasure(request, by=request.asked_by_id, reason="They asked.", at=timezone.now())
    serve_data_requests(at=timezone.now())
    request.refresh_from_db()
    assert (request.state, request.error) == ("DONE", "")
    return request


def places_of(word: str) -> set[str]:
    """Return every column of every table in which a word stands."""
    found = set()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name, column_name, data_type FROM information_schema.columns WHERE table_schema = 'public'"
        )
        for table, column, kind in cursor.fetchall():
            if kind not in ("character varying", "text", "jsonb", "bytea", "ARRAY"):
                continue
            text = f"encode(\"{column}\", 'escape')" if kind == "bytea" else f'"{column}"::text'
            cursor.execute(f'SELECT 1 FROM "{table}" WHERE {text} ILIKE %s LIMIT 1', [f"%{word}%"])
            if cursor.fetchone():
                found.add(f"{table}.{column}")
    return found


def test_of_a_client_goes_but_for_what_the_certificate_names(world: World, settings: Any, tmp_path: Path) -> None:
    settings.PUBLISH_FOLDER = tmp_path
    acme, globex = quiet(world), world.clients["globex"]
    seal_audit()
    before = fingerprint(globex)
    keys = [key for table in POLICY for path in table.files for key in keys_of(table, path, acme).values()]
    assert len([key for key in keys if default_storage.exists(key)]) > 3
    for publication in BY_TABLE["delivery.publication"].model.objects.all():
        (tmp_path / str(publication.pk)).mkdir()
    request = erased(request_of("ERASURE", client=acme))
    of_others = BY_TABLE["delivery.publication"].model.objects.values_list("pk", flat=True)
    assert {path.name for path in tmp_path.iterdir()} == set(map(str, of_others))
    left = places_of(CANARY) | places_of("CNRY")
    assert left - named_as_kept(request) - OURS == set()
    assert "billing_invoiceline.description" in left
    assert fingerprint(globex) == before
    assert [key for key in keys if default_storage.exists(key)] == []
    assert request.kept_until_date.year == timezone.now().year + 10
    acme.refresh_from_db()
    assert (acme.status, acme.contact_email, acme.slug) == ("ENDED", "", f"erased-{acme.pk}")


def named_as_kept(request: DataRequest) -> set[str]:
    """Return the columns that a certificate names, as `places_of` does."""
    return {
        f"{row['table'].replace('.', '_')}.{name}" for row in request.certificate["kept"] for name in row["columns"]
    }


OURS = {
    *(
        "billing_invoice.number",
        "billing_creditnote.number",
        "billing_quote.number",
        "identity_datarequest.file_sha256",
    ),
    *("observability_auditentry.action", "observability_auditentry.object_type", "observability_auditentry.request_id"),
}
"""Columns whose words are of our making alone, and which the marks fill all the same."""


def keys_of(table: Any, column: str, client: Client) -> dict[Any, str]:
    rows = table.model._base_manager.filter(**{path_to_client(table.model): client.pk}).exclude(**{column: ""})
    return {pk: str(key) for pk, key in rows.values_list("pk", column)}


def test_of_a_client_leaves_the_chains_of_the_audit_whole(world: World) -> None:
    acme = quiet(world)
    seal_audit()
    assert audit.audit_breaks() == ()
    erased(request_of("ERASURE", client=acme))
    seal_audit()
    assert audit.audit_breaks() == ()
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(
            "UPDATE observability_auditentry SET reason = 'x' WHERE facts ? 'erased_by' AND client_id = %s", [acme.pk]
        )
        cursor.execute("SET LOCAL session_replication_role = DEFAULT")
    assert {each.problem for each in audit.audit_breaks()} == {"ENTRY_EDITED"}


def test_of_a_client_is_not_erased_while_something_is_open(world: World) -> None:
    acme = world.clients["acme"]
    request = request_of("ERASURE", client=acme)
    serve_data_requests(at=timezone.now())
    request.refresh_from_db()
    assert len(request.preview["blocked"]) >= 2
    with pytest.raises(services.DataRequestRefused, match="Not yet"):
        services.confirm_erasure(request, by=request.asked_by_id, reason="They asked.", at=timezone.now())


def zip_of(request: DataRequest) -> zipfile.ZipFile:
    serve_data_requests(at=timezone.now())
    request.refresh_from_db()
    assert (request.state, request.error) == ("READY", "")
    with default_storage.open(request.file_key) as stored:
        return zipfile.ZipFile(io.BytesIO(stored.read()))


def test_of_a_client_is_exported_whole_and_nothing_of_another(world: World) -> None:
    acme = world.clients["acme"]
    archive = zip_of(request_of("EXPORT", client=acme))
    said = {name: archive.read(name).decode("utf-8", "replace") for name in archive.namelist()}
    everything = "".join(said.values())
    assert "GLOBEX-" not in everything
    hidden = {f"{table.label.replace('.', '_')}.{name}" for table in POLICY for name in table.hidden}
    marked = {name.split(".")[0] for name in places_of(CANARY)}
    missing = [table for table in sorted(marked) if f"{CANARY}{table}" not in everything]
    assert missing == []
    assert "orchestration_webhookendpoint.secret" in hidden


def test_is_exported_as_the_same_bytes_but_for_the_time(world: World) -> None:
    acme = world.clients["acme"]
    archives = []
    for _ in range(2):
        request = request_of("EXPORT", client=acme)
        archives.append(zip_of(request))
        manifest = json.loads(archives[-1].read("manifest.json"))
        DataRequest.objects.all().delete()
        for file in (each for each in manifest["files"] if not each.get("missing")):
            assert len(archives[-1].read(file["name"])) == file["bytes"]
    of_now = ("manifest", "audit", "tables/identity.datarequest", "tables/orchestration.outboxevent")
    one, other = ({name: a.read(name) for name in a.namelist() if not name.startswith(of_now)} for a in archives)
    assert one == other


# --- a person ---------------------------------------------------------------------------------------------------------

MIA = "mia.kade@bakery.example"


def test_of_a_lead_goes_and_it_is_never_written_to_again(db: None) -> None:
    lead = LeadFactory(email=MIA, full_name="Mia Kade", company="Bakery")
    other = LeadFactory(email="jon@bakery.example", full_name="Jon", raw={"colleague": f"Ask {MIA}."})
    InboundEmailFactory(lead=lead, matched_by="ADDRESS", from_address=MIA, text=f"I am {MIA}")
    seal_audit()
    request = erased(request_of("ERASURE", address=MIA))
    assert places_of(MIA) == set()
    lead.refresh_from_db()
    other.refresh_from_db()
    assert (lead.full_name, other.full_name) == ("", "Jon")
    assert suppression_of(MIA).reason == Suppression.Reason.ERASED
    assert suppression_of(MIA).shown == ""
    assert request.address == ""
    seal_audit()
    assert audit.audit_breaks() == ()
    assert AuditEntry.objects.filter(action="PersonErased", object_id=request.pk).exists()


def test_of_a_lead_leaves_whoever_has_an_address_like_it_as_they_are(db: None) -> None:
    LeadFactory(email=MIA, full_name="Mia Kade")
    like = [f"sa{MIA}", f"{MIA}v", f"{MIA}.au", MIA.replace(".", "-", 1)]
    others = [LeadFactory(email=each, raw={"is": each, "knows": f"Ask\n{MIA}."}).pk for each in like]
    colleague = UserFactory(email=f"o.{MIA}")
    services.change_user(colleague, by=colleague.pk)
    said = {pk: Lead.objects.get(pk=pk).email for pk in others}
    erased(request_of("ERASURE", address=MIA.upper()))
    assert {pk: Lead.objects.get(pk=pk).email for pk in others} == said
    assert [Lead.objects.get(pk=pk).raw["is"] for pk in others] == like
    assert {Lead.objects.get(pk=pk).raw["knows"] for pk in others} == {"Ask\nerased@erased.invalid."}
    assert User.objects.get(pk=colleague.pk).email == f"o.{MIA}"


def test_of_a_lead_goes_from_mails_that_are_kept_as_they_came(db: None) -> None:
    LeadFactory(email=MIA, full_name="Mia Kade")
    jon = LeadFactory(email="jon@bakery.example", full_name="Jon")
    raw = f"From: jon@bakery.example\r\nCc: {MIA.title()}\r\n\r\nGr\u00fc\u00dfe \\ \x00 {MIA}".encode()
    mail = InboundEmailFactory(lead=jon, matched_by="ADDRESS", from_address="jon@bakery.example", raw=raw)
    erased(request_of("ERASURE", address=MIA))
    mail.refresh_from_db()
    clean = raw.lower().replace(MIA.encode(), b"erased@erased.invalid")
    assert bytes(mail.raw).lower() == clean


def test_of_a_client_s_person_goes_and_the_client_s_work_stays(world: World) -> None:
    acme = quiet(world)
    person = User.objects.filter(memberships__client=acme).first()
    User.objects.filter(pk=person.pk).update(email=MIA, full_name="Mia Kade", password=make_password("x"))
    drafts = fingerprint(acme)["production_draft"]
    erased(request_of("ERASURE", address=MIA))
    person.refresh_from_db()
    assert (person.is_active, person.full_name, person.memberships.count()) == (False, "", 0)
    assert places_of(MIA) == set()
    assert fingerprint(acme)["production_draft"] == drafts


def test_of_a_person_is_exported_by_address(db: None) -> None:
    lead = LeadFactory(email=MIA, full_name="Mia Kade")
    LeadFactory(email="jon@bakery.example", full_name="Jon Other")
    InboundEmailFactory(lead=lead, matched_by="ADDRESS", from_address=MIA, text="Hello from Mia")
    archive = zip_of(request_of("EXPORT", address=MIA))
    everything = "".join(archive.read(name).decode() for name in archive.namelist())
    assert "Hello from Mia" in everything
    assert "Jon Other" not in everything
    assert (Lead.objects.count(), InboundEmail.objects.count()) == (2, 1)


# --- what is refused --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("wrong", "word"),
    [({"address": ""}, "one of them"), ({"note": " "}, "note is empty"), ({"kind": "COPY"}, "COPY")],
)
def test_is_not_asked_for_by_half(db: None, wrong: dict[str, str], word: str) -> None:
    said = {"kind": "EXPORT", "client": None, "address": MIA, "note": "By letter.", **wrong}
    with pytest.raises(ValueError, match=word):
        services.open_datarequest(**said, by=UserFactory().pk, at=timezone.now())


def test_is_asked_for_once_at_a_time(db: None) -> None:
    request_of("ERASURE", address=MIA)
    with pytest.raises(services.DataRequestRefused, match="already"):
        request_of("ERASURE", address=MIA.upper())


def test_is_served_by_one_worker_at_a_time(db: None) -> None:
    request, now = request_of("EXPORT", address=MIA), timezone.now()
    assert services.claim_request(request.pk, at=now)
    assert not services.claim_request(request.pk, at=now)
    assert serve_data_requests(at=now + timedelta(minutes=14)) == 0
    assert serve_data_requests(at=now + timedelta(minutes=15)) == 1


def test_of_an_export_is_removed_after_two_weeks(db: None, settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path
    request = request_of("EXPORT", address=MIA)
    zip_of(request)
    key = request.file_key
    assert services.remove_exports(at=timezone.now() + timedelta(days=13)) == 0
    assert services.remove_exports(at=timezone.now() + timedelta(days=15)) == 1
    assert not default_storage.exists(key)


def test_marks_every_text() -> None:
    assert len(text_columns()) > 100
