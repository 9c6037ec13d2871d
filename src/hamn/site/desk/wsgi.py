"""The desk as an application server loads it; `hamn serve --face desk` runs it under granian."""

import os
import threading

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hamn.site.desk.settings")
os.environ.setdefault("HAMN_LOG", "info")

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.urls import resolve
from granian.utils.proxies import wrap_wsgi_with_proxy_headers

from hamn.site.demo.forward import forwarding
from hamn.ui import charts

if os.environ.get("HAMN_SERVED"):
    # Ctrl-C in a terminal goes to the whole group; `hamn serve` alone tells its workers to stop.
    os.setpgid(0, 0)
# Only a proxy on the list may tell whom it asks for; limits by address count the real one.
application = wrap_wsgi_with_proxy_headers(
    get_wsgi_application(), trusted_hosts=settings.SYSTEM.get("proxies", ["127.0.0.1", "::1"])
)
if settings.DEMO:
    application = forwarding(application)
# The first chart takes half a second: draw one before anybody waits for it.
threading.Thread(target=charts.warm, daemon=True).start()
# Reads the whole URL table now: a fault in it stops the start instead of every request.
resolve("/halsa/")
