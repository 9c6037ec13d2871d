"""The bare work of the door in plain Python: no HTTP, no framework, no page.

The same Argon2id, the same key pairs and sealed boxes, the same rows in one durable commit of
SQLite's; and the same work back to a text that can be read.
Usage: python -m bench.door_floor TIMES, in an empty folder. Prints one line of JSON.
"""

import json
import os
import sqlite3
import statistics
import sys
import tempfile
import time
from pathlib import Path
from uuid import UUID, uuid4

from hamn.guards.vault.boxes import Box, person_of
from hamn.guards.vault.rules import Place, new_data_key, new_pair, open_key, pair_of
from hamn.support.door.rules import codes
from hamn.support.door.rules.keys import derive

TEXT = " ".join(["Jag undrar en sak."] * 8)
TABLES = """
CREATE TABLE dialogue (id TEXT PRIMARY KEY, box TEXT, locator BLOB UNIQUE, public BLOB,
    key_for_person BLOB, sealed BLOB, opened_on TEXT, answer_by TEXT);
CREATE TABLE message (id TEXT PRIMARY KEY, dialogue TEXT, place INTEGER, sealed BLOB,
    token BLOB UNIQUE, UNIQUE (dialogue, place));
CREATE TABLE box (id TEXT PRIMARY KEY);
CREATE TABLE grants (id INTEGER PRIMARY KEY, box TEXT, unit TEXT, sealed BLOB, UNIQUE (box, unit));
CREATE TABLE fact (id TEXT PRIMARY KEY, year INTEGER, month INTEGER, kind TEXT);
"""
PRAGMAS = "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA busy_timeout=20000;"


class Floor:
    """A file with the rows of the door, and the work that one message is."""

    def __init__(self, path: Path) -> None:
        self.rows = sqlite3.connect(path, isolation_level=None)
        self.rows.executescript(PRAGMAS + TABLES)
        self.salt = os.urandom(16)
        self.unit = new_pair()[1].public

    def write(self) -> str:
        """A message received, sealed and stored; its code."""
        code = codes.new_code()
        derived = derive(code, self.salt)
        public = pair_of(derived.seed).public
        box = Box(uuid4(), frozenset({"mika"}), new_data_key())
        dialogue, message = str(uuid4()), str(uuid4())
        content = box.seal(Place("dialogue", "sealed", dialogue), b'{"called":""}')
        text = box.seal(Place("message", "sealed", message), TEXT.encode())
        for_person = box.key_for_person(public)
        for_unit = box.key_for(self.unit, to=f"{box.id} mika 1")
        rows = (
            ("INSERT INTO box VALUES (?)", (str(box.id),)),
            ("INSERT INTO grants VALUES (NULL, ?, 'mika', ?)", (str(box.id), for_unit)),
            (
                "INSERT INTO dialogue VALUES (?, ?, ?, ?, ?, ?, '2026-11-22', '2026-11-24')",
                (dialogue, str(box.id), derived.locator, public, for_person, content),
            ),
            (
                "INSERT INTO message VALUES (?, ?, 1, ?, ?)",
                (message, dialogue, text, os.urandom(32)),
            ),
            ("INSERT INTO fact VALUES (?, 2026, 11, 'opened')", (str(uuid4()),)),
            ("INSERT INTO fact VALUES (?, 2026, 11, 'message')", (str(uuid4()),)),
        )
        self.rows.execute("BEGIN IMMEDIATE")
        for statement, values in rows:
            self.rows.execute(statement, values)
        self.rows.execute("COMMIT")
        return code

    def read(self, code: str) -> str:
        """The text that the code opens."""
        derived = derive(code, self.salt)
        dialogue, box_id, for_person = self.rows.execute(
            "SELECT id, box, key_for_person FROM dialogue WHERE locator = ?", (derived.locator,)
        ).fetchone()
        private = pair_of(derived.seed).private
        key = open_key(private, for_person, to=person_of(UUID(box_id)))
        box = Box(UUID(box_id), frozenset(), key)
        found = self.rows.execute("SELECT id, sealed FROM message WHERE dialogue = ?", (dialogue,))
        return "".join(
            box.open(Place("message", "sealed", message), sealed).decode()
            for message, sealed in found
        )


def figures(taken_s: list[float]) -> dict[str, float]:
    """How many a second, and the middle and the slow end in milliseconds."""
    return {
        "per_s": round(len(taken_s) / sum(taken_s), 1),
        "p50_ms": round(statistics.median(taken_s) * 1000, 1),
        "p95_ms": round(statistics.quantiles(taken_s, n=20)[-1] * 1000, 1),
    }


def main(times: int) -> dict[str, dict[str, float]]:
    """Writing and reading, so many times each, one after the other."""
    with tempfile.TemporaryDirectory(prefix="hamn-floor-") as folder:
        floor = Floor(Path(folder) / "floor.sqlite3")
        written, read, given = [], [], []
        for _ in range(times):
            begun = time.perf_counter()
            given.append(floor.write())
            written.append(time.perf_counter() - begun)
        for code in given:
            begun = time.perf_counter()
            assert floor.read(code) == TEXT
            read.append(time.perf_counter() - begun)
    return {"write": figures(written), "read": figures(read)}


if __name__ == "__main__":
    print(json.dumps(main(int(sys.argv[1]) if len(sys.argv) > 1 else 100)))
