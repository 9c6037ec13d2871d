"""Someone with the database in hand: changes past the triggers, and where they must be found.

Used by the tests of a few tamperings and by the proof of a thousand.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from random import Random

from django.db import connection

from hamn.guards.audit import actions
from hamn.guards.audit.models import Entry
from hamn.guards.audit.rules import Finding, Row, chained_hash

COLUMNS = ("at", "event", "by", "via", "on", "facts", "previous", "hash")
TABLE = Entry._meta.db_table


class Noted(StrEnum):
    """An event that only these tests know."""

    SOMETHING = "test.something"


@dataclass(frozen=True, slots=True)
class Tampering:
    """What was done, and the places that the verdict must point at."""

    name: str
    first: int
    last: int

    def is_named_by(self, finding: Finding) -> bool:
        return finding.place <= self.last and (finding.other or finding.place) >= self.first


@dataclass(frozen=True, slots=True)
class Chain:
    """A trail with heads exported at some places; what follows the last head is not anchored."""

    heads_file: Path
    heads: tuple[int, ...]
    end: int

    def head_at_or_after(self, place: int) -> int:
        return min(head for head in self.heads if head >= place)


def note(count: int = 1) -> None:
    """Record events with facts of several shapes."""
    for place in range(count):
        facts = {"text": "Österåker", "number": place, "list": [1, None], "by_date": "2026-01-15"}
        actions.record(Noted.SOMETHING, by=None, **facts)


def grow(heads_file: Path, *, batches: int = 4, size: int = 5, after: int = 3) -> Chain:
    """Entries in batches with a head after each, then some that no head vouches for yet."""
    heads = []
    for _batch in range(batches):
        note(size)
        head = actions.export_head(heads_file)
        assert head is not None
        heads.append(head.place)
    note(after)
    return Chain(heads_file, tuple(heads), heads[-1] + after)


def drop_triggers() -> None:
    """What an intruder does first; undone with the test's transaction."""
    of_table = f" ON {TABLE}" if connection.vendor == "postgresql" else ""
    for name in triggers():
        execute(f"DROP TRIGGER {name}{of_table}")


def triggers() -> list[str]:
    """The names of the triggers that guard the trail."""
    catalogue = {
        "sqlite": f"SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = '{TABLE}'",
        "postgresql": "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal "
        f"AND tgrelid = '{TABLE}'::regclass",
    }
    with connection.cursor() as cursor:
        cursor.execute(catalogue[connection.vendor])
        return [name for (name,) in cursor.fetchall()]


def execute(statement: str, parameters: Sequence[object] = ()) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, list(parameters))


def row_at(place: int) -> Row:
    return Row._make(Entry.objects.values_list(*Row._fields).get(place=place))


def write(row: Row) -> None:
    """The row as it now shall stand, by raw SQL."""
    names = ", ".join(f"{quoted(name)} = %s" for name in Row._fields[1:])
    execute(f"UPDATE {TABLE} SET {names} WHERE place = %s", [*row[1:], row.place])


def add(row: Row) -> None:
    marks = ", ".join(["%s"] * len(row))
    names = ", ".join(map(quoted, Row._fields))
    execute(f"INSERT INTO {TABLE} ({names}) VALUES ({marks})", row)


def quoted(name: str) -> str:
    return connection.ops.quote_name(name)


def remove(first: int, last: int) -> None:
    execute(f"DELETE FROM {TABLE} WHERE place BETWEEN %s AND %s", [first, last])


def renumber(moves: dict[int, int]) -> None:
    """Entries to other places; by way of negative places, since a place is unique."""
    for place in moves:
        execute(f"UPDATE {TABLE} SET place = %s WHERE place = %s", [-place, place])
    for place, target in moves.items():
        execute(f"UPDATE {TABLE} SET place = %s WHERE place = %s", [target, -place])


def hashed(row: Row) -> Row:
    return row._replace(hash=chained_hash(row))


def altered(text: str, rng: Random) -> str:
    """The text with one character more, less or other."""
    place = rng.randrange(len(text) + 1)
    tail = text[place + 1 :] if rng.random() < 0.5 else text[place:]
    changed = text[:place] + rng.choice("0aé ") + tail
    return changed if changed != text else text + "x"


def change(chain: Chain, rng: Random) -> Tampering:
    """One column of one entry."""
    place, column = rng.randint(1, chain.end), rng.choice(COLUMNS)
    row = row_at(place)
    text = altered(getattr(row, column), rng)[: 64 if column != "at" else 27]
    if text == getattr(row, column):
        text = "x" + text[1:]
    write(row._replace(**{column: text}))
    return Tampering(f"change {column}", place, place)


def change_and_hash(chain: Chain, rng: Random) -> Tampering:
    """One entry, with a hash that fits what it now says."""
    place = rng.randint(1, chain.heads[-1])
    write(hashed(row_at(place)._replace(facts='{"forged":1}')))
    return Tampering("change and hash", place, place)


def remove_some(chain: Chain, rng: Random) -> Tampering:
    """One entry or a range, not at the end."""
    first = rng.randint(1, chain.end - 1)
    last = rng.randint(first, min(chain.end - 1, first + 6))
    remove(first, last)
    return Tampering("remove", first, last)


def remove_and_close(chain: Chain, rng: Random) -> Tampering:
    """One entry, the later ones moved up into the gap."""
    place = rng.randint(1, chain.heads[-1] - 1)
    remove(place, place)
    renumber({old: old - 1 for old in range(place + 1, chain.end + 1)})
    return Tampering("remove and close", place, place + 1)


def swap(chain: Chain, rng: Random) -> Tampering:
    """Two entries in each other's places."""
    one, other = rng.sample(range(1, chain.end + 1), 2)
    renumber({one: other, other: one})
    return Tampering("swap", min(one, other), max(one, other))


def insert(chain: Chain, rng: Random) -> Tampering:
    """A forged entry that fits what stands before it; the rest makes room."""
    place = rng.randint(1, chain.heads[-1])
    forged = hashed(row_at(place)._replace(facts='{"forged":1}'))
    renumber({old: old + 1 for old in range(chain.end, place - 1, -1)})
    add(forged)
    return Tampering("insert", place, place + 1)


def rewrite(chain: Chain, rng: Random) -> Tampering:
    """One entry changed, and every later hash computed anew: only a head can tell."""
    place = rng.randint(1, chain.heads[-1])
    previous = row_at(place).previous
    for later in range(place, chain.end + 1):
        row = row_at(later)._replace(previous=previous)
        row = hashed(row._replace(facts='{"forged":1}') if later == place else row)
        write(row)
        previous = row.hash
    return Tampering("rewrite", place, chain.head_at_or_after(place))


def cut_off(chain: Chain, rng: Random) -> Tampering:
    """The end of the chain gone, back past at least one head."""
    place = rng.randint(1, chain.heads[-1])
    remove(place, chain.end)
    return Tampering("cut off", place, chain.head_at_or_after(place))


WAYS: tuple[Callable[[Chain, Random], Tampering], ...] = (
    *(change, change_and_hash, remove_some, remove_and_close),
    *(swap, insert, rewrite, cut_off),
)


def tamper(chain: Chain, rng: Random) -> Tampering:
    """One tampering of a random kind at a random place."""
    return rng.choice(WAYS)(chain, rng)
