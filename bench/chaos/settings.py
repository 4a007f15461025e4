"""Settings of the harness and of the workers it torments: the tests', quickened, with a hook for seeded bugs.

Only here can a seeded bug be loaded: production code has no switches for them.
"""

from aicmo_site.settings_test import *  # noqa: F403
from aicmo_site.settings_test import INSTALLED_APPS

INSTALLED_APPS = [*INSTALLED_APPS, "bench.chaos.apps.ChaosConfig"]
