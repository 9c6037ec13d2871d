"""The form of a backup's file, without a centre: what is packed comes out, nothing else does."""

import io
import json
import sqlite3
import tarfile
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from tools.centres import BASE

from hamn.site.backup import archive, restore, sqlite
from hamn.site.backup.archive import Manifest, Part, hash_of, pack, unpack
from hamn.site.backup.content import Content, content_of, differing
from hamn.site.backup.refusals import Damaged, NotRestored

pytestmark = pytest.mark.slow
FLEETING = {"django_session", "site_cache", "usersessions_usersession"}


def packed(folder: Path) -> Path:
    """A small backup of two parts."""
    folder.mkdir()
    parts = {"centre.toml": folder / "a", "database.sqlite3": folder / "b"}
    parts["centre.toml"].write_bytes(b"[system]\n")
    parts["database.sqlite3"].write_bytes(bytes(range(256)) * 5)
    manifest = Manifest(
        hamn="0.1.0",
        made_at="2026-11-22T08:00:00+00:00",
        vendor="sqlite",
        engine="SQLite 3",
        migrations=[["audit", "0001_initial"]],
        parts={name: Part(path.stat().st_size, hash_of(path)) for name, path in parts.items()},
        tables={"audit_entry": Content(1, "ab")},
    )
    file = folder / "hamn-20261122-080000.tar"
    pack(file, parts, manifest)
    return file


def members_of(file: Path) -> list[tuple[tarfile.TarInfo, bytes]]:
    with tarfile.open(file) as tar:
        return [(one, (tar.extractfile(one) or io.BytesIO()).read()) for one in tar]


def repacked(file: Path, members: list[tuple[tarfile.TarInfo, bytes]], **how: Any) -> Path:
    """The file with other members."""
    with tarfile.open(file, how.pop("mode", "w"), **how) as tar:
        for header, content in members:
            header.size = len(content) if header.type == tarfile.REGTYPE else 0
            tar.addfile(header, io.BytesIO(content))
    return file


def retold(file: Path, changes: dict[str, Any]) -> Path:
    """The file with another manifest, whose own hash is right."""
    members = members_of(file)
    content = json.loads(members[0][1])["content"] | changes
    text = json.dumps({"content": content, "sha256": archive._hash(content)}).encode()
    return repacked(file, [(members[0][0], text), *members[1:]], format=tarfile.GNU_FORMAT)


def header(name: str, kind: bytes = tarfile.REGTYPE, target: str = "") -> tarfile.TarInfo:
    made = tarfile.TarInfo(name)
    made.type, made.linkname = kind, target
    return made


def test_what_is_packed_is_unpacked(tmp_path: Path) -> None:
    file = packed(tmp_path / "in")
    (tmp_path / "ut").mkdir()
    manifest = unpack(file, tmp_path / "ut")
    assert manifest.tables == {"audit_entry": Content(1, "ab")}
    assert (tmp_path / "ut" / "database.sqlite3").read_bytes() == bytes(range(256)) * 5
    assert {path.name for path in (tmp_path / "ut").iterdir()} == set(manifest.parts)


def test_every_flipped_byte_is_found(tmp_path: Path) -> None:
    file = packed(tmp_path / "in")
    whole = file.read_bytes()
    for place in range(0, len(whole), 11):
        flipped = bytearray(whole)
        flipped[place] ^= 0x10
        file.write_bytes(flipped)
        folder = tmp_path / str(place)
        folder.mkdir()
        with pytest.raises(Damaged):
            unpack(file, folder)


@pytest.mark.parametrize("length", [0, 100, 512, 1000, 3000, 6000])
def test_a_file_cut_off_anywhere_is_refused(tmp_path: Path, length: int) -> None:
    file = packed(tmp_path / "in")
    file.write_bytes(file.read_bytes()[:length])
    with pytest.raises(Damaged):
        unpack(file, tmp_path)


EVIL: dict[str, tuple[tarfile.TarInfo, bytes]] = {
    "path out of the folder": (header("../utanför"), b"x"),
    "absolute path": (header("/tmp/utanför"), b"x"),
    "unknown name": (header("hamn.sqlite3"), b"x"),
    "name with NUL": (header("secret-key\x00../x"), b"x"),
    "symbolic link": (header("secret-key", tarfile.SYMTYPE, "/etc/passwd"), b""),
    "hard link": (header("secret-key", tarfile.LNKTYPE, "/etc/passwd"), b""),
    "folder": (header("secret-key", tarfile.DIRTYPE), b""),
    "device": (header("secret-key", tarfile.CHRTYPE), b""),
    "pipe": (header("secret-key", tarfile.FIFOTYPE), b""),
    "long name": (header("a" * 5000), b"x"),
    "the same twice": (header("centre.toml"), b"[system]\n"),
    "not in the manifest": (header("secret-key"), b"x"),
}


@pytest.mark.parametrize("member", EVIL.values(), ids=EVIL)
@pytest.mark.parametrize("place", [1, 3])
def test_a_hostile_member_is_refused_and_touches_nothing(
    tmp_path: Path, member: tuple[tarfile.TarInfo, bytes], place: int
) -> None:
    file = packed(tmp_path / "in")
    members = members_of(file)
    repacked(file, [*members[:place], member, *members[place:]], format=tarfile.GNU_FORMAT)
    (tmp_path / "ut").mkdir()
    with pytest.raises(Damaged):
        unpack(file, tmp_path / "ut")
    assert {path.name for path in (tmp_path / "ut").iterdir()} <= {
        "centre.toml",
        "database.sqlite3",
    }
    assert {path.name for path in tmp_path.iterdir()} == {"in", "ut"}


def test_a_pax_header_that_changes_what_follows_is_refused(tmp_path: Path) -> None:
    file = packed(tmp_path / "in")
    members = members_of(file)
    members[1][0].pax_headers = {"GNU.sparse.realsize": str(2**50), "path": "../utanför"}
    repacked(file, members, format=tarfile.PAX_FORMAT)
    with pytest.raises(Damaged):
        unpack(file, tmp_path)


@pytest.mark.parametrize("mode", ["w:gz", "w:bz2", "w:xz"])
def test_a_compressed_file_is_refused_before_it_grows(tmp_path: Path, mode: str) -> None:
    file = packed(tmp_path / "in")
    members = members_of(file)
    repacked(file, [*members, (header("secret-key"), bytes(20_000_000))], mode=mode)
    assert file.stat().st_size < 100_000
    with pytest.raises(Damaged):
        unpack(file, tmp_path)


MANIFESTS: dict[str, bytes] = {
    "not JSON": b"hej",
    "not UTF-8": b"\xff\xfe",
    "a list": b"[]",
    "endlessly deep": b"[" * 500_000,
    "without hash": b'{"content": {}}',
    "wrong hash": b'{"content": {}, "sha256": "00"}',
}


@pytest.mark.parametrize("text", MANIFESTS.values(), ids=MANIFESTS)
def test_a_manifest_that_is_none_is_refused(tmp_path: Path, text: bytes) -> None:
    file = packed(tmp_path / "in")
    members = members_of(file)
    repacked(file, [(members[0][0], text), *members[1:]], format=tarfile.GNU_FORMAT)
    with pytest.raises(Damaged):
        unpack(file, tmp_path)


WRONG: dict[str, dict[str, Any]] = {
    "unknown part": {"parts": {"../x": [1, "ab"]}},
    "too large a key": {"parts": {"secret-key": [10**9, "ab"]}},
    "negative size": {"parts": {"secret-key": [-1, "ab"]}},
    "size in words": {"parts": {"secret-key": ["many", "ab"]}},
    "parts as a list": {"parts": []},
    "no moment": {"made_at": "i går"},
    "unknown field": {"evil": 1},
    "a part that is not there": {"parts": {"secret-key": [1, "ab"]}},
}


@pytest.mark.parametrize("changes", WRONG.values(), ids=WRONG)
def test_a_manifest_with_a_wrong_field_is_refused(tmp_path: Path, changes: dict[str, Any]) -> None:
    file = retold(packed(tmp_path / "in"), changes)
    with pytest.raises(Damaged):
        unpack(file, tmp_path)


def test_a_file_of_a_later_form_is_refused_as_newer(tmp_path: Path) -> None:
    with pytest.raises(NotRestored, match="Uppgradera"):
        unpack(retold(packed(tmp_path / "in"), {"format": 2}), tmp_path)


@pytest.mark.parametrize(
    "changes", [{"hamn": "99.0.0"}, {"migrations": [["audit", "9999_later"]]}], ids=["code", "rows"]
)
def test_a_backup_of_a_newer_hamn_is_refused(tmp_path: Path, changes: dict[str, Any]) -> None:
    file = retold(packed(tmp_path / "in"), changes)
    (tmp_path / "ut").mkdir()
    with pytest.raises(NotRestored, match="Uppgradera"):
        restore._check(unpack(file, tmp_path / "ut"), file, "database.sqlite3")


def test_a_backup_of_the_other_database_is_refused(tmp_path: Path) -> None:
    other = "sqlite" if BASE else "postgresql"
    file = retold(packed(tmp_path / "in"), {"vendor": other, "engine": "Den andra"})
    (tmp_path / "ut").mkdir()
    with pytest.raises(NotRestored, match="kommer från Den andra"):
        restore._check(unpack(file, tmp_path / "ut"), file, "database.sqlite3")


def test_the_order_of_rows_does_not_matter_and_every_change_does() -> None:
    rows = [b"a", b"b", b"c"]
    assert content_of(rows) == content_of(reversed(rows))
    assert (
        len({content_of(each) for each in (rows, rows[:2], [*rows, b"c"], [b"a", b"b", b"d"])}) == 4
    )
    before = {"one": content_of(rows), "two": content_of([])}
    assert differing(before, before) == []
    assert differing(before, {"one": content_of(rows[:2]), "three": content_of([])}) == [
        "one",
        "three",
        "two",
    ]


def test_a_file_that_is_no_database_has_no_content(tmp_path: Path) -> None:
    path = tmp_path / "database.sqlite3"
    path.write_bytes(b"not a database at all" * 100)
    assert sqlite.contents(path) is None


def test_rows_in_a_database_are_counted_and_told_apart(tmp_path: Path) -> None:
    found = []
    for number, values in enumerate([(1, 2), (2, 1), (1, 3), ("1", 2)]):
        path = tmp_path / f"{number}.sqlite3"
        with closing(sqlite3.connect(path)) as opened:
            opened.execute("CREATE TABLE a (b)")
            opened.executemany("INSERT INTO a VALUES (?)", [(value,) for value in values])
            opened.commit()
        found.append(sqlite.contents(path))
    assert found[0] == found[1]
    assert found[0] != found[2]
    assert found[0] != found[3]
    assert found[0] is not None
    assert found[0]["a"].rows == 2


def test_a_backup_that_says_it_holds_the_cache_or_sessions_is_refused(tmp_path: Path) -> None:
    """Their rows would be unpacked by the next process that reads them."""
    held = {"vendor": connection.vendor, "hamn": "0.0.1", "migrations": []}
    for number, table in enumerate(sorted(FLEETING)):
        file = retold(packed(tmp_path / str(number)), {**held, "tables": {table: [1, "ab"]}})
        (tmp_path / f"ut{number}").mkdir()
        manifest = unpack(file, tmp_path / f"ut{number}")
        with pytest.raises(Damaged):
            restore._check(manifest, file, "centre.toml")


@pytest.mark.parametrize(
    "changes", [{"migrations": [1]}, {"migrations": 5}, {"migrations": [[["x"]]]}, {"hamn": 5}]
)
def test_a_manifest_of_the_wrong_kinds_is_refused_in_words(
    tmp_path: Path, changes: dict[str, Any]
) -> None:
    file = retold(packed(tmp_path / "in"), changes)
    (tmp_path / "ut").mkdir()
    with pytest.raises(Damaged):
        unpack(file, tmp_path / "ut")
