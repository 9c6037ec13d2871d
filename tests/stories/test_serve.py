"""Serving the desk: refused in one sentence where something is missing, ended without a trace."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from argparse import Namespace
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest
from tools.centres import Centre, empty_centre

from hamn.core.errors import BadInput, Refusal
from hamn.site.cli import serve

HAMN = ("-m", "hamn.site.cli.main")
ANSWERS = "Hamn svarar på"
MARKER = "hemligt19121212"
SETTINGS = 'import os; os.environ["DJANGO_SETTINGS_MODULE"] = "hamn.site.desk.settings"\n'
SETTINGS += "import django; django.setup()\n"
FORGET_A_MIGRATION = SETTINGS + (
    "from django.db import connection\n"
    "cursor = connection.cursor()\n"
    "cursor.execute(\"DELETE FROM django_migrations WHERE app = 'invoicing' AND id = \"\n"
    "    \"(SELECT max(id) FROM django_migrations WHERE app = 'invoicing')\")\n"
)
MAKE_IT_REAL = SETTINGS + (
    "from hamn.agreement.invoicing.models import InvoicingProfile\n"
    "InvoicingProfile.objects.update(is_example=False)\n"
)
pytestmark = [pytest.mark.slow, pytest.mark.once]


@pytest.fixture
def centre(demo: Centre, tmp_path: Path) -> Iterator[Centre]:
    """A copy of it for one test."""
    copy = demo.copy(tmp_path / "copy")
    copy.environment["HAMN_DEMO"] = "1"
    yield copy
    copy.remove()


@pytest.fixture
def taken() -> Iterator[int]:
    """A port on which something listens."""
    with closing(socket.create_server(("127.0.0.1", 0))) as listening:
        yield listening.getsockname()[1]


def free() -> int:
    with closing(socket.create_server(("127.0.0.1", 0))) as listening:
        return int(listening.getsockname()[1])


@pytest.mark.parametrize("face", ["desk", "door"])
@pytest.mark.parametrize(
    ("is_demo", "given", "behind"),
    [
        (True, "", False),
        (False, "", True),
        (False, "http://hamn.example", True),
        (False, "https://hamn.example", False),
    ],
)
def test_outside_the_demonstration_who_serves_is_told_of_the_proxy_that_is_needed(
    is_demo: bool, given: str, behind: bool, face: str, settings: Any
) -> None:
    settings.DEMO, settings.ADDRESS = is_demo, given
    told = serve.told_of(Namespace(face=face, host="127.0.0.1", port=8400))
    assert told.startswith(f"{ANSWERS} {given}")
    assert ("bakom en proxy med TLS" in told) == behind


def children(pid: int) -> set[int]:
    """The processes below that one, at any depth."""
    below: dict[int, set[int]] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            words = stat.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if words[0] != "Z":
            below.setdefault(int(words[1]), set()).add(int(stat.parent.name))
    found, look = set(), [pid]
    while look:
        more = below.get(look.pop(), set())
        found |= more
        look += more
    return found


def workers_of(pid: int) -> list[int]:
    """Those of them that do background work."""
    found = []
    for child in children(pid):
        try:
            words = Path(f"/proc/{child}/cmdline").read_bytes().split(b"\0")
        except OSError:
            continue
        if b"worker" in words:
            found.append(child)
    return found


def wait_for(what: Callable[[], Any], *, seconds: float = 60) -> Any:
    """What the function gives, as soon as it gives something."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if found := what():
            return found
        time.sleep(0.1)
    raise AssertionError(f"nothing within {seconds} s")


def answer(port: int, path: str, **headers: str) -> tuple[int, str]:
    """Status and body; 0 where nothing listens."""
    request = urllib.request.Request(f"http://localhost:{port}{path}", headers=headers)
    try:
        with urllib.request.urlopen(request, timeout=30) as response:
            return response.status, response.read().decode()
    except urllib.error.HTTPError as fault:
        return fault.code, fault.read().decode()
    except OSError:
        return 0, ""


@contextmanager
def served(centre: Centre, *words: object) -> Iterator[tuple["subprocess.Popen[str]", int]]:
    """The desk, once it has said where it answers; ended afterwards whatever happened."""
    port = free()
    process = centre.start(*HAMN, "serve", "--face", "desk", "--port", port, *words)
    assert process.stdout is not None
    try:
        while (line := process.stdout.readline()) != f"{ANSWERS} http://localhost:{port}/desk/\n":
            assert line, process.communicate()
        assert answer(port, "/halsa/")[0] == 200
        yield process, port
    finally:
        if process.poll() is None:
            process.terminate()
            process.communicate(timeout=60)


def told(centre: Centre, *words: object) -> tuple[int, str, str]:
    process = centre.start(*HAMN, *words)
    out, err = process.communicate(timeout=120)
    return process.returncode, out, err


@pytest.mark.parametrize(
    "how", [signal.SIGTERM, pytest.param(signal.SIGINT, marks=pytest.mark.soak)]
)
def test_the_desk_and_its_worker_end_together_when_told(
    centre: Centre, how: signal.Signals
) -> None:
    with served(centre) as (process, port):
        assert json.loads(answer(port, "/halsa/")[1]) == {"status": "ok"}
        wait_for(lambda: workers_of(process.pid))
        family = children(process.pid)
        process.send_signal(how)
        out, err = process.communicate(timeout=60)
    assert process.returncode == 0, err
    assert out.rstrip().endswith("Hamn har slutat.")
    assert "Traceback" not in err
    assert len(family) >= 3
    wait_for(lambda: not any(Path(f"/proc/{pid}").exists() for pid in family), seconds=10)


def test_without_a_worker_only_pages_are_served(centre: Centre) -> None:
    with served(centre, "--no-worker") as (process, _port):
        assert workers_of(process.pid) == []


def test_a_worker_that_falls_is_started_again(centre: Centre) -> None:
    with served(centre, "--workers", 1) as (process, _port):
        [first] = wait_for(lambda: workers_of(process.pid))
        os.kill(first, signal.SIGKILL)
        wait_for(lambda: set(workers_of(process.pid)) - {first}, seconds=30)


def test_every_line_that_is_logged_is_json_and_holds_nothing_typed(centre: Centre) -> None:
    with served(centre, "--no-worker") as (process, port):
        for path in (
            f"/{MARKER}/",
            f"/desk/?q={MARKER}",
            f"/desk/avtal/{MARKER}/",
            f"/%ff{MARKER}",
        ):
            answer(port, path, Referer=MARKER, Cookie=f"hamn_desk={MARKER}", Host=f"{MARKER}.a")
            answer(port, path, **{"User-Agent": MARKER, "X-Forwarded-For": MARKER})
        process.terminate()
        _out, err = process.communicate(timeout=60)
    assert MARKER not in err
    lines = [json.loads(line) for line in err.splitlines()]
    assert {"request", "Starting granian"} <= {line["event"].partition(" (")[0] for line in lines}
    assert all({"at", "event", "level", "logger"} <= set(line) for line in lines)


def test_the_numbers_are_those_of_all_processes_together(centre: Centre) -> None:
    token = "t" * 32
    (centre.home / "centre.toml").write_text(f'[system]\nmetrics_token = "{token}"\n')
    with served(centre, "--no-worker") as (_process, port):
        before = counted(port, token)
        for _turn in range(40):
            assert answer(port, "/halsa/")[0] == 200
        assert counted(port, token) - before == 40
        assert answer(port, "/halsa/matvarden")[0] == 404


def counted(port: int, token: str) -> int:
    """Answers to the health page so far."""
    _status, text = answer(port, "/halsa/matvarden", Authorization=f"Bearer {token}")
    [count] = re.findall(
        r'^hamn_request_seconds_count\{.*"halsa/",status="200"\} (\S+)', text, re.M
    )
    return int(float(count))


def test_nothing_is_served_where_there_is_no_centre(tmp_path: Path) -> None:
    empty = empty_centre(tmp_path / "tom")
    try:
        refused(empty, "Inget centrum")
    finally:
        empty.remove()


def test_nothing_is_served_before_the_database_is_brought_up_to_date(centre: Centre) -> None:
    centre.run("-c", FORGET_A_MIGRATION)
    refused(centre, "hamn setup")


def test_nothing_is_served_without_the_secret_key(centre: Centre) -> None:
    (centre.home / "secret-key").unlink()
    refused(centre, "secret-key")


def test_nothing_is_served_on_a_port_that_is_taken(centre: Centre, taken: int) -> None:
    refused(centre, f"127.0.0.1:{taken}", "--port", taken)


def test_nothing_is_served_on_an_address_that_is_not_here(centre: Centre) -> None:
    centre.environment["HAMN_DEMO"] = ""
    centre.run("-c", MAKE_IT_REAL)
    refused(centre, "finns-inte.example", "--host", "finns-inte.example")


@pytest.mark.parametrize("host", ["0.0.0.0", "192.0.2.1", "::"])
def test_the_demonstration_is_never_shown_to_other_machines(centre: Centre, host: str) -> None:
    refused(centre, "bara på den här datorn", "--host", host)


def test_a_real_centre_is_never_shown_as_a_demonstration(centre: Centre) -> None:
    centre.run("-c", MAKE_IT_REAL)
    refused(centre, "HAMN_DEMO")


def test_the_demonstration_is_never_shown_as_a_real_centre(centre: Centre) -> None:
    centre.environment["HAMN_DEMO"] = ""
    refused(centre, "hamn demo")


def refused(centre: Centre, said: str, *words: object) -> None:
    """One sentence, status 1, and no process left."""
    port = [] if "--port" in words else ["--port", free()]
    status, out, err = told(centre, "serve", "--face", "desk", *port, *words)
    assert (status, out, err.count("\n")) == (1, "", 1), err
    assert said in err


@pytest.mark.parametrize("text", ["0", "65536", "http", "-1", "8400.0", ""])
def test_what_is_no_port_is_named(text: str) -> None:
    with pytest.raises(BadInput):
        serve.port(text)


def test_the_next_free_port_is_found(taken: int) -> None:
    assert serve.free_port("127.0.0.1", taken) > taken


def test_an_unknown_host_is_a_refusal() -> None:
    with pytest.raises(Refusal):
        serve.free_port("finns-inte.example", 8400)


def test_the_demo_opens_its_vault_serves_and_ctrl_c_ends_all_of_it_in_peace(centre: Centre) -> None:
    centre.environment["HAMN_DEMO"] = ""
    process = centre.start(*HAMN, "demo")
    assert process.stdout is not None
    said = ""
    try:
        while ANSWERS not in said:
            line = process.stdout.readline()
            assert line, process.communicate()
            said += line
        found = re.search(rf"{ANSWERS} http://localhost:(\d+)/desk/", said)
        assert found is not None
        port = int(found[1])
        assert f"http://localhost:{port}/desk/" in said.partition(ANSWERS)[0]
        for email in ("avtal@", "controller@", "enhetschef@", "lasare@", "system@"):
            assert f"{email}centrum.example" in said
        wait_for(lambda: answer(port, "/halsa/")[0] == 200)
        below = children(process.pid)
        assert unsealed_in(centre) >= {"mika", "kast"}
        process.send_signal(signal.SIGINT)
        told_at = time.monotonic()
        out, err = process.communicate(timeout=60)
    finally:
        process.kill()
    # On a crowded machine granian takes a process that has just ended for one that refuses to; one
    # that really refuses is waited for.
    complaints = [line for line in err.splitlines() if "refused to gracefully stop" not in line]
    assert (process.returncode, complaints) == (0, [])
    assert time.monotonic() - told_at < serve.STOP_S
    assert out.rstrip().endswith("Hamn har slutat.")
    wait_for(lambda: not [pid for pid in below if is_running(pid)])
    assert not (centre.home / "vault" / "agent.sock").exists()


def unsealed_in(centre: Centre) -> set[str]:
    """The units whose keys the centre's agent holds."""
    status = centre.start(*HAMN, "vault", "status", "--format", "json")
    told = json.loads(status.communicate(timeout=60)[0])
    return {one["unit"] for one in told["units"] if one["is_unsealed"]}


def is_running(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return "Z" not in Path(f"/proc/{pid}/stat").read_text(encoding="ascii").split()[2]


def test_the_command_finds_hamn_whatever_lies_in_the_folder(tmp_path: Path) -> None:
    (tmp_path / "hamn.py").write_text("raise SystemExit(7)")
    words = serve.command("--version")
    assert words[0] == sys.executable
    done = subprocess.run(words, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout.startswith("hamn ")) == (0, True)
