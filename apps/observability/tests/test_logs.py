"""A log line …"""

import json
import logging
from collections.abc import Callable, Iterator

import pytest

from apps.observability.gateways.logs import ReadableFormatter, json_formatter
from apps.observability.rules import REDACTED, redactor
from apps.shared import telemetry

SECRET = "kn0wn-s3cret-of-the-settings"
CANARIES = {
    "a known secret": f"the key is {SECRET}!",
    "a password": "password=canary-value",
    "a quoted password": "{'db_password': 'canary-value with spaces'}",
    "a token in JSON": '{"access_token": "canary-value"}',
    "an api key": "API-Key: canary-value",
    "a DSN": "postgresql://aicmo:canary-value@db.example/aicmo",
    "a broker's URL": "redis://:canary-value@broker.example:6379/0",
    "an authorization header": "Authorization: Basic canary-value",
    "a bearer": "sent with bearer canary-value",
    "a cookie": "Cookie: sessionid=abc; csrftoken=canary-value",
    "a secret key": "SECRET_KEY = 'canary-value'",
    "a query string": "GET /x?api_key=canary-value&page=2",
    "a link to log in by": "Forbidden: /account/link/canary-value",
    "a token of the portal": f"it said aicmo_canary-value{'x' * 30}",
}


@pytest.fixture
def written() -> Iterator[Callable[..., str]]:
    """Write lines by a formatter of the settings' kinds; the function returns all of them."""
    lines: list[str] = []
    logger = logging.getLogger("apps.test_logs")
    logger.propagate = False

    class Keep(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            lines.append(self.format(record))

    handler = Keep()
    logger.addHandler(handler)

    def write(formatter: logging.Formatter, *words: object, **options: object) -> str:
        handler.setFormatter(formatter)
        logger.warning(*words, **options)  # type: ignore[arg-type]
        return "\n".join(lines)

    yield write
    logger.removeHandler(handler)


def formatters() -> list[logging.Formatter]:
    return [json_formatter(secrets=[SECRET], release="7"), ReadableFormatter(secrets=[SECRET])]


def test_names_the_work_in_hand_as_json(written: Callable) -> None:
    with telemetry.working_on(run_id="r-1", step="one"):
        telemetry.note(attempt=2)
        line = json.loads(written(json_formatter(release="7"), "Step %s failed", "one"))
    about = {"run_id": "r-1", "step": "one", "attempt": "2", "release": "7"}
    told = {"event": "Step one failed", "level": "warning", "logger": "apps.test_logs"}
    assert {**about, **told}.items() <= line.items()
    assert line["timestamp"].endswith("Z")


def test_names_the_work_in_hand_in_words(written: Callable) -> None:
    with telemetry.working_on(run_id="r-1", client_id=None):
        line = written(ReadableFormatter(), "Step failed")
    assert line.endswith("WARNING apps.test_logs Step failed run_id=r-1")


def test_names_nothing_once_the_work_is_over(written: Callable) -> None:
    with telemetry.working_on(run_id="r-1"):
        telemetry.note(step="one")
    assert "one" not in written(ReadableFormatter(), "Later")
    assert dict(telemetry.facts()) == {}


def test_is_one_line_of_json_whatever_was_logged(written: Callable) -> None:
    odd = {"object": object(), "text": "two\nlines \ud800", "number": 3}
    lines = written(json_formatter(), "odd", extra={"odd": odd}).splitlines()
    assert len(lines) == 1
    assert json.loads(lines[0])["odd"]["number"] == 3


@pytest.mark.parametrize("canary", CANARIES.values(), ids=CANARIES)
def test_holds_no_secret(written: Callable, canary: str) -> None:
    for formatter in formatters():
        with telemetry.working_on(said=canary):
            try:
                raise ValueError(canary)
            except ValueError:
                lines = written(formatter, "It said %s", canary, exc_info=True, extra={"seen": [canary]})
    assert "canary-value" not in lines
    assert SECRET not in lines
    assert REDACTED in lines


@pytest.mark.parametrize("name", ["password", "AUTHORIZATION", "access_token", "dsn", "csrftoken"])
def test_hides_the_value_of_a_field_named_like_a_secret(name: str) -> None:
    assert redactor([])({"deep": [{name: "canary-value"}]}) == {"deep": [{name: REDACTED}]}


@pytest.mark.parametrize(
    "text",
    [
        "Run 019 waits for a release",
        "see https://desk.example/admin/x",
        "max_tokens=500 page=2",
        "a short secret",
        '"session_key" = %s',
    ],
)
def test_keeps_what_is_no_secret(text: str) -> None:
    assert redactor(["abc"])(text) == text
