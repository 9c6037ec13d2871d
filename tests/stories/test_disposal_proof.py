"""What was disposed of cannot be read: not from an older backup, not with every key there is.

Real processes, real key files and real backups. The records are a small table of the test's own.
"""

import json
import shutil
import signal
import tarfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tools.centres import Centre, empty_centre, new_centre

DISPOSER = Path(__file__).with_name("disposer.py")
HAMN = ("-m", "hamn.site.cli.main")
DEAD = [f"Påhittad {place}" for place in range(7)]
LIVING = [f"Påhittad {place}" for place in range(7, 11)]
POINTS = (
    "boxes gone, within the batch",
    "before any key is exchanged",
    "before the old key is destroyed",
    "between two units' keys",
    "within the last transaction",
)
MORE_POINTS = (
    "rows gone, boxes not, within the batch",
    "between batches",
    "while grants are resealed",
    "one unit's key exchanged, not noted",
    "before the certificate",
)
pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Centre]:
    """Seven old records and four living ones, and a list that the unit's head has approved."""
    centre = new_centre(tmp_path_factory.mktemp("built"))
    centre.run(DISPOSER, "build")
    yield centre
    centre.remove()


@pytest.fixture
def centre(built: Centre, tmp_path: Path) -> Iterator[Centre]:
    """A copy of it for one test."""
    copy = built.copy(tmp_path / "copy")
    # On the server the copy is a database alone, without the key files.
    yield copy
    copy.remove()


def attacked(centre: Centre, keys: Path) -> dict[str, Any]:
    """What an attacker reads who holds this database and these key files with their passphrase."""
    return dict(json.loads(centre.run(DISPOSER, "attack", keys)))


def assert_done(found: dict[str, Any]) -> None:
    """Every old record gone once, the living ones open, each unit with a new key and no other."""
    assert found["opened"] == sorted(LIVING)
    assert (found["boxes"], found["grants"], found["items"]) == (4, 6, 0)
    assert found["list"] == ["done", 7, 0, {"note": 7}]
    ((records, gone, new),) = found["certificates"]
    assert records == {"tests.record": {"personal_file": 7}}
    assert gone == {"kast": 1, "mika": 1}
    # A key that was exchanged and not noted is exchanged once more: none of the old is left.
    assert all(found["versions"][unit] == [new[unit]] and new[unit] > 1 for unit in gone)
    assert (found["must_rotate"], found["ended"], found["is_trail_sound"]) == ([], 1, True)


def test_an_older_backup_and_every_key_that_exists_read_nothing_after_the_run(
    centre: Centre, tmp_path: Path
) -> None:
    keys = centre.home / "vault" / "keys"
    centre.run(*HAMN, "backup", "--to", tmp_path / "kopior", "--with-secret")
    (backup,) = (tmp_path / "kopior").glob("hamn-*.tar")
    with tarfile.open(backup) as tar:
        assert not [name for name in tar.getnames() if "vault" in name or "keys" in name]
    older = empty_centre(tmp_path / "older")
    try:
        older.run(*HAMN, "restore", backup)
        before = attacked(older, keys)
        assert before["read"] == sorted([*DEAD, *LIVING])

        stolen = tmp_path / "stolen"
        shutil.copytree(keys, stolen)
        assert_done(json.loads(centre.run(DISPOSER, "finish")))

        everything = attacked(older, centre.home)
        assert everything["grants"] == before["grants"] == 16
        assert (everything["keys"], everything["read"]) == (2, [])
        live = attacked(centre, centre.home)
        assert live["read"] == sorted(LIVING)
        # Why a key backup has a longest age: with an older key file the older database still opens.
        assert attacked(older, stolen)["read"] == before["read"]
        assert attacked(centre, stolen)["read"] == []
    finally:
        older.remove()


@pytest.mark.parametrize(
    "point", [*POINTS, *(pytest.param(one, marks=pytest.mark.soak) for one in MORE_POINTS)]
)
def test_a_run_killed_anywhere_goes_on_and_ends_as_if_nothing_had_happened(
    point: str, centre: Centre
) -> None:
    process = centre.start(DISPOSER, "run", point)
    _out, err = process.communicate(timeout=120)
    assert process.returncode == -signal.SIGKILL, err
    assert_done(json.loads(centre.run(DISPOSER, "finish")))


def test_every_point_of_the_list_is_one_that_the_process_knows() -> None:
    text = DISPOSER.read_text(encoding="utf-8")
    assert not [point for point in (*POINTS, *MORE_POINTS) if f'"{point}"' not in text]
