"""The door as its own process: what it needs to start, what it knows, what it leaves behind."""

import gzip
import re
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from tools.centres import BASE, Centre, empty_centre, new_centre

HAMN = ("-m", "hamn.site.cli.main")
ANSWERS = "Hamn svarar på"
MARKER = "hemligt19121212"
MOST_BYTES = 100_000
pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def centre(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Centre]:
    """A centre of its own, set up as a real one."""
    made = new_centre(tmp_path_factory.mktemp("door") / "home")
    example = Path(__file__).parents[2] / "src" / "hamn" / "site" / "demo" / "centre.toml"
    made.run(*HAMN, "setup", "--from", str(example))
    if BASE:
        made.run(*HAMN, "door", "role")
        made.environment["HAMN_DOOR_DATABASE"] = made.environment["HAMN_DATABASE"].replace(
            "postgres@", "hamn_door@"
        )
    yield made
    made.remove()


class Served:
    """A door that answers."""

    def __init__(self, centre: Centre, log: Path, *words: str) -> None:
        with closing(socket.create_server(("127.0.0.1", 0))) as free:
            self.port = free.getsockname()[1]
        self.log = log
        command = (*HAMN, "serve", "--face", "door", "--port", str(self.port), *words)
        with log.open("w") as errors:
            self.process = subprocess.Popen(
                [sys.executable, *command],
                env={**centre.environment, "HAMN_LOG": "debug"},
                stdout=subprocess.PIPE,
                stderr=errors,
                text=True,
            )
        assert self.process.stdout is not None
        self.told = self.process.stdout.readline()
        assert self.told.startswith(ANSWERS), log.read_text()

    def get(self, path: str, **headers: str) -> tuple[int, dict[str, str], bytes]:
        request = urllib.request.Request(f"http://127.0.0.1:{self.port}{path}")
        for name, value in {"x-forwarded-proto": "https", **headers}.items():
            request.add_header(name, value)
        try:
            with urllib.request.urlopen(request) as answer:
                return answer.status, titled(answer.headers), answer.read()
        except urllib.error.HTTPError as answer:
            return answer.code, titled(answer.headers), answer.read()

    def stop(self) -> str:
        self.process.send_signal(signal.SIGTERM)
        out, _err = self.process.communicate(timeout=60)
        return out


@pytest.fixture(scope="module")
def served(centre: Centre, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    door = Served(centre, tmp_path_factory.mktemp("log") / "door.log")
    yield door
    if door.process.poll() is None:
        door.stop()


def test_it_answers_and_is_well(served: Served) -> None:
    assert served.get("/halsa/")[0] == 200
    status, headers, text = served.get("/")
    assert status == 200
    assert headers["Cache-Control"] == "no-store"
    assert b"<title>Information</title>" in text


@pytest.mark.once
def test_nothing_of_the_desk_is_there(served: Served) -> None:
    for path in ("/desk/", "/desk/inkorg/", "/desk/arenden/", "/halsa/matvarden", "/admin/"):
        assert served.get(path)[0] == 404, path


@pytest.mark.once
def test_a_first_view_with_its_files_weighs_less_than_100_kb(served: Served) -> None:
    for page in ("/", "/kontakt/", "/svar/"):
        status, headers, text = served.get(page, **{"accept-encoding": "gzip"})
        assert status == 200
        weight = len(str(headers)) + len(text)
        files = re.findall(r'(?:src|href)="(/static/[^"]+)"', text.decode())
        assert len(files) >= 4
        for file in files:
            status, headers, content = served.get(file, **{"accept-encoding": "gzip"})
            assert status == 200 and headers["Cache-Control"] == "no-store"
            weight += len(str(headers)) + len(content)
            if headers.get("Content-Encoding") == "gzip":
                assert len(gzip.decompress(content)) > len(content)
        assert weight < MOST_BYTES, (page, weight)


@pytest.mark.once
def test_neither_address_nor_query_nor_what_was_asked_for_is_logged(
    centre: Centre, tmp_path: Path
) -> None:
    door = Served(centre, tmp_path / "door.log")
    for path in (f"/?{MARKER}=1", f"/{MARKER}/", f"/svar/?kod={MARKER}", f"/%00{MARKER}"):
        door.get(path, **{"x-forwarded-for": "203.0.113.77", "user-agent": MARKER})
    door.get("/", host=f"{MARKER}.example")
    said = door.stop() + door.log.read_text()
    assert "203.0.113.77" not in said
    assert MARKER not in said
    for file in centre.home.rglob("*"):
        if file.is_file():
            assert MARKER.encode() not in file.read_bytes(), file


@pytest.mark.once
def test_it_starts_without_the_desks_secret_and_not_without_its_own(
    centre: Centre, tmp_path: Path
) -> None:
    key, own = centre.home / "secret-key", centre.home / "door-secret"
    assert own.stat().st_mode & 0o077 == 0
    kept, kept_own = key.read_bytes(), own.read_bytes()
    assert kept != kept_own
    try:
        key.unlink()
        door = Served(centre, tmp_path / "door.log")
        assert door.get("/")[0] == 200
        assert not key.exists()
        door.stop()
        own.unlink()
        assert "door-secret saknas" in refused(centre)
    finally:
        key.write_bytes(kept)
        own.write_bytes(kept_own)
        own.chmod(0o600)


@pytest.mark.once
def test_no_process_of_the_door_holds_the_desks_secret_or_its_settings(
    centre: Centre, served: Served
) -> None:
    out = centre.run(
        "-c",
        "import sys; sys.argv = ['hamn']\n"
        "from hamn.site.cli.main import _start\n"
        "_start(None, ['serve', '--face', 'door'])\n"
        "from django.conf import settings\n"
        "import pathlib\n"
        "own = pathlib.Path(settings.HAMN_HOME / 'door-secret').read_text().strip()\n"
        "print(settings.SETTINGS_MODULE, settings.SECRET_KEY == own)\n"
        "print([one for one in settings.MIDDLEWARE if 'ession' in one or 'auth' in one])\n"
        "print([name for name in sys.modules if name.startswith(('allauth', 'hamn.site.desk'))])\n",
    )
    assert out.splitlines() == ["hamn.site.door.settings True", "[]", "[]"]


def test_without_a_centre_it_says_so(tmp_path: Path) -> None:
    empty = empty_centre(tmp_path / "empty")
    try:
        if BASE:
            empty.environment["HAMN_DOOR_DATABASE"] = empty.environment["HAMN_DATABASE"]
        assert "hamn setup" in refused(empty)
    finally:
        empty.remove()


def test_on_postgresql_it_starts_with_a_role_of_its_own_alone(centre: Centre) -> None:
    environment = dict(centre.environment)
    try:
        centre.environment.pop("HAMN_DOOR_DATABASE", None)
        if not BASE:
            # A database elsewhere and no role: not even tried.
            centre.environment["HAMN_DATABASE"] = "postgresql://hamn@/hamn?host=/nowhere"
            assert "HAMN_DOOR_DATABASE" in refused(centre)
            return
        assert "HAMN_DOOR_DATABASE" in refused(centre)
        # The desk's own role opens everything.
        centre.environment["HAMN_DOOR_DATABASE"] = centre.environment["HAMN_DATABASE"]
        assert "får mer än den ska" in refused(centre)
    finally:
        centre.environment = environment


@pytest.mark.once
def test_it_ends_all_its_processes(centre: Centre, tmp_path: Path) -> None:
    door = Served(centre, tmp_path / "door.log", "--workers", "2")
    assert door.get("/halsa/")[0] == 200
    assert "Hamn har slutat." in door.stop()
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", door.port), timeout=1).close()


def titled(headers: Any) -> dict[str, str]:
    """The headers by their names, written alike."""
    return {name.title(): value for name, value in headers.items()}


def refused(centre: Centre) -> str:
    """What the command said instead of serving."""
    with closing(socket.create_server(("127.0.0.1", 0))) as free:
        port = free.getsockname()[1]
    process = centre.start(*HAMN, "serve", "--face", "door", "--port", str(port))
    _out, err = process.communicate(timeout=60)
    assert process.returncode == 1, err
    assert "Traceback" not in err
    return err
