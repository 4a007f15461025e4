"""Every operation of the portal's API …"""

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.apps import apps
from django.db import connection
from django.http import HttpResponse
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext

from aicmo_site.tests.portal_keys import TOLD, Operation, keys_of, operations, told
from aicmo_site.tests.portal_work import work_of
from apps.identity.models import Client, Membership
from apps.identity.tests.factories import MembershipFactory, Portal
from apps.onboarding import rules
from apps.orchestration.models import WorkflowRun

pytestmark = pytest.mark.django_db

ALL = operations()
READS = [each for each in ALL if each.method == "GET" and "signed" not in each.path]
LISTS = [each for each in ALL if each.is_list]
BODIES = [each for each in ALL if each.takes_json]
MISSING = "019a0000-0000-7000-8000-000000000000"
MOST_QUERIES = 10


@pytest.fixture
def approver(acme: Client, settings: Any, tmp_path: Any) -> Membership:
    settings.MEDIA_ROOT = tmp_path
    settings.PORTAL_LIMITS = {"read": 100_000, "write": 100_000}
    acme.approves_strategies = True
    acme.save()
    return MembershipFactory(client=acme, role="APPROVER")


@pytest.fixture
def portal(approver: Membership) -> Portal:
    return Portal(approver)


@pytest.fixture
def ids(portal: Portal, approver: Membership) -> dict[str, Any]:
    return work_of(approver.client, approver)


def rows() -> dict[str, list[Any]]:
    """Return all rows that people's work consists of; when a token was last used is no change."""
    kinds = [kind for kind in apps.get_models() if kind.__module__.startswith("apps.")]
    ordered = {kind._meta.label: kind._default_manager.order_by("pk").values_list() for kind in kinds}
    return {name: list(found) for name, found in ordered.items() if name != "identity.ApiToken"}


def refuses_well(answer: HttpResponse) -> bool:
    return 400 <= answer.status_code < 500 and answer["Content-Type"] == "application/problem+json"


@pytest.fixture
def send(portal: Portal, ids: dict[str, Any]) -> Callable[..., HttpResponse]:
    """Send a body to an operation, with the ETag that it wants."""
    tags: dict[str, str] = {}

    def sent(operation: Operation, body: Any, **headers: str) -> HttpResponse:
        path = operation.filled(ids)
        if "If-Match" in operation.headers:
            row = path if operation.path.endswith("{id}") else path.rpartition("/")[0]
            headers["If_Match"] = tags.get(path) or tags.setdefault(path, portal.get(row)["ETag"])
        answer = portal.send(operation.method, path, body, **headers)
        if answer.status_code < 300:
            tags.clear()
        return answer

    return sent


def test_tells_the_keys_that_somebody_has_looked_at() -> None:
    assert told() == json.loads(TOLD.read_text()), "read the difference, then: python -m aicmo_site.tests.portal_keys"


@pytest.mark.parametrize("operation", READS, ids=str)
def test_tells_each_role_what_is_written_down_for_it(approver: Membership, ids: dict[str, Any], operation: Any) -> None:
    known = json.loads(TOLD.read_text())[str(operation)]
    for role in ("APPROVER", "VIEWER"):
        answer = Portal(MembershipFactory(client=approver.client, role=role)).get(operation.filled(ids))
        if "tokens/{id}" in operation.path or (role == "VIEWER" and "data-requests/{id}" in operation.path):
            assert answer.status_code == 404  # of another membership, and of who decides for the client
        elif role not in known["roles"]:
            assert answer.status_code == 403
        elif operation.answer:
            assert answer.status_code == 200
            assert keys_of(_without_free_keys(answer.json())) <= set(known["keys"])


def _without_free_keys(answer: Any) -> Any:
    return {**answer, "answers": None} if isinstance(answer, dict) and "answers" in answer else answer


@pytest.mark.parametrize("operation", [each for each in READS if each.is_list], ids=str)
def test_has_rows_to_be_tried_with(portal: Portal, ids: dict[str, Any], operation: Any) -> None:
    assert portal.get(operation.filled(ids)).json()["results"], f"work_of lacks a row for {operation}"


@pytest.mark.parametrize("operation", READS, ids=str)
def test_asks_the_same_few_questions_for_one_row_as_for_many(
    portal: Portal, approver: Membership, ids: dict[str, Any], operation: Any
) -> None:
    def count() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert portal.get(operation.filled(ids)).status_code == 200
        return len(queries)

    count()  # the first notes that the token was used
    few = count()
    for _ in range(2):
        work_of(approver.client, approver)
    assert few == count() <= MOST_QUERIES


@pytest.mark.parametrize(
    "operation", [each for each in READS if each.answer and "If-None-Match" in each.headers], ids=str
)
def test_is_not_sent_again_to_who_has_it(portal: Portal, ids: dict[str, Any], operation: Any) -> None:
    path = operation.filled(ids)
    tag = portal.get(path)["ETag"]
    again = portal.get(path, If_None_Match=tag)
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", tag)


def test_shows_what_a_run_has_delivered(run: WorkflowRun) -> None:
    portal = Portal(MembershipFactory(client=run.client, role="VIEWER"))
    (draft,) = portal.get("drafts").json()["results"]
    assert (draft["round"], draft["state"]) == (1, "READY")
    assert portal.get(f"runs/{run.pk}").json()["percent"] == 100


# --- bodies -----------------------------------------------------------------------------------------------------------


def columns() -> Iterator[str]:
    for kind in apps.get_models():
        if kind.__module__.startswith("apps."):
            yield from (field.attname for field in kind._meta.concrete_fields)


@pytest.mark.parametrize("operation", BODIES, ids=str)
def test_sets_no_column_that_it_does_not_name(send: Callable[..., HttpResponse], operation: Any) -> None:
    foreign = {name: "x" for name in columns() if name not in operation.fields}
    assert len(foreign) > 150
    before = rows()
    answer = send(operation, foreign)
    assert rows() == before
    if answer.status_code != 403:  # as of a token that would issue another
        assert answer.status_code == 400
        assert set(foreign) <= {each["field"] for each in answer.json()["errors"]}


SHAPES: tuple[Any, ...] = (
    None, True, False, 0, -1, 1.5, 10**30, -(10**400), "", " ", "x" * 70_000, "\x07", "\u202e", "\ufffe", "é" * 5_000,
    [], [[]], [None], [{}], ["x"] * 2_000, [[[[[[[[[[[[]]]]]]]]]]]], {}, {"": ""}, {"a": {}}, {"$ref": "x"},
    {"__proto__": {"admin": True}}, {"id": MISSING}, {"client_id": MISSING}, {str(n): n for n in range(900)},
    {"a": {"a": {"a": {"a": {"a": {"a": {"a": {"a": {"a": {"a": {"a": 1}}}}}}}}}}}, "2026-02-30",
    "0001-01-01T00:00:00+14:00",
    "9999-12-31T23:59:59-14:00", MISSING, "{{7*7}}", "<script>", "' OR 1=1 --", "%s%n", "${jndi:ldap://x}", "../../x",
)  # fmt: skip
RAW = (
    b"", b"{", b"}", b"\xff\xfe", b"\xef\xbb\xbf{}", b"nul", b"NaN", b'{"a": Infinity}', b'{"a": 1, "a": 2}',
    b"[" * 90_000,
    b'{"a":' * 5_000, b'"\\ud800"', b'{"\\u0000": 1}', b"1e999999", b"9" * 5_000, b'{"a": "\x01"}', b"'a'", b"a=b&c=d",
)  # fmt: skip


@pytest.mark.parametrize("operation", BODIES, ids=str)
def test_bears_a_body_of_any_shape(send: Callable[..., HttpResponse], operation: Any) -> None:
    bodies = [*RAW, *SHAPES, *({name: shape} for name in operation.fields for shape in SHAPES)]
    for body in bodies:
        answer = send(operation, body)
        assert answer.status_code < 300 or refuses_well(answer), (body, answer.status_code, answer.content[:300])


OTHER_KINDS = (
    *("text/plain", "application/xml", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"),
    *("nonsense", "application/json; charset=bz2_codec"),
)


@pytest.mark.parametrize("operation", BODIES, ids=str)
def test_takes_json_alone(send: Callable[..., HttpResponse], operation: Any) -> None:
    for kind in OTHER_KINDS:
        answer = send(operation, b'{"name": "x"}', **{"Content-Type": kind})
        assert refuses_well(answer), kind
        assert answer.status_code in (415, 403, 400), kind


@pytest.mark.parametrize("operation", [each for each in ALL if each.method in ("POST", "PATCH")], ids=str)
@pytest.mark.parametrize("keyed", [{}, {"Idempotency_Key": "a"}], ids=["plain", "keyed"])
def test_refuses_a_body_that_is_too_large(
    portal: Portal, ids: dict[str, Any], operation: Any, keyed: dict[str, str]
) -> None:
    path = operation.filled(ids)
    assert portal.post(path, b'{"a": "' + b"a" * 2_000_000 + b'"}', **keyed).status_code == 413
    form = {"Content-Type": "multipart/form-data; boundary=x"}
    assert portal.post(path, b"a" * 12_000_000, **form, **keyed).status_code == 413


def test_refuses_a_form_of_thousands_of_fields_or_files(portal: Portal, ids: dict[str, Any]) -> None:
    path = f"intakes/{ids['intakes']}/attachments"
    field = 'Content-Disposition: form-data; name="a{n}"{file}\r\n\r\nx\r\n--x\r\n'
    for file in ("", '; filename="a.txt"'):
        body = "--x\r\n" + "".join(field.format(n=n, file=file) for n in range(2_000))
        answer = portal.post(path, body.encode(), **{"Content-Type": "multipart/form-data; boundary=x"})
        assert refuses_well(answer), answer.content


TEXTS = (
    "Ünïcödé", "客户", "עברית", "العربية", "हिन्दी", "🥐👨‍👩‍👧‍👦", "e\u0301", "\u00e9", "\u202eevil", "\u2066x\u2069",
    "a\u200bb", "\ufeffx",
    "\u2028", "\u2029", "Z̸͔̈a̷l̴g̷o̵", "ﷺ", "\U000e0041", "\t tab", "line\nline", "quote\"'`", "<b>", "&amp;", "\\",
    "%00", "null",
    "NaN", "{{x}}", "{% x %}", "=1+1", "+49 30 123", "-1", "@sum", "＝1", "Ω", "ｆｕｌｌ", "ß", "İ", "ı",
    "\u00a0", "0x41",
    "١٢٣",
)  # fmt: skip
UNSTORABLE = ("a\x00b", "\x07", "\x1b[31m", "\x85", "\ufffe", "a\r\nb", "\x7f")


def test_gives_an_answer_back_as_it_is_stored_or_refuses_it(portal: Portal) -> None:
    begun = portal.post("intakes", {})
    path, tag = f"intakes/{begun.json()['id']}", begun["ETag"]
    for text in (*TEXTS, *UNSTORABLE):
        answer = portal.patch(path, {"answers": {"tone": text}}, If_Match=tag)
        if "\0" in text:
            assert refuses_well(answer)
        else:
            tag = answer["ETag"]
            assert answer.json()["answers"] == {"tone": rules.clean(text)}
            assert text in UNSTORABLE or answer.json()["answers"]["tone"] == text


# --- addresses --------------------------------------------------------------------------------------------------------

INJECTIONS = (
    "'", "''", "' OR '1'='1", "1; DROP TABLE identity_client", "1) OR (1=1", "%27", "' UNION SELECT NULL--", '"',
    "\\", "\\'",
    "pg_sleep(9)", "'||pg_sleep(9)||'", "1 AND 1=1", "/**/", "--", "$$", "%", "_", "*", "\x00", "\ud7ff", "😀", "١",
    "9" * 30,
    "-1", "1e9", "NaN", "null", "true", "[]", "{}", "a" * 5_000, "2026-02-30", "0001-01-01T00:00:00+14:00",
    "9999-12-31T23:59:59-14:00",
    "0254-03-01T19:00:58+23:01", "0001-01-01T00:00:00+23:01", "2026-01-01", "DRAFT,APPROVED", MISSING,
)  # fmt: skip


@pytest.mark.parametrize("operation", LISTS, ids=str)
def test_bears_anything_in_a_parameter(portal: Portal, ids: dict[str, Any], operation: Any) -> None:
    whole = portal.get(operation.filled(ids)).json()["results"]
    for name in operation.parameters:
        for value in INJECTIONS:
            answer = Browser().get(operation.filled(ids), {name: value}, headers=portal.headers)
            assert answer.status_code == 200 or refuses_well(answer), (name, value, answer.status_code)
            if answer.status_code == 200:
                assert len(answer.json()["results"]) <= max(len(whole), 2), (name, value)


LOOKUPS = (
    "client__memberships__user__password__startswith", "client__name", "client_id", "client", "id__in", "pk",
    "search", "q", "limit",
    "offset", "fields", "include", "expand", "format", "state__ne", "answers__tone", "run_id", "created_at__year",
    "or", "_",
    "ordering[]", "page", "approved_by__password", "layers__narrative", "manifest_sha256__startswith", "deleted",
)  # fmt: skip


@pytest.mark.parametrize("operation", LISTS, ids=str)
def test_looks_nothing_up_that_it_does_not_name(portal: Portal, ids: dict[str, Any], operation: Any) -> None:
    for name in LOOKUPS:
        if name not in operation.parameters:
            answer = portal.get(f"{operation.filled(ids)}?{name}=a")
            assert (answer.status_code, answer.json()["errors"][0]["field"]) == (400, name)


OTHER_PAGES = (
    "page_size=10000000", "page_size=25367268879618562576055533568", "page_size=-1", "page_size=١", "page_size=1.5",
    "page_size=5&page_size=6", "cursor=x", "cursor=cD0yMDI2", "cursor=" + "a" * 4000, "ordering=-id", "ordering=?",
    "ordering=created_at,id", "ordering=client__name", "ordering=" + "created_at," * 50,
)  # fmt: skip


@pytest.mark.parametrize("operation", LISTS, ids=str)
def test_gives_no_page_of_another_kind(portal: Portal, operation: Any) -> None:
    for query in OTHER_PAGES:
        answer = portal.get(f"{operation.path}?{query}")
        assert refuses_well(answer), (query, answer.status_code)


@pytest.mark.parametrize("operation", LISTS, ids=str)
def test_is_paged_without_gap_or_repetition(
    portal: Portal, approver: Membership, ids: dict[str, Any], operation: Any
) -> None:
    work_of(approver.client, approver)
    path = operation.filled(ids)
    whole = [each["id"] for each in portal.get(path).json()["results"]]
    page, found = portal.get(f"{path}?page_size=1").json(), []
    while True:
        found += [each["id"] for each in page["results"]]
        if not page["next"]:
            break
        page = portal.get(page["next"].removeprefix("http://testserver")).json()
    assert found == whole
    backwards = portal.get(f"{path}?ordering=created_at").json()["results"]
    assert [each["id"] for each in backwards] == whole[::-1]


ODD_ACCEPTS = ("text/html", "image/*;q=0", "nonsense", "*/*;q=x")


@pytest.mark.parametrize("path", sorted({each.path for each in ALL}))
def test_takes_the_methods_that_are_described_and_no_others(portal: Portal, path: str) -> None:
    described = {each.method for each in ALL if each.path == path}
    filled = next(each for each in ALL if each.path == path).filled({"attachment_id": MISSING, "delivery_id": MISSING})
    for method in ("GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "TRACE", "PROPFIND"):
        for accept in ("application/json", *ODD_ACCEPTS[: 4 if method == "GET" else 1]):
            answer = portal.send(method, filled, Accept=accept, X_HTTP_Method_Override="DELETE")
            assert answer.status_code < 500
            allowed = described | ({"HEAD"} if "GET" in described else set()) | {"OPTIONS"}
            if method not in allowed:
                assert answer.status_code in (403, 405, 406), (method, accept)


NO_IDS = ("x", "1", "../me", "%00", f"{MISSING}0", "' OR 1=1", "%E2%80%AE")


@pytest.mark.parametrize("operation", [each for each in ALL if "{" in each.path], ids=str)
def test_knows_no_id_that_is_none(portal: Portal, operation: Any) -> None:
    for bad in NO_IDS:
        path = operation.path.replace("{id}", bad).replace("{attachment_id}", bad).replace("{signed}", bad)
        answer = portal.send(operation.method, path)
        assert refuses_well(answer), bad
        assert answer.status_code in (404, 405), bad
