"""The portal, to everybody who asks: who is let in, and that nobody sees or changes what is another client's …"""

import re
import sys
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection, transaction
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.operations import RunSQL
from django.db.models import Field
from django.db.utils import ProgrammingError
from django.http import HttpResponse

from aicmo_site.tests import portal_marks, portal_world
from aicmo_site.tests.portal_keys import operations
from aicmo_site.tests.portal_marks import ANY_MARK, CANARY, CHOICES, KEPT, SHORT, WITHOUT_MARK, text_columns
from aicmo_site.tests.portal_table import ALL_SEE, PRINCIPALS, TABLE, expected
from aicmo_site.tests.portal_world import (
    METHODS,
    OF_PAGES,
    World,
    addresses,
    clients_models,
    fingerprint,
    missing,
    told,
)
from apps.client_review.models import Comment, Review
from apps.identity.models import Membership, User
from apps.identity.tests.factories import UserFactory
from apps.shared.rest import views
from apps.shared.rest.guards import HasScope
from apps.shared.row_security import ROLE, acting_for

pytestmark = pytest.mark.django_db

FOREIGN = ("nobody", "approver of acme", "token of an approver", "viewer of acme", "staff: Owner")
"""Who asks for globex's rows by their ids: everybody else holds less."""
SLOW = ("GET /api/schema/",)
"""Made anew for a second at each request, and the same for all: two ask for it."""
PARTS = re.compile(r"{(\w+)}")


@pytest.fixture
def world(settings: Any, tmp_path: Any) -> World:
    settings.MEDIA_ROOT = tmp_path
    settings.PORTAL_LIMITS = {"read": 1_000_000, "write": 1_000_000}
    made = portal_world.made()
    assert portal_marks.mark(made.clients["globex"]) == UNMARKED
    return made


UNMARKED: list[str] = []
"""Columns of globex's that hold no text of its own: a constraint of theirs says what they may be."""


@pytest.fixture
def no_filter(monkeypatch: pytest.MonkeyPatch) -> None:
    """Take the application's filter off, in every module that has it: only PostgreSQL's policies stand."""
    for module in list(sys.modules.values()):
        if getattr(module, "of_client", None) is FILTER:
            monkeypatch.setattr(module, "of_client", lambda rows, client_id: rows)
    assert views.of_client is not FILTER


FILTER = views.of_client


def asked(world: World, who: str, key: str, ids: dict[str, Any], **query: str) -> HttpResponse:
    """Ask, and take back whatever it did."""
    with transaction.atomic():
        answer = world.ask(who, key, ids, query)
        transaction.set_rollback(True)
    return answer


# --- who is let in ----------------------------------------------------------------------------------------------------


def test_has_a_row_for_every_address_and_operation_and_no_other() -> None:
    assert {key.split(" ")[1] for key in TABLE} == set(addresses())
    described = {f"{each.method} {PARTS.sub('{}', each.path)}" for each in operations()}
    assert {PARTS.sub("{}", key) for key in TABLE if "/api/v1/" in key} == described


def test_lets_everybody_in_where_the_table_says_so_and_nowhere_else(world: World) -> None:
    wrong = []
    before = fingerprint(world.clients["globex"])
    for who, principal in PRINCIPALS.items():
        ids = world.ids["acme"] | (world.own.get(who, {}) if principal.of != "globex" else {})
        for key, row in TABLE.items():
            if key in SLOW and who not in FOREIGN[:2]:
                continue
            with transaction.atomic():
                answer = world.ask(who, key, ids)
                if answer.status_code < 400 and not key.startswith("GET") and "globex" not in who:
                    wrong += [f"{who}, {key}: {what} changed" for what in changed(before, world)]
                transaction.set_rollback(True)
            wrong += judged(who, key, answer, expected(key, row, principal))
    assert wrong == [], "\n".join(wrong)


def judged(who: str, key: str, answer: HttpResponse, wanted: tuple[int, ...]) -> Iterator[str]:
    if answer.status_code not in wanted:
        yield f"{who}, {key}: {answer.status_code}, not {wanted}: {told(answer)[-300:]}"
    elif answer.status_code == 302 and 302 not in TABLE[key].answers and "/account/log-in" not in answer["Location"]:
        yield f"{who}, {key}: leads to {answer['Location']}"
    if "globex" not in who and ANY_MARK.search(told(answer)):
        yield f"{who}, {key}: tells {told(answer)}"


def changed(before: dict[str, str], world: World) -> list[str]:
    now = fingerprint(world.clients["globex"])
    return [table for table in before if before[table] != now[table]]


def test_takes_no_method_that_the_table_does_not_name(world: World) -> None:
    wrong = []
    for path in addresses():
        for method in METHODS:
            if (key := f"{method} {path}") in TABLE or (method == "HEAD" and f"GET {path}" in TABLE):
                continue
            for who in ("approver of acme", "nobody"):
                answer = asked(world, who, key, world.ids["acme"])
                refused = answer.status_code in (401, 403, 404, 405) or "/account/log-in" in answer.get("Location", "")
                if not refused and not (method == "OPTIONS" and answer.status_code == 200):
                    wrong.append(f"{who}, {key}: {answer.status_code}")
    assert wrong == [], "\n".join(wrong)


# --- what is another client's -----------------------------------------------------------------------------------------


def test_shows_globex_its_own(world: World) -> None:
    seen = "".join(
        told(asked(world, who, key, world.ids["globex"]))
        for who in ("approver of globex", "token of globex")
        for key in TABLE
        if key.startswith("GET")
    )
    assert set(re.findall(rf"{CANARY}(\w+)", seen)) >= SHOWN
    assert f'"number":"{SHORT} ' in seen, "an invoice's number: what is short is marked, too"


def test_marks_every_text_of_globex_s_or_says_why_not(world: World) -> None:
    texts = text_columns()
    assert set(texts) >= WITHOUT_MARK, "there is no such column any more"
    assert {name for name, column in texts.items() if is_of_a_list(column)} == set(KEPT[CHOICES])
    bare = {
        name
        for kind, path in clients_models()
        for name in (each.name for each in kind._meta.concrete_fields if f"{kind._meta.db_table}.{each.name}" in texts)
        for value in kind._base_manager.filter(**{path: world.clients["globex"].pk}).values_list(name, flat=True)
        if value and f"{kind._meta.db_table}.{name}" not in WITHOUT_MARK and not ANY_MARK.search(repr(value))
    }
    assert bare == set()


def is_of_a_list(column: Field) -> bool:
    return bool((getattr(column, "base_field", None) or column).choices)


SHOWN = {
    "billing_billingaddress",
    "billing_invoiceline",
    "billing_issueddocument",
    "billing_quote",
    "billing_quotedretainer",
    "billing_quoteline",
    "client_review_comment",
    "client_review_review",
    "client_review_revisionrequest",
    "delivery_artifact",
    "delivery_package",
    "identity_apitoken",
    "identity_client",
    "identity_user",
    "onboarding_brief",
    "onboarding_draftattachment",
    "onboarding_intakedraft",
    "orchestration_webhookdelivery",
    "orchestration_webhookendpoint",
    "production_calendaritem",
    "production_draft",
    "production_draftsection",
    "reporting_metricpoint",
    "reporting_report",
    "strategy_channelplan",
    "strategy_kpi",
    "strategy_milestone",
    "strategy_strategy",
}
"""Tables whose marks stand in what globex is shown itself: where there was none, none could be found with acme."""


def leaks(world: World, who_asks: tuple[str, ...] = FOREIGN, about: str = "") -> list[str]:
    """Ask for every row of globex's by its id, and return what is another answer than to an id that is nowhere."""
    wrong, before = [], fingerprint(world.clients["globex"])
    for who in who_asks:
        for key, ids in ((key, ids) for key, ids in foreign(world) if about in key):
            there, nowhere = (told(asked(world, who, key, each)) for each in (ids, missing_as(ids, world)))
            if there != nowhere or ANY_MARK.search(there):
                wrong.append(f"{who}, {key}: {there[:300]} and not {nowhere[:300]}")
    wrong += [f"{table} changed" for table in changed(before, world)]
    return wrong + list(leaks_of_lists(world))


def foreign(world: World) -> Iterator[tuple[str, dict[str, Any]]]:
    """Give every row of the table that takes ids, with globex's in each place, and in all."""
    acme, globex = world.ids["acme"], world.ids["globex"]
    for key, row in TABLE.items():
        names = [name for name in PARTS.findall(key) if name not in ("signed", "secret")]
        places = [key.split("/")[3] if name == "pk" else OF_PAGES.get(name, name) for name in names]
        places += ["clients"] if row.is_foreign else []
        for place in places:
            yield key, acme | {place: globex[place]}
        if len(places) > 1:
            yield key, acme | {place: globex[place] for place in places}
        if "intakes" in places:
            yield key, acme | {"intakes": globex["submitted"]}
        if "strategies" in places:
            yield key, acme | {"strategies": globex["approved"]}


def missing_as(ids: dict[str, Any], world: World) -> dict[str, Any]:
    """Return the ids with those that are globex's in place of others that are nowhere."""
    theirs, none = set(world.ids["globex"].values()), missing(ids)
    return {name: none[name] if value in theirs else value for name, value in ids.items()}


def leaks_of_lists(world: World) -> Iterator[str]:
    globex, nowhere = world.ids["globex"], missing(world.ids["globex"])
    for operation in (each for each in operations() if each.is_list):
        key = next(key for key in TABLE if PARTS.sub("", key) == PARTS.sub("", f"GET {operation.path}"))
        said = told(asked(world, "token of an approver", key, world.ids["acme"]))
        if ANY_MARK.search(said):
            yield f"{key}: {said[:300]}"
        for name in (each for each in operation.parameters if each.endswith("_id")):
            kind = {"strategy_id": "strategies"}.get(name, name.removesuffix("_id") + "s")
            theirs, none = (
                told(asked(world, "token of an approver", key, world.ids["acme"], **{name: str(ids[kind])}))
                for ids in (globex, nowhere)
            )
            if theirs != none or '"results":[]' not in theirs:
                yield f"{key}?{name}=: {theirs[:300]} and not {none[:300]}"


def test_answers_for_another_client_s_row_as_for_none(world: World) -> None:
    found = leaks(world)
    assert found == [], "\n".join(found)


@pytest.mark.usefixtures("no_filter")
def test_does_so_by_the_database_alone(world: World) -> None:
    found = leaks(world, FOREIGN[1:4])
    assert found == [], "\n".join(found)


@pytest.mark.usefixtures("no_filter")
def test_would_tell_a_table_that_neither_lock_holds(world: World) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE production_draft DISABLE ROW LEVEL SECURITY")
    found = leaks(world, ("viewer of acme",), about="/drafts")
    assert {each.split(": ")[0] for each in found} == {"viewer of acme, GET /api/v1/drafts/{pk}", "GET /api/v1/drafts"}


def test_would_tell_an_address_that_another_may_use(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(HasScope, "has_permission", lambda *_: True)
    answer = asked(world, "token to billing", "GET /api/v1/drafts", world.ids["acme"])
    key, who = "GET /api/v1/drafts", "token to billing"
    assert list(judged(who, key, answer, expected(key, TABLE[key], PRINCIPALS[who])))


# --- the second lock --------------------------------------------------------------------------------------------------

RIGHTS = ("SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE", "REFERENCES", "TRIGGER")


def rights() -> dict[str, set[str]]:
    """Return what the portal's role may do with which tables, by whatever grant."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname, may FROM pg_class, unnest(%s::text[]) AS may WHERE relnamespace = 'public'::regnamespace"
            " AND relkind IN ('r', 'p', 'v', 'm', 'f') AND (has_table_privilege(%s, oid, may) OR CASE"
            " WHEN may IN ('SELECT', 'INSERT', 'UPDATE', 'REFERENCES')"
            " THEN has_any_column_privilege(%s, oid, may) ELSE false END)",
            [list(RIGHTS), ROLE, ROLE],
        )
        found: dict[str, set[str]] = {}
        for table, may in cursor.fetchall():
            found.setdefault(table, set()).add(may)
    return found


def granted() -> dict[str, set[str]]:
    """Return the rights that migrations name."""
    loader, found = MigrationLoader(connection), {}
    for migration in loader.disk_migrations.values():
        for operation in (each for each in migration.operations if isinstance(each, RunSQL)):
            for may, table in re.findall(
                rf"GRANT ([A-Z, ]+)(?: \([a-z_, ]+\))? ON (\w+) TO {ROLE}", str(operation.sql)
            ):
                found.setdefault(table, set()).update(may.split(", "))
    return found


def test_gives_the_portal_the_rights_that_migrations_name() -> None:
    assert rights() == granted()


def unlocked() -> set[str]:
    """Return the tables that the portal may use of which no policy holds back other clients' rows."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tablename FROM pg_policies JOIN pg_class ON relname = tablename AND relrowsecurity"
            " WHERE roles = ARRAY[%s]::name[] AND cmd = 'ALL' AND qual = with_check AND permissive = 'PERMISSIVE'"
            " AND qual ~ 'aicmo.client|EXISTS'",
            [ROLE],
        )
        return set(rights()) - {table for (table,) in cursor.fetchall()}


def test_has_a_policy_on_every_table_that_belongs_to_a_client() -> None:
    assert {table: "".join(rights()[table]) for table in unlocked()} == ALL_SEE
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_policies GROUP BY 1 HAVING count(*) > 1")
        assert cursor.fetchall() == [], "a second policy would widen the first"
        cursor.execute("SELECT rolsuper, rolbypassrls, rolcreaterole FROM pg_roles WHERE rolname = %s", [ROLE])
        assert cursor.fetchall() == [(False, False, False)]


def test_would_tell_a_table_without_a_policy_and_a_right_too_many() -> None:
    with connection.cursor() as cursor:
        cursor.execute("DROP POLICY of_client ON production_draft")
        cursor.execute(f"GRANT SELECT (id) ON qc_qcreport TO {ROLE}")
    assert "production_draft" in unlocked()
    assert rights() != granted()


def test_shows_of_people_names_and_of_those_alone_who_belong_to_the_client_or_wrote_to_it(world: World) -> None:
    acme, globex = world.clients["acme"], world.clients["globex"]
    staff, gone = UserFactory(is_staff=True), UserFactory()
    for client, author in ((acme, staff), (acme, gone), (globex, UserFactory(is_staff=True))):
        review = Review.objects.get(client=client)
        Comment.objects.create(review=review, side="STAFF", text="Thank you.", author=author)
    theirs = set(Membership.objects.filter(client=acme).values_list("user_id", flat=True))
    with acting_for(acme.pk):
        assert set(User.objects.order_by("pk").values_list("pk", flat=True)) == theirs | {staff.pk, gone.pk}
        assert len(User.objects.order_by("pk").values_list("full_name", "is_active")) == len(theirs) + 2
        for column in {each.attname for each in User._meta.concrete_fields} - {"id", "full_name", "is_active"}:
            with (
                pytest.raises(ProgrammingError, match="permission denied for table identity_user"),
                transaction.atomic(),
            ):
                list(User.objects.order_by().values_list(column, flat=True))


ASKED_IN = {"identity.datarequest": "asked_in"}
"""Whose rows the portal shows by where they were asked for, whomever they are about."""


def test_shows_no_row_of_another_in_any_table(world: World) -> None:
    acme, readable = world.clients["acme"].pk, {table for table, may in rights().items() if "SELECT" in may}
    empty = set()
    for kind, path in clients_models():
        if kind._meta.db_table not in readable:
            continue
        path = ASKED_IN.get(kind._meta.label_lower, path)
        with acting_for(acme):
            found = list(kind._base_manager.values_list("pk", flat=True))
        theirs = kind._base_manager.filter(**{path: acme})
        assert set(found) == set(theirs.values_list("pk", flat=True)), kind
        if not kind._base_manager.exclude(**{path: acme}).exists():
            empty.add(kind._meta.db_table)
    assert empty == set(), "globex has no row there to be seen"
