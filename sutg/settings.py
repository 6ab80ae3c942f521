"""Settings. Everything that differs between machines comes from the environment; docs/operations.md lists it.

``SUTG_ENV`` is ``production``, ``demo`` or ``test``. Production refuses to start on a missing secret; the other two
have values of their own so that two commands are enough.
"""

from __future__ import annotations

import base64
import os
from pathlib import Path
from typing import Any

import dj_database_url
from celery.schedules import crontab
from django.core.exceptions import ImproperlyConfigured

from sutg.privacy.keys import KeyRingError, read_ring

BASE_DIR = Path(__file__).resolve().parent.parent
SUTG_ENV = os.environ.get("SUTG_ENV", "production")
IS_PRODUCTION = SUTG_ENV == "production"
STATE_DIR = Path(os.environ.get("SUTG_STATE_DIR", BASE_DIR / ".local"))

if SUTG_ENV not in {"production", "demo", "test"}:
    msg = f"SUTG_ENV is “{SUTG_ENV}”; it must be production, demo or test."
    raise ImproperlyConfigured(msg)


def _secret(name: str, otherwise: str) -> str:
    value = os.environ.get(name, "" if IS_PRODUCTION else otherwise)
    if not value:
        msg = f"Set {name} in the environment; production has no default for it."
        raise ImproperlyConfigured(msg)
    return value


DEBUG = False
SECRET_KEY = _secret("SECRET_KEY", "not-a-secret-demo-and-test-only-" + "0" * 32)
# Keys of the fields that only the application may read, and of keyed hashes: kept outside the database.
# SUTG_FIELD_KEYS is a ring, ``id:base64,id:base64``, the first being current; SUTG_FIELD_KEY alone is the key of id 0.
_FIELD_KEYS = os.environ.get("SUTG_FIELD_KEYS", "")
_FIELD_KEY = os.environ.get("SUTG_FIELD_KEY", "")
if not _FIELD_KEYS and not _FIELD_KEY:
    _FIELD_KEY = _secret("SUTG_FIELD_KEY", base64.b64encode(b"demo and test only, 32 bytes....").decode())
try:
    FIELD_KEYS = read_ring(_FIELD_KEYS, _FIELD_KEY)
except KeyRingError as error:
    raise ImproperlyConfigured(str(error)) from error
ALLOWED_HOSTS = os.environ.get("ALLOWED_HOSTS", "" if IS_PRODUCTION else "localhost,127.0.0.1,[::1],testserver").split(
    ","
)
CSRF_TRUSTED_ORIGINS = [origin for origin in os.environ.get("CSRF_TRUSTED_ORIGINS", "").split(",") if origin]

TENANT_MODEL = "providers.Provider"
AUTH_USER_MODEL = "accounts.User"
SITE_ID = 1
ROOT_URLCONF = "sutg.urls"
WSGI_APPLICATION = "sutg.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    "sutg.common",
    "sutg.tenancy",
    "sutg.audit",
    "sutg.outbox",
    "sutg.privacy",
    "sutg.nhsuk",
    "accounts",
    "providers",
    "cafes",
    "reports",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.sites",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.idp.oidc",
    "django_celery_beat",
    "rest_framework",
    "drf_spectacular",
]
if SUTG_ENV in {"demo", "test"}:
    INSTALLED_APPS.append("sutg.demo")

MIDDLEWARE = [
    "sutg.common.middleware.RequestId",
    "django.middleware.security.SecurityMiddleware",
    "sutg.common.middleware.SecurityHeaders",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "accounts.idle.IdleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "accounts.middleware.PrincipalMiddleware",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "APP_DIRS": True,
        "OPTIONS": {
            "environment": "sutg.nhsuk.environment.environment",
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "sutg.nhsuk.context.page",
                "accounts.context.form_mark",
            ],
        },
    },
    {
        # Third-party e-mails and fragments that are written in Django's own language.
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]
        },
    },
]


# Database -------------------------------------------------------------------------------------------------------------


def _database(url: str, **options: Any) -> dict[str, Any]:
    return {
        **dj_database_url.parse(url, engine="sutg.tenancy.postgresql"),
        "ATOMIC_REQUESTS": False,  # views open short transactions of their own (accounts.web)
        "DISABLE_SERVER_SIDE_CURSORS": True,  # a cursor may not outlive its transaction behind a pooler
        "CONN_MAX_AGE": 0,
        **options,
    }


_POOL = {
    "min_size": 0,
    "max_size": int(os.environ.get("DATABASE_POOL_SIZE", "8")),
    "timeout": 10,
    "max_lifetime": 600,
}
DATABASE_URL = os.environ.get("DATABASE_URL", "")
OWNER_DATABASE_URL = os.environ.get("OWNER_DATABASE_URL", "")
if not DATABASE_URL:
    msg = "Set DATABASE_URL, or start through manage.py or make, which bring a database of their own."
    raise ImproperlyConfigured(msg)

# Statements planned once a connection: a policy costs planning, not running. Poolers older than PgBouncer 1.21 lose
# prepared statements in transaction mode: behind one, set DATABASE_PREPARED_STATEMENTS=off.
_PREPARED = {"server_side_binding": True, "prepare_threshold": 5}
_OPTIONS = _PREPARED if os.environ.get("DATABASE_PREPARED_STATEMENTS", "on") == "on" else {}

DATABASES: dict[str, Any] = {"default": _database(DATABASE_URL)}
DATABASES["default"]["OPTIONS"] = {**DATABASES["default"].get("OPTIONS", {}), **_OPTIONS}
if SUTG_ENV != "test":
    DATABASES["default"]["OPTIONS"]["pool"] = _POOL
if OWNER_DATABASE_URL:
    # Present for migrations and tests alone; web and worker are started without it.
    DATABASES["owner"] = _database(OWNER_DATABASE_URL, TEST={"MIRROR": "default"})

CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "sutg_cache",
        # Counts of tries live here. Past its limit the cache throws a third of them away: at Django's 300, whoever
        # tried as many addresses had the count of the account they were after forgotten.
        "OPTIONS": {"MAX_ENTRIES": 1_000_000},
    },
}


# Jobs -----------------------------------------------------------------------------------------------------------------

CELERY_BROKER_URL = os.environ.get("CELERY_BROKER_URL", "filesystem://")
if CELERY_BROKER_URL.startswith("filesystem"):
    _QUEUE = STATE_DIR / "queue"
    for _folder in ("messages", "done", "control"):
        (_QUEUE / _folder).mkdir(parents=True, exist_ok=True, mode=0o700)
    CELERY_BROKER_TRANSPORT_OPTIONS: dict[str, Any] = {
        "data_folder_in": str(_QUEUE / "messages"),
        "data_folder_out": str(_QUEUE / "messages"),
        "processed_folder": str(_QUEUE / "done"),
        "control_folder": str(_QUEUE / "control"),
        "store_processed": False,
    }
else:
    # Quorum queues lose a publish that nobody confirms.
    CELERY_BROKER_TRANSPORT_OPTIONS = {"confirm_publish": True}
    CELERY_TASK_DEFAULT_QUEUE_TYPE = "quorum"
CELERY_TASK_IGNORE_RESULT = True  # what a job made is in the database; results would be a copy without policies
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_TIMEOUT = 3
CELERY_TIMEZONE = "Europe/London"
CELERY_BEAT_SCHEDULER = "django_celery_beat.schedulers:DatabaseScheduler"
CELERY_WORKER_ENABLE_REMOTE_CONTROL = False
CELERY_BEAT_SCHEDULE = {
    "sweep the outbox": {"task": "sutg.outbox.tasks.sweep", "schedule": 15.0},
    "take up returns that a lost worker left": {"task": "cafes.tasks.returns.take_up_left_returns", "schedule": 30.0},
    "send invitations that a lost worker left": {"task": "providers.tasks.take_up_left_invitations", "schedule": 30.0},
    # A minute before six: planned before a café opens, and after the clocks have changed.
    "plan the sessions of the coming weeks": {
        "task": "cafes.tasks.planning.plan_all_sessions",
        "schedule": crontab(hour=5, minute=59),
    },
    "tell of tablets that are not heard of": {
        "task": "cafes.tasks.tablets.tell_of_all_silent_tablets",
        "schedule": crontab(minute="*/15"),
    },
    "seal the audit record": {"task": "sutg.audit.tasks.seal_audit", "schedule": 60.0},
    "check the audit record": {"task": "sutg.audit.tasks.check_audit", "schedule": crontab(hour=3, minute=20)},
    "erase what is past its period": {
        "task": "sutg.privacy.tasks.apply_retention",
        "schedule": crontab(hour=2, minute=40),
    },
    "clear tokens that ran out": {"task": "accounts.tasks.clear_old_tokens", "schedule": 86_400.0},
}


# Figures --------------------------------------------------------------------------------------------------------------

# How long after its end a month is the provider's own to lock; from then on the trust may.
MONTH_LOCK_DEADLINE_DAYS = int(os.environ.get("SUTG_MONTH_LOCK_DEADLINE_DAYS", "45"))


# Sign-in --------------------------------------------------------------------------------------------------------------

AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.ScryptPasswordHasher"]
PASSWORD_HASHERS.append("accounts.hashers.RandomSecretHasher")  # secrets of API clients, never a person's password
if SUTG_ENV == "test":
    PASSWORD_HASHERS.insert(0, "django.contrib.auth.hashers.MD5PasswordHasher")
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_ADAPTER = "accounts.adapter.InvitationOnly"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"  # people are invited: the invitation went to the address
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_LOGOUT_ON_GET = False
MFA_ADAPTER = "accounts.adapter.SealedFactors"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_TOTP_ISSUER = "Step Up to Great"
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not IS_PRODUCTION  # a laptop's own address has no certificate
SOCIALACCOUNT_AUTO_SIGNUP = False
# Seconds in which nobody does anything until a session ends, and how long before that its page says so. What a person's
# request does to the end, accounts.idle says: Django's own SESSION_SAVE_EVERY_REQUEST knows no request of a page's own.
SESSION_COOKIE_AGE = int(os.environ.get("SUTG_SESSION_SECONDS", str(30 * 60)))
SESSION_WARNING_SECONDS = int(os.environ.get("SUTG_SESSION_WARNING_SECONDS", "120"))
SESSION_ENGINE = "accounts.sessions"
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_HTTPONLY = True
# What a page has to say is kept here, not in a cookie that stays on a shared machine.
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
SESSION_COOKIE_SAMESITE = "Lax"
# A proxy can be told to spoof the client's address: count how many of ours stand in front, and trust no more.
ALLAUTH_TRUSTED_PROXY_COUNT = int(os.environ.get("TRUSTED_PROXIES", "0"))
# Tokens of programs: opaque, so that they end when they are removed, and short.
IDP_OIDC_ACCESS_TOKEN_FORMAT = "opaque"  # noqa: S105  the name of a format
IDP_OIDC_ACCESS_TOKEN_EXPIRES_IN = 30 * 60
ACCOUNT_RATE_LIMITS = {"api_token": "60/m/ip,30/m/key"}
# How long the link of an invitation works.
INVITATION_DAYS = int(os.environ.get("INVITATION_DAYS", "7"))
# The service's own address, for links in mails: a worker has no request to take it from.
SERVICE_URL = _secret("SERVICE_URL", f"http://localhost:{os.environ.get('PORT', '8000')}").rstrip("/")
EMAIL_BACKEND = {
    "production": "django.core.mail.backends.smtp.EmailBackend",
    "demo": "django.core.mail.backends.filebased.EmailBackend",  # to be read in .local/mail: the demo writes to nobody
    "test": "django.core.mail.backends.locmem.EmailBackend",
}[SUTG_ENV]
EMAIL_FILE_PATH = STATE_DIR / "mail"
EMAIL_HOST = os.environ.get("EMAIL_HOST", "localhost")
EMAIL_PORT = int(os.environ.get("EMAIL_PORT", "25"))
EMAIL_TIMEOUT = 10  # seconds; a mail server that does not answer must not hold a worker
DEFAULT_FROM_EMAIL = os.environ.get("DEFAULT_FROM_EMAIL", "step-up-to-great@localhost")


# The web --------------------------------------------------------------------------------------------------------------

SECURE_SSL_REDIRECT = IS_PRODUCTION
SECURE_HSTS_SECONDS = 31_536_000 if IS_PRODUCTION else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = IS_PRODUCTION
SECURE_HSTS_PRELOAD = IS_PRODUCTION
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if os.environ.get("TRUSTED_PROXIES") else None
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_SECURE = IS_PRODUCTION
CSRF_COOKIE_SECURE = IS_PRODUCTION
CSRF_FAILURE_VIEW = "sutg.nhsuk.views.csrf_failure"
X_FRAME_OPTIONS = "DENY"
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
FILE_UPLOAD_PERMISSIONS = 0o600
FILE_UPLOAD_HANDLERS = [
    "sutg.common.uploads.LimitedUpload",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]
FORM_RENDERER = "sutg.nhsuk.forms.NhsukRenderer"

STATIC_URL = "/static/"
STATIC_ROOT = Path(os.environ.get("STATIC_ROOT", STATE_DIR / "static"))
if not IS_PRODUCTION:
    # WhiteNoise warns of a folder that is not there; only production collects files into it.
    STATIC_ROOT.mkdir(parents=True, exist_ok=True)
STATICFILES_DIRS = [BASE_DIR / "static" / "dist"] if (BASE_DIR / "static" / "dist").is_dir() else []
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = False
# Vite writes a hash of the content into these names.
WHITENOISE_IMMUTABLE_FILE_TEST = r"^.*/assets/.+-[\w-]{8}\.\w+$"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}

LANGUAGE_CODE = "en-gb"
TIME_ZONE = "Europe/London"
USE_TZ = True
USE_I18N = True

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "accounts.api.authentication.ProgramWithToken",
        "accounts.api.authentication.SignedInPerson",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["accounts.api.permissions.HasNamedPermission"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "DEFAULT_THROTTLE_CLASSES": ["rest_framework.throttling.UserRateThrottle"],
    "DEFAULT_THROTTLE_RATES": {"user": "600/min", "tablet": "120/min", "enrolment": "20/min"},
    "EXCEPTION_HANDLER": "sutg.common.api.problems.problem_response",
    "DEFAULT_VERSIONING_CLASS": None,
    "UNAUTHENTICATED_USER": None,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Step Up to Great",
    "DESCRIPTION": "Figures of the neighbourhood mental health cafés, under the rule for what may be shown to whom.",
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "ENUM_NAME_OVERRIDES": {},
}


# Logs -----------------------------------------------------------------------------------------------------------------

# Event, ids, request id. Never names, notes, postcodes, e-mail addresses or answers: see sutg.common.logs.
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {
        "others_words": {"()": "sutg.common.logs.OthersWords"},
        "request_id": {"()": "sutg.common.logs.RequestIdFilter"},
    },
    "formatters": {"json": {"()": "sutg.common.logs.JsonFormatter"}},
    "handlers": {
        "stderr": {
            "class": "logging.StreamHandler",
            "formatter": "json",
            "filters": ["others_words", "request_id"],
        },
    },
    "root": {"handlers": ["stderr"], "level": "INFO"},
    "loggers": {
        "django.server": {"handlers": [], "propagate": False},
        "django.request": {"level": "ERROR"},
    },
}

SILENCED_SYSTEM_CHECKS = [
    "auth.W004",  # e-mail addresses are unique whatever their case, by a constraint on lower(email)
]
