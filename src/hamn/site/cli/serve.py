"""Serving a face: `hamn serve --face desk|door`."""

import argparse
import ipaddress
import logging
import multiprocessing
import os
import shutil
import socket
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection, connections
from django.db.migrations.executor import MigrationExecutor
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from hamn.agreement.invoicing.queries import is_example
from hamn.core.errors import BadInput
from hamn.core.errors import _ as marked
from hamn.site import logs
from hamn.site.demo.forward import DOOR_PORT
from hamn.site.door import ready
from hamn.site.door.role import demo_address
from hamn.site.secret import NAME as SECRET
from hamn.site.secret import is_there

FACES = {"desk": "hamn.site.desk.wsgi:application", "door": "hamn.site.door.wsgi:application"}
FIRST_PAGE = {"desk": "/desk/", "door": "/"}
PORT = 8400
PORTS = {"desk": PORT, "door": 8401}
# More wait at the door than its hash has room for (hashing.MOST_WAITING): each is then told so at
# once, and a flood cannot stand in the server's own line, where nobody looks to whose turn it is.
# The door's turns at the hash are fair within a process: everybody stands in the same lines.
WORKERS = {"desk": 2, "door": 1}
THREADS = {"desk": 4, "door": 36}
MOST = 64  # of processes or threads; more is a typing error
RESTART_S = 5
STOP_S = 20

_log = logging.getLogger("hamn.serve")


def add_to(verbs: Any) -> None:
    """The verb that serves."""
    serve = verbs.add_parser("serve", help=_("visa sidorna för webbläsare"))
    serve.add_argument("--face", choices=sorted(FACES), required=True, help=_("vilka sidor"))
    serve.add_argument("--host", default="127.0.0.1", metavar="ADRESS", help=_("lyssna här"))
    serve.add_argument("--port", type=port, metavar="PORT", help=_("annars 8400 eller 8401"))
    serve.add_argument("--workers", type=_few, metavar="ANTAL", help=_("processer"))
    serve.add_argument("--threads", type=_few, metavar="ANTAL", help=_("trådar i varje"))
    serve.add_argument(
        "--no-worker", action="store_true", help=_("starta inte processen för bakgrundsarbete")
    )
    serve.set_defaults(run=run_serve)


def run_serve(arguments: argparse.Namespace) -> None:
    """Serve until told to stop; nothing starts where something is missing."""
    arguments.port = arguments.port or PORTS[arguments.face]
    arguments.workers = arguments.workers or WORKERS[arguments.face]
    arguments.threads = arguments.threads or THREADS[arguments.face]
    check(arguments.face, arguments.host, arguments.port)
    os.environ.setdefault("HAMN_LOG", "info")
    os.environ["HAMN_SERVED"] = "1"
    if arguments.face == "desk":
        os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(_emptied(f"metrics-{arguments.port}"))
    logs.configure(settings.LOGGING)
    companions = _companions(arguments)
    connections.close_all()
    server = _server(arguments)
    told = told_of(arguments)
    for one in companions:
        # By now a signal to stop is heard, so that no process is left behind.
        server.on_startup(one.start)
    ending = threading.Event()
    telling = (arguments.host, arguments.port, told, ending)
    server.on_startup(
        threading.Thread(target=_tell_when_answering, args=telling, daemon=True).start
    )
    try:
        server.serve()
    finally:
        ending.set()
        for one in companions:
            one.tell_to_stop()
        for one in companions:
            one.wait()
    print(_("Hamn har slutat."), flush=True)


def check(face: str, host: str, port: int) -> None:
    """Pass only where the face can be served.

    Raises NoCentre where there is none, BadInput for everything else that is missing or unsafe.
    """
    if face == "door":
        ready.check_door()
    else:
        _check_desk()
    if not (Path(settings.STATIC_ROOT) / "staticfiles.json").exists():
        raise BadInput(marked("Sidornas stil och skript är inte förberedda. Kör ”make install”."))
    _check_demo(face, host)
    _check_free(host, port)


def free_port(host: str, first: int) -> int:
    """The first port from that one on where nothing listens.

    Raises BadInput when a hundred are taken, or the address is not here.
    """
    for candidate in range(first, first + 100):
        fault = _fault_of(host, candidate)
        if fault is None:
            return candidate
        if isinstance(fault, socket.gaierror):
            raise _elsewhere(host)
    raise _taken(host, first)


def _any_port() -> int:
    """A port of this machine that the system gives out: two demonstrations never take the same."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])


def port(text: str) -> int:
    """A port number."""
    if not (text.isascii() and text.isdigit() and 1 <= int(text) <= 65535):
        raise BadInput(marked("”{text}” är ingen port. Skriv till exempel 8400."), text=text)
    return int(text)


def address(arguments: argparse.Namespace) -> str:
    """What to type in a browser; in the demo the name localhost, which passkeys are tied to."""
    if settings.ADDRESS and not settings.DEMO:
        return f"{settings.ADDRESS.rstrip('/')}{FIRST_PAGE[arguments.face]}"
    name = "localhost" if settings.DEMO else arguments.host
    name = f"[{name}]" if ":" in name else name
    return f"http://{name}:{arguments.port}{FIRST_PAGE[arguments.face]}"


def told_of(arguments: argparse.Namespace) -> str:
    """Where Hamn answers, in a sentence; also that a browser must come there through a proxy."""
    where = address(arguments)
    if settings.DEMO or where.startswith("https://"):
        return _("Hamn svarar på {address}").format(address=where)
    return _(
        "Hamn svarar på {address} bakom en proxy med TLS. Utan den skickas webbläsaren vidare till "
        "https, där ingen svarar."
    ).format(address=where)


def command(*words: str) -> list[str]:
    """Hamn itself as another process, whatever lies in the folder where it is started."""
    language = ["--language", get_language() or "sv"]
    return [sys.executable, "-P", "-m", "hamn.site.cli.main", *words, *language]


def _check_desk() -> None:
    from hamn.site.acting import acting_person  # persons: not there in the door's process

    if _is_outdated():
        raise BadInput(marked("Databasen är från en äldre Hamn. Kör ”hamn setup” först."))
    acting_person(None)
    if not is_there(settings.HAMN_HOME):
        raise BadInput(
            marked(
                "Filen {path} saknas. Lägg tillbaka den, eller kör ”hamn setup” som gör en ny; då "
                "måste alla lägga upp sin andra faktor igen."
            ),
            path=settings.HAMN_HOME / SECRET,
        )


def _check_demo(face: str, host: str) -> None:
    if settings.DEMO and not _is_loopback(host):
        raise BadInput(
            marked("Demonstrationen visas bara på den här datorn. Kör utan --host {host}."),
            host=host,
        )
    if face == "door":
        return  # what tells the demo from a centre is out of the door's reach
    if settings.DEMO and not is_example():
        raise BadInput(
            marked("I {home} finns ett riktigt centrum. Visa det utan HAMN_DEMO."),
            home=settings.HAMN_HOME,
        )
    if not settings.DEMO and is_example():
        raise BadInput(
            marked("I {home} finns demonstrationen, vars lösenord alla känner. Kör: hamn demo"),
            home=settings.HAMN_HOME,
        )


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _check_free(host: str, port: int) -> None:
    fault = _fault_of(host, port)
    if isinstance(fault, socket.gaierror):
        raise _elsewhere(host)
    if fault is not None:
        raise _taken(host, port)


def _elsewhere(host: str) -> BadInput:
    return BadInput(marked("”{host}” är ingen adress på den här datorn. Ändra --host."), host=host)


def _taken(host: str, port: int) -> BadInput:
    return BadInput(
        marked("Det går inte att lyssna på {host}:{port}; något annat gör det. Ändra --port."),
        host=host,
        port=port,
    )


def _fault_of(host: str, port: int) -> OSError | None:
    """Why nothing can listen there; None when it can."""
    try:
        family, kind, _proto, _name, place = socket.getaddrinfo(host, port, type=1)[0]
        with socket.socket(family, kind) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(place)
    except OSError as fault:
        return fault
    return None


def _is_outdated() -> bool:
    if connection.vendor == "sqlite" and not settings.HAMN_HOME.is_dir():
        return False
    executor = MigrationExecutor(connection)
    is_there = "access_person" in connection.introspection.table_names()
    return is_there and bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def _companions(arguments: argparse.Namespace) -> list["_Companion"]:
    """The processes that the desk's brings along; in the demo the key agent and the door too."""
    if arguments.face == "door":
        return []
    worker = [] if arguments.no_worker else [_Companion("worker")]
    if not settings.DEMO:
        return worker
    door = _any_port()
    # The desk passes on to it whatever is not the desk's: one port shows both (docs/adr/0024).
    os.environ[DOOR_PORT] = str(door)
    if connection.vendor == "postgresql":
        os.environ.setdefault("HAMN_DOOR_DATABASE", demo_address())
    words = ("serve", "--face", "door", "--port", str(door))
    return [_Companion("vault", "agent"), *worker, _Companion(*words, is_told=False)]


def _emptied(name: str) -> Path:
    """A folder for what the processes share while they run; what an earlier run left is gone."""
    folder: Path = settings.HAMN_HOME / "run" / name
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder


def _server(arguments: argparse.Namespace) -> Any:
    """Granian, whose processes each start afresh."""
    from granian.constants import Interfaces
    from granian.log import LogLevels
    from granian.server import Server

    # Our threads wait for their turn at the hash: there are to be more of them than cores.
    logging.getLogger("_granian").addFilter(
        lambda record: "Python threads" not in record.getMessage()
    )
    # A fork would take along the libraries' threads of this process.
    multiprocessing.set_start_method("spawn", force=True)
    level = os.environ["HAMN_LOG"].lower()
    return Server(
        FACES[arguments.face],
        address=arguments.host,
        port=arguments.port,
        interface=Interfaces.WSGI,
        workers=arguments.workers,
        blocking_threads=arguments.threads,
        websockets=False,
        respawn_failed_workers=True,
        workers_kill_timeout=STOP_S,
        log_level=LogLevels(level if level in LogLevels.__members__ else "info"),
        # No handlers of its own: its lines pass through the root's, as everything does.
        log_dictconfig={"loggers": {"_granian": {"propagate": True}}, "handlers": {}},
    )


def _tell_when_answering(host: str, port: int, told: str, ending: threading.Event) -> None:
    """Say where, once a process listens there: who clicks at once is answered."""
    while not ending.wait(0.1):
        try:
            socket.create_connection((host, port), timeout=1).close()
        except OSError:
            continue
        print(told, flush=True)
        return


class _Companion:
    """Another verb of Hamn as a process of its own, started again whenever it falls.

    `hamn worker`; and in the demo alone the key agent and the door, which a real centre runs as
    services. is_told: whether what it says of itself is shown.
    """

    def __init__(self, *words: str, is_told: bool = True) -> None:
        self._words = words
        self._told = None if is_told else subprocess.DEVNULL
        self._is_ending = threading.Event()
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it, and someone who watches it."""
        threading.Thread(target=self._keep, daemon=True).start()

    def tell_to_stop(self) -> None:
        """Ask it to end, so that all of them end side by side."""
        with self._lock:
            self._is_ending.set()
            if self._process is not None:
                self._process.terminate()

    def wait(self) -> None:
        """Until it has ended: the task at hand is finished first, unless that takes too long."""
        if self._process is None:
            return
        try:
            self._process.wait(STOP_S)
        except subprocess.TimeoutExpired:
            self._process.kill()

    def _keep(self) -> None:
        while (process := self._started()) is not None:
            status = process.wait()
            if not self._is_ending.is_set():
                _log.error("%s ended with status %s", " ".join(self._words), status)
            self._is_ending.wait(RESTART_S)

    def _started(self) -> subprocess.Popen[bytes] | None:
        with self._lock:
            if self._is_ending.is_set():
                return None
            # In a group of its own, so that Ctrl-C reaches it once, through us.
            self._process = subprocess.Popen(  # noqa: S603 our own words
                command(*self._words), process_group=0, stdout=self._told
            )
            return self._process


def _few(text: str) -> int:
    if not (text.isascii() and text.isdigit() and 1 <= int(text) <= MOST):
        raise BadInput(
            marked("”{text}” är inget antal mellan 1 och {most}. Skriv till exempel 2."),
            text=text,
            most=MOST,
        )
    return int(text)
