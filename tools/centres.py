"""Centres of their own for real processes: for stories that kill, and for measurements.

On SQLite in a folder; on PostgreSQL, where HAMN_DATABASE names a server, in a new database.
"""

import fcntl
import os
import random
import shutil
import signal
import string
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

BASE = os.environ.get("HAMN_DATABASE", "")
# What tests/early.py sets for its own process, and no real one has.
OF_TESTS = {"DJANGO_ALLOW_ASYNC_UNSAFE", "HAMN_STATIC", "HAMN_TESTS"}
# Where all processes of one run of the tests find what one of them has built; else empty.
RUN = os.environ.get("HAMN_TESTS", "")
MIGRATED = """
import django
django.setup()
from django.core.management import call_command
call_command("migrate", verbosity=0)
"""


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
        shutil.copytree(self.home, home, dirs_exist_ok=True)
        return copy

    def remove(self) -> None:
        """Drop the database on the server, if it has one."""
        if BASE:
            _sql(f'DROP DATABASE "{self.database}" WITH (FORCE)')


def empty_centre(home: Path) -> Centre:
    """A centre without tables: on SQLite in its folder, or in a new database on the server."""
    return Centre(home, _new_database() if BASE else "")


def new_centre(home: Path) -> Centre:
    """A centre without content. In a run of the tests its tables are a copy of the first one's,
    which `migrate` finds to be right: making them takes six seconds.
    """
    return made_tables().copy(home) if RUN else empty_centre(home)


def made_tables() -> Centre:
    """A centre with tables alone, that others are copied from."""
    return built_once("tables", _make_tables)


def built_once(name: str, build: Callable[[Path], Centre]) -> Centre:
    """What `build` makes in the folder it is given, built by the first process of a run to ask.

    It is for copying: on PostgreSQL no process may be connected to what is copied.
    """
    place = Path(RUN, name)
    place.mkdir(parents=True, exist_ok=True)
    database = place / "database"
    with (place / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not database.exists():
            database.write_text(build(place / "home").database)
    return Centre(place / "home", database.read_text())


def _make_tables(home: Path) -> Centre:
    centre = empty_centre(home)
    centre.environment["DJANGO_SETTINGS_MODULE"] = "hamn.site.desk.settings"
    centre.run("-c", MIGRATED)
    return centre


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
