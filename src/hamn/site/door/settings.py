"""The door's own settings: what the public process serves, and how little it is given.

No session, no person, no messages, no private key, and never the desk's secret.
HAMN_DOOR_DATABASE: the address by which the door reaches PostgreSQL, as the role that may only
insert and read the sealed conversation; also `[system] door_database` in `centre.toml`.
"""

import os
from pathlib import Path
from typing import Any

from hamn.site.secret import DOOR as SECRET
from hamn.site.secret import secret_key
from hamn.site.served import *  # noqa: F403
from hamn.site.settings import *  # noqa: F403
from hamn.site.settings import DATABASE, HAMN_HOME, INSTALLED_APPS, SYSTEM, postgresql, sqlite

SECRET_KEY = secret_key(HAMN_HOME, SECRET)
ROOT_URLCONF = "hamn.site.door.urls"
WSGI_APPLICATION = "hamn.site.door.wsgi.application"


# How long somebody waits for her turn to write before she is told to send again.
_TURN_S = 5
# A statement of the door is short; one that is not would hold up everybody else.
_PATIENCE = (
    f"-c statement_timeout=10s -c lock_timeout={_TURN_S}s "
    "-c idle_in_transaction_session_timeout=15s"
)


def _database() -> dict[str, Any]:
    """The embedded database held by an authorizer; PostgreSQL as the door's own role, or none."""
    address = os.environ.get("HAMN_DOOR_DATABASE") or SYSTEM.get("door_database", "")
    if address:
        given = postgresql(address)
        options = f"{given['OPTIONS'].pop('options', '')} {_PATIENCE}".strip()
        return {**given, "OPTIONS": {**given["OPTIONS"], "options": options}}
    if DATABASE:
        # The desk's role would open everything: without one of its own the door has no database.
        return {"ENGINE": "django.db.backends.dummy"}
    return {**sqlite(_TURN_S), "ENGINE": "hamn.site.door.sqlite"}


DATABASES = {"default": _database()}
# No key agent is within reach, wherever one listens.
VAULT = Path(os.devnull)

ADDRESS = SYSTEM.get("door_address", "")
HOST = ADDRESS.partition("://")[2].partition("/")[0].partition(":")[0]
ALLOWED_HOSTS = [HOST] if HOST else ["localhost", "127.0.0.1", "[::1]"]
SECURE_REFERRER_POLICY = "no-referrer"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
# More than any form of ours sends is refused before it is read: 100 kB of text, each byte of it
# written as three when it is no plain letter, is read and shown again with what is wrong.
DATA_UPLOAD_MAX_MEMORY_SIZE = 384 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 100
DATA_UPLOAD_MAX_NUMBER_FILES = 5
FILE_UPLOAD_HANDLERS = ["hamn.site.door.uploads.NothingKept"]
APPEND_SLASH = True

MIDDLEWARE = [
    "hamn.site.door.middleware.Headers",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    # Before whatever refuses: what it says is in the language of the address too.
    "hamn.site.door.middleware.Language",
    "hamn.site.door.middleware.Calm",
    "hamn.site.door.middleware.OwnForms",
    "django.middleware.common.CommonMiddleware",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "hamn.site.door.context.frame",
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
# Whose templates that renderer draws the plain fields with, the hidden ones too.
INSTALLED_APPS = [*INSTALLED_APPS, "django.forms"]

# Swedish at `/`, the others under their own prefix; which of them are answered, their readers say.
LANGUAGES = [
    ("sv", "Svenska"),
    ("en", "English"),
    ("es", "Español"),
    ("ro", "Română"),
    ("th", "ไทย"),
    ("ar", "العربية"),
]

# Nothing is kept but in this process's memory, and nothing of anyone is written there.
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}

LOGGING_CONFIG = "hamn.site.logs.configure"
LOGGING: dict[str, object] = {"level": "warning"}
