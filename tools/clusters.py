"""A PostgreSQL of one's own that is as durable as a centre's, to be killed and started again."""

import os
import shutil
import subprocess
import tempfile
import time
from pathlib import Path
from typing import Any

import psycopg

from tools.doors import PATIENCE_S, kill_family

PROGRAMS = Path("/usr/lib/postgresql")
DURABLE = ("listen_addresses=", "fsync=on", "synchronous_commit=on")


class Cluster:
    """A server with an empty database, which takes its time to be safe on disk."""

    def __init__(self) -> None:
        # Not within a test's own folder, which the server's user may not enter.
        self.folder = Path(tempfile.mkdtemp(prefix="hamn-cluster-"))
        self.data = self.folder / "data"
        self.programs = max(PROGRAMS.iterdir(), key=lambda one: int(one.name)) / "bin"
        # The server refuses to be run by the system's own administrator.
        self._as: dict[str, Any] = {"cwd": "/"}
        if os.getuid() == 0:
            shutil.chown(self.folder, "postgres", "postgres")
            self._as |= {"user": "postgres", "group": "postgres", "extra_groups": []}
        locale = ("--locale-provider=icu", "--icu-locale=sv-SE", "--locale=C.UTF-8")
        words = ("-D", self.data, "-U", "postgres", "-A", "trust", "-E", "UTF8", *locale)
        subprocess.run(
            [self.programs / "initdb", *words], check=True, stdout=subprocess.DEVNULL, **self._as
        )
        self.start()
        with psycopg.connect(self._address("postgres"), autocommit=True) as connection:
            connection.execute("CREATE DATABASE hamn")

    @property
    def address(self) -> str:
        """How a program reaches it, as its owner."""
        return self._address("hamn")

    def start(self) -> None:
        """Start it, and wait until it answers; what was cut short is recovered from its log."""
        given = [word for one in DURABLE for word in ("-c", one)]
        words = ("-D", str(self.data), "-k", str(self.folder), *given)
        with (self.folder / "log").open("ab") as log:
            self._process = subprocess.Popen(
                [self.programs / "postgres", *words], stdout=log, stderr=log, **self._as
            )
        until = time.monotonic() + PATIENCE_S
        while time.monotonic() < until:
            try:
                psycopg.connect(self._address("postgres")).close()
            except psycopg.OperationalError:
                time.sleep(0.05)
            else:
                return
        raise AssertionError((self.folder / "log").read_text(encoding="utf-8")[-4000:])

    def kill(self) -> None:
        """kill -9 of the server and of each of its processes, at one moment."""
        kill_family(self._process.pid)
        self._process.wait()

    def remove(self) -> None:
        """Ended, and gone with all that it held."""
        if self._process.poll() is None:
            self.kill()
        shutil.rmtree(self.folder, ignore_errors=True)

    def _address(self, database: str) -> str:
        return f"postgresql://postgres@/{database}?host={self.folder}"
