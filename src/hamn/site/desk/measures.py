"""What is measured of every request: one line in the log, and the numbers that Prometheus reads.

A request is known by its route (`desk/avtal/<code>/`), never by its path or query: those hold ids,
and may hold what someone typed. Nothing tells who asked or from where.
"""

import os
import time
from collections.abc import Callable
from typing import Any

import structlog
from django.conf import settings
from django.db import connection
from django.db.models import Case, Count, Min, When
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django_tasks_db.models import DBTaskResult
from prometheus_client import CollectorRegistry, Gauge, Histogram, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector

METHODS = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}
BUCKETS = (0.01, 0.025, 0.05, 0.1, 0.15, 0.25, 0.5, 1, 2.5, 5, 10)

_log = structlog.stdlib.get_logger("hamn.requests")
_own = CollectorRegistry()
_seconds = Histogram(
    "hamn_request_seconds",
    "Time to answer, by route and status",
    ["method", "route", "status"],
    buckets=BUCKETS,
    registry=_own,
)


class Queries:
    """Counts the statements sent to the database while it wraps them."""

    def __init__(self) -> None:
        self.count = 0

    def __call__(self, execute: Any, sql: Any, params: Any, many: Any, context: Any) -> Any:
        """Count, and let the statement pass."""
        self.count += 1
        return execute(sql, params, many, context)


class Measured:
    """The outermost middleware: measures each request and logs it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """The answer, measured."""
        began, queries = time.perf_counter(), Queries()
        with connection.execute_wrapper(queries):
            response = self.get_response(request)
        took = time.perf_counter() - began
        method = request.method if request.method in METHODS else "OTHER"
        route, status = route_of(request), response.status_code
        _seconds.labels(method, route, status).observe(took)
        _log.info(
            "request",
            method=method,
            route=route,
            status=status,
            ms=round(took * 1000, 1),
            queries=queries.count,
        )
        return response


def route_of(request: HttpRequest) -> str:
    """The route as the URL table writes it; `static` for files, `none` where nothing answers."""
    if request.resolver_match is not None:
        return request.resolver_match.route
    return "static" if request.path_info.startswith(settings.STATIC_URL) else "none"


def exposition() -> bytes:
    """All numbers in Prometheus' text form: requests of every process, and the tasks' queue."""
    if "PROMETHEUS_MULTIPROC_DIR" in os.environ:
        requests = CollectorRegistry()
        MultiProcessCollector(requests)  # type: ignore[no-untyped-call]
    else:
        requests = _own
    return generate_latest(requests) + generate_latest(_tasks())


def _tasks() -> CollectorRegistry:
    registry = CollectorRegistry()
    counts = Gauge("hamn_tasks", "Tasks by status", ["status"], registry=registry)
    # django-tasks-db has no typed manager.
    rows: Any = DBTaskResult.objects
    for row in rows.order_by().values("status").annotate(count=Count("pk")):
        counts.labels(row["status"]).set(row["count"])
    waiting = Gauge(
        "hamn_task_oldest_waiting_seconds", "Age of the oldest task to run", registry=registry
    )
    now = timezone.now()
    due = Case(When(run_after__lte=now, then="run_after"), default="enqueued_at")
    oldest = rows.ready().aggregate(oldest=Min(due))["oldest"]
    waiting.set((now - oldest).total_seconds() if oldest else 0)
    return registry
