"""Withdrawing a brief …"""

import pytest

from apps.onboarding import services
from apps.onboarding.api.events import BriefWithdrawn
from apps.onboarding.tests.factories import IntakeFactory, run_context
from apps.shared.events import event_published

pytestmark = pytest.mark.django_db


def test_keeps_what_was_removed_for_the_audit_and_tells_once() -> None:
    told = []

    def hear(event: BriefWithdrawn, note: object, **_: object) -> None:
        told.append((event, note))

    run = run_context()
    brief = services.store_brief(IntakeFactory().as_dto(), run=run)
    event_published.connect(hear, sender=BriefWithdrawn)
    try:
        services.withdraw_brief(run=run)
        services.withdraw_brief(run=run)
    finally:
        event_published.disconnect(hear, sender=BriefWithdrawn)
    ((event, note),) = told
    assert (event.aggregate_id, event.run_id) == (brief.pk, run.id)
    assert note.before["client_name"] == "Bright Harbour Dental"
    assert note.reason
