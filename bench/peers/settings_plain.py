"""The project's settings with Celery's own habit of opening a database connection anew for every task."""

from aicmo_site.settings_test import *  # noqa: F403

CELERY_DB_REUSE_MAX = None
