"""What the settings of both faces have in common: HTTPS alone, and the files they send."""

import os
from pathlib import Path

from hamn.site.settings import DEMO

# Plain HTTP is answered in the demo alone, which listens on this machine only.
IS_SECURE = not DEMO
SECURE_SSL_REDIRECT = IS_SECURE
SECURE_REDIRECT_EXEMPT = [r"^halsa/"]
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_HSTS_SECONDS = 31_536_000 if IS_SECURE else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = IS_SECURE
SECURE_HSTS_PRELOAD = IS_SECURE

STATIC_URL = "/static/"
# Collected by `make install`; the wheel contains it.
STATIC_ROOT = Path(__file__).parent / "static-collected"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "hamn.ui.storage.Collected"
        if os.environ.get("HAMN_STATIC") != "plain"
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
WHITENOISE_KEEP_ONLY_HASHED_FILES = False
