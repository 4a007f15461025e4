"""The bench of the portal …"""

import pytest

from bench import portal


@pytest.mark.parametrize("refusal", [TimeoutError("slow"), ConnectionResetError("gone")])
def test_waits_for_a_server_that_is_not_there_yet(monkeypatch: pytest.MonkeyPatch, refusal: OSError) -> None:
    def refused(*_: object, **__: object) -> None:
        raise refusal

    monkeypatch.setattr(portal, "urlopen", refused)
    assert portal._answers("http://127.0.0.1:9/health/live") is False
