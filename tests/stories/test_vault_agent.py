"""The key agent as a real process: killed, started again, met by strangers; rotations killed."""

import json
import random
import signal
import subprocess
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from tools.centres import Centre, new_centre

pytestmark = pytest.mark.slow
WORKER = Path(__file__).with_name("vault_worker.py")
HAMN = ("-m", "hamn.site.cli.main")
BOXES = 300
# PR_GET_DUMPABLE, after what the agent does first of all.
DUMPABLE = """
import ctypes
from hamn.guards.vault.agent import process
process.close_to_others()
print(ctypes.CDLL(None).prctl(3, 0, 0, 0, 0))
"""
WITHOUT_TOKEN = """
import socket, struct, sys
sock = socket.socket(socket.AF_UNIX); sock.settimeout(5); sock.connect(sys.argv[1])
sock.recv(4096); sock.sendall(struct.pack(">I", 15) + b'{"do":"status"}')
print(sock.recv(4096).decode("latin-1"))
"""


@contextmanager
def agent_of(centre: Centre) -> Iterator[subprocess.Popen[str]]:
    """`hamn vault agent`, answering."""
    process = centre.start(*HAMN, "vault", "agent")
    assert process.stdout is not None
    assert "Nyckelagenten svarar" in process.stdout.readline()
    try:
        yield process
    finally:
        process.terminate()
        process.communicate(timeout=20)


@pytest.fixture(scope="module")
def centre(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Centre]:
    made = new_centre(tmp_path_factory.mktemp("vault"))
    with agent_of(made):
        made.run(WORKER, "build", BOXES)
    yield made
    made.remove()


@pytest.mark.once
def test_a_new_agent_is_closed_until_the_head_opens_it_and_leaves_nothing(centre: Centre) -> None:
    with agent_of(centre):
        assert centre.run(WORKER, "open").strip() == "vault.locked"
        centre.run(WORKER, "unseal")
        assert centre.run(WORKER, "open").strip() == "open"
    assert centre.run(WORKER, "open").strip() == "vault.agent_away"
    assert {path.name for path in (centre.home / "vault").iterdir()} == {"keys", "agent.lock"}


@pytest.mark.once
def test_an_agent_killed_outright_is_a_refusal_and_the_next_one_takes_its_place(
    centre: Centre,
) -> None:
    with agent_of(centre) as process:
        centre.run(WORKER, "unseal")
        process.send_signal(signal.SIGKILL)
        process.wait(10)
        assert centre.run(WORKER, "open").strip() == "vault.agent_away"
    with agent_of(centre):
        assert centre.run(WORKER, "open").strip() == "vault.locked"


@pytest.mark.once
def test_no_other_process_reads_the_agents_memory_or_speaks_without_its_token(
    centre: Centre,
) -> None:
    with agent_of(centre) as process:
        centre.run(WORKER, "unseal")
        assert centre.run("-c", DUMPABLE).strip() == "0"
        limits = Path(f"/proc/{process.pid}/limits").read_text(encoding="ascii")
        assert "Max core file size        0                    0" in limits
        said = centre.run("-c", WITHOUT_TOKEN, centre.home / "vault" / "agent.sock")
        assert "vault.foreign" in said
        centre.environment["HAMN_VAULT"] = str(centre.home / "elsewhere")
        assert centre.run(WORKER, "open").strip() == "vault.agent_away"
        del centre.environment["HAMN_VAULT"]
        assert centre.run(WORKER, "open").strip() == "open"


def test_rotations_killed_with_9_at_any_moment_end_whole(centre: Centre) -> None:
    rng = random.Random(4)
    with agent_of(centre):
        centre.run(WORKER, "unseal")
        before = json.loads(centre.run(WORKER, "check"))["version"]
        killed = sum(
            centre.run_and_kill(WORKER, "rotate", after_s=rng.uniform(0.0, 0.4)) for _ in range(4)
        )
        between = json.loads(centre.run(WORKER, "check"))
        assert (between["open"], between["found"]) == (BOXES, BOXES)
        centre.run(WORKER, "rotate")
        found = json.loads(centre.run(WORKER, "check"))
    assert killed >= 1
    assert found["version"] > before
    assert found == {
        "boxes": BOXES,
        "open": BOXES,
        "found": BOXES,
        "version": found["version"],
        "left": 0,
        "agrees": True,
        "must_rotate": False,
    }


def test_boxes_made_while_keys_are_exchanged_are_all_open_and_found(
    centre: Centre, tmp_path: Path
) -> None:
    with agent_of(centre):
        centre.run(WORKER, "unseal")
        count = json.loads(centre.run(WORKER, "check"))["boxes"]
        makers = [centre.start(WORKER, "make", count + 100 * place, 100) for place in range(2)]
        rotations = 0
        while any(maker.poll() is None for maker in makers):
            centre.run(WORKER, "rotate")
            rotations += 1
        for maker in makers:
            _out, fault = maker.communicate(timeout=60)
            assert maker.returncode == 0, fault
        found = json.loads(centre.run(WORKER, "check"))
    assert rotations >= 1
    assert (found["boxes"], found["open"], found["found"]) == (count + 200,) * 3
    assert (found["left"], found["must_rotate"]) == (0, False)


@pytest.mark.once
def test_a_credential_of_systemd_opens_the_unit_at_start(centre: Centre, tmp_path: Path) -> None:
    (tmp_path / "hamn-vault-mika").write_text("fyra ord på rad räcker\n", encoding="utf-8")
    centre.environment["CREDENTIALS_DIRECTORY"] = str(tmp_path)
    try:
        with agent_of(centre) as process:
            assert process.stdout is not None
            assert "mika" in process.stdout.readline()
            assert centre.run(WORKER, "open").strip() == "open"
    finally:
        del centre.environment["CREDENTIALS_DIRECTORY"]


def test_a_backup_holds_no_key_file_and_no_trace_of_the_agent(
    centre: Centre, tmp_path: Path
) -> None:
    """Keys and database never lie in one file: whoever finds it reads nothing that is sealed."""
    (centre.home / "centre.toml").write_text("# ingen\n", encoding="utf-8")
    with agent_of(centre):
        token = (centre.home / "vault" / "agent.token").read_bytes()
        centre.run(*HAMN, "backup", "--to", tmp_path, "--with-secret")
    (file,) = tmp_path.glob("*.tar")
    with tarfile.open(file) as archive:
        assert not [name for name in archive.getnames() if "vault" in name or "mika" in name]
    content = file.read_bytes()
    keys = json.loads((centre.home / "vault" / "keys" / "mika.json").read_bytes())
    for secret in (token, keys["sealed"].encode()[:60], keys["locks"][0].encode()[:60]):
        assert secret not in content
