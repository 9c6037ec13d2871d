"""The door as processes of its own, and people who write to it over HTTP: for kills and figures.

A message counts as acknowledged once its receipt page has come whole, with the code on it.
"""

import http.client
import json
import os
import re
import secrets
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple, TypeVar
from urllib.parse import urlencode

from tools.centres import Centre

# As every test with real processes does it: the machine is shared, and nothing here hurries.
PATIENCE_S = 120
_TOKEN = re.compile(r'name="token" value="([^"]+)"')
_PROOF = re.compile(r'name="proof" value="([^"]+)"')
_GROUP = re.compile(r'class="door-code__group">([0-9A-Z]{4})<')
WRITE, COME_BACK, CONVERSATION = "/kontakt/1/", "/svar/", "/svar/dialog/"
# What a server that was killed says, or no longer says.
CUT_OFF = (OSError, http.client.HTTPException)
T = TypeVar("T")


class Answer(NamedTuple):
    """What came back. taken_s: from the first byte sent to the last one read."""

    status: int
    text: str
    headers: dict[str, str]
    taken_s: float

    @property
    def code(self) -> str:
        """The code that a receipt shows; empty on any other page."""
        return "".join(_GROUP.findall(self.text)[:5])

    @property
    def is_receipt(self) -> bool:
        """Whether a message was acknowledged."""
        return self.status == 200 and len(self.code) == 20

    @property
    def is_calm(self) -> bool:
        """Whether it is a page of ours that says: not now, and when it is worth another try."""
        has_page = "<main" in self.text and "Traceback" not in self.text
        return self.status in (429, 503) and has_page and "retry-after" in self.headers


class Said(NamedTuple):
    """A message that somebody was told is received, and the code that opens it."""

    code: str
    text: str


@dataclass
class Visitor:
    """Somebody at a browser. address: where she seems to come from, as the proxy tells it."""

    port: int
    address: str = ""
    language: str = ""
    cookies: dict[str, str] = field(default_factory=dict)
    _connection: http.client.HTTPConnection | None = None

    def ask(self, method: str, path: str, fields: dict[str, str] | None = None) -> Answer:
        """One request. Raises one of CUT_OFF where no whole answer comes."""
        body = urlencode(fields).encode() if fields is not None else None
        begun = time.perf_counter()
        try:
            connection = self._connected()
            connection.request(method, self.language + path, body, self._headers(body))
            response = connection.getresponse()
            text = response.read().decode()
        except CUT_OFF:
            self.hang_up()
            raise
        taken = time.perf_counter() - begun
        for name, value in response.getheaders():
            if name.lower() == "set-cookie":
                self._keep(value)
        headers = {name.lower(): value for name, value in response.getheaders()}
        return Answer(response.status, text, headers, taken)

    def token(self, path: str = WRITE) -> str:
        """What the form of the page carries, as it is opened."""
        return self._found(_TOKEN, self.ask("GET", path))

    def send(self, token: str, text: str) -> Answer:
        """The first message, by a form that was opened before."""
        return self.ask("POST", WRITE, {"token": token, "text": text, "age": "adult"})

    def write(self, text: str) -> Answer:
        """The form opened and sent."""
        return self.send(self.token(), text)

    def come_back(self, code: str, token: str | None = None) -> Answer:
        """The answer to the code; the dialogue is open in this browser when it was right."""
        token = self.token(COME_BACK) if token is None else token
        return self.ask("POST", COME_BACK, {"token": token, "code": code})

    def read(self) -> Answer:
        """The open dialogue."""
        return self.ask("GET", CONVERSATION)

    def add(self, text: str) -> Answer:
        """One more message in the open dialogue."""
        proof = self._found(_PROOF, self.read())
        return self.ask("POST", CONVERSATION, {"proof": proof, "text": text})

    def hang_up(self) -> None:
        """The connection is closed; the next request opens another."""
        if self._connection is not None:
            self._connection.close()
        self._connection = None

    def _found(self, pattern: re.Pattern[str], page: Answer) -> str:
        found = pattern.search(page.text)
        if found is None:
            raise http.client.HTTPException(f"no form: {page.status} {page.text[-600:]}")
        return found[1]

    def _connected(self) -> http.client.HTTPConnection:
        if self._connection is None:
            self._connection = http.client.HTTPConnection(
                "127.0.0.1", self.port, timeout=PATIENCE_S
            )
            self._connection.connect()
            # As browsers do: head and body are sent at once, each when it is ready.
            self._connection.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return self._connection

    def _headers(self, body: bytes | None) -> dict[str, str]:
        given = {"Host": "localhost", "X-Forwarded-Proto": "https"}
        if self.address:
            given["X-Forwarded-For"] = self.address
        if self.cookies:
            given["Cookie"] = "; ".join(f"{name}={text}" for name, text in self.cookies.items())
        if body is not None:
            given["Content-Type"] = "application/x-www-form-urlencoded"
        return given

    def _keep(self, header: str) -> None:
        name, _is, value = header.partition(";")[0].partition("=")
        if value.strip('"'):
            self.cookies[name] = value
        else:
            self.cookies.pop(name, None)


class Door:
    """`hamn serve --face door` on a centre, started and killed as often as somebody wants."""

    def __init__(self, centre: Centre, *words: object) -> None:
        self.centre, self.words = centre, words
        self.port = _free_port()
        self.log = centre.home / "door.log"
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Serve, and wait until it answers."""
        command = (*("-m", "hamn.site.cli.main", "serve", "--face", "door"), "--port", self.port)
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, *map(str, (*command, *self.words))],
                env=self.centre.environment,
                stdout=log,
                stderr=log,
            )
        self.wait()

    def wait(self) -> None:
        """Return once it answers."""
        until = time.monotonic() + PATIENCE_S
        while time.monotonic() < until:
            if self._process is None or self._process.poll() is not None:
                break
            with suppress(*CUT_OFF):
                if Visitor(self.port).ask("GET", "/halsa/").status == 200:
                    return
            time.sleep(0.05)
        raise AssertionError(self.log.read_text(encoding="utf-8")[-4000:])

    def kill(self) -> None:
        """kill -9 of the server and of each of its processes, at once."""
        assert self._process is not None
        kill_family(self._process.pid)
        self._process.wait()

    def kill_one(self, choose: Callable[[list[int]], int]) -> None:
        """kill -9 of one of its processes, which the server starts again by itself."""
        assert self._process is not None
        serving = [pid for pid in descendants(self._process.pid) if _serves(pid)]
        os.kill(choose(serving), signal.SIGKILL)

    def stop(self) -> None:
        """End it as an administrator would."""
        if self._process is not None and self._process.poll() is None:
            self._process.terminate()
            self._process.wait(PATIENCE_S)

    def visitor(self, address: str = "", language: str = "") -> Visitor:
        """Somebody who has never been here."""
        return Visitor(self.port, address, language)

    def told(self) -> str:
        """Everything that it has logged."""
        return self.log.read_text(encoding="utf-8", errors="replace")


class Crowd:
    """People who write at once, each her next message when the last one is acknowledged.

    One who is cut off sends the very same form again, as somebody does whose page never came; so
    a message that was stored just before a kill is acknowledged after it, and stays one message.
    """

    def __init__(self, door: Door, count: int, *, address: str = "") -> None:
        self.door, self.address = door, address
        self.said: list[Said] = []
        self.refused: list[Answer] = []
        self.cut_off = 0
        self._lock = threading.Lock()
        self._is_over = threading.Event()
        self._threads = [threading.Thread(target=self._write, daemon=True) for _ in range(count)]

    def start(self) -> None:
        """All begin."""
        for one in self._threads:
            one.start()

    def stop(self) -> None:
        """Each sends what she has begun until it is acknowledged, and no more."""
        self._is_over.set()
        for one in self._threads:
            one.join(PATIENCE_S)
            assert not one.is_alive()

    def until(self, count: int) -> None:
        """Return when so many messages have been acknowledged."""
        until = time.monotonic() + 20 * PATIENCE_S
        while len(self.said) < count:
            assert time.monotonic() < until, f"{len(self.said)} of {count}"
            time.sleep(0.02)

    def _write(self) -> None:
        visitor = self.door.visitor(self.address)
        while not self._is_over.is_set():
            token = self._tried(visitor.token)
            text = f"Jag undrar en sak. {secrets.token_hex(12)}"
            while not (answer := self._tried(lambda: visitor.send(token, text))).is_receipt:  # noqa: B023
                with self._lock:
                    self.refused.append(answer)
                time.sleep(0.2)
            with self._lock:
                self.said.append(Said(answer.code, text))

    def _tried(self, ask: Callable[[], T]) -> T:
        until = time.monotonic() + PATIENCE_S
        while True:
            try:
                return ask()
            except CUT_OFF:
                assert time.monotonic() < until, "the door never came back"
                with self._lock:
                    self.cut_off += 1
                time.sleep(0.1)


def door_centre(centre: Centre, folder: Path) -> None:
    """The centre made ready for a door: four units with keys of their own, whose seeds lie in the
    folder; no limit on how much comes in an hour; on PostgreSQL the door's own role.
    """
    (centre.home / "centre.toml").write_text(
        "[door.limits]\nopen_in_all = 0\nwrite_in_all = 0\n", encoding="utf-8"
    )
    told = json.loads(centre.run("-m", "tools.door_centre", "build"))
    (folder / "seeds.json").write_text(json.dumps(told["seeds"]), encoding="ascii")
    if told["door_database"]:
        centre.environment["HAMN_DOOR_DATABASE"] = told["door_database"]


def checked(centre: Centre, folder: Path, said: list[Said]) -> dict[str, int]:
    """What is stored of what was acknowledged, as tools.door_centre tells it."""
    given = folder / "said.json"
    given.write_text(json.dumps(said), encoding="utf-8")
    found: dict[str, int] = json.loads(
        centre.run("-m", "tools.door_centre", "check", folder / "seeds.json", given)
    )
    return found


def descendants(pid: int) -> list[int]:
    """The living processes below that one, at any depth."""
    below: dict[int, list[int]] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            words = stat.read_text(encoding="ascii", errors="replace").rpartition(")")[2].split()
            if words[0] != "Z":
                below.setdefault(int(words[1]), []).append(int(stat.parent.name))
    found, look = [], [pid]
    while look:
        more = below.get(look.pop(), [])
        found += more
        look += more
    return found


def _serves(pid: int) -> bool:
    """Whether the process answers requests: a child that granian has spawned for it."""
    with suppress(OSError):
        return b"spawn_main" in Path(f"/proc/{pid}/cmdline").read_bytes()
    return False


def kill_family(pid: int) -> None:
    """kill -9 of the process and all below it, at one moment; returns when they are gone."""
    # Stopped first, so that it starts no other while its own are counted.
    os.kill(pid, signal.SIGSTOP)
    family = [pid, *descendants(pid)]
    for one in family:
        with suppress(ProcessLookupError):
            os.kill(one, signal.SIGKILL)
    for one in family:
        _until_gone(one)


def _until_gone(pid: int) -> None:
    until = time.monotonic() + PATIENCE_S
    while time.monotonic() < until:
        try:
            state = Path(f"/proc/{pid}/stat").read_text(encoding="ascii", errors="replace")
        except OSError:
            return
        if state.rpartition(")")[2].split()[0] == "Z":
            return
        time.sleep(0.01)
    raise AssertionError(f"{pid} lives on")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
