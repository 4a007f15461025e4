"""The runbook …"""

import re
from pathlib import Path

import pytest
from django.test import Client as Browser

ROOT = Path(__file__).resolve().parents[3]
RUNBOOK = (ROOT / "docs/runbook.md").read_text()
RULES = (ROOT / "docs/prometheus-rules.yml").read_text()
ALERTS = dict(re.findall(r"- alert: (\w+)\n(.*?)(?=\n      - alert:|\Z)", RULES, re.DOTALL))


def sections() -> dict[str, str]:
    """Return the runbook's sections by the anchor that a link to them has."""
    parts = re.split(r"^## (.+)$", RUNBOOK, flags=re.MULTILINE)[1:]
    pairs = zip(parts[::2], parts[1::2], strict=True)
    return {re.sub(r"[^\w-]", "", title.lower().replace(" ", "-")): text for title, text in pairs}


def metrics_in(text: str) -> set[str]:
    return {name.removesuffix("_bucket") for name in re.findall(r"\baicmo_\w+", text) if name != "aicmo_site"}


@pytest.fixture
def shown(transactional_db: None, client: Browser) -> set[str]:
    """The metrics that the page shows."""
    page = client.get("/metrics").content.decode()
    return {
        name for name in re.findall(r"^# HELP (\w+)", page, re.MULTILINE) if not name.endswith(("_gcount", "_gsum"))
    }


def test_is_asked_for_by_more_than_a_few_alerts() -> None:
    assert len(ALERTS) >= 15


@pytest.mark.parametrize("alert", ALERTS)
def test_has_a_section_for_every_alert_that_says_what_it_means_and_what_to_do(alert: str) -> None:
    (anchor,) = re.findall(r"runbook: docs/runbook\.md#(\S+)", ALERTS[alert])
    section = sections()[anchor]
    assert f"`{alert}`" in section
    assert all(part in section for part in ("**Seen as**", "**Means**", "**Do**"))


@pytest.mark.parametrize("alert", ALERTS)
def test_is_asked_for_by_alerts_that_say_how_grave_they_are(alert: str) -> None:
    assert re.search(r"severity: (critical|warning)\b", ALERTS[alert])
    assert re.search(r"expr: \S", ALERTS[alert])
    assert re.search(r'summary: "', ALERTS[alert])


def test_explains_the_numbers_that_are_shown_and_no_others(shown: set[str]) -> None:
    assert metrics_in(sections()["the-numbers"]) == shown


def test_is_asked_for_by_numbers_that_are_shown(shown: set[str]) -> None:
    assert metrics_in(RULES) - shown == set()
