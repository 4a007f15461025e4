"""The strongest word on whether a lead may be written to …"""

from itertools import combinations

import pytest

from apps.cam.models import Lead, Suppression
from apps.cam.rules.contactability import OF_REASON, strongest

BY_FINALITY = ("OK", "DO_NOT_CONTACT", "SUPPRESSED", "BOUNCED", "UNSUBSCRIBED")


@pytest.mark.parametrize(("weaker", "stronger"), list(combinations(BY_FINALITY, 2)))
def test_is_the_one_that_is_more_final_whichever_was_first(weaker: str, stronger: str) -> None:
    assert {strongest(weaker, stronger), strongest(stronger, weaker), strongest(stronger)} == {stronger}


def test_is_known_of_every_word_and_every_reason() -> None:
    assert sorted(BY_FINALITY) == sorted(Lead.Contactability.values)
    assert sorted(OF_REASON) == sorted(Suppression.Reason.values)


@pytest.mark.parametrize("reason", ["UNSUBSCRIBED", "COMPLAINT"])
def test_is_a_persons_own_in_whatever_way_they_say_it(reason: str) -> None:
    assert strongest(*OF_REASON.values()) == OF_REASON[reason]
