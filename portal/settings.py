"""All settings, driven by the environment: production unless DEMO=1 or DEBUG=1 says otherwise."""

import os
import sys
from pathlib import Path
from typing import Any

import dj_database_url
import dj_email_url
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _
from environs import Env

from portal import embedded, secret

BASE_DIR = Path(__file__).resolve().parent.parent
LOCAL_DIR = BASE_DIR / ".local"

REQUIRED_IN_PRODUCTION = {
    "SECRET_KEY": "long random text that signs sessions and links",
    "DATABASE_URL": "database as the role that owns nothing, postgresql://kreisrund_app:…@host/kreisrund",
    "DATABASE_OWNER_URL": "the same database as the role that owns the tables, for migrations",
    "ALLOWED_HOSTS": "host names this installation answers to, separated by commas",
    "EMAIL_URL": "mail server, for instance submission://user:password@host:587",
    "SITE_URL": "public address, for instance https://kreisrund.example",
}

TESTING = "pytest" in sys.modules

env = Env()
if not TESTING and not {"DEBUG", "DEMO", *REQUIRED_IN_PRODUCTION} & os.environ.keys():
    # Written by `make demo`, so that management commands of a demo checkout need no variables;
    # a single variable of a real installation is enough for the file to be left alone.
    env.read_env(LOCAL_DIR / "env", recurse=False)

DEBUG = env.bool("DEBUG", False)
DEMO = env.bool("DEMO", False)
PRODUCTION = not (DEBUG or DEMO or TESTING)

if PRODUCTION and (missing := [name for name in REQUIRED_IN_PRODUCTION if not os.environ.get(name)]):
    lines = [f"  {name}: {REQUIRED_IN_PRODUCTION[name]}" for name in missing]
    raise ImproperlyConfigured(
        "These environment variables are missing:\n"
        + "\n".join(lines)
        + "\nFor a demo installation, run `make demo` (which sets DEMO=1)."
    )
if DEMO and DEBUG:
    raise ImproperlyConfigured("DEMO=1 and DEBUG=1 exclude each other: a demo shows what production shows.")

SECRET_KEY = env.str("SECRET_KEY", "") or ("tests" * 10 if TESTING else secret.local_key(LOCAL_DIR))
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", ["localhost", "127.0.0.1", "testserver"])
SITE_URL = env.str("SITE_URL", f"http://127.0.0.1:{env.int('PORT', 8000)}").rstrip("/")
CSRF_TRUSTED_ORIGINS = [SITE_URL]

INSTALLED_APPS = [
    "portal",
    "agencies",
    "agencies.cases",
    "agencies.referrals",
    "agencies.roundtable",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.forms",
    "guardian",
    "allauth",
    "allauth.account",
    "csp",
    "django_htmx",
    "procrastinate.contrib.django",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "portal.middleware.DatabaseDownMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "portal.signing_in.SignInMiddleware",
    "portal.middleware.MemberMiddleware",
    "portal.signing_in.AgencyRequiredMiddleware",
]

ROOT_URLCONF = "portal.urls"
ASGI_APPLICATION = "portal.asgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "builtins": ["portal.templatetags.acting"],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "portal.context.look",
            ],
        },
    }
]
FORM_RENDERER = "portal.forms.KernRenderer"
# They name people and addresses: in the session they end with it, in a cookie they would outlive the logout.
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

# Database: role "app" owns nothing and is subject to row-level security; "owner" serves migrations only.
if not env.str("DATABASE_URL", ""):
    _app, _owner = embedded.cluster().settings(env.str("EMBEDDED_DATABASE", "kreisrund"))
else:
    _app = dict(dj_database_url.parse(env.str("DATABASE_URL")))
    _owner = dict(dj_database_url.parse(env.str("DATABASE_OWNER_URL")))
DATABASES: dict[str, dict[str, Any]] = {
    # Without cursors on the server, which cost each list of choices three round trips instead of one.
    "default": {**_app, "CONN_MAX_AGE": 0, "CONN_HEALTH_CHECKS": True, "DISABLE_SERVER_SIDE_CURSORS": True},
    "owner": {**_owner, "CONN_MAX_AGE": 0},
}
if not TESTING:
    # A short reconnect_timeout: after it the next request asks for a fresh connection, so the portal is back
    # with the database instead of after the pool's growing pauses.
    DATABASES["default"].setdefault("OPTIONS", {})["pool"] = {
        "min_size": 1,
        "max_size": env.int("DATABASE_POOL", 12),
        "timeout": 5,
        "reconnect_timeout": 2,
    }
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "cache_entries"},
}

# Sockets of running meetings: seconds between two heartbeats, which close those without a right any more
# and heal lost rings. With Redis (optional) web processes ring each other beside PostgreSQL.
LIVE_BEAT = env.float("LIVE_BEAT", 8)
REDIS_URL = env.str("REDIS_URL", "")

# Login: allauth with user name and password; accounts come by invitation only.
AUTH_USER_MODEL = "agencies.User"
AUTHENTICATION_BACKENDS = [
    "agencies.adapter.PasswordBackend",
    "guardian.backends.ObjectPermissionBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
if TESTING:
    PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/arbeitsplatz/"
ACCOUNT_ADAPTER = "agencies.adapter.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_PRESERVE_USERNAME_CASING = False
ACCOUNT_RATE_LIMITS = {"login": "30/m/ip", "login_failed": "20/m/ip,5/300s/key"}
ALLAUTH_TRUSTED_PROXY_COUNT = env.int("TRUSTED_PROXIES", 1 if PRODUCTION else 0)

# guardian: grants go to groups through direct foreign keys (agencies.cases.CaseGrant); no anonymous user.
ANONYMOUS_USER_NAME = None
GUARDIAN_MONKEY_PATCH_USER = False

# Language and time: the staff side is German.
LANGUAGE_CODE = "de"
LANGUAGES = [("de", _("Deutsch"))]
LOCALE_PATHS = [BASE_DIR / "portal" / "locale"]
TIME_ZONE = "Europe/Berlin"
USE_TZ = True

# Static files: KERN, htmx and fonts are fetched into .local/assets at set-up (portal/frontend).
STATIC_URL = "static/"
STATIC_ROOT = LOCAL_DIR / "static"
STATICFILES_DIRS = [LOCAL_DIR / "assets"]
if not PRODUCTION:
    STATIC_ROOT.mkdir(parents=True, exist_ok=True)  # whitenoise warns about a missing folder
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if PRODUCTION or DEMO
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = DEBUG or TESTING
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_500_000
FILE_UPLOAD_MAX_MEMORY_SIZE = 2_500_000

# Mail carries no personal data, only links and counts.
_email = dj_email_url.parse(env.str("EMAIL_URL", "console:"))
EMAIL_BACKEND = _email["EMAIL_BACKEND"]
EMAIL_HOST = _email["EMAIL_HOST"]
EMAIL_PORT = _email["EMAIL_PORT"]
EMAIL_HOST_USER = _email["EMAIL_HOST_USER"]
EMAIL_HOST_PASSWORD = _email["EMAIL_HOST_PASSWORD"]
EMAIL_USE_TLS = _email["EMAIL_USE_TLS"]
EMAIL_USE_SSL = _email["EMAIL_USE_SSL"]
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = SERVER_EMAIL = env.str("EMAIL_FROM", "kreisrund@localhost")

# Browser: nothing inline, nothing from elsewhere.
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "font-src": [SELF],
        "img-src": [SELF, "data:"],
        "connect-src": [SELF],
        "form-action": [SELF],
        "manifest-src": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
    }
}
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_AGE = 60 * 60 * 10
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_NAME = "kreisrund_session"
CSRF_COOKIE_NAME = "kreisrund_csrf"
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "portal.errors.csrf_failure"
if PRODUCTION:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_SSL_REDIRECT = True
    SECURE_REDIRECT_EXEMPT = [r"^healthz$"]
    SECURE_HSTS_SECONDS = 60 * 60 * 24 * 365
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_HSTS_PRELOAD = True
    SESSION_COOKIE_SECURE = True
    CSRF_COOKIE_SECURE = True

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {
            "()": "logging.Formatter" if DEBUG else "portal.logs.TraceFormatter",
            "format": "%(asctime)s %(levelname)s %(name)s: %(message)s",
        }
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": env.str("LOG_LEVEL", "INFO")},
    "loggers": {
        "procrastinate": {"level": env.str("LOG_LEVEL", "WARNING")},
        "psycopg.pool": {"level": "ERROR"},  # one line per attempt while the database is gone says no more
    },
}
