"""What the schema of the portal's API says of its answers, tried with inputs that are made up from it …

`AICMO_FUZZ=500` tries as many of each kind with every operation; by itself it is a few.
"""

import os
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import pytest
import schemathesis
from django.conf import settings
from django.core.signals import request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections, connection, transaction
from hypothesis import HealthCheck, Phase, given
from hypothesis import settings as effort
from hypothesis.errors import Unsatisfiable
from hypothesis.strategies import SearchStrategy, one_of
from rest_framework.response import Response
from schemathesis import Case, GenerationMode
from schemathesis.specs.openapi import checks

from aicmo_site.tests import portal_world
from aicmo_site.tests.portal_world import World, named
from apps.identity.rest import Me

pytestmark = [pytest.mark.django_db, pytest.mark.timeout(3600)]

MOST = int(os.environ.get("AICMO_FUZZ", "15"))
CHECKS = [
    schemathesis.checks.not_a_server_error,
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_headers_conformance,
    checks.response_schema_conformance,
]
OF_A_KIND_OF_THEIR_OWN = "/files/{signed}", "/attachments/{attachment_id}/file", "/pdf", "/xml"
"""Downloads: the description says bytes, the answer says of which kind they are."""
HARD_TO_GUESS = (
    *("PATCH /api/v1/intakes/{id}", "POST /api/v1/tokens"),
    *("POST /api/v1/webhooks", "POST /api/v1/metrics", "POST /api/v1/data-requests/{id}/link"),
)
"""Takes what a schema cannot say: a public address, a moment that is over or yet to come, a copy that is made."""
EFFORT = effort(
    max_examples=MOST,
    derandomize=True,
    database=None,
    deadline=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)


@pytest.fixture
def world(settings: Any, tmp_path: Any) -> Iterator[World]:
    settings.MEDIA_ROOT = tmp_path
    settings.PORTAL_LIMITS = {"read": 1_000_000, "write": 1_000_000}
    with connection.cursor() as cursor:
        cursor.execute("SET idle_in_transaction_session_timeout = 0")  # making requests up takes its time
    made = portal_world.made()
    request_started.disconnect(close_old_connections)  # a request would end the test's transaction
    yield made
    request_started.connect(close_old_connections)


def site(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """Answer as the site does, and take back whatever it did."""
    with transaction.atomic():
        answer = DJANGO(environ, start_response)
        body = [b"".join(answer)]
        transaction.set_rollback(True)
    return body


DJANGO = get_wsgi_application()


def described() -> Any:
    return schemathesis.openapi.from_wsgi("/api/schema/", site)


def cases(operation: Any, world: World) -> SearchStrategy[Case]:
    """Make up requests: about acme's own rows and the version of them, about any, and against the schema."""
    ids = named(operation.full_path, world.ids["acme"])
    ids = {**ids, "id": ids["pk"]}
    own = {each.name: str(ids[each.name]) for each in operation.path_parameters}
    tag = world.tags.get("/".join(operation.full_path.split("/")[:4]) + own.get("id", ""))
    ways = [operation.as_strategy(path_parameters=own, headers={"If-Match": tag} if tag else {})]
    return one_of(*ways, operation.as_strategy(), operation.as_strategy(GenerationMode.NEGATIVE))


def failures(operation: Any, world: World) -> Iterator[str]:
    cookies = world.ways["approver of acme"][0] | {settings.CSRF_COOKIE_NAME: SECRET}
    statuses, is_download = set(), operation.full_path.endswith(OF_A_KIND_OF_THEIR_OWN)
    judged = [each for each in CHECKS if not (is_download and each is checks.content_type_conformance)]

    @EFFORT
    @given(case=cases(operation, world))
    def judge(case: Case) -> None:
        case.headers.pop("Authorization", None)  # who asks is an approver, whatever was made up
        case.cookies.clear()
        answer = case.call(headers={"X-CSRFToken": SECRET}, cookies=cookies)
        statuses.add(answer.status_code)
        case.validate_response(answer, checks=judged)

    try:
        judge()
    except Unsatisfiable:
        yield f"{operation.label}: nothing could be made up for it"
    except (Exception, BaseExceptionGroup) as problem:  # noqa: BLE001 — the other operations are tried all the same
        yield f"{operation.label}: {problem}"
    if operation.label not in HARD_TO_GUESS and not any(status < 300 for status in statuses):
        yield f"{operation.label}: never answered, but {sorted(statuses)}"


SECRET = "a" * 32


def test_is_true_of_every_operation(world: World) -> None:
    schema = described()
    found = [each.ok() for each in schema.get_all_operations()]
    assert schema.raw_schema["openapi"].startswith("3.1.")
    assert len(found) > 40
    wrong = [failure for operation in found for failure in failures(operation, world)]
    assert wrong == [], "\n\n".join(wrong)


def test_would_tell_an_answer_that_is_not_described(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    (operation,) = (each.ok() for each in described().get_all_operations() if each.ok().label == "GET /api/v1/me")
    monkeypatch.setattr(Me, "list", lambda self, request: Response({"role": 1}))
    assert list(failures(operation, world))
