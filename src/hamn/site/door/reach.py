"""What the door may do with the database, in one table for both databases.

On SQLite each statement is judged by it before it is run (`Held`, an authorizer); on PostgreSQL a
role of its own is granted exactly it (`grants`). A table that is not named is not there. Nowhere
may the door delete a row, and no column is readable that is not written out here: a new one is
closed until somebody opens it.
Source: docs/design.md (Faces); docs/adr/0024.
"""

import sqlite3
from dataclasses import dataclass, field

ROLE = "hamn_door"
# Served by our own or SQLite's built-in functions, which read and write nothing but their values.
FUNCTIONS = {"count", "max", "min", "sum", "coalesce", "lower", "upper", "length", "like", "abs"}
# Rows that a new row of the door could point to and never does: seen as empty, so that the
# database can check the pointer of none.
UNSEEN_PARENTS = {("access_person", "id"), ("cases_case", "id")}
# As SQLite looks for rows that have waited for a new row to point to: there never are any.
UNSEEN_PARENTS |= {("vault_grant", "box_id"), ("vault_indexentry", "box_id")}
UNSEEN_PARENTS |= {("door_stillneeded", "dialogue_id")}


@dataclass(frozen=True, slots=True)
class Reach:
    """Of one table: the columns that are read, whether rows are added, the columns changed."""

    reads: frozenset[str] = field(default_factory=frozenset)
    adds: bool = False
    changes: frozenset[str] = field(default_factory=frozenset)


def _reach(reads: str = "", *, adds: bool = False, changes: str = "") -> Reach:
    return Reach(frozenset(reads.split()), adds, frozenset(changes.split()))


REACH: dict[str, Reach] = {
    # The sealed conversation. Whose it is among staff, and its case, are not the door's to see.
    "door_doorsalt": _reach("id salt"),
    "door_dialogue": _reach(
        "id unit service box locator public key_for_person sealed version state is_one_time "
        "origin situation language is_child opened_on active_on waits_since answer_by "
        "seen_by_person asks_other_worker erase_asked_at erase_stopped_on erased_on",
        adds=True,
        changes="locator public key_for_person sealed version state is_one_time language "
        "active_on waits_since answer_by seen_by_person asks_other_worker erase_asked_at",
    ),
    "door_message": _reach(
        "id dialogue_id place author service visibility written_at box sealed token", adds=True
    ),
    "door_reach": _reach(
        "id dialogue_id kind box key_for_person sealed asked_on removed_at done_at",
        adds=True,
        changes="key_for_person removed_at",
    ),
    "door_slot": _reach("id unit starts_at minutes form place withdrawn_at"),
    "door_booking": _reach(
        "id slot_id dialogue_id wants_reminder cancelled_at cancelled_by",
        adds=True,
        changes="wants_reminder cancelled_at cancelled_by",
    ),
    "door_dialoguefact": _reach("id", adds=True),
    # What may be erased, and under which decision: she is told before she asks.
    "door_expiryrule": _reach("id unit days channel_days person_may_erase valid_from valid_until"),
    # A new box is sealed to the unit's public key; what others' boxes hold is out of reach.
    "vault_unitkey": _reach("id unit version public fingerprint created_at erased_at retired_at"),
    "vault_sealedbox": _reach("id", adds=True),
    "vault_grant": _reach("id", adds=True),
    # What the public pages say, and in which languages.
    "door_pagetext": _reach("id page language number title body state published_at"),
    "door_languageapproval": _reach("id language withdrawn_at"),
    "services_service": _reach(
        "code unit position name name_en description description_en target_groups grounds "
        "age_groups channels forms needs_affiliation refers_to refers_children_to regime "
        "decision_reference decision_on phone hours hours_en valid_from valid_until"
    ),
    # A professional's question is sealed as it comes; the token alone is known again. Which
    # municipalities have an agreement is public, and nothing else of them is read.
    "consultations_consultation": _reach("id token", adds=True),
    "agreements_agreement": _reach("id party_id starts_on ends_on"),
    "organisations_party": _reach("id municipality_id is_provider"),
    # Whether this database is the one that this version of Hamn was written for.
    "django_migrations": _reach("id app name applied"),
}

# PostgreSQL counts a shared lock as a change of the row: a new box holds the unit's key so, that
# it is not retired meanwhile. The day it was made is read by nobody.
LOCKED = {"vault_unitkey": "created_at"}


class Held:
    """SQLite's authorizer: asked of each part of a statement before the statement is run."""

    def __init__(self) -> None:
        self._is_writing = False

    def __call__(
        self,
        action: int,
        first: str | None,
        second: str | None,
        _database: str | None,
        _trigger: str | None,
    ) -> int:
        """SQLITE_OK for what the table above gives; SQLITE_DENY stops the statement."""
        self._note(action)
        if action == sqlite3.SQLITE_READ:
            return self._read(first or "", second or "")
        is_open = action in _ALWAYS or (
            (action == sqlite3.SQLITE_FUNCTION and _is_harmless(second or ""))
            or (action == sqlite3.SQLITE_INSERT and _of(first).adds)
            or (action == sqlite3.SQLITE_UPDATE and second in _of(first).changes)
        )
        return sqlite3.SQLITE_OK if is_open else sqlite3.SQLITE_DENY

    def _note(self, action: int) -> None:
        if action in {sqlite3.SQLITE_INSERT, sqlite3.SQLITE_UPDATE}:
            self._is_writing = True
        elif action == sqlite3.SQLITE_SELECT:
            self._is_writing = False

    def _read(self, table: str, column: str) -> int:
        reads = _of(table).reads
        # Without a column: only the number of rows is asked for.
        if column in reads or (not column and reads):
            return sqlite3.SQLITE_OK
        if self._is_writing and (table, column) in UNSEEN_PARENTS:
            return sqlite3.SQLITE_IGNORE
        return sqlite3.SQLITE_DENY


def grants(role: str = ROLE, *, database: str) -> list[str]:
    """PostgreSQL's statements that give the role what the table says, and take all else from it.

    role, database: names of the system, quoted by `quoted`.
    """
    name = quoted(role)
    return [
        f"REVOKE ALL ON ALL TABLES IN SCHEMA public FROM {name}",
        f"REVOKE ALL ON ALL SEQUENCES IN SCHEMA public FROM {name}",
        f"REVOKE ALL ON SCHEMA public FROM {name}",
        f"REVOKE ALL ON DATABASE {quoted(database)} FROM {name}",
        f"GRANT CONNECT ON DATABASE {quoted(database)} TO {name}",
        f"GRANT USAGE ON SCHEMA public TO {name}",
        *(line for table, reach in sorted(REACH.items()) for line in _granted(table, reach, name)),
    ]


def quoted(name: str) -> str:
    """A name as PostgreSQL reads it, whatever stands in it."""
    return '"' + name.replace('"', '""') + '"'


def _granted(table: str, reach: Reach, role: str) -> list[str]:
    changes = reach.changes | ({LOCKED[table]} if table in LOCKED else set())
    ways = [
        f"SELECT ({_columns(reach.reads)})" if reach.reads else "",
        "INSERT" if reach.adds else "",
        f"UPDATE ({_columns(changes)})" if changes else "",
    ]
    given = ", ".join(way for way in ways if way)
    return [f"GRANT {given} ON {quoted(table)} TO {role}"]


def _columns(names: frozenset[str] | set[str]) -> str:
    return ", ".join(quoted(name) for name in sorted(names))


def _of(table: str | None) -> Reach:
    return REACH.get(table or "", _NOTHING)


def _is_harmless(function: str) -> bool:
    return function.lower() in FUNCTIONS or function.startswith("django_")


_NOTHING = Reach()
_ALWAYS = {sqlite3.SQLITE_SELECT, sqlite3.SQLITE_TRANSACTION, sqlite3.SQLITE_SAVEPOINT}
