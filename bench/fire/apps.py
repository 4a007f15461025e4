import os
from pathlib import Path

from django.apps import AppConfig


class FireConfig(AppConfig):
    """Gives a worker the campaign's clock, little patience, and the bug that it is to have."""

    name = "bench.fire"
    verbose_name = "Campaign under fire"

    def ready(self) -> None:
        from bench.fire import bugs, clock

        clock.go_by(Path(os.environ["AICMO_FIRE_CLOCK"]))
        _quicken()
        if bug := os.environ.get("AICMO_FIRE_BUG"):
            bugs.BUGS[bug]()


def _quicken() -> None:
    """Wait as long for mail servers as a test can; breakers rest for a moment."""
    from apps.cam.gateways import imap, smtp
    from apps.shared.resilience import breaker

    smtp.CONNECT_SECONDS, smtp.COMMAND_SECONDS, smtp.DATA_SECONDS, smtp.ANSWER_SECONDS = 2.0, 1.0, 1.0, 1.0
    imap.TIMEOUT = 1.0
    breaker.RESTS_SECONDS = 0.1
