"""Settings of the workers that send a campaign under fire: the fault harness's, with a clock of the campaign's own."""

from bench.chaos.settings import *  # noqa: F403
from bench.chaos.settings import INSTALLED_APPS

INSTALLED_APPS = [*INSTALLED_APPS, "bench.fire.apps.FireConfig"]
