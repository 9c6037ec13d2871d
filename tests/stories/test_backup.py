"""A backup holds the whole centre and comes back whole; nothing else comes in (F5, A8)."""

import io
import json
import random
import signal
import sqlite3
import tarfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from tools.centres import BASE, Centre, new_centre

from hamn.site.backup import archive, restore, sqlite
from hamn.site.backup.archive import Manifest, Part, hash_of, pack, unpack
from hamn.site.backup.content import Content, content_of, differing
from hamn.site.backup.make import prune
from hamn.site.backup.refusals import Damaged, NotRestored

WORKER = Path(__file__).with_name("worker.py")
HAMN = ("-m", "hamn.site.cli.main")
# Every row of every table by plain SQL: says nothing of how a backup counts.
EVERYTHING = """
import hashlib, json, os
os.environ["DJANGO_SETTINGS_MODULE"] = "hamn.site.desk.settings"
import django; django.setup()
from django.db import connection
found = {}
with connection.cursor() as cursor:
    for table in connection.introspection.table_names(cursor):
        cursor.execute(f'SELECT * FROM "{table}"')
        plain = ([bytes(v) if isinstance(v, memoryview) else v for v in row] for row in cursor)
        rows = sorted(map(repr, plain))
        found[table] = [len(rows), hashlib.sha256(chr(10).join(rows).encode()).hexdigest()]
print(json.dumps(found))
"""
SETTINGS = 'import os; os.environ["DJANGO_SETTINGS_MODULE"] = "hamn.site.desk.settings"\n'
SETTINGS += "import django; django.setup()\n"
SESSION = """
from datetime import timedelta
from django.contrib.sessions.models import Session
from django.utils import timezone
day = timezone.now() + timedelta(days=1)
Session.objects.create(session_key="marker-of-a-session", session_data="marker", expire_date=day)
"""
DOCUMENTS = """
import hashlib, json
from hamn.agreement.invoicing.models import InvoiceFile
found = []
for row in InvoiceFile.objects.order_by("pk").select_related("invoice"):
    content = bytes(row.content)
    now = hashlib.sha256(content).hexdigest()
    found.append([row.invoice.number, row.format, row.sha256, now, content[:5].decode()])
print(json.dumps(found))
"""
FLEETING = {"django_session", "site_cache", "usersessions_usersession"}


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Centre]:
    """The demonstration: five years of invoices with their documents."""
    centre = new_centre(tmp_path_factory.mktemp("built"))
    centre.run(*HAMN, "demo", "--no-serve")
    yield centre
    centre.remove()


@pytest.fixture
def centre(built: Centre, tmp_path: Path) -> Iterator[Centre]:
    """A copy of it for one test."""
    copy = built.copy(tmp_path / "copy")
    yield copy
    copy.remove()


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[Centre]:
    """A place where there is no centre yet."""
    place = new_centre(tmp_path / "empty")
    yield place
    place.remove()


def backup(centre: Centre, folder: Path, *words: object) -> Path:
    """The newest backup in the folder, just written."""
    centre.run(*HAMN, "backup", "--to", folder, *words)
    return max(folder.glob("hamn-*.tar"))


def told(centre: Centre, *words: object) -> tuple[int, str, str]:
    """A command's status and what it said, whatever came of it."""
    process = centre.start(*HAMN, *words)
    out, err = process.communicate(timeout=600)
    return process.returncode, out, err


def tables(centre: Centre) -> dict[str, list[Any]]:
    """Count and hash of every table by plain SQL."""
    return dict(json.loads(centre.run("-c", EVERYTHING)))


def documents(centre: Centre) -> list[list[str]]:
    """Every document: number, format, stored hash, hash of its bytes now, how they begin."""
    return list(json.loads(centre.run("-c", SETTINGS + DOCUMENTS)))


def names_in(file: Path) -> set[str]:
    with tarfile.open(file) as tar:
        return set(tar.getnames())


@pytest.mark.slow
def test_a_restored_centre_holds_every_row_and_every_document_but_no_session(
    centre: Centre, empty: Centre, tmp_path: Path
) -> None:
    centre.run("-c", SETTINGS + SESSION)
    before, written = tables(centre), documents(centre)
    file = backup(centre, tmp_path / "kopior")
    assert b"marker-of-a-session" not in file.read_bytes()
    status, _out, err = told(empty, "restore", file)
    assert (status, err) == (0, "")
    after = tables(empty)
    # The restore itself is one more entry.
    assert after["audit_entry"][0] == before["audit_entry"][0] + 1
    same = set(before) - FLEETING - {"audit_entry"}
    assert {name: after[name] for name in same} == {name: before[name] for name in same}
    assert (before["django_session"][0], after["django_session"][0]) == (1, 0)
    assert set(after) == set(before)
    assert len(before) > 20
    assert documents(empty) == written
    assert {form: head for _number, form, _stored, _now, head in written} == {
        "pdf": "%PDF-",
        "xml": "<?xml",
    }
    assert all(stored == now for _number, _form, stored, now, _head in written)
    assert told(empty, "trail", "verify")[0] == 0


@pytest.mark.slow
def test_a_backup_taken_while_others_write_is_whole(
    centre: Centre, empty: Centre, tmp_path: Path
) -> None:
    writer = centre.start(WORKER, "credit", 150)
    assert writer.stdout is not None
    assert writer.stdout.readline() == "ready\n"
    time.sleep(0.3)
    file = backup(centre, tmp_path / "kopior")
    assert writer.poll() is None, "the writer had ended before the backup was taken"
    _out, err = writer.communicate(timeout=300)
    assert writer.returncode == 0, err
    status, _out, err = told(empty, "restore", file)
    assert (status, err) == (0, "")
    assert told(empty, "trail", "verify")[0] == 0
    restored, source = documents(empty), documents(centre)
    assert len(restored) < len(source)
    assert restored == source[: len(restored)]


@pytest.mark.slow
def test_a_flipped_byte_is_refused_and_leaves_the_place_empty(
    centre: Centre, empty: Centre, tmp_path: Path
) -> None:
    file = backup(centre, tmp_path / "kopior")
    whole = file.read_bytes()
    flipped = bytearray(whole)
    flipped[len(whole) // 2] ^= 1
    file.write_bytes(flipped)
    status, _out, err = told(empty, "restore", file)
    assert (status, err.count("\n")) == (1, 1)
    assert "ingen hel säkerhetskopia" in err
    assert tables(empty) == {}
    assert not (empty.home / "trail-heads.jsonl").exists()
    file.write_bytes(whole)
    assert told(empty, "restore", file)[0] == 0


@pytest.mark.slow
def test_a_living_centre_is_never_overwritten(centre: Centre, tmp_path: Path) -> None:
    file = backup(centre, tmp_path / "kopior")
    before = tables(centre)
    status, _out, err = told(centre, "restore", file)
    assert status == 1
    assert "inte skrivs över" in err
    assert tables(centre) == before


@pytest.mark.slow
def test_the_files_beside_the_database_come_back_and_the_key_only_when_asked(
    centre: Centre, empty: Centre, tmp_path: Path
) -> None:
    (centre.home / "centre.toml").write_text('[system]\nmetrics_token = "m"\n')
    (centre.home / "secret-key").write_text("the-secret-of-this-centre\n")
    plain = backup(centre, tmp_path / "utan")
    keyed = backup(centre, tmp_path / "med", "--with-secret")
    assert "secret-key" not in names_in(plain)
    assert plain.stat().st_mode & 0o777 == 0o600
    assert names_in(keyed) == names_in(plain) | {"secret-key"}
    key = (centre.home / "secret-key").read_bytes()
    assert key.strip() not in plain.read_bytes()
    status, out, _err = told(empty, "restore", keyed)
    assert status == 0
    assert (empty.home / "secret-key").read_bytes() == key
    assert (empty.home / "secret-key").stat().st_mode & 0o777 == 0o600
    assert (empty.home / "centre.toml").read_text() == '[system]\nmetrics_token = "m"\n'
    assert "secret-key" not in out


@pytest.mark.slow
def test_a_centre_file_of_the_new_place_is_kept(
    centre: Centre, empty: Centre, tmp_path: Path
) -> None:
    (centre.home / "centre.toml").write_text("[system]\n# det gamla\n")
    (empty.home / "centre.toml").write_text("[system]\n# det nya\n")
    status, out, _err = told(empty, "restore", backup(centre, tmp_path / "kopior"))
    assert status == 0
    assert "det nya" in (empty.home / "centre.toml").read_text()
    assert "det gamla" in (empty.home / "centre-from-backup.toml").read_text()
    assert "centre-from-backup.toml" in out


@pytest.mark.slow
def test_ends_of_the_trail_that_were_kept_apart_show_what_the_backup_lacks(
    centre: Centre, empty: Centre, tmp_path: Path
) -> None:
    file = backup(centre, tmp_path / "kopior")
    centre.run(WORKER, "credit", 3)
    centre.run(*HAMN, "trail", "export")
    heads = (centre.home / "trail-heads.jsonl").read_text()
    (empty.home / "trail-heads.jsonl").write_text(heads)
    status, out, _err = told(empty, "restore", file)
    assert status == 1
    assert "hamn trail verify" in out
    assert (empty.home / "trail-heads.jsonl").read_text() == heads


@pytest.mark.slow
def test_a_killed_backup_leaves_no_file_that_is_not_whole(centre: Centre, tmp_path: Path) -> None:
    folder, rng = tmp_path / "kopior", random.Random(1)
    for _turn in range(6):
        process = centre.start(*HAMN, "backup", "--to", folder)
        time.sleep(0.4 + rng.random() * 0.7)
        process.send_signal(signal.SIGKILL)
        process.communicate(timeout=60)
    for number, file in enumerate(folder.glob("*.tar")):
        (tmp_path / str(number)).mkdir()
        unpack(file, tmp_path / str(number))
    assert backup(centre, folder).exists()


def test_only_a_system_administrator_makes_backups(
    hamn: Callable[..., Any], tmp_path: Path
) -> None:
    answer = hamn("--as", "controller@test.example", "backup", "--to", tmp_path / "kopior")
    assert answer.status == 1
    assert not list((tmp_path / "kopior").glob("*.tar"))


def test_only_what_has_a_backups_name_is_removed(tmp_path: Path) -> None:
    for day in range(1, 6):
        (tmp_path / f"hamn-2026110{day}-020000.tar").write_bytes(b"x")
    (tmp_path / "hamn-20200101-020000.tar.gz").write_bytes(b"x")
    (tmp_path / "hamn-viktig.tar").write_bytes(b"x")
    (tmp_path / "hamn-20200102-020000.tar").mkdir()
    (tmp_path / "hamn-20200103-020000.tar").symlink_to(tmp_path / "hamn-viktig.tar")
    assert prune(tmp_path, 2) == 3
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "hamn-20200101-020000.tar.gz",
        "hamn-20200102-020000.tar",
        "hamn-20200103-020000.tar",
        "hamn-20261104-020000.tar",
        "hamn-20261105-020000.tar",
        "hamn-viktig.tar",
    ]
    assert prune(tmp_path, 2) == 0


def test_a_missing_file_and_an_impossible_number_get_one_sentence(
    hamn: Callable[..., Any], tmp_path: Path
) -> None:
    for words in (["restore", tmp_path / "saknas.tar"], ["backup", "--keep", "0"]):
        answer = hamn(*words)
        assert (answer.status, answer.err.count("\n")) == (1, 1)


# The file's form, without a database.


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
