"""A campaign whose workers are killed and whose mail servers refuse, hang and drop the line …"""

from pathlib import Path

import pytest

from bench.fire.campaign import Plan
from bench.fire.oracle import hold

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(600), pytest.mark.worker]


def test_writes_to_nobody_twice_and_loses_no_reply(tmp_path: Path) -> None:
    plan = Plan()
    fire, breaches = hold(plan, tmp_path)
    assert breaches == []
    assert fire.happened["kills"] == plan.kills
    assert fire.happened["of them with a mail in hands"] >= 3, "the kills came when nothing was being sent"
    assert fire.happened["steps taken again"] >= 10, "the kills came when no step was being taken"
    assert len(fire.office.did) >= 10, f"the post office was too kind: {fire.office.did}"
    assert fire.line.cut >= 3, "the line of the replies was hardly cut"
    assert len(fire.mails.mails) >= 10, "hardly anybody answered: no reply could be lost"
    assert fire.postman.wishes, "nobody wished to be left alone"
    assert len(fire.office.received) > 1.2 * plan.leads, "hardly anything was sent: nothing is proven"
    assert fire.states["SENT"] > plan.leads
