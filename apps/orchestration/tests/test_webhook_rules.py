"""A webhook's next try …"""

import pytest

from apps.orchestration import rules


@pytest.mark.parametrize("luck", [0.0, 0.5, 1.0])
def test_comes_later_each_time_for_more_than_a_day(luck: float) -> None:
    pauses = [rules.webhook_pause(attempt, luck=luck, asked=None) for attempt in range(1, rules.WEBHOOK_ATTEMPTS)]
    assert pauses == sorted(pauses)
    assert 24 * 3600 < sum(pauses) < 36 * 3600
    assert rules.webhook_pause(rules.WEBHOOK_ATTEMPTS, luck=luck, asked=None) is None


@pytest.mark.parametrize(("asked", "pause"), [(1.0, 5.0), (60.0, 60.0), (1e9, 24 * 3600), (None, 5.0)])
def test_comes_no_sooner_than_the_receiver_asks_but_within_a_day(asked: float | None, pause: float) -> None:
    assert rules.webhook_pause(1, luck=0.5, asked=asked) == pause


def test_leaves_an_endpoint_alone_for_longer_and_longer_up_to_five_minutes() -> None:
    rests = [rules.webhook_rest(failures, asked=None) for failures in (1, 2, 3, 4, 5, 50, 5000)]
    assert rests == [0, 0, 5, 10, 20, 300, 300]
    assert rules.webhook_rest(1, asked=120.0) == 120


def test_is_signed_as_the_scheme_s_own_example() -> None:
    """Of the reference libraries: the same secret, id, time and body give the same signature in each of them."""
    signature = rules.webhook_signature(
        "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
        message_id="msg_p5jXN8AQM9LWM0D4loKWxJek",
        timestamp=1614265330,
        body='{"test": 2432232314}',
    )
    assert signature == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
