"""Settings of the harness and of the workers it torments: the tests', quickened, with a hook for seeded bugs.

Only here can a seeded bug be loaded: production code has no switches for them.
"""

import os

from aicmo_site.settings_test import *  # noqa: F403
from aicmo_site.settings_test import CELERY_BROKER_TRANSPORT_OPTIONS, INSTALLED_APPS

INSTALLED_APPS = [*INSTALLED_APPS, "bench.chaos.apps.ChaosConfig"]

if visibility := os.environ.get("AICMO_CHAOS_VISIBILITY"):  # seconds until the broker delivers a message once more
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        **CELERY_BROKER_TRANSPORT_OPTIONS,
        "visibility_timeout": int(visibility),
        "unacked_restore_interval": 1,
        "unacked_restore_throttle": 1,
    }
