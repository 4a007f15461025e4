from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core import checks


class OnboardingConfig(AppConfig):
    name = "apps.onboarding"
    verbose_name = "Onboarding"

    def ready(self) -> None:
        from apps.onboarding import services, tasks

        services.register_bell(tasks.send_invitation.delay)
        checks.register(say_without_scanner, deploy=True)


def say_without_scanner(app_configs: Any, **options: Any) -> list[checks.CheckMessage]:
    """Say at `check --deploy` that nobody looks for viruses in what clients upload; it is no reason not to start."""
    if settings.CLAMD_URL is not None:
        return []
    hint = "Set AICMO_CLAMD_URL to a clamd: tcp://host:3310, or unix:///run/clamav/clamd.ctl."
    return [checks.Info("Clients' files are kept without a look for viruses.", hint=hint, id="onboarding.I001")]
