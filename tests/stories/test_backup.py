"""A backup holds the whole centre and comes back whole; nothing else comes in."""

import json
import random
import signal
import tarfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from tools.centres import Centre, empty_centre

from hamn.site.backup.archive import unpack
from hamn.site.backup.make import prune

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


@pytest.fixture
def centre(demo: Centre, tmp_path: Path) -> Iterator[Centre]:
    """A copy of it for one test."""
    copy = demo.copy(tmp_path / "copy")
    yield copy
    copy.remove()


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[Centre]:
    """A place where there is no centre yet."""
    place = empty_centre(tmp_path / "empty")
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


@pytest.mark.once
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


@pytest.mark.once
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


@pytest.mark.once
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


@pytest.mark.once
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


@pytest.mark.once
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
