"""What `verify` finds, and that it says where."""

import json
import time
from pathlib import Path
from random import Random

import pytest
from django.db import connection

from hamn.core.errors import BadInput
from hamn.guards.audit import actions
from hamn.guards.audit.models import Entry
from hamn.guards.audit.queries import TRIGGERS, verify
from hamn.guards.audit.rules import Fault, Finding, Row, chained_hash
from hamn.guards.audit.tests import tampering
from hamn.guards.audit.tests.tampering import Chain

pytestmark = pytest.mark.django_db


@pytest.fixture
def heads_file(tmp_path: Path) -> Path:
    return tmp_path / "heads" / "trail-heads.jsonl"


@pytest.fixture
def chain(heads_file: Path) -> Chain:
    return tampering.grow(heads_file)


@pytest.fixture
def unguarded(chain: Chain) -> Chain:
    tampering.drop_triggers()
    return chain


def findings(chain: Chain) -> list[tuple[Fault, int, int | None]]:
    return [(f.fault, f.place, f.other) for f in verify(chain.heads_file).findings]


def test_an_untouched_trail_is_sound_and_later_entries_are_not_yet_anchored(chain: Chain) -> None:
    verdict = verify(chain.heads_file)
    assert verdict.is_sound
    assert (verdict.entries, verdict.anchored, verdict.heads) == (chain.end, chain.heads[-1], 4)
    assert verdict.unanchored == 3


def test_without_heads_nothing_is_anchored(heads_file: Path) -> None:
    tampering.note(2)
    verdict = verify(heads_file)
    assert verdict.is_sound
    assert (verdict.anchored, verdict.heads) == (0, 0)
    assert verdict.unanchored == verdict.entries > 0


@pytest.mark.parametrize("column", tampering.COLUMNS)
def test_a_changed_column_is_found_at_its_entry(column: str, unguarded: Chain) -> None:
    place = unguarded.heads[1] + 2
    tampering.write(tampering.row_at(place)._replace(**{column: "2021-01-01"}))
    assert (Fault.CHANGED, place, None) in findings(unguarded)
    assert {found[1] for found in findings(unguarded)} == {place}


def test_a_changed_entry_with_a_fitting_hash_is_found_by_the_next_one(unguarded: Chain) -> None:
    place = unguarded.heads[1] + 2
    tampering.write(tampering.hashed(tampering.row_at(place)._replace(by="access.person:99")))
    assert findings(unguarded) == [(Fault.CHANGED, place, None)]


def test_a_removed_entry_is_named(unguarded: Chain) -> None:
    place = unguarded.heads[1] + 2
    tampering.remove(place, place)
    assert findings(unguarded) == [(Fault.REMOVED, place, place)]


def test_a_removed_range_is_named(unguarded: Chain) -> None:
    first = unguarded.heads[1] + 1
    tampering.remove(first, first + 3)
    assert findings(unguarded) == [(Fault.REMOVED, first, first + 3)]


def test_the_first_entry_removed_is_named(unguarded: Chain) -> None:
    tampering.remove(1, 1)
    assert findings(unguarded) == [(Fault.REMOVED, 1, 1)]


def test_entries_in_each_others_places_name_each_other(unguarded: Chain) -> None:
    one, other = unguarded.heads[1] + 1, unguarded.heads[1] + 3
    tampering.renumber({one: other, other: one})
    assert (Fault.MOVED, one, other) in findings(unguarded)
    assert (Fault.MOVED, other, one) in findings(unguarded)


def test_an_inserted_entry_shows_where_the_later_ones_came_from(unguarded: Chain) -> None:
    place = unguarded.heads[1] + 2
    forged = tampering.hashed(tampering.row_at(place)._replace(facts="{}"))
    tampering.renumber({old: old + 1 for old in range(unguarded.end, place - 1, -1)})
    tampering.add(forged)
    assert (Fault.MOVED, place + 1, place) in findings(unguarded)


def test_a_rewritten_chain_is_caught_by_the_next_head(unguarded: Chain) -> None:
    place, previous = unguarded.heads[1] + 2, ""
    for later in range(place, unguarded.end + 1):
        row = tampering.row_at(later)
        row = row._replace(previous=previous or row.previous, via="nobody")
        row = tampering.hashed(row)
        tampering.write(row)
        previous = row.hash
    first, last = unguarded.heads[1] + 1, unguarded.heads[2]
    assert findings(unguarded) == [(Fault.REWRITTEN, first, last)]


def test_an_end_cut_off_is_caught_by_the_first_head_beyond_it(unguarded: Chain) -> None:
    tampering.remove(unguarded.heads[2] - 1, unguarded.end)
    assert findings(unguarded) == [(Fault.CUT_OFF, unguarded.heads[2], None)]


def test_an_emptied_trail_is_cut_off(unguarded: Chain) -> None:
    tampering.execute(f"DELETE FROM {tampering.TABLE}")
    verdict = verify(unguarded.heads_file)
    assert [f.fault for f in verdict.findings] == [Fault.CUT_OFF]
    assert verdict.unanchored == 0


def test_an_end_cut_off_and_grown_again_is_rewritten(unguarded: Chain) -> None:
    tampering.remove(unguarded.heads[2] - 1, unguarded.end)
    tampering.note(20)
    assert [f[0] for f in findings(unguarded)] == [Fault.REWRITTEN]


def test_entries_after_the_last_head_can_still_be_cut_off_unseen(unguarded: Chain) -> None:
    tampering.remove(unguarded.heads[-1] + 1, unguarded.end)
    verdict = verify(unguarded.heads_file)
    assert (verdict.findings, verdict.unanchored) == ((), 0)


@pytest.mark.parametrize("name", sorted(TRIGGERS[connection.vendor]))
def test_a_missing_trigger_is_named(name: str, chain: Chain) -> None:
    of_table = f" ON {tampering.TABLE}" if connection.vendor == "postgresql" else ""
    tampering.execute(f"DROP TRIGGER {name}{of_table}")
    verdict = verify(chain.heads_file)
    assert verdict.missing_triggers == (name,)
    assert not verdict.is_sound


def test_a_disabled_trigger_counts_as_missing(chain: Chain) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("SQLite cannot disable a trigger")
    name = "audit_entry_no_update"
    tampering.execute(f"ALTER TABLE {tampering.TABLE} DISABLE TRIGGER {name}")
    assert verify(chain.heads_file).missing_triggers == (name,)


def test_every_trigger_of_the_trail_is_looked_for(chain: Chain) -> None:
    tampering.drop_triggers()
    missing = set(verify(chain.heads_file).missing_triggers)
    assert missing == TRIGGERS[connection.vendor]


def test_a_wholly_rewritten_table_lists_no_more_than_it_was_asked_for(unguarded: Chain) -> None:
    tampering.execute(f"UPDATE {tampering.TABLE} SET via = 'x'")
    assert len(verify(unguarded.heads_file, most=7).findings) == 7


DAMAGED = {
    "not JSON": "{",
    "half a line": '{"place": 3, "hash": "00',
    "another object": '{"place": 3}',
    "a list": "[1, 2]",
    "a place in words": '{"place": "three", "hash": "0", "at": "x"}',
    "a hash that is none": '{"place": 3, "hash": null, "at": "x"}',
    "binary": "\udcff\udcfe",
}


@pytest.mark.parametrize("line", DAMAGED.values(), ids=DAMAGED.keys())
def test_a_damaged_heads_file_is_refused_in_words(line: str, chain: Chain) -> None:
    with chain.heads_file.open("a", encoding="utf-8", errors="surrogateescape") as stream:
        stream.write(line + "\n")
    for read in (verify, actions.export_head):
        with pytest.raises(BadInput, match=r"trail-heads\.jsonl") as refusal:
            read(chain.heads_file)
        assert "säkerhetskopian" in str(refusal.value)


def test_a_folder_where_the_heads_file_should_be_is_refused_in_words(tmp_path: Path) -> None:
    tampering.note()
    with pytest.raises(BadInput):
        verify(tmp_path)


def test_a_head_changed_in_the_file_shows_as_a_chain_that_does_not_match(chain: Chain) -> None:
    text = chain.heads_file.read_text(encoding="utf-8")
    head = json.loads(text.splitlines()[-1])
    chain.heads_file.write_text(text.replace(head["hash"], "f" * 64), encoding="utf-8")
    assert findings(chain) == [(Fault.REWRITTEN, chain.heads[-2] + 1, chain.heads[-1])]


FEW, MANY = 40, 1000


@pytest.mark.parametrize(
    "seed",
    [*range(FEW), *(pytest.param(s, marks=pytest.mark.soak) for s in range(FEW, FEW + MANY))],
)
def test_a_random_tampering_is_found_and_placed(seed: int, unguarded: Chain) -> None:
    done = tampering.tamper(unguarded, Random(seed))
    found = verify(unguarded.heads_file).findings
    assert any(done.is_named_by(finding) for finding in found), (done, found)


def test_a_tampering_that_is_not_named_would_fail_the_proof() -> None:
    done = tampering.Tampering("swap", 5, 9)
    assert not done.is_named_by(Finding(Fault.CHANGED, 4))
    assert not done.is_named_by(Finding(Fault.REMOVED, 2, 4))
    assert done.is_named_by(Finding(Fault.REWRITTEN, 1, 20))


@pytest.mark.soak
def test_a_million_entries_are_verified_in_under_60_seconds(heads_file: Path) -> None:
    count = 1_000_000
    _add_fast(count)
    actions.export_head(heads_file)
    began = time.perf_counter()
    verdict = verify(heads_file)
    seconds = time.perf_counter() - began
    print(f"\n{verdict.entries} entries verified in {seconds:.1f} s on {connection.vendor}")  # noqa: T201
    assert verdict.is_sound
    assert verdict.entries >= count
    assert seconds < 60


def _add_fast(count: int) -> None:
    last = tampering.row_at(Entry.objects.count())
    place, previous = last.place, last.hash
    rows: list[Row] = []
    for _number in range(count):
        place += 1
        row = last._replace(place=place, facts='{"number":"202600001"}', previous=previous)
        row = row._replace(hash=chained_hash(row))
        previous = row.hash
        rows.append(row)
        if len(rows) == 50_000:
            _insert(rows)
            rows.clear()
    _insert(rows)


def _insert(rows: list[Row]) -> None:
    names = ", ".join(map(tampering.quoted, Row._fields))
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.copy(f"COPY {tampering.TABLE} ({names}) FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)
        else:
            marks = ", ".join(["%s"] * len(Row._fields))
            cursor.executemany(f"INSERT INTO {tampering.TABLE} ({names}) VALUES ({marks})", rows)
