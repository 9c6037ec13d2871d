"""Writing to the trail: in the caller's transaction, in one form, never undone."""

import json
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.db import DatabaseError, connection, transaction

from hamn.guards.audit import actions, queries
from hamn.guards.audit.models import Entry
from hamn.guards.audit.rules import START, Row, canonical, chained_hash
from hamn.guards.audit.tests import tampering
from hamn.guards.audit.tests.tampering import TABLE, Noted

pytestmark = pytest.mark.django_db


def last() -> Entry:
    return Entry.objects.order_by("-place")[0]


def test_an_event_says_who_what_how_and_about_what(cast: SimpleNamespace) -> None:
    word = actions.via.set("command line")
    try:
        actions.record(Noted.SOMETHING, by=cast.steward, on=cast.reader, amount_kr=5)
    finally:
        actions.via.reset(word)
    entry = last()
    assert (entry.event, entry.via) == ("test.something", "command line")
    assert entry.by == f"access.person:{cast.steward.pk}"
    assert entry.on == f"access.person:{cast.reader.pk}"
    assert entry.facts == '{"amount_kr":5}'
    assert entry.at.endswith("Z") and len(entry.at) == 27


def test_what_nobody_did_is_the_systems() -> None:
    actions.record(Noted.SOMETHING, by=None)
    assert (last().by, last().on, last().via) == ("system", "", "system")


def test_an_event_is_rolled_back_with_the_change_it_tells_about(cast: SimpleNamespace) -> None:
    before = last().place
    with transaction.atomic():
        cast.reader.title = "changed"
        cast.reader.save()
        actions.record(Noted.SOMETHING, by=None, on=cast.reader)
        transaction.set_rollback(True)
    cast.reader.refresh_from_db()
    assert (last().place, cast.reader.title) == (before, "reader")


def test_places_have_no_gap_after_a_rollback() -> None:
    before = last().place
    with transaction.atomic():
        tampering.note(3)
        transaction.set_rollback(True)
    tampering.note()
    assert last().place == before + 1


def test_each_entry_points_at_the_one_before_it() -> None:
    actions.record_many(
        (actions.Happening(Noted.SOMETHING, None, {"number": n}) for n in range(1200)), by=None
    )
    previous = START
    for row in map(Row._make, Entry.objects.order_by("place").values_list(*Row._fields)):
        assert row.previous == previous
        assert row.hash == chained_hash(row)
        previous = row.hash


def test_a_batch_is_recorded_in_a_constant_number_of_queries(
    django_assert_max_num_queries: Callable[..., object],
) -> None:
    happenings = [actions.Happening(Noted.SOMETHING, None, {"number": n}) for n in range(100)]
    with django_assert_max_num_queries(5):
        actions.record_many(happenings, by=None)


@pytest.mark.parametrize(
    ("facts", "text"),
    [
        ({"b": 1, "a": 2}, '{"a":2,"b":1}'),
        ({"namn": "Österåker"}, '{"namn":"Österåker"}'),
        ({"day": date(2026, 1, 15)}, '{"day":"2026-01-15"}'),
        ({"percent": Decimal("2.0")}, '{"percent":"2.0"}'),
        ({"list": ["x", None, True]}, '{"list":["x",null,true]}'),
        ({"quote": 'a"b\\c\n'}, '{"quote":"a\\"b\\\\c\\n"}'),
        ({}, "{}"),
    ],
)
def test_facts_have_one_canonical_form(facts: dict[str, object], text: str) -> None:
    assert canonical(facts) == text
    assert canonical(dict(reversed(facts.items()))) == text


def test_the_stored_text_is_exactly_what_was_hashed() -> None:
    facts = {"text": "ÅÄÖ é 漢字 \u00a0 ' \" \\ %s \n", "nested": {"b": [1.5, None], "a": "x"}}
    actions.record(Noted.SOMETHING, by=None, **facts)
    row = tampering.row_at(last().place)
    assert chained_hash(row) == row.hash
    assert json.loads(row.facts) == facts


def test_moving_text_from_one_column_to_its_neighbour_changes_the_hash() -> None:
    one = Row(1, "at", "ab", "c", "via", "on", "{}", START, "")
    assert chained_hash(one) != chained_hash(one._replace(event="a", by="bc"))


REFUSED: dict[str, Callable[[], object]] = {
    "update by ORM": lambda: Entry.objects.filter(place=1).update(via="x"),
    "update of nothing new": lambda: Entry.objects.filter(place=1).update(place=1),
    "save": lambda: Entry.objects.get(place=1).save(),
    "delete by ORM": lambda: Entry.objects.filter(place=1).delete(),
    "update by SQL": lambda: tampering.execute(f"UPDATE {TABLE} SET hash = '' WHERE place = 1"),
    "update of all": lambda: tampering.execute(f"UPDATE {TABLE} SET via = 'x'"),
    "delete by SQL": lambda: tampering.execute(f"DELETE FROM {TABLE} WHERE place = 1"),
    "delete of all": lambda: tampering.execute(f"DELETE FROM {TABLE}"),
    "upsert": lambda: Entry.objects.bulk_create(
        [Entry(place=1, at="x", hash="x")],
        update_conflicts=True,
        unique_fields=["place"],
        update_fields=["hash"],
    ),
}
ON_ONE_DATABASE = {
    "postgresql": ("TRUNCATE {table}", "TRUNCATE {table} CASCADE"),
    "sqlite": (
        'REPLACE INTO {table} SELECT place, \'x\', event, "by", via, "on", facts, previous, hash '
        "FROM {table} WHERE place = 1",
        'INSERT OR REPLACE INTO {table} SELECT place, \'x\', event, "by", via, "on", facts, '
        "previous, hash FROM {table} WHERE place = 1",
    ),
}


@pytest.mark.parametrize("change", REFUSED.values(), ids=REFUSED.keys())
def test_the_database_refuses_an(change: Callable[[], object]) -> None:
    before = list(Entry.objects.values_list(*Row._fields))
    with pytest.raises(DatabaseError, match="hamn: "), transaction.atomic():
        change()
    assert list(Entry.objects.values_list(*Row._fields)) == before


def test_the_database_refuses_its_own_shortcuts_around_update_and_delete() -> None:
    before = list(Entry.objects.values_list(*Row._fields))
    for statement in ON_ONE_DATABASE[connection.vendor]:
        with pytest.raises(DatabaseError, match="hamn: "), transaction.atomic():
            tampering.execute(statement.format(table=TABLE))
    assert list(Entry.objects.values_list(*Row._fields)) == before


def test_the_same_head_is_exported_once(tmp_path: Path) -> None:
    heads_file = tmp_path / "outside" / "heads.jsonl"
    tampering.note()
    head = actions.export_head(heads_file)
    assert head is not None
    assert (head.place, head.hash) == (last().place, last().hash)
    assert actions.export_head(heads_file) is None
    assert queries.exported_heads(heads_file) == [head]


def test_heads_are_added_one_line_each_and_earlier_ones_kept(tmp_path: Path) -> None:
    heads_file = tmp_path / "heads.jsonl"
    chain = tampering.grow(heads_file, batches=3)
    assert [head.place for head in queries.exported_heads(heads_file)] == list(chain.heads)
    assert heads_file.read_text(encoding="utf-8").count("\n") == 3


def test_a_blank_line_at_the_end_of_the_heads_file_is_passed_over(tmp_path: Path) -> None:
    heads_file = tmp_path / "heads.jsonl"
    tampering.grow(heads_file, batches=1)
    with heads_file.open("a", encoding="utf-8") as stream:
        stream.write("\n\n")
    assert actions.export_head(heads_file) is not None
    assert queries.verify(heads_file).heads == 2


def test_an_empty_trail_has_no_head(tmp_path: Path) -> None:
    tampering.drop_triggers()
    tampering.execute(f"DELETE FROM {TABLE}")
    assert actions.export_head(tmp_path / "heads.jsonl") is None


def test_the_history_of_a_thing_is_its_entries_oldest_first(cast: SimpleNamespace) -> None:
    for number in range(3):
        actions.record(Noted.SOMETHING, by=None, on=cast.reader, number=number)
        actions.record(Noted.SOMETHING, by=None, on=cast.steward, number=number)
    entries = queries.entries_on(actions.thing_id(cast.reader))
    facts = [entry.facts for entry in entries if entry.event == Noted.SOMETHING]
    assert facts == ['{"number":0}', '{"number":1}', '{"number":2}']
