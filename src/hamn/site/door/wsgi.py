"""The door as an application server loads it; `hamn serve --face door` runs it under granian."""

import logging
import os
from http import HTTPStatus

# Set, not left as it was: the command that starts us may have read another face's settings.
os.environ["DJANGO_SETTINGS_MODULE"] = "hamn.site.door.settings"
os.environ.setdefault("HAMN_LOG", "info")

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.urls import resolve
from granian.utils.proxies import wrap_wsgi_with_proxy_headers

if os.environ.get("HAMN_SERVED"):
    # Ctrl-C in a terminal goes to the whole group; `hamn serve` alone tells its workers to stop.
    os.setpgid(0, 0)
# Only a proxy on the list may tell who asks; the address is counted by a key of this hour, and
# neither stored nor logged.
application = wrap_wsgi_with_proxy_headers(
    get_wsgi_application(), trusted_hosts=settings.SYSTEM.get("proxies", ["127.0.0.1", "::1"])
)
# That somebody wrote a wrong code, and when, is nobody's to read: faults of ours alone are logged.
logging.getLogger("django.request").setLevel(logging.ERROR)
logging.getLogger("django.security").setLevel(logging.ERROR)
# A full house is answered calmly, and is no fault: a flood would fill the log.
logging.getLogger("django.request").addFilter(
    lambda record: getattr(record, "status_code", None) != HTTPStatus.SERVICE_UNAVAILABLE
)
# Reads the whole URL table now: a fault in it stops the start instead of every request.
resolve("/halsa/")
