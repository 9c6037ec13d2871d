"""A disposed case is gone for good: not from an older backup, not with every key there is."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from tools.centres import Centre, empty_centre, new_centre

DISPOSER = Path(__file__).with_name("disposed_cases.py")
HAMN = ("-m", "hamn.site.cli.main")
LIVING = ["Levande", "Levande, anteckning", "Levande, kontakt", "Levande, kontaktuppgift"]
pytestmark = pytest.mark.slow


@pytest.fixture
def centre(tmp_path: Path) -> Iterator[Centre]:
    """Two cases and a contact of 2019, a case that lives, and a list that the head approved."""
    centre = new_centre(tmp_path / "centre")
    centre.run(DISPOSER, "build")
    yield centre
    centre.remove()


def read(centre: Centre, keys: Path) -> list[str]:
    """What an attacker reads who holds this database and these key files with their passphrase."""
    return list(json.loads(centre.run(DISPOSER, "attack", keys)))


@pytest.mark.once
def test_cases_of_2019_are_unreadable_in_an_older_backup_and_their_facts_remain(
    centre: Centre, tmp_path: Path
) -> None:
    centre.run(*HAMN, "backup", "--to", tmp_path / "kopior", "--with-secret")
    (backup,) = (tmp_path / "kopior").glob("hamn-*.tar")
    older = empty_centre(tmp_path / "older")
    try:
        older.run(*HAMN, "restore", backup)
        before = read(older, centre.home)
        assert len([text for text in before if text.startswith("Död")]) == 9
        assert json.loads(centre.run(DISPOSER, "dispose")) == {
            "destroyed": 3,
            "records": {
                "cases.case": {"personal_file": 2},
                "cases.contact": {"personal_file": 1},
            },
            "Case": 1,
            "Contact": 1,
            "Fact": 7,
        }
        assert read(older, centre.home) == []
        assert read(centre, centre.home) == LIVING
    finally:
        older.remove()
