"""Settings of the test-suite: the same servers, a database of its own, quick hashing, and the probe workflows."""

from aicmo_site.settings import *  # noqa: F403
from aicmo_site.settings import CELERY_BROKER_TRANSPORT_OPTIONS, DATA_DIR, ENV, INSTALLED_APPS

INSTALLED_APPS = [*INSTALLED_APPS, "bench.probe"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
MEDIA_ROOT = ENV.media_root or DATA_DIR / "test-media"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
CELERY_BROKER_TRANSPORT_OPTIONS = {**CELERY_BROKER_TRANSPORT_OPTIONS, "global_keyprefix": "aicmo-test:"}
VENDOR_RETRIES = False
LLM_URL = None  # whatever this machine's .env says
STRIPE_KEY, STRIPE_WEBHOOK_SECRETS = "sk_test_nobodys", ["whsec_of_the_test_suite"]
STRIPE_URL, STRIPE_PAGES = "http://127.0.0.1:9", "http://127.0.0.1:9"  # nothing is there
WHITENOISE_AUTOREFRESH = True  # or every test client would look for all static files before its first request
