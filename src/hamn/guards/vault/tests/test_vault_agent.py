"""The key agent: who may speak with it, what it says no to, and that nothing said ends it."""

import json
import os
import socket
import stat
import struct
import threading
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hamn.core.errors import BadInput
from hamn.guards.vault import actions as vault
from hamn.guards.vault import queries as vaults
from hamn.guards.vault import rules
from hamn.guards.vault.agent import client, process, wire
from hamn.guards.vault.agent.keeper import Keeper
from hamn.guards.vault.agent.keyfiles import KeyFiles
from hamn.guards.vault.agent.server import Agent, answer, running
from hamn.guards.vault.rules import Cost

CHEAP = Cost(passes=1, memory_kib=8, lanes=1)
PHRASE = "fyra ord på rad räcker"


@pytest.fixture
def keeper(tmp_path: Path) -> Keeper:
    made = Keeper(KeyFiles(tmp_path / "keys"), cost=CHEAP, wait=lambda _seconds: None)
    made.new_unit("mika", 1, "Chefen", PHRASE)
    return made


@pytest.fixture
def agent(tmp_path: Path, keeper: Keeper, settings: Any) -> Iterator[Agent]:
    settings.VAULT = tmp_path
    with running(tmp_path, keeper) as started:
        yield started
    client.close()


def connected(agent: Agent) -> socket.socket:
    sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    sock.settimeout(5)
    sock.connect(str(agent.folder / wire.SOCKET))
    return sock


def test_socket_token_and_key_files_are_their_owners_alone(agent: Agent) -> None:
    for path in (agent.folder / wire.SOCKET, agent.folder / wire.TOKEN):
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
    (file,) = (agent.folder / "keys").iterdir()
    assert (file.name, stat.S_IMODE(file.stat().st_mode)) == ("mika.json", 0o600)
    assert stat.S_IMODE((agent.folder / "keys").stat().st_mode) == 0o700


def test_a_process_without_the_token_is_turned_away(agent: Agent) -> None:
    for token in (b"", bytes(32), b"x" * 32):
        sock = connected(agent)
        with sock, pytest.raises(rules.Foreign):
            client._greet(sock, token)
        assert sock.fileno() == -1


def test_nothing_is_answered_before_the_token_is_proven(agent: Agent) -> None:
    with connected(agent) as sock:
        wire.receive(sock)
        wire.send(sock, {"do": "status"})
        assert wire.receive(sock) == {"refused": "vault.foreign"}
        assert wire.receive(sock) is None


def test_another_user_is_turned_away_even_with_the_token(agent: Agent) -> None:
    agent._peers = {os.getuid() + 1}
    with pytest.raises(rules.Foreign):
        client.ask("status")


def test_who_stands_in_the_agents_place_gets_no_passphrase(
    agent: Agent, tmp_path: Path, settings: Any
) -> None:
    """A false socket that lets everyone in has not proven that it made the token."""
    false = tmp_path / "false"
    false.mkdir()
    (false / wire.TOKEN).write_bytes((agent.folder / wire.TOKEN).read_bytes())
    heard: list[Any] = []

    def pretend(listening: socket.socket) -> None:
        sock, _peer = listening.accept()
        with sock:
            wire.send(sock, {"nonce": wire.text(bytes(32))})
            heard.append(wire.receive(sock))
            wire.send(sock, {"proof": wire.text(bytes(32))})
            heard.append(wire.receive(sock))

    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as listening:
        listening.bind(str(false / wire.SOCKET))
        listening.listen()
        thread = threading.Thread(target=pretend, args=(listening,))
        thread.start()
        settings.VAULT = false
        with pytest.raises(rules.AgentAway):
            client.ask("unseal", unit="mika", passphrase=PHRASE)
        thread.join(5)
    assert PHRASE not in repr(heard)
    assert heard[1] is None


@pytest.mark.parametrize(
    "garbage",
    [
        b"\xff\xff\xff\xff" + b"x" * 100,
        struct.pack(">I", wire.LONGEST_HELLO + 1) + b"x" * (wire.LONGEST_HELLO + 1),
        struct.pack(">I", 3) + b"{]}",
        struct.pack(">I", 2) + b"[]",
        struct.pack(">I", 50) + b"cut short",
        b"GET / HTTP/1.1\r\n\r\n",
        b"",
    ],
)
def test_garbage_ends_the_connection_and_not_the_agent(agent: Agent, garbage: bytes) -> None:
    with connected(agent) as sock:
        wire.receive(sock)
        sock.sendall(garbage)
        sock.shutdown(socket.SHUT_WR)
        with suppress(ConnectionResetError):
            while sock.recv(1000):
                pass
    assert client.ask("status")[0]["unit"] == "mika"


def test_what_is_too_long_is_refused_also_from_who_is_known(agent: Agent) -> None:
    sock = client._connection(agent.folder)
    with sock:
        sock.sendall(struct.pack(">I", wire.LONGEST_FRAME + 1))
        assert wire.receive(sock) == {"refused": "vault.not_understood"}
    assert client.ask("status")[0]["unit"] == "mika"


@pytest.mark.parametrize(
    "asked",
    [
        *({}, {"do": None}, {"do": []}, {"do": "decrypt"}, {"do": "unseal"}),
        {"do": "unseal", "unit": 1, "passphrase": PHRASE},
        {"do": "unseal", "unit": "mika", "passphrase": None},
        {"do": "open", "items": 3},
        {"do": "open", "items": [["mika", 1, "no uuid", "AA=="]]},
        {"do": "open", "items": [["mika", 1, str(uuid4()), "not base64!"]]},
        {"do": "open", "items": [["mika", "x", str(uuid4()), "AA=="]]},
        {"do": "digests", "unit": "mika", "kind": "name", "values": "abc"},
        {"do": "digests", "unit": "mika", "kind": "name", "values": [1]},
        {"do": "next_version", "unit": "mika", "after": "many"},
        {"do": "new_unit", "unit": "../mika", "version": 1, "name": "x", "passphrase": PHRASE},
        {"do": "unseal", "unit": "../../etc/passwd", "passphrase": PHRASE},
        {"do": "unseal", "unit": "mika\x00", "passphrase": PHRASE},
    ],
)
def test_a_message_that_makes_no_sense_is_answered_with_a_refusal(
    keeper: Keeper, asked: dict[str, Any]
) -> None:
    told = answer(keeper, asked)
    assert set(told) >= {"refused"}
    assert PHRASE not in json.dumps(told, ensure_ascii=False)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=8,
)


@settings(max_examples=150, deadline=None)
@given(
    do=st.sampled_from(["unseal", "lock", "open", "digests", "entries", "reseal", "rekey", "x"]),
    more=st.dictionaries(
        st.sampled_from(["unit", "items", "values", "version", "box", "kind", "passphrase"]),
        json_values | st.just("mika"),
    ),
)
def test_whatever_is_asked_the_agent_answers(
    do: str, more: dict[str, Any], tmp_path_factory: pytest.TempPathFactory
) -> None:
    files = KeyFiles(tmp_path_factory.getbasetemp() / "fuzzed")
    told = answer(Keeper(files, cost=CHEAP, wait=lambda _s: None), {"do": do, **more})
    assert set(told) & {"result", "refused"}
    json.dumps(told)


def test_a_unit_that_is_not_unsealed_digests_and_opens_nothing(agent: Agent) -> None:
    client.ask("lock", unit="mika")
    with pytest.raises(rules.Locked, match="hamn vault unseal --unit mika"):
        client.ask("digests", unit="mika", kind="name", values=["a"])
    told = client.ask("open", items=[["mika", 1, str(uuid4()), "AA=="]])
    assert told == [{"no": "vault.locked"}]
    with pytest.raises(rules.NoKey):
        client.ask("digests", unit="kast", kind="name", values=["a"])
    client.ask("unseal", unit="mika", passphrase=PHRASE)
    assert client.ask("digests", unit="mika", kind="name", values=["a"])


def test_a_second_agent_does_not_take_the_firsts_place(agent: Agent) -> None:
    with pytest.raises(BadInput, match="kör redan"):
        Agent(agent.folder, agent.keeper).start()
    assert client.ask("status")


def test_a_stopped_agent_leaves_no_token_and_the_next_one_has_another(
    tmp_path: Path, keeper: Keeper
) -> None:
    tokens = []
    for _ in range(2):
        with running(tmp_path, keeper):
            tokens.append((tmp_path / wire.TOKEN).read_bytes())
        assert not (tmp_path / wire.TOKEN).exists()
        assert not (tmp_path / wire.SOCKET).exists()
    assert tokens[0] != tokens[1]


def test_a_path_longer_than_a_sockets_name_may_be_is_reached(
    tmp_path: Path, keeper: Keeper, settings: Any
) -> None:
    settings.VAULT = tmp_path / ("x" * 120)
    with running(settings.VAULT, keeper):
        assert client.ask("status")
    client.close()


def test_credentials_unseal_what_they_fit_and_only_that(
    keeper: Keeper, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    keeper.new_unit("kast", 1, "Chefen", PHRASE)
    for unit in ("mika", "kast"):
        keeper.lock(unit)
    assert process.unseal_from_credentials(keeper) == []
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(tmp_path))
    (tmp_path / "hamn-vault-mika").write_text(PHRASE + "\n", encoding="utf-8")
    (tmp_path / "hamn-vault-kast").write_text("fel fras, helt fel", encoding="utf-8")
    assert process.unseal_from_credentials(keeper) == ["mika"]
    assert {one["unit"]: one["unsealed"] for one in keeper.status()} == {
        "mika": True,
        "kast": False,
    }


def test_a_user_that_the_machine_does_not_know_is_refused_as_peer() -> None:
    assert process.user_ids(["root"]) == {0}
    with pytest.raises(BadInput, match="no-such-user"):
        process.user_ids(["no-such-user"])


@pytest.mark.django_db
def test_when_the_agent_is_away_everything_says_what_to_do(tmp_path: Path, settings: Any) -> None:
    box = vault.new_box(["mika"])
    settings.VAULT = tmp_path / "nothing"
    for act in (
        lambda: vaults.open_box(box.id, ["mika"]),
        lambda: vaults.find(["mika"], rules.IndexKind.NAME, "Åsa"),
        lambda: vault.rotate("mika"),
    ):
        with pytest.raises(rules.AgentAway, match="hamn vault unseal"):
            act()
    assert vault.new_box(["mika"]).id  # what needs no private key goes on
    assert not vaults.status().has_agent
