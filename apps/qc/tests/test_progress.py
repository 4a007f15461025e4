"""From one report to the next, a finding …"""

from apps.qc.api.dtos import QcFinding
from apps.qc.rules.progress import progress


def finding(code: str, section: str = "overview", message: str = "Look here.") -> QcFinding:
    return QcFinding(
        rule_code=code, severity="MINOR", status="WARN", section=section, message=message, evidence="", fix="Do it."
    )


def test_is_new_still_open_or_fixed() -> None:
    stays, goes, comes = finding("CLICHE"), finding("DOUBLED_WORD"), finding("PLACEHOLDER")
    seen = progress([stays, goes], [stays, comes])
    assert (seen.new, seen.still_open, seen.fixed) == ((comes,), (stays,), (goes,))


def test_stays_open_in_other_words() -> None:
    before, now = finding("CLICHE", message="One cliché."), finding("CLICHE", message="Two clichés.")
    assert progress([before], [now]).still_open == (now,)


def test_is_another_one_in_another_section() -> None:
    before, now = finding("CLICHE", "overview"), finding("CLICHE", "channel_plan")
    seen = progress([before], [now])
    assert (seen.new, seen.fixed) == ((now,), (before,))


def test_is_new_after_a_clean_report() -> None:
    assert progress([], [finding("CLICHE")]).new == (finding("CLICHE"),)
