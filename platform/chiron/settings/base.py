"""What every process shares. `development`, `production` and `test` say only what differs."""

from __future__ import annotations

from pathlib import Path

from chiron.observability import logs
from chiron.settings import env

environment = env.Environment()

CHIRON_HOME = environment.folder("CHIRON_HOME", ".chiron")
CHIRON_PORT = environment.port("CHIRON_PORT", 8000)
BASE_HOST = environment.host_name("CHIRON_BASE_HOST", "localhost")
DEMO = environment.flag("CHIRON_DEMO")

# Any host may knock; the society middleware knows which are ours and answers all others with a plain 404.
ALLOWED_HOSTS = ["*"]
ROOT_URLCONF = "chiron.urls_society"
PUBLIC_SCHEMA_URLCONF = "chiron.urls_public"
WSGI_APPLICATION = "chiron.wsgi.application"

# --- Rooms. An app has its tables in public, in every society's schema, or in both.

# First of all, for it refuses Django's own `migrate` and `flush`.
_PUBLIC_ONLY = ["tenants", "billing", "billing.leaving", "billing.quotes", "billing.starting", "chiron.console"]
_BOTH = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "tenants.accounts",
    "allauth",
    "allauth.account",
    "tenants.audit",
    "tenants.outbox",
]
_SOCIETIES_ONLY = [
    "tenants.people",
    "programs.policy",
    "programs.surveys",
    "programs.agreements",
    "programs.enrollment",
    "programs.mentorships",
    "programs.invitations",
    "programs.renewing",
    "programs.wishing",
    "matching",
    "matching.council",
    "matching.publishing",
]
_WITHOUT_TABLES = [
    "chiron",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.staticfiles",
    "django_cotton",
    "django_htmx",
    "chiron.design",
    "chiron.front",
    "chiron.demo",
    "programs.outcomes",
    "programs.own_copy",
    "programs.viewing",
    "programs.rehearsing",
    "programs.opening",
]
SHARED_APPS = [*_PUBLIC_ONLY, *_BOTH]
TENANT_APPS = [*_BOTH, *_SOCIETIES_ONLY]
INSTALLED_APPS = [*_PUBLIC_ONLY, *_BOTH, *_SOCIETIES_ONLY, *_WITHOUT_TABLES]
TENANT_MODEL = "tenants.Society"
TENANT_DOMAIN_MODEL = "tenants.Domain"

# --- Requests. Assets and liveness open no transaction; everything below the society runs inside of one.

MIDDLEWARE = [
    "chiron.observability.middleware.RequestId",
    "django.middleware.security.SecurityMiddleware",
    "chiron.design.csp.ContentSecurityPolicy",
    "chiron.front.assets.Assets",
    "tenants.middleware.HealthMiddleware",
    "tenants.middleware.SocietyMiddleware",
    "chiron.design.errors.BareReplies",
    "chiron.front.manners.Manners",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "tenants.showing.Showing",
    "tenants.people.sessions.SlidingSessions",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        # Neither auth nor messages: error pages use these too, and must not run a query.
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "chiron.design.frame.context",
            ]
        },
    }
]

# --- Data

DATABASES = {
    "default": {
        "ENGINE": "tenants.postgresql",
        # The society middleware opens the transaction; this makes each view a savepoint in it.
        "ATOMIC_REQUESTS": True,
        # Every connection remembers the tables of each society it has served: it is renewed before that grows.
        "CONN_MAX_AGE": 300,
        "CONN_HEALTH_CHECKS": True,
        **env.database(environment, "DATABASE_URL"),
    }
}
DATABASE_ROUTERS = ["django_tenants.routers.TenantSyncRouter"]
DATABASE_ADMIN_URL = environment.url("DATABASE_ADMIN_URL", env.POSTGRESQL)
# The names of the roles that all societies share begin with this: chiron_owner, chiron_app, …
DATABASE_ROLE_PREFIX = env.role_prefix("DATABASE_URL", DATABASES["default"].get("USER", ""))
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

CACHE_URL = environment.url("CACHE_URL", env.CACHES)
_CACHE = (
    {"BACKEND": "tenants.cache.RedisCache", "LOCATION": CACHE_URL}
    if CACHE_URL.startswith("redis")
    else {"BACKEND": "tenants.cache.LocalCache"}
)
CACHES = {
    # A key belongs to the society in whose door it is used.
    "default": {**_CACHE, "KEY_FUNCTION": "tenants.cache.key_of_here"},
    # A key belongs to the platform, wherever it is used.
    "platform": {**_CACHE, "KEY_PREFIX": "platform"},
}

CELERY_BROKER_URL = environment.url("CELERY_BROKER_URL", env.BROKERS) or "memory://"

# infra/assets/build collects all static files there, compressed and under names that hold their hashes.
STATIC_URL = "/static/"
STATIC_ROOT: Path | None = Path(__file__).parents[1] / "collected"
STORAGES = {
    "default": {"BACKEND": "tenants.files.SocietyStorage"},
    "staticfiles": {"BACKEND": "chiron.front.assets.Names"},
}
MEDIA_ROOT = CHIRON_HOME / "files"

# --- People

AUTH_USER_MODEL = "accounts.Account"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*"]
ACCOUNT_ADAPTER = "tenants.accounts.adapter.AccountAdapter"
ACCOUNT_FORMS = {
    "request_login_code": "tenants.accounts.forms.AddressForm",
    "confirm_login_code": "tenants.accounts.forms.CodeForm",
}
ACCOUNT_EMAIL_VERIFICATION = "none"  # a code proves the address each time
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_FORMAT = {"numeric": True, "length": 6, "dashed": True}
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 20 * 60
ACCOUNT_LOGIN_BY_CODE_MAX_ATTEMPTS = 5
ACCOUNT_LOGIN_BY_CODE_SUPPORTS_RESEND = True
ACCOUNT_LOGIN_TIMEOUT = 60 * 60  # time for another code, and another
# Six digits and five tries stand against guessing because few codes are sent.
ACCOUNT_RATE_LIMITS = {"request_login_code": "20/m/ip,3/m/key,8/h/key", "start": "20/m/ip,3/m/key,8/h/key"}
LOGIN_URL = "account_login"
DESIGN_FRAME = "chiron.frames.frame_of"
CSRF_FAILURE_VIEW = "chiron.design.errors.csrf_failure"
# A cookie names no domain, so it stays with the host that set it.
SESSION_COOKIE_NAME = "session"
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
# In the session, and so behind the society's wall; the other storage is a signed cookie.
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

_MAIL = env.mail(environment, "EMAIL_URL", default="console://")
# Whoever sends mail writes it down in the outbox; the outbox alone has the way out.
EMAIL_BACKEND = "tenants.outbox.backend.OutboxBackend"
OUTBOX_TRANSPORT = _MAIL.backend
MAIL_DOMAIN = environment.host_name("CHIRON_MAIL_DOMAIN", BASE_HOST)
# Whom people reach who run this platform: concerns go there where a society has named nobody.
CHIRON_CONTACT = environment.text("CHIRON_CONTACT", f"hello@{MAIL_DOMAIN}")
# Where checks are sent, on quotes and invoices; lines end with a semicolon.
POSTAL_ADDRESS = environment.text("CHIRON_POSTAL_ADDRESS").replace(";", "\n")
# Our own, which treasurers ask for before they pay.
TAX_FORM = environment.pdf("CHIRON_TAX_FORM")
# For how many days backups of the database are kept: what is deleted is gone from them then.
BACKUPS_KEPT_DAYS = environment.days("CHIRON_BACKUPS_KEPT_DAYS", 35)
EMAIL_HOST, EMAIL_PORT = _MAIL.host, _MAIL.port
EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = _MAIL.user, _MAIL.password
EMAIL_USE_TLS, EMAIL_USE_SSL = _MAIL.use_tls, _MAIL.use_ssl
EMAIL_TIMEOUT = 20
# Who may tell us what came back of our mail; two while one takes the other's place.
MAIL_NOTICE_SECRETS = tuple(environment.text("CHIRON_MAIL_NOTICE_SECRETS").split())

LANGUAGE_CODE = "en-us"
# Numbers in templates are written as in a sentence, “20,000”; what machines read is `unlocalize`d.
USE_THOUSAND_SEPARATOR = True
TIME_ZONE = "UTC"
USE_TZ = True

# --- Payments. At a desk an emulator stands where Stripe does: the address alone differs.

STRIPE_SECRET_KEY = environment.text("STRIPE_SECRET_KEY")
STRIPE_API_BASE = environment.url("STRIPE_API_BASE", ("https", "http"))
# Where its pages are, to which buttons lead on.
STRIPE_PAGES = STRIPE_API_BASE or "https://checkout.stripe.com https://billing.stripe.com"
# The newest first; two while one takes the other's place.
STRIPE_WEBHOOK_SECRETS = environment.several("STRIPE_WEBHOOK_SECRETS")

# --- What the platform says of itself

SENTRY_DSN = environment.error_reports("SENTRY_DSN")
LOGGING = logs.configuration()
