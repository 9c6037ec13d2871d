"""What the desk is in production: logs that hold nothing typed, numbers, health, its settings."""

import json
import logging
import re
import subprocess
import sys
import tempfile
import threading
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import structlog
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import include, path
from django.views.decorators.csrf import csrf_exempt

from hamn.core.errors import BadInput
from hamn.site import logs
from hamn.site.desk.measures import exposition

ROOT = Path(__file__).parents[2]
# Planted wherever someone can type; found nowhere in what is written.
MARKER = "hemligt19121212"


@csrf_exempt
def echo(request: HttpRequest, name: str = "") -> HttpResponse:
    """Two questions to the database, and an answer."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        cursor.execute("SELECT 2")
    return HttpResponse(f"{name}{request.POST.get('name', '')}")


@csrf_exempt
def fail(request: HttpRequest, name: str = "") -> HttpResponse:
    """A fault whose text, cause and variables hold what was typed."""
    typed = [request.POST.get("name", ""), request.GET.get("q", ""), name, MARKER]
    try:
        int(str(typed))
    except ValueError as fault:
        raise RuntimeError(f"could not read {typed}") from fault
    return HttpResponse()


def guarded(request: HttpRequest) -> HttpResponse:
    """Refuses what comes without a token."""
    return HttpResponse(request.method or "")


urlpatterns = [
    path("echo/", echo),
    path("echo/<str:name>/", echo, name="echo"),
    path("fail/", fail),
    path("fail/<str:name>/", fail),
    path("guarded/", guarded),
    path("halsa/", include("hamn.site.desk.health")),
]


@pytest.fixture
def spoken(capsys: pytest.CaptureFixture[str]) -> Iterator[Callable[[], list[dict[str, Any]]]]:
    """A function that gives the lines logged so far, as data; each must be JSON."""
    before = sys.excepthook, threading.excepthook, warnings.showwarning
    logs.configure({"level": "info"})
    capsys.readouterr()
    yield lambda: [json.loads(line) for line in capsys.readouterr().err.splitlines()]
    logs.configure({"level": "warning"})
    sys.excepthook, threading.excepthook, warnings.showwarning = before


@pytest.fixture
def site(db: None, settings: Any) -> Client:
    """A client of the pages above, behind the desk's outermost middleware."""
    settings.ROOT_URLCONF = __name__
    settings.ALLOWED_HOSTS = ["testserver"]
    settings.SECURE_SSL_REDIRECT = False
    settings.MIDDLEWARE = [
        "hamn.site.desk.measures.Measured",
        "django.middleware.security.SecurityMiddleware",
        "django.contrib.sessions.middleware.SessionMiddleware",
        "django.middleware.common.CommonMiddleware",
        "django.middleware.csrf.CsrfViewMiddleware",
    ]
    settings.CSRF_FAILURE_VIEW = "django.views.csrf.csrf_failure"
    return Client(raise_request_exception=False, enforce_csrf_checks=True)


def test_a_request_leaves_one_line_with_its_route_and_nothing_of_who_or_what(
    site: Client, spoken: Callable[[], list[dict[str, Any]]]
) -> None:
    site.get(f"/echo/{MARKER}/?q={MARKER}", headers={"user-agent": MARKER, "referer": MARKER})
    [line] = spoken()
    assert set(line) == {
        *("at", "event", "level", "logger", "method", "route", "status", "ms", "queries"),
    }
    assert (line["event"], line["level"]) == ("request", "info")
    assert (line["method"], line["route"], line["status"]) == ("GET", "echo/<str:name>/", 200)
    assert line["queries"] == 2
    assert 0 < line["ms"] < 10_000


PLANTED: dict[str, tuple[str, str, dict[str, Any]]] = {
    "in the path": ("GET", f"/echo/{MARKER}/", {}),
    "in an unknown path": ("GET", f"/{MARKER}/", {}),
    "in a path that is no text": ("GET", f"/%ff%fe{MARKER}/", {}),
    "in the query": ("GET", f"/echo/?q={MARKER}", {}),
    "in a form": ("POST", "/echo/", {"data": {"name": MARKER, MARKER: "x"}}),
    "in a fault's text, from the path": ("GET", f"/fail/{MARKER}/", {}),
    "in a fault's text, from the query": ("GET", f"/fail/?q={MARKER}", {}),
    "in a fault's text, from a form": ("POST", "/fail/", {"data": {"name": MARKER}}),
    "in a file": (
        "POST",
        "/fail/",
        {"data": {"file": tempfile.SpooledTemporaryFile(suffix=MARKER)}},  # noqa: SIM115
    ),
    "in a header": ("GET", "/fail/", {"headers": {"x-anything": MARKER}}),
    "in the host": ("GET", "/echo/", {"headers": {"host": f"{MARKER}.example"}}),
    "in the host, spelt wrong": ("GET", "/echo/", {"headers": {"host": f"{MARKER}_/.example"}}),
    "in the browser's name": ("GET", "/fail/", {"headers": {"user-agent": MARKER}}),
    "in where it came from": ("GET", "/fail/", {"headers": {"referer": f"https://a/{MARKER}"}}),
    "in a forged form": (
        "POST",
        "/guarded/",
        {"data": {"name": MARKER}, "headers": {"origin": f"https://{MARKER}.example"}},
    ),
    "in a broken token": (
        "POST",
        "/guarded/",
        {"data": {"csrfmiddlewaretoken": MARKER}, "headers": {"cookie": f"csrftoken={MARKER}"}},
    ),
    "in a cookie": ("GET", "/fail/", {"headers": {"cookie": f"hamn_desk={MARKER}; x={MARKER}"}}),
    "in the method": (MARKER.upper(), "/echo/", {}),
    "in broken JSON": (
        "POST",
        "/fail/",
        {"data": f'{{"{MARKER}"', "content_type": "application/json"},
    ),
    "in a multipart body cut off": (
        "POST",
        "/fail/",
        {"data": f"--x\r\n{MARKER}", "content_type": "multipart/form-data; boundary=x"},
    ),
    "in the content type": ("POST", "/fail/", {"data": "x", "content_type": f"text/{MARKER}"}),
    "in a token for the numbers": (
        "GET",
        "/halsa/matvarden",
        {"headers": {"authorization": f"Bearer {MARKER}"}},
    ),
}


@pytest.mark.parametrize(("method", "url", "more"), PLANTED.values(), ids=PLANTED)
def test_nothing_typed_is_found_in_the_log(
    site: Client,
    capsys: pytest.CaptureFixture[str],
    spoken: Callable[[], list[dict[str, Any]]],
    method: str,
    url: str,
    more: dict[str, Any],
) -> None:
    data = more.get("data", "")
    send = getattr(site, method.lower(), None)
    if send is None:
        answer = site.generic(method, url)
    else:
        answer = send(url, **{**more, "data": data} if data else more)
    assert answer.status_code in (200, 400, 403, 404, 405, 500)
    said = capsys.readouterr()
    assert MARKER.lower() not in (said.err + said.out).lower()
    lines = [json.loads(line) for line in said.err.splitlines()]
    assert [line["status"] for line in lines if line["event"] == "request"] == [answer.status_code]
    if answer.status_code == 500:
        assert any("exception" in line for line in lines)


def test_a_fault_is_logged_with_its_kind_its_causes_and_the_way_it_took(
    site: Client, spoken: Callable[[], list[dict[str, Any]]]
) -> None:
    assert site.get("/fail/").status_code == 500
    told, request = spoken()
    assert (told["logger"], told["level"]) == ("django.request", "error")
    assert told["event"] == "%s: %s"
    assert (told["status"], told["route"]) == (500, "fail/")
    assert [one["type"] for one in told["exception"]] == [
        "builtins.RuntimeError",
        "builtins.ValueError",
    ]
    last = told["exception"][0]["frames"][-1]
    assert re.fullmatch(r"test_production\.py:\d+ fail", last)
    assert any(
        frame.startswith("django/core/handlers/base.py:")
        for frame in told["exception"][0]["frames"]
    )
    assert (request["event"], request["status"]) == ("request", 500)


def test_other_libraries_words_are_withheld_but_the_place_is_told(
    spoken: Callable[[], list[dict[str, Any]]],
) -> None:
    logging.getLogger("some.library").error("could not send to %s", MARKER)
    logging.getLogger("django.anything").error(f"put together {MARKER}")
    logging.getLogger("django.anything").error("a template with %s", MARKER)
    library, whole, template = spoken()
    assert (library["event"], whole["event"]) == (logs.WITHHELD, logs.WITHHELD)
    assert template["event"] == "a template with %s"
    assert re.fullmatch(r"test_production\.py:\d+", library["where"])


def test_a_value_that_is_no_plain_data_shows_as_its_kind(
    spoken: Callable[[], list[dict[str, Any]]],
) -> None:
    structlog.stdlib.get_logger("hamn").warning("seen", fault=BadInput(MARKER))
    assert [line["fault"] for line in spoken()] == ["BadInput"]


def test_what_nobody_caught_is_logged_without_its_text() -> None:
    code = (
        "import os; os.environ['HAMN_LOG'] = 'info'\n"
        "from hamn.site import logs; logs.configure({})\n"
        "import threading, warnings\n"
        f"warnings.warn('{MARKER}')\n"
        f"thread = threading.Thread(target=lambda: int('{MARKER}'), name='{MARKER}')\n"
        "thread.start(); thread.join()\n"
        f"raise KeyError('{MARKER}')\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert MARKER not in done.stderr
    lines = [json.loads(line) for line in done.stderr.splitlines()]
    assert (lines[0]["kind"], lines[0]["where"]) == ("UserWarning", "<string>:4")
    kinds = [line["exception"][0]["type"] for line in lines[1:]]
    assert kinds == ["builtins.ValueError", "builtins.KeyError"]


def test_a_command_is_quiet(hamn: Callable[..., Any]) -> None:
    answer = hamn("trail", "export")
    assert (answer.status, answer.err) == (0, "")


def test_a_page_without_a_route_and_a_strange_method_get_no_series_of_their_own(
    site: Client,
) -> None:
    for number in range(5):
        site.get(f"/finns-inte-{number}/")
        site.generic(f"HITTA{number}", "/echo/")
    told = exposition().decode()
    assert "finns-inte" not in told
    assert "HITTA" not in told
    assert 'hamn_request_seconds_count{method="GET",route="none",status="404"}' in told
    assert 'hamn_request_seconds_count{method="OTHER",route="echo/",status="200"}' in told


def test_the_numbers_exist_only_for_who_has_the_token(site: Client, settings: Any) -> None:
    settings.SYSTEM = {}
    assert site.get("/halsa/matvarden").status_code == 404
    assert site.get("/halsa/matvarden", headers={"authorization": "Bearer "}).status_code == 404
    settings.SYSTEM = {"metrics_token": "tjugofyra-tecken-eller-fler"}
    for wrong in ("", "Bearer ", "Bearer fel", "Bearer tjugofyra-tecken-eller-fle\u00e5"):
        answer = site.get("/halsa/matvarden", headers={"authorization": wrong})
        assert answer.status_code == 404
    right = {"authorization": "Bearer tjugofyra-tecken-eller-fler"}
    answer = site.get("/halsa/matvarden", headers=right)
    assert answer.status_code == 200
    assert answer.headers["Content-Type"].startswith("text/plain")
    assert b"hamn_task_oldest_waiting_seconds 0.0" in answer.content
    assert site.post("/halsa/matvarden", headers=right).status_code in (403, 405)


def test_tasks_that_wait_are_counted_and_the_oldest_one_timed(db: None) -> None:
    from datetime import timedelta

    from django.utils import timezone
    from django_tasks_db.models import DBTaskResult, get_date_max

    rows: Any = DBTaskResult
    for status, run_after in (
        ("READY", get_date_max()),
        ("READY", timezone.now() + timedelta(hours=1)),
        ("RUNNING", get_date_max()),
    ):
        row = rows.objects.create(
            status=status,
            args_kwargs={},
            task_path="x",
            run_after=run_after,
            backend_name="default",
        )
        rows.objects.filter(pk=row.pk).update(enqueued_at=timezone.now() - timedelta(minutes=10))
    told = exposition().decode()
    assert 'hamn_tasks{status="READY"} 2.0' in told
    assert 'hamn_tasks{status="RUNNING"} 1.0' in told
    waited = re.search(r"^hamn_task_oldest_waiting_seconds (\S+)", told, re.M)
    assert waited is not None
    assert 590 < float(waited[1]) < 700


def test_health_is_a_word_and_its_fault_is_in_the_log_alone(
    site: Client, settings: Any, spoken: Callable[[], list[dict[str, Any]]]
) -> None:
    answer = site.get("/halsa/")
    assert (answer.status_code, answer.json()) == (200, {"status": "ok"})
    assert "no-store" in answer.headers["Cache-Control"]
    settings.HAMN_HOME = Path("/finns/inte")
    answer = site.get("/halsa/")
    assert (answer.status_code, answer.json()) == (503, {"status": "fault"})
    assert [line["failed"] for line in spoken() if line["event"] == "not well"] == [["disk"]]


def test_health_writes_nothing(site: Client) -> None:
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as queries:
        site.get("/halsa/")
    assert {query["sql"].split()[0] for query in queries} == {"SELECT"}
