"""Whether the desk is well, for whoever watches it: /halsa/ and /halsa/matvarden."""

import secrets
import shutil
from collections.abc import Callable

import structlog
from django.conf import settings
from django.core.cache import cache
from django.db import Error, connection
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.urls import path
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from prometheus_client import CONTENT_TYPE_LATEST

from hamn.guards.access.permits import open_to_all

from .measures import exposition

LEAST_FREE_BYTES = 100 * 1024 * 1024

_log = structlog.stdlib.get_logger("hamn.health")


@open_to_all
@require_safe
@never_cache
def health(request: HttpRequest) -> HttpResponse:  # noqa: ARG001
    """200 when database, cache and disk serve, else 503; which of them failed is in the log alone.

    Reads only, so that anyone may ask and no one can wear the disk out by asking.
    """
    failed = [name for name, is_well in CHECKS.items() if not _passes(is_well)]
    if failed:
        _log.error("not well", failed=failed)
    return JsonResponse({"status": "fault" if failed else "ok"}, status=503 if failed else 200)


@open_to_all
@require_safe
@never_cache
def metrics(request: HttpRequest) -> HttpResponse:
    """The numbers that Prometheus reads; without the token of centre.toml the page does not exist.

    Raises Http404: a stranger who times the answers learns nothing of the token.
    """
    token = settings.SYSTEM.get("metrics_token", "")
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    if not token or not secrets.compare_digest(given.encode(), str(token).encode()):
        raise Http404
    return HttpResponse(exposition(), content_type=CONTENT_TYPE_LATEST)


def _passes(is_well: Callable[[], bool]) -> bool:
    try:
        return is_well()
    except (Error, OSError):
        return False


def _database_answers() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        return cursor.fetchone() is not None


def _cache_answers() -> bool:
    cache.get("health")
    return True


def _disk_has_room() -> bool:
    return shutil.disk_usage(settings.HAMN_HOME).free > LEAST_FREE_BYTES


CHECKS: dict[str, Callable[[], bool]] = {
    "database": _database_answers,
    "cache": _cache_answers,
    "disk": _disk_has_room,
}
urlpatterns = [path("", health, name="health"), path("matvarden", metrics, name="metrics")]
