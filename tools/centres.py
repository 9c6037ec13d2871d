"""Centres of their own for real processes: for stories that kill, and for measurements.

On SQLite in a folder; on PostgreSQL, where HAMN_DATABASE names a server, in a new database.
"""

import os
import random
import shutil
import signal
import string
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

BASE = os.environ.get("HAMN_DATABASE", "")
# What tests/early.py sets for its own process, and no real one has.
OF_TESTS = {"DJANGO_ALLOW_ASYNC_UNSAFE", "HAMN_STATIC"}


@dataclass
class Centre:
    """A centre that processes share: a folder, and a database in it or on the server."""

    home: Path
    database: str = ""
    environment: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.home.mkdir(parents=True, exist_ok=True)
        self.environment = {
            **{name: text for name, text in os.environ.items() if name not in OF_TESTS},
            "HAMN_HOME": str(self.home),
            "HAMN_DATABASE": _address(self.database) if BASE else "",
            "PYTHONUNBUFFERED": "1",
        }

    def start(self, *words: object) -> subprocess.Popen[str]:
        """A Python process on the centre: `start("-m", "bench.measure", 290)`."""
        command = [sys.executable, *map(str, words)]
        return subprocess.Popen(
            command, env=self.environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )

    def run(self, *words: object) -> str:
        """A Python process run to its end; what it printed."""
        process = self.start(*words)
        out, err = process.communicate(timeout=3600)
        assert process.returncode == 0, err
        return out

    def run_and_kill(self, *words: object, after_s: float) -> bool:
        """A process killed -9 some seconds after it said `ready`; whether it was still at work."""
        process = self.start(*words)
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        time.sleep(after_s)
        process.send_signal(signal.SIGKILL)
        process.communicate(timeout=60)
        return process.returncode == -signal.SIGKILL

    def copy(self, home: Path) -> "Centre":
        """The same centre once more, on a database of its own."""
        copy = Centre(home, _new_database(template=self.database) if BASE else "")
        if not BASE:
            shutil.copytree(self.home, home, dirs_exist_ok=True)
        return copy

    def remove(self) -> None:
        """Drop the database on the server, if it has one."""
        if BASE:
            _sql(f'DROP DATABASE "{self.database}" WITH (FORCE)')


def new_centre(home: Path) -> Centre:
    """An empty centre, on SQLite in its folder or in a new database on the test's server."""
    return Centre(home, _new_database() if BASE else "")


def _new_database(template: str = "template0") -> str:
    name = "story_" + "".join(random.choices(string.ascii_lowercase, k=10))
    _sql(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
    return name


def _address(database: str) -> str:
    parts = urlsplit(BASE)
    host = parse_qs(parts.query).get("host", [""])[0]
    return f"postgresql://{parts.netloc}/{database}?host={host}"


def _sql(statement: str) -> None:
    import psycopg

    with psycopg.connect(_address("postgres"), autocommit=True) as connection:
        connection.execute(statement)
