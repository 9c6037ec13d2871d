"""The demo's one port: what is not the desk's comes to the door as it was sent, and back whole."""

import io
import json
import socket
import threading
from collections.abc import Iterator
from contextlib import closing
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, make_server
from wsgiref.util import setup_testing_defaults

import pytest

from hamn.site.demo import forward

pytestmark = pytest.mark.slow


class _Silent(WSGIRequestHandler):
    def log_message(self, *_words: Any) -> None:
        """Nothing."""


def at_the_door(environ: dict[str, Any], start: Any) -> list[bytes]:
    """Says what it was asked."""
    length = int(environ.get("CONTENT_LENGTH") or 0)
    said = {
        "method": environ["REQUEST_METHOD"],
        "path": environ["PATH_INFO"].encode("latin-1").decode(),
        "query": environ["QUERY_STRING"],
        "host": environ["HTTP_HOST"],
        "cookie": environ.get("HTTP_COOKIE"),
        "kind": environ.get("CONTENT_TYPE"),
        "body": environ["wsgi.input"].read(length).decode(),
    }
    start("422 Unprocessable", [("Set-Cookie", "a=1"), ("Set-Cookie", "b=2"), ("X-Own", "yes")])
    return [json.dumps(said).encode()]


def at_the_desk(_environ: dict[str, Any], start: Any) -> list[bytes]:
    start("200 OK", [])
    return [b"desk"]


@pytest.fixture
def both(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """The desk's application with a door behind it, as a function of a request."""
    with make_server("127.0.0.1", 0, at_the_door, handler_class=_Silent) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        monkeypatch.setenv(forward.DOOR_PORT, str(server.server_port))
        yield forward.forwarding(at_the_desk)
        server.shutdown()
        thread.join()


def ask(application: Any, path: str, **more: Any) -> tuple[str, list[tuple[str, str]], bytes]:
    """One request; path as an application server gives it."""
    body = more.pop("body", b"")
    environ: dict[str, Any] = {
        "PATH_INFO": path.encode().decode("latin-1"),
        "HTTP_HOST": "localhost:8400",
        "CONTENT_LENGTH": str(len(body)),
        "wsgi.input": io.BytesIO(body),
        **more,
    }
    setup_testing_defaults(environ)
    told: list[Any] = []
    content = b"".join(application(environ, lambda *words: told.extend(words)))
    return told[0], told[1], content


@pytest.mark.parametrize("path", ["/desk/", "/desk", "/desk/inkorg/", "/static/a.css", "/halsa/"])
def test_what_is_the_desks_stays_with_it(both: Any, path: str) -> None:
    assert ask(both, path)[2] == b"desk"


@pytest.mark.parametrize("path", ["/", "/kontakt/", "/en/", "/desken/", "/hälsa/", "/a b%/"])
def test_everything_else_is_the_doors(both: Any, path: str) -> None:
    status, _headers, content = ask(both, path, QUERY_STRING="kommun=0117&a=%C3%A5")
    said = json.loads(content)
    assert status.startswith("422")
    assert (said["path"], said["query"]) == (path, "kommun=0117&a=%C3%A5")
    assert said["host"] == "localhost:8400"


def test_a_form_its_cookies_and_the_answers_headers_pass_whole(both: Any) -> None:
    kind = "application/x-www-form-urlencoded"
    more = {"REQUEST_METHOD": "POST", "CONTENT_TYPE": kind, "HTTP_COOKIE": "visit=x; other=y"}
    _status, headers, content = ask(both, "/kontakt/", body=b"text=hej", **more)
    said = json.loads(content)
    assert (said["method"], said["body"], said["kind"]) == ("POST", "text=hej", kind)
    assert said["cookie"] == "visit=x; other=y"
    assert [value for name, value in headers if name == "Set-Cookie"] == ["a=1", "b=2"]
    assert ("X-Own", "yes") in headers


def test_while_the_door_is_away_the_desk_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as free:
        monkeypatch.setenv(forward.DOOR_PORT, str(free.getsockname()[1]))
    monkeypatch.setattr(forward, "START_S", 0)
    status, headers, _content = ask(forward.forwarding(at_the_desk), "/")
    assert status.startswith("503")
    assert dict(headers)["Retry-After"] == "2"


def test_without_a_door_the_desk_answers_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(forward.DOOR_PORT, raising=False)
    assert forward.forwarding(at_the_desk) is at_the_desk
