"""Every setting, read from the environment in this one file. docs/settings.md lists them.

Django's own settings follow from ours; nobody else reads the environment.
"""

import json
import os
from pathlib import Path

from sanad.db.connect import database_settings, place_of
from sanad.lib.environment import whole_seconds
from sanad.lib.keys import Keyring

HOME = Path(__file__).resolve().parent.parent
SANAD_VAR = Path(os.environ.get("SANAD_VAR", HOME / "var")).absolute()
SANAD_KEYS = Path(os.environ.get("SANAD_KEYS", SANAD_VAR / "keys")).absolute()
SANAD_UPLOADS = Path(os.environ.get("SANAD_UPLOADS", SANAD_VAR / "uploads")).absolute()
SANAD_CLUSTER = os.environ.get("SANAD_CLUSTER", "")
DATABASE_URL = os.environ.get("DATABASE_URL") or None
# What `init` or `demo` made last, so that later commands find it; the environment wins, and a
# DATABASE_URL that means another database forgets it.
_remembered = SANAD_VAR / "current.json"
_last = json.loads(_remembered.read_text()) if _remembered.exists() else {}
_last = _last if _last.get("place", "embedded") == place_of(DATABASE_URL) else {}
SANAD_DATABASE = os.environ.get("SANAD_DATABASE") or _last.get("database", "sanad")
# One log, one anchor: a folder may hold several databases, as both calibrations do.
SANAD_ANCHOR = (
    Path(os.environ.get("SANAD_ANCHOR", SANAD_VAR / "anchor")).absolute() / SANAD_DATABASE
)
SANAD_SNAPSHOTS = (
    Path(os.environ.get("SANAD_SNAPSHOTS", SANAD_VAR / "snapshots")).absolute() / SANAD_DATABASE
)
SANAD_POSTGRES_BIN = os.environ.get("SANAD_POSTGRES_BIN") or None
# The demonstration names its calibration on every screen; a real network has none.
SANAD_DEMONSTRATION = os.environ.get("SANAD_DEMONSTRATION", _last.get("demonstration")) or None
SANAD_SEED = "2025"  # of the demonstration's history; the same seed tells the same story
SANAD_SANDBOX_URL = os.environ.get("SANAD_SANDBOX_URL", "http://127.0.0.1:8765")
SANAD_PUBLIC_URL = os.environ.get("SANAD_PUBLIC_URL", "http://localhost:8000").rstrip("/")
SANAD_HTTPS = SANAD_PUBLIC_URL.startswith("https://")
SANAD_LOCK_AFTER_SECONDS = whole_seconds(
    "SANAD_LOCK_AFTER_SECONDS", os.environ.get("SANAD_LOCK_AFTER_SECONDS", "600")
)

SECRET_KEY = Keyring(SANAD_KEYS).django_secret()
DEBUG = False
ALLOWED_HOSTS = os.environ.get("SANAD_HOSTS", "127.0.0.1,localhost,[::1]").split(",")
CSRF_TRUSTED_ORIGINS = [SANAD_PUBLIC_URL]

DATABASES = {
    "default": database_settings(
        var=SANAD_VAR, name=SANAD_DATABASE, url=DATABASE_URL, passwords=SANAD_KEYS
    )
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "django_htmx",
    "procrastinate.contrib.django",
    "sanad.db",
    "sanad.eventlog",
    "sanad.catalogue",
    "sanad.accounts",
    "sanad.centres",
    "sanad.beneficiaries",
    "sanad.cases",
    "sanad.gateway",
    "sanad.till",
    "sanad.counter",
    "sanad.oversight",
    "sanad.lab",
    "sanad.web",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "csp.middleware.CSPMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "sanad.web.shell.lock.ScreenLockMiddleware",
]
ROOT_URLCONF = "sanad.web.urls"
WSGI_APPLICATION = "sanad.web.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [HOME / "sanad" / "web" / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "csp.context_processors.nonce",
                "sanad.web.shell.context.shell",
            ],
            "builtins": ["django.templatetags.i18n", "sanad.web.templatetags.sanad"],
        },
    }
]

# Sign-in counts failures here: in the database, so that every web process counts together.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "accounts_cache",
    }
}

LANGUAGE_CODE = "ar"
LANGUAGES = [("ar", "العربية"), ("en", "English")]
LANGUAGE_COOKIE_NAME = "sanad_language"
LANGUAGE_COOKIE_AGE = 365 * 24 * 3600
LOCALE_PATHS = [HOME / "locale"]
FORMAT_MODULE_PATH = ["sanad.web.formats"]
USE_THOUSAND_SEPARATOR = True
TIME_ZONE = "Asia/Muscat"
USE_TZ = True

STATIC_URL = "/static/"
STATIC_ROOT = SANAD_VAR / "static"
STATICFILES_DIRS = [
    HOME / "sanad" / "web" / "static",
    ("vendor/bootstrap", HOME / "node_modules" / "bootstrap" / "dist"),
    ("vendor/htmx", HOME / "node_modules" / "htmx.org" / "dist"),
    ("vendor/plex", HOME / "node_modules" / "@fontsource" / "ibm-plex-sans-arabic"),
]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

AUTH_USER_MODEL = "accounts.Account"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.ScryptPasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
SESSION_ENGINE = "sanad.accounts.sessions"
SESSION_COOKIE_AGE = 12 * 3600
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SECURE = SANAD_HTTPS
CSRF_COOKIE_SECURE = SANAD_HTTPS
SECURE_HSTS_SECONDS = 31_536_000 if SANAD_HTTPS else 0
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CSRF_FAILURE_VIEW = "sanad.web.shell.errors.csrf"

ACCOUNT_USER_MODEL_EMAIL_FIELD = None
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_ADAPTER = "sanad.web.shell.sign_in.Adapter"
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_RATE_LIMITS = {"login_failed": "10/m/ip,5/5m/key"}
MFA_ADAPTER = "sanad.web.shell.sign_in.SecondFactor"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes", "webauthn"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "Sanad"
# A browser offers passkeys on localhost without HTTPS, nowhere else.
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not SANAD_HTTPS

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'self'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "font-src": ["'self'"],
        "connect-src": ["'self'"],
        "object-src": ["'none'"],
        "frame-ancestors": ["'none'"],
        "base-uri": ["'self'"],
        "form-action": ["'self'"],
    }
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 12 * 1024**2
FILE_UPLOAD_PERMISSIONS = 0o600

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": "sanad.lib.json_log.JsonFormatter"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "json"}},
    "root": {"handlers": ["stderr"], "level": os.environ.get("SANAD_LOG_LEVEL", "WARNING")},
}
SILENCED_SYSTEM_CHECKS = ["account.W001"]
