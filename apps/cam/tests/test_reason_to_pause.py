"""A rule pauses a campaign …"""

from decimal import Decimal

import pytest

from apps.cam.models import PauseRule
from apps.cam.rules.pauses import DEFAULTS, Rule, Standing, percent, reason_to_pause


def _rule(kind: str, **changes: object) -> Rule:
    _, limit, after = DEFAULTS[kind]
    return Rule(**{"kind": kind, "limit": limit, "after": after, **changes})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("kind", "standing", "reason"),
    [
        ("BOUNCES", Standing(sent=20, bounced_hard=2), "2 of 20 mails bounced: 10 %, more than 5 %."),
        ("BOUNCES", Standing(sent=20, bounced_hard=1), ""),
        ("BOUNCES", Standing(sent=19, bounced_hard=19), ""),
        ("BOUNCES", Standing(), ""),
        ("COMPLAINTS", Standing(sent=300, complaints=1), "1 of 300 mails were called spam: 0.33 %, more than 0.3 %."),
        ("COMPLAINTS", Standing(sent=400, complaints=1), ""),
        ("COMPLAINTS", Standing(sent=99, complaints=9), ""),
        ("FEW_REPLIES", Standing(contacted=50, replied=4), "4 of 50 people answered: 8 %, less than 10 %."),
        ("FEW_REPLIES", Standing(contacted=50, replied=5), ""),
        ("FEW_REPLIES", Standing(contacted=49), ""),
        ("POSITIVE_TARGET", Standing(positive=10), "The target is reached: 10 positive replies of 10."),
        ("POSITIVE_TARGET", Standing(positive=9), ""),
        ("MEETING_TARGET", Standing(meetings=5), "The target is reached: 5 meetings of 5."),
        (
            "LOST",
            Standing(contacted=11, lost=6),
            "6 of 11 leads that were written to are lost: 54.55 %, more than 50 %.",
        ),
        ("LOST", Standing(contacted=10, lost=10), ""),
        ("LOST", Standing(contacted=12, lost=6), ""),
        ("NOBODY_NEW", Standing(silent_days=91), "No lead has qualified for 91 days, more than 90."),
        ("NOBODY_NEW", Standing(silent_days=90), ""),
    ],
)
def test_by_its_numbers(kind: str, standing: Standing, reason: str) -> None:
    assert reason_to_pause(_rule(kind), standing) == reason


def test_in_words_for_one_and_for_many() -> None:
    target = _rule("MEETING_TARGET", limit=Decimal(1))
    assert reason_to_pause(target, Standing(meetings=1)) == "The target is reached: 1 meeting of 1."
    assert reason_to_pause(target, Standing(meetings=2)) == "The target is reached: 2 meetings of 1."


def test_for_what_came_after_it_fired_alone() -> None:
    settled = _rule("BOUNCES", settled={"sent": 20, "bounced_hard": 2})
    assert reason_to_pause(settled, Standing(sent=40, bounced_hard=3)) == ""
    assert reason_to_pause(settled, Standing(sent=39, bounced_hard=12)) == "", "too few came after"
    assert "2 of 20 mails" in reason_to_pause(settled, Standing(sent=40, bounced_hard=4))


def test_of_every_kind_there_is_and_of_no_other() -> None:
    assert set(DEFAULTS) == set(PauseRule.Kind.values)
    with pytest.raises(ValueError, match="'MOON'"):
        reason_to_pause(Rule("MOON", Decimal(1), 0), Standing())


def test_with_few_replies_and_targets_off_unless_somebody_wants_them() -> None:
    assert {kind for kind, (is_on, *_) in DEFAULTS.items() if not is_on} == {
        "FEW_REPLIES",
        "POSITIVE_TARGET",
        "MEETING_TARGET",
    }


@pytest.mark.parametrize(
    ("share", "words"), [("0.05", "5 %"), ("0.003", "0.3 %"), ("1", "100 %"), ("0.333333", "33.33 %")]
)
def test_in_words_that_people_use(share: str, words: str) -> None:
    assert percent(Decimal(share)) == words
