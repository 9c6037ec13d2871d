"""The desk's own settings: what its process serves, to whom, and under which rules."""

from csp.constants import NONCE, NONE, SELF

from hamn.site.secret import secret_key
from hamn.site.served import *  # noqa: F403
from hamn.site.served import IS_SECURE
from hamn.site.settings import *  # noqa: F403
from hamn.site.settings import DEMO, HAMN_HOME, INSTALLED_APPS, SYSTEM

# After the rooms, so that their templates stand before allauth's own.
INSTALLED_APPS = [
    *INSTALLED_APPS,
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
]

SECRET_KEY = secret_key(HAMN_HOME)
ROOT_URLCONF = "hamn.site.desk.urls"
WSGI_APPLICATION = "hamn.site.desk.wsgi.application"

# The address that people type, with its scheme; without one only this machine is answered.
ADDRESS = SYSTEM.get("address", "")
HOST = ADDRESS.partition("://")[2].partition("/")[0].partition(":")[0]
ALLOWED_HOSTS = [HOST] if HOST else ["localhost", "127.0.0.1", "[::1]"]
CSRF_TRUSTED_ORIGINS = [ADDRESS] if ADDRESS else []
# With no-referrer the browser sends Origin: null, which Django rightly takes for a stranger's form.
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
X_FRAME_OPTIONS = "DENY"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = IS_SECURE
SESSION_ENGINE = "hamn.ui.sessions"
SESSION_COOKIE_NAME = "hamn_desk"
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Strict"
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_AGE = 9 * 3600  # a working day
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
CSRF_FAILURE_VIEW = "hamn.site.desk.errors.csrf_failure"
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_621_440
# Every piece of a long case is judged for itself when its person asks for her data.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 3_000
FILE_UPLOAD_HANDLERS = [
    # Files about people; each view that takes them in says how large they may be.
    "hamn.ui.uploads.InMemory",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF, NONCE],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
    }
}

MIDDLEWARE = [
    "hamn.site.desk.measures.Measured",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "hamn.ui.middleware.Language",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "hamn.site.desk.middleware.Closed",
    "hamn.site.desk.middleware.SentOnce",
    "hamn.site.desk.middleware.Refusals",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "hamn.site.desk.menu.context",
            ],
            "builtins": [
                "hamn.ui.templatetags.ui",
                "django.templatetags.static",
                "django.templatetags.i18n",
            ],
        },
    }
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

# Shared by all processes of the centre: limits and used codes count wherever the request lands.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "site_cache",
        # Never culled by number: limits and used codes must not be pushed out by other rows.
        "OPTIONS": {"MAX_ENTRIES": 10_000_000},
    }
}

LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "desk:start"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ["email", "title"]},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
ACCOUNT_ADAPTER = "hamn.guards.access.adapter.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = True
ACCOUNT_REAUTHENTICATION_TIMEOUT = 900
ACCOUNT_EMAIL_NOTIFICATIONS = False
ACCOUNT_SESSION_REMEMBER = False
# By account only from browsers that have not signed in before: see the adapter.
ACCOUNT_RATE_LIMITS = {
    # Counted by the adapter alone, so that nobody at the same address is shut out.
    "login": None,
    "login_failed": "10/m/ip,20/5m/key",
    "reset_password": "20/h/ip,5/h/key",
    "reauthenticate": "10/m/user",
    "change_password": "5/m/user",
}
MFA_ADAPTER = "hamn.guards.access.adapter.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "Hamn"
MFA_TOTP_TOLERANCE = 1
MFA_RATE_LIMITS = {"webauthn_login": None}
# Whoever may say by X-Forwarded-For where a request came from: see wsgi.py.
ALLAUTH_TRUSTED_PROXY_COUNT = 0
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = DEMO
USERSESSIONS_TRACK_ACTIVITY = False

# Invitations and password links; without a post office they are refused, in the demo kept as files.
MAIL = SYSTEM.get("mail", {})
EMAIL_BACKEND = (
    "django.core.mail.backends.smtp.EmailBackend"
    if MAIL
    else "django.core.mail.backends.filebased.EmailBackend"
)
EMAIL_FILE_PATH = HAMN_HOME / "mail"
EMAIL_HOST, EMAIL_PORT = MAIL.get("host", ""), MAIL.get("port", 587)
EMAIL_USE_TLS = MAIL.get("tls", True)
EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = MAIL.get("user", ""), MAIL.get("password", "")
DEFAULT_FROM_EMAIL = SERVER_EMAIL = MAIL.get("from", "hamn@localhost")

LOGGING_CONFIG = "hamn.site.logs.configure"
LOGGING: dict[str, object] = {"level": "warning"}
