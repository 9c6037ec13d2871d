"""The demo on one port: whatever is not the desk's is passed on to the door's own process.

A real centre has a proxy before both (deploy/nginx-hamn.conf); in the demo the desk is it.
"""

import http.client
import os
import time
from collections.abc import Callable, Iterable
from typing import Any

DOOR_PORT = "HAMN_DOOR_PORT"
# The desk's own; its static files are the door's too.
OURS = ("/desk/", "/static/", "/halsa/")
HOP_BY_HOP = {"connection", "keep-alive", "te", "trailer", "transfer-encoding", "upgrade"}
PATIENCE_S = 30
# The door starts a moment after the desk.
START_S = 15

Environ = dict[str, Any]
Application = Callable[[Environ, Any], Iterable[bytes]]


def forwarding(desk: Application) -> Application:
    """The desk's application with the door behind it; the desk alone where no door was started."""
    port = os.environ.get(DOOR_PORT)
    if port is None:
        return desk

    def answer(environ: Environ, start: Any) -> Iterable[bytes]:
        path = environ.get("PATH_INFO", "/")
        if path.startswith(OURS) or path == "/desk":
            return desk(environ, start)
        return _passed_on(environ, start, int(port))

    return answer


def _passed_on(environ: Environ, start: Any, port: int) -> Iterable[bytes]:
    door = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE_S)
    try:
        _connect(door)
        door.request(environ["REQUEST_METHOD"], _target(environ), _body(environ), _sent(environ))
        response = door.getresponse()
        content = response.read()
    except OSError:
        start("503 Service Unavailable", [("Content-Type", "text/plain"), ("Retry-After", "2")])
        return [b"..."]
    finally:
        door.close()
    kept = [one for one in response.getheaders() if one[0].lower() not in HOP_BY_HOP]
    start(f"{response.status} {response.reason}", kept)
    return [content]


def _connect(door: http.client.HTTPConnection) -> None:
    until = time.monotonic() + START_S
    while True:
        try:
            door.connect()
        except ConnectionRefusedError:
            if time.monotonic() > until:
                raise
            time.sleep(0.1)
        else:
            return


def _target(environ: Environ) -> str:
    from django.core.handlers.wsgi import get_path_info
    from django.utils.encoding import escape_uri_path

    query = environ.get("QUERY_STRING", "")
    return escape_uri_path(get_path_info(environ)) + (f"?{query}" if query else "")


def _body(environ: Environ) -> bytes:
    length = environ.get("CONTENT_LENGTH") or "0"
    return bytes(environ["wsgi.input"].read(int(length))) if length.isdigit() else b""


def _sent(environ: Environ) -> dict[str, str]:
    headers = {
        name.removeprefix("HTTP_").replace("_", "-").title(): str(value)
        for name, value in environ.items()
        if name.startswith("HTTP_")
    }
    if environ.get("CONTENT_TYPE"):
        headers["Content-Type"] = str(environ["CONTENT_TYPE"])
    return {key: value for key, value in headers.items() if key.lower() not in HOP_BY_HOP}
