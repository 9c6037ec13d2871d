"""No fact can be laid beside the trail's entry of what it tells, by how the database stores it."""

from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from hamn.guards.audit import unordered
from hamn.support.cases import actions
from hamn.support.cases.models import Fact
from hamn.support.services import actions as services
from hamn.support.services.models import TurnedAwayEvent, TurnedAwayFact
from hamn.support.services.rules import AgeGroup

pytestmark = pytest.mark.django_db
UNORDERED: list[Any] = [Fact, TurnedAwayEvent, TurnedAwayFact]
DAY = date(2024, 5, 20)


@pytest.fixture
def written(cast: SimpleNamespace, open_case: Any, log: Any) -> list[list[Any]]:
    """Several rows of each table, each written by an act of its own; what the tables hold."""
    opened = open_case(municipality="0117", residence="surrounding_municipality")
    for _again in range(6):
        log(case_id=opened.case.pk)
        services.turn_away(
            service_code="mika",
            municipality="0117",
            age=AgeGroup.ADULT,
            is_acute=False,
            is_trafficking_suspected=False,
            wants_help=True,
            pointed_to=["helpline"],
            on=DAY,
            today=DAY,
            by=cast.mika_worker,
        )
    return rows()


def rows() -> list[list[Any]]:
    """What the tables hold, in the order of the keys."""
    return [list(model.objects.order_by("pk").values()) for model in UNORDERED]


def shuffled() -> None:
    """As the worker does it once a day."""
    actions.shuffle_facts()
    services.shuffle_facts()


def told(statement: str) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return list(cursor.fetchall())


def test_what_is_stored_anew_is_what_was_stored(written: list[list[Any]]) -> None:
    assert all(len(table) > 5 for table in written)
    shuffled()
    shuffled()
    assert rows() == written


@pytest.mark.parametrize("model", UNORDERED)
def test_what_was_stored_anew_lies_in_the_order_of_its_random_keys(
    model: Any, written: list[list[Any]]
) -> None:
    shuffled()
    keys = [str(key) for key, *_more in told(f'SELECT * FROM "{model._meta.db_table}"')]
    assert keys == sorted(keys)


@pytest.mark.parametrize("model", [TurnedAwayEvent, TurnedAwayFact])
def test_what_may_only_be_added_to_is_so_afterwards_too(
    model: Any, written: list[list[Any]]
) -> None:
    shuffled()
    table = model._meta.db_table
    past_the_rows = {
        "sqlite": f'INSERT OR REPLACE INTO "{table}" SELECT * FROM "{table}"',
        "postgresql": f'TRUNCATE "{table}"',
    }
    for change in (
        lambda: model.objects.update(municipality="0114"),
        lambda: model.objects.all().delete(),
        lambda: told(past_the_rows[connection.vendor]),
    ):
        with pytest.raises(DatabaseError, match="refused"), transaction.atomic():
            change()
    assert rows() == written


def test_the_tables_look_the_same_to_everyone_else_afterwards(written: list[list[Any]]) -> None:
    before = [shape(model) for model in UNORDERED]
    shuffled()
    assert [shape(model) for model in UNORDERED] == before


def shape(model: Any) -> Any:
    """A table's columns and constraints, and its triggers."""
    table = model._meta.db_table
    triggers = {
        "sqlite": "SELECT name, sql FROM sqlite_master WHERE type = 'trigger'",
        "postgresql": "SELECT tgname, tgenabled FROM pg_trigger WHERE NOT tgisinternal",
    }
    with connection.cursor() as cursor:
        columns = connection.introspection.get_table_description(cursor, table)
        constraints = connection.introspection.get_constraints(cursor, table)
    return columns, constraints, sorted(told(triggers[connection.vendor]))


@pytest.mark.skipif(connection.vendor != "sqlite", reason="of SQLite alone")
@pytest.mark.parametrize("model", UNORDERED)
def test_no_row_has_a_number_in_the_order_of_arrival(model: Any, db: None) -> None:
    for name in ("rowid", "oid", "_rowid_"):
        with pytest.raises(DatabaseError, match="no such column"):
            told(f'SELECT {name} FROM "{model._meta.db_table}"')


@pytest.mark.skipif(connection.vendor != "postgresql", reason="of PostgreSQL alone")
@pytest.mark.parametrize("model", UNORDERED)
def test_all_rows_name_one_transaction_and_none_that_of_the_act(
    model: Any, written: list[list[Any]]
) -> None:
    transactions = f'SELECT DISTINCT xmin::text FROM "{model._meta.db_table}"'
    before = told(transactions)
    assert len(before) > 5
    shuffled()
    [only] = told(transactions)
    assert only not in before


@pytest.mark.skipif(
    connection.vendor != "postgresql", reason="SQLite's writers queue by themselves"
)
def test_a_table_that_another_does_not_let_go_of_is_left_for_another_night(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(unordered, "LONGEST_WAIT", "100ms")
    other = connection.copy()
    try:
        other.set_autocommit(False)
        with other.cursor() as cursor:
            cursor.execute(f'SELECT count(*) FROM "{Fact._meta.db_table}"')
        assert not unordered.shuffle(Fact._meta.db_table)
        other.rollback()
        assert unordered.shuffle(Fact._meta.db_table)
    finally:
        other.close()
