"""What the tests of billing share."""

from collections.abc import Iterator
from typing import Any

import pytest

from apps.billing.models import TaxRate
from apps.billing.tests.factories import TaxRateFactory
from apps.shared.events import AuditNote, Event, event_published


@pytest.fixture
def vat(db: None) -> TaxRate:
    """A rate of 23 %."""
    return TaxRateFactory(name="VAT 23 %")


@pytest.fixture
def told() -> Iterator[list[tuple[Event, AuditNote]]]:
    """The events of this module published during the test, each with its audit note."""
    heard: list[tuple[Event, AuditNote]] = []

    def hear(sender: type[Event], event: Event, note: AuditNote, **_: Any) -> None:
        if event.aggregate.startswith("billing."):
            heard.append((event, note))

    event_published.connect(hear, weak=False)
    yield heard
    event_published.disconnect(hear)
